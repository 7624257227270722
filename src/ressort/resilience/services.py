"""The services behind the needs, activity by activity: staff, minimum, what stops them, levers; what a continuity plan starts from."""

from typing import Any

import numpy as np
import polars as pl

from ressort.core.resilience import Run
from ressort.language import current_language
from ressort.language import gettext as _
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import Lever, Need, levers, needs
from ressort.resilience.ground import LEVEL
from ressort.resilience.inputs import kinds, stock_days
from ressort.resilience.one_run import ONE_JOB, ROUNDING
from ressort.resilience.stress import Stress
from ressort.resilience.words import branch_label

#: an input is told when an activity spends more than this share of its output on it
WORTH_SHARE = 0.001
MOST_INPUTS = 4
SCHEMA = {
    "service": pl.String, "activity": pl.String, "class_rank": pl.Int64, "staff_people": pl.Float64, "minimum_share": pl.Float64,
    "minimum_staff_people": pl.Float64, "lowest_share": pl.Float64, "lowest_day_days": pl.Int64, "first_short_day_days": pl.Int64,
    "short_days": pl.Int64, "same_day_inputs": pl.String, "first_stock": pl.String, "first_stock_days": pl.Float64,
    "store_days": pl.Float64, "levers": pl.String, "minimum_decided": pl.String, "longest_stop": pl.String, "fallback": pl.String,
    "who_answers": pl.String,
}  # fmt: skip


def service_rows(stress: Stress) -> pl.DataFrame:
    """One row for each activity behind a service: staff, minimum, what the told run leaves of it, inputs, levers; last, columns to fill.

    A service that employs nobody here has one row, without staff.
    """
    run = stress.told.run
    assert run is not None, "the told run is kept"
    rows = []
    for need in needs():
        filled = {
            "service": need.labels[current_language()], "minimum_share": need.vital_share, "store_days": need.store_days.central,
            "levers": _("; ").join(_titles(need)), "minimum_decided": "", "longest_stop": "", "fallback": "", "who_answers": "",
        }  # fmt: skip
        behind = [branches(LEVEL).index(code) for code in need.products]
        told = [_activity(stress, run, need, place) for place in behind if stress.ground.jobs[place] >= ONE_JOB]
        none = {"activity": _("nobody here: it comes from outside"), "class_rank": kinds().rank[behind[0]] + 1}
        rows += [dict.fromkeys(SCHEMA) | filled | one for one in told or [none]]
    return pl.DataFrame(rows, schema=SCHEMA).sort("class_rank", maintain_order=True)


def _activity(stress: Stress, run: Run, need: Need, place: int) -> dict[str, Any]:
    """What is known of an activity that employs people here."""
    staff = float(stress.ground.jobs[place])
    return {
        "activity": branch_label(branches(LEVEL)[place]), "class_rank": kinds().rank[place] + 1, "staff_people": staff,
        "minimum_staff_people": float(np.ceil(staff * need.vital_share)), **_left(run, place, need.vital_share),
        **_inputs(run, place, stress.told.settings.values),
    }  # fmt: skip


def _left(run: Run, place: int, minimum: float) -> dict[str, Any]:
    """What is left of an activity here in a run: its lowest day, and the days below the minimum."""
    made = run.track.production[:, place] / run.plan.output[place]
    short = np.flatnonzero(made < minimum - ROUNDING)
    return {
        "lowest_share": float(made.min()), "lowest_day_days": int(made.argmin()),
        "first_short_day_days": int(short[0]) if len(short) else None, "short_days": len(short),
    }  # fmt: skip


def _inputs(run: Run, place: int, values: dict[str, float]) -> dict[str, Any]:
    """What an activity buys of the day, largest first, and the stock that ends first."""
    bought, named = run.plan.technical[:, place], [branch_label(code) for code in branches(LEVEL)]
    worth = [int(p) for p in np.argsort(-bought) if bought[p] > WORTH_SHARE and p != place]
    today = [named[p] for p in worth if run.plan.same_day[p]]
    held = [(stock_days(values, kinds().group[p]), named[p]) for p in worth if not run.plan.same_day[p]]
    days, first = min(held, key=lambda one: one[0], default=(None, ""))
    return {"same_day_inputs": _("; ").join(today[:MOST_INPUTS]), "first_stock": first, "first_stock_days": days}


def _titles(need: Need) -> list[str]:
    """The levers of the library that act on a service."""
    return [one.titles[current_language()] for one in levers().values() if _acts_on(one, need)]


def _acts_on(one: Lever, need: Need) -> bool:
    groups = {kinds().group[branches(LEVEL).index(code)] for code in need.products}
    for change in one.changes:
        if change.get("need") == need.name or change.get("group") in groups:
            return True
        if set(change.get("products", ())) & set(need.products):
            return True
    return False
