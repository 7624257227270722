"""Screens of a territory's own data: an account and a right are needed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.territory import Territory
from ressort.reference.territories import territories
from ressort.web.diagnosis import actions, own_tables, queries
from ressort.web.diagnosis.forms import SALT, ConfirmForm, OwnTableForm
from ressort.web.diagnosis.models import OwnTable
from ressort.web.people import access


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The data a territory provided, and the form to provide more: dry run first, then confirmation."""
    place = territories().territory(f"{kind}:{code}")
    access.require(request.user, "see_own_data", place.key)
    if "draft" in request.POST:
        return _confirm(request, place)
    form = OwnTableForm(request.POST or None, request.FILES or None)
    context = {"place": place, "form": form, "tables": queries.own_tables(place)[0], "sorts": OwnTable.Sort, "step": "know"}
    if form.is_valid():
        context |= _dry_run(form)
    context["url"] = queries.link(place, "territory")
    return render(request, "diagnosis/own.html", context)


def _dry_run(form: OwnTableForm) -> dict[str, object]:
    """What was understood of the file, and what is wrong with it."""
    told = form.cleaned_data
    draft = own_tables.read(told["sort"], told["file"].read(), told["file"].name)
    named = own_tables.items(told["sort"])
    kept = {key: told[key] for key in ("sort", "year", "source")}
    kept |= {"file_name": told["file"].name, "values": draft.values, "sha256": draft.sha256}
    return {
        "draft": draft,
        "lines": [(named[item], amount) for item, amount in draft.values.items()],
        "unit": "eur" if told["sort"] == OwnTable.Sort.PURCHASES else "ha",
        "confirm": None if draft.problems else ConfirmForm({"draft": signing.dumps(kept, salt=SALT, compress=True)}),
    }


def _confirm(request: HttpRequest, place: Territory) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["draft"][0])
    else:
        actions.provide(request.user, place.kind, place.code, **form.cleaned_data["draft"])
        messages.success(request, _("Your figures are in force on the page of the territory."))
    return redirect(queries.link(place, "own"))


@login_required
@require_POST
def remove(request: HttpRequest, kind: str, code: str, table_id: int) -> HttpResponse:
    """Erases a table."""
    held = get_object_or_404(OwnTable, pk=table_id, kind=kind, code=code)
    actions.remove(request.user, held)
    messages.success(request, _("The table is erased."))
    return redirect(queries.link(territories().territory(f"{kind}:{code}"), "own"))


@require_safe
def template(request: HttpRequest, kind: str, code: str, sort: str) -> HttpResponse:
    """The empty file of a sort of table."""
    if sort not in OwnTable.Sort.values:
        raise Http404
    response = HttpResponse(own_tables.template(sort), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ressort-{sort}.csv"'
    return response
