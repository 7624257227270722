"""The made-up association: plausible enough to look at, impossible to mistake for a measure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.currency import OPERATIONS
from ressort.core.currency.measures import MEASURES, Flow, Flows, board, tells_too_much
from ressort.core.currency.specimen import DAYS, specimen
from ressort.core.errors import RuleBroken


def flows_told(lines: list[tuple[int, ...]], roles: list[int]) -> Flows:
    columns = np.array(lines, np.int64).reshape(-1, 5).T
    kinds = (np.int32, np.uint8, np.int32, np.int32, np.int64)
    return Flows(
        *(one.astype(kind) for one, kind in zip(columns, kinds, strict=True)),
        np.array(roles, np.uint8),
        np.zeros(len(roles), np.int64),
    )


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 30))
def test_nobody_of_the_specimen_ever_pays_what_they_do_not_hold(seed: int, places: int) -> None:
    told = specimen(seed, places, people=20, professionals=8)
    held = [0] * len(told.holders)
    for event in told.events:
        assert event.amount_cents > 0 and event.operation in OPERATIONS and 0 <= event.day < DAYS
        if event.payer >= 0:
            held[event.payer] -= event.amount_cents
            assert held[event.payer] >= 0
        if event.payee >= 0:
            held[event.payee] += event.amount_cents
    assert [one.day for one in told.events] == sorted(one.day for one in told.events)
    assert {one.place for one in told.holders} <= set(range(places))
    assert len({one.alias for one in told.holders}) == len(told.holders)


def test_no_two_holders_of_the_specimen_bear_one_name() -> None:
    told = specimen(1, 5)
    assert len({one.name for one in told.holders}) == len(told.holders)


def test_a_seed_gives_the_same_year_and_another_seed_another_one() -> None:
    assert specimen(7, 5) == specimen(7, 5) != specimen(8, 5)


@pytest.mark.parametrize("given_", [(1, 0, 240, 56), (1, 3, 9, 56), (1, 3, 240, 7)])
def test_too_small_a_specimen_is_refused(given_: tuple[int, int, int, int]) -> None:
    with pytest.raises(RuleBroken):
        specimen(*given_)


def test_a_board_tells_every_measure_once_and_leaves_out_what_cannot_be_divided() -> None:
    nothing = board(flows_told([], [0, 1]), 0, 10, 1)
    assert [one.key for one in nothing] == list(MEASURES) and all(one.label and one.unit for one in nothing)
    found = {one.key: one for one in nothing}
    assert found["velocity"].value is None and found["payments"].value == 0 and found["multiplier"].value is None


def test_measures_of_a_few_professionals_are_not_told() -> None:
    def paid(professionals: int, first_cents: int) -> Flows:
        lines = [(1, Flow.PAYMENT, 0, 1 + at, first_cents if at == 0 else 100) for at in range(professionals)]
        return flows_told(lines, [0] + [1] * professionals)

    assert tells_too_much(paid(4, 100), 0, 5), "four professionals"
    assert not tells_too_much(paid(5, 100), 0, 5)
    assert tells_too_much(paid(5, 10_000), 0, 5), "one makes more than 85 %"
