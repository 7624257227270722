"""How a figure is said on screen: value, range, status, reason, source, bar."""

from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop as lazy

from ressort.core.errors import UnknownCode
from ressort.core.figure import Figure
from ressort.core.territory import Territory
from ressort.language import current_language, number
from ressort.language import gettext as _
from ressort.reference import Card
from ressort.reference.indicators import indicator
from ressort.web.diagnosis import queries
from ressort.web.templatetags.wording import UNKNOWN
from ressort.web.territories.queries import KINDS, codes_of

register = template.Library()

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
    """The kind of a territory, in words."""
    name = _(KINDS[kind]) if kind in KINDS else kind
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
