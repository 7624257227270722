"""How a figure is said on screen: value, range, status, reason, source, bar."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop as lazy
from markupsafe import escape

from ressort.core.errors import UnknownCode
from ressort.core.figure import Figure, Status
from ressort.core.territory import Territory
from ressort.language import current_language, number
from ressort.language import gettext as _
from ressort.language import kind_name as kind_named
from ressort.reference import Card
from ressort.reference.indicators import indicator
from ressort.web.diagnosis import queries
from ressort.web.templatetags.wording import UNKNOWN, beside, in_words, shown, spread
from ressort.web.territories.queries import anywhere, at_place, codes_of

register = template.Library()

#: formats in which each table is offered
EXTENSIONS = ("csv", "parquet", "geojson", "json")
#: status → word, and what it means
STATUSES = {
    "observed": (lazy("observed"), lazy("published as such by its producer")),
    "derived": (lazy("derived"), lazy("worked out from published figures, without assumption")),
    "estimated": (lazy("estimated"), lazy("an estimate: read the range rather than the value")),
    "hypothesis": (lazy("assumption"), lazy("rests on an assumption that you may change")),
    "missing": (lazy("missing"), lazy("not known")),
}
REASONS = {
    "secret": lazy("under statistical secrecy: too few households or farms to publish"),
    "not_available": lazy("no public figure reaches this level"),
    "not_applicable": lazy("does not apply here"),
    "not_fetched": lazy("exists at its producer; whoever runs this site can fetch it with “ressort data sync”"),
}


@register.simple_tag
def kind_name(kind: str) -> str:
    """The kind of a territory, as a sentence or a cell begins with it."""
    name = kind_named(kind)
    return name[:1].upper() + name[1:]


@register.filter
def shown_bare(figure: Figure) -> str:
    """The value of a figure without its unit."""
    return UNKNOWN if figure.value is None else number(figure.value)


@register.filter
def words(text: str) -> list[str]:
    """A text cut at its blanks."""
    return text.split()


@register.simple_tag
def status_name(status: str) -> str:
    """A status and what it means."""
    word, meaning = STATUSES[status]
    return f"{_(word)} – {_(meaning)}"


@register.simple_tag
def status_word(status: str | None) -> str:
    """A status in a word."""
    return _(STATUSES[status][0]) if status in STATUSES else (_(status) if status else "")


@register.simple_tag
def status_tag(figure: Figure) -> SafeString:
    """A status in a word, in its shape."""
    return _status_tag(figure.status, current_language())


@lru_cache(maxsize=16)
def _status_tag(status: str, _code: str) -> SafeString:
    return format_html('<span class="tag {}">{}</span>', status, _(STATUSES[status][0]))


@register.simple_tag
def producer_link(card: Card) -> SafeString:
    """The producer of a table, as a link where its card holds an address."""
    if not card.address:
        return format_html("{}", _(card.producer))
    return format_html('<a href="{}" rel="external">{}</a>', card.address, _(card.producer))


@register.simple_tag
def why_missing(figure: Figure) -> str:
    """Why a figure is missing."""
    return _(REASONS[figure.reason]) if figure.reason in REASONS else _("not known")


@register.simple_tag
def bar(length: float | None) -> SafeString:
    """A bar from zero, as long as the share says."""
    width = round(100 * min(1.0, max(0.0, length or 0.0)), 1)
    return mark_safe(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="track" width="100" height="8"/><rect class="fill" width="{width}" height="8"/></svg>'
    )


def cells(figures: list[Figure]) -> SafeString:
    """The cells of a row where figures stand beside those of others."""
    unknown = f'<td class="n"><span class="tag missing">{escape(_("not known"))}</span></td>'
    told = (f'<td class="n">{escape(beside(one))}</td>' if one.known else unknown for one in figures)
    return mark_safe("".join(told))


def figure_rows(lines: list[dict[str, Any]]) -> SafeString:
    """The rows of the table of all figures: label, value, range, status, year."""
    told = (
        f'<tr><th scope="row">{escape(line["label"])}</th><td class="n">{escape(shown(line["figure"]))}</td>'
        f'<td class="n">{escape(spread(line["figure"]))}</td>{_known_by(line["figure"].status, line["figure"].year, current_language())}</tr>'
        for line in lines
    )
    return mark_safe("".join(told))


@lru_cache(maxsize=512)
def _known_by(status: str, year: str, _language: str) -> str:
    return f"<td>{escape(status_word(status))}</td><td>{escape(in_words(year))}</td>"


def file_rows(place: Territory, tables: dict[str, str]) -> SafeString:
    """The rows of the table of files: each table of the page in each of four formats."""
    if place.kind == "CUSTOM":
        return _file_rows(tables, lambda name, extension: table_url(place, name, extension))
    return mark_safe(at_place(_file_rows_anywhere(tuple(tables.items()), current_language()), place.kind, place.code))


@lru_cache(maxsize=16)
def _file_rows_anywhere(tables: tuple[tuple[str, str], ...], _language: str) -> str:
    """The same for a territory of the table whose kind and code are to be written."""
    return _file_rows(dict(tables), lambda name, extension: anywhere("diagnosis:table", name, extension))


def _file_rows(tables: dict[str, str], url: Callable[[str, str], str]) -> SafeString:
    rows = []
    for name, title in tables.items():
        links = (
            f'<td><a href="{escape(url(name, one))}" aria-label="{escape(title)}, {one}">{one}</a></td>'
            for one in EXTENSIONS
        )
        rows.append(f'<tr><th scope="row">{escape(title)}</th>{"".join(links)}</tr>')
    return mark_safe("".join(rows))


def how_begins(figure: Figure) -> SafeString:
    """“How is it computed?”, up to the range."""
    return _how("begins", figure.how, figure.status, figure.year, figure.source, figure.note, current_language())


def how_ends(figure: Figure) -> SafeString:
    """“How is it computed?”, after the range."""
    return _how("ends", figure.how, figure.status, figure.year, figure.source, figure.note, current_language())


@lru_cache(maxsize=4096)
def _how(part: str, how: str, status: Status, year: str, source: str, note: str, _language: str) -> SafeString:
    """The same words for every territory whose figure is known in the same way, so kept."""
    reason = "not_available" if status == "missing" else None
    value = None if status == "missing" else 0.0
    told = Figure(value=value, unit="ratio", status=status, year=year, source=source, how=how, reason=reason, note=note)
    context = {"figure": told, "about": explain(told)}
    return mark_safe(render_to_string(f"diagnosis/how_{part}.html", context))


@register.simple_tag
def explain(figure: Figure) -> dict[str, Any]:
    """What “how is it computed?” answers for a figure."""
    code = current_language()
    try:
        told = indicator(figure.how)
    except UnknownCode:
        return {
            "how": "",
            "limits": "",
            "status": _(STATUSES[figure.status][1]),
            "card": queries.source_card(figure.source),
        }
    return {
        "how": told.how(code),
        "limits": told.limits(code),
        "status": _(STATUSES[figure.status][1]),
        "card": queries.source_card(figure.source),
    }


@register.simple_tag
def screen_url(place: Territory, name: str) -> str:
    """The address of a screen of a territory."""
    return queries.link(place, name)


@register.simple_tag
def group_codes(place: Territory) -> str:
    """The communes of a group as written in its address."""
    return ",".join(codes_of(place))


@register.simple_tag
def chart_url(place: Territory, name: str, theme: str, query: dict[str, str] | None = None) -> str:
    """The address of a chart; `query` holds the levers of a scenario."""
    return queries.link(place, "chart", name, query={"theme": theme} | (query or {}))


@register.simple_tag
def table_url(place: Territory, name: str, extension: str, query: dict[str, str] | None = None) -> str:
    """The address of a table as a file."""
    return queries.link(place, "table", name, extension, query=query or {})
