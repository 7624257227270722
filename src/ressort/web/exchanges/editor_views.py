"""The editor of a draft: its lines and their balance, shown as they are typed; its parties, its indicators."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError
from ressort.exchanges import shadow_price_km, territory_today
from ressort.language import told
from ressort.web.exchanges import access, actions, agreements
from ressort.web.exchanges.agreement_views import context_of, of, version_sent
from ressort.web.exchanges.forms import IndicatorForm, LineForm, PartyForm
from ressort.web.exchanges.models import Agreement, Line


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def lines(request: HttpRequest, agreement_id: int, line_id: int | None = None) -> HttpResponse:
    """The lines of a draft, one of them in a form; the balance beside."""
    held = of(request, agreement_id)
    access.require_write(request.user, held)
    line = get_object_or_404(held.lines, pk=line_id) if line_id else None
    form = LineForm(request.POST or None, instance=line, agreement=held)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_line(request.user, held, version_sent(request), line, **form.cleaned_data)
        except RessortError as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, _("The line is in the draft."))
            return redirect("exchanges:edit_lines", held.pk)
    return _editor(request, held, form, line)


def _editor(request: HttpRequest, held: Agreement, form: LineForm, line: Line | None) -> HttpResponse:
    found = list(held.lines.select_related("giver", "receiver"))
    context = {
        "form": form,
        "line": line,
        "lines": found,
        "version": held.version,
        "balance": agreements.balance_told(held, agreements.promised(held, found)),
        "parties": [(party, agreements.became(party)) for party in held.parties.all()],
        "party_form": PartyForm(prefix="party"),
        "indicators": held.indicators.all(),
        "indicator_form": IndicatorForm(prefix="indicator", initial={"target_year": held.last_year}),
        "has_shadow": any(one.basis == Line.Basis.SHADOW for one in found),
    }
    return render(request, "exchanges/agreement_lines.html", context_of(request, held) | context)


@never_cache
@login_required
@require_safe
def balance(request: HttpRequest, agreement_id: int, line_id: int | None = None) -> HttpResponse:
    """The balance with the line being typed, before anything is kept."""
    held = of(request, agreement_id)
    access.require_write(request.user, held)
    found = list(held.lines.select_related("giver", "receiver"))
    form = LineForm(request.GET, instance=next((one for one in found if one.pk == line_id), None), agreement=held)
    context: dict[str, Any] = {"is_preview": form.is_valid(), "agreement": held}
    if context["is_preview"]:
        typed = form.instance
        typed.agreement = held
        try:
            _priced(held, typed)
        except RessortError as refusal:
            context["refusal"], context["is_preview"] = told(refusal), False
        else:
            found = [one for one in found if one.pk != typed.pk] + [typed]
    context["balance"] = agreements.balance_told(held, agreements.promised(held, found))
    return render(request, "exchanges/agreement_balance.html", context)


def _priced(held: Agreement, line: Line) -> None:
    if line.basis == Line.Basis.SHADOW:
        there = territory_today(line.receiver.kind, line.receiver.code)
        line.unit_value_cents = shadow_price_km(line.good, there) * held.shadow_rate_cents


@login_required
@require_POST
def change(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Small changes of a draft: a line off, prices read again, a party or an indicator more or less."""
    held = of(request, agreement_id)
    access.require_write(request.user, held)
    word, pk = request.POST.get("do", ""), request.POST.get("row", "0")
    try:
        said = _change(request, held, word, int(pk) if pk.isdecimal() and len(pk) < 12 else 0)
    except RessortError as refusal:
        messages.error(request, told(refusal))
    else:
        if said:
            messages.success(request, said)
    return redirect("exchanges:edit_lines", held.pk)


def _change(request: HttpRequest, held: Agreement, word: str, pk: int) -> str:
    by, version = request.user, version_sent(request)
    if word == "remove_line":
        actions.remove_line(by, held, version, get_object_or_404(held.lines, pk=pk))
        return _("The line is removed.")
    if word == "refresh_prices":
        count = actions.refresh_prices(by, held, version)
        return _("Shadow prices read again; lines whose value changed: {count}.").format(count=count)
    if word == "remove_party":
        actions.remove_party(by, held, version, get_object_or_404(held.parties, pk=pk))
        return _("The party is removed.")
    if word == "remove_indicator":
        actions.remove_indicator(by, held, version, get_object_or_404(held.indicators, pk=pk))
        return _("The indicator is removed.")
    if word in ("add_party", "add_indicator"):
        return _added(request, held, word, version)
    return ""


def _added(request: HttpRequest, held: Agreement, word: str, version: int) -> str:
    is_party = word == "add_party"
    form = PartyForm(request.POST, prefix="party") if is_party else IndicatorForm(request.POST, prefix="indicator")
    if not form.is_valid():
        for name, faults in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            messages.error(request, f"{label} – {' '.join(faults)}")
        return ""
    if is_party:
        actions.add_party(request.user, held, version, form.cleaned_data["partner"])
        return _("The party has joined the draft.")
    actions.add_indicator(request.user, held, version, **form.cleaned_data)
    return _("The indicator is in the draft.")
