"""The keeper of the ledger goes on whatever one of its chores meets."""

import threading

import pytest

from ressort.web.currency import keeper


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The looks of a keeper whose first one meets a fault that nobody foresaw."""
    seen: list[int] = []
    stop = threading.Event()

    def once() -> int:
        seen.append(len(seen))
        if len(seen) == 1:
            raise ZeroDivisionError
        stop.set()
        return 0

    monkeypatch.setattr(keeper, "once", once)
    monkeypatch.setattr(keeper, "PAUSE_S", 0.0)
    keeper._keep(stop)
    return seen


def test_a_fault_in_one_look_does_not_end_the_next(looks: list[int]) -> None:
    assert looks == [0, 1]
