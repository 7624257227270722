"""Demurrage: once a month, what melted from accounts that kept their units goes to the pot of their currency.

rule announced ─▶ each month that ends: balance of each evening × rate, after the days of grace ─▶ whole cents to the pot, the rest is carried
Off unless a rule was announced. Associations and public bodies are exempt. Units that are kept for a purpose, or held, are never
taken: what they owe waits for units that may be spent.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils import timezone

from ressort.core.currency import (
    Answer,
    Leg,
    Melting,
    MeltingRule,
    Move,
    Reason,
    Request,
    melted,
    operation,
    taken_cents,
)
from ressort.core.errors import RuleBroken
from ressort.web.currency import actions
from ressort.web.currency.demurrage_models import MOST_PPM
from ressort.web.currency.models import DemurrageRule, Melted
from ressort.web.currency.queries import sole_account

_SPACE = UUID("5a1d8f0e-0c2b-4d6e-8a57-1b9e6b3f7c42")
_MELT = operation("demurrage")
#: what leaves an account without its holder spending
_NOT_SPENT = [_MELT, operation("expire_allowance")]
#: days between the announcement of a rule and its first day
NOTICE_DAYS = 30
#: accounts taken from in one look: those of one look wait for each other, a quarter of a second when months are long
_BATCH = 50
#: the month each currency was last done for, in this process
_done: dict[int, date] = {}

_ACCOUNTS = """
    SELECT a.id, m.until, coalesce(m.held_cents, 0), coalesce(m.version, 0), coalesce(m.due, 0), coalesce(m.still_days, 0)
      FROM ledger.account a JOIN currency_wallet w ON w.account = a.id LEFT JOIN currency_melted m ON m.account = a.id
     WHERE a.currency = %s AND w.kind IN ('individual', 'professional') AND (m.until IS NULL OR m.until < %s) ORDER BY a.id LIMIT %s
"""
_FREE = "SELECT id, balance_cents - pending_out_cents - greatest(floor_cents, 0) FROM ledger.account WHERE id = ANY(%s)"
#: what accounts held before a day, and after how many entries: each side of each account is read backwards until there
_BEFORE = """
    SELECT u.account, e.version, e.after FROM unnest(%(accounts)s::bigint[]) u(account) CROSS JOIN LATERAL (
           (SELECT debit_version AS version, debit_after_cents AS after FROM ledger.transfer WHERE debit_account = u.account
               AND debit_version > 0 AND (created_at AT TIME ZONE 'Europe/Paris')::date < %(day)s ORDER BY debit_version DESC LIMIT 1) UNION ALL
           (SELECT credit_version, credit_after_cents FROM ledger.transfer WHERE credit_account = u.account
               AND credit_version > 0 AND (created_at AT TIME ZONE 'Europe/Paris')::date < %(day)s ORDER BY credit_version DESC LIMIT 1)
           ORDER BY version DESC LIMIT 1) e
"""
_MOVES = """
    SELECT u.account, e.version, (e.created_at AT TIME ZONE 'Europe/Paris')::date, e.after, e.is_spending
      FROM unnest(%(accounts)s::bigint[], %(versions)s::bigint[]) u(account, version) CROSS JOIN LATERAL (
           SELECT debit_version AS version, created_at, debit_after_cents AS after, operation <> ALL(%(not_spent)s) AS is_spending
             FROM ledger.transfer WHERE debit_account = u.account AND debit_version > u.version UNION ALL
           SELECT credit_version, created_at, credit_after_cents, false
             FROM ledger.transfer WHERE credit_account = u.account AND credit_version > u.version) e
     ORDER BY u.account, e.version
