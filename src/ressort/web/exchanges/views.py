"""Screens of exchanges."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import InputError
from ressort.exchanges import balances, good, is_stored, known_goods
from ressort.web.diagnosis.api import only_words
from ressort.web.diagnosis.queries import link, place_of
from ressort.web.exchanges import access, jobs, queries, rule_jobs
from ressort.web.exchanges.country import country as country_view
from ressort.web.exchanges.country import country_file as country_table
from ressort.web.exchanges.rules import MOST_BYTES, SENT, TOKEN
from ressort.web.exchanges.rules import WORDS as RULE_WORDS
from ressort.web.exchanges.rules import page as rules_page
from ressort.web.people.actions import note
from ressort.web.unread import unread

DEFAULT_GOOD = "cereals"
#: words that the pages read, beside those of a group
PARTNERS = ("bien", "echelle", "avec")
RULES = (*PARTNERS, *RULE_WORDS.values(), SENT)
#: who stops a computation of other rules, and who asks how far it is
STOP, TOLD = "arreter", "etat"


@require_safe
def partners(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """What a territory lacks and could offer, who fits it, the flows of one good."""
    place = place_of(request, kind, code)
    if kind and (place.kind, place.code) != (kind, code):
        return redirect(link(place, "exchanges:partners", query=dict(request.GET.lists())))
    level = queries.level_of(place, request.GET.get("echelle", ""))
    waiting = queries.missing_optima(level)
    if waiting:
        return redirect(reverse("exchanges:computation", args=(level, waiting[0])))
    context = queries.page(place, level, queries.partners_of(request.GET.getlist("avec")), request.GET.get("bien", ""))
    context["strange"] = unread(request.GET, PARTNERS)
    return render(request, "exchanges/partners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """Other rules than least distance; a matrix of distances sent is read and forgotten. What takes long is told, and may be stopped."""
    token = request.POST.get(STOP) or (request.GET.get(TOLD, "") if request.htmx else "")
    if TOKEN.fullmatch(token):
        return _stopped_or_told(request, token)
    place = place_of(request, kind, code)
    level = queries.level_of(place, request.GET.get("echelle", ""))
    if queries.missing_optima(level):
        return redirect(link(place, "exchanges:rules"))
    words = request.POST if request.method == "POST" else request.GET
    sent = request.FILES.get("distances")
    if sent is None and request.method == "POST":
        raise InputError("No file came. Choose a CSV file with the columns from, to, km, then send it.")
    content = sent.read(MOST_BYTES + 1) if sent is not None else None
    context = rules_page(place, level, queries.partners_of(request.GET.getlist("avec")), words.dict(), content)
    if sent is not None and "job" in context:
        return redirect(
            link(
                place, "exchanges:rules", query={**dict(request.GET.lists()), **_filled(words), SENT: context["token"]}
            )
        )
    context |= {"strange": unread(request.GET, RULES)}
    return render(request, "exchanges/rules.html", context, status=409 if context.get("refused") else 200)


def _filled(words: Mapping[str, str]) -> dict[str, str]:
    """The words of a form that were filled in, those of an address."""
    return {name: words[name] for name in ("bien", *RULE_WORDS.values()) if words.get(name)}


def _stopped_or_told(request: HttpRequest, token: str) -> HttpResponse:
    """A computation of other rules asked to stop, or how far it is, for the page that waits."""
    aside = rule_jobs.aside_of(token)
    if request.method == "POST":
        aside.stop()
        return redirect(request.get_full_path())
    told = aside.told
    if told is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "exchanges/computing.html", {"job": told})


@require_safe
def file(request: HttpRequest, name: str, extension: str, kind: str = "", code: str = "") -> HttpResponse:
    """One table of the page as a file; a word that nobody reads is refused, since a file cannot tell it."""
    only_words(request, "communes", "nom", *PARTNERS)
    place = place_of(request, kind, code)
    level = queries.level_of(place, request.GET.get("echelle", ""))
    if queries.missing_optima(level):
        raise Http404
    content, media = queries.file_of(place, level, queries.partners_of(request.GET.getlist("avec")), name, extension)
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{slugify(place.name) or "territoire"}-{name}.{extension}"'
    return response


@require_safe
def country(request: HttpRequest) -> HttpResponse:
    """The national view of one good."""
    level = request.GET.get("echelle", "EPCI")
    if level not in ("EPCI", "DEP"):
        raise Http404
    key = good(request.GET.get("bien", DEFAULT_GOOD)).key
    context = country_view(level, key) | {"strange": unread(request.GET, ("bien", "echelle"))}
    return render(request, "exchanges/country.html", context)


@require_safe
def country_file(request: HttpRequest, level: str, key: str, name: str, extension: str) -> HttpResponse:
    """One table of the national view as a file."""
    one = _asked(level, key)
    if level not in queries.QUICK and not is_stored(level, one.key):
        raise Http404
    content, media = country_table(level, one.key, name, extension)
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="france-{level.lower()}-{one.key}-{name}.{extension}"'
    return response


@never_cache
@require_safe
def computation(request: HttpRequest, level: str, key: str) -> HttpResponse:
    """How far a long computation is; with a button to start it, or to stop it."""
    one = _asked(level, key)
    context: dict[str, Any] = {"good": one, "level": level, "level_name": queries.level_names()[level], "step": "plan"}
    job = jobs.running(level, one.key)
    if request.htmx:
        return (
            render(request, "exchanges/computing.html", {"job": job})
            if job
            else HttpResponse(headers={"HX-Refresh": "true"})
        )
    context |= {
        "job": job,
        "failure": "" if job else jobs.failure(level, one.key),
        "may_compute": access.may_compute(request.user),
        "is_done": is_stored(level, one.key),
        "others": [(other, good(other).label) for other in queries.missing_optima(level)],
    }
    return render(request, "exchanges/computation.html", context)


@login_required
@require_POST
def compute(request: HttpRequest, level: str, key: str) -> HttpResponse:
    """Start a long computation, or stop it."""
    access.require_compute(request.user)
    one = _asked(level, key)
    note(request.user, "stop_optimum" if "arreter" in request.POST else "start_optimum", f"{level}-{one.key}")
    (jobs.stop if "arreter" in request.POST else jobs.start)(level, one.key)
    return redirect(reverse("exchanges:computation", args=(level, one.key)))


def _asked(level: str, key: str) -> Any:
    if level not in queries.LEVELS or key not in known_goods(balances(level)):
        raise Http404
    return good(key)
