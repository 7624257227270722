"""Screens of the authority: preparing a panel, its quotas, its volunteers, its feasibility, its draws."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError
from ressort.core.panel import TableRefused, quotas_from_population
from ressort.language import told
from ressort.panel import changes_told, feasibility, problems_told
from ressort.web.panel import access, actions, queries, seating
from ressort.web.panel.forms import (
    BoundsForm,
    CriterionForm,
    ImportForm,
    PanelForm,
    TerritoryPanelForm,
)
from ressort.web.panel.models import Panel
from ressort.web.territories.rights import label_of, places_for


def run_panel(request: HttpRequest, panel_id: int) -> Panel:
    """A panel that the person signed in runs."""
    panel = get_object_or_404(Panel, pk=panel_id)
    access.require_run(request.user, panel)
    return panel


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Opens a panel."""
    places = places_for(request.user, "run_panel")
    form = TerritoryPanelForm(request.POST or None, places=places, initial=PanelForm.usual())
    if request.method == "POST" and form.is_valid():
        kind, _colon, code = form.cleaned_data.pop("territory").partition(":")
        panel = actions.create_panel(request.user, kind, code, **form.cleaned_data)
        messages.success(request, _("The panel is open on your desk. Give it its criteria."))
        return redirect("panel:quotas", panel.pk)
    return render(request, "panel/new.html", {"form": form, "places": places, "step": "decide"})


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest, panel_id: int) -> HttpResponse:
    """A panel on the desk: what is done, what comes next."""
    panel = run_panel(request, panel_id)
    context = context_of(panel) | {
        "counts": queries.counts(panel),
        "draws": [(draw, queries.result_of(draw)) for draw in panel.draws.all()],
        "vacancies": seating.vacancies(panel),
        "may_draw": access.may_draw(request.user, panel),
        "unpaid_cents": queries.unpaid(panel),
    }
    return render(request, "panel/desk.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, panel_id: int) -> HttpResponse:
    """The words, size and dates of a panel."""
    panel = run_panel(request, panel_id)
    form = PanelForm(request.POST or None, instance=panel)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_panel(request.user, panel, **form.cleaned_data)
        except RessortError as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, _("The panel is up to date."))
            return redirect("panel:desk", panel.pk)
    return render(request, "panel/change.html", context_of(panel) | {"form": form})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def quotas(request: HttpRequest, panel_id: int) -> HttpResponse:
    """The criteria of a panel: add one, fill one from the territory, move the bounds."""
    panel = run_panel(request, panel_id)
    held, word = queries.core_quotas(panel), request.POST.get("do", "")
    criterion = CriterionForm(request.POST if word == "add" else None)
    bounds = BoundsForm(request.POST if word == "bounds" else None, quotas=held)
    try:
        if word == "add" and criterion.is_valid():
            added = criterion.quotas(panel.seats)
            kept = [quota for quota in held if quota.criterion != added[0].criterion]
            return _kept(request, panel, (*kept, *added))
        if word == "bounds" and bounds.is_valid():
            return _kept(request, panel, bounds.quotas())
        if word == "remove":
            return _kept(request, panel, [quota for quota in held if quota.criterion != request.POST.get("name")])
        if word == "places":
            people = queries.population_of_places(panel.key)
            added = quotas_from_population({_("Commune"): people}, panel.seats) if people else ()
            return _kept(request, panel, (*[quota for quota in held if quota.criterion != _("Commune")], *added))
    except RessortError as refusal:
        messages.error(request, told(refusal))
        return redirect("panel:quotas", panel.pk)
    context = {
        "criterion": criterion,
        "bounds": bounds,
        "criteria": queries.choices_of(panel),
        "can_change": not panel.draws.exists(),
        "places": queries.population_of_places(panel.key),
        "form": criterion if word == "add" else bounds,
    }
    return render(request, "panel/quotas.html", context_of(panel) | context)


def _kept(request: HttpRequest, panel: Panel, held: Any) -> HttpResponse:
    actions.set_quotas(request.user, panel, tuple(held))
    messages.success(request, _("The quotas are up to date."))
    return redirect("panel:quotas", panel.pk)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def volunteers(request: HttpRequest, panel_id: int) -> HttpResponse:
    """The volunteers: their list, a table to add."""
    panel = run_panel(request, panel_id)
    form, problems = ImportForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.import_volunteers(request.user, panel, form.cleaned_data["file"].read())
        except TableRefused as refusal:
            problems = problems_told(refusal)
        except RessortError as refusal:
            form.add_error("file", told(refusal))
        else:
            said = ngettext("%(count)d volunteer added.", "%(count)d volunteers added.", count)
            messages.success(request, said % {"count": count})
            return redirect("panel:volunteers", panel.pk)
    context = {
        "form": form,
        "problems": problems,
        "criteria": list(queries.choices_of(panel)),
        "people": panel.volunteers.select_related("contact"),
    }
    return render(request, "panel/volunteers.html", context_of(panel) | context)


@login_required
@require_POST
def remove_volunteers(request: HttpRequest, panel_id: int) -> HttpResponse:
    """Erases the volunteers of a panel not frozen yet."""
    count = actions.remove_volunteers(request.user, run_panel(request, panel_id))
    messages.success(
        request, ngettext("%(count)d volunteer erased.", "%(count)d volunteers erased.", count) % {"count": count}
    )
    return redirect("panel:volunteers", panel_id)


@never_cache
@login_required
@require_safe
def feasible(request: HttpRequest, panel_id: int) -> HttpResponse:
    """What any draw could give, before anything is frozen."""
    panel = run_panel(request, panel_id)
    context: dict[str, Any] = {}
    try:
        question = queries.question_of(panel)
        found = feasibility(question)
        bounds = (
            found.bounds.quota_seats.tolist() if found.bounds is not None else [(None, None)] * len(question.quotas)
        )
        held = {(count.criterion, count.value): count for count in queries.counts(panel)}
        rows = [
            (quota, held[quota.criterion, quota.value], *some)
            for quota, some in zip(question.quotas, bounds, strict=True)
        ]
        context = {
            "question": question,
            "found": found,
            "rows": rows,
            "ways": [changes_told(way) for way in found.relaxations],
            "kinds": len(question.types),
        }
    except RessortError as refusal:
        context = {"refusal": told(refusal)}
    return render(request, "panel/feasible.html", context_of(panel) | context)


def context_of(panel: Panel) -> dict[str, Any]:
    """What every screen of the desk shows."""
    return {
        "panel": panel,
        "place_label": label_of(panel.key),
        "state": queries.state_of(panel),
        "volunteers_count": panel.volunteers.count(),
        "step": "decide",
    }
