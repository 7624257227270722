"""A program that pays without end, through the group commit, and says each payment before it asks and after it is answered.

python payer.py <connection> <first member> <members> <seed>
"""

import os
import random
import sys
import threading
from uuid import UUID

import psycopg

from ressort.core.currency import Leg, Reason, Request, operation
from ressort.web.currency.door import ask
from ressort.web.currency.group import GroupCommit

THREADS = 8


def main(uri: str, first: int, members: int, seed: int) -> None:
    """Pays until killed."""
    pay, local = operation("pay_member"), threading.local()

    def write(requests: "list[Request]") -> "list[object]":
        if not hasattr(local, "raw"):
            local.raw = psycopg.connect(uri, autocommit=True)
        return ask(local.raw, requests)  # type: ignore[return-value]

    queue = GroupCommit(write)  # type: ignore[arg-type]

    def run(at: int) -> None:
        chance = random.Random(seed * THREADS + at)
        while True:
            payer, payee = chance.sample(range(first, first + members), 2)
            request = Request(UUID(int=chance.getrandbits(128)), (Leg(pay, payer, payee, chance.randint(1, 5)),))
            say(f"asked {request.key} {payer} {payee} {request.legs[0].amount_cents}")
            if queue.submit(request).reason is not Reason.ACCEPTED:
                raise SystemExit("a payment was refused")
            say(f"paid {request.key}")

    for at in range(THREADS):
        threading.Thread(target=run, args=(at,)).start()


def say(line: str) -> None:
    """One line, in one write: a killed program says it whole or not at all."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
