"""The ranking: exact totals, a declared tie rule, and what decided each place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Literal

from ressort.core.calls.grid import Grid, Marks
from ressort.core.calls.reviews import Reviewed
from ressort.core.errors import MissingData, RuleBroken

#: what separates equal totals, in the order declared by the rules of the call; never the order of arrival
TieStep = Literal["criteria", "amount", "draw"]
TIE_RULE: tuple[TieStep, ...] = ("criteria", "amount", "draw")


@dataclass(frozen=True, slots=True)
class Ranked:
    """One file in the ranking.

    Args:
        place: 1 for the best; files that nothing separates share it; None when not fundable.
        score: total 0–1, exact.
        failed: why it is not fundable, as messages; empty when it is.
        decided_by: what separated it from the file before: "score", "criteria", "amount" or "draw".
        tied_with: files that only a public draw can separate, itself aside.
    """

    application: str
    place: int | None
    score: Fraction
    marks: Marks
    gaps: Marks
    disagreements: tuple[str, ...]
    failed: tuple[RuleBroken, ...] = ()
    decided_by: str = "score"
    tied_with: tuple[str, ...] = ()

    @property
    def is_fundable(self) -> bool:
        """Whether it may be funded."""
        return not self.failed


def rank(
    files: Iterable[Reviewed],
    grid: Grid,
    amounts_cents: Mapping[str, int] | None = None,
    tie_rule: Sequence[TieStep] = TIE_RULE,
    draw: Sequence[str] = (),
) -> list[Ranked]:
    """Files from the best to the worst, those that may not be funded last.

    Ties of exact totals go to the higher mark on the heaviest criterion, then on the next ones, then to the smaller amount,
    then to a public draw. Without its result, files still equal share a place and are named: nothing decides in silence.

    Args:
        amounts_cents: what each file asks; needed when "amount" separates two files.
        draw: all the files in the order of a public draw.

    Raises:
        MissingData: the draw leaves out a file that it must place.
    """
    known = amounts_cents or {}
    by_weight = sorted(range(len(grid.criteria)), key=lambda j: -grid.criteria[j].weight)
    drawn = {name: i for i, name in enumerate(draw)}

    def keys(file: Reviewed, score: Fraction, failed: bool) -> list[tuple[str, tuple[object, ...]]]:
        steps: dict[str, tuple[object, ...]] = {
            "criteria": tuple(-(mark if mark is not None else Fraction(-1)) for mark in _by(file.marks, by_weight)),
            "amount": (known.get(file.application, 0),),
            "draw": (drawn.get(file.application, 0),) if drawn else (0,),
        }
        return [("score", (failed, -score)), *((step, steps[step]) for step in tie_rule)]

    lines = []
    for file in files:
        score = grid.score(file.marks)
        failed = tuple(shortcomings(file, score, grid))
        lines.append((keys(file, score, bool(failed)), file, score, failed))
    lines.sort(key=lambda line: ([key for _step, key in line[0]], line[1].application))
    _refuse_undrawn([[line[1].application for line in group] for group in _equal(lines)], drawn)
    return _placed(lines)


def left_to_the_lot(ranked: Sequence[Ranked]) -> list[tuple[str, ...]]:
    """Groups of files that everything but a lot leaves equal, whether it was drawn or not."""
    groups: list[list[str]] = []
    for one in ranked:
        if one.is_fundable and one.decided_by == "draw":
            groups[-1].append(one.application)
        else:
            groups.append([one.application])
    return [tuple(group) for group in groups if len(group) > 1]


def shortcomings(file: Reviewed, score: Fraction, grid: Grid) -> Iterable[RuleBroken]:
    """Why a file may not be funded: each threshold it misses, or too few reviews."""
    if file.count < grid.least_reviews:
        yield RuleBroken(
            "It has {count} review(s) that count; the rules ask {least}.", count=file.count, least=grid.least_reviews
        )
    if file.unmarked:
        yield RuleBroken(
            "Nobody marked {criteria}, nor said that it does not apply.",
            criteria=[grid.criterion(code).label for code in file.unmarked],
        )
    for one, mark in zip(grid.criteria, file.marks, strict=True):
        if one.threshold is not None and mark is not None and mark < one.threshold:
            yield RuleBroken(
                "Its mark for {criterion} is {mark} out of {top}; the rules ask at least {threshold}.",
                criterion=one.label, mark=mark, top=one.top, threshold=one.threshold,
            )  # fmt: skip
    if grid.score_threshold is not None and 100 * score < grid.score_threshold:
        yield RuleBroken(
            "Its total is {score} out of 100; the rules ask at least {threshold}.",
            score=100 * score,
            threshold=grid.score_threshold,
        )


_Line = tuple[list[tuple[str, tuple[object, ...]]], Reviewed, Fraction, tuple[RuleBroken, ...]]


def _by(marks: Marks, order: list[int]) -> list[Fraction | None]:
    return [marks[j] for j in order]


def _equal(lines: list[_Line]) -> list[list[_Line]]:
    """Files that all steps but the draw leave equal, in groups of two or more."""
    groups = [list(group) for _key, group in groupby(lines, key=lambda line: [k for s, k in line[0] if s != "draw"])]
    return [group for group in groups if len(group) > 1 and not group[0][3]]


def _refuse_undrawn(equal: list[list[str]], drawn: Mapping[str, int]) -> None:
    absent = [name for group in equal for name in group if name not in drawn]
    if drawn and absent:
        raise MissingData("The draw does not place {names}, which nothing else separates.", names=absent)


def _placed(lines: list[_Line]) -> list[Ranked]:
    tied: dict[str, list[str]] = {}
    for _key, same in groupby(lines, key=lambda line: [k for _s, k in line[0]]):
        names = [line[1].application for line in same]
        tied |= {name: [other for other in names if other != name] for name in names}
    found: list[Ranked] = []
    for index, (keys, file, score, failed) in enumerate(lines):
        before = lines[index - 1][0] if index else None
        decided = next((s for (s, k), (_s, b) in zip(keys, before, strict=True) if k != b), "") if before else "score"
        place = None if failed else (index + 1 if decided else found[-1].place)
        found.append(
            Ranked(
                file.application, place, score, file.marks, file.gaps, file.disagreements, failed,
                decided or "draw", () if failed else tuple(tied[file.application]),
            )
        )  # fmt: skip
    return found
