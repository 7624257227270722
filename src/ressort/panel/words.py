"""What problems and ways out sound like, in the language in force."""

from collections.abc import Sequence

from ressort.core.errors import RuleBroken
from ressort.core.panel import Pool, Problem, Quota, Relaxed, TableRefused, seat_problems
from ressort.language import HARD, named
from ressort.language import gettext as _


def seats_told(pool: Pool, quotas: Sequence[Quota], seats: int) -> list[str]:
    """What stands in the way criterion by criterion, in the language in force."""
    found = seat_problems(pool, quotas, seats)
    return [named(problem.column, said(problem)) for problem in found]


def changes_told(way: Relaxed) -> str:
    """A relaxation in words: `âge, 16-24 : minimum 5 → 4`."""
    names = {"min": _("minimum"), "max": _("maximum")}
    return f"{HARD}; ".join(
        named(f"{change.criterion}, {change.value}", f"{names[change.bound]} {change.before} → {change.after}")
        for change in way.changes
    )


def problems_told(error: TableRefused) -> list[str]:
    """Each problem of a table with its line, in the language in force."""
    found: list[Problem] = sorted(error.facts["list"], key=lambda problem: (problem.line, problem.column))
    return [
        _("line {line}, {column}: {problem}").format(line=one.line, column=one.column, problem=said(one))
        for one in found
    ]


def said(problem: Problem) -> str:
    """A problem in the language in force."""
    return RuleBroken(problem.template, **problem.facts).say(_)
