"""A diagnosis as plain values for JSON, as a table for notebooks, and its tables with who produced what."""

from html import escape
from typing import Any

import polars as pl

from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.tables import build
from ressort.language import current_language, gettext, quantity
from ressort.reference import cards
from ressort.reference.indicators import indicators


def as_dict(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as plain values: territory, levers, figures, tables."""
    from ressort.diagnosis.words import notes

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
        "notes": [sentence.text for sentence in notes(diagnosis)],
    }


def as_html(diagnosis: Diagnosis) -> str:
    """A table for notebooks: value, range, year, status of each figure."""
    from ressort.diagnosis.words import notes

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
    told = "".join(f"<p>{escape(sentence.text)}</p>" for sentence in notes(diagnosis))
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{told}"


def with_producers(frame: pl.DataFrame) -> pl.DataFrame:
    """A table with the producer and the licence beside each source, as the open licence asks; nothing beside a source of one's own."""
    if "source" not in frame.columns:
        return frame
    held = {key: cards()[key] for key in frame["source"].unique().to_list() if key in cards()}
    told = {
        "producer": {key: gettext(card.producer) for key, card in held.items()},
        "licence": {key: gettext(card.licence) for key, card in held.items()},
    }
    return frame.with_columns(
        pl.col("source").replace_strict(words, default=None, return_dtype=pl.String).alias(name)
        for name, words in told.items()
    )
