"""From requests to the door of the database and back. It prepares; the database judges (`sql/door.sql`)."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from ressort.core.currency import Action, Answer, Leg, Reason, Request, request_hash
from ressort.core.errors import InputError

_PAY = "SELECT reason, id FROM ledger.pay(%s, %s, %s, %s::smallint, %s, %s, %s)"
_SUBMIT = (
    "SELECT reasons, ids FROM ledger.submit(%s::uuid[], %s::bigint[], %s::date[], %s::timestamptz[], %s::bigint[], %s::bigint[], "
    "%s::int[], %s::smallint[], %s::smallint[], %s::int[], %s::int[], %s::bigint[], %s::int[])"
)
#: what two batches may do to each other when they carry the same key with different accounts: the batch is asked again
_AGAIN = (UniqueViolation, DeadlockDetected, SerializationFailure)
_TRIES = 5
#: ends of the database's 64-bit integers
_LARGEST = 2**63 - 1
#: reasons by number, as the database tells them
_REASONS = tuple(Reason)


def run(connection: "psycopg.Connection[Any]", statement: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement, which the server parses and plans once a connection. Django's connections never prepare by themselves."""
    before, connection.prepare_threshold = connection.prepare_threshold, 0
    try:
        return psycopg.Cursor(connection).execute(statement.encode(), given, prepare=True).fetchall()
    finally:
        connection.prepare_threshold = before


def ask(connection: "psycopg.Connection[Any]", requests: Sequence[Request]) -> list[Answer]:
    """What becomes of each request, judged one after the other; all of them in one statement.

    The same key twice gives the same answer twice, or a conflict if what is asked differs.
    """
    first: dict[Any, Request] = {}
    for request in requests:
        first.setdefault(_checked(request).key, request)
    judged = _judged(connection, list(first.values()))
    if len(judged) == len(requests):  # no key twice
        return judged
    answers = dict(zip(first, judged, strict=True))
    others = [
        one for one in requests if one is not first[one.key] and request_hash(one) != request_hash(first[one.key])
    ]
    later = dict(zip(map(id, others), ask(connection, others), strict=True)) if others else {}
    return [later.get(id(request)) or answers[request.key] for request in requests]


def _checked(request: Request) -> Request:
    """The request, if the database can read it: whatever else is wrong with it is for the database to say."""
    if not 1 <= len(request.legs) <= 1000:
        raise InputError(
            "A request has {count} legs; it needs between 1 and 1,000. Cut it into several.", count=len(request.legs)
        )
    for leg in request.legs:
        for number in (leg.debit, leg.credit, leg.amount_cents, leg.target):
            if not -_LARGEST <= number <= _LARGEST:
                raise InputError("A number of this request is beyond 64 bits. Amounts are whole cents.")
        if (leg.target > 0) != (leg.action > Action.HOLD):
            raise InputError("A leg names a transfer if, and only if, it ends or reverses one.")
    return request


def _judged(connection: "psycopg.Connection[Any]", requests: list[Request]) -> list[Answer]:
    if len(requests) == 1 and len(requests[0].legs) == 1 and requests[0].legs[0].action is Action.TRANSFER:
        return [_one(connection, requests[0], requests[0].legs[0])]
    statement = arrays(requests)
    for attempt in range(_TRIES):
        try:
            ((reasons, ids),) = run(connection, _SUBMIT, statement)
            return _answers(requests, reasons, ids)
        except _AGAIN:
            if attempt == _TRIES - 1 or not connection.autocommit:
                raise
    raise AssertionError("unreachable")


def _one(connection: "psycopg.Connection[Any]", request: Request, leg: Leg) -> Answer:
    given = (request.key, request.actor, request.day, leg.operation, leg.debit, leg.credit, leg.amount_cents)
    ((reason, transfer),) = run(connection, _PAY, given)
    return Answer(Reason(reason), (transfer,) if transfer else ())


def arrays(requests: list[Request]) -> list[str]:
    """The arguments of `ledger.submit`: legs name their request, accounts and transfer by position."""
    legs = [leg for request in requests for leg in request.legs]
    accounts = sorted({one for leg in legs if not leg.target for one in (leg.debit, leg.credit)})
    targets = sorted({leg.target for leg in legs if leg.target})
    at = {account: str(place) for place, account in enumerate(accounts, 1)}
    target_at = {target: str(place) for place, target in enumerate(targets, 1)} | {0: "0"}
    return [
        _array([request.key.hex for request in requests]),
        _array([str(request.actor) for request in requests]),
        _array([str(request.day or "NULL") for request in requests]),
        _array([f'"{request.expires_at.isoformat()}"' if request.expires_at else "NULL" for request in requests]),
        _array(map(str, accounts)),
        _array(map(str, targets)),
        _array([str(place) for place, request in enumerate(requests, 1) for _leg in request.legs]),
        _array([str(int(leg.action)) for leg in legs]),
        _array([str(leg.operation) for leg in legs]),
        _array(["0" if leg.target else at[leg.debit] for leg in legs]),
        _array(["0" if leg.target else at[leg.credit] for leg in legs]),
        _array([str(leg.amount_cents) for leg in legs]),
        _array([target_at[leg.target] for leg in legs]),
    ]


def _array(values: Iterable[str]) -> str:
    """An array in PostgreSQL's own words, told whole rather than one by one."""
    return "{" + ",".join(values) + "}"


def _answers(requests: list[Request], reasons: list[int], ids: list[int]) -> list[Answer]:
    answers, start = [], 0
    for request, reason in zip(requests, reasons, strict=True):
        stop = start + len(request.legs)
        answers.append(Answer(_REASONS[reason], tuple(ids[start:stop]) if reason == 0 else ()))
        start = stop
    return answers
