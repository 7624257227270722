"""Screens of shocks: HTTP in, one action or query, HTTP out."""

import json
from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError
from ressort.resilience import ground_for
from ressort.resilience.annex import annex, annex_csv
from ressort.resilience.continuity import continuity
from ressort.resilience.exports import as_dict
from ressort.resilience.own_table import template
from ressort.resilience.stress import need_names
from ressort.web.diagnosis.charts import as_themed
from ressort.web.diagnosis.queries import link, place_of
from ressort.web.kept import pages
from ressort.web.resilience import access, actions, queries
from ressort.web.resilience.forms import BEGUN, StressForm
from ressort.web.resilience.models import StressRun
from ressort.web.unread import unread

State = StressRun.State


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """Choose shocks and levers; asking leads to the page of the answer."""
    place = place_of(request, kind, code)
    form = StressForm(request.POST or None, request.FILES or None, initial=StressForm.begun(request.GET))
    context = {
        "place": place,
        "form": form,
        "step": "anticipate",
        "territory_url": link(place, "territory"),
        "strange": unread(request.GET, BEGUN),
    } | queries.library()
    if request.method == "POST" and form.is_valid():
        try:
            asked = form.request(place)
            ground_for(asked, form.cleaned_data["tableau"])
            run = actions.ask(asked, place.label[:200], **form.more)
        except RessortError as refusal:
            form.add_error(None, refusal.say(_))
        else:
            access.remember(request, run)
            return redirect("resilience:result", token=run.token)
    return render(request, "resilience/choose.html", context, status=400 if form.errors else 200)


@require_safe
def table_template(request: HttpRequest) -> HttpResponse:
    """The national input-output table, to change it."""
    return _attached(template(), "text/csv; charset=utf-8", "ressort-tableau-entrees-sorties.csv")


@never_cache
@require_safe
def result(request: HttpRequest, token: str) -> HttpResponse:
    """How far a question is, or its answer."""
    run = queries.run_of(token)
    if run.state != State.DONE:
        context = queries.titles(run) | {"may_stop": access.may_stop(request, run), "ahead": queries.ahead(run)}
        name = "resilience/waiting.html" if request.htmx else "resilience/progress.html"
        response = render(request, name, context)
        if request.htmx and run.is_over:
            response["HX-Refresh"] = "true"
        return response
    if request.htmx:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    number, need = _day(request), request.GET.get("besoin", "")[:20]
    key = f"stress:{token}:{get_language()}:{number}:{need}"
    content = pages.get(key)
    if content is None:
        content = render_to_string("resilience/answer.html", _answer(run, number, need))
        pages.set(key, content, 3600)
    told = {"content": mark_safe(content), "strange": unread(request.GET, ("jour", "besoin"))}
    return render(request, "resilience/result.html", queries.titles(run) | told)


def _answer(run: StressRun, number: int | None, need: str) -> dict[str, Any]:
    """What the page of an answer shows; of which only the day changes from reader to reader."""
    key = f"stress-answer:{run.token}:{get_language()}"
    context: dict[str, Any] | None = pages.get(key)
    if context is None:
        context = queries.result(run.token)
        pages.set(key, {name: value for name, value in context.items() if name != "stress"}, 3600)
    day = context["worst_day"] if number is None else number
    more = {"stress": queries.stress_of(run.token), "result_url": reverse("resilience:result", args=(run.token,))}
    more["portfolio_price"] = queries.portfolio_price(run)
    return queries.titles(run) | context | more | queries.day(run.token, day, need)


def _day(request: HttpRequest) -> int | None:
    text = request.GET.get("jour", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


@require_POST
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a question."""
    run = queries.run_of(token)
    access.require_stop(request, run)
    actions.stop(run)
    return redirect("resilience:result", token=token)


@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE]})
@require_safe
def chart(request: HttpRequest, token: str, need: str) -> HttpResponse:
    """The fan of one need, as SVG."""
    theme = request.GET.get("theme", "light")
    if theme not in ("light", "dark") or need not in need_names():
        raise Http404
    _require_done(token)
    key = f"stress-chart:{token}:{need}:{theme}:{get_language()}"
    drawing = pages.get(key)
    if drawing is None:
        drawing = as_themed(queries.stress_of(token).chart(need), theme)
        pages.set(key, drawing, None)
    response = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = "max-age=3600"
    return response


@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """A file of the answer: a table in CSV, the annex and the continuity plan in PDF or CSV, everything in JSON."""
    run = _require_done(token)
    stress = queries.stress_of(token)
    title = slugify(f"ressort-choc-{run.place_name}")
    stem, _dot, extension = name.rpartition(".")
    if name == "annexe.pdf":
        return _attached(annex(stress), "application/pdf", f"{title}-annexe.pdf")
    if name == "annexe.csv":
        return _attached(annex_csv(stress), "text/csv; charset=utf-8", f"{title}-annexe.csv")
    if name == "continuite.pdf":
        return _attached(continuity(stress), "application/pdf", f"{title}-continuite.pdf")
    if name == "reponse.json":
        content = json.dumps(as_dict(stress), ensure_ascii=False, indent=1)
        return _attached(content, "application/json", f"{title}.json")
    if extension != "csv" or stem not in stress.tables():
        raise Http404
    return _attached(stress.table(stem).write_csv(), "text/csv; charset=utf-8", f"{title}-{stem}.csv")


def _require_done(token: str) -> StressRun:
    run = queries.run_of(token)
    if run.state != State.DONE:
        raise Http404
    return run


def _attached(content: bytes | str, media: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
