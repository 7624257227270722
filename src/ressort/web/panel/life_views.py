"""Screens of the authority once the panel sits: sessions, attendance, documents, the opinion and its answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError, RuleBroken
from ressort.language import money, told
from ressort.web.currency import proofs
from ressort.web.currency.models import Wallet
from ressort.web.currency.queries import code_of
from ressort.web.panel import access, life, paying, queries, seating
from ressort.web.panel.desk_views import context_of, run_panel
from ressort.web.panel.life_forms import AnswerForm, DocumentForm, MeetingForm, PayForm, PointForm
from ressort.web.panel.models import Contact, Meeting, Panel, Point
from ressort.web.panel.views import table


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def meetings(request: HttpRequest, panel_id: int) -> HttpResponse:
    """Sessions, who came, what is due."""
    panel = run_panel(request, panel_id)
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        life.add_meeting(request.user, panel, **form.told())
        messages.success(request, _("The session is announced."))
        return redirect("panel:meetings", panel.pk)
    members = [seat for seat in seating.seats_of(panel) if seat.state in ("accepted", "left")]
    came = {one.pk: set(one.attendances.values_list("seat_id", flat=True)) for one in panel.meetings.all()}
    context = {
        "form": form,
        "meetings": [(one, [(seat, seat.pk in came[one.pk]) for seat in members]) for one in panel.meetings.all()],
        "members": members,
        "unpaid_cents": queries.unpaid(panel),
        "plans": [_plan(request, panel, one) for one in paying.payers(request.user)],
    }
    return render(request, "panel/meetings.html", context_of(panel) | context)


def _plan(request: HttpRequest, panel: Panel, payer: Wallet) -> tuple[Wallet, str, paying.Plan, dict[str, Any] | None]:
    """What would be paid from an account, and the proof it asks for."""
    ready = paying.plan(panel, payer)
    proof = proofs.asked(request.user, payer, payer, ready.total_cents, ready.key) if ready.payments else None
    return payer, code_of(payer.currency), ready, proof


@login_required
@require_POST
def attendance(request: HttpRequest, panel_id: int, meeting_id: int) -> HttpResponse:
    """Notes who came to a session."""
    panel = run_panel(request, panel_id)
    meeting = get_object_or_404(Meeting, pk=meeting_id, panel=panel)
    present = {int(word) for word in request.POST.getlist("present") if word.isdecimal() and len(word) < 12}
    life.mark_attendance(request.user, meeting, present)
    messages.success(request, _("The attendance is noted."))
    return redirect("panel:meetings", panel_id)


@login_required
@require_POST
def pay(request: HttpRequest, panel_id: int) -> HttpResponse:
    """Notes all that is due as paid."""
    total = paying.note_paid(request.user, run_panel(request, panel_id))
    messages.success(request, _("{amount} noted as paid.").format(amount=money(total)))
    return redirect("panel:meetings", panel_id)


@login_required
@require_POST
def pay_in_currency(request: HttpRequest, panel_id: int) -> HttpResponse:
    """Transfers what is due to the members who gave an account."""
    panel = run_panel(request, panel_id)
    form = PayForm(request.POST)
    payer = get_object_or_404(paying.payers(request.user), alias=request.POST.get("payer", ""))
    if not form.is_valid():
        raise RuleBroken("The code or password is too long.")
    ready = paying.plan(panel, payer)
    given = form.cleaned_data["secret"], form.cleaned_data["credential"]
    proof = proofs.prove(request, payer, payer, ready.total_cents, ready.key, *given)
    paid = paying.pay_in_currency(request.user, panel, payer, proof)
    said = ngettext(
        "%(count)d allowance paid: %(amount)s.", "%(count)d allowances paid: %(amount)s.", len(paid.payments)
    )
    messages.success(request, said % {"count": len(paid.payments), "amount": money(paid.total_cents)})
    return redirect("panel:meetings", panel_id)


@login_required
@require_POST
def name_account(request: HttpRequest, panel_id: int, seat_id: int) -> HttpResponse:
    """Notes the account of a member."""
    panel = run_panel(request, panel_id)
    contact = get_object_or_404(Contact, volunteer__seat__pk=seat_id, panel=panel)
    paying.name_account(contact, request.POST.get("account", ""), by=request.user)
    messages.success(request, _("The account is noted."))
    return redirect("panel:seats", panel_id)


@never_cache
@login_required
@require_safe
def mandates_csv(request: HttpRequest, panel_id: int) -> HttpResponse:
    """What is due and what was paid, for the treasury."""
    panel = run_panel(request, panel_id)
    heads = [
        _("Number"), _("Name"), _("Session"), _("Day"), _("Amount (EUR)"), _("Paid on"), _("Paid in"), _("Transfer"),
    ]  # fmt: skip
    return table(heads, paying.mandates(panel), f"indemnites-{panel.pk}.csv")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, panel_id: int) -> HttpResponse:
    """The documents given to the panel."""
    panel = run_panel(request, panel_id)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            life.add_document(request.user, panel, given["title"], given["author"], given["file"].read())
        except RessortError as refusal:
            form.add_error("file", told(refusal))
        else:
            messages.success(request, _("The document is on the page of the panel."))
            return redirect("panel:documents", panel.pk)
    context = {"form": form, "documents": panel.documents.defer("content")}
    return render(request, "panel/documents.html", context_of(panel) | context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, panel_id: int) -> HttpResponse:
    """The opinion, point by point, and the answers."""
    panel = run_panel(request, panel_id)
    form = PointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            life.add_point(request.user, panel, form.cleaned_data["text"], form.cleaned_data["support"])
        except RessortError as refusal:
            form.add_error(None, told(refusal))
        else:
            return redirect("panel:opinion", panel.pk)
    points = [
        (point, AnswerForm(point=point, initial={"answer": point.answer, "answer_text": point.answer_text}))
        for point in panel.points.all()
    ]
    context = {"form": form, "points": points, "may_draw": access.may_draw(request.user, panel)}
    return render(request, "panel/opinion.html", context_of(panel) | context)


@login_required
@require_POST
def publish_opinion(request: HttpRequest, panel_id: int) -> HttpResponse:
    """Publishes the opinion."""
    life.publish_opinion(request.user, run_panel(request, panel_id))
    messages.success(request, _("The opinion is published."))
    return redirect("panel:opinion", panel_id)


@login_required
@require_POST
def answer_point(request: HttpRequest, panel_id: int, point_id: int) -> HttpResponse:
    """Records the answer to a point."""
    panel = run_panel(request, panel_id)
    point = get_object_or_404(Point, pk=point_id, panel=panel)
    form = AnswerForm(request.POST, point=point)
    if form.is_valid():
        life.answer_point(request.user, point, form.cleaned_data["answer"], form.cleaned_data["answer_text"])
        messages.success(request, _("The answer is on the page of the panel."))
    else:
        messages.error(request, _("An answer says what is decided, and why."))
    return redirect("panel:opinion", panel_id)
