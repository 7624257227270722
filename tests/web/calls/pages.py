"""Pages of a call, filled and sent, as several tests use them."""

from typing import Any

from django.urls import reverse


def url(name: str, *args: Any) -> str:
    return reverse(f"calls:{name}", args=args)


def text(answer: Any) -> str:
    """The page, its unbreakable spaces made plain."""
    return str(answer.content.decode().replace("\xa0", " ").replace("\u202f", " "))


def bound(form: Any) -> dict[str, Any]:
    return {one.name: "" if one.value() is None else one.value() for one in form}
