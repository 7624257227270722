"""Grids and rankings, as several tests use them."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from ressort.core.calls import Criterion, Grid, Ranked, Review, rank, reviewed

AB = Grid(criteria=(Criterion(code="a", label="A", weight=60), Criterion(code="b", label="B", weight=40)))


def ranking(marks: dict[str, tuple[int | None, ...]], grid: Grid = AB, **rules: Any) -> list[Ranked]:
    codes = [one.code for one in grid.criteria]
    reviews = [
        Review(
            application=name,
            reviewer="r",
            marks={code: None if mark is None else Fraction(mark) for code, mark in zip(codes, given, strict=True)},
        )
        for name, given in marks.items()
    ]
    return rank(reviewed(reviews, grid), grid, **rules)


def names(ranked: list[Ranked]) -> list[str]:
    return [one.application for one in ranked]


MARKS = st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=2, max_size=7)


ABC = Grid(
    criteria=(
        Criterion(code="a", label="A", weight=5),
        Criterion(code="b", label="B", weight=3),
        Criterion(code="c", label="C", weight=2),
    )
)
