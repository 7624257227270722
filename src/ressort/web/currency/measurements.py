"""The measures of a currency, read from its ledger once a day and kept; what of them everybody may read."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext
from numpy.typing import NDArray

from ressort.core.currency.measures import (
    MEASURES,
    OUTSIDE,
    Flow,
    Flows,
    Role,
    board,
    secret_measures,
    without_reversed,
)
from ressort.ingest.currency_flows import FLOW_OF_OPERATION
from ressort.web.currency import flow_tables, purses
from ressort.web.currency.models import Measurement, Standing, Wallet

WINDOW_DAYS = 365
#: what is read before the window: whoever paid nobody for that long is dormant
_BEFORE_DAYS = 365
_SEED = 1
_ROLES = {"individual": Role.PERSON, "professional": Role.PROFESSIONAL, "association": Role.PERSON, "public_body": Role.PUBLIC}  # fmt: skip
_ACCOUNTS = (
    "SELECT a.id, a.balance_cents FROM ledger.account a JOIN ledger.kind k ON k.id = a.kind WHERE a.currency = %s "
    "AND k.code IN ('member', 'offline_hold', 'allowance_pot', 'demurrage_pot', 'offline_guarantee') ORDER BY a.id"
)
_TRANSFERS = (
    "SELECT t.id, t.effective_on - %s::date, o.code, t.debit_account, t.credit_account, t.amount_cents, coalesce(t.reverses, 0) "
    "FROM ledger.transfer t JOIN ledger.operation o ON o.id = t.operation JOIN ledger.account a ON a.id = t.debit_account "
    "WHERE a.currency = %s AND t.state = 1 AND t.effective_on >= %s AND a.unit = 0 ORDER BY t.effective_on, t.id"
)


def flows_of(currency: int, first: date) -> tuple[Flows, NDArray[np.int64]]:
    """The movements of a currency from a day on, day 0 of the flows, and the account of each holder.

    What holders have at the start is what they hold now less all that moved since. The association's own account is that of
    its standing; an account without a name any more counts as a person's.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, [currency])
        accounts = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
        members = purses.members_of_holds(currency)
        accounts = _merged(accounts, members)
        cursor.execute(_TRANSFERS, [first, currency, first])
        names = ("id", "day", "operation", "payer", "payee", "cents", "reverses")
        table = pl.DataFrame(cursor.fetchall(), schema=dict.fromkeys(names, pl.Int64) | {"operation": pl.String}, orient="row")  # fmt: skip
    table = table.with_columns(kind=pl.col("operation").replace_strict(FLOW_OF_OPERATION, default=None, return_dtype=pl.UInt8))  # fmt: skip
    table = table.filter(pl.col("kind").is_not_null())
    if members:  # a purse is its member's: loading it is no payment, what it pays is the member's
        table = table.with_columns(pl.col("payer", "payee").replace(members))
        table = table.filter(pl.col("payer") != pl.col("payee"))
    payer, payee = (_position(table[side].to_numpy(), accounts[:, 0]) for side in ("payer", "payee"))
    cents = table["cents"].to_numpy()
    opening = accounts[:, 1].copy()
    for side, sign in ((payer, 1), (payee, -1)):
        inside = side != OUTSIDE
        np.add.at(opening, side[inside], sign * cents[inside])
    notes = table["kind"].is_in([Flow.NOTES_ISSUE, Flow.NOTES_REDEMPTION]).to_numpy()
    kept = notes | (payer != OUTSIDE) | (payee != OUTSIDE)
    ids, reverses = (table[name].to_numpy()[kept] for name in ("id", "reverses"))
    flows = Flows(
        table["day"].to_numpy()[kept].astype(np.int32), table["kind"].to_numpy()[kept], payer[kept], payee[kept], cents[kept],
        _roles(currency, accounts[:, 0]), opening,
    )  # fmt: skip
    return (without_reversed(flows, ids, reverses) if reverses.any() else flows), accounts[:, 0]


def _merged(accounts: NDArray[np.int64], members: dict[int, int]) -> NDArray[np.int64]:
    """Accounts with their balances, those of purses added to their members'."""
    held: dict[int, int] = {}
    for account, cents in accounts.tolist():
        holder = members.get(account, account)
        held[holder] = held.get(holder, 0) + cents
    return np.array(sorted(held.items()), np.int64).reshape(-1, 2)


