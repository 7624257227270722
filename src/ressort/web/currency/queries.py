"""Reads of the ledger and of wallets."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from ressort.core.errors import UnknownCode
from ressort.web.currency import naming
from ressort.web.currency.door import run
from ressort.web.currency.models import Ask, Label, Standing, Wallet


def prepared(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    """The rows of what every payment asks: the server parses and plans it once a connection."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return run(connection.connection, statement, given)


@dataclass(frozen=True, slots=True)
class Fund:
    """One reserve: the units owed and the euros behind them, on its dedicated account and in all."""

    name: str
    claims_cents: int
    reserve_cents: int
    cover_cents: int

    @property
    def cover_ratio(self) -> float | None:
        """Euros behind each unit; None when nothing is owed."""
        return self.cover_cents / self.claims_cents if self.claims_cents else None


@dataclass(frozen=True, slots=True)
class Currency:
    """What anybody may know of a currency."""

    code: str
    name: str
    funds: tuple[Fund, Fund]
    wallets: int
    payments: int


@dataclass(frozen=True, slots=True)
class Head:
    """The last block of the chain, over every currency of this installation."""

    block: int
    sealed_at: datetime | None
    hash: str


_IN_USE = "NOT EXISTS (SELECT FROM currency_standing s WHERE s.currency = c.id AND s.withdrawn_at IS NOT NULL)"


def currencies() -> list[tuple[str, str]]:
    """The code and name of each currency that was not withdrawn."""
    return _rows(f"SELECT code, name FROM ledger.currency c WHERE {_IN_USE} ORDER BY name, code")


def all_codes() -> list[tuple[str]]:
    """The code of every currency there ever was."""
    return _rows("SELECT code FROM ledger.currency")


def standing(number: int) -> Standing:
    """What a currency is; real when nothing says otherwise."""
    return Standing.objects.filter(currency=number).first() or Standing(currency=number, nature=Standing.Nature.REAL)


def currency(code: str) -> Currency:
    """A currency by its code.

    Raises:
        UnknownCode: there is none.
    """
    number = currency_number(code)
    code, name = code_of(number), name_of(number)
    (sums,) = _rows(
        "SELECT coalesce(sum(balance_cents) FILTER (WHERE paper < 0), 0), coalesce(sum(balance_cents) FILTER (WHERE k.code = 'reserve_paper'), 0), "
        "coalesce(sum(balance_cents) FILTER (WHERE paper > 0), 0), coalesce(sum(balance_cents) FILTER (WHERE digital < 0), 0), "
        "coalesce(sum(balance_cents) FILTER (WHERE k.code = 'reserve_digital'), 0), coalesce(sum(balance_cents) FILTER (WHERE digital > 0), 0), "
        "coalesce(sum(version) FILTER (WHERE k.code = 'member'), 0) FROM ledger.account a JOIN ledger.kind k ON k.id = a.kind WHERE a.currency = %s",
        number,
    )
    paper, digital = Fund("paper", *map(int, sums[:3])), Fund("digital", *map(int, sums[3:6]))
    return Currency(code, name, (paper, digital), Wallet.objects.filter(currency=number).count(), int(sums[6]))


def currency_number(code: str) -> int:
    """The number of a currency in the ledger.

    Raises:
        UnknownCode: there is none.
    """
    found = _rows(f"SELECT id FROM ledger.currency c WHERE code = %s AND {_IN_USE}", code.upper())
    if not found:
        raise UnknownCode(
            "No currency is called {code} here.",
            reason="unknown_currency",
            code=code,
            suggestions=[one for one, _name in currencies()],
        )
    return int(found[0][0])


@cache
def code_of(number: int) -> str:
    """The code of a currency, which never changes."""
    return str(_rows("SELECT code FROM ledger.currency WHERE id = %s", number)[0][0])


def name_of(number: int) -> str:
    """The name of a currency."""
    return str(_rows("SELECT name FROM ledger.currency WHERE id = %s", number)[0][0])


def sole_account(currency: int, kind: str) -> int:
    """The account of a kind that a currency has once.

    Raises:
        UnknownCode: the currency has none.
    """
    found = _rows(
        "SELECT a.id FROM ledger.account a JOIN ledger.kind k ON k.id = a.kind WHERE a.currency = %s AND k.code = %s ORDER BY a.id LIMIT 1",
        currency,
        kind,
    )
    if not found:
        raise UnknownCode("The currency {currency} has no account of the kind {kind}.", currency=currency, kind=kind)
    return int(found[0][0])


def head() -> Head:
    """The head of the chain; zeros when nothing is sealed yet."""
    found = _rows("SELECT id, sealed_at, encode(hash, 'hex') FROM ledger.block ORDER BY id DESC LIMIT 1")
    return Head(*found[0]) if found else Head(0, None, "0" * 64)


def balance_cents(wallet: Wallet) -> tuple[int, int]:
    """What a wallet holds, and what of it may be spent now."""
    (row,) = _rows(
        "SELECT balance_cents, balance_cents - pending_out_cents - floor_cents FROM ledger.account WHERE id = %s",
        wallet.account,
    )
    return int(row[0]), int(row[1])


def held_cents(account: int) -> int:
    """What an account of the ledger holds."""
    return int(_rows("SELECT balance_cents FROM ledger.account WHERE id = %s", account)[0][0])


