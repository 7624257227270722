"""The annex of an intercommunal safeguard plan (PICS), for one shock: tagged PDF, and the same as CSV."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ressort.diagnosis.charts import REPORT_FONT, svg
from ressort.language import about, current_language, number, percent, rounded
from ressort.language import gettext as _
from ressort.reference.resilience_library import needs
from ressort.resilience.causes import why
from ressort.resilience.paper import Part, Table, as_csv, as_pdf, part
from ressort.resilience.story import told_day
from ressort.resilience.stress import Stress
from ressort.resilience.tables import lacking
from ressort.whole_file import writable, write_whole


def write_annex(stress: Stress, path: Path, day: date | None = None) -> Path:
    """Write the annex whole or not at all, as CSV when the name ends so, else as PDF; gives its path.

    Raises:
        RuleBroken: the folder does not exist, or the path is a folder.
    """
    place = writable(path)
    if path.suffix.lower() == ".csv":
        return write_whole(place, annex_csv(stress).encode())
    return write_whole(place, annex(stress, day))


def annex(stress: Stress, day: date | None = None) -> bytes:
    """The annex as PDF bytes, in the language in force; the same day, the same bytes."""
    return as_pdf(stress, _("Annex to the safeguard plan: {shock}, {place}"), _to_fill(), annex_parts(stress), day)


def annex_csv(stress: Stress) -> str:
    """The annex as one CSV, part after part, with the empty columns to fill."""
    return as_csv(annex_parts(stress), _to_fill())


def _to_fill() -> str:
    return _("Fill the empty columns before an exercise.")


def annex_parts(stress: Stress) -> list[Part]:
    """What the annex holds, in order."""
    story = [{"heading": one.heading, "text": one.text} for one in stress.story()]
    chain = [{"heading": "", "text": why(stress, link)} for link in stress.told.chain]
    chart = svg(stress.chart("whole"), REPORT_FONT)  # type: ignore[arg-type]
    return [
        part(_("Needs at risk"), _("P50 (P10 to P90) over the runs; the threshold is the share under which a day counts."), risks(stress)),
        part(_("How hard each event hits, and where the figure comes from"), _("National hypotheses are the first thing to replace by a local study."),
              _intensities(stress)),
        part(_("What lacks, in quantities"),
              _("In the run that the story tells: the share not served of what is required; between brackets, the range of the published figures"),
              _quantities(stress)),
        part(_("All needs, weighted mean"), "", chart=chart),
        part(_("Story of the shock"), _("One run, the nearest to all the others; each sentence tells numbers of the tables."), sentences=story),
        part(_("First bottleneck and its causes"), "", sentences=chain),
        part(_("How often each first bottleneck comes"), "", bottlenecks(stress)),
        part(_("Levers: what they avoid, cost, delay, who acts"), _("Differences on the same draws; hypotheses."), _levers(stress)),
        part(_("Continuity list by class of priority"), _("To fill with the services: minimum level, longest stop, fallback, who answers."), _continuity(stress)),
        part(_("Capacities to mobilise and to pool"), _("To fill by each commune."), _capacities(stress)),
        part(_("Exercise: injects"), _("Read each line aloud at its time; note what is decided, by whom, and how long it took."), injects(stress)),
        part(_("What would change the conclusion: data to collect first"), "", sensitivity(stress)),
    ]  # fmt: skip


def risks(stress: Stress) -> Table:
    rows = []
    for row in stress.table("needs").to_dicts():
        if row["low_p10_share"] >= 0.995:
            continue
        rows.append([
            row["label"], percent(row["vital_share"]), percent(row["crossed_share"] or 0.0),
            "" if row["first_day_p50_days"] is None else number(row["first_day_p50_days"]),
            f"{number(row['days_under_p50_days'])} ({number(row['days_under_p10_days'])}–{number(row['days_under_p90_days'])})",
            percent(row["low_p50_share"]), about(row["person_days_p50_days"]),
        ])  # fmt: skip
    header = [
        _("Need"),
        _("Threshold"),
        _("Runs that cross it"),
        _("First day"),
        _("Days under"),
        _("Lowest"),
        _("Person-days"),
    ]
    return {"header": header, "rows": rows}


def _intensities(stress: Stress) -> Table:
    rows = [
        [row["event"], row["label"], f"{percent(row['central_share'], 1)} ({percent(row['low_share'], 1)}–{percent(row['high_share'], 1)})", row["source"]]
        for row in stress.table("intensities").to_dicts()
    ]  # fmt: skip
    return {"header": [_("Event"), _("Effect of the event"), _("Size"), _("Source")], "rows": rows}


def _quantities(stress: Stress) -> Table:
    rows = []
    for row in stress.table("quantities").to_dicts():
        required, lacking = (_ranged(row, one, end) for one, end in (("required", "_per_day"), ("lacking", "")))
        worst = "" if row["lacking_worst_day"] is None else about(row["lacking_worst_day"])
        rows.append(
            [
                f"{row['label']}, {row['unit']}" if row["unit"] else row["label"],
                required or row["source"],
                lacking,
                worst,
            ]
        )
    return {
        "header": [_("Flow"), _("Required a day"), _("Lacking in all"), _("Lacking on the worst day")],
        "rows": rows,
    }


def _ranged(row: dict[str, Any], one: str, end: str) -> str:
    """A quantity with its range where it has one; nothing where it is not known."""
    low, central, high = (row[f"{one}{bound}{end}"] for bound in ("_low", "", "_high"))
    if central is None:
        return ""
    return about(central) if low == high else f"{about(central)} ({about(low)}–{about(high)})"


def bottlenecks(stress: Stress) -> Table:
    rows = [
        [row["stopped"], row["lacking"], percent(row["share"])]
        for row in stress.table("bottlenecks").head(8).to_dicts()
    ]
    return {"header": [_("Stopped"), _("For lack of"), _("Share of runs")], "rows": rows}


def _levers(stress: Stress) -> Table:
    rows = [
        [row["label"], f"{about(row['avoided_p50_days'])} ({about(row['avoided_p10_days'])}–{about(row['avoided_p90_days'])})",
         percent(row["helps_share"]), about(row["cost_eur"]),
         "" if row["cost_eur_per_person_day"] is None else rounded(row["cost_eur_per_person_day"]), number(row["delay_days"]), row["who"]]
        for row in stress.table("levers").to_dicts()
    ]  # fmt: skip
    header = [
        _("Lever"),
        _("Person-days avoided"),
        _("Helps in"),
        _("Cost, €"),
        _("€ per person-day"),
        _("Delay, days"),
        _("Who acts"),
    ]
    return {"header": header, "rows": rows}


def _continuity(stress: Stress) -> Table:
    """Services by the class in which the model serves them: the first of those of their activities."""
    services = (
        stress.table("continuity")
        .group_by("service", maintain_order=True)
        .agg(pl.col("class_rank").min(), pl.col("minimum_share").first())
    )
    rows = [
        [row["service"], str(row["class_rank"]), percent(row["minimum_share"]), "", "", ""]
        for row in services.sort("class_rank", maintain_order=True).to_dicts()
    ]
    return {
        "header": [_("Service"), _("Class"), _("Minimum level"), _("Longest stop"), _("Fallback"), _("Who answers")],
        "rows": rows,
    }


def _capacities(stress: Stress) -> Table:
    day = int(stress.told.curves[-2].argmin())
    frame = lacking(stress, day).sort("population_people", descending=True).head(40)
    worst = int(stress.told.curves[: len(needs()), day].argmin())
    need = needs()[worst]
    rows = [
        [row["name"], number(row["population_people"]), about(row[need.name]), "", "", ""] for row in frame.to_dicts()
    ]
    header = [_("Commune"), _("Inhabitants"), _("Lacking: {need}, day {day}").format(need=need.labels[current_language()], day=day),
              _("Resource"), _("Quantity"), _("Delay")]  # fmt: skip
    return {"header": header, "rows": rows}


def injects(stress: Stress) -> Table:
    curves, rows = stress.told.curves[: len(needs())], []
    starts = np.flatnonzero(curves.min(0) < 0.995)
    if not len(starts):
        return {"header": [], "rows": []}
    for minute, after in enumerate((0, 1, 3, 7, 14, 30)):
        day = int(starts[0]) + after
        if day >= stress.request.days:
            break
        short = [
            f"{need.labels[current_language()]} {percent(float(curves[k, day]))}"
            for k, need in enumerate(needs())
            if curves[k, day] < 0.95
        ]
        rows.append(
            [
                f"H + {minute * 20} min",
                f"{told_day(day)} ({_('day')} {day})",
                ", ".join(short) or _("every need above 95 %"),
                "",
            ]
        )
    return {
        "header": [_("Time of the exercise"), _("Day of the story"), _("Served"), _("Decision, who, how long")],
        "rows": rows,
    }


def sensitivity(stress: Stress) -> Table:
    rows = [[row["label"], percent(row["weight_share"]), row["ask"]] for row in stress.table("sensitivity").to_dicts()]
    return {"header": [_("Hypothesis"), _("Weight in the loss"), _("Who could tell")], "rows": rows}
