"""The tables of the report: words and rounded numbers, as rows of text."""

from math import isnan
from typing import Any

from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.rows import labels
from ressort.diagnosis.words import hectares_there, with_range
from ressort.language import current_language, part, percent, quantity, rounded, status_name, unit
from ressort.language import gettext as _
from ressort.reference.indicators import indicators

Table = dict[str, Any]
SIMILAR = ("population_people", "density_people_per_km2", "median_living_standard_eur", "adequacy_capped_share")


def _grid(header: list[str], rows: list[list[str]]) -> Table:
    return {"header": header, "rows": rows}


def groups(diagnosis: Diagnosis) -> Table | None:
    """Land needed and available, by crop group; None where food is not computed."""
    if diagnosis.food is None:
        return None
    rows = [
        [
            row["label"],
            rounded(row["needed_ha"]),
            hectares_there(row),
            "" if row["missing_ha"] is None else rounded(row["missing_ha"]),
            "" if row["adequacy_ratio"] is None else part(row["adequacy_ratio"]),
        ]
        for row in diagnosis.table("groups").to_dicts()
    ]
    return _grid(
        [_("Crop group"), _("Needed, ha"), _("Available, ha"), _("Missing, ha"), _("Potential autonomy")], rows
    )


def families(diagnosis: Diagnosis) -> Table:
    """Tonnes, land, jobs and gases, by family."""
    rows = [
        [
            row["label"],
            rounded(row["need_kg"] / 1000),
            rounded(row["land_ha"]),
            rounded(row["jobs_fte"]),
            rounded(row["ghg_kgco2e"] / 1000),
        ]
        for row in diagnosis.table("families").to_dicts()
    ]
    return _grid([_("Family"), _("Tonnes"), _("Land, ha"), _("Jobs, FTE"), _("Greenhouse gases, t CO₂e")], rows)


def drivers(diagnosis: Diagnosis) -> Table:
    """The hypotheses that make the range wide."""
    rows = [[row["label"], percent(row["width_share"])] for row in diagnosis.table("drivers").to_dicts()]
    return _grid([_("Hypothesis"), _("Part of the width")], rows)


def choices(diagnosis: Diagnosis) -> Table:
    """Land needed under each discrete choice."""
    rows = [[row["label"], rounded(row["land_needed_ha"])] for row in diagnosis.table("choices").to_dicts()]
    return _grid([_("Choice"), _("Land needed, ha")], rows)


def production(diagnosis: Diagnosis) -> Table:
    """Crops and animals of the territory."""
    rows = [
        [row["label"], f"{rounded(row['value'])} {unit(row['unit'])}", row["year"], status_name(row["status"])]
        for row in diagnosis.table("production").to_dicts()
    ]
    return _grid([_("Crop or animal"), _("Here"), _("Year"), _("Status")], rows)


def comparison(diagnosis: Diagnosis) -> Table:
    """The indicators that compare across sizes, beside the larger territories."""
    beside = [
        (diagnosis.territory.label, diagnosis.figures),
        *[(place.label, figures) for place, figures in diagnosis.comparison],
    ]
    rows = []
    for key, indicator in indicators().items():
        found = [figures.get(key) for _label, figures in beside]
        if indicator.unit not in ("ha", "people", "fte", "mwh", "km2") and any(
            figure and figure.known for figure in found
        ):
            rows.append(
                [
                    indicator.label(current_language()),
                    *["" if f is None or f.value is None else quantity(f.value, f.unit, 2) for f in found],
                ]
            )
    return _grid([_("Indicator"), *[label for label, _figures in beside]], rows)


def similar(diagnosis: Diagnosis) -> Table:
    """The ten most similar territories."""
    rows = [[place.label, *[_told(figures[key]) for key in SIMILAR]] for place, figures in diagnosis.similar]
    return _grid([_("Territory"), *[indicators()[key].label(current_language()) for key in SIMILAR]], rows)


def figures(diagnosis: Diagnosis) -> Table:
    """Every figure that is known, with its range."""
    rows = [
        [indicators()[key].label(current_language()), with_range(figure), figure.year, status_name(figure.status)]
        for key, figure in diagnosis.figures.items()
        if figure.known
    ]
    return _grid([_("Indicator"), _("Value (range)"), _("Year"), _("Status")], rows)


def missing(diagnosis: Diagnosis) -> Table:
    """Every figure that is not known, gathered by reason."""
    reasons = {
        "secret": _("covered by statistical secrecy, or not published for so few households"),
        "not_available": _("no figure reaches this level"),
        "not_applicable": _("does not apply here"),
        "not_fetched": _("can be fetched: ressort data sync"),
    }
    lacking: dict[str, list[str]] = {}
    for key, figure in diagnosis.figures.items():
        if figure.reason:
            lacking.setdefault(figure.reason, []).append(indicators()[key].label(current_language()))
    if diagnosis.food:
        named = labels("food/crop_groups", "crop_group")
        lacking.setdefault("not_available", []).extend(
            _("Area of: {group}").format(group=named[row["crop_group"]])
            for row in diagnosis.table("groups").to_dicts()
            if row["available_ha"] is None
        )
    rows = [[", ".join(names), reasons[reason]] for reason, names in lacking.items() if names]
    return _grid([_("Figure"), _("Reason")], rows)


def _told(figure: Any) -> str:
    return "" if figure.value is None or isnan(figure.value) else quantity(figure.value, figure.unit, 2)
