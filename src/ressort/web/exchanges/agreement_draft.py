"""The lines of a draft drawn from the figures, and what is asked in return when they do not balance by themselves."""

from django.utils import timezone
from django.utils.translation import gettext as _

from ressort.core.cents import split_cents
from ressort.exchanges import LeftOut, Offer, Proposal
from ressort.language import number
from ressort.web.exchanges import agreements
from ressort.web.exchanges.models import Agreement, Line, Party

BP = 10_000


def draw_lines(held: Agreement, drawn: Proposal) -> None:
    """Writes the lines of a proposal, then the counterpart of what goes one way. Called inside the action that starts an agreement."""
    party = {one.key: one for one in held.parties.all()}
    for offer in drawn.offers:
        _line(held, offer, party)
    _counterpart(held, list(party.values()), any(offer.value_cents is not None for offer in drawn.offers))


def _line(held: Agreement, offer: Offer, party: dict[str, Party]) -> None:
    agreed = offer.value_cents
    value = offer.price_km * held.shadow_rate_cents if agreed is None else agreed
    Line.objects.create(
        agreement=held, theme=agreements.theme_of(offer.good.key), good=offer.good.key, what=offer.good.label, giver=party[offer.giver.key],
        receiver=party[offer.receiver.key], quantity=offer.quantity, unit=agreements.unit_of(offer.good.key),
        basis=Line.Basis.SHADOW if agreed is None else Line.Basis.OWN, price_km=offer.price_km if agreed is None else None,
        unit_value_cents=value, priced_on=timezone.localdate(),
    )  # fmt: skip


def _counterpart(held: Agreement, parties: list[Party], with_energy: bool) -> None:
    """What the one who receives more gives in return: expertise; and care as well, half and half, when energy or wood moves."""
    lines = list(held.lines.all())
    given = {one.pk: sum(line.value_cents for line in lines if line.giver_id == one.pk) for one in parties}
    gap = max(given.values()) - min(given.values())
    if BP * gap <= held.tolerance_bp * sum(given.values()):
        return
    giver = min(parties, key=lambda one: given[one.pk])
    receiver = next(one for one in parties if one.pk != giver.pk)
    themes = [(Line.Theme.EXPERTISE, agreements.counterpart())]
    if with_energy:
        themes.append((Line.Theme.CARE, agreements.care_counterpart()))
    for (theme, what), cents in zip(themes, split_cents(gap, [1] * len(themes)), strict=True):
        if cents:
            Line.objects.create(
                agreement=held, theme=theme, what=what, giver=giver, receiver=receiver, quantity=1, unit=agreements.lump(),
                basis=Line.Basis.OWN, unit_value_cents=cents, priced_on=timezone.localdate(),
            )  # fmt: skip


def why_left_out(one: LeftOut) -> str:
    """Why a good is not in the draft, and what to do."""
    return _(
        "{good} is not in the draft: the whole country lacks it, and its price of {price} km rests on the convention of the rest of the world "
        "(inside the country it travels {longest} km at most). Add a line with a value of your own."
    ).format(good=one.good.label, price=number(one.price_km), longest=number(one.longest_km))
