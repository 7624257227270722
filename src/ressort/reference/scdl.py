"""The published schemas of local data that calls for projects fill: subsidies, decisions of the assembly, aid schemes."""

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from ressort.core.calls import Field, Schema
from ressort.core.errors import UnknownCode


@cache
def schemas() -> dict[str, Schema]:
    """The schemas, by name."""
    home = files("ressort.reference") / "calls"
    read = [_schema(tomllib.loads(file.read_text("utf-8"))) for file in home.iterdir() if file.name.startswith("scdl_")]
    return {one.name: one for one in sorted(read, key=lambda one: one.name)}


def schema(name: str) -> Schema:
    """One schema.

    Raises:
        UnknownCode: no schema bears that name.
    """
    if name not in schemas():
        raise UnknownCode("No schema is called {name}; there are {choices}.", name=name, choices=list(schemas()))
    return schemas()[name]


def _schema(raw: dict[str, Any]) -> Schema:
    return Schema(
        name=raw["name"],
        version=raw["version"],
        title=raw["title"],
        url=raw["url"],
        fields=tuple(_field(one) for one in raw["fields"]),
    )


def _field(one: dict[str, Any]) -> Field:
    bounds: dict[str, Any] = {name: Decimal(one[name]) for name in ("low", "high") if name in one}
    rest = {name: value for name, value in one.items() if name not in ("low", "high", "choices")}
    return Field(**rest, **bounds, choices=tuple(one.get("choices", ())))
