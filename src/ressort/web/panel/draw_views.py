"""Screens of the authority: freezing, the public draw, the seats and those who answer them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError
from ressort.core.panel import canonical
from ressort.language import told
from ressort.web.panel import access, drawing, freezing, queries, seating
from ressort.web.panel.desk_views import context_of, run_panel
from ressort.web.panel.forms import BeaconForm, DiceForm, FreezeForm, SeatForm
from ressort.web.panel.models import Draw, Seat
from ressort.web.panel.views import download, table


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, panel_id: int) -> HttpResponse:
    """Freezes a draw: the whole panel first, then the seats that emptied."""
    panel = run_panel(request, panel_id)
    access.require_draw(request.user, panel)
    job = freezing.latest(panel)
    if request.htmx and job is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if job is not None and not job.is_over and request.method == "GET":
        name = "panel/freezing.html" if request.htmx else "panel/freeze.html"
        return render(request, name, context_of(panel) | {"job": job})
    form = FreezeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            freezing.ask(request.user, panel, **form.told())
        except RessortError as refusal:
            form.add_error(None, told(refusal))
        else:
            return redirect("panel:freeze", panel.pk)
    made = panel.draws.last()
    if request.method == "GET" and job is None and made is not None and made.drawn_at is None:
        messages.success(request, _("The draw is frozen and its fingerprint is published."))
        return redirect("panel:draw", panel.pk, made.ordinal)
    context = {"form": form, "job": job, "vacancies": seating.vacancies(panel)}
    return render(request, "panel/freeze.html", context_of(panel) | context)


@login_required
@require_POST
def stop_freezing(request: HttpRequest, panel_id: int) -> HttpResponse:
    """Stops a freeze that goes on."""
    panel = run_panel(request, panel_id)
    job = freezing.latest(panel)
    if job is not None:
        freezing.cancel(request.user, job)
        messages.success(request, _("The freeze is being stopped: nothing is sealed."))
    return redirect("panel:desk", panel.pk)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, panel_id: int, ordinal: int) -> HttpResponse:
    """The public draw: the fingerprint to read out, the dice to type, the result."""
    panel = run_panel(request, panel_id)
    made = get_object_or_404(Draw, panel=panel, ordinal=ordinal)
    announced = queries.chance_of(made)
    form = (DiceForm if announced["source"] == "digits" else BeaconForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drawing.draw(request.user, made, announced | form.cleaned_data)
        except RessortError as refusal:
            form.add_error(None, told(refusal))
        else:
            return redirect("panel:draw", panel.pk, ordinal)
    context = {
        "draw": made,
        "form": form,
        "chance": announced,
        "result": queries.result_of(made),
        "may_draw": access.may_draw(request.user, panel),
    }
    return render(request, "panel/draw.html", context_of(panel) | context)


@never_cache
@login_required
@require_safe
def observers_rows(request: HttpRequest, panel_id: int, ordinal: int) -> HttpResponse:
    """The rows that sworn observers check the quotas with; who took them is noted."""
    panel = run_panel(request, panel_id)
    access.require_draw(request.user, panel)
    made = get_object_or_404(Draw, panel=panel, ordinal=ordinal)
    rows = queries.observers_rows(made)
    drawing.note(request.user, "observers_rows", f"draw:{made.pk}")
    return download(canonical(rows), "application/json", "lignes.json")


@never_cache
@login_required
@require_safe
def seats(request: HttpRequest, panel_id: int) -> HttpResponse:
    """The people drawn: invitations, answers, replacements."""
    panel = run_panel(request, panel_id)
    rows = [
        (seat, SeatForm(seat=seat) if drawing.next_states(seat.state) else None) for seat in seating.seats_of(panel)
    ]
    empty = {seat.pk for seat in seating.emptied(panel)}
    waiting = panel.draws.filter(drawn_at__isnull=True).exists()
    context = {
        "rows": rows,
        "empty": () if waiting else empty,
        "vacancies": seating.vacancies(panel),
        "may_draw": access.may_draw(request.user, panel),
    }
    return render(request, "panel/seats.html", context_of(panel) | context)


@login_required
@require_POST
def answer_seat(request: HttpRequest, panel_id: int, seat_id: int) -> HttpResponse:
    """Notes what became of a seat."""
    panel = run_panel(request, panel_id)
    seat = get_object_or_404(Seat, pk=seat_id, draw__panel=panel)
    form = SeatForm(request.POST, seat=seat)
    if form.is_valid():
        drawing.answer_seat(seat, form.cleaned_data["state"], form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The answer of number {number} is noted.").format(number=seat.volunteer.number))
    else:
        messages.error(request, _("This seat has already been answered. Reload the page."))
    return redirect("panel:seats", panel_id)


@login_required
@require_POST
def call_substitute(request: HttpRequest, panel_id: int, seat_id: int) -> HttpResponse:
    """Gives an emptied seat to the first substitute who fits."""
    panel = run_panel(request, panel_id)
    made = drawing.call_substitute(request.user, get_object_or_404(Seat, pk=seat_id, draw__panel=panel))
    messages.success(
        request, _("Number {number}, substitute, takes this seat: invite them.").format(number=made.volunteer.number)
    )
    return redirect("panel:seats", panel_id)


@never_cache
@login_required
@require_safe
def seats_csv(request: HttpRequest, panel_id: int) -> HttpResponse:
    """The people drawn and how to reach them, for the letters."""
    panel = run_panel(request, panel_id)
    rows = []
    for seat in seating.seats_of(panel):
        contact = getattr(seat.volunteer, "contact", None)
        rows.append([
            seat.volunteer.number, contact.name if contact else "", contact.email if contact else "",
            contact.phone if contact else "", str(seat.get_state_display()),
        ])  # fmt: skip
    heads = [_("Number"), _("Name"), _("E-mail"), _("Telephone"), _("State")]
    return table(heads, rows, f"panel-{panel.pk}.csv")
