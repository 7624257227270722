"""The same market in other circumstances: a supplier fails, the worst harvest comes, or flows as they may be today."""

from dataclasses import replace

import numpy as np
import polars as pl

from ressort.core.exchanges import Watch, failures, gravity, optimum, radiation, unwatched
from ressort.core.food.system import Floats
from ressort.exchanges.answer import Answer, basin, beside, rule_title
from ressort.exchanges.cooperation import Cooperation
from ressort.exchanges.goods import good
from ressort.exchanges.words import amount
from ressort.language import gettext as _
from ressort.language import number, percent, rounded
from ressort.reference import table
from ressort.reference.territories import territories

RADIATION = "radiation"


def failing(found: Cooperation, key: str, watch: Watch = unwatched) -> Answer:
    """Each supplier of the territory fails in turn: what stands."""
    market, plan, title = found.nationals[key].market, found.nationals[key].plan, _("When a supplier fails")
    told, standing = failures(market, plan, found.at, watch=watch)
    inside = np.flatnonzero(plan.receiver == found.at)
    stands = dict(zip(plan.giver[inside].tolist(), standing.tolist(), strict=True))
    rows = [
        (
            found.held.territory(one.supplier).code, found.held.territory(one.supplier).label, stands[one.supplier],
            one.covered_share, one.more_imported, one.more_km,
        )
        for one in told
    ]  # fmt: skip
    schema = ["code", "name", "stands", "covered_share", "more_imported", "more_km"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    if not told:
        return Answer("shock", title, "optimum", [_("Nobody supplies this territory: no failure touches it.")], frame)
    worst = min(told, key=lambda one: one.covered_share)
    words = _(
        "Each supplier fails in turn (shock “supplier failure” of the library). At worst, without {name}, the country still meets {covered} of the need; "
        "when another supplier fails, {stands} of {all} of the flows to here stand in all cases."
    ).format(
        name=found.held.territory(worst.supplier).label, covered=percent(worst.covered_share),
        stands=amount(good(key), float(standing.sum())), all=amount(good(key), float(plan.quantity[inside].sum())),
    )  # fmt: skip
    return Answer("shock", title, "optimum", [words], frame)


def drought(found: Cooperation, key: str, watch: Watch = unwatched) -> Answer:
    """The market played again with the worst harvest observed."""
    market, plan, title = found.nationals[key].market, found.nationals[key].plan, _("When the worst harvest comes")
    year, ratio = worst_harvest(found, key)
    if not year:
        return Answer("shock", title, "optimum", [_("No series of harvests tells this good: the drought is not counted.")], beside([]))  # fmt: skip
    other = optimum(replace(market, supply=market.supply * ratio), watch=watch)
    before, after = (basin(found, key, each) for each in (plan, other))
    need = float(market.demand[found.at])
    covered = [1 - each[2] / need if need else 1.0 for each in (before, after)]
    words = _(
        "The harvests of {year}, the worst of this good observed from 2000 to 2017 (shock “drought” of the library): supply here at {ratio} of a usual year. "
        "The country then meets {covered} of the need here instead of {was}, from {km} km on average instead of {had} km."
    ).format(
        year=year, ratio=percent(float(ratio[found.at])), covered=percent(covered[1]), was=percent(covered[0]),
        km=rounded(after[1]), had=rounded(before[1]),
    )  # fmt: skip
    rows = [
        ("covered_share", covered[0], covered[1]), ("suppliers", before[0], after[0]), ("mean_km", before[1], after[1]),
        ("imported", before[2], after[2]), ("price_km", float(plan.price_km[found.at]), float(other.price_km[found.at])),
    ]  # fmt: skip
    return Answer("shock", title, "optimum", [words], beside(rows))


def worst_harvest(found: Cooperation, key: str) -> tuple[str, Floats]:
    """The year when the country harvested least of a good, and the part of a usual harvest of each territory, 1 where no series is."""
    crops = dict(table("food/crops").select("crop", "crop_group").iter_rows())
    series = table("food/yields_by_year").filter((pl.col("country") == "FR") & pl.col("anomaly_ratio").is_not_null())
    series = series.filter(pl.col("crop").replace_strict(crops, default=None) == key)
    by_year: dict[str, dict[str, float]] = {}
    for region, year, ratio in series.group_by("region_code", "year").agg(pl.col("anomaly_ratio").mean()).iter_rows():
        by_year.setdefault(str(year), {})[str(region)] = float(ratio)
    regions = territories().table["region"].to_list()
    homes = [
        found.held.territory(at).region if at in found.held.own else regions[row]
        for at, row in enumerate(found.held.rows.tolist())
    ]
    supply = np.nan_to_num(found.nationals[key].market.supply)
    ratios = {year: np.array([held.get(home, 1.0) for home in homes]) for year, held in sorted(by_year.items())}
    if not ratios:
        return "", np.ones(len(homes))
    worst = min(ratios, key=lambda year: float(supply @ ratios[year]))
    return worst, ratios[worst]


def present(found: Cooperation, key: str, how: str, watch: Watch = unwatched) -> Answer:
    """Flows as they may be today, fitted to a mean distance or drawn from populations alone: estimated, apart from any plan."""
    market = found.nationals[key].market
    rows = np.flatnonzero(market.known)
    supply, demand, here = market.supply[rows], market.demand[rows], int(np.searchsorted(rows, found.at))
    moved = min(supply.sum(), demand.sum())
    km = market.distance.km(np.repeat(rows, len(rows)), np.tile(rows, len(rows))).reshape(len(rows), len(rows))
    km = np.where(np.isfinite(km), km, market.world_km)
    out, into = supply * (moved / supply.sum()), demand * (moved / demand.sum())
    if how == RADIATION:
        own = np.minimum(out, into)
        flows = radiation(out - own, np.nan_to_num(found.held.people[rows]), km) + np.diag(own)
        arrived = flows.sum(0)
        error = float(np.abs(arrived - into).sum() / (2 * into.sum()))
        told = _(
            "Radiation, from populations alone; {share} of what it sends arrives where it is not needed: read it with care."
        ).format(share=percent(error))
    else:
        flows, beta = gravity(out, into, km, float(how), watch)
        told = _(
            "Gravity, fitted to the mean distance of {mean} km that you gave (β = {beta} by km): both totals of every territory hold."
        ).format(mean=how, beta=number(beta, 5))
    from_here = flows[:, here]
    order = np.argsort(-from_here, kind="stable")[:20]
    total = float(from_here.sum())
    places = [found.held.territory(int(rows[at])) for at in order]
    frame = pl.DataFrame(
        {
            "code": [one.code for one in places],
            "name": [one.label for one in places],
            "quantity": from_here[order],
            "share": from_here[order] / total if total else from_here[order],
            "distance_km": km[order, here],
        }
    )
    near = float(from_here[km[:, here] <= 100].sum() / total) if total else 0.0
    words = _(
        "An estimate, not an observation and never a plan: of what is needed here, {own} may come from here, {near} from within 100 km."
    ).format(own=percent(float(from_here[here] / total) if total else 0.0), near=percent(near))
    return Answer("present", rule_title("present"), "estimated", [words, told], frame)
