"""Operations of the association: asked, agreed when they must be, done in the ledger and written down in one transaction.

ask ──(small, and one person suffices)──────────▶ done      one request in the ledger, whose operation is its meaning in the books
  └──(above the threshold, or always two)──▶ waiting ──decide, somebody else──▶ done or refused
reverse: an opposite request, within the window, agreed by two
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency import Action, Leg, Reason, Request, operation
from ressort.core.currency.association import part_cents
from ressort.core.errors import RuleBroken
from ressort.web.association import access, earmarking, notes, queries
from ressort.web.association.members import attach_dues
from ressort.web.association.models import (
    Consent,
    Decision,
    Deed,
    Dues,
    Mandate,
    NoteMove,
    Office,
    Programme,
    Rules,
    Series,
)
from ressort.web.association.operations import ALWAYS_TWO, FUND, MANDATED, Plan, plan
from ressort.web.currency import actions
from ressort.web.currency.models import Wallet
from ressort.web.currency.wallets import bank_key
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks the desk to do.

    Args:
        key: chosen by the form; the same one is done once. counts: notes of each series, for what moves notes.
        settles: the redemption that a payout pays. dues: those that are paid. mandate: what whoever pays agreed to beforehand.
        programme: whose fund it is, for what moves one.
    """

    operation: str
    key: UUID
    amount_cents: int = 0
    fund: str = ""
    wallet: Wallet | None = None
    office: Office | None = None
    reference: str = ""
    reason: str = ""
    counts: Mapping[Series, int] = field(default_factory=dict)
    settles: Deed | None = None
    needs_two: bool = False
    dues: Dues | None = None
    mandate: Mandate | None = None
    programme: Programme | None = None


@transaction.atomic
def ask(by: Person, currency: int, asked: Asked) -> Deed:
    """Writes an operation down, and does it at once when one person suffices. The same key, or bank reference, gives the same deed.

    Raises:
        RuleBroken: something it needs is missing, or the ledger refuses: nothing is kept.
    """
    access.require(by, "operate", currency, asked.office, asked.operation)
    rules, key = queries.rules(currency), _key(currency, asked)
    found = Deed.objects.filter(key=key).exclude(decision__outcome=Decision.Outcome.REFUSED).first()
    amount_cents = _amount_cents(asked, currency)
    if found is not None:
        return _same(found, asked, amount_cents)
    _check(currency, asked, rules)
    deed = Deed.objects.create(
        key=key, currency=currency, operation=asked.operation, amount_cents=amount_cents, fee_cents=_fee_cents(asked, amount_cents, rules),
        fund=asked.fund, account=asked.wallet.account if asked.wallet else None, office=asked.office, reference=asked.reference.strip(),
        reason=asked.reason.strip(), settles=asked.settles, programme=asked.programme, made_by=by,
        payee=asked.mandate.creditor.account if asked.mandate and asked.operation == MANDATED else None,
        needs_two=asked.needs_two or asked.operation in ALWAYS_TWO or (amount_cents >= rules.four_eyes_cents and asked.mandate is None),
    )  # fmt: skip
    notes.write(deed, asked.counts)
    if asked.operation.startswith("dues_"):
        attach_dues(deed, asked.dues)
    note(by, "ask_deed", f"deed:{deed.pk} {deed.operation}")
    if not deed.needs_two:
        _do(by, deed)
    return deed


@transaction.atomic
def decide(by: Person, deed: Deed, outcome: str) -> Decision:
    """Agrees to a deed, which is then done, or refuses it.

    Raises:
        RuleBroken: it is already decided; or whoever asked would agree alone to what needs two people.
    """
    access.require(by, "decide", deed.currency)
    deed = Deed.objects.select_for_update().get(pk=deed.pk)
    if hasattr(deed, "decision"):
        raise RuleBroken(_("This operation was already decided. Read it again."))
    if outcome == Decision.Outcome.REFUSED:
        note(by, "refuse_deed", f"deed:{deed.pk}")
        earmarking.forget(deed)
        return Decision.objects.create(deed=deed, outcome=outcome, by=by)
    if deed.needs_two and deed.made_by_id == by.pk:
        raise RuleBroken(_("Somebody else must agree to this operation: whoever asked for it cannot."))
    made = _do(by, deed)
    earmarking.keep(deed)
    return made


