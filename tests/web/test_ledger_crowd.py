"""A crowd of payers before the group commit: halves take turns, so that the database writes for some while others ask again."""

import threading
from collections.abc import Sequence
from uuid import uuid4

import pytest

from ressort.core.currency import Answer, Reason, Request
from ressort.web.currency.group import FEW, MOST, GroupCommit


def sizes_written(crowd: int) -> list[int]:
    """Batches written when a crowd waits behind one payer."""
    sizes: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def write(requests: Sequence[Request]) -> list[Answer]:
        sizes.append(len(requests))
        begun.set()
        go_on.wait()
        return [Answer(Reason.ACCEPTED)] * len(requests)

    queue = GroupCommit(write)
    payers = [threading.Thread(target=lambda: queue.submit(Request(uuid4(), ()))) for _one in range(crowd + 1)]
    payers[0].start()
    begun.wait()
    for payer in payers[1:]:
        payer.start()
    while len(queue._waiting) < crowd:
        threading.Event().wait(0.001)
    go_on.set()
    for payer in payers:
        payer.join()
    return sizes


@pytest.mark.parametrize(("crowd", "then"), [(FEW, [FEW]), (5 * FEW, [251, 249]), (3 * FEW + 1, [151, 151 - 1])])
def test_a_crowd_is_written_by_halves_that_take_turns_but_never_by_few(crowd: int, then: list[int]) -> None:
    assert sizes_written(crowd) == [1, *then]
    assert max(then) <= MOST
