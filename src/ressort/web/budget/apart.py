"""A count asked by anyone, in a process of its own: a few lines of votes can be made to take hours, and nobody must wait for them."""

import multiprocessing
import os
import resource
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any

from ressort.core.budget import Election, Rules, count, outcome_facts
from ressort.core.errors import InputError

#: seconds of computing that one count may take
MOST_SECONDS = 10
#: how far behind the pages a count stands when both want the processor
GIVES_WAY = 5


def counted_apart(election: Election, rules: Rules) -> dict[str, Any]:
    """The facts of the outcome.

    Raises:
        InputError: the count takes more than `MOST_SECONDS` of computing.
        RuleBroken, NoSolution: as `count`.
    """
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, initializer=_bound, initargs=(MOST_SECONDS,)) as process:
        try:
            return process.submit(_facts, election, rules).result()
        except BrokenProcessPool as error:
            raise InputError(
                "Counting these votes takes more than {most} seconds: use the command line.", most=MOST_SECONDS
            ) from error


def _bound(seconds: int) -> None:
    """Has this process give way to the pages, and the system end it when it has computed so long."""
    with suppress(OSError):  # a system may forbid it
        os.nice(GIVES_WAY)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _facts(election: Election, rules: Rules) -> dict[str, Any]:
    return outcome_facts(count(election, rules))
