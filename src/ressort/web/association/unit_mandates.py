"""Mandates in units: asked for by the desk, accepted by whoever pays, taken when they are due.

asked ─accepted by the member─▶ in force ─what is due, run─▶ paid by a deed, or refused and tried again on later days
  └─refused                        └─ended by either side
A run is one transaction: whole or not at all; each period is taken once, however often it is run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency.association import MandateState, next_try, periods_due
from ressort.core.errors import RuleBroken
from ressort.web.association import access, deeds, queries
from ressort.web.association.debits import LIVE
from ressort.web.association.members import dues_rule
from ressort.web.association.models import Debit, Deed, Dues, Mandate, MandateChange, MandateDebit
from ressort.web.association.operations import MANDATED
from ressort.web.currency import wallets
from ressort.web.currency.models import Wallet
from ressort.web.people.actions import note
from ressort.web.people.models import Person

_SPACE = UUID("3b3c3f0a-9d1e-4f0d-8a56-6f1f5a5e2c71")
State = MandateChange.State
IN_FORCE = (State.WAITING, State.ACCEPTED)
#: refusals that another day does not change
_FOR_GOOD = ("no_mandate", "above_mandate")


@dataclass(frozen=True, slots=True)
class Due:
    """What a mandate lets be taken for a period: the day it was due, how often it was tried."""

    mandate: Mandate
    period: date
    due_on: date
    amount_cents: int
    dues: Dues | None = None
    tried: int = 0


@transaction.atomic
def ask(
    by: Person, debtor: Wallet, creditor: Wallet | None, purpose: str, amount_cents: int, first_on: date, *, is_recurring: bool = True, for_dues: bool = False
) -> Mandate:  # fmt: skip
    """A mandate that waits for the answer of whoever pays; until then it gives no right.

    Args:
        creditor: whoever takes; for dues, the association takes. amount_cents: what is taken each time; for dues, the most of each.

    Raises:
        RuleBroken: nobody signs for that account, it is a public body's, or the mandate makes no sense.
    """
    access.require(by, "keep_members", debtor.currency)
    if for_dues:
        creditor = queries.rules(debtor.currency).association
    _check(debtor, creditor, amount_cents, first_on)
    assert creditor is not None
    Wallet.objects.select_for_update().get(pk=debtor.pk)
    if for_dues and any(state_of(one) in IN_FORCE for one in debtor.mandates_given.filter(for_dues=True)):
        raise RuleBroken(_("A mandate for the dues of this member already waits or is in force: end it first."))
    made = Mandate.objects.create(
        debtor=debtor, creditor=creditor, purpose=purpose.strip(), amount_cents=amount_cents, first_on=first_on,
        is_recurring=is_recurring or for_dues, for_dues=for_dues,
    )  # fmt: skip
    MandateChange.objects.create(mandate=made, state=State.WAITING, by=by)
    note(by, "ask_mandate", f"unit_mandate:{made.pk}")
    return made


def _check(debtor: Wallet, creditor: Wallet | None, amount_cents: int, first_on: date) -> None:
    if creditor is None:
        raise RuleBroken(_("Say in the rules which account is that of the association."))
    if debtor.pk == creditor.pk or debtor.currency != creditor.currency:
        raise RuleBroken(_("A mandate joins two accounts of the same currency."))
    if debtor.kind == Wallet.Kind.PUBLIC_BODY:
        raise RuleBroken(_("Nothing is ever debited from the account of a public body."))
    if creditor.kind == Wallet.Kind.INDIVIDUAL:
        raise RuleBroken(_("A mandate is for a professional, an association or a public body."))
    if debtor.owner_id is None:
        raise RuleBroken(_("Nobody signs in for this account: no mandate can be accepted."))
    if amount_cents <= 0 or first_on < timezone.localdate():
        raise RuleBroken(_("Write an amount above zero, and a first day that is not past."))


@transaction.atomic
def answer(holder: Person, mandate: Mandate, state: MandateState) -> None:
    """Whoever pays accepts, refuses or ends a mandate.

    Raises:
        PermissionDenied: this is somebody else's account. RuleBroken: that step does not exist any more.
    """
    access.require_owner(holder, mandate.debtor)
    _step(holder, mandate, state, mandate.debtor_id)


@transaction.atomic
def end(by: Person, mandate: Mandate) -> None:
    """The desk, or whoever takes, ends a mandate.

    Raises:
        PermissionDenied: neither. RuleBroken: it is already over.
    """
    access.require_owner(by, mandate.creditor, "keep_members")
    _step(by, mandate, "revoked", mandate.creditor_id)


def _step(by: Person, mandate: Mandate, state: MandateState, side: int) -> None:
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    queries.mandate_rule(mandate).decided(state, side, timezone.localdate())
    MandateChange.objects.create(mandate=mandate, state=state, by=by)
    note(by, f"mandate_{state}", f"unit_mandate:{mandate.pk}")


def state_of(mandate: Mandate) -> str:
    """Where a mandate stands."""
    return queries.mandate_rule(mandate).state


def read(**which: Any) -> QuerySet[Mandate]:
    """Mandates, the newest first, with all that became of them."""
    found = Mandate.objects.filter(**which).select_related("debtor", "creditor")
    return found.prefetch_related("changes", "debits")


def due(currency: int, on: date) -> list[Due]:
    """All that the mandates in force let be taken on a day, oldest first."""
    in_force = read(debtor__currency=currency, changes__state=State.ACCEPTED).exclude(changes__state=State.REVOKED)
    found = [one for mandate in in_force.order_by("pk") for one in _due_of(mandate, on)]
    return sorted(found, key=lambda one: (one.due_on, one.mandate.pk))


def _due_of(mandate: Mandate, on: date) -> Iterator[Due]:
    done = {one.period: one for one in mandate.debits.all()}
    for each in _dues_of(mandate, on) if mandate.for_dues else _periods_of(mandate, on):
        before = done.get(each.period)
        if before is None:
            yield each
        elif before.outcome == MandateDebit.Outcome.REFUSED and before.retry_on is not None and before.retry_on <= on:
            yield Due(mandate, each.period, each.due_on, each.amount_cents, each.dues, before.tried)


def _periods_of(mandate: Mandate, on: date) -> Iterator[Due]:
    accepted_on = next(timezone.localdate(one.at) for one in mandate.changes.all() if one.state == State.ACCEPTED)
    for period, due_on in periods_due(mandate.first_on, accepted_on, on, is_recurring=mandate.is_recurring):
        yield Due(mandate, period, due_on, mandate.amount_cents)


def _dues_of(mandate: Mandate, on: date) -> Iterator[Due]:
    """Dues called and not paid, nor in a collection of the bank."""
    busy = Debit.objects.filter(dues__isnull=False, outcome__in=LIVE).values("dues")
    owed = Dues.objects.filter(member__wallet=mandate.debtor_id, due_on__lte=on, waived=False).exclude(pk__in=busy)
    for one in owed.order_by("due_on").prefetch_related(
        "payments__deed__decision", "payments__deed__reversed_by__decision"
    ):
        left_cents = one.amount_cents - dues_rule(one).paid_cents
        if left_cents > 0 and on >= mandate.first_on:
            yield Due(mandate, one.due_on, one.due_on, left_cents, one)


@transaction.atomic
def run(by: Person, currency: int) -> list[MandateDebit]:
    """Takes what is due, whole or not at all; run again, it takes nothing twice. Tells what became of each."""
    access.require(by, "keep_members", currency)
    list(Mandate.objects.select_for_update(of=("self",)).filter(debtor__currency=currency).order_by("pk"))
    today = timezone.localdate()
    done = [_take(by, one, today) for one in due(currency, today)]
    note(by, "run_mandates", f"currency:{currency} {len(done)}")
    return done


def _take(by: Person, one: Due, today: date) -> MandateDebit:
    deed, reason = _deed(by, one)
    can_retry = deed is None and reason not in _FOR_GOOD
    made, _is_new = MandateDebit.objects.update_or_create(
        mandate=one.mandate, period=one.period,
        defaults={
            "due_on": one.due_on, "amount_cents": one.amount_cents, "reason": reason, "tried": one.tried + 1, "tried_on": today, "deed": deed,
            "outcome": MandateDebit.Outcome.PAID if deed else MandateDebit.Outcome.REFUSED,
            "retry_on": next_try(today, one.tried) if can_retry else None,
        },
    )  # fmt: skip
    return made


def _deed(by: Person, one: Due) -> tuple[Deed | None, str]:
    """The deed that takes a debit; none, and why, when the mandate or the ledger refuses: nobody is overdrawn."""
    mandate, key = one.mandate, uuid5(_SPACE, f"{one.mandate.pk}:{one.period}:{one.tried}")
    operation = "dues_digital" if one.dues else MANDATED
    asked = deeds.Asked(operation, key, one.amount_cents, wallet=mandate.debtor, reason=mandate.purpose, dues=one.dues, mandate=mandate)  # fmt: skip
    try:
        with transaction.atomic():
            deed = deeds.ask(by, mandate.debtor.currency, asked)
            wallets.label_transfer(deed.decision.first_transfer or 0, mandate.purpose)
            return deed, ""
    except RuleBroken as error:
        return None, str(error.facts.get("reason", "not_allowed"))
