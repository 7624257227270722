"""A simulated association with a year of payments, through the real door: founded beside what exists, marked, withdrawn at will.

A ledger erases nothing: a specimen withdrawn leaves numbers without a name in the chain, and disappears from every screen.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby, islice
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ressort.core.currency import Leg, Request, Status, operation
from ressort.core.currency.specimen import DAYS, Event, Specimen, specimen
from ressort.core.errors import RuleBroken
from ressort.reference.territories import resolve, territories
from ressort.web.currency import actions, measurements, queries, wallets
from ressort.web.currency.models import Listing, Measurement, Standing, Wallet
from ressort.web.people.actions import add_person, first_password_link
from ressort.web.people.models import Person

NAME = "Le Spécimen"
#: who may sign in to look around: place in the specimen → address of a domain that is nobody's
SIGN_IN = {
    4: "commerce@specimen.example", -1: "adherente@specimen.example", 0: "association@specimen.example", 3: "regie@specimen.example",
}  # fmt: skip
_BATCH = 1_000
_MOST_COMMUNES = 40
#: notes printed, and what is changed and brought back each month
_PRINTED_CENTS, _CHANGED_CENTS, _BACK_CENTS = 2_000_000, 60_000, 24_000
#: euros of redemptions kept by the association
_FEE_BP = 500


@transaction.atomic
def found(seed: int, territory: str, beside: bool) -> tuple[str, dict[str, str]]:
    """The code of a new simulated currency, and the one-time links of those who may sign in.

    Raises:
        RuleBroken: there is a real currency here and `beside` is not given, or a specimen already.
    """
    _refuse_to_mix(beside)
    place = resolve(territory)
    known = territories()
    communes = sorted((known.territory(int(row)) for row in place.members), key=lambda one: -one.population_people)[
        :_MOST_COMMUNES
    ]
    told = specimen(seed, len(communes))
    code = _free_code()
    number = actions.found_currency(code, f"{NAME} ({_('simulated')})")
    held = _people(number, told, [one.code for one in communes])
    Standing.objects.create(currency=number, nature="simulated", territory=place.key, issuer=held[0], seed=seed)
    today = timezone.localdate()
    requests = _requests(number, told, held, today - timedelta(days=DAYS))
    while some := list(islice(requests, _BATCH)):
        for answer in actions.submit_all(some):
            actions.require(answer)
    actions.seal()
    measurements.measure(number, today)
    return code, {one.email: first_password_link(one) for one in Person.objects.filter(email__in=SIGN_IN.values())}


def _refuse_to_mix(beside: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger.currency")
        numbers = {row[0] for row in cursor.fetchall()}
    standings = {one.currency: one for one in Standing.objects.all()}
    if any(one.nature == "simulated" and one.withdrawn_at is None for one in standings.values()):
        raise RuleBroken(
            "There already is a simulated currency here. Withdraw it first: ressort demo currency --remove."
        )
    real = [one for one in numbers if one not in standings or standings[one].nature == "real"]
    if real and not beside:
        raise RuleBroken(
            "This database holds {count} real currencies. Use another data folder (RESSORT_HOME), or add --beside: the simulated one stays apart.",
            count=len(real),
        )


def _free_code() -> str:
    taken = {code for (code,) in queries.all_codes()}
    return next(code for code in ("SPECIMEN", *(f"SPECI{at:03d}" for at in range(2, 1000))) if code not in taken)


def _people(number: int, told: Specimen, communes: list[str]) -> list[Wallet]:
    owners = {at % len(told.holders): add_person(email) for at, email in SIGN_IN.items()}
    held, listings = [], []
    for at, one in enumerate(told.holders):
        name = f"{one.name} ({_('simulated')})"
        wallet = wallets.open_wallet(None, number, name, one.alias, one.kind, owners.get(at))
        is_public = one.kind == "professional"
        listings.append(Listing(wallet=wallet, branch=one.branch, commune=communes[one.place], is_public=is_public))
        held.append(wallet)
    Listing.objects.bulk_create(listings)
    return held


def _requests(number: int, told: Specimen, held: list[Wallet], first: date) -> Iterator[Request]:
    """The year as requests to the ledger, in the order of days."""
    legs = _Legs(number, held)
    for day, events in groupby(told.events, lambda one: one.day):
        if day == 0:
            yield from _dated(number, first, "print", legs.printed())
        for at, event in enumerate(events):
            yield from _dated(number, first + timedelta(days=day), f"{day}:{at}", [legs.of(event)])
        if day % 30 == 29:
            yield from _dated(number, first + timedelta(days=day), f"{day}:end", legs.month_end())


def _dated(number: int, day: date, words: str, groups: list[tuple[Leg, ...]]) -> Iterator[Request]:
    for at, legs in enumerate(groups):
        key = UUID(bytes=sha256(f"specimen:{number}:{words}:{at}".encode()).digest()[:16])
        yield Request(key, legs, 0, day)


class _Legs:
    """The movements of each operation, and what redemptions owe."""

    def __init__(self, number: int, held: list[Wallet]) -> None:
        self.accounts = [one.account for one in held]
        self.of_currency = {code: queries.sole_account(number, code) for code in actions.ONE_PER_CURRENCY}
        self.of_currency |= {
            code: actions.open_account(number, code)
            for code in ("office_notes_stock", "office_notes_returns", "office_eur_till_paper")
        }
        self.to_pay_cents = 0

    def _leg(self, name: str, debit: str | int, credit: str | int, cents: int) -> Leg:
        ends = [self.of_currency[one] if isinstance(one, str) else one for one in (debit, credit)]
        return Leg(operation(name), ends[0], ends[1], cents)

    def of(self, event: Event) -> tuple[Leg, ...]:
        name, cents = event.operation, event.amount_cents
        payer, payee = (self.accounts[at] if at >= 0 else 0 for at in (event.payer, event.payee))
        if name == "exchange_to_digital_online":
            return self._leg(name, "outside_eur", "reserve_digital", cents), self._leg(
                name, "digital_issue", payee, cents
            )
        if name == "redeem_digital":
            self.to_pay_cents += cents
            return self._leg(name, payer, "digital_issue", cents), self._leg(
                name, "reserve_digital", "payable_digital", cents
            )
        return (self._leg(name, payer, payee, cents),)

    def printed(self) -> list[tuple[Leg, ...]]:
        steps = (
            ("print_notes", "notes_issue", "notes_safe"),
            ("safe_out", "notes_safe", "notes_transit"),
            ("office_stock_in", "notes_transit", "office_notes_stock"),
        )
        return [(self._leg(name, debit, credit, _PRINTED_CENTS),) for name, debit, credit in steps]

    def month_end(self) -> list[tuple[Leg, ...]]:
        """Redemptions paid out, and the notes of the month."""
        made = [
            (
                self._leg("exchange_to_notes", "outside_eur", "office_eur_till_paper", _CHANGED_CENTS),
                self._leg("exchange_to_notes", "office_notes_stock", "notes_circulation", _CHANGED_CENTS),
            ),
            (self._leg("bank_deposit", "office_eur_till_paper", "deposit_bank_paper", _CHANGED_CENTS),),
            (self._leg("fund_reserve", "deposit_bank_paper", "reserve_paper", _CHANGED_CENTS),),
            (
                self._leg("redeem_notes", "notes_circulation", "office_notes_returns", _BACK_CENTS),
                self._leg("redeem_notes", "reserve_paper", "payable_paper", _BACK_CENTS),
            ),
            self._paid("payable_paper", _BACK_CENTS),
        ]
        if self.to_pay_cents:
            made.append(self._paid("payable_digital", self.to_pay_cents))
        self.to_pay_cents = 0
        return made

    def _paid(self, payable: str, cents: int) -> tuple[Leg, ...]:
        fee = (cents * _FEE_BP + 5_000) // 10_000
        return self._leg("pay_redemption", payable, "outside_eur", cents - fee), self._leg(
            "pay_redemption", payable, "operating_bank", fee
        )


@transaction.atomic
def remove() -> str:
    """Withdraws the simulated currency: units redeemed, accounts closed, names and people erased. Tells its code.

    Raises:
        RuleBroken: there is none.
    """
    standing = Standing.objects.filter(nature="simulated", withdrawn_at__isnull=True).first()
    if standing is None:
        raise RuleBroken("There is no simulated currency here.")
    number, ends = standing.currency, []
    issue, reserve, payable, outside = (
        queries.sole_account(number, code)
        for code in ("digital_issue", "reserve_digital", "payable_digital", "outside_eur")
    )
    held = list(Wallet.objects.filter(currency=number))
    for one in held:
        cents = queries.balance_cents(one)[0]
        if cents:
            legs = (Leg(operation("redeem_digital"), one.account, issue, cents), Leg(operation("redeem_digital"), reserve, payable, cents),
                    Leg(operation("pay_redemption"), payable, outside, cents))  # fmt: skip
            ends.append(Request(UUID(bytes=sha256(f"specimen-end:{one.account}".encode()).digest()[:16]), legs))
    for answer in actions.submit_all(ends):
        actions.require(answer)
    for one in held:
        actions.change_status(one.account, Status.CLOSED)
    Standing.objects.filter(pk=standing.pk).update(withdrawn_at=timezone.now(), issuer=None)
    Measurement.objects.filter(currency=number).delete()
    Wallet.objects.filter(currency=number).delete()
    Person.objects.filter(email__in=SIGN_IN.values()).delete()
    actions.seal()
    return queries.code_of(number)
