"""Reads of the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from ressort.core.currency import KINDS, OPERATIONS
from ressort.core.currency.accounting import DayTotal as BookTotal
from ressort.core.currency.association import (
    FUNDS,
    Change,
    Clock,
    Fund,
    MandateState,
    broken_identities,
    clock,
    fund,
    rolling_cents,
)
from ressort.core.currency.association import Mandate as MandateRule
from ressort.core.errors import UnknownCode
from ressort.core.letters import bare
from ressort.reference.currency_parameters import parameter
from ressort.web.association.models import Certificate, DayTotal, Decision, Deed, Mandate, Member, Office, Rules
from ressort.web.currency.models import Wallet
from ressort.web.currency.naming import Bare

_NUMBER = {kind.code: kind.id for kind in KINDS}
_OPERATION = {code: number for number, code in enumerate(OPERATIONS, 1)}


def rules(currency: int) -> Rules:
    """The rules of a currency; the usual ones when none were written."""
    return Rules.objects.select_related("association").filter(currency=currency).first() or Rules(currency=currency)


def accounts_for(currency: int, kinds: Iterable[str], office: Office | None) -> dict[str, int]:
    """The account of each kind: an office's for those of offices, else the only one of the currency.

    Raises:
        UnknownCode: a kind has no account.
    """
    wanted = {code for code in kinds if not code.startswith("member")}
    found = {code: getattr(office, code) for code in wanted & set(Office.KINDS)} if office else {}
    alone = sorted(wanted - set(found) - set(Office.KINDS))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.code, min(a.id) FROM ledger.account a JOIN ledger.kind k ON k.id = a.kind "
            "WHERE a.currency = %s AND k.code = ANY (%s) GROUP BY 1",
            [currency, alone],
        )
        found |= dict(cursor.fetchall())
    missing = wanted - set(found)
    if missing:
        raise UnknownCode("The currency {currency} has no account of the kind {kind}.", currency=currency, kind=sorted(missing)[0])  # fmt: skip
    return found


def balance_of(account: int) -> int:
    """What an account of the ledger holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT balance_cents FROM ledger.account WHERE id = %s", [account])
        return int(cursor.fetchone()[0])


def room_cents(account: int) -> int:
    """What an account may still receive under its ceiling; nothing once it is closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN status = 2 THEN 0 ELSE ceiling_cents - balance_cents END FROM ledger.account WHERE id = %s", [account])  # fmt: skip
        return int(cursor.fetchone()[0])


def balances(currency: int) -> dict[str, int]:
    """The balance of each kind of account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.code, sum(a.balance_cents)::bigint FROM ledger.account a JOIN ledger.kind k ON k.id = a.kind "
            "WHERE a.currency = %s GROUP BY 1",
            [currency],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Reserve:
    """Both funds now, and the identities that do not hold."""

    funds: dict[str, Fund]
    broken: list[str]


def reserve(currency: int) -> Reserve:
    """The euros behind the units, now."""
    held = balances(currency)
    return Reserve({name: fund(held, name) for name in FUNDS}, broken_identities(held))


def waiting(currency: int) -> QuerySet[Deed]:
    """Operations that somebody else must agree to."""
    return Deed.objects.filter(currency=currency, decision__isnull=True).select_related("made_by", "office")


def journal(currency: int, offices: frozenset[int] | None = None, before: int | None = None) -> QuerySet[Deed]:
    """Operations, the newest first; those of some offices only, for whoever keeps them."""
    found = Deed.objects.filter(currency=currency).select_related("made_by", "office", "decision", "decision__by")
    if offices is not None:
        found = found.filter(office__in=offices)
    return found.filter(pk__lt=before) if before else found


def unpaid_redemptions(currency: int) -> QuerySet[Deed]:
    """Redemptions done whose euros were not sent yet: neither paid out nor reversed, nor waiting to be."""
    busy = Q(settled_by__decision__isnull=True, settled_by__isnull=False) | Q(settled_by__decision__outcome="done")
    undone = Q(reversed_by__decision__isnull=True, reversed_by__isnull=False) | Q(reversed_by__decision__outcome="done")
    done = Deed.objects.filter(
        currency=currency, operation__in=["redeem_digital", "redeem_notes"], decision__outcome=Decision.Outcome.DONE, reverses__isnull=True
    )  # fmt: skip
    return done.exclude(pk__in=done.filter(busy | undone).values("pk")).order_by("pk")


