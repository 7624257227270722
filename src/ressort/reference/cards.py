"""The card of a table: who produced it, when, under which licence, in which units, how sure it is."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from ressort.core.errors import UnknownCode


@dataclass(frozen=True, slots=True)
class Card:
    """What a table says of itself. `key` is `domain/name`."""

    key: str
    title: str
    producer: str
    upstream: str
    url: str
    licence: str
    year: str
    unit_notes: str
    status: str
    columns: dict[str, str]
    retrieved: str = ""
    cautions: tuple[str, ...] = ()
    checks: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The first web address that `url` holds; nothing where it sends to a column of the table or to a page of ours."""
        found = re.search(r"https?://[^\s;,]+", self.url)
        return found[0] if found else ""


_TEXTS = ("title", "producer", "upstream", "url", "licence", "year", "unit_notes", "status")


def read_card(key: str, text: str) -> Card:
    """The card written in a TOML text."""
    raw = tomllib.loads(text)
    known = {name: str(raw.pop(name)) for name in _TEXTS}
    return Card(
        key=key,
        **known,
        columns=raw.pop("columns"),
        retrieved=str(raw.pop("retrieved", "")),
        cautions=tuple(raw.pop("cautions", ())),
        checks=raw.pop("checks", ""),
        facts=raw,
    )


@cache
def cards() -> dict[str, Card]:
    """The cards of all the tables shipped with the program, by key."""
    found = {}
    for domain in _shipped().iterdir():
        if domain.is_dir() and not domain.name.startswith("_"):
            for file in domain.iterdir():
                if (
                    file.name.endswith(".toml")
                    and (domain / file.name.replace(".toml", ".csv")).is_file()
                    | (domain / file.name.replace(".toml", ".parquet")).is_file()
                ):
                    key = f"{domain.name}/{file.name.removesuffix('.toml')}"
                    found[key] = read_card(key, file.read_text("utf-8"))
    return dict(sorted(found.items()))


def card(key: str) -> Card:
    """The card of one table, shipped or brought by `ressort data sync`.

    Raises:
        UnknownCode: no table bears that key.
    """
    from ressort.reference.tables import synced_cards  # it reads cards with this module

    if key in cards():
        return cards()[key]
    brought = synced_cards()
    if key not in brought:
        raise UnknownCode("No table is called {key}. The tables are: {choices}.", key=key, choices=list(cards()))
    return brought[key]


def _shipped() -> Traversable:
    return files("ressort.reference")
