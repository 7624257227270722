"""Screens that everyone sees: the panels, one panel, registration, one's own page, the files of a draw."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ressort.core.errors import RessortError
from ressort.core.panel import write_table
from ressort.language import told
from ressort.panel import verifier
from ressort.web.panel import access, actions, drawing, paying, queries, seating
from ressort.web.panel.forms import RegistrationForm
from ressort.web.panel.models import Document, Draw, Panel, Seat, Volunteer
from ressort.web.territories.rights import label_of, places_for

FILES = {
    "engagement.json": "application/json",
    "proces-verbal.json": "application/json",
    "verifier.py": "text/x-python",
}


@require_safe
def panels(request: HttpRequest) -> HttpResponse:
    """The panels that the visitor may see."""
    found = [(panel, label_of(panel.key), queries.state_of(panel)) for panel in queries.visible(request.user)]
    context = {"panels": found, "places": places_for(request.user, "run_panel"), "step": "decide"}
    return render(request, "panel/panels.html", context)


@require_safe
def page(request: HttpRequest, panel_id: int) -> HttpResponse:
    """One panel: its question, where it stands, its draws, its sessions, its opinion and the answer."""
    panel = _seen(request, panel_id)
    draws = list(panel.draws.all())
    context = {
        "panel": panel,
        "place_label": label_of(panel.key),
        "state": queries.state_of(panel),
        "is_open": panel.is_open(queries.today()),
        "may_run": access.may_run(request.user, panel),
        "counts": queries.counts(panel),
        "volunteers": panel.volunteers.count(),
        "draws": [(draw, queries.result_of(draw)) for draw in draws],
        "portrait": queries.portrait_of(panel),
        "replaced": [seat for seat in seating.seats_of(panel) if seat.replaces_id],
        "meetings": panel.meetings.all(),
        "documents": panel.documents.defer("content"),
        "points": panel.points.all() if panel.opinion_published_at else [],
        "step": "decide",
    }
    return render(request, "panel/page.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, panel_id: int) -> HttpResponse:
    """The form of a volunteer."""
    panel = _seen(request, panel_id)
    if not panel.is_open(queries.today()) or not panel.quotas.exists():
        messages.error(request, _("Registrations to this panel are closed."))
        return redirect("panel:page", panel.pk)
    form = RegistrationForm(request.POST or None, panel=panel)
    if request.method == "POST" and form.is_valid():
        try:
            volunteer = actions.register(panel, form.contact(), form.answers())
        except RessortError as refusal:
            form.add_error("email", told(refusal))
        else:
            return redirect(_write_to(request, volunteer, form.contact()["email"]))
    context = {"panel": panel, "form": form, "place_label": label_of(panel.key), "step": "decide"}
    return render(request, "panel/register.html", context)


def _write_to(request: HttpRequest, volunteer: Volunteer, email: str) -> str:
    """Sends the volunteer the address of its own page, and gives it."""
    link = reverse("panel:mine", args=[access.key_of(volunteer)])
    body = _("You have volunteered for “{title}”. Your own page, where you can take your registration back: {link}")
    text = body.format(title=volunteer.panel.title, link=request.build_absolute_uri(link))
    send_mail(volunteer.panel.title, text, settings.DEFAULT_FROM_EMAIL, [email], fail_silently=True)
    messages.success(request, _("You are registered. Keep the address of this page: it is yours alone."))
    return link


@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest, key: str) -> HttpResponse:
    """The page of one volunteer: its data, its receipt, its seat."""
    volunteer = access.volunteer_of(key)
    seat = Seat.objects.filter(volunteer=volunteer).first()
    if request.method == "POST":
        return _answered(request, volunteer, seat)
    draws = [(draw, queries.receipt(volunteer, draw)) for draw in volunteer.panel.draws.all()]
    context = {
        "volunteer": volunteer,
        "panel": volunteer.panel,
        "contact": getattr(volunteer, "contact", None),
        "seat": seat,
        "rank": _rank(volunteer) if seat is None else None,
        "allowances": seat.attendances.filter(due_cents__gt=0).select_related("meeting") if seat else [],
        "may_answer": seat is not None and seat.state in (Seat.State.DRAWN, Seat.State.INVITED),
        "draws": draws,
        "step": "decide",
    }
    return render(request, "panel/mine.html", context)


def _rank(volunteer: Volunteer) -> int | None:
    """The place of a volunteer among the substitutes, from 1."""
    named = seating.substitutes(volunteer.panel)
    return named.index(volunteer.number) + 1 if volunteer.number in named else None


def _answered(request: HttpRequest, volunteer: Volunteer, seat: Seat | None) -> HttpResponse:
    word = request.POST.get("answer", "")
    if word == "withdraw" and seat is None:
        panel = volunteer.panel
        actions.withdraw(volunteer)
        messages.success(request, _("Your registration is erased."))
        return redirect("panel:page", panel.pk)
    if seat is not None and word == "account":
        try:
            paying.name_account(volunteer.contact, request.POST.get("account", ""))
            messages.success(request, _("The account is noted."))
        except RessortError as refusal:
            messages.error(request, told(refusal))
    if seat is not None and word in (Seat.State.ACCEPTED, Seat.State.DECLINED):
        drawing.answer_seat(seat, word)
        messages.success(request, _("Your answer is noted. Thank you."))
    return redirect(request.path)


@require_safe
def draw_file(request: HttpRequest, panel_id: int, ordinal: int, name: str) -> HttpResponse:
    """A published file of a draw, or all of them in one archive."""
    draw = get_object_or_404(Draw, panel=_seen(request, panel_id), ordinal=ordinal)
    if name == "verification.zip":
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
            for one in FILES:
                content = _content(draw, one)
                if content:
                    bundle.writestr(one, content)
        return download(archive.getvalue(), "application/zip", f"tirage-{panel_id}-{ordinal}.zip")
    content = _content(draw, name)
    if not content:
        raise Http404
    return download(content.encode(), FILES[name], name)


def _content(draw: Draw, name: str) -> str:
    return {"engagement.json": draw.frozen, "proces-verbal.json": draw.transcript, "verifier.py": verifier()}[name]


@require_safe
def document(request: HttpRequest, panel_id: int, document_id: int) -> HttpResponse:
    """A document of the panel."""
    found = get_object_or_404(Document, panel=_seen(request, panel_id), pk=document_id)
    return download(bytes(found.content), "application/pdf", f"document-{found.pk}.pdf")


def download(content: bytes, media: str, name: str) -> HttpResponse:
    """A file that the browser saves."""
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """A table that a spreadsheet opens."""
    return download(b"\xef\xbb\xbf" + write_table(heads, rows).encode(), "text/csv; charset=utf-8", name)


def _seen(request: HttpRequest, panel_id: int) -> Panel:
    panel = get_object_or_404(Panel, pk=panel_id)
    access.require_see(request.user, panel)
    return panel
