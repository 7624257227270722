"""Hypotheses on who invests and who earns: those of the reference, each replaced by one's own where one is given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from ressort.core.energy import Terms
from ressort.core.errors import InputError, RuleBroken, UnknownCode
from ressort.language import current_language
from ressort.reference import table

TABLE = "energy/local_return"
CENTS, BP = 100, 10_000
#: most that a hypothesis may say: euros by kilowatt, or a share by year
MOST_EUR, MOST_SHARE = 100_000.0, 1.0
#: hypotheses of one's own by name, sorted: `(("wind.investment", 1200.0),)`
OwnTerms = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One hypothesis on one kind of plant, in euros by kilowatt (and year) or a share by year; see the card of `energy/local_return`."""

    resource: str
    term: str
    value: float
    low: float
    high: float
    unit: str
    status: str
    source_en: str
    source_fr: str
    is_own: bool = False

    @property
    def name(self) -> str:
        """How it is called: `wind.investment`."""
        return f"{self.resource}.{self.term}"

    @property
    def source(self) -> str:
        """The study and the year it comes from, in the language in force."""
        return self.source_fr if current_language() == "fr" else self.source_en


@cache
def _published() -> dict[str, Hypothesis]:
    rows = table(TABLE).rename({"source": "source_en"}).with_columns(pl.col("value", "low", "high").cast(pl.Float64))
    found = [Hypothesis(**row) for row in rows.to_dicts()]
    return {one.name: one for one in found}


def hypotheses(own: OwnTerms = ()) -> list[Hypothesis]:
    """Every hypothesis in force, those of one's own in the place of the published ones."""
    given = dict(own)
    return [
        Hypothesis(one.resource, one.term, value, value, value, one.unit, "hypothesis", "", "", is_own=True)
        if (value := given.get(name)) is not None
        else one
        for name, one in _published().items()
    ]


def own_hypotheses(given: Mapping[str, float]) -> OwnTerms:
    """Hypotheses of one's own, checked: `own_hypotheses({"wind.investment": 1200})`.

    Raises:
        UnknownCode: no hypothesis bears that name. RuleBroken: a value out of its range.
    """
    known = _published()
    for name, value in given.items():
        if name not in known:
            raise UnknownCode("{name} is not a hypothesis; they are {choices}.", name=name[:40], choices=list(known))
        most = MOST_SHARE if known[name].unit == "share_per_year" else MOST_EUR
        if not 0 <= value <= most:
            raise RuleBroken("{name} lies between 0 and {most}, not {value}.", name=name, most=most, value=value)
    return tuple(sorted((name, float(value)) for name, value in given.items()))


def read_hypotheses(texts: Iterable[str]) -> OwnTerms:
    """Hypotheses as people write them: `wind.investment=1200`, `roofs.return=0,04`.

    Raises:
        InputError: a text that does not read so. UnknownCode, RuleBroken: as in `own_hypotheses`.
    """
    given = {}
    for text in texts:
        name, _sign, value = text.partition("=")
        try:
            given[name.strip()] = float(value.strip().replace(",", "."))
        except ValueError:
            raise InputError("{text} is not a hypothesis: write NAME=NUMBER, as in wind.investment=1200.", text=text[:60]) from None  # fmt: skip
    return own_hypotheses(given)


def terms(own: OwnTerms = ()) -> dict[str, Terms]:
    """The hypotheses in force, by resource, in cents and basis points."""
    rows: dict[str, dict[str, tuple[int, int, int]]] = {}
    for one in hypotheses(own):
        scale = BP if one.unit == "share_per_year" else CENTS
        low, central, high = (int(np.rint(end * scale)) for end in (one.low, one.value, one.high))
        rows.setdefault(one.resource, {})[one.term] = (low, central, high)
    return {
        key: Terms(found["investment"], found["return"], found["tax"], found["rent"]) for key, found in rows.items()
    }
