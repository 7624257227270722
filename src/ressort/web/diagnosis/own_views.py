"""Screens of a territory's own data: an account and a right are needed."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError, RuleBroken
from ressort.core.territory import Territory
from ressort.ingest import dry_run, template
from ressort.reference.territories import territories
from ressort.web.diagnosis import actions, queries
from ressort.web.diagnosis.forms import SALT, ConfirmForm, OwnTableForm
from ressort.web.diagnosis.models import OwnTable
from ressort.web.people import access

#: rows that a form can carry from the dry run to the confirmation; and those of them that are shown
MOST_ROWS, MOST_SHOWN = 2_000, 200
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


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
    context = {
        "place": place,
        "form": form,
        "tables": queries.own_tables(place)[0],
        "sorts": OwnTable.Sort,
        "step": "know",
    }
    if form.is_valid():
        context |= _dry_run(form)
    context["url"] = queries.link(place, "territory")
    return render(request, "diagnosis/own.html", context)


def _dry_run(form: OwnTableForm) -> dict[str, object]:
    """What was understood of the file, or what is wrong with it, line by line."""
    told = form.cleaned_data
    content, name = told["file"].read(), told["file"].name[:160]
    try:
        read = dry_run(content, name, told["sort"])
    except RessortError as refusal:
        return {"problems": [(0, "", refusal.say(_))]}
    if read.problems:
        return {
            "problems": [(one.line, one.column, RuleBroken(one.template, **one.facts).say(_)) for one in read.problems]
        }
    if read.frame.height > MOST_ROWS:
        refusal = RuleBroken(
            "The file holds {count} rows; at most {most} are kept here. Add them up, or split the file.",
            count=read.frame.height,
            most=MOST_ROWS,
        )
        return {"problems": [(0, "", refusal.say(_))]}
    rows = read.frame.to_dicts()
    kept = {"sort": told["sort"], "source": told["source"], "file_name": name, "rows": rows}
    kept["sha256"] = hashlib.sha256(content).hexdigest()
    return {
        "heads": read.frame.columns,
        "rows": [_cells(row) for row in rows[:MOST_SHOWN]],
        "count": len(rows),
        "confirm": ConfirmForm({"draft": signing.dumps(kept, salt=SALT, compress=True)}),
    }


def _cells(row: dict[str, object]) -> list[object]:
    """The cells of a row as they were written: a year has no thousands."""
    return [f"{value:.0f}" if name == "year" else value for name, value in row.items()]


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
def own_template(request: HttpRequest, kind: str, code: str, sort: str, extension: str) -> HttpResponse:
    """The file to fill, with one line as an example."""
    if sort not in OwnTable.Sort.values:
        raise Http404
    response = HttpResponse(template(sort, extension), content_type=MEDIA[extension])
    response["Content-Disposition"] = f'attachment; filename="ressort-{sort}.{extension}"'
    return response
