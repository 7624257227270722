"""A crowd that waits for the ledger: who is written with whom, and what two batches at once may share."""

import asyncio
import random
import threading
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from tests.web import ledger_town

from ressort.core.currency import Answer, Leg, Reason, Request
from ressort.core.errors import RessortError
from ressort.web.currency.door import ask
from ressort.web.currency.group import FEW, MOST, AsyncGroupCommit, GroupCommit

YES = Answer(Reason.ACCEPTED)


class Database:
    """Writes only when told to: what it was asked, batch by batch, in the order in which they began."""

    def __init__(self) -> None:
        self.batches: list[list[Request]] = []
        self.under_way: list[list[Request]] = []
        self.side_by_side: list[tuple[list[Request], list[Request]]] = []
        self.go_on = threading.Semaphore(0)
        self._lock = threading.Lock()

    def write(self, requests: Sequence[Request]) -> list[Answer]:
        batch = list(requests)
        with self._lock:
            self.side_by_side += [(other, batch) for other in self.under_way]
            self.under_way.append(batch)
            self.batches.append(batch)
        self.go_on.acquire()
        with self._lock:
            self.under_way.remove(batch)
        return [Answer(Reason.ACCEPTED, (request.actor,)) for request in requests]

    @property
    def sizes(self) -> list[int]:
        return [len(batch) for batch in self.batches]


def payment(debit: int = 1, credit: int = 2, actor: int = 0) -> Request:
    return Request(uuid4(), (Leg(ledger_town.PAY, debit, credit, 1),), actor)


def strangers(count: int) -> list[Request]:
    """Payments that share no account."""
    return [payment(2 * at + 1, 2 * at + 2, at) for at in range(count)]


def until(happens: Any) -> None:
    while not happens():
        threading.Event().wait(0.001)


@pytest.mark.parametrize(("crowd", "then"), [(FEW, [FEW]), (5 * FEW, [251, 249]), (3 * FEW + 1, [151, 151 - 1])])
def test_a_crowd_of_threads_is_written_by_halves_that_take_turns_but_never_by_few(crowd: int, then: list[int]) -> None:
    database = Database()
    queue = GroupCommit(database.write)
    payers = [threading.Thread(target=queue.submit, args=(request,)) for request in strangers(crowd + 1)]
    payers[0].start()
    until(lambda: database.batches)
    for payer in payers[1:]:
        payer.start()
    until(lambda: len(queue._crowd._waiting) == crowd)
    database.go_on.release(len(payers))
    for payer in payers:
        payer.join()
    assert database.sizes == [1, *then]
    assert max(then) <= MOST


async def _written(queue: AsyncGroupCommit, database: Database, requests: list[Request]) -> list[Answer]:
    """The answers to a crowd that comes at once, while the database writes for the first of them."""
    payers = [asyncio.create_task(queue.submit(request)) for request in requests]
    await asyncio.sleep(0)
    database.go_on.release(len(requests))
    return await asyncio.gather(*payers)


def test_a_crowd_of_coroutines_is_written_by_two_batches_side_by_side_each_payer_with_its_answer() -> None:
    database = Database()

    async def run() -> list[Answer]:
        return await _written(AsyncGroupCommit(database.write), database, strangers(4 * FEW))

    answers = asyncio.run(run())
    assert [answer.transfers for answer in answers] == [(at,) for at in range(4 * FEW)]
    assert database.sizes[:2] == [1, FEW]  # the second as soon as it is worth it, beside the first
    assert sum(database.sizes) == 4 * FEW
    assert database.side_by_side


def test_a_lone_coroutine_waits_for_nobody() -> None:
    database = Database()
    database.go_on.release(3)

    async def run() -> list[Answer]:
        queue = AsyncGroupCommit(database.write)
        return [await queue.submit(request) for request in strangers(3)]

    assert [answer.transfers for answer in asyncio.run(run())] == [(0,), (1,), (2,)]
    assert database.sizes == [1, 1, 1]


def accounts(requests: list[Request]) -> set[int]:
    return {account for request in requests for leg in request.legs for account in (leg.debit, leg.credit)}


@pytest.mark.parametrize("members", [2, 10, 300, 5000])
def test_batches_side_by_side_share_no_account_and_payments_of_an_account_keep_their_order(members: int) -> None:
    database, chance = Database(), random.Random(members)
    requests = [payment(*chance.sample(range(1, members + 1), 2), at) for at in range(10 * FEW)]

    async def run() -> None:
        await _written(AsyncGroupCommit(database.write, most=2 * FEW), database, requests)

    asyncio.run(run())
    assert all(accounts(one).isdisjoint(accounts(other)) for one, other in database.side_by_side)
    assert sorted(request.actor for batch in database.batches for request in batch) == list(range(10 * FEW))
    for member in range(1, members + 1):
        turns = [request.actor for batch in database.batches for request in batch if member in accounts([request])]
        assert turns == sorted(turns)


def test_a_coroutine_that_gives_up_keeps_nobody_waiting() -> None:
    database = Database()

    async def run() -> list[Answer]:
        queue = AsyncGroupCommit(database.write)
        payers = [asyncio.create_task(queue.submit(request)) for request in strangers(3)]
        await asyncio.sleep(0)
        payers[1].cancel()
        database.go_on.release(3)
        return await asyncio.gather(payers[0], payers[2])

    assert [answer.transfers for answer in asyncio.run(run())] == [(0,), (2,)]


def test_a_fault_is_told_to_the_coroutines_of_that_batch_only() -> None:
    faults = iter([OSError("no room"), None])

    def write(requests: Sequence[Request]) -> list[Answer]:
        if fault := next(faults):
            raise fault
        return [YES] * len(requests)

    async def run() -> None:
        queue = AsyncGroupCommit(write)
        with pytest.raises(RessortError, match="same key"):
            await queue.submit(payment())
        assert await queue.submit(payment()) == YES

    asyncio.run(run())


def test_a_crowd_of_coroutines_pays_through_two_connections_and_not_a_cent_is_lost(town: ledger_town.Town) -> None:
    free = [ledger_town.connected(), ledger_town.connected()]

    def write(requests: Sequence[Request]) -> list[Answer]:
        raw = free.pop()  # a third writer would find none
        try:
            return ask(raw, requests)
        finally:
            free.append(raw)

    async def pay(queue: AsyncGroupCommit, chance: random.Random) -> int:
        done = 0
        for _one in range(10):
            payer, payee = chance.sample(town.members, 2)
            answer = await queue.submit(
                Request(uuid4(), (Leg(ledger_town.PAY, payer, payee, 1 + chance.randrange(50)),))
            )
            done += answer.reason is Reason.ACCEPTED
        return done

    async def run() -> int:
        queue = AsyncGroupCommit(write)
        return sum(await asyncio.gather(*(pay(queue, random.Random(at)) for at in range(3 * FEW))))

    before = sum(map(town.balance_cents, range(len(town.members))))
    accepted = asyncio.run(run())
    for raw in free:
        raw.close()
    assert sum(map(town.balance_cents, range(len(town.members)))) == before
    query = "SELECT count(*) FROM ledger.transfer WHERE operation = %s AND debit_account = ANY (%s)"
    assert town.raw.execute(query, [ledger_town.PAY, town.members]).fetchone() == (accepted,)
