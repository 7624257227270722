"""The PDF report of a territory: tagged (PDF/UA-1), the same tables and charts as the screen."""

import io
import json
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from ressort.diagnosis import report_tables
from ressort.diagnosis.charts import REPORT_FONT, svg
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.scenario_words import in_words
from ressort.diagnosis.words import synthesis, with_range
from ressort.language import current_language, quantity
from ressort.language import gettext as _
from ressort.reference import cards, synced_cards
from ressort.reference.indicators import indicators
from ressort.whole_file import writable, write_whole

CARDS = (
    "population_people",
    "land_needed_ha",
    "adequacy_capped_share",
    "land_available_ha",
    "jobs_needed_fte",
    "ghg_kgco2e_per_people",
)
CHARTS = ("groups", "scales", "scale_groups", "families")
#: a longer address, such as that of a group of hundreds of communes, makes no code that a telephone reads
MOST_CODED_CHARACTERS = 800


def write_report(diagnosis: Diagnosis, path: Path, address: str = "", day: date | None = None) -> Path:
    """Write the report whole or not at all, and give its path.

    Raises:
        RuleBroken: the folder does not exist, or the path is a folder.
    """
    return write_whole(writable(path), report(diagnosis, address, day))


def report(diagnosis: Diagnosis, address: str = "", day: date | None = None) -> bytes:
    """The report as PDF bytes, in the language in force.

    Args:
        address: address of the live page, printed with a QR code when given.
        day: date of the report; the same day, the same bytes.
    """
    import typst

    template = (files("ressort.diagnosis") / "report.typ").read_bytes()
    data = json.dumps(_data(diagnosis, address, day or date.today()), ensure_ascii=False)
    return bytes(
        typst.compile(template, format="pdf", pdf_standards="ua-1", sys_inputs={"data": data}, ignore_system_fonts=True)
    )


def _data(diagnosis: Diagnosis, address: str, day: date) -> dict[str, Any]:
    lang = current_language()
    address = address if len(address) <= MOST_CODED_CHARACTERS else ""
    return {
        "lang": lang,
        "region": "fr" if lang == "fr" else "gb",
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "title": _("Diagnosis of {territory}").format(territory=diagnosis.territory.label),
        "subtitle": _subtitle(diagnosis, day),
        "cards": [_card(diagnosis, key) for key in CARDS],
        "sentences": [sentence.text for sentence in synthesis(diagnosis)],
        "groups": report_tables.groups(diagnosis),
        "families": report_tables.families(diagnosis),
        "drivers": report_tables.drivers(diagnosis),
        "choices": report_tables.choices(diagnosis),
        "production": report_tables.production(diagnosis),
        "comparison": report_tables.comparison(diagnosis),
        "similar": report_tables.similar(diagnosis),
        "figures": report_tables.figures(diagnosis),
        "missing": report_tables.missing(diagnosis),
        "methods": [
            {"label": i.label(lang), "how": i.how(lang), "limits": i.limits(lang)}
            for key, i in indicators().items()
            if key in diagnosis.figures and diagnosis.figures[key].reason != "not_fetched"
        ],
        "sources": _sources(diagnosis),
        "charts": {name: _chart(diagnosis, name) for name in CHARTS} if diagnosis.food else {},
        "address": address,
        "qr": _qr(address) if address else "",
        "words": _words(),
    }


def _subtitle(diagnosis: Diagnosis, day: date) -> str:
    """The day, then what makes this report another than today's: levers moved, figures of one's own."""
    told = [_("Ressort, {day}. Figures with their year, source and status; estimates with their range.")]
    if diagnosis.levers.to_query():
        told.append(_("Scenario, and not today: {levers}."))
    if diagnosis.own.provenance:
        told.append(_("With figures of the territory’s own: {sources}."))
    return " ".join(told).format(
        day=_told_day(day),
        levers=in_words(diagnosis.levers),
        sources=", ".join(diagnosis.own.provenance),
    )


def _words() -> dict[str, str]:
    return {
        "page": _("page"),
        "synthesis": _("In short"),
        "groups": _("Land needed and available"),
        "groups_note": _(
            "Areas below the département are estimates: its hectares spread in proportion to land outside towns."
        ),
        "scales": _("The right scale"),
        "families": _("What the plate takes"),
        "doubt": _("How sure is it?"),
        "doubt_note": _(
            "Part of the width of the range of the land needed that goes with each hypothesis, then the land needed under each choice."
        ),
        "production": _("What is grown and raised here"),
        "comparison": _("Compared with larger territories"),
        "similar": _("The ten most similar territories"),
        "similar_note": _("Same kind; near in population, density, living standard and land. This is no ranking."),
        "figures": _("All figures"),
        "missing": _("What is missing, and why"),
        "nothing_missing": _("No figure is missing."),
        "methods": _("How each figure is computed"),
        "sources": _("Sources and licences"),
        "live": _("This report and its scenarios, up to date:"),
        "qr_alt": _("QR code of the address of the page"),
    }


def _card(diagnosis: Diagnosis, key: str) -> dict[str, str]:
    figure = diagnosis.figures[key]
    value = (
        _("not known")
        if figure.value is None
        else quantity(figure.value, figure.unit, None if figure.status == "observed" else 2)
    )
    spread = ""
    if figure.low is not None and figure.high is not None:
        spread = with_range(figure)[len(value) :].strip()
    return {"label": indicators()[key].label(current_language()), "value": value, "range": spread or figure.year}


def _sources(diagnosis: Diagnosis) -> list[dict[str, str]]:
    used = {figure.source for figure in diagnosis.figures.values() if figure.known} | {
        "food/yields_by_region",
        "food/feed_rations",
        "food/organic_ratios",
    }
    used |= {row["source"] for row in diagnosis.table("production").to_dicts()}
    known = cards() | synced_cards()
    return [
        {name: _(getattr(known[key], name)).removesuffix(".") for name in ("title", "producer", "year", "licence")}
        | {"url": known[key].address}
        for key in sorted(used)
        if key in known
    ]


def _chart(diagnosis: Diagnosis, name: str) -> dict[str, str]:
    chart = diagnosis.chart(name)
    title = str(chart.title)
    return {
        "svg": svg(chart.properties(title=""), REPORT_FONT),
        "caption": title,
        "alt": _("Chart: {title}. Its figures are in the tables of this report.").format(title=title),
    }


def _qr(address: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make(address).save(out, kind="svg", border=1)
    return out.getvalue().decode()


_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def _told_day(day: date) -> str:
    if current_language() == "fr":
        return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day:%d %B %Y}".lstrip("0")
