"""The answer in a few sentences: which need falls first, what stops first, what a lever changes. All are quantiles over the runs."""

import polars as pl

from ressort.language import about, ngettext, number, percent
from ressort.language import gettext as _
from ressort.resilience.stress import Stress
from ressort.resilience.words import chance

#: a need is told as falling when that part of the runs say so and the middle run has a day under, as at risk from the second on
LIKELY, POSSIBLE = 0.5, 0.1


def brief(stress: Stress) -> list[str]:
    """The sentences that somebody who must decide reads first."""
    found = [*_falling(stress.table("needs")), _first_stop(stress), _best_lever(stress)]
    return [text for text in found if text]


def _falling(told_needs: pl.DataFrame) -> list[str]:
    """Needs under their vital threshold in most runs, the first one first; then those of some runs."""
    rows = told_needs.sort("first_day_p50_days", nulls_last=True).to_dicts()
    likely = [row for row in rows if (row["crossed_share"] or 0) >= LIKELY and row["days_under_p50_days"] >= 1]
    possible = [row for row in rows if row not in likely and (row["crossed_share"] or 0) >= POSSIBLE]
    told = [
        ngettext(
            "{need}: under its vital threshold from day {day}, for {days} day ({low} to {high}).",
            "{need}: under its vital threshold from day {day}, for {days} days ({low} to {high}).",
            row["days_under_p50_days"],
        ).format(
            need=row["label"], day=number(row["first_day_p50_days"]), days=about(row["days_under_p50_days"]),
            low=about(row["days_under_p10_days"]), high=about(row["days_under_p90_days"]))
        for row in likely
    ]  # fmt: skip
    if not likely:
        told.append(_("In most runs, no need falls under its vital threshold."))
    if possible:
        possible.sort(key=lambda row: -row["crossed_share"])
        named = ", ".join(f"{row['label'].lower()} ({percent(row['crossed_share'])})" for row in possible)
        told.append(_("Also under their threshold in some of the runs: {needs}.").format(needs=named))
    return told


def _first_stop(stress: Stress) -> str:
    rows = stress.table("bottlenecks")
    stops, calm = rows.filter(pl.col("lacking") != ""), rows.filter(pl.col("lacking") == "")
    if stops.is_empty():
        return _("In no run is an industry stopped by the lack of an input.")
    stopped, lacking, share = stops.row(0)
    told = _("What stops first most often: {stopped}, for lack of {lacking} ({share} of the runs).")
    if not calm.is_empty() and calm["share"][0] >= LIKELY:
        told = _(
            "In {calm} of the runs no industry is stopped by the lack of an input; in the others, most often {stopped}, for lack of {lacking} ({share} of the runs)."
        )
    return told.format(
        stopped=stopped.lower(),
        lacking=lacking.lower(),
        share=chance(share),
        calm=chance(calm["share"][0]) if len(calm) else "",
    )


def _best_lever(stress: Stress) -> str:
    rows = stress.table("levers").filter((pl.col("lever") != "together") & (pl.col("avoided_p50_days") >= 1))
    lost = stress.table("metrics").filter(pl.col("metric") == "person_days")["p50_value"][0]
    if rows.is_empty() or not lost:
        return _("None of the levers asked for avoids anything in the middle run.") if stress.request.levers else ""
    best = rows.sort("avoided_p50_days", descending=True).to_dicts()[0]
    return _("Of these levers, the one that avoids most: {lever}, {median} person-days of lack ({low} to {high}) out of {lost}.").format(
        lever=best["label"], median=about(best["avoided_p50_days"]), low=about(best["avoided_p10_days"]),
        high=about(best["avoided_p90_days"]), lost=about(lost))  # fmt: skip
