"""From the marks of several reviewers to one mark by file and criterion, with their disagreement.

reviews ──▶ those that count (no conflict of interest) ──▶ [severity taken out] ──▶ mean, spread
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from ressort.core.calls.grid import Criterion, Grid, Marks
from ressort.core.errors import RuleBroken

#: how reviewers' scales are brought together: not at all, or by taking each one's severity out
Normalisation = Literal["none", "severity"]
#: a disagreement is told from this part of the scale on: 2 points on 0–5
DISAGREEMENT_SHARE = Fraction(2, 5)
#: a severity learnt on fewer shared files is told as unsure
LEAST_SHARED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What one reviewer gave one file.

    Args:
        marks: by code of criterion; None is "does not apply"; a criterion left out was not marked.
        conflict: the reviewer declared an interest: the review is kept and never counts.
    """

    application: str
    reviewer: str
    marks: Mapping[str, Fraction | None]
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One file after its reviews: mean marks, the gap between the highest and lowest mark, reviews that count.

    `unmarked` holds the criteria that nobody marked nor said not to apply: the file waits for them.
    """

    application: str
    marks: Marks
    gaps: Marks
    count: int
    disagreements: tuple[str, ...]
    unmarked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Severity:
    """How much above the others a reviewer marks one criterion, learnt on the files they share."""

    reviewer: str
    criterion: str
    offset: Fraction
    shared: int

    @property
    def is_sure(self) -> bool:
        """Whether enough shared files back it."""
        return self.shared >= LEAST_SHARED


def reviewed(reviews: Iterable[Review], grid: Grid, normalisation: Normalisation = "none") -> list[Reviewed]:
    """Mean marks of each file, in the order of first appearance.

    A mean, not a sum: a file with three reviews must not beat one with two.

    Raises:
        RuleBroken: a mark outside its scale, an unknown criterion, two reviews of a file by the same person.
    """
    counted = [one for one in _checked(reviews, grid) if not one.conflict]
    offsets = (
        {(s.reviewer, s.criterion): s.offset for s in severities(counted, grid)} if normalisation != "none" else {}
    )
    by_file: dict[str, list[Review]] = defaultdict(list)
    for review in counted:
        by_file[review.application].append(review)
    return [_reviewed(name, held, grid, offsets) for name, held in by_file.items()]


def severities(reviews: Iterable[Review], grid: Grid) -> list[Severity]:
    """The offsets that best explain the marks as `worth of the file + offset of the reviewer`, by criterion, exactly.

    Least squares; offsets sum to zero among reviewers linked by shared files, since only differences can be learnt.
    A reviewer who shares no file with anybody keeps an offset of zero.
    """
    found = []
    held = [one for one in reviews if not one.conflict]
    for criterion in grid.criteria:
        marks: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for review in held:
            mark = review.marks.get(criterion.code)
            if mark is not None:
                marks[review.application][review.reviewer] = mark
        shared = {name: given for name, given in marks.items() if len(given) > 1}
        names = sorted({reviewer for given in marks.values() for reviewer in given})
        offsets = _offsets(list(shared.values()), names)
        for name in names:
            count = sum(name in given for given in shared.values())
            found.append(Severity(name, criterion.code, offsets[name], count))
    return found


def _checked(reviews: Iterable[Review], grid: Grid) -> list[Review]:
    tops = {one.code: one.top for one in grid.criteria}
    held, seen = list(reviews), set()
    for review in held:
        key = (review.application, review.reviewer)
        if key in seen:
            raise RuleBroken(
                "{reviewer} reviewed {application} twice: keep one review.", reviewer=key[1], application=key[0]
            )
        seen.add(key)
        for code, mark in review.marks.items():
            grid.criterion(code)
            if mark is not None and not 0 <= mark <= tops[code]:
                raise RuleBroken(
                    "{reviewer} gave {application} the mark {mark} for {criterion}; the scale runs from 0 to {top}.",
                    reviewer=review.reviewer, application=review.application, mark=str(mark), criterion=code, top=tops[code],
                )  # fmt: skip
    return held


def _reviewed(name: str, reviews: list[Review], grid: Grid, offsets: Mapping[tuple[str, str], Fraction]) -> Reviewed:
    means: list[Fraction | None] = []
    gaps: list[Fraction | None] = []
    disagreements, unmarked = [], []
    for one in grid.criteria:
        given = [(r.reviewer, r.marks[one.code]) for r in reviews if r.marks.get(one.code) is not None]
        if not given:
            means.append(None)
            gaps.append(None)
            if one.weight and not any(one.code in r.marks for r in reviews):
                unmarked.append(one.code)
            continue
        raw = [mark for _reviewer, mark in given if mark is not None]
        mended = [mark - offsets.get((who, one.code), 0) for who, mark in given if mark is not None]
        means.append(_inside(sum(mended, Fraction(0)) / len(mended), one))
        gaps.append(max(raw) - min(raw))
        if max(raw) - min(raw) >= DISAGREEMENT_SHARE * one.top:
            disagreements.append(one.code)
    return Reviewed(name, tuple(means), tuple(gaps), len(reviews), tuple(disagreements), tuple(unmarked))


def _inside(mark: Fraction, criterion: Criterion) -> Fraction:
    return min(max(mark, Fraction(0)), Fraction(criterion.top))


def _offsets(shared: list[dict[str, Fraction]], names: list[str]) -> dict[str, Fraction]:
    """Solves the normal equations of each group of linked reviewers."""
    found = dict.fromkeys(names, Fraction(0))
    for group in _linked(shared):
        files = [given for given in shared if not group.isdisjoint(given)]
        order = sorted(group)
        scale = lcm(*(len(given) for given in files))
        matrix = [[Fraction(0)] * (len(order) + 1) for _name in order]
        place = {name: i for i, name in enumerate(order)}
        for given in files:
            part, mean = Fraction(scale, len(given)), sum(given.values(), Fraction(0)) / len(given)
            for name, mark in given.items():
                row = matrix[place[name]]
                row[place[name]] += scale
                row[-1] += scale * (mark - mean)
                for other in given:
                    row[place[other]] -= part
        matrix[-1] = [Fraction(1)] * len(order) + [Fraction(0)]
        found |= dict(zip(order, _solved(matrix), strict=True))
    return found


def _linked(shared: list[dict[str, Fraction]]) -> list[set[str]]:
    """Groups of reviewers linked by shared files."""
    groups: list[set[str]] = []
    for given in shared:
        touched = [group for group in groups if not group.isdisjoint(given)]
        merged = set(given).union(*touched)
        groups = [group for group in groups if group not in touched] + [merged]
    return groups


def _solved(matrix: list[list[Fraction]]) -> list[Fraction]:
    """The solution of a regular system `[A | b]`, by elimination in exact fractions."""
    size = len(matrix)
    for column in range(size):
        pivot = next(row for row in range(column, size) if matrix[row][column] != 0)
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        head = matrix[column]
        for row in range(size):
            if row != column and matrix[row][column] != 0:
                factor = matrix[row][column] / head[column]
                matrix[row] = [a - factor * b for a, b in zip(matrix[row], head, strict=True)]
    return [matrix[row][-1] / matrix[row][row] for row in range(size)]
