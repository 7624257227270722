"""A program that pays without end, through the group commit, and says each payment before it asks and after it is answered.

Every other one has threads for payers, as the pages do; the rest have coroutines, whose batches are written two at a time.

One process that has read all this already stands ready, and each program is a fork of it: a kill then costs no start of Python.
"""

import asyncio
import multiprocessing
import os
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TextIO
from uuid import UUID

import psycopg

from ressort.core.currency import Answer, Leg, Reason, Request, operation
from ressort.web.currency.door import ask
from ressort.web.currency.group import AsyncGroupCommit, GroupCommit, Write

#: how many pay at once: enough coroutines for two batches side by side
THREADS, COROUTINES = 8, 400

Asked = Callable[[random.Random], Request]
Answered = Callable[[Request, Answer], None]

_READY = multiprocessing.get_context("forkserver")
_READY.set_forkserver_preload([__name__])


@dataclass(frozen=True, slots=True)
class Program:
    """A process that pays, and what it says."""

    process: BaseProcess
    lines: TextIO

    def kill(self) -> None:
        """Ends it without a word; what it said before is still to be heard."""
        self.process.kill()

    def close(self) -> None:
        """Forgets it."""
        self.process.join()
        self.lines.close()


def started(uri: str, first: int, members: int, seed: int) -> Program:
    """A program that pays until killed."""
    heard, said = _READY.Pipe(duplex=False)
    process = _READY.Process(target=_pay, args=(uri, first, members, seed, said), daemon=True)
    process.start()
    said.close()
    return Program(process, os.fdopen(os.dup(heard.fileno()), encoding="utf-8"))


def _pay(uri: str, first: int, members: int, seed: int, said: Connection) -> None:
    pay, local = operation("pay_member"), threading.local()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a thread says when its server dies is no news

    def write(requests: Sequence[Request]) -> list[Answer]:
        if not hasattr(local, "raw"):
            local.raw = psycopg.connect(uri, autocommit=True)
        return ask(local.raw, requests)

    def say(line: str) -> None:
        """One line, in one write: a killed program says it whole or not at all."""
        os.write(said.fileno(), f"{line}\n".encode())

    def asked(chance: random.Random) -> Request:
        payer, payee = chance.sample(range(first, first + members), 2)
        request = Request(UUID(int=chance.getrandbits(128)), (Leg(pay, payer, payee, chance.randint(1, 5)),))
        say(f"asked {request.key} {payer} {payee} {request.legs[0].amount_cents}")
        return request

    def answered(request: Request, answer: Answer) -> None:
        if answer.reason is not Reason.ACCEPTED:
            raise SystemExit("a payment was refused")
        say(f"paid {request.key}")

    if seed % 2:
        asyncio.run(_coroutines(write, _chances(seed, COROUTINES), asked, answered))
    else:
        _threads(write, _chances(seed, THREADS), asked, answered)


def _chances(seed: int, payers: int) -> list[random.Random]:
    return [random.Random(seed * COROUTINES + at) for at in range(payers)]


def _threads(write: Write, chances: list[random.Random], asked: Asked, answered: Answered) -> None:
    queue = GroupCommit(write)

    def run(chance: random.Random) -> None:
        while True:
            request = asked(chance)
            answered(request, queue.submit(request))

    hands = [threading.Thread(target=run, args=(chance,)) for chance in chances]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()


async def _coroutines(write: Write, chances: list[random.Random], asked: Asked, answered: Answered) -> None:
    queue = AsyncGroupCommit(write)

    async def run(chance: random.Random) -> None:
        while True:
            request = asked(chance)
            answered(request, await queue.submit(request))

    await asyncio.gather(*map(run, chances))