def is_closed(currency: int, day: date) -> bool:
    """Whether a day is closed in the books."""
    return bool(_rows("SELECT closed_until >= %s FROM ledger.currency WHERE id = %s", day, currency)[0][0])


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a statement; `other` is None when the other side has no name here any more, or never had."""

    number: int
    transfer: int
    at: datetime
    amount_cents: int
    after_cents: int
    other: Wallet | None
    operation: str
    day: date
    label: str
    #: whether it gives back what another transfer moved
    is_reversal: bool

    @property
    def is_dated(self) -> bool:
        """Whether it takes effect on another day than the one it was written: an import, a simulation."""
        return self.day != timezone.localtime(self.at).date()


_COLUMNS = "id, created_at, operation, effective_on, reverses"
#: the newest entries of an account, by what is asked of each side: each has its own index, read backwards for one page, so that an
#: account with a million entries answers as fast as one with ten
ENTRIES = (
    "SELECT e.version, e.id, e.created_at, e.change, e.after, e.other, o.code, e.effective_on, e.reverses IS NOT NULL FROM ("
    f"(SELECT debit_version AS version, {_COLUMNS}, -amount_cents AS change, debit_after_cents AS after, credit_account AS other "
    "FROM ledger.transfer WHERE debit_account = %(account)s AND {debit} ORDER BY debit_version DESC LIMIT %(count)s) UNION ALL "
    f"(SELECT credit_version, {_COLUMNS}, amount_cents, credit_after_cents, debit_account "
    "FROM ledger.transfer WHERE credit_account = %(account)s AND {credit} ORDER BY credit_version DESC LIMIT %(count)s)"
    ") e JOIN ledger.operation o ON o.id = e.operation ORDER BY e.version DESC LIMIT %(count)s"
)


def statement(wallet: Wallet, before: int | None = None, count: int = 50) -> list[Line]:
    """The entries of a wallet, the newest first, from those before a number on."""
    which = ENTRIES.replace("{debit}", "debit_version < %(before)s").replace("{credit}", "credit_version < %(before)s")
    return lines(which, {"account": wallet.account, "before": before or 2**62, "count": count})


def entry(wallet: Wallet, transfer: int) -> Line | None:
    """What a transfer changed in a wallet; None when it did not."""
    posted = "id = %(transfer)s AND state = 1"
    which = ENTRIES.replace("{debit}", posted).replace("{credit}", posted)
    found = lines(which, {"account": wallet.account, "transfer": transfer, "count": 1})
    return found[0] if found else None


def lines(query: str, given: dict[str, Any]) -> list[Line]:
    """The lines of a query of entries, with their names and labels."""
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        rows = cursor.fetchall()
    named = {one.account: one for one in Wallet.objects.filter(account__in={row[5] for row in rows})}
    labels = dict(Label.objects.filter(transfer__in=[row[1] for row in rows]).values_list("transfer", "text"))
    return [Line(*row[:5], named.get(row[5]), row[6], row[7], labels.get(row[1], ""), row[8]) for row in rows]


#: accounts that a search shows
MOST_PAYEES = 10


def payees(payer: Wallet, words: str) -> list[Wallet]:
    """Whom a payer may mean: the alias exactly, else the names that hold every word; one more than is shown tells that there are others."""
    others = Wallet.objects.filter(currency=payer.currency).exclude(pk=payer.pk)
    exact = list(others.filter(alias=words.strip().lower()))
    if exact or not naming.says_enough(words):
        return exact
    return list(naming.called(others, "name", words)[: MOST_PAYEES + 1])


def payment(wallet: Wallet, key: UUID) -> dict[str, Any] | None:
    """What became of a request of this wallet, if it made one under that key."""
    found = _rows(
        "SELECT t.id, t.credit_account, t.amount_cents, t.created_at FROM ledger.transfer t "
        "WHERE t.request_key = %s AND t.leg = 1 AND t.debit_account = %s",
        key,
        wallet.account,
    )
    if not found:
        return None
    transfer, payee, amount_cents, at = found[0]
    other = Wallet.objects.filter(account=payee).first()
    return {"transfer": transfer, "payee": other.alias if other else None, "amount_cents": amount_cents, "at": at}


def _rows(statement: str, *given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()


def refunded(transfers: list[int]) -> set[int]:
    """Those of some transfers that were reversed."""
    return {row[0] for row in _rows("SELECT reverses FROM ledger.transfer WHERE reverses = ANY(%s)", transfers)}


def reversal_of(transfer: int) -> int | None:
    """The transfer that gave back what another one moved; None when it stands."""
    found = _rows("SELECT id FROM ledger.transfer WHERE reverses = %s", transfer)
    return int(found[0][0]) if found else None


def version(wallet: Wallet) -> int:
    """How many entries a wallet has had."""
    return int(_rows("SELECT version FROM ledger.account WHERE id = %s", wallet.account)[0][0])


def received_since(wallet: Wallet, version: int, count: int = 500) -> list[tuple[int, int]]:
    """The transfers that credited a wallet after so many entries, with the number of each entry, the oldest first."""
    return _rows(
        "SELECT id, credit_version FROM ledger.transfer WHERE credit_account = %s AND credit_version > %s ORDER BY credit_version LIMIT %s",
        wallet.account, version, count,
    )  # fmt: skip


def source(transfer: int) -> int:
    """The account that a transfer debited."""
    return int(_rows("SELECT debit_account FROM ledger.transfer WHERE id = %s", transfer)[0][0])


def short_of(transfer: int) -> str | None:
    """The request that a transfer paid, if it did."""
    return Ask.objects.filter(transfer=transfer).values_list("short", flat=True).first()
