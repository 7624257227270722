"""The library of shocks, levers and needs: TOML files an officer can read and correct.

resilience/shocks/<name>.toml   what happens, to whom, how long, with ranges     resilience/levers/<name>.toml   what it changes, cost, delay, who acts
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ressort.core.errors import UnknownCode
from ressort.reference.resilience_toml import Follow, Lever, Shock, ShockEffect, read_lever, read_shock
from ressort.reference.tables import table
from ressort.reference.toml_words import Span

__all__ = [
    "Follow", "Lever", "Need", "Shock", "ShockEffect", "Span", "lever", "levers", "needs", "read_lever", "read_shock", "shock", "shocks",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """A vital need: what serves it, its threshold, what people keep at home."""

    name: str
    labels: dict[str, str]
    products: tuple[str, ...]
    vital_share: float
    store_days: Span


@cache
def shocks() -> dict[str, Shock]:
    """Every shock of the library, by name."""
    return {name: read_shock(name, text) for name, text in _texts("shocks")}


@cache
def levers() -> dict[str, Lever]:
    """Every lever of the library, by name."""
    return {name: read_lever(name, text) for name, text in _texts("levers")}


@cache
def needs() -> tuple[Need, ...]:
    """The vital needs, in the order of every array."""
    return tuple(
        Need(
            row["need"], {"fr": row["label_fr"], "en": row["label_en"]}, tuple(row["branches"].split("|")), row["vital_share"],
            Span(row["store_low_days"], row["store_central_days"], row["store_high_days"]),
        )
        for row in table("resilience/needs").to_dicts()
    )  # fmt: skip


def shock(name: str) -> Shock:
    """One shock.

    Raises:
        UnknownCode: no shock bears that name.
    """
    if name not in shocks():
        raise UnknownCode("No shock is called {name}; the shocks are {choices}.", name=name, choices=list(shocks()))
    return shocks()[name]


def lever(name: str) -> Lever:
    """One lever.

    Raises:
        UnknownCode: no lever bears that name.
    """
    if name not in levers():
        raise UnknownCode("No lever is called {name}; the levers are {choices}.", name=name, choices=list(levers()))
    return levers()[name]


def _texts(folder: str) -> list[tuple[str, str]]:
    home = files("ressort.reference") / "resilience" / folder
    found = [
        (one.name.removesuffix(".toml"), one.read_text("utf-8")) for one in home.iterdir() if one.name.endswith(".toml")
    ]
    return sorted(found)
