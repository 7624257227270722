"""A diagnosis as plain values for JSON, and as a table for notebooks."""

from html import escape
from typing import Any

from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.tables import build
from ressort.language import current_language, gettext, quantity
from ressort.reference.indicators import indicators


def as_dict(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as plain values: territory, levers, figures, tables."""
    place = diagnosis.territory
    return {
        "territory": {"key": place.key, "label": place.label, "population_people": place.population_people},
        "levers": diagnosis.levers.to_query(),
        "figures": {row.pop("indicator"): row for row in build(diagnosis, "figures").to_dicts()},
        "groups": build(diagnosis, "groups").to_dicts(),
        "families": build(diagnosis, "families").to_dicts(),
        "scales": build(diagnosis, "scales").to_dicts(),
        "drivers": build(diagnosis, "drivers").to_dicts(),
        "provenance": list(diagnosis.own.provenance),
    }


def as_html(diagnosis: Diagnosis) -> str:
    """A table for notebooks: value, range, year, status of each figure."""
    rows = []
    for key, figure in diagnosis.figures.items():
        label = indicators()[key].label(current_language())
        shown = gettext("not known") if figure.value is None else quantity(figure.value, figure.unit, 3)
        spread = (
            ""
            if figure.low is None or figure.high is None
            else f"{quantity(figure.low, figure.unit, 2)} – {quantity(figure.high, figure.unit, 2)}"
        )
        cells = "".join(
            f"<td>{escape(text)}</td>" for text in (label, shown, spread, figure.year, gettext(figure.status))
        )
        rows.append(f"<tr>{cells}</tr>")
    head = "".join(f"<th>{escape(gettext(title))}</th>" for title in ("Indicator", "Value", "Range", "Year", "Status"))
    caption = f"<caption>{escape(diagnosis.territory.label)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
