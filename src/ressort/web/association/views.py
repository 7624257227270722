"""Screens of the desk: what waits, the operations, the journal."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from ressort.core.errors import RessortError
from ressort.language import told
from ressort.web.association import access, bank, deeds, queries
from ressort.web.association.desk import Desk, desk_view
from ressort.web.association.forms import OperationForm, ReasonForm
from ressort.web.association.models import Decision, Deed, Member
from ressort.web.association.operations import GROUPS, NAMES, TO_CONFIRM
from ressort.web.association.words import CLOCKS, FUNDS, PLACES, account_name
from ressort.web.currency.queries import head

PAGE = 50


@desk_view("see_desk")
def home(desk: Desk) -> HttpResponse:
    """What waits for somebody, the reserve, the clocks of the law."""
    context: dict[str, Any] = {}
    if desk.may("see_reserve"):
        now = queries.reserve(desk.number)
        clocks = queries.clocks(desk.number, timezone.localdate())
        context = {
            "funds": [(FUNDS[name], one) for name, one in now.funds.items()], "broken": now.broken, "head": head(),
            "clocks": [(CLOCKS[name], one) for name, one in clocks.items()],
            "candidates": Member.objects.filter(wallet__currency=desk.number, standing="candidate").count(),
            "unpaid": queries.unpaid_redemptions(desk.number).count(),
        }  # fmt: skip
    if desk.may("see_deeds"):
        context["waiting"] = _named(_mine(desk, queries.waiting(desk.number))[:PAGE])
    return desk.page("home", **context)


def _mine(desk: Desk, found: Any) -> Any:
    """All of them for the staff and auditors; those of one's offices for whoever keeps some."""
    if desk.parts.roles & {access.STAFF, access.AUDITOR}:
        return found
    return found.filter(office__in=desk.parts.offices)


def _named(found: Any) -> list[tuple[Deed, Any, Any]]:
    """Deeds with the name of the operation and of who is concerned."""
    rows = list(found)
    people = queries.named(one.account for one in rows)
    return [(one, NAMES.get(one.operation, one.operation), people.get(one.account or 0)) for one in rows]


@desk_view("operate")
def operations(desk: Desk) -> HttpResponse:
    """Every operation that the person may ask for."""
    groups = [
        (title, [(code, name) for code, name in group.items() if _offered(desk, code)])
        for title, group in GROUPS.items()
    ]
    return desk.page("operations", groups=[group for group in groups if group[1]])


def _offered(desk: Desk, code: str) -> bool:
    return access.STAFF in desk.parts.roles or code in access.OFFICE_OPERATIONS


@desk_view("operate")
def operation(desk: Desk, operation: str) -> HttpResponse:
    """One operation, asked for."""
    if operation not in NAMES or not any(operation in group for group in GROUPS.values()) or not _offered(desk, operation):  # fmt: skip
        raise Http404
    asked_for = {"programme": desk.request.GET.get("programme", "")[:15]}
    form = OperationForm(operation, desk.number, desk.offices, desk.request.POST or None, initial=asked_for)
    if form.is_valid():
        given = form.cleaned_data
        asked = deeds.Asked(
            operation, given["key"], given.get("amount") or 0, given.get("fund", ""), given.get("wallet"), given.get("office"),
            given.get("reference", ""), given["reason"], form.counts, programme=given.get("programme"),
        )  # fmt: skip
        try:
            return redirect("association:deed", desk.code, deeds.ask(desk.request.user, desk.number, asked).pk)
        except RessortError as error:
            form.add_error(None, told(error))
    return desk.page(
        "operation",
        form=form,
        name=NAMES[operation],
        rules=queries.rules(desk.number),
        to_confirm=TO_CONFIRM.get(operation),
    )


@desk_view("see_deeds")
def journal(desk: Desk) -> HttpResponse:
    """Operations, the newest first."""
    asked = desk.request.GET.get("avant", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    rows = _named(_mine(desk, queries.journal(desk.number, before=before))[: PAGE + 1])
    older = rows[PAGE - 1][0].pk if len(rows) > PAGE else None
    return desk.page("journal", rows=rows[:PAGE], older=older)


def _deed(desk: Desk, deed_id: int) -> Deed:
    found = get_object_or_404(_mine(desk, Deed.objects.filter(currency=desk.number)), pk=deed_id)
    assert isinstance(found, Deed)
    return found


@desk_view("see_deeds")
def deed(desk: Desk, deed_id: int) -> HttpResponse:
    """One operation: what it moves, who asked, who agreed; agreed, refused or reversed from here."""
    one = _deed(desk, deed_id)
    decision = Decision.objects.filter(deed=one).select_related("by").first()
    done = decision is not None and decision.outcome == Decision.Outcome.DONE
    may_decide = desk.may("decide") and decision is None
    context = {
        "deed": one, "name": NAMES.get(one.operation, one.operation), "decision": decision, "holder": queries.named([one.account]).get(one.account or 0),
        "notes": one.notes.select_related("series"), "legs": _told(one) if done else [],
        "reversals": one.reversed_by.all(), "may_decide": may_decide, "sent": _sent(one.reverses or one),
        "may_agree": may_decide and not (one.needs_two and one.made_by_id == desk.request.user.pk),
        "reversal": ReasonForm() if done and desk.may("decide") and one.reverses_id is None else None, "places": PLACES,
    }  # fmt: skip
    return desk.page("deed", **context)


def _sent(one: Deed) -> datetime | None:
    """When it was put in a file for the bank."""
    return bank.sent([one]).get(one.pk)


def _told(one: Deed) -> list[tuple[int, str, str, int]]:
    """The transfers of an operation, their accounts in words."""
    return [(number, account_name(source), account_name(target), cents) for number, source, target, cents in queries.transfers_of(one)]  # fmt: skip


@desk_view("decide")
def decide(desk: Desk, deed_id: int) -> HttpResponse:
    """Agrees to an operation, or refuses it."""
    outcome = desk.request.POST.get("outcome", "")
    if outcome not in Decision.Outcome.values:
        raise Http404
    one = _deed(desk, deed_id)
    said = _("The operation is done.") if outcome == "done" else _("The operation is refused.")
    desk.done(None, lambda: deeds.decide(desk.request.user, one, outcome), said)
    return redirect("association:deed", desk.code, one.pk)


@desk_view("decide")
def reverse(desk: Desk, deed_id: int) -> HttpResponse:
    """Asks for the opposite of an operation."""
    one = _deed(desk, deed_id)
    reason = desk.request.POST.get("reason", "")[:200]
    if desk.request.method == "POST":
        said = _("The reversal waits for somebody else to agree.")
        desk.done(None, lambda: deeds.reverse(desk.request.user, one, reason), said)
    return redirect("association:deed", desk.code, one.pk)
