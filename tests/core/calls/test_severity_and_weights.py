"""What is taken out of a severe reviewer, and what other weights would change."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.calls import (
    Candidate,
    Criterion,
    Grid,
    Purse,
    Ranked,
    Review,
    follow_ranking,
    rank_ranges,
    reviewed,
    severities,
    weight_intervals,
)
from ressort.core.errors import RuleBroken
from tests.core.calls.grids import AB, ABC, MARKS, names, ranking


def test_severity_is_taken_out_exactly_where_files_are_shared() -> None:
    worth = {"x": 1, "y": 2, "z": 3, "t": 4}
    given = {"kind": 1, "just": 0, "hard": -1}
    reviews = [
        Review(application=name, reviewer=who, marks={"a": Fraction(value + offset)})
        for name, value in worth.items()
        for who, offset in given.items()
        if (name, who) not in {("x", "kind"), ("t", "hard")}
    ]
    one = Grid(criteria=(Criterion(code="a", label="A", weight=1, top=5),))
    offsets = {found.reviewer: found.offset for found in severities(reviews, one)}
    assert offsets == {"hard": Fraction(-1), "just": Fraction(0), "kind": Fraction(1)}
    means = {file.application: file.marks[0] for file in reviewed(reviews, one, "severity")}
    assert means == {name: Fraction(value) for name, value in worth.items()}


def test_severity_of_a_reviewer_who_shares_no_file_stays_unknown() -> None:
    one = Grid(criteria=(Criterion(code="a", label="A", weight=1),))
    alone = [Review(application=name, reviewer=name, marks={"a": Fraction(2)}) for name in "xy"]
    assert [(found.offset, found.shared, found.is_sure) for found in severities(alone, one)] == [(0, 0, False)] * 2


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=20,
        unique_by=lambda row: row[:2],
    )
)  # fmt: skip
def test_severities_solve_the_least_squares_and_sum_to_zero_in_each_linked_group(rows: list[tuple[int, ...]]) -> None:
    one = Grid(criteria=(Criterion(code="a", label="A", weight=1),))
    reviews = [Review(application=str(f), reviewer=str(r), marks={"a": Fraction(m)}) for f, r, m in rows]
    offsets = {found.reviewer: found.offset for found in severities(reviews, one)}
    assert sum(offsets.values()) == 0
    for who in offsets:  # the gradient vanishes: a reviewer's residuals against the means of shared files sum to zero
        gradient = Fraction(0)
        for file in {f for f, r, _m in rows if str(r) == who}:
            mended = {str(r): Fraction(m) - offsets[str(r)] for f, r, m in rows if f == file}
            if len(mended) > 1:
                gradient += mended[who] - sum(mended.values()) / len(mended)
        assert gradient == 0


def _vertices(weights: tuple[int, ...], span: Fraction) -> list[tuple[Fraction, ...]]:
    """Weights of the box cut by the simplex where all but one stand at a bound: its vertices, and maybe more."""
    found = []
    total = sum(weights)
    for free in range(len(weights)):
        others = [j for j in range(len(weights)) if j != free]
        for signs in product((-1, 1), repeat=len(others)):
            point = [Fraction(0)] * len(weights)
            for j, sign in zip(others, signs, strict=True):
                point[j] = weights[j] * (1 + sign * span)
            point[free] = total - sum(point)
            if weights[free] * (1 - span) <= point[free] <= weights[free] * (1 + span):
                found.append(tuple(point))
    return found


@settings(deadline=None)
@given(MARKS)
def test_rank_ranges_are_those_of_the_vertices_of_the_box(marks: list[tuple[int, ...]]) -> None:
    span = Fraction(1, 5)
    ranked = ranking({str(i): one for i, one in enumerate(marks)}, ABC)
    corners = _vertices(ABC.weights, span)
    shares = {one.application: [m / 5 for m in one.marks if m is not None] for one in ranked}
    for found in rank_ranges(ranked, ABC, span):
        always = {
            b
            for b in shares
            if all(
                sum(w * (x - y) for w, x, y in zip(c, shares[b], shares[found.application], strict=True)) > 0
                for c in corners
            )
        }
        assert found.before == always and found.best == 1 + len(always)
        place = next(one.place for one in ranked if one.application == found.application)
        assert found.best <= (place or 0) <= found.worst


def test_ranges_stay_true_when_criteria_do_not_apply() -> None:
    ranked = ranking({"x": (5, None, 1), "y": (1, 1, 1), "z": (2, 5, None)}, ABC)
    dice = np.random.default_rng(5)
    ranges = {one.application: one for one in rank_ranges(ranked, ABC)}
    for _ in range(300):
        moved = [float(w) * dice.uniform(0.8, 1.2) for w in ABC.weights]
        factor = 10 / sum(moved)
        if not all(0.8 * w <= m * factor <= 1.2 * w for m, w in zip(moved, ABC.weights, strict=True)):
            continue
        totals = {}
        for one in ranked:
            applies = [(m * factor, float(mark)) for m, mark in zip(moved, one.marks, strict=True) if mark is not None]
            totals[one.application] = sum(w * mark for w, mark in applies) / sum(w for w, _mark in applies)
        for place, name in enumerate(sorted(totals, key=lambda n: -totals[n]), 1):
            assert ranges[name].best <= place <= ranges[name].worst


def test_a_span_that_is_no_share_is_refused() -> None:
    with pytest.raises(RuleBroken):
        rank_ranges([], AB, Fraction(20))


def _chooser(costs: dict[str, int], envelope: int) -> Any:
    def choose(order: Any) -> tuple[str, ...]:
        line = [Candidate(application=name, amount_cents=costs[name], score=Fraction(0)) for name in order]
        return follow_ranking(line, Purse(envelope_cents=envelope)).funded

    return choose


def test_the_weight_where_the_winner_changes_is_exact() -> None:
    ranked = ranking(
        {"x": (5, 1), "y": (3, 4)}
    )  # totals of a's share t: x = (1 + 4t)/5, y = (4 - t)/5: equal at t = 3/5
    found = weight_intervals(ranked, AB, _chooser({"x": 1, "y": 1}, 1))
    assert [one.weight_share for one in found] == [Fraction(3, 5), Fraction(2, 5)]
    up = found[0].up
    assert up is not None or found[0].down is not None
    turns = [turn for turn in (found[0].up, found[0].down) if turn]
    assert {turn.weight_share for turn in turns} == {Fraction(3, 5)}, "they are level at the published weight"


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 5))] * 3), min_size=2, max_size=6), st.data())
def test_inside_its_interval_a_weight_changes_nothing_and_just_outside_it_does(
    marks: list[tuple[int | None, ...]], data: st.DataObject
) -> None:
    grid = Grid(criteria=ABC.criteria, score_threshold=Fraction(data.draw(st.sampled_from([0, 40, 55]))))
    costs = {str(i): data.draw(st.integers(1, 3)) for i in range(len(marks))}
    choose = _chooser(costs, data.draw(st.integers(2, 6)))
    ranked = ranking({str(i): one for i, one in enumerate(marks)}, grid)
    now = set(choose(names([one for one in ranked if one.is_fundable])))
    for j, one in enumerate(weight_intervals(ranked, grid, choose)):
        for turn, far in ((one.up, Fraction(1)), (one.down, Fraction(0))):
            stop = turn.weight_share if turn else far
            for step in (Fraction(1, 7), Fraction(1, 2), Fraction(9, 10)):
                assert _funded_at(ranked, grid, j, one.weight_share + step * (stop - one.weight_share), choose) == now
            if turn and stop != far:
                hair = (far - stop) / 10**9
                moved = _funded_at(ranked, grid, j, stop + hair, choose)
                assert moved - now == set(turn.enters) and now - moved == set(turn.leaves)


def _funded_at(ranked: list[Ranked], grid: Grid, j: int, share: Fraction, choose: Any) -> set[str]:
    """The files funded when criterion j weighs a share, worked out from the marks alone."""
    others = Fraction(sum(grid.weights) - grid.weights[j])
    weights = [share if i == j else (1 - share) * w / others for i, w in enumerate(grid.weights)]
    totals = []
    for one in ranked:
        applies = [(w, mark) for w, mark in zip(weights, one.marks, strict=True) if mark is not None]
        below = sum(w for w, _mark in applies)
        total = sum((w * mark for w, mark in applies), Fraction(0)) / (5 * below) if below else Fraction(0)
        if 100 * total >= (grid.score_threshold or 0):
            totals.append((total, one.application))
    return set(choose([name for _total, name in sorted(totals, key=lambda pair: -pair[0])]))
