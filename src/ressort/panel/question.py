"""The question of a panel, read from files or tables."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ressort.core.errors import InputError, RuleBroken
from ressort.core.panel import (
    Missing,
    Pool,
    Quota,
    TableRefused,
    Types,
    merged,
    quotas_from_population,
    read_pool,
    read_population,
    read_quotas,
    read_table,
    vacancy,
)
from ressort.language import gettext as _
from ressort.panel.words import problems_told

Given = str | Path | bytes | pl.DataFrame


@dataclass(frozen=True)
class Question:
    """Who may be drawn, under which quotas, for how many seats; with those who already sit, for replacements."""

    pool: Pool
    quotas: tuple[Quota, ...]
    types: Types
    household_limit: int | None = None
    seated: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()

    def is_same(self, other: "Question") -> bool:
        """Whether the other asks the same of the same people."""
        return self._told() == other._told()

    def _told(self) -> tuple[object, ...]:
        return self.pool, self.quotas, self.types.seats, self.household_limit, self.seated, self.gone


def ask(
    volunteers: Given,
    quotas: Given,
    seats: int,
    *,
    identifier: str | None = None,
    household: str | None = None,
    household_limit: int = 1,
    missing: Missing = "refuse",
    merge: bool = False,
    seated: Collection[str] = (),
    gone: Collection[str] = (),
) -> Question:
    """The question of a pool and quotas, read from files (CSV), bytes or tables.

    Args:
        household: column that marks households; then at most `household_limit` people of one household are drawn.
        seated, gone: identifiers of those who stay and of those who left; the draw then fills the empty seats.

    Raises:
        InputError: a file that cannot be read as a table, a column or a person that is not there.
        RuleBroken: problems in a table, each with its line.
    """
    wanted = _read(quotas, read_quotas)
    pool = _read(
        volunteers,
        lambda table: read_pool(
            table, wanted, identifier=identifier, household=household, missing=missing, merge=merge
        ),
    )
    limit = household_limit if household else None
    if not seated and not gone:
        return Question(pool, wanted, merged(pool, wanted, seats, limit), limit)
    stay, left = (tuple(sorted(_numbers(pool, some))) for some in (seated, gone))
    rest, types = vacancy(pool, wanted, seats, stay, left, limit)
    return Question(rest, types.quotas, types, limit, stay, left)


def population_quotas(population: Given, seats: int, widen: int = 0) -> tuple[Quota, ...]:
    """Quotas around the shares of a population, from a table with the columns critere, valeur and population.

    Raises:
        InputError: no such column. RuleBroken: a line that is not a number of people.
    """
    if seats < 1 or widen < 0:
        raise InputError("A panel of {seats} people has nobody in it. Ask for one seat at least.", seats=seats)
    return quotas_from_population(_read(population, read_population), seats, widen)


def _read(given: Given, understand: Any) -> Any:
    name, content = _content(given)
    try:
        return understand(read_table(content))
    except TableRefused as error:
        raise RuleBroken(
            "{path} was not read:\n{problems}", path=name, problems="\n".join(problems_told(error))
        ) from error


def _content(given: Given) -> tuple[str, bytes]:
    if isinstance(given, pl.DataFrame):
        return _("the table"), given.write_csv().encode()
    if isinstance(given, bytes):
        return _("the table"), given
    path = Path(given)
    if not path.is_file():
        raise InputError("There is no file {path}.", path=str(path))
    return str(path), path.read_bytes()


def _numbers(pool: Pool, ids: Collection[str]) -> list[int]:
    number_of = dict(zip(pool.ids, pool.numbers, strict=True))
    unknown = sorted(set(ids) - number_of.keys())
    if unknown:
        raise InputError("No volunteer is called {id}.", id=unknown[0])
    return [number_of[one] for one in ids]
