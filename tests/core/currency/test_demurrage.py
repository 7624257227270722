"""What melts from units that stand still: the same however the days are cut, nothing before a rule, nothing within its grace."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ressort.core.currency import Melting, MeltingRule, Move, melted

FIRST = date(2026, 1, 1)
MOVES = st.lists(st.tuples(st.integers(0, 120), st.integers(-500, 10**6), st.booleans()), max_size=8).map(
    lambda rows: [Move(FIRST + timedelta(day), after, spent) for day, after, spent in sorted(rows, key=lambda row: row[0])]
)  # fmt: skip
RULES = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 400), st.integers(0, 40)), max_size=3, unique_by=lambda row: row[0]).map(
    lambda rows: [MeltingRule(FIRST + timedelta(day), *rest) for day, *rest in sorted(rows)]
)  # fmt: skip


@given(MOVES, RULES, st.integers(0, 10**6), st.integers(0, 119))
def test_what_melts_is_the_same_in_one_go_or_in_two(moves: list[Move], rules: list[MeltingRule], held_cents: int, cut: int) -> None:  # fmt: skip
    last, middle = FIRST + timedelta(120), FIRST + timedelta(cut)
    whole = melted(Melting(), held_cents, moves, rules, FIRST, last)
    half = melted(Melting(), held_cents, moves, rules, FIRST, middle)
    then = [move.after_cents for move in moves if move.day <= middle]
    assert melted(half, [held_cents, *then][-1], moves, rules, middle + timedelta(1), last) == whole


@given(MOVES, RULES, st.integers(0, 10**6))
def test_what_melts_is_the_sum_of_evenings(moves: list[Move], rules: list[MeltingRule], before_cents: int) -> None:
    """Day by day, as one would on paper."""
    due, still, held_cents = 0, 0, before_cents
    for day in (FIRST + timedelta(at) for at in range(121)):
        for move in (one for one in moves if one.day == day):
            held_cents, still = move.after_cents, 0 if move.is_spending else still
        rule = next((one for one in reversed(rules) if one.since <= day), None)
        if rule:
            still += 1
            due += max(held_cents, 0) * rule.rate_ppm * (still > rule.grace_days)
    assert melted(Melting(), before_cents, moves, rules, FIRST, FIRST + timedelta(120)) == Melting(due, still)
