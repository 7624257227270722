"""Visitors are shared between workers, however the kernel threw its dice."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.web import crowd

FEW = crowd.FEW
COUNTS = st.integers(0, 10_000)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The connections of this process, as a test says them."""
    said = [0]
    monkeypatch.setattr(crowd, "connected", lambda: said[0])
    return said


@given(COUNTS, COUNTS)
def test_a_worker_that_sent_its_surplus_away_has_no_fewer_than_the_other(ours: int, others: int) -> None:
    away = crowd.surplus(ours, others)
    assert away >= 0
    assert not away or ours - away >= others + away


def test_few_visitors_and_small_differences_stay() -> None:
    assert crowd.surplus(FEW, 0) == 0
    assert crowd.surplus(9, 8) == 0
    assert crowd.surplus(900, 800) == 0
    assert crowd.surplus(12, 4) == 4


def test_a_worker_sends_half_of_the_difference_away_then_keeps_everybody_until_it_counts_again(
    here: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd.time, "monotonic", lambda: 1.0)
    visitors, here[0] = [0, 4], 12
    one = crowd.Crowd(visitors, 0)
    assert [one.sends_away() for _answer in range(8)] == [True] * 4 + [False] * 4
    assert visitors == [12, 4]


def test_nobody_is_sent_to_a_worker_that_has_not_answered_yet(here: list[int]) -> None:
    here[0] = 500
    assert not crowd.Crowd([0, crowd.UNKNOWN], 0).sends_away()


def test_network_connections_are_counted_and_nothing_else() -> None:
    before = crowd.connected()
    pair = socket.socketpair()
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()) as visitor:
        assert crowd.connected() == before + 2
        assert visitor.fileno() != -1
    for end in pair:
        end.close()
    assert crowd.connected() == before
