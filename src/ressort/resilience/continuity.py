"""The continuity plan (PCA) of a shock: each service, the activities behind it, the staff it needs, what stops it; tagged PDF and CSV."""

from datetime import date
from pathlib import Path
from typing import Any

from ressort.language import gettext as _
from ressort.language import number, percent
from ressort.resilience.annex import bottlenecks, injects, risks, sensitivity
from ressort.resilience.causes import why
from ressort.resilience.paper import Table, as_pdf, part
from ressort.resilience.story import FEW, told_day
from ressort.resilience.stress import Stress
from ressort.whole_file import writable, write_whole


def continuity(stress: Stress, day: date | None = None) -> bytes:
    """The continuity plan as PDF bytes, in the language in force; the same day, the same bytes."""
    rows = stress.table("continuity").to_dicts()
    chain = [{"heading": "", "text": why(stress, link)} for link in stress.told.chain]
    caution = _(
        "The staff is estimated; the minimum level, the longest stop and the fallback are decided by each service: fill the empty columns."
    )
    parts = [
        part(_("Services at risk"), _("P50 (P10 to P90) over the runs; the threshold is the share under which a day counts."), risks(stress)),
        part(_("Activities: staff, minimum, what is left"),
             _("In the run that the story tells. Minimum staff: in proportion of the threshold of the service. Class 1 is served first."), _staff(rows)),
        part(_("What each activity stops without"),
             _("Inputs of the same day have no stock; the stock that ends first is a hypothesis, to replace by what the service holds."), _needed(rows)),
        part(_("To decide by each service"), _("People hold on for so many days by themselves: the longest stop should not exceed it."), _decided(rows)),
        part(_("First bottleneck and its causes"), "", sentences=chain),
        part(_("How often each first bottleneck comes"), "", bottlenecks(stress)),
        part(_("Exercise: injects"), _("Read each line aloud at its time; note what is decided, by whom, and how long it took."), injects(stress)),
        part(_("What would change the conclusion: data to collect first"), "", sensitivity(stress)),
    ]  # fmt: skip
    return as_pdf(stress, _("Continuity plan: {shock}, {place}"), caution, parts, day)


def write_continuity(stress: Stress, path: Path, day: date | None = None) -> Path:
    """Write the continuity plan whole or not at all, as CSV when the name ends so, else as PDF; gives its path.

    Raises:
        RuleBroken: the folder does not exist, or the path is a folder.
    """
    place = writable(path)
    if path.suffix.lower() == ".csv":
        return write_whole(place, stress.table("continuity").write_csv().encode())
    return write_whole(place, continuity(stress, day))


def _staff(rows: list[dict[str, Any]]) -> Table:
    header = [_("Activity"), _("Service"), _("Class"), _("Staff here"), _("Minimum staff"), _("Lowest"), _("On"), _("Days under the minimum")]  # fmt: skip
    told = [
        [row["activity"], row["service"], str(row["class_rank"]), *(
            ["0", "0", "", "", ""] if row["staff_people"] is None else
            [number(row["staff_people"]), number(row["minimum_staff_people"]), percent(row["lowest_share"]),
             told_day(row["lowest_day_days"]) if row["lowest_share"] < FEW else "", number(row["short_days"])])]
        for row in rows
    ]  # fmt: skip
    return {"header": header, "rows": told}


def _needed(rows: list[dict[str, Any]]) -> Table:
    once = {row["activity"]: row for row in rows if row["staff_people"] is not None}
    told = [
        [name, row["same_day_inputs"], row["first_stock"], "" if row["first_stock_days"] is None else number(row["first_stock_days"])]
        for name, row in once.items()
    ]  # fmt: skip
    return {
        "header": [_("Activity"), _("Inputs of the same day"), _("Stock that ends first"), _("Days held")],
        "rows": told,
    }


def _decided(rows: list[dict[str, Any]]) -> Table:
    once = {row["service"]: row for row in rows}
    told = [[name, number(row["store_days"], 1), row["levers"], "", "", "", ""] for name, row in once.items()]
    header = [_("Service"), _("People hold, days"), _("Levers that act on it"), _("Minimum level"), _("Longest stop"), _("Fallback"), _("Who answers")]  # fmt: skip
    return {"header": header, "rows": told}
