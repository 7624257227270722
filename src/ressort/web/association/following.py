"""What became of direct debits, as the statements of the bank tell it: collected, rejected before, returned after.

a line for the whole file ─settle─▶ each debit collected     a line for one debit ─▶ collected     money out for one ─▶ returned
collected: units issued, or dues paid                         returned: units taken back; a debt when they were spent; dues owed again
"""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_noop as _

from ressort.core.errors import RuleBroken
from ressort.web.association import access, deeds, statements
from ressort.web.association.debits import key_of, message_of
from ressort.web.association.models import BankLine, Collection, Debit, Deed
from ressort.web.currency.models import Wallet
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a statement should tell of direct debits: money in for a whole collection or one debit, money out for one returned."""

    what: Collection | Debit
    day: date
    amount_cents: int
    reference: str


def awaited(currency: int, account: str) -> list[Awaited]:
    """All that may come on the statement of a bank account. A collection is awaited whole or debit by debit: whichever the bank tells."""
    purpose = {"digital": Collection.Purpose.CREDITS, "operating": Collection.Purpose.DUES}.get(account)
    agreed = Collection.objects.filter(currency=currency, purpose=purpose, agreed_at__isnull=False)
    found = []
    for one in agreed.filter(bank_line__isnull=True):
        waiting = one.debits.filter(outcome=Debit.Outcome.WAITING)
        total = waiting.aggregate(cents=Sum("amount_cents"))["cents"]
        if total:
            found.append(Awaited(one, one.on, total, message_of(one)))
            found += [Awaited(each, one.on, each.amount_cents, each.end_to_end) for each in waiting]
    taken = Debit.objects.filter(collection__in=agreed, outcome=Debit.Outcome.COLLECTED).select_related("collection")
    return found + [Awaited(one, one.collection.on, -one.amount_cents, one.end_to_end) for one in taken]


@transaction.atomic
def meet(by: Person, line: BankLine, what: Collection | Debit) -> int:
    """Puts a line of the bank beside direct debits and does what follows; tells how many debits could not be credited.

    Raises:
        RuleBroken: the line is matched already, or the amounts differ.
    """
    access.require(by, "keep_bank", line.currency)
    line = statements.taken(line)
    wanted = {one.amount_cents for one in awaited(line.currency, line.account) if one.what == what}
    if line.is_settled or line.amount_cents not in wanted:
        raise RuleBroken(_("This line and this operation do not meet: one is already matched, or the amounts differ."))
    note(by, "match_line", f"line:{line.pk} {type(what).__name__.lower()}:{what.pk}")
    if isinstance(what, Collection):
        what.bank_line = line
        what.save(update_fields=["bank_line"])
        return settle(by, what)
    deed = collect(by, what) if line.amount_cents > 0 else take_back(by, what, line.reason)
    line.deed, line.matched_by = deed, by
    line.save(update_fields=["deed", "matched_by"])
    return 0


@transaction.atomic
def settle(by: Person, collection: Collection) -> int:
    """Credits each debit that waits in a collection whose euros came; tells how many could not be: the page says why."""
    access.require(by, "keep_bank", collection.currency)
    if collection.bank_line_id is None:
        raise RuleBroken(_("The bank has not told the euros of this collection yet."))
    failed = 0
    for one in collection.debits.select_for_update().filter(outcome=Debit.Outcome.WAITING):
        try:
            with transaction.atomic():
                collect(by, one)
        except RuleBroken as error:
            failed += 1
            Debit.objects.filter(pk=one.pk).update(reason=str(error.facts.get("reason", error))[:60])
    return failed


def collect(by: Person, debit: Debit) -> Deed:
    """The euros of a debit came: units are issued, or dues are paid.

    Raises:
        RuleBroken: the ledger refuses (ceiling, account closed), or the member left.
    """
    wallet = Wallet.objects.filter(account=debit.account).first()
    if wallet is None:
        raise RuleBroken(_("This member left: send the euros back."), reason="closed_account")
    is_credit = debit.collection.purpose == Collection.Purpose.CREDITS
    operation = "exchange_to_digital_online" if is_credit else "dues_at_bank"
    asked = deeds.Asked(
        operation, key_of(debit, "collect"), debit.amount_cents, wallet=wallet, reference=debit.end_to_end
    )
    deed = deeds.ask(by, debit.collection.currency, asked)
    debit.deed, debit.outcome, debit.reason = deed, Debit.Outcome.COLLECTED, ""
    debit.save(update_fields=["deed", "outcome", "reason"])
    return deed


@transaction.atomic
def reject(by: Person, debit: Debit, reason: str) -> None:
    """The bank refused a debit before taking it: it is no longer awaited, and may be collected again.

    Raises:
        RuleBroken: it was collected, or the collection is still to be agreed to.
    """
    access.require(by, "keep_bank", debit.collection.currency)
    if not Collection.objects.filter(pk=debit.collection_id, agreed_at__isnull=False).exists():
        raise RuleBroken(_("Give the collection up: the bank does not have it yet."))
    waiting = Debit.objects.filter(pk=debit.pk, outcome=Debit.Outcome.WAITING)
    if not waiting.update(outcome=Debit.Outcome.REJECTED, reason=reason.strip()[:60] or "MS03"):
        raise RuleBroken(_("This debit is no longer waiting. Read the page again."))
    note(by, "reject_debit", f"debit:{debit.pk}")


def take_back(by: Person, debit: Debit, reason: str) -> Deed:
    """The bank returned a debit: units are taken back, or become a debt that two people write down; dues are owed again."""
    assert debit.deed is not None
    currency = debit.collection.currency
    if debit.collection.purpose == Collection.Purpose.DUES:
        back = deeds.reverse(by, Deed.objects.get(pk=debit.deed_id), f"{debit.end_to_end} {reason}")
    else:
        back = _bounced(by, currency, debit, reason)
    debit.back, debit.outcome, debit.reason = back, Debit.Outcome.RETURNED, reason
    debit.save(update_fields=["back", "outcome", "reason"])
    return back


def _bounced(by: Person, currency: int, debit: Debit, reason: str) -> Deed:
    wallet = Wallet.objects.filter(account=debit.account).first()
    given = {"wallet": wallet, "reference": f"{debit.end_to_end}-R", "reason": reason}
    if wallet is not None:
        try:
            with transaction.atomic():
                return deeds.ask(by, currency, deeds.Asked("euro_bounced", uuid4(), debit.amount_cents, **given))
        except RuleBroken as error:
            if error.facts.get("reason") not in ("insufficient_funds", "closed_account"):
                raise
    return deeds.ask(by, currency, deeds.Asked("euro_bounced_already_spent", uuid4(), debit.amount_cents, **given))
