"""What follows the deliberation: decisions, agreements, payments, checks of commitments, recoveries."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from ressort.core.calls import Commitment, claw_back, instalments, is_siret
from ressort.core.errors import RuleBroken
from ressort.web.calls import access, queries, rules
from ressort.web.calls.models import AGREEMENT_CENTS, Application, Call, Decision, Payment, Pledge, Recovery
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@transaction.atomic
def decide(
    by: Person, call: Call, reference: str, decided_on: date, outcomes: Mapping[int, tuple[str, str]]
) -> list[Decision]:
    """Records the decisions of the assembly on all the files of a call, at once.

    Args:
        reference: that of the deliberation. outcomes: by key of file: funded, reserve or refused, and the motive.

    Raises:
        RuleBroken: the call is not closed, a file is left out or lacks a motive, the envelope is exceeded, a beneficiary without SIRET.
    """
    access.require_decide(by, call)
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.stage != "closed":
        raise RuleBroken("Decisions are recorded once, after the closing of the call.")
    files = list(held.applications.select_for_update(of=("self",)).filter(status=Application.Status.SUBMITTED))
    left_out = [one.reference for one in files if not outcomes.get(one.pk, ("", ""))[1].strip()]
    if left_out:
        raise RuleBroken("Each file needs an outcome and a motive: {names} have none.", names=left_out)
    _refuse_choice_in_a_tie(held, {one.reference: outcomes[one.pk][0] for one in files})
    made = [_decision(by, one, reference, decided_on, *outcomes[one.pk]) for one in files]
    spent = sum(one.total_cents for one in made)
    if spent > held.envelope_cents:
        raise RuleBroken(
            "{missing_cents} is missing in the envelope of {envelope_cents}.",
            missing_cents=spent - held.envelope_cents,
            envelope_cents=held.envelope_cents,
        )
    for one in made:
        one.save()
        _keep_pledges(one)
    held.decided_at = timezone.now()
    held.save(update_fields=["decided_at"])
    note(by, "decide", f"call:{call.pk}")
    return made


def _refuse_choice_in_a_tie(call: Call, outcomes: Mapping[str, str]) -> None:
    for group in [] if call.draw else queries.left_to_lot(call):
        if len({outcomes[name] for name in group["names"]}) > 1:
            raise RuleBroken(
                "Nothing separates {names}: draw the lot that was announced, then decide.", names=list(group["names"])
            )


@transaction.atomic
def call_up(by: Person, decision: Decision, reference: str, decided_on: date, motive: str) -> Decision:
    """Funds a file of the reserve list with the money that is left, by a new decision of the assembly.

    Raises:
        RuleBroken: a file that is not on the reserve list, no motive, not enough money left, a decision dated before the first.
    """
    call = decision.application.call
    access.require_decide(by, call)
    envelope = Call.objects.select_for_update().get(pk=call.pk).envelope_cents
    held = Decision.objects.select_for_update().get(pk=decision.pk)
    if held.outcome != Decision.Outcome.RESERVE:
        raise RuleBroken("Only a file of the reserve list can be called up.")
    if not motive.strip() or decided_on < held.decided_on:
        raise RuleBroken("A new decision needs a motive, and a day after the first one.")
    made = _decision(by, held.application, reference, decided_on, Decision.Outcome.FUNDED, motive)
    funded = Decision.objects.filter(application__call=call, outcome=Decision.Outcome.FUNDED)
    missing = sum(one.total_cents for one in funded) + made.total_cents - envelope
    if missing > 0:
        raise RuleBroken(
            "{missing_cents} is missing in the envelope of {envelope_cents}.",
            missing_cents=missing,
            envelope_cents=envelope,
        )
    made.pk = held.pk
    made.save(force_update=True)
    _keep_pledges(made)
    note(by, "call_up", f"application:{held.application_id}")
    return made


@transaction.atomic
def agree(
    by: Person, decision: Decision, agreed_on: date | None, parts: Sequence[tuple[str, date, int]]
) -> list[Payment]:
    """Signs the agreement, if any, and plans the payments, which sum to the grant.

    Raises:
        RuleBroken: a file not funded or already planned; a grant above 23,000 € without agreement; a schedule that does not hold.
    """
    access.require_run(by, decision.application.call)
    held = Decision.objects.select_for_update().get(pk=decision.pk)
    if held.outcome != Decision.Outcome.FUNDED or held.payments.exists():
        raise RuleBroken("Payments are planned once, for a file that is funded.")
    if held.total_cents > AGREEMENT_CENTS and agreed_on is None:
        raise RuleBroken("Above {most_cents}, the law asks an agreement: give the day of its signature.", most_cents=AGREEMENT_CENTS)  # fmt: skip
    if agreed_on is not None and agreed_on < held.decided_on:
        raise RuleBroken("The agreement is signed after the decision, not before.")
    planned = instalments(held.total_cents, parts)
    if any(one.due_on < held.decided_on for one in planned):
        raise RuleBroken("A payment is due after the decision, not before.")
    held.agreed_on = agreed_on
    held.save(update_fields=["agreed_on"])
    made = [Payment(decision=held, label=p.label, due_on=p.due_on, amount_cents=p.amount_cents) for p in planned]
    made = [one for one in made if one.amount_cents]
    Payment.objects.bulk_create(made)
    note(by, "agree", f"application:{held.application_id}")
    return made


@transaction.atomic
def pay(by: Person, payment: Payment, paid_on: date) -> Payment:
    """Records that an instalment was paid, once."""
    access.require_run(by, payment.decision.application.call)
    held = Payment.objects.select_for_update().get(pk=payment.pk)
    if held.paid_on:
        raise RuleBroken("This payment is already recorded.")
    if paid_on < held.decision.decided_on or paid_on > timezone.localdate():
        raise RuleBroken("A payment is recorded after the decision, and not before it happens.")
    held.paid_on = paid_on
    held.save(update_fields=["paid_on"])
    note(by, "pay", f"payment:{held.pk}")
    return held


@transaction.atomic
def check_pledge(by: Person, pledge: Pledge, accepts: bool) -> Pledge:
    """Says whether a commitment is kept.

    Raises:
        RuleBroken: its bonus was already taken back.
    """
    access.require_run(by, pledge.decision.application.call)
    held = Pledge.objects.select_for_update().get(pk=pledge.pk)
    if hasattr(held, "recovery"):
        raise RuleBroken("The bonus of this commitment was already taken back.")
    held.state = Pledge.State.ACCEPTED if accepts else Pledge.State.REFUSED
    held.checked_by, held.checked_on = by, timezone.localdate()
    held.save(update_fields=["state", "checked_by", "checked_on"])
    note(by, "check_pledge", f"pledge:{held.pk}")
    return held


@transaction.atomic
def recover(by: Person, decision: Decision) -> list[Recovery]:
    """Records what is to be taken back of the bonus, for each commitment refused or late and not taken back yet."""
    access.require_decide(by, decision.application.call)
    held = Decision.objects.select_for_update().get(pk=decision.pk)
    today = timezone.localdate()
    pledges = {one.code: one for one in held.pledges.all()}
    made = [
        Recovery.objects.create(
            pledge=pledges[found.code], why=found.why, amount_cents=found.amount_cents, noticed_on=today
        )
        for found in due_back(held, today)
        if not hasattr(pledges[found.code], "recovery")
    ]
    note(by, "recover", f"application:{held.application_id}")
    return made


def due_back(decision: Decision, today: date) -> list[object]:
    """What the rules take back of the bonus today."""
    grace = (rules.DEFAULTS | decision.application.call.rules)["grace_days"]
    pledges = [
        Commitment(code=one.code, rate_bp=one.rate_bp, due_on=one.due_on, state=one.state)
        for one in decision.pledges.order_by("id")
    ]
    return claw_back(decision.bonus_cents, pledges, today, grace) if pledges else []


def _decision(by: Person, one: Application, reference: str, decided_on: date, outcome: str, motive: str) -> Decision:
    grant = rules.grant_of(one) if outcome == Decision.Outcome.FUNDED else None
    if grant and not is_siret(one.identifier):
        raise RuleBroken("{name} has no SIRET, which a subsidy in money needs.", name=one.reference)
    if grant and not grant.total_cents:
        raise RuleBroken("{name} would receive nothing under the rates of the call.", name=one.reference)
    return Decision(
        application=one, outcome=outcome, motive=motive.strip(), reference=reference, decided_on=decided_on, decided_by=by,
        base_cents=grant.base_cents if grant else 0, bonus_cents=grant.bonus_cents if grant else 0,
    )  # fmt: skip


def _keep_pledges(decision: Decision) -> None:
    if not decision.bonus_cents:
        return
    months = (rules.DEFAULTS | decision.application.call.rules)["evidence_months"]
    year, month = divmod(decision.decided_on.month - 1 + months, 12)
    due = date(decision.decided_on.year + year, month + 1, min(decision.decided_on.day, 28))
    for one in rules.commitments_of(decision.application.call, decision.application.pledges):
        Pledge.objects.create(decision=decision, code=one.code, label=one.label, rate_bp=one.rate_bp, due_on=due)
