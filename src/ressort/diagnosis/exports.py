"""A diagnosis as plain values for JSON, as a table for notebooks, and its tables with who produced what."""

from html import escape
from typing import Any

import polars as pl

from ressort.diagnosis.comparison import Comparison
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
        rows.append([label, shown, spread, figure.year, gettext(figure.status)])
    titles = [gettext(title) for title in ("Indicator", "Value", "Range", "Year", "Status")]
    return _html(diagnosis.territory.label, titles, rows, [sentence.text for sentence in notes(diagnosis)])


def comparison_as_html(found: Comparison) -> str:
    """A table for notebooks: one column a diagnosis, each figure with its range."""
    from ressort.diagnosis.words import notes_among, with_range

    rows = [
        [indicator.label(current_language()), *[with_range(one.figures[key]) for one in found.diagnoses]]
        for key, indicator in indicators().items()
    ]
    caption = ", ".join(dict.fromkeys(one.territory.label for one in found.diagnoses))
    return _html(caption, [gettext("Indicator"), *found.names], rows, notes_among(found.diagnoses))


def _html(caption: str, titles: list[str], rows: list[list[str]], told: list[str]) -> str:
    """A table of texts, and sentences under it."""
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    under = "".join(f"<p>{escape(text)}</p>" for text in told)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{under}"
    )


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
