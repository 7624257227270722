"""What can be done to the money: the only Python that writes in the ledger.

`submit` asks for transfers, one request or several; the others found currencies, open, limit and close accounts, close days, end late
holds and seal. The rules are in the database (`sql/door.sql`); a refusal comes back as its reason. Wallets stand on top: `wallets.py`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
from django.db import Error, OperationalError, connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from ressort.core.currency import Action, Answer, Leg, Reason, Request, Status, kind
from ressort.core.errors import RessortError, RuleBroken, UnknownCode
from ressort.web.currency.door import ask
from ressort.web.currency.group import GroupCommit

#: late holds ended together
_BATCH = 500


def submit(request: Request) -> Answer:
    """What becomes of a request. Outside a transaction it is on the disk when this returns, with those who waited beside it.

    Raises:
        OperationalError: the database did not answer. Nobody knows what became of it: asking again with the same key is safe.
    """
    return ask(_raw(), [request])[0] if connection.in_atomic_block else _beside_others(request)


def _beside_others(request: Request) -> Answer:
    try:
        return _group.submit(request)
    except RessortError as error:
        if isinstance(error.__cause__, Error):  # told as any other fault of the database: 503, not a refusal
            raise OperationalError(str(error)) from error
        raise


def submit_all(requests: Sequence[Request]) -> list[Answer]:
    """What becomes of each request of a list, judged in its order, written together."""
    return ask(_raw(), requests) if requests else []


def require(answer: Answer) -> Answer:
    """The answer, if it is yes.

    Raises:
        RuleBroken: it is no; `facts["reason"]` is its word.
    """
    if answer.reason is Reason.ACCEPTED:
        return answer
    raise RuleBroken(REFUSALS[answer.reason], reason=answer.reason.name.lower())


def told(reason: Reason) -> str:
    """A refusal as a sentence, in the reader's language."""
    return gettext(REFUSALS[reason])


@transaction.atomic
def found_currency(code: str, name: str) -> int:
    """The number of a new currency, with the accounts that a currency has once."""
    number = int(_value("SELECT ledger.found_currency(%s, %s)", code, name))
    for once in ONE_PER_CURRENCY:
        open_account(number, once)
    return number


#: kinds of accounts that a currency has once
ONE_PER_CURRENCY = (
    "notes_issue", "notes_safe", "notes_transit", "notes_circulation", "digital_issue", "demurrage_pot", "offline_guarantee",
    "outside_eur", "deposit_bank_paper", "deposit_bank_digital", "deposit_bank_operating", "reserve_paper", "reserve_digital",
    "swap_paper", "swap_digital", "payable_paper", "payable_digital", "operating_bank",
)  # fmt: skip


def open_account(currency: int, code: str, floor_cents: int = 0, ceiling_cents: int | None = None) -> int:
    """The number of a new account of a kind of the chart. A floor below zero is credit granted."""
    number = kind(code).id
    return int(_value("SELECT ledger.open_account(%s::smallint, %s::smallint, %s, %s)", currency, number, floor_cents, ceiling_cents))  # fmt: skip


def limit_account(account: int, *, floor_cents: int | None = None, ceiling_cents: int | None = None) -> None:
    """Moves the limits of an account; None leaves one as it is.

    Raises:
        RuleBroken: the account already is below the floor asked for.
    """
    _set(account, floor_cents, ceiling_cents, None)


def hold_accounts(*accounts: int) -> None:
    """Keeps others from accounts until the end of the transaction: a floor moved and a payment then go together."""
    _rows("SELECT ledger.hold_accounts(%s::bigint[])", sorted(accounts))


def change_status(account: int, status: Status) -> None:
    """Opens again, lets receive only, or closes an account.

    Raises:
        RuleBroken: an account is closed only once it is empty, with nothing held.
    """
    _set(account, None, None, status)


def close_days(currency: int, until: date) -> None:
    """No transfer will take effect on that day or before. A closed day is never opened again."""
    if not _value("SELECT ledger.close_days(%s::smallint, %s)", currency, until):
        raise RuleBroken("Days are already closed beyond {day}, or there is no such currency.", day=until.isoformat())


def end_late_holds() -> int:
    """Releases the holds whose deadline has passed, by the clock of the database; tells how many, a batch at most."""
    late = _rows(
        "SELECT p.id, p.operation FROM ledger.transfer p WHERE p.state = 2 AND p.expires_at <= now() "
        "AND NOT EXISTS (SELECT FROM ledger.transfer e WHERE e.resolves = p.id) ORDER BY p.id LIMIT %s",
        _BATCH,
    )
    ends = [Request(uuid4(), (Leg(operation, action=Action.EXPIRE, target=number),)) for number, operation in late]
    return sum(answer.reason is Reason.ACCEPTED for answer in submit_all(ends))


def seal() -> int:
    """Seals what is decided and not sealed yet, block after block; tells how many accounts and transfers."""
    count = 0
    while done := _value("SELECT ledger.seal()"):
        count += int(done)
    return count


def _set(account: int, floor_cents: int | None, ceiling_cents: int | None, status: Status | None) -> None:
    try:
        with transaction.atomic():
            known = _value("SELECT ledger.set_account(%s, %s, %s, %s::smallint)", account, floor_cents, ceiling_cents, status)  # fmt: skip
    except psycopg.errors.CheckViolation as error:
        raise RuleBroken(
            "Account {account} cannot become so: close it once it is empty and nothing is held; set a floor it is not below.",
            account=account,
            constraint=error.diag.constraint_name,
        ) from error
    if not known:
        raise UnknownCode("There is no account {account}.", account=account)


def _raw() -> "psycopg.Connection[Any]":
    """Django's connection, without its words."""
    connection.ensure_connection()
    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)
    return raw


def _rows(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    return psycopg.Cursor(_raw()).execute(statement.encode(), given).fetchall()


def _value(statement: str, *given: Any) -> Any:
    rows = _rows(statement, *given)
    return rows[0][0] if rows else None


def _write(requests: Sequence[Request]) -> list[Answer]:
    try:
        with connection.wrap_database_errors:
            return ask(_raw(), requests)
    except OperationalError:
        connection.close()
        raise


_group = GroupCommit(_write)

#: each reason but yes, as a sentence
REFUSALS = {
    Reason.INSUFFICIENT_FUNDS: _("The account does not hold that much."),
    Reason.UNKNOWN_ACCOUNT: _("One of the accounts does not exist."),
    Reason.CLOSED_ACCOUNT: _("One of the accounts is closed, or only receives."),
    Reason.CEILING: _("The account that receives would hold more than it may."),
    Reason.NOT_ALLOWED: _("This is not allowed between these accounts, or on this transfer."),
    Reason.BAD_AMOUNT: _("The amount must be at least one cent, and no more than what is held."),
    Reason.CLOSED_DAY: _("That day is closed in the books. Choose a later one."),
    Reason.UNKNOWN_TRANSFER: _("There is no such transfer."),
    Reason.DUPLICATE_RESOLUTION: _("That transfer has already been ended or reversed."),
    Reason.EXPIRED: _("The deadline has passed."),
    Reason.NOT_EXPIRED: _("The deadline has not passed yet."),
    Reason.RESERVE_SHORT: _("The reserve would fall under the units in circulation. Bring the euros first."),
    Reason.KEY_CONFLICT: _("This key was used for another request. Use a new one."),
}
