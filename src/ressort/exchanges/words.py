"""Why a partner fits, and what the balance of a territory says, in sentences drawn from the figures."""

from ressort.core.exchanges import WORLD_KM
from ressort.core.territory import Territory
from ressort.exchanges.cooperation import Cooperation, Line, Partner
from ressort.exchanges.goods import Good
from ressort.language import gettext as _
from ressort.language import ngettext, number, percent, quantity, rounded
from ressort.reference.places import metropolitan

#: a balance under that part of the need is neither a lack nor a surplus
EVEN_SHARE = 0.02
#: what animals eat that feed people
FORAGE = "forage"
MOST_GOODS = 5
#: from so many times the need on, a percentage reads badly
MANY_TIMES = 10


def why(partner: Partner, territory: Territory) -> str:
    """Why a partner fits, in one or two sentences."""
    if not partner.gets and not partner.gives:
        return _("{name} and {other} lack and have the same things: nothing to exchange among these goods.").format(
            name=territory.label, other=partner.territory.label
        )
    parts = []
    if partner.gets:
        parts.append(_("It has what you lack: {goods}.").format(goods=_listed(partner.gets)))
    if partner.gives:
        parts.append(_("It lacks what you have: {goods}.").format(goods=_listed(partner.gives)))
    if not partner.gets or not partner.gives:
        parts.append(_("Goods go one way only: a service, expertise or money would balance them."))
    elif partner.balance_share >= 0.5:
        parts.append(_("Both ways weigh about as much."))
    else:
        parts.append(_("One way weighs {times} times the other.").format(times=rounded(1 / partner.balance_share)))
    return " ".join(parts)


def interest(partner: Partner) -> str:
    """How large the exchange could be, in people and kilometres, and what the distance leaves of it in the ranking."""
    template = ngettext(
        "yearly needs of {people} people for the good compared, {km} km away: ranked as {score}",
        "yearly needs of {people} people on average over the {count} goods compared, {km} km away: ranked as {score}",
        partner.compared,
    )
    return template.format(
        people=rounded(partner.people), count=partner.compared, km=number(partner.km), score=rounded(partner.score)
    )


def sentence(line: Line) -> str:
    """What one line of the balance says."""
    if line.supply is None or line.need is None:
        return _("{good}: not known at this level.").format(good=line.good.label)
    share = line.supply / line.need if line.need else None
    if share is None or abs(share - 1) <= EVEN_SHARE:
        return _("{good}: supply and need are about even.").format(good=line.good.label)
    if share >= MANY_TIMES:
        return _("{good}: {amount} to offer, own supply is {times} times the need.").format(
            good=line.good.label, amount=amount(line.good, line.supply - line.need), times=rounded(share)
        )
    if share > 1:
        return _("{good}: {amount} to offer, {share} of the need.").format(
            good=line.good.label, amount=amount(line.good, line.supply - line.need), share=percent(share)
        )
    return _("{good}: {amount} lacking; own supply covers {share}.").format(
        good=line.good.label, amount=amount(line.good, line.need - line.supply), share=quantity(share, "share")
    )


def scarcity(line: Line) -> str:
    """What one more unit would cost here, in kilometres avoided elsewhere."""
    if line.price_km is None:
        return ""
    unit = _("tonne") if line.good.unit == "t" else _("megawatt-hour")
    if round(line.price_km) == 0:
        return _("One more {unit} produced here would shorten no route: some is left over already.").format(unit=unit)
    if line.price_km > WORLD_KM / 2:
        told = _("The whole country lacks it: one more {unit} produced here would replace one from abroad (counted {world} km away).")  # fmt: skip
        return told.format(unit=unit, world=number(WORLD_KM))
    return _("One more {unit} produced here would avoid {km} km.").format(unit=unit, km=rounded(line.price_km))


def amount(one: Good, value: float) -> str:
    """A quantity of a good with its unit, rounded to what is known."""
    return quantity(value, one.unit, 2)


def summary(found: Cooperation) -> list[str]:
    """What the territory lacks and offers, good by good."""
    return [sentence(line) for line in found.lines]


def caution(level: str) -> str:
    """What the supplies of a level are worth; empty where nothing needs to be said."""
    if level != "COM":
        return ""
    return _(
        "The farmland of a commune whose parcels were not fetched is its part of the département, by open land: a mountain or a forest may have far "
        "less. Check on the spot, or compare intercommunalities."
    )


def nothing(territory: Territory) -> str:
    """Why no good is known of a territory, and what can be done all the same."""
    if metropolitan()[territory.members].any():
        return _("No supply nor need is known here at this level: choose another one.")
    return _(
        "The statistics of crops and plates used here stop at metropolitan France: for this territory nothing is known, and nothing is invented. "
        "An agreement can still be written, with figures of the parties."
    )


def _listed(goods: list[tuple[Good, float]]) -> str:
    return ", ".join(_one_listed(one, amount(one, value)) for one, value in goods[:MOST_GOODS])


def _one_listed(one: Good, told: str) -> str:
    """A good with its amount; fodder is not what travels."""
    if one.key == FORAGE:
        return _("{good}, which travel as milk and meat ({amount} of fodder)").format(
            good=one.label.lower(), amount=told
        )
    return f"{one.label.lower()} ({told})"
