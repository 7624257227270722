"""The notes of a simulated currency, by series, and the journal of what was done with them during its year."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ressort.core.currency import OPERATIONS
from ressort.core.currency import operation as number_of
from ressort.core.currency.association import part_cents
from ressort.web.association import notes, queries
from ressort.web.association.models import Decision, Deed, Office, Series
from ressort.web.association.operations import ALWAYS_TWO, plan
from ressort.web.people.models import Person

_VALUES_CENTS = (500, 2_000)
_DONE = ("print_notes", "safe_out", "office_stock_in", "exchange_to_notes", "redeem_notes", "pay_redemption")


def found(number: int, staff: Person, second: Person) -> None:
    """Two series, each half of every amount, and a deed for each thing that the ledger did with notes."""
    series = [
        Series.objects.create(currency=number, name=_("{value} (simulated)").format(value=cents // 100), value_cents=cents)
        for cents in _VALUES_CENTS
    ]  # fmt: skip
    office, rules, redeemed = Office.objects.get(currency=number), queries.rules(number), None
    for key, operation, first, amount_cents, day in _done(number):
        pays = operation == "pay_redemption"
        needs_two = operation in ALWAYS_TWO or amount_cents >= rules.four_eyes_cents
        deed = Deed.objects.create(
            key=key, currency=number, operation=operation, amount_cents=amount_cents, fund="paper" if pays else "", made_by=staff,
            fee_cents=part_cents(amount_cents, rules.fee_bp) if operation in ("redeem_notes", "pay_redemption") else 0,
            office=office if plan(operation).needs_office else None, settles=redeemed if pays else None, needs_two=needs_two,
            reason=_("simulated, of {day}").format(day=date_format(day, "SHORT_DATE_FORMAT")),
        )  # fmt: skip
        redeemed = deed if operation == "redeem_notes" else redeemed
        notes.write(deed, {one: amount_cents // len(series) // one.value_cents for one in series})
        Decision.objects.create(
            deed=deed, outcome=Decision.Outcome.DONE, by=second if needs_two else staff, first_transfer=first
        )


def _done(number: int) -> Iterator[tuple[UUID, str, int, int, object]]:
    """Each request about notes: key, operation, first transfer, what moved, day; payouts of the digital fund left out."""
    wanted = [number_of(one) for one in _DONE]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.request_key, t.operation, min(t.id), CASE WHEN t.operation = %(pays)s THEN sum(t.amount_cents) ELSE max(t.amount_cents) END, "
            "min(t.effective_on) FROM ledger.transfer t JOIN ledger.account a ON a.id = t.debit_account JOIN ledger.kind k ON k.id = a.kind "
            "WHERE a.currency = %(number)s AND t.operation = ANY (%(wanted)s) AND (t.operation <> %(pays)s OR k.code = 'payable_paper') "
            "GROUP BY 1, 2 ORDER BY 3",
            {"number": number, "wanted": wanted, "pays": number_of("pay_redemption")},
        )
        rows = cursor.fetchall()
    for key, operation, first, cents, day in rows:
        yield key, OPERATIONS[operation - 1], first, int(cents), day
