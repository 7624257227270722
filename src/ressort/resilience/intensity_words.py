"""How hard each event hits, in words: what it does, how much, and where the figure comes from."""

import polars as pl

from ressort.language import current_language, number, percent
from ressort.language import gettext as _
from ressort.reference.establishments import Largest
from ressort.reference.floods import is_fetched
from ressort.reference.resilience_library import ShockEffect, shock
from ressort.resilience.ground import Ground
from ressort.resilience.intensity import HARVEST, Intensity, intensities
from ressort.resilience.request import Request
from ressort.resilience.settings import planned
from ressort.resilience.words import branch_label

MOST_BRANCHES = 3
SCHEMA = {
    "event": pl.String, "effect": pl.String, "label": pl.String, "low_share": pl.Float64, "central_share": pl.Float64, "high_share": pl.Float64,
    "origin": pl.String, "source": pl.String,
}  # fmt: skip


def intensity_rows(request: Request, ground: Ground) -> pl.DataFrame:
    """One row for each effect of the events of a question: what it does, its bounds, where they come from."""
    rows = []
    for row in intensities_of(request, ground):
        title = shock(row.shock).titles[current_language()]
        rows.append({
            "event": title, "effect": f"{row.shock}.{row.number}", "label": effect_words(row.effect, ground), "low_share": row.span.low,
            "central_share": row.span.central, "high_share": row.span.high, "origin": row.origin, "source": origin_words(row, ground),
        })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def intensities_of(request: Request, ground: Ground) -> list[Intensity]:
    """The effects of the events of a question, with the origin of their size."""
    return intensities(planned(request.shocks, request.start_day), ground, request.intensity)


def effect_words(effect: ShockEffect, ground: Ground) -> str:
    """What an effect does, to which branches, where."""
    kinds = {
        "capital": _("capital destroyed"), "rebuild": _("capital destroyed, to rebuild"), "homes": _("homes to mend, over yearly spending"),
        "capacity": _("production lost"), "demand": _("change in demand"), "use": _("change in use"), "served": _("network cut"),
        "arc": _("exchanges that cannot pass"), "cost": _("dearer transport"), "transfers": _("income that does not come"),
        "frozen": _("money set apart"), "withheld": _("withdrawals refused, over daily spending"), "price": _("rise of prices"),
    }  # fmt: skip
    places = {
        "here": _("here"), "rest": _("rest of the country"), "world": _("abroad"), "everywhere": _("the whole country"),
    }  # fmt: skip
    told = [
        branch_label(ground.largest_industry if code == "largest_industry" else code)
        for code in effect.products
        if code != "all"
    ]
    told = [*told[:MOST_BRANCHES], "…"] if len(told) > MOST_BRANCHES else told
    what = [kinds[effect.kind], *([", ".join(told)] if told else []), places[effect.where]]
    return " – ".join(what)


def origin_words(row: Intensity, ground: Ground) -> str:
    """Where the figure of an effect comes from, as people read it."""
    if row.origin == "user":
        return _("given with the question")
    if row.effect.data.startswith(HARVEST) and row.origin == "local":
        return _("local data: the worst observed harvests, {years}").format(years=", ".join(sorted(ground.harvests)))
    largest = ground.largest.get("first_employer" if row.effect.data == "largest_branch" else row.effect.data)
    if row.origin == "local" and largest is not None and (row.effect.data in ground.largest or not largest.branch):
        return _largest_words(row.effect.data, largest)
    if row.origin == "local":
        fact = ground.facts[row.effect.data]
        words = {
            "older_people": _("local data: people of 65 and over, {here} here, {nation} in France ({producer}, {year})"),
            "car_commuters": _("local data: workers who drive to work, {here} here, {nation} in France ({producer}, {year})"),
            "widest_flood": _("local data: the widest flood recognised in the intercommunality of here reached communes where {here} of its inhabitants live, "
                              "{nation} in the mean intercommunality ({producer}, {year}); how deep it was is not told"),
            "largest_branch": _("local data: jobs of the largest industrial branch, {here} of all here, {nation} in the country ({producer}, {year})"),
        }  # fmt: skip
        return words[row.effect.data].format(
            here=percent(fact.here_share),
            nation=percent(fact.nation_share),
            producer=fact.producer,
            year=_(fact.year) if fact.year else "",
        )
    return _not_local(row.effect, ground)


def _not_local(effect: ShockEffect, ground: Ground) -> str:
    """That a hypothesis stands in, and where the figure of here could come from."""
    if effect.data.startswith(HARVEST):
        return _("no series of harvests is held for this region: nothing is counted")
    if effect.data in ("first_employer", "hospital"):
        return _("national hypothesis; `ressort data sync establishments_commune` brings the local figure")
    if effect.data == "widest_flood" and ground.country == "FR":
        return _no_flood_told()
    if effect.data:
        return _("national hypothesis: the local figure is not known for enough inhabitants here")
    if effect.where != "here":
        return _("national hypothesis, for the whole country")
    ask = {
        "capital": _("the prevention plan of this risk, or insurers"), "rebuild": _("the prevention plan of this risk, or insurers"),
        "homes": _("the prevention plan of this risk, or insurers"), "capacity": _("employers here, by their continuity plans"),
        "demand": _("shops and services here"), "served": _("the operator of the network"), "arc": _("who runs roads and rails"),
        "cost": _("carriers here"), "transfers": _("the social services"), "frozen": _("banks"), "withheld": _("banks"), "price": _("shops here"),
        "use": _("employers here, by their continuity plans"),
    }  # fmt: skip
    return _("national hypothesis; who could tell here: {ask}").format(ask=ask[effect.kind])


def _no_flood_told() -> str:
    """Why no local figure of floods is held."""
    if is_fetched():
        return _(
            "national hypothesis: no flood was recognised as a natural disaster here since 1982, the territory may be less exposed"
        )
    return _(
        "national hypothesis; `ressort data sync hazard_orders` brings how wide the floods here were; the prevention plan says how deep"
    )


def _largest_words(data: str, largest: Largest) -> str:
    """What is known of the largest establishment of a kind."""
    if not largest.branch:
        none = {"hospital": _("local data: no hospital with staff is listed here (Insee, Sirene, {year})")}
        other = _("local data: no industrial establishment with staff is listed here (Insee, Sirene, {year})")
        return none.get(data, other).format(year=largest.year)
    kinds = {
        "hospital": _("local data: the largest of {count} hospitals here, {low} to {high} staff, against those of health and social work (Insee, Sirene, {year})"),
        "first_employer": _("local data: the largest of {count} industrial establishments here, {low} to {high} staff, "
                            "against those of its branch (Insee, Sirene, {year})"),
    }  # fmt: skip
    return kinds[data].format(
        count=number(largest.establishments), low=number(largest.low_jobs), high=number(largest.high_jobs), year=largest.year
    )  # fmt: skip


def told_origins(rows: list[Intensity], ground: Ground) -> str:
    """How many effects come from where, in one sentence, and how many have no figure at all."""
    none = [
        row for row in rows if row.effect.data.startswith(HARVEST) and row.origin == "national" and not ground.harvests
    ]
    count = {origin: sum(row.origin == origin for row in rows) for origin in ("local", "user", "national")}
    told = _("How hard it hits. Effects: {all}, of which {local} from local data, {user} given with the question, {national} from national hypotheses.").format(
        all=number(len(rows)), local=number(count["local"]), user=number(count["user"]), national=number(count["national"] - len(none))
    )  # fmt: skip
    if not none:
        return told
    return f"{told} " + _("Not counted, since no series of harvests is held here: {count}.").format(
        count=number(len(none))
    )
