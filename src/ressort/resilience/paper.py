"""A document made of parts (tables, sentences, a chart) about one stress, in tagged PDF and in CSV: the annex and the continuity plan."""

import csv
import io
import json
from datetime import date
from importlib.resources import files
from typing import Any

from ressort.language import current_language
from ressort.language import gettext as _
from ressort.reference.resilience_library import shock
from ressort.resilience.exports import provenance
from ressort.resilience.stress import Stress

Table = dict[str, Any]
Part = dict[str, Any]


def part(
    title: str, note: str, table: Table | None = None, *, sentences: list[dict[str, str]] | None = None, chart: str = ""
) -> Part:
    """One part of a document; one without a row, a sentence or a chart is left out."""
    alt = _("Chart: {title}. Its figures are in the table of curves.").format(title=title)
    return {
        "title": title,
        "note": note,
        "table": table or {"header": [], "rows": []},
        "sentences": sentences or [],
        "chart": chart,
        "alt": alt,
        "caption": title,
    }


def as_pdf(stress: Stress, title: str, caution: str, parts: list[Part], day: date | None = None) -> bytes:
    """A document as PDF bytes; the same day, the same bytes.

    Args:
        title: with the places {shock} and {place}.
        caution: what its reader must do, after the caution that holds for all.
    """
    import typst

    template = (files("ressort.resilience") / "annex.typ").read_bytes()
    data = json.dumps(_data(stress, title, caution, parts, day or date.today()), ensure_ascii=False)
    return bytes(
        typst.compile(template, format="pdf", pdf_standards="ua-1", sys_inputs={"data": data}, ignore_system_fonts=True)
    )


def as_csv(parts: list[Part], caution: str) -> str:
    """A document as one CSV, after what its PDF says above all: the part first in each line, then its note, its sentences and its table,
    whose first line is its header; all lines are as long.
    """
    held = [one for one in parts if one["table"]["rows"] or one["sentences"]]
    width = max([2, *(len(one["table"]["header"]) for one in held)])
    file = io.StringIO()
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow([_caution(), caution, *[""] * (width - 1)])
    for one in held:
        rows = [["", one["note"]]] if one["note"] else []
        rows += [[told["heading"], told["text"]] for told in one["sentences"]]
        if one["table"]["rows"]:
            rows += [one["table"]["header"], *one["table"]["rows"]]
        lines.writerows([one["title"], *row, *[""] * (width - len(row))] for row in rows)
    return file.getvalue()


def _caution() -> str:
    return _(
        "No calibration on French local shocks exists: every figure of behaviour is a hypothesis with a range. Use this document to find what lacks "
        "first and to compare levers, not to predict losses."
    )


def _data(stress: Stress, title: str, caution: str, parts: list[Part], day: date) -> dict[str, Any]:
    language = current_language()
    titles = ", ".join(shock(name).titles[language] for name in stress.request.shocks)
    told = provenance(stress)
    return {
        "lang": language, "region": "fr" if language == "fr" else "gb", "year": day.year, "month": day.month, "day": day.day, "page": _("Page"),
        "title": title.format(shock=titles, place=stress.ground.name),
        "subtitle": _("Ressort {version}, {runs} runs, seed {seed}, data {vintage}, digest {digest}: `ressort replay` plays the same again.").format(
            runs=stress.request.runs, **told),
        "caution": f"{_caution()} {caution}",
        "parts": [one for one in parts if one["sentences"] or one["table"]["rows"] or one["chart"]],
    }  # fmt: skip
