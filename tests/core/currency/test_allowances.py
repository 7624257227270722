"""Autonomy income and earmarked allowances: exact amounts, each payment once, no unit lost."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.currency.allowances import (
    Acceptor,
    Beneficiary,
    Earmark,
    Parts,
    People,
    PovertyLine,
    Programme,
    autonomy_income_cents,
    consumption_tenths,
    expired,
    line_known_on,
    parts,
    payment_run,
    simulate,
    spend,
)
from ressort.core.errors import MissingData, RuleBroken
from ressort.reference.currency_allowances import poverty_lines
from ressort.reference.currency_parameters import parameter

MARCH = date(2026, 3, 1)
PROGRAMME = Programme("tera", date(2026, 1, 1), date(2026, 12, 31), 10_000_000, 8_500, expiry_days=90)


# amounts


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2020, 9, 9), 2018), (date(2021, 10, 4), 2018), (date(2021, 10, 5), 2019), (date(2023, 11, 29), 2019),
        (date(2023, 11, 30), 2021), (date(2025, 7, 7), 2023),
    ],
)  # fmt: skip
def test_the_line_used_is_the_latest_published_that_day_and_never_an_estimate(on: date, year: int) -> None:
    assert line_known_on(poverty_lines(), on).year == year


def test_before_any_publication_there_is_no_line() -> None:
    with pytest.raises(MissingData):
        line_known_on(poverty_lines(), date(2019, 1, 1))


def test_tera_s_target_is_the_line_and_one_euro_of_which_eighty_five_hundredths_are_local() -> None:
    line = line_known_on(poverty_lines(), date(2026, 1, 1))
    amount = autonomy_income_cents(line, parameter("autonomy_income_above_poverty_line_cents"))
    assert amount == 128_900
    assert parts(amount, round(parameter("autonomy_income_local_share") * 10_000)) == Parts(109_565, 19_335)


def test_a_household_counts_by_consumption_units() -> None:
    line = PovertyLine(2023, 128_800, date(2025, 7, 7), "observed")
    assert consumption_tenths(2, 2) == 21
    assert autonomy_income_cents(line, 100, consumption_tenths(2, 2)) == 270_690
    for adults, children in ((0, 1), (1, -1)):
        with pytest.raises(RuleBroken):
            consumption_tenths(adults, children)


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_both_parts_make_the_amount(cents: int, share: int) -> None:
    assert parts(cents, share).whole_cents == cents


# runs


def _people(*numbers: int, **changes: object) -> list[Beneficiary]:
    return [replace(Beneficiary(number, 100_000, date(2026, 1, 1)), **changes) for number in numbers]  # type: ignore[arg-type]


def test_a_run_made_twice_pays_once() -> None:
    first = payment_run(PROGRAMME, MARCH, _people(1, 2), (), 0)
    again = payment_run(PROGRAMME, MARCH, _people(1, 2), {due.key for due in first.payments}, first.cost_cents)
    assert [due.parts for due in first.payments] == [Parts(85_000, 15_000)] * 2
    assert again.payments == () and again.unpaid == ((1, "already_paid"), (2, "already_paid"))


def test_who_joins_or_leaves_within_a_month_is_in_or_out_for_the_whole_of_it() -> None:
    people = [
        *_people(1, joined_on=MARCH),
        *_people(2, joined_on=MARCH + timedelta(1)),
        *_people(3, left_on=MARCH),
        *_people(4, left_on=MARCH + timedelta(1)),
    ]
    run = payment_run(PROGRAMME, MARCH, people, (), 0)
    assert [due.key[1] for due in run.payments] == [1, 4]
    assert run.unpaid == ((2, "not_yet_in"), (3, "left"))
    assert payment_run(PROGRAMME, date(2027, 1, 1), _people(1), (), 0).unpaid == ((1, "outside_programme"),)


def test_the_cap_cuts_the_local_part_only() -> None:
    capped = replace(PROGRAMME, cap_cents=100_000)
    run = payment_run(capped, MARCH, _people(1, held_cents=90_000), (), 0)
    assert run.payments[0].parts == Parts(10_000, 15_000)
    all_local = replace(capped, local_bp=10_000)
    assert payment_run(all_local, MARCH, _people(1, held_cents=100_000), (), 0).unpaid == ((1, "cap"),)


def test_a_budget_too_short_pays_nobody_or_whole_amounts_in_order() -> None:
    nobody = payment_run(PROGRAMME, MARCH, _people(1, 2, 3), (), PROGRAMME.budget_cents - 250_000)
    assert nobody.payments == () and nobody.missing_cents == 50_000
    assert nobody.unpaid == ((1, "budget"), (2, "budget"), (3, "budget"))
    ordered = replace(PROGRAMME, when_short="in_order")
    run = payment_run(ordered, MARCH, _people(1, 2, 3), (), PROGRAMME.budget_cents - 250_000)
    assert [due.key[1] for due in run.payments] == [1, 2] and run.unpaid == ((3, "budget"),)


def test_a_period_is_a_month_and_nobody_stands_twice() -> None:
    for period, people in ((date(2026, 3, 2), _people(1)), (MARCH, _people(1, 1))):
        with pytest.raises(RuleBroken):
            payment_run(PROGRAMME, period, people, (), 0)


@given(st.lists(st.integers(0, 10**6), max_size=8), st.integers(0, 4 * 10**6), st.sampled_from(["nobody", "in_order"]))
def test_a_run_never_exceeds_the_budget_and_forgets_nobody(amounts: list, left: int, rule: str) -> None:
    programme = replace(PROGRAMME, when_short=rule)
    people = [Beneficiary(number, cents, date(2026, 1, 1)) for number, cents in enumerate(amounts)]
    run = payment_run(programme, MARCH, people, (), programme.budget_cents - left)
    assert run.cost_cents <= left
    told = {due.key[1] for due in run.payments} | {person for person, _why in run.unpaid}
    assert told == {number for number, cents in enumerate(amounts) if cents}


# earmarks

EARMARKS = st.lists(
    st.builds(Earmark, st.sampled_from(["a", "b"]), st.integers(1, 10_000), st.dates(MARCH - timedelta(9), MARCH + timedelta(9))),
    max_size=6,
)  # fmt: skip


def test_a_hundred_at_a_shop_of_half_covers_half_and_own_units_the_rest() -> None:
    marks = [Earmark("food", 10_000, MARCH)]
    paid = spend(10_000, {"food": 5_000}, marks, 5_000, MARCH)
    assert (paid.earmarked_cents, paid.own_cents, paid.left) == (5_000, 5_000, (Earmark("food", 5_000, MARCH),))
    with pytest.raises(RuleBroken) as refused:
        spend(10_000, {"food": 5_000}, marks, 4_999, MARCH)
    assert refused.value.facts["missing_cents"] == 1


def test_what_expires_first_is_spent_first_whatever_the_programme() -> None:
    soon, later, past = Earmark("b", 30, MARCH), Earmark("a", 30, MARCH + timedelta(5)), Earmark("a", 30, MARCH - timedelta(1))  # fmt: skip
    paid = spend(40, {"a": 10_000, "b": 10_000}, [later, past, soon], 0, MARCH)
    assert paid.used == (soon, replace(later, cents=10))
    assert paid.left == (past, replace(later, cents=20))


@given(EARMARKS, st.integers(0, 30_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_no_unit_is_lost_or_made_by_spending_or_expiring(marks: list, basket: int, a: int, b: int) -> None:
    paid = spend(basket, {"a": a, "b": b}, marks, 10**9, MARCH)
    assert paid.earmarked_cents + paid.own_cents == basket
    assert sum(one.cents for one in (*paid.used, *paid.left)) == sum(one.cents for one in marks)
    for programme, share in (("a", a), ("b", b)):
        assert sum(one.cents for one in paid.used if one.programme == programme) <= (basket * share + 5_000) // 10_000
    kept, returned = expired(paid.left, MARCH)
    assert sum(one.cents for one in kept) + sum(returned.values()) == sum(one.cents for one in paid.left)
    assert all(one.expires_on >= MARCH for one in (*kept, *paid.used))


# simulation

SHARES = st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)).map(lambda two: tuple(sorted(two)))
SELLERS = st.lists(
    st.builds(Acceptor, st.just("x"), st.integers(0, 10**6), st.sampled_from(["", "n", "s"]), SHARES, SHARES, st.integers(0, 10**5)),
    min_size=1, max_size=5,
)  # fmt: skip


@given(SELLERS, st.integers(1, 500), st.integers(1, 500), SHARES, st.integers(1, 14))
@settings(deadline=None, max_examples=60)
def test_a_simulation_neither_makes_nor_loses_a_cent(sellers: list, north: int, south: int, spent: tuple, months: int) -> None:  # fmt: skip
    people = [People("n", 3, north * 100), People("s", 2, south * 100)]
    found = simulate(sellers, people, spent, months, draws=5, seed=1)
    opening = sum(one.balance_cents for one in sellers)
    held = found.acceptor_cents.sum(axis=1) + found.people_cents.sum(axis=1) + found.redeemed_cents
    assert (held == found.issued_cents + opening).all()
    assert found.acceptor_cents.min() >= 0 and found.people_cents.min() >= 0


def test_money_pools_at_the_one_who_neither_spends_nor_redeems() -> None:
    sellers = [Acceptor("farm", 100_000, respent_bp=(0, 0), redeemed_bp=(0, 0)), Acceptor("shop", 100_000, respent_bp=(10_000, 10_000))]  # fmt: skip
    found = simulate(sellers, [People("", 1, 50_000)], (10_000, 10_000), 12, 3, seed=1)
    months = found.saturation_months()
    assert np.isnan(months[:, 0]).all() and (months[:, 1] < 2).all()


def test_people_whose_place_has_too_little_to_sell_cannot_spend() -> None:
    sellers = [Acceptor("north", 100_000, "n"), Acceptor("south", 1_000, "s")]
    found = simulate(sellers, [People("n", 1, 50_000), People("s", 1, 50_000)], (10_000, 10_000), 10, 3, seed=1)
    assert (found.people_cents[:, 0] == 0).all()
    assert (found.people_cents[:, 1] == 10 * 49_000).all()


def test_cover_asks_for_sales_or_a_subsidy_that_pays_redemptions() -> None:
    sellers = [Acceptor("shop", 40_000, respent_bp=(0, 0), redeemed_bp=(10_000, 10_000))]
    found = simulate(sellers, [People("", 1, 50_000)], (10_000, 10_000), 12, 2, seed=1)
    assert not found.is_covered(9_999).any()
    assert found.is_covered(10_000).all()


def test_what_is_sold_far_from_people_covers_nothing_of_theirs() -> None:
    """Twelve times the allowances were sold, four people of six could spend none of theirs: the page said “covered in 100 % of the draws”."""
    sellers, people = [Acceptor("north", 100_000, "n")], [People("n", 1, 5_000), People("s", 1, 5_000)]
    found = simulate(sellers, people, (10_000, 10_000), 12, 3, seed=1)
    assert found.sales_cents == 5_000 and not found.is_covered(0).any()
    everywhere = [*sellers, Acceptor("van", 5_000)]
    assert simulate(everywhere, people, (10_000, 10_000), 12, 3, seed=1).is_covered(0).all()
    roaming = [People("n", 1, 5_000), People("", 1, 5_000)]
    assert simulate(sellers, roaming, (10_000, 10_000), 12, 3, seed=1).is_covered(0).all()


@given(SELLERS, st.integers(0, 500), st.integers(0, 500), st.integers(1, 500))
@settings(deadline=None, max_examples=60)
def test_a_programme_is_covered_when_all_who_try_can_spend_each_month(sellers: list, north: int, south: int, roam: int) -> None:  # fmt: skip
    people = [People("n", 1, north * 1000), People("s", 1, south * 1000), People("", 1, roam * 1000)]
    idle = [replace(one, respent_bp=(0, 0), redeemed_bp=(0, 0)) for one in sellers]
    found = simulate(idle, people, (10_000, 10_000), 1, 1, seed=1)
    if not found.is_covered(0).all():
        assert found.people_cents.sum() > 0, "somebody keeps units that nobody can sell for"


@pytest.mark.parametrize(
    ("sellers", "people", "spent", "months"),
    [
        ([], [People("", 1, 1)], (0, 1), 1),
        ([Acceptor("x", 1)], [People("", 0, 1)], (0, 1), 1),
        ([Acceptor("x", 1)], [People("", 1, 1)], (2, 1), 1),
        ([Acceptor("x", 1)], [People("", 1, 1)], (0, 1), 0),
        ([Acceptor("x", -1)], [People("", 1, 1)], (0, 1), 1),
        ([Acceptor("x", 10**10)], [People("", 1, 1)], (0, 1), 1),
    ],
)
def test_what_cannot_be_played_is_refused(sellers: list, people: list, spent: tuple, months: int) -> None:
    with pytest.raises(RuleBroken):
        simulate(sellers, people, spent, months, 1, seed=1)
