"""A shock of the library played on the supplies of a good: what it takes from a year of them, here and elsewhere.

effect of the shock (capacity or capital lost, for so many days, then recovered) ─▶ part of a year lost ─▶ the market played again
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ressort.core.exchanges import Watch, optimum, unwatched
from ressort.core.food.system import Floats
from ressort.exchanges.answer import Answer, basin, beside
from ressort.exchanges.cooperation import Cooperation
from ressort.language import current_language, percent, rounded
from ressort.language import gettext as _
from ressort.reference.resilience_library import ShockEffect, shock, shocks

#: goods that are not of the fields or the forest → the branch that makes them
_BRANCHES = {"electricity": "DZ"}
_FIELDS_AND_FORESTS = "AZ"
#: effects that lower what is made
_LOWERING = ("capacity", "rebuild")
_YEAR_DAYS = 365.0
#: shocks told in their own way: each supplier in turn, the harvests observed
TOLD_APART = ("supplier_failure", "drought")


def goods_shocks() -> list[str]:
    """The shocks of the library that take something from the supplies of goods; the others cut roads, networks, demand or money."""
    found = [name for name, one in shocks().items() if any(_lowers(effect, branch) for effect in one.effects for branch in ("AZ", "DZ"))]  # fmt: skip
    return [*TOLD_APART, *(name for name in found if name not in TOLD_APART)]


def _lowers(effect: ShockEffect, branch: str) -> bool:
    """Whether an effect lowers what a branch makes somewhere in the country."""
    return effect.kind in _LOWERING and effect.where != "world" and bool({branch, "all"} & set(effect.products))


def shaken(found: Cooperation, key: str, name: str, watch: Watch = unwatched) -> Answer:
    """The market played again with what a shock takes from a year of supplies: central loss, then the lowest and the highest."""
    market, plan = found.nationals[key].market, found.nationals[key].plan
    titles = shock(name).titles[current_language()]
    title = _("When it comes: {shock}").format(shock=titles)
    lost = [_lost(found, key, name, end) for end in ("low", "central", "high")]
    if not lost[2].any():
        words = _("This shock takes nothing from what is made of this good; what it cuts elsewhere (roads, networks, demand) is not counted here.")  # fmt: skip
        return Answer("shock", title, "optimum", [words], beside([]))
    need = float(market.demand[found.at])
    others = [optimum(replace(market, supply=market.supply * (1 - each)), watch=watch) for each in lost]
    before, *after = (basin(found, key, each) for each in (plan, *others))
    was, low, central, high = (1 - each[2] / need if need else 1.0 for each in (before, *after))
    words = _(
        "“{shock}” of the library takes {lost} of a year of supply here ({least} to {most}): days lost over 365, hypotheses. "
        "The country then meets {covered} of the need here instead of {was} ({worst} at worst), from {km} km on average instead of {had} km."
    ).format(
        shock=titles, lost=percent(float(lost[1][found.at]), 1), least=percent(float(lost[0][found.at]), 1),
        most=percent(float(lost[2][found.at]), 1), covered=percent(central), was=percent(was), worst=percent(min(low, high)),
        km=rounded(after[1][1]), had=rounded(before[1]),
    )  # fmt: skip
    rows = [
        ("covered_share", was, central), ("suppliers", before[0], after[1][0]), ("mean_km", before[1], after[1][1]),
        ("imported", before[2], after[1][2]), ("price_km", float(plan.price_km[found.at]), float(others[1].price_km[found.at])),
    ]  # fmt: skip
    return Answer("shock", title, "optimum", [words], beside(rows))


def _lost(found: Cooperation, key: str, name: str, end: str) -> Floats:
    """The part of a year of supply that a shock takes from each territory, at one end of its ranges, 0–1."""
    kept = np.ones(len(found.nationals[key].market.supply))
    here = np.arange(len(kept)) == found.at
    for where, part in _parts(name, _BRANCHES.get(key, _FIELDS_AND_FORESTS), end):
        touched = {"here": here, "rest": ~here}.get(where, np.ones(len(kept), dtype=bool))
        kept[touched] *= 1 - part
    return np.asarray(1 - kept)


def _parts(name: str, branch: str, end: str) -> Iterator[tuple[str, float]]:
    """Where each effect of a shock on a branch is felt, and the part of a year that it takes: full while it lasts, half while it recovers."""
    for effect in shock(name).effects:
        if _lowers(effect, branch):
            days = getattr(effect.duration_days, end) + getattr(effect.recovery_days, end) / 2
            yield effect.where, min(1.0, getattr(effect.amount, end)) * min(1.0, days / _YEAR_DAYS)
