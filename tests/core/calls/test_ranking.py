"""Grids, reviews, rankings: exact totals and declared ties."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.calls import Criterion, Grid, Review, rank, reviewed
from ressort.core.errors import MissingData, RuleBroken, UnknownCode
from tests.core.calls.grids import AB, ABC, MARKS, names, ranking


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