"""


@dataclass(slots=True)
class _Account:
    """An account as it was left, then as this month leaves it."""

    account: int
    until: date | None
    held_cents: int
    version: int
    due: Decimal
    still_days: int


def announce(currency: int, rate_ppm: int, grace_days: int, since: date) -> DemurrageRule:
    """Writes what units melt by from a day on.

    Raises:
        RuleBroken: the day is no first of a month, or too near; the rate or the grace is no such thing.
    """
    earliest = timezone.localdate() + timedelta(NOTICE_DAYS)
    if since.day != 1 or since < earliest:
        raise RuleBroken(
            "Demurrage begins on the first of a month, announced {days} days ahead: {given} is not after {earliest}, or not a first.",
            days=NOTICE_DAYS, given=str(since), earliest=str(earliest),
        )  # fmt: skip
    if not 0 <= rate_ppm <= MOST_PPM or not 0 <= grace_days <= 3_650:
        raise RuleBroken(
            "A rate is between 0 and {most} millionths a day, a grace between 0 and 3650 days: {rate}, {grace} given.",
            most=MOST_PPM, rate=rate_ppm, grace=grace_days,
        )  # fmt: skip
    given = {"rate_ppm": rate_ppm, "grace_days": grace_days}
    return DemurrageRule.objects.update_or_create(currency=currency, since=since, defaults=given)[0]


def announced(currency: int) -> list[DemurrageRule]:
    """The rules of a currency, the one in force and those to come."""
    rules, today = list(DemurrageRule.objects.filter(currency=currency)), timezone.localdate()
    past = [rule for rule in rules if rule.since <= today]
    return past[-1:] + rules[len(past) :]


def melt_months() -> int:
    """Takes what melted until the end of last month, some accounts at a time; tells how many were looked at."""
    last, count = timezone.localdate().replace(day=1) - timedelta(1), 0
    for currency in set(DemurrageRule.objects.filter(since__lte=last).values_list("currency", flat=True)):
        if _done.get(currency) != last:
            done = _take(currency, last)
            count += done
            if done < _BATCH:
                _done[currency] = last
    return count


@transaction.atomic
def _take(currency: int, last: date) -> int:
    rules = [MeltingRule(one.since, one.rate_ppm, one.grace_days) for one in DemurrageRule.objects.filter(currency=currency)]  # fmt: skip
    found = [_Account(*row) for row in _rows(_ACCOUNTS, currency, last, _BATCH)]
    accounts = [one.account for one in found]
    actions.hold_accounts(*accounts)
    _begin([one for one in found if one.until is None], rules[0].since)
    moves: dict[int, list[Any]] = {}
    given = {"accounts": accounts, "versions": [one.version for one in found], "not_spent": _NOT_SPENT}
    for row in _rows(_MOVES, given=given):
        moves.setdefault(row[0], []).append(row[1:])
    free, owed = dict(_rows(_FREE, accounts)), {}
    for one in found:
        owed[one.account] = _melt(one, moves.get(one.account, []), rules, last)
    pot = sole_account(currency, "demurrage_pot") if found else 0
    asked = {
        account: Request(uuid5(_SPACE, f"{account}:{last}"), (Leg(_MELT, account, pot, min(cents, free[account])),))
        for account, cents in owed.items()
        if min(cents, free[account]) > 0
    }
    answers = dict(zip(asked, actions.submit_all(list(asked.values())), strict=True))
    for one in found:
        one.due += 1_000_000 * (owed[one.account] - _paid(one.account, asked, answers))
    rows = [Melted(**{name: getattr(one, name) for name in one.__slots__}) for one in found]
    fields = ["until", "held_cents", "version", "due", "still_days"]
    Melted.objects.bulk_create(rows, update_conflicts=True, unique_fields=["account"], update_fields=fields)
    return len(found)


def _begin(found: list[_Account], first: date) -> None:
    """Accounts never looked at become what they were the evening before the first rule."""
    before = _rows(_BEFORE, given={"accounts": [one.account for one in found], "day": first})
    was = {account: (version, held_cents) for account, version, held_cents in before}
    for one in found:
        one.until, (one.version, one.held_cents) = first - timedelta(1), was.get(one.account, (0, 0))


def _melt(one: _Account, moves: list[Any], rules: list[MeltingRule], last: date) -> int:
    """The whole cents that an account owes at the end of a month; the account becomes what it then was."""
    told = [Move(day, after, spending) for _version, day, after, spending in moves]
    assert one.until is not None
    first = one.until + timedelta(1)
    state = melted(Melting(int(one.due), one.still_days), one.held_cents, told, rules, first, last)
    cents, state = taken_cents(state)
    for version, day, after, _spending in moves:
        if day <= last:
            one.version, one.held_cents = version, after
    one.until, one.due, one.still_days = last, Decimal(state.due), state.still_days
    return cents


def _paid(account: int, asked: dict[int, Request], answers: dict[int, Answer]) -> int:
    accepted = account in answers and answers[account].reason is Reason.ACCEPTED
    return asked[account].legs[0].amount_cents if accepted else 0


def _rows(statement: str, *values: Any, given: dict[str, Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given or values)
        return cursor.fetchall()
