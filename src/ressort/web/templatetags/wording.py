"""Filters and tags that every template has at hand."""

from typing import Any

from django import template
from django.http import HttpRequest

from ressort.web import wording

register = template.Library()
register.filter("number", wording.number)
register.filter("readable", wording.readable)
register.filter("percent", wording.percent)


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], code: str) -> str:
    """The address of this very page, with all its state, in another language."""
    request: HttpRequest | None = context.get("request")
    path = request.get_full_path() if request else str(context.get("path", "/"))
    bare = path.removeprefix("/en") or "/"
    if not bare.startswith("/"):
        bare = path
    return f"/en{bare}" if code == "en" else bare