def _position(given: NDArray[np.int64], accounts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Where accounts stand among those of holders, the outside for the others."""
    if not len(accounts):
        return np.full(len(given), OUTSIDE, np.int32)
    at = np.searchsorted(accounts, given).clip(max=len(accounts) - 1)
    return np.where(accounts[at] == given, at, OUTSIDE).astype(np.int32)


def _roles(currency: int, accounts: NDArray[np.int64]) -> NDArray[np.uint8]:
    found = dict(Wallet.objects.filter(currency=currency).values_list("account", "kind"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT a.id FROM ledger.account a JOIN ledger.kind k ON k.id = a.kind WHERE a.currency = %s AND k.code <> 'member'", [currency])  # fmt: skip
        pots = {row[0] for row in cursor.fetchall()}
    issuer = Standing.objects.filter(currency=currency).values_list("issuer__account", flat=True).first()
    roles = [
        Role.ASSOCIATION if one == issuer else Role.POT if one in pots else _ROLES.get(found.get(one, ""), Role.PERSON)
        for one in accounts.tolist()
    ]  # fmt: skip
    return np.array(roles, np.uint8)


def measure(currency: int, until: date) -> Measurement:
    """Computes and keeps the measures of the year before a day; asked again for the same day, computes again."""
    first = until - timedelta(days=WINDOW_DAYS + _BEFORE_DAYS)
    flows, accounts = flows_of(currency, first)
    start = _start(flows)
    end = (until - first).days
    content: dict[str, Any] = {
        "days": end - start,
        "since": str(first + timedelta(days=start)),
        "measures": [],
        "flows": {},
    }
    if len(flows.day) and end > start:
        secret = secret_measures(flows, start, end)
        told = [asdict(one) for one in board(flows, start, end, _SEED)]
        content["measures"] = [one | {"secret": one["key"] in secret} for one in told]
        content["months"] = _months(flows, start, end, first)
        content["flows"] = flow_tables.of_months(currency, flows, accounts, first, until)
    made, _is_new = Measurement.objects.update_or_create(currency=currency, until=until, defaults={"content": content})
    return made


def _months(flows: Flows, start: int, end: int, first: date) -> list[dict[str, Any]]:
    """Payments, issue and redemption of each month of the window, in cents: they add up to the measures of the window."""
    kept = (flows.day >= start) & (flows.day < end)
    kept &= (flows.kind != Flow.PAYMENT) | (np.append(flows.role, Role.PERSON)[flows.payer] != Role.ASSOCIATION)
    months = np.array([(first + timedelta(days=int(day))).strftime("%Y-%m") for day in range(start, end)])
    of_flow, kind, cents = months[flows.day[kept] - start], flows.kind[kept], flows.amount_cents[kept]
    sums = {"payments": (Flow.PAYMENT,), "issued": (Flow.ISSUE, Flow.NOTES_ISSUE), "redeemed": (Flow.REDEMPTION, Flow.NOTES_REDEMPTION)}  # fmt: skip
    return [
        {"month": month}
        | {name: int(cents[(of_flow == month) & np.isin(kind, kinds)].sum()) for name, kinds in sums.items()}
        for month in np.unique(months).tolist()
    ]


def _start(flows: Flows) -> int:
    """The window begins a year before its end, or with the first movement of a younger currency."""
    return max(_BEFORE_DAYS, int(flows.day[0]) if len(flows.day) and not flows.opening_cents.any() else 0)


def latest(currency: int) -> Measurement | None:
    """The last measures kept of a currency."""
    return Measurement.objects.filter(currency=currency).first()


def told(found: Measurement) -> list[dict[str, Any]]:
    """The measures as anybody may read them: those that would tell the business of a few are named, not given."""
    return [
        {"key": one["key"], "label": gettext(MEASURES[one["key"]][1]), "unit": MEASURES[one["key"]][0], "secret": one["secret"]}
        | ({"value": None, "low": None, "high": None} if one["secret"] else {part: one[part] for part in ("value", "low", "high")})
        for one in found.content["measures"]
        if one["key"] != "overdrawn"
    ]  # fmt: skip


def measure_the_day() -> int:
    """Computes what is missing of today, for each currency where something moved; tells how many."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM ledger.currency c WHERE EXISTS (SELECT FROM ledger.account a WHERE a.currency = c.id AND a.version > 0 AND a.unit = 0) "
            "AND NOT EXISTS (SELECT FROM currency_measurement m WHERE m.currency = c.id AND m.until >= %s)",
            [today],
        )
        missing = [row[0] for row in cursor.fetchall()]
    for one in missing:
        measure(one, today)
    return len(missing)