def named(accounts: Iterable[int | None]) -> dict[int, Wallet]:
    """Who stands behind accounts, as far as anybody still does."""
    return {one.account: one for one in Wallet.objects.filter(account__in=[one for one in accounts if one])}


def members(currency: int, words: str = "", standing: str = "") -> QuerySet[Member]:
    """Members whose name, whatever its accents, or alias holds every word; by name."""
    found = Member.objects.filter(wallet__currency=currency).select_related("wallet", "wallet__owner")
    found = found.annotate(bare_name=Bare("wallet__name")).order_by("bare_name", "wallet__name", "pk")
    for word in words.split()[:6]:
        found = found.filter(Q(bare_name__contains=bare(word)) | Q(wallet__alias__icontains=word))
    return found.filter(standing=standing) if standing else found


def book_totals(currency: int, first: date, last: date) -> list[BookTotal]:
    """The daily totals of some days, as the books take them."""
    rows = DayTotal.objects.filter(currency=currency, day__range=(first, last))
    return [
        BookTotal(one.day, OPERATIONS[one.operation - 1], KINDS[one.from_kind - 1].code, KINDS[one.to_kind - 1].code, one.amount_cents, one.first_block, one.last_block)
        for one in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watched:
    """What the law watches, day after day from a first day to the last: payments of that day, digital units at its end."""

    first: date
    paid_cents: NDArray[np.int64]
    outstanding_cents: NDArray[np.int64]


def watched(currency: int, today: date) -> Watched:
    """The days of a currency until today, from its daily totals."""
    rows = DayTotal.objects.filter(currency=currency, day__lte=today)
    first = rows.order_by("day").values_list("day", flat=True).first() or today
    days = (today - first).days + 1
    paid, issued = np.zeros(days, np.int64), np.zeros(days, np.int64)
    paying, issue = {_OPERATION["pay_member"], _OPERATION["settle_purse_payment"]}, _NUMBER["digital_issue"]
    for one in rows:
        at = (one.day - first).days
        if one.operation in paying:
            paid[at] += one.amount_cents
        issued[at] += one.amount_cents * ((one.from_kind == issue) - (one.to_kind == issue))
    return Watched(first, paid, np.cumsum(issued))


def clocks(currency: int, today: date) -> dict[str, Clock]:
    """The sums that the law watches, on a day: payments of twelve months, and digital units outstanding."""
    seen = watched(currency, today)
    values = {"payments": rolling_cents(seen.paid_cents), "outstanding": seen.outstanding_cents}
    keys = {"payments": "payments_declaration_threshold_cents", "outstanding": "e_money_declaration_threshold_cents"}
    return {name: clock(values[name], seen.first, parameter(keys[name], today)) for name in values}


def year_ago(today: date) -> date:
    """The first of the last 365 days."""
    return today - timedelta(364)


def last_public_certificate(currency: int) -> Certificate | None:
    """The last certificate of the reserve that two people signed, for anybody; those that bear an e-mail stay at the desk."""
    return Certificate.objects.filter(currency=currency).exclude(body="").exclude(body__contains="@").first()


def mandate_rule(mandate: Mandate) -> MandateRule:
    """A mandate in units as the rules of the core know it."""
    history = tuple(
        Change(cast(MandateState, one.state), mandate.creditor_id if one.state == "waiting" else mandate.debtor_id, timezone.localdate(one.at))
        for one in mandate.changes.all()
    )  # fmt: skip
    return MandateRule(mandate.debtor_id, mandate.creditor_id, history, mandate.is_recurring, mandate.amount_cents)


def transfers_of(deed: Deed) -> list[tuple[int, str, str, int]]:
    """The transfers of a deed that was done: number, kinds of accounts, amount."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, d.code, c.code, t.amount_cents FROM ledger.transfer t JOIN ledger.account a ON a.id = t.debit_account "
            "JOIN ledger.account b ON b.id = t.credit_account JOIN ledger.kind d ON d.id = a.kind JOIN ledger.kind c ON c.id = b.kind "
            "WHERE t.request_key = %s ORDER BY t.leg",
            [deed.key],
        )
        return cursor.fetchall()
