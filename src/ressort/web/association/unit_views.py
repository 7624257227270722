"""Screens of mandates in units: the desk asks, runs and ends; whoever pays answers."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from ressort.core.currency.association import MandateState
from ressort.language import money
from ressort.web.association import queries, unit_mandates
from ressort.web.association.debit_forms import UnitMandateForm
from ressort.web.association.desk import Desk, desk_view
from ressort.web.association.models import Mandate, MandateChange, MandateDebit
from ressort.web.currency.models import Wallet

_MOST = 200
_STEPS: dict[str, MandateState] = {"accept": "accepted", "refuse": "refused", "end": "revoked"}


@desk_view("keep_members")
def unit_mandates_page(desk: Desk) -> HttpResponse:
    """Mandates asked for and in force, what is due today, what became of the last debits; a new one."""
    form = UnitMandateForm(desk.number, desk.request.POST or None, initial={"wallet": desk.request.GET.get("compte", "")[:40]})  # fmt: skip
    if form.is_valid() and desk.done(form, lambda: _ask(desk, form), _("The mandate waits for the answer of whoever pays.")):  # fmt: skip
        return redirect("association:unit_mandates", desk.code)
    due = unit_mandates.due(desk.number, timezone.localdate())
    last = MandateDebit.objects.filter(mandate__debtor__currency=desk.number).select_related("mandate__debtor", "mandate__creditor")  # fmt: skip
    return desk.page(
        "unit_mandates", form=form, due=due, due_cents=sum(one.amount_cents for one in due), rows=rows(list(unit_mandates.read(debtor__currency=desk.number)[:_MOST])),
        last=last[:50],
    )  # fmt: skip


def _ask(desk: Desk, form: UnitMandateForm) -> None:
    given = form.cleaned_data
    creditor = given["creditor"] or queries.rules(desk.number).association
    unit_mandates.ask(
        desk.request.user, given["wallet"], creditor, given["purpose"], given["amount"], given["first_on"],
        is_recurring=given["what"] != "once", for_dues=given["what"] == "dues",
    )  # fmt: skip


def rows(found: list[Mandate]) -> list[tuple[Mandate, str, str, bool]]:
    """Each mandate with its state, as a word and as told, and whether it can still end."""
    names = dict(MandateChange.State.choices)
    states = [unit_mandates.state_of(one) for one in found]
    return [(one, state, str(names[state]), state in unit_mandates.IN_FORCE) for one, state in zip(found, states, strict=True)]  # fmt: skip


@desk_view("keep_members")
def run_unit_mandates(desk: Desk) -> HttpResponse:
    """Takes what is due."""
    if desk.request.method == "POST":
        done = unit_mandates.run(desk.request.user, desk.number)
        paid = [one.amount_cents for one in done if one.outcome == MandateDebit.Outcome.PAID]
        said = _("{paid} debits paid, {amount} in all; {refused} refused.")
        desk.say(said.format(paid=len(paid), amount=money(sum(paid)), refused=len(done) - len(paid)))
    return redirect("association:unit_mandates", desk.code)


@desk_view("keep_members")
def end_unit_mandate(desk: Desk, mandate_id: int) -> HttpResponse:
    """Ends a mandate, or withdraws what was asked."""
    one = get_object_or_404(Mandate, pk=mandate_id, debtor__currency=desk.number)
    if desk.request.method == "POST":
        desk.done(None, lambda: unit_mandates.end(desk.request.user, one), _("The mandate is over."))
    return redirect("association:unit_mandates", desk.code)


@desk_view("hold")
def answer_unit_mandate(desk: Desk, mandate_id: int) -> HttpResponse:
    """Whoever pays accepts, refuses or ends; whoever takes ends."""
    who = desk.request.user
    own = Wallet.objects.filter(owner=who, currency=desk.number)
    what = desk.request.POST.get("what", "")
    one = get_object_or_404(Mandate.objects.filter(debtor__in=own) | Mandate.objects.filter(creditor__in=own), pk=mandate_id)  # fmt: skip
    if desk.request.method == "POST" and what in _STEPS:
        if one.debtor.owner_id == who.pk:
            desk.done(None, lambda: unit_mandates.answer(who, one, _STEPS[what]), _("It is written down."))
        elif what == "end":
            desk.done(None, lambda: unit_mandates.end(who, one), _("It is written down."))
    return redirect("association:holder", desk.code)


def of_holder(own: list[Wallet]) -> dict[str, object]:
    """Mandates that somebody gives, and those that somebody holds, with the last debits of each."""
    given, held = unit_mandates.read(debtor__in=own)[:_MOST], unit_mandates.read(creditor__in=own)[:_MOST]
    return {"given": rows(list(given)), "held": rows(list(held))}
