"""The text of an agreement as a tagged PDF (PDF/UA-1): parts with their paragraphs and tables, then a place for each signature."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.resources import files

from ressort.language import current_language
from ressort.language import gettext as _


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; `numbers`: the columns that are numbers."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """An article: its title, its paragraphs, its table."""

    title: str
    paragraphs: list[str]
    table: Table = field(default_factory=Table)


@dataclass(frozen=True, slots=True)
class Signed:
    """A party and what its signature says, or a place to sign."""

    party: str
    told: str
    is_signed: bool


def contract(title: str, subtitle: str, caution: str, parts: list[Part], signatures: list[Signed], day: date) -> bytes:
    """The text as PDF bytes, in the language in force; the same day, the same bytes. Parts without words or rows are left out."""
    import typst

    language = current_language()
    data = {
        "lang": language, "region": "fr" if language == "fr" else "gb", "year": day.year, "month": day.month, "day": day.day,
        "page": _("page"), "title": title, "subtitle": subtitle, "caution": caution,
        "parts": [asdict(one) for one in parts if one.paragraphs or one.table.rows],
        "signatures": [asdict(one) for one in signatures], "signatures_title": _("Signatures"),
    }  # fmt: skip
    template = (files("ressort.exchanges") / "contract.typ").read_bytes()
    return bytes(
        typst.compile(
            template, format="pdf", pdf_standards="ua-1", sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            ignore_system_fonts=True,
        )
    )  # fmt: skip
