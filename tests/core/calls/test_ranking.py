"""Grids, reviews, rankings: exact totals, declared ties, and what an appeal would ask."""

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
    rank,
    rank_ranges,
    reviewed,
    severities,
    weight_intervals,
)
from ressort.core.errors import MissingData, RuleBroken, UnknownCode

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


@pytest.mark.parametrize(
    "wrong",
    [
        {"criteria": ()},
        {"criteria": (Criterion(code="a", label="", weight=0),)},
        {"criteria": (Criterion(code="a", label="", weight=-1), Criterion(code="b", label="", weight=3))},
        {"criteria": (Criterion(code="a", label="", weight=1), Criterion(code="a", label="", weight=1))},
        {"criteria": (Criterion(code="a", label="", weight=1, threshold=Fraction(6)),)},
        {"criteria": (Criterion(code="a", label="", weight=1, top=0),)},
        {"criteria": (Criterion(code="a", label="", weight=1),), "score_threshold": Fraction(101)},
    ],
)
def test_a_grid_that_cannot_rank_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        Grid(**wrong)


def test_the_total_is_the_weighted_mean_of_the_marks() -> None:
    found = ranking({"one": (5, 0), "two": (4, 4), "three": (0, 5)})
    assert [(one.application, one.place, one.score) for one in found] == [
        ("two", 1, Fraction(4, 5)),
        ("one", 2, Fraction(3, 5)),
        ("three", 3, Fraction(2, 5)),
    ]


def test_a_criterion_that_does_not_apply_leaves_its_weight_to_the_others_or_counts_as_nothing() -> None:
    assert ranking({"one": (3, None)})[0].score == Fraction(3, 5)
    zero = Grid(criteria=AB.criteria, missing="zero")
    assert ranking({"one": (3, None)}, zero)[0].score == Fraction(9, 25)


def test_three_reviews_do_not_beat_two_better_ones() -> None:
    reviews = [
        Review(application="many", reviewer=str(i), marks={"a": Fraction(3), "b": Fraction(3)}) for i in range(3)
    ]
    reviews += [
        Review(application="few", reviewer=str(i), marks={"a": Fraction(4), "b": Fraction(4)}) for i in range(2)
    ]
    assert names(rank(reviewed(reviews, AB), AB)) == ["few", "many"]


def test_a_reviewer_with_an_interest_never_counts() -> None:
    honest = Review(application="x", reviewer="ada", marks={"a": Fraction(1), "b": Fraction(1)})
    cousin = Review(application="x", reviewer="bob", marks={"a": Fraction(5), "b": Fraction(5)}, conflict=True)
    assert rank(reviewed([honest, cousin], AB), AB)[0].score == Fraction(1, 5)
    assert reviewed([cousin], AB) == []


def test_marks_that_differ_by_two_points_of_five_are_told() -> None:
    given = [("ada", 1), ("bob", 3)]
    reviews = [Review(application="x", reviewer=who, marks={"a": Fraction(m), "b": Fraction(4)}) for who, m in given]
    file = reviewed(reviews, AB)[0]
    assert file.disagreements == ("a",) and file.gaps == (Fraction(2), Fraction(0))


@pytest.mark.parametrize("mark", [-1, 6])
def test_a_mark_outside_its_scale_is_refused(mark: int) -> None:
    with pytest.raises(RuleBroken) as refusal:
        reviewed([Review(application="x", reviewer="ada", marks={"a": Fraction(mark)})], AB)
    assert refusal.value.facts["reviewer"] == "ada" and refusal.value.facts["top"] == 5


def test_a_criterion_that_the_grid_lacks_and_a_review_given_twice_are_refused() -> None:
    with pytest.raises(UnknownCode):
        reviewed([Review(application="x", reviewer="ada", marks={"z": Fraction(1)})], AB)
    twice = Review(application="x", reviewer="ada", marks={"a": Fraction(1)})
    with pytest.raises(RuleBroken):
        reviewed([twice, twice], AB)


def test_thresholds_make_a_file_not_fundable_whatever_the_rest() -> None:
    criteria = (Criterion(code="a", label="A", weight=60, threshold=Fraction(2)), AB.criteria[1])
    found = ranking({"low": (1, 5), "fair": (2, 1)}, Grid(criteria=criteria))
    assert [(one.application, one.place) for one in found] == [("fair", 1), ("low", None)]
    assert found[1].failed[0].facts["mark"] == 1
    total = Grid(criteria=AB.criteria, score_threshold=Fraction(60))
    assert [one.is_fundable for one in ranking({"x": (3, 3), "y": (3, 2)}, total)] == [True, False]


def test_too_few_reviews_leave_a_file_out_and_say_so() -> None:
    found = ranking({"x": (5, 5)}, Grid(criteria=AB.criteria, least_reviews=2))
    assert not found[0].is_fundable and found[0].failed[0].facts == {"count": 1, "least": 2}


def test_equal_totals_go_to_the_heaviest_criterion_then_the_smaller_amount_then_the_draw() -> None:
    same = {"x": (2, 3), "y": (4, 0)}
    assert [one.score for one in ranking(same)] == [Fraction(12, 25)] * 2
    assert names(ranking(same)) == ["y", "x"] and ranking(same)[1].decided_by == "criteria"
    equal = {"x": (3, 3), "y": (3, 3)}
    assert names(ranking(equal, amounts_cents={"x": 200, "y": 100})) == ["y", "x"]
    assert names(ranking(equal, draw=["y", "x"])) == ["y", "x"]


def test_files_that_nothing_separates_share_a_place_and_are_named() -> None:
    found = ranking({"x": (3, 3), "y": (3, 3), "z": (1, 1)})
    assert [(one.place, one.tied_with) for one in found] == [(1, ("y",)), (1, ("x",)), (3, ())]


def test_a_draw_that_leaves_out_a_tied_file_is_refused() -> None:
    with pytest.raises(MissingData) as refusal:
        ranking({"x": (3, 3), "y": (3, 3)}, draw=["x"])
    assert refusal.value.facts["names"] == ["y"]


MARKS = st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=2, max_size=7)
ABC = Grid(
    criteria=(
        Criterion(code="a", label="A", weight=5),
        Criterion(code="b", label="B", weight=3),
        Criterion(code="c", label="C", weight=2),
    )
)


@settings(deadline=None)
@given(MARKS, st.data())
def test_raising_a_mark_never_lowers_the_place(marks: list[tuple[int, ...]], data: st.DataObject) -> None:
    held = {str(i): one for i, one in enumerate(marks)}
    name, j = data.draw(st.sampled_from(sorted(held))), data.draw(st.integers(0, 2))
    before = next(one for one in ranking(held, ABC) if one.application == name)
    held[name] = tuple(min(5, mark + 1) if i == j else mark for i, mark in enumerate(held[name]))
    after = next(one for one in ranking(held, ABC) if one.application == name)
    assert (after.place or 99) <= (before.place or 99)


@settings(deadline=None)
@given(MARKS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(marks: list[tuple[int, ...]], dice: Any) -> None:
    held = {str(i): one for i, one in enumerate(marks)}
    shuffled = sorted(held, key=lambda _name: dice.random())
    assert ranking(held, ABC) == ranking({name: held[name] for name in shuffled}, ABC)


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