@transaction.atomic
def reverse(by: Person, deed: Deed, reason: str) -> Deed:
    """Asks for the opposite of a deed that was done; somebody else must agree.

    Raises:
        RuleBroken: it was not done, is itself a reversal, is already being reversed, or its time is past.
    """
    access.require(by, "decide", deed.currency)
    decision = getattr(deed, "decision", None)
    if decision is None or decision.outcome != Decision.Outcome.DONE or deed.reverses_id:
        raise RuleBroken(_("Only an operation that was done can be reversed, and a reversal cannot."))
    if deed.reversed_by.exclude(decision__outcome=Decision.Outcome.REFUSED).exists():
        raise RuleBroken(_("A reversal of this operation was already asked for."))
    days = queries.rules(deed.currency).reversal_days
    if timezone.now() > decision.at + timedelta(days=days):
        raise RuleBroken(_("This operation is older than {days} days: it can no longer be reversed."), days=days)
    if not reason.strip():
        raise RuleBroken(_("Write why: a reversal without a reason is not kept."))
    made = Deed.objects.create(
        key=_derived(f"reverse:{deed.pk}:{deed.reversed_by.count()}"), currency=deed.currency, operation=deed.operation, amount_cents=deed.amount_cents, fund=deed.fund,
        account=deed.account, office=deed.office, programme=deed.programme, reason=reason.strip(), needs_two=True, reverses=deed, made_by=by,
    )  # fmt: skip
    NoteMove.objects.bulk_create(
        NoteMove(deed=made, series_id=one.series_id, from_account=one.to_account, to_account=one.from_account, count=one.count)
        for one in deed.notes.all()
    )  # fmt: skip
    note(by, "ask_reversal", f"deed:{made.pk} of {deed.pk}")
    return made


@transaction.atomic
def ask_redemption(holder: Person, wallet: Wallet, amount_cents: int, key: UUID) -> Deed:
    """A redemption asked by whoever holds the account; the staff agrees to it.

    Raises:
        PermissionDenied: this is somebody else's account. RuleBroken: the rules of the currency do not allow it.
    """
    access.require_owner(holder, wallet)
    rules, asked = queries.rules(wallet.currency), Asked("redeem_digital", key, amount_cents, wallet=wallet)
    made_key = _key(wallet.currency, asked)
    found = Deed.objects.filter(key=made_key).first()
    if found is not None:
        return _same(found, asked, amount_cents)
    _check(wallet.currency, asked, rules)
    deed = Deed.objects.create(
        key=made_key, currency=wallet.currency, operation="redeem_digital", amount_cents=amount_cents,
        fee_cents=_fee_cents(asked, amount_cents, rules), account=wallet.account, needs_two=True, made_by=holder,
    )  # fmt: skip
    note(holder, "ask_redemption", f"deed:{deed.pk}")
    return deed


def _do(by: Person, deed: Deed) -> Decision:
    """The request in the ledger and the decision, together."""
    notes.check(deed)
    earmarking.let_go(deed)
    answer = actions.submit(Request(deed.key, _legs(deed), by.pk))
    if answer.reason is Reason.KEY_CONFLICT and deed.reference:
        raise RuleBroken(
            _("The bank reference {reference} was already used, for another amount or account."), reference=deed.reference
        )  # fmt: skip
    first = actions.require(answer).transfers[0]
    note(by, "do_deed", f"deed:{deed.pk}")
    try:
        with transaction.atomic():
            return Decision.objects.create(deed=deed, outcome=Decision.Outcome.DONE, by=by, first_transfer=first)
    except IntegrityError as error:
        raise RuleBroken(_("This operation was already written down. Read the journal again.")) from error


def _legs(deed: Deed) -> tuple[Leg, ...]:
    if deed.reverses is not None:
        done = _transfers(deed.reverses.key)
        return tuple(Leg(number, action=Action.REVERSE, target=transfer) for transfer, number in reversed(done))
    if deed.account and deed.payee:
        return (Leg(operation(deed.operation), deed.account, deed.payee, deed.amount_cents),)
    made = plan(deed.operation)
    accounts = queries.accounts_for(deed.currency, made.kinds(deed.fund), deed.office)
    if deed.account:
        accounts["member"] = deed.account
    if deed.programme:
        accounts[FUND] = deed.programme.pot
    association = queries.rules(deed.currency).association
    if association is not None:
        accounts["association"] = association.account
    legs = made.built(accounts, deed.fund, deed.amount_cents, deed.fee_cents)
    if deed.operation == "settle_swap" and queries.balance_of(accounts["swap_paper"]) > 0:
        return tuple(Leg(one.operation, one.credit, one.debit, one.amount_cents) for one in legs)
    return legs


