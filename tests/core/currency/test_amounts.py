"""Amounts as people type them: digits, a comma or a point, at most two decimals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.currency import balance_of, cents_of
from ressort.core.currency.ledger import MOST_CENTS
from ressort.core.errors import InputError

_WRONG = (
    "1e3", "1E2", "1_000", "NaN", "Infinity", "-5", "0", "0.00", "1,005", "1.2.3", "٣", "", ".", "9" * 20, "0x10", "5€",
)  # fmt: skip


@pytest.mark.parametrize("typed", _WRONG)
def test_what_is_not_an_amount_is_refused(typed: str) -> None:
    with pytest.raises(InputError):
        cents_of(typed)


@given(st.integers(1, MOST_CENTS), st.sampled_from(",."))
def test_an_amount_written_is_the_amount_read(cents: int, mark: str) -> None:
    assert cents_of(f"{cents // 100}{mark}{cents % 100:02}") == cents


@given(st.integers(0, MOST_CENTS), st.sampled_from(",."))
def test_a_balance_may_be_zero_and_nothing_else_that_is_no_amount(cents: int, mark: str) -> None:
    assert balance_of(f"{cents // 100}{mark}{cents % 100:02}") == cents


@pytest.mark.parametrize("typed", sorted(set(_WRONG) - {"0", "0.00"}))
def test_what_is_not_a_balance_is_refused(typed: str) -> None:
    with pytest.raises(InputError):
        balance_of(typed)
