"""The words of the ledger: what may be asked, what may be answered, and how a request is remembered."""

import struct
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from hashlib import sha256
from uuid import UUID

#: the largest amount of one transfer, and the range of a balance; both far from the ends of a 64-bit integer
MOST_CENTS = 10**15
RANGE_CENTS = 10**18
NO_FLOOR_CENTS = -RANGE_CENTS
NO_CEILING_CENTS = RANGE_CENTS
#: what the days of the chain are counted from
EPOCH = date(2000, 1, 1)


class Action(IntEnum):
    """What a leg does."""

    TRANSFER = 1
    HOLD = 2
    POST = 3
    VOID = 4
    EXPIRE = 5
    REVERSE = 6


class State(IntEnum):
    """What a transfer is; it never changes: ending a pending transfer is another one, which `resolves` it."""

    POSTED = 1
    PENDING = 2
    VOIDED = 3
    EXPIRED = 4


class Status(IntEnum):
    """What an account may do."""

    OPEN = 0
    RECEIVES_ONLY = 1
    CLOSED = 2


class Reason(IntEnum):
    """Why a request was refused; 0 when it was not."""

    ACCEPTED = 0
    INSUFFICIENT_FUNDS = 1
    UNKNOWN_ACCOUNT = 2
    CLOSED_ACCOUNT = 3
    CEILING = 4
    NOT_ALLOWED = 5
    BAD_AMOUNT = 6
    CLOSED_DAY = 7
    UNKNOWN_TRANSFER = 8
    DUPLICATE_RESOLUTION = 9
    EXPIRED = 10
    NOT_EXPIRED = 11
    RESERVE_SHORT = 12
    #: the same key was used for another request; the only answer that is not kept
    KEY_CONFLICT = 13


@dataclass(frozen=True, slots=True)
class Leg:
    """One movement: the balance of `debit` falls, that of `credit` rises.

    A leg that ends a hold or reverses a transfer names it as `target` and takes its accounts; `amount_cents` is then given
    for `POST` only (at most the amount held; the rest is released).
    """

    operation: int
    debit: int = 0
    credit: int = 0
    amount_cents: int = 0
    action: Action = Action.TRANSFER
    target: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """Legs that happen together or not at all. The same key asked again gets the same answer.

    Args:
        actor: a number for who asked, known to `people`; 0 for the program itself.
        day: when it takes effect; today when absent.
        expires_at: the deadline of its holds.
    """

    key: UUID
    legs: tuple[Leg, ...]
    actor: int = 0
    day: date | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request, and the transfers made, one a leg."""

    reason: Reason
    transfers: tuple[int, ...] = ()


def request_hash(request: Request) -> bytes:
    """SHA-256 of what is asked: the day if one was named, then each leg. Neither who asks nor a deadline is part of it.

    >>> one = Request(UUID(int=1), (Leg(20, debit=1, credit=2, amount_cents=500),))
    >>> request_hash(one).hex()[:16]
    '236e8d4e1625ebeb'
    """
    body = struct.pack(">i", (request.day - EPOCH).days) if request.day else b""
    for leg in request.legs:
        body += struct.pack(">hhqqqq", leg.action, leg.operation, leg.debit, leg.credit, leg.amount_cents, leg.target)
    return sha256(body).digest()