def _transfers(key: UUID) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, operation FROM ledger.transfer WHERE request_key = %s ORDER BY leg", [key])
        return cursor.fetchall()


def _key(currency: int, asked: Asked) -> UUID:
    if asked.settles is not None:
        return _derived(f"payout:{asked.settles.pk}")
    if plan(asked.operation).needs_reference:
        return bank_key(currency, asked.reference)
    return _derived(f"desk:{currency}:{asked.key}")


def _derived(text: str) -> UUID:
    return UUID(bytes=sha256(text.encode()).digest()[:16])


def _same(found: Deed, asked: Asked, amount_cents: int) -> Deed:
    account = asked.wallet.account if asked.wallet else None
    if (found.operation, found.amount_cents, found.account, found.programme) != (
        asked.operation,
        amount_cents,
        account,
        asked.programme,
    ):
        raise RuleBroken(
            _("The bank reference {reference} was already used, for another amount or account."),
            reference=asked.reference or str(asked.key),
        )
    return found


def _amount_cents(asked: Asked, currency: int) -> int:
    if asked.settles is not None:
        return asked.settles.amount_cents
    if asked.operation == "settle_swap":
        return abs(queries.balance_of(queries.accounts_for(currency, {"swap_paper"}, None)["swap_paper"]))
    if plan(asked.operation).notes_leg is not None:
        return sum(series.value_cents * count for series, count in asked.counts.items())
    return asked.amount_cents


def _fee_cents(asked: Asked, amount_cents: int, rules: Rules) -> int:
    if asked.settles is not None:
        return asked.settles.fee_cents
    return part_cents(amount_cents, rules.fee_bp) if asked.operation in ("redeem_digital", "redeem_notes") else 0


def _check(currency: int, asked: Asked, rules: Rules) -> None:
    """What an operation needs is there, and belongs to this currency."""
    made: Plan = plan(asked.operation)
    if _amount_cents(asked, currency) <= 0:
        raise RuleBroken(_("There is nothing to move: write an amount, or count notes."))
    if asked.mandate is not None or asked.operation == MANDATED:
        _check_mandate(asked)
    if made.needs_reference and not asked.reference.strip():
        raise RuleBroken(_("Write the reference of the bank: without euros that arrived, nothing is issued."))
    if made.needs_office and (asked.office is None or asked.office.currency != currency):
        raise RuleBroken(_("Choose the office where it happens."))
    if made.needs_member and (asked.wallet is None or asked.wallet.currency != currency):
        raise RuleBroken(_("Choose the account that it concerns."))
    if made.needs_programme and (asked.programme is None or asked.programme.currency != currency):
        raise RuleBroken(_("Choose the programme whose fund it is."))
    if made.funds and asked.fund not in made.funds:
        raise RuleBroken(_("Choose the fund: {choices}."), choices=list(made.funds))
    if asked.operation == "public_payment" and not Consent.objects.filter(wallet=asked.wallet, revoked_on=None).exists():  # fmt: skip
        raise RuleBroken(
            _("This payee has not consented to payments of public bodies in local units: the law wants it.")
        )
    if any("(the association)" in cell for leg in made.legs for cell in leg[:2]) and rules.association is None:
        raise RuleBroken(_("Say in the rules which account is that of the association."))
    if (
        asked.operation in ("redeem_digital", "redeem_notes")
        and not rules.individuals_redeem
        and asked.wallet is not None
        and asked.wallet.kind == Wallet.Kind.INDIVIDUAL
    ):
        raise RuleBroken(_("Individuals do not redeem units in this currency: its rules say so."))


def _check_mandate(asked: Asked) -> None:
    """What units are taken under: a mandate of that account, for that, in force, which lets that much be taken."""
    mandate, reason = asked.mandate, "no_mandate"
    if mandate and mandate.debtor == asked.wallet and mandate.for_dues == (asked.operation != MANDATED):
        reason = queries.mandate_rule(mandate).refusal(asked.amount_cents)
    if reason:
        raise RuleBroken(_("No mandate of this account lets that be taken."), reason=reason)
