"""Single figures of local currencies, each with its status and source; a repealed value stays, with its last day."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ressort.core.errors import MissingData, UnknownCode


@cache
def parameters() -> list[dict[str, Any]]:
    """Every figure: key, value, status, and since, until, source, note where known."""
    text = (files("ressort.reference") / "currency" / "parameters.toml").read_text("utf-8")
    return tomllib.loads(text)["parameter"]


def parameter(key: str, on: date | None = None) -> Any:
    """The value of a figure on a day (any day by default).

    Raises:
        UnknownCode: nothing bears that key. MissingData: it had no value that day.
    """
    known = [one for one in parameters() if one["key"] == key]
    if not known:
        raise UnknownCode(
            "No figure of local currencies is called {key}. They are: {choices}.",
            key=key,
            choices=sorted({one["key"] for one in parameters()}),
        )
    held = [one for one in known if on is None or one.get("since", date.min) <= on <= one.get("until", date.max)]
    if not held:
        raise MissingData("{key} had no value on {day}.", key=key, day=str(on))
    return held[-1]["value"]
