"""Screens of an agreement: the list, the page, what it says, its signatures, what was delivered."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Field, Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError
from ressort.core.territory import Territory
from ressort.exchanges import EnergyTerms, Proposal, proposal, territory_today
from ressort.language import told
from ressort.web.exchanges import access, actions, agreement_files, agreement_rows, agreements
from ressort.web.exchanges.agreement_draft import why_left_out
from ressort.web.exchanges.agreement_plays import plays
from ressort.web.exchanges.forms import RecordsForm, SignatureForm, StartForm, TermsForm
from ressort.web.exchanges.models import Agreement, Party
from ressort.web.exchanges.templatetags.agreement_words import decimal

PAGE = 50


@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The agreements that a visitor may see: all, or those of one territory."""
    key = request.GET.get("territoire", "")
    place = territory_today(*key.partition(":")[::2]) if key else None
    found = agreements.visible(request.user)
    found = found if place is None else agreements.of_place(found, place)
    return render(request, "exchanges/agreements.html", {"agreements": found[:PAGE], "of": place, "step": "plan"})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Starts an agreement, empty or drawn from the figures."""
    places = agreements.writes_for(request.user)
    form = StartForm(request.POST or None, places=places, initial=_usual(request, places))
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        own, partner, drawn_bp = words.pop("territory"), words.pop("partner"), words.pop("drawn_bp")
        kind, _colon, code = own.partition(":")
        here = territory_today(kind, code)
        try:
            energy = EnergyTerms(
                words.pop("mwh_value_cents") or 0,
                words.pop("wood_received_mwh") or Decimal(0),
                words.pop("wood_given_mwh") or Decimal(0),
            )
            drawn = _drawn(here, partner, drawn_bp, words["tolerance_bp"], energy)
            made = actions.create_agreement(
                request.user, [agreements.Place(kind, code, here.label), partner], drawn, **words
            )
        except RessortError as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, _("The draft is open: read it, change it, then propose it."))
            for one in drawn.left_out if drawn else ():
                messages.warning(request, why_left_out(one))
            return redirect("exchanges:edit_lines", made.pk)
    return render(request, "exchanges/agreement_new.html", {"form": form, "places": places, "step": "plan"})


def _drawn(
    here: Territory, partner: agreements.Place, drawn_bp: int | None, tolerance_bp: int, energy: EnergyTerms
) -> Proposal | None:
    """The lines drawn from the figures, when a part of the possible exchange was asked for."""
    if not drawn_bp:
        return None
    there = territory_today(partner.kind, partner.code)
    return proposal(here, there, drawn_bp / 10_000, tolerance_bp / 10_000, energy)


def _usual(request: HttpRequest, places: list[tuple[str, str]]) -> dict[str, Any]:
    year = timezone.localdate().year + 1
    partner = request.GET.get("avec", "")[:120]
    usual = {"first_year": year, "last_year": year + 2, "partner": partner.partition(":")[2] or partner}
    usual["territory"] = request.GET.get("de", "")
    return usual | ({"drawn_bp": 1000} if partner else {})


def of(request: HttpRequest, agreement_id: int) -> Agreement:
    """An agreement that the visitor may see."""
    found = get_object_or_404(Agreement.objects.prefetch_related("parties"), pk=agreement_id)
    access.require_see(request.user, found)
    return found


def context_of(request: HttpRequest, held: Agreement) -> dict[str, Any]:
    """What every screen of an agreement shows."""
    return {
        "agreement": held,
        "is_draft": held.state == Agreement.State.DRAFT,
        "may_write": access.may_write(request.user, held),
        "may_lead": access.may_lead(request.user, held),
        "step": "plan",
    }


@never_cache
@require_safe
def page(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The agreement as each party, and everyone when it is public, reads it."""
    held = of(request, agreement_id)
    lines = agreement_rows.lines_of(held)
    promised = agreements.promised(held, lines)
    parties = [
        (party, agreements.became(party), getattr(party, "signature", None))
        for party in held.parties.select_related("signature")
    ]
    indicators = list(held.indicators.prefetch_related("records"))
    follow_up, delivered = agreement_rows.follow_up_rows(held, lines), agreement_rows.delivered_rows(held, lines)
    context = {
        "lines": lines,
        "parties": parties,
        "balance": agreements.balance_told(held, promised),
        "indicators": indicators,
        "follow_up": follow_up,
        "delivered": delivered,
        "years_begun": agreement_rows.years_followed(held),
        "unsigned": [
            party for party, _became, signature in parties if signature is None and access.may_sign(request.user, party)
        ],
        "files": agreement_files.offered(
            {"lignes": lines, "indicateurs": indicators, "suivi": follow_up, "solde-livre": delivered}
        ),
        "plays": plays(held, lines),
    }
    return render(request, "exchanges/agreement.html", context_of(request, held) | context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """What the agreement says of itself."""
    held = of(request, agreement_id)
    access.require_write(request.user, held)
    form = TermsForm(request.POST or None, instance=held)
    version, meanwhile = version_read(request, held), list[tuple[str, str]]()
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_terms(request.user, held, version, **form.cleaned_data)
        except RessortError as refusal:
            form.add_error(None, told(refusal))
            now = of(request, agreement_id)
            if version != now.version:
                version, meanwhile = now.version, _meanwhile(form, vars(now))
        else:
            messages.success(request, _("The agreement is up to date."))
            return redirect("exchanges:agreement", held.pk)
    held = of(request, agreement_id)
    context = context_of(request, held) | {"form": form, "version": version, "meanwhile": meanwhile}
    return render(request, "exchanges/agreement_change.html", context)


def _meanwhile(form: Form, now: dict[str, Any]) -> list[tuple[str, str]]:
    """What is kept now where it differs from what was sent: somebody else may have written it since the page was opened."""
    return [
        (str(field.label), _as_read(field, now[name]))
        for name, field in form.fields.items()
        if form.cleaned_data.get(name) != now[name]
    ]


def _as_read(field: Field, value: Any) -> str:
    if isinstance(value, Decimal):
        return decimal(value)
    return str(dict(getattr(field, "choices", ())).get(value, field.prepare_value(value) or "–"))


@login_required
@require_POST
def state(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Goes to another state, or shows the agreement to everyone, or erases a draft."""
    held = of(request, agreement_id)
    to = request.POST.get("to", "")
    try:
        if to in ("show", "hide"):
            actions.show(request.user, held, to == "show")
        elif to == "erase":
            actions.erase(request.user, held, version_sent(request))
            messages.success(request, _("The draft is erased."))
            return redirect("exchanges:agreements")
        else:
            actions.move_to(request.user, held, version_sent(request), to, request.POST.get("why", "")[:2000])
    except RessortError as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, _("Done: the agreement says so."))
    return redirect("exchanges:agreement", held.pk)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, agreement_id: int, party_id: int) -> HttpResponse:
    """Records the signature of a party."""
    held = of(request, agreement_id)
    party = get_object_or_404(Party, pk=party_id, agreement=held)
    access.require_sign(request.user, party)
    form = SignatureForm(request.POST or None, initial={"signed_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign(request.user, party, version_sent(request), **form.cleaned_data)
        except RessortError as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, _("The signature is recorded."))
            return redirect("exchanges:agreement", held.pk)
    context = context_of(request, held) | {"form": form, "party": party, "version": held.version}
    return render(request, "exchanges/agreement_sign.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, agreement_id: int, year: int) -> HttpResponse:
    """Records what was delivered in a year."""
    held = of(request, agreement_id)
    access.require_write(request.user, held)
    if year not in held.years:
        raise Http404
    form = RecordsForm(request.POST or None, agreement=held, year=year)
    version, meanwhile = version_read(request, held), list[tuple[str, str]]()
    if request.method == "POST" and form.is_valid():
        try:
            actions.record(request.user, held, version, year, form.told("line"), form.told("indicator"))
        except RessortError as refusal:
            form.add_error(None, told(refusal))
            if version != held.version:
                version = held.version
                meanwhile = _meanwhile(form, {name: field.initial for name, field in form.fields.items()})
        else:
            messages.success(request, _("What was delivered in {year} is recorded.").format(year=year))
            return redirect("exchanges:agreement", held.pk)
    context = context_of(request, held) | {"form": form, "year": year, "version": version, "meanwhile": meanwhile}
    return render(request, "exchanges/agreement_follow.html", context)


@require_safe
def file(request: HttpRequest, agreement_id: int, name: str, extension: str) -> HttpResponse:
    """A file of the agreement: its text, its part of a CRTE, its tables."""
    held = of(request, agreement_id)
    content, media = agreement_files.file_of(held, name, extension, request.build_absolute_uri(f"/accord/{held.pk}/"))
    response = HttpResponse(content, content_type=media)
    stem = slugify(held.title)[:60] or "accord"
    response["Content-Disposition"] = f'attachment; filename="{stem}-{name}.{extension}"'
    response["Cache-Control"] = "private, no-store"
    return response


def version_read(request: HttpRequest, held: Agreement) -> int:
    """The version that the reader has before them: today's when a page opens; that of the page sent, until it is told what another wrote."""
    return version_sent(request) if request.method == "POST" else held.version


def version_sent(request: HttpRequest) -> int:
    """The version of the page that was sent."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
