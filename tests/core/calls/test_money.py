"""Amounts: every cent is somewhere, and a bonus and its recovery cancel out."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.calls import (
    Aid,
    AidRules,
    Commitment,
    Target,
    aid_under_criteria,
    claw_back,
    granted,
    instalments,
    recovered_cents,
    split_cents,
)
from ressort.core.errors import RuleBroken

DAY = date(2026, 3, 1)
CENTS = st.integers(0, 10**12)


def pledge(code: str, rate_bp: int, **rest: Any) -> Commitment:
    return Commitment(code=code, rate_bp=rate_bp, due_on=DAY, **rest)


@settings(deadline=None)
@given(CENTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_parts_sum_to_the_whole_and_none_is_a_cent_off_its_share(whole: int, weights: list[int]) -> None:
    parts = split_cents(whole, weights)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - whole * weight) < sum(weights)


@pytest.mark.parametrize(("whole", "weights"), [(-1, [1]), (1, [0, 0]), (1, [2, -1]), (1, [])])
def test_a_split_that_means_nothing_is_refused(whole: int, weights: list[int]) -> None:
    with pytest.raises(RuleBroken):
        split_cents(whole, weights)


def test_the_grant_of_rennes_is_a_fifth_higher_with_commitments() -> None:
    rules = AidRules(rate_bp=5000, most_cents=1_000_000)
    found = granted(3_000_000, 4_000_000, rules, [pledge("social", 1000), pledge("climate", 1000)])
    assert (found.base_cents, found.bonus_cents) == (1_000_000, 200_000)
    assert [(step.name, step.amount_cents) for step in found.steps] == [
        ("requested", 3_000_000), ("rate", 2_000_000), ("ceiling", 1_000_000), ("bonus", 1_200_000), ("overall", 1_200_000),
    ]  # fmt: skip


def test_overall_ceilings_come_after_the_bonus() -> None:
    rules = AidRules(rate_bp=8000, overall_rate_bp=8000)
    found = granted(100_00, 100_00, rules, [pledge("a", 2000)])
    assert (found.base_cents, found.bonus_cents) == (80_00, 0)
    assert granted(100_00, 100_00, AidRules(overall_cents=90_00), [pledge("a", 2000)]).total_cents == 90_00


def test_a_bonus_may_ask_several_commitments_and_has_its_own_caps() -> None:
    pledges = [pledge("a", 1500), pledge("b", 1500)]
    assert granted(100_00, 200_00, AidRules(least_commitments=3), pledges).bonus_cents == 0
    assert granted(100_00, 200_00, AidRules(bonus_cap_bp=2000), pledges).bonus_cents == 20_00
    assert granted(100_00, 200_00, AidRules(bonus_cap_cents=5_00), pledges).bonus_cents == 5_00


def test_amounts_and_rates_that_mean_nothing_are_refused() -> None:
    for requested, eligible in ((0, 1), (1, 0), (2, 1)):
        with pytest.raises(RuleBroken):
            granted(requested, eligible, AidRules())
    with pytest.raises(RuleBroken):
        AidRules(rate_bp=10_001)
    with pytest.raises(RuleBroken):
        granted(1, 1, AidRules(), [pledge("a", 10_001)])


@settings(deadline=None)
@given(
    st.integers(1, 10**10),
    st.integers(0, 10**10),
    st.lists(st.integers(1, 2500), max_size=4),
    st.integers(0, 10_000),
    st.one_of(st.none(), st.integers(0, 10**9)),
)
def test_a_grant_never_exceeds_its_ceilings(
    requested: int, own: int, rates: list[int], rate_bp: int, most: int | None
) -> None:
    rules = AidRules(rate_bp=rate_bp, most_cents=most, overall_cents=most)
    found = granted(requested, requested + own, rules, [pledge(str(i), rate) for i, rate in enumerate(rates)])
    assert 0 <= found.base_cents <= requested and found.bonus_cents >= 0
    assert found.total_cents <= (requested + own if most is None else most)
    assert found.total_cents == found.steps[-1].amount_cents


def test_payments_follow_each_other_and_sum_to_the_grant() -> None:
    found = instalments(1_000_01, [("start", DAY, 5000), ("middle", DAY, 3000), ("end", DAY + timedelta(90), 2000)])
    assert [one.amount_cents for one in found] == [500_01, 300_00, 200_00]
    with pytest.raises(RuleBroken):
        instalments(100, [("end", DAY + timedelta(1), 1), ("start", DAY, 1)])
    with pytest.raises(RuleBroken):
        instalments(100, [("start", DAY, 0)])
    with pytest.raises(RuleBroken):
        instalments(100, [])


@settings(deadline=None)
@given(st.integers(0, 10**10), st.lists(st.integers(1, 5000), min_size=1, max_size=6))
def test_a_bonus_and_its_whole_recovery_cancel_out(bonus: int, rates: list[int]) -> None:
    refused = [pledge(str(i), rate, state="refused") for i, rate in enumerate(rates)]
    assert recovered_cents(claw_back(bonus, refused, DAY)) == bonus
    kept = [pledge(str(i), rate, state="accepted") for i, rate in enumerate(rates)]
    assert claw_back(bonus, kept, DAY + timedelta(900)) == []


def test_only_the_part_of_the_failed_commitment_comes_back() -> None:
    held = [
        pledge("kept", 1000, state="accepted"),
        pledge("lost", 500, state="refused"),
        pledge("waits", 500, state="received"),
    ]
    found = claw_back(200_01, held, DAY + timedelta(400))
    assert [(one.code, one.why, one.amount_cents) for one in found] == [("lost", "refused", 50_00)]


def test_evidence_is_late_after_the_day_and_the_grace_not_before() -> None:
    held = [pledge("a", 1000)]
    assert claw_back(100_00, held, DAY + timedelta(30)) == []
    assert [one.why for one in claw_back(100_00, held, DAY + timedelta(31))] == ["late"]


def test_the_share_of_aid_under_criteria_is_told_year_by_year_beside_its_path() -> None:
    aids = [
        Aid(year=2024, amount_cents=300, under_criteria=False),
        Aid(year=2024, amount_cents=100, under_criteria=True),
        Aid(year=2026, amount_cents=500, under_criteria=True),
    ]
    rows = aid_under_criteria(aids, Target(year=2030))
    assert [(row.year, row.total_cents, row.share) for row in rows] == [
        (2024, 400, 1 / 4),
        (2025, 0, None),
        (2026, 500, 1),
    ]
    assert [row.path_share for row in rows] == [0.25, 0.375, 0.5]
    assert sum(row.total_cents for row in rows) == sum(one.amount_cents for one in aids)
    assert aid_under_criteria([]) == []
    with pytest.raises(RuleBroken):
        aid_under_criteria([Aid(year=2024, amount_cents=-1, under_criteria=False)])
