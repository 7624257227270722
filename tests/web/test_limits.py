"""A visitor in too much of a hurry is asked to wait, and nobody else is."""

from hypothesis import given
from hypothesis import strategies as st

from ressort.web.limits import LIMITS, Buckets


def test_a_burst_passes_then_the_visitor_waits() -> None:
    buckets = Buckets()
    waits = [buckets.wait_s("write", "a", now_s=0.0) for _ in range(LIMITS["write"].burst + 1)]
    assert waits[:-1] == [0.0] * LIMITS["write"].burst
    assert waits[-1] == 1 / LIMITS["write"].per_second


def test_one_visitor_does_not_use_the_tokens_of_another() -> None:
    buckets = Buckets()
    for _ in range(LIMITS["write"].burst):
        buckets.wait_s("write", "a", now_s=0.0)
    assert buckets.wait_s("write", "b", now_s=0.0) == 0.0
    assert buckets.wait_s("page", "a", now_s=0.0) == 0.0


@given(st.lists(st.floats(0, 5), max_size=200))
def test_never_more_than_the_burst_and_the_rate(pauses_s: list[float]) -> None:
    buckets, now_s, allowed = Buckets(), 0.0, 0
    for pause_s in pauses_s:
        now_s += pause_s
        allowed += buckets.wait_s("write", "a", now_s=now_s) == 0.0
    assert allowed <= LIMITS["write"].burst + LIMITS["write"].per_second * now_s + 1


def test_no_limit_when_the_operator_removes_them() -> None:
    buckets = Buckets(factor=0)
    assert not any(buckets.wait_s("write", "a") for _ in range(1000))
