"""Entries of an account by the day they take effect: the day of a till, a statement on paper.

Entries are numbered as they are written, and none takes effect more than a day after that (the clock of an offline purse may be a day
ahead): those of some days begin where the day before them was written, found by halves among the numbers, however long the account.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from ressort.core.currency import operation
from ressort.web.currency.models import Wallet
from ressort.web.currency.queries import ENTRIES, Line, lines, refunded

#: entries of a day that a till shows
SHOWN = 500
#: operations that are a sale
RECEIVED = [operation(one) for one in ("pay_member", "settle_purse_payment", "cover_double_spend")]
#: how far ahead of its writing an entry may take effect, with a day to spare
_AHEAD = timedelta(2)
#: before any ledger: days that a calendar barely knows are none to look for
_OLDEST = date(2000, 1, 1)

#: the last entry written before a moment, by halves: `low` is before it, nothing after `high` is
_WRITTEN_BEFORE = """
WITH RECURSIVE search(low, high) AS (
    SELECT 0::bigint, version FROM ledger.account WHERE id = %(account)s
    UNION ALL
    SELECT CASE WHEN at < %(moment)s THEN mid ELSE low END, CASE WHEN at < %(moment)s THEN high ELSE mid - 1 END
      FROM search CROSS JOIN LATERAL (SELECT (low + high + 1) / 2 AS mid) m CROSS JOIN LATERAL (SELECT coalesce(
           (SELECT created_at FROM ledger.transfer WHERE debit_account = %(account)s AND debit_version = mid),
           (SELECT created_at FROM ledger.transfer WHERE credit_account = %(account)s AND credit_version = mid)) AS at) e
     WHERE low < high
) SELECT low FROM search WHERE low = high
"""
_SINCE = """
SELECT coalesce(sum(CASE WHEN credit_account = %(account)s THEN amount_cents ELSE -amount_cents END), 0) FROM ledger.transfer
 WHERE (debit_account = %(account)s AND debit_version > %(since)s OR credit_account = %(account)s AND credit_version > %(since)s)
   AND state = 1 AND effective_on > %(day)s
"""
#: payments given back; not what the association takes back of an issue
_REFUNDS = (
    "debit_account = %(account)s AND debit_version > %(since)s AND effective_on = %(day)s AND state = 1 AND EXISTS "
    "(SELECT FROM ledger.transfer paid WHERE paid.id = transfer.reverses AND paid.operation = ANY(%(kinds)s) AND paid.reverses IS NULL)"
)
#: what a supplier gave back is no payment received
_PAID = (
    "credit_account = %(account)s AND credit_version > %(since)s AND effective_on = %(day)s AND state = 1 AND operation = ANY(%(kinds)s) "
    "AND reverses IS NULL"
)
_SUMS = f"""
SELECT coalesce(sum(amount_cents), 0) - (SELECT coalesce(sum(amount_cents), 0) FROM ledger.transfer WHERE {_REFUNDS}), count(*),
       count(*) FILTER (WHERE EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses = t.id))
  FROM ledger.transfer t WHERE {_PAID}
"""


@dataclass(frozen=True, slots=True)
class Day:
    """What an account was paid on a day, refunds taken off; `lines` are the newest, five hundred at most, refunds included."""

    total_cents: int
    kept: int
    lines: list[Line]
    is_whole: bool


def received_on(wallet: Wallet, day: date) -> Day:
    """What a wallet was paid on a day; the sums count every payment, shown or not."""
    given = _given(wallet, day) | {"day": day, "kinds": RECEIVED, "count": SHOWN + 1}
    which = ENTRIES.replace("{debit}", _REFUNDS).replace("{credit}", _PAID)
    shown = lines(which, given)
    if len(shown) <= SHOWN:
        gone = refunded([line.transfer for line in shown])
        kept = sum(line.amount_cents > 0 and line.transfer not in gone for line in shown)
        return Day(sum(line.amount_cents for line in shown), kept, shown, True)
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, given)
        total_cents, paid, undone = cursor.fetchone()
    return Day(int(total_cents), paid - undone, shown[:SHOWN], False)


def between(wallet: Wallet, first: date, last: date, count: int) -> list[Line]:
    """The entries of a wallet from a day to another, the oldest first; the newest `count` at most."""
    days = "{side}_version > %(since)s AND state = 1 AND effective_on BETWEEN %(first)s AND %(last)s"
    which = ENTRIES
    for side in ("debit", "credit"):
        which = which.replace(f"{{{side}}}", days.replace("{side}", side))
    return lines(which, _given(wallet, first) | {"first": first, "last": last, "count": count})[::-1]


def held_at_end_of(wallet: Wallet, day: date, held_cents: int) -> int:
    """What a wallet held at the end of a day: what it holds now less what moved since."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, _given(wallet, day) | {"day": day})
        return held_cents - int(cursor.fetchone()[0])


def _given(wallet: Wallet, day: date) -> dict[str, object]:
    """The account, and the number of its last entry that cannot take effect on a day or later."""
    moment = timezone.make_aware(datetime.combine(max(day, _OLDEST), time()) - _AHEAD)
    return {"account": wallet.account, "since": written_before(wallet.account, moment)}


def written_before(account: int, moment: datetime) -> int:
    """How many entries an account had at a moment."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN_BEFORE, {"account": account, "moment": moment})
        return int(cursor.fetchone()[0])
