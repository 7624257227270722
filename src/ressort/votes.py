"""Votes of a participatory budget from Python: a file in, a count out.

>>> import ressort                                                  # doctest: +SKIP
>>> outcome = ressort.count_votes("votes.pb")                       # doctest: +SKIP
>>> outcome.winners                                                 # doctest: +SKIP
>>> from ressort.core.budget import Rules, explain                  # doctest: +SKIP
>>> explain(ressort.count_votes("votes.pb", Rules(rule="phragmen"))).losers[0]  # doctest: +SKIP
"""

from pathlib import Path

from ressort.core.budget import Election, Outcome, Reading, Rules, count, read_pb, rules_in
from ressort.core.errors import InputError, RuleBroken


def reading_of(path: str | Path, *, lenient: bool = False) -> Reading:
    """What a `.pb` file holds, or its problems with their lines; read as a stream.

    Raises:
        InputError: there is no such file.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError("There is no file {path}.", path=str(file))
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
        return read_pb(lines, lenient=lenient)


def read_votes(path: str | Path, *, lenient: bool = False) -> Election:
    """The election of a `.pb` file.

    Raises:
        InputError: there is no such file. RuleBroken: its problems, all at once.
    """
    reading = reading_of(path, lenient=lenient)
    if reading.election is None:
        told = [f"{one.line}: {RuleBroken(one.template, **one.facts)}" for one in reading.problems]
        raise RuleBroken("{path} was not read:\n{problems}", path=str(path), problems="\n".join(told))
    return reading.election


def count_votes(path: str | Path, rules: Rules | None = None, *, lenient: bool = False) -> Outcome:
    """The count of a `.pb` file, under some rules, else those that it holds, else equal shares, add1, then greedy.

    Raises:
        InputError, RuleBroken: as `read_votes`; rules that cannot be followed. NoSolution: winners asked in groups that cannot be had.
    """
    election = read_votes(path, lenient=lenient)
    return count(election, rules or rules_in(election))
