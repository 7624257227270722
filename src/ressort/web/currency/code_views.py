"""Screens of codes: receive, read what was scanned or typed, confirm, show oneself to a shop."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import segno
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.currency import Reason
from ressort.core.errors import RessortError, RuleBroken
from ressort.web.currency import access, actions, codes, proofs, queries, wallets
from ressort.web.currency.forms import AskForm, PaidForm
from ressort.web.currency.models import Ask, Wallet


def own(request: HttpRequest, alias: str, action: str) -> Wallet:
    """A wallet that the person may act on; to a stranger, one that exists is as one that does not."""
    wallet = get_object_or_404(Wallet, alias=alias)
    if not access.may(request.user, action, wallet):
        raise Http404
    return wallet


def address(request: HttpRequest, code: str) -> str:
    """The address that a code is, so that any camera opens it."""
    return request.build_absolute_uri(f"{reverse('currency:read')}?c={code}")


def drawn(text: str) -> SafeString:
    """A text as a QR code, in SVG: dark on light whatever the theme."""
    svg = segno.make(text, error="m", boost_error=False).svg_inline(
        border=4, dark="#000000", light="#FFFFFF", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(svg)  # what segno draws holds squares only


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, alias: str) -> HttpResponse:
    """The code of the counter, and the form that asks for an amount."""
    wallet = own(request, alias, "ask")
    form = AskForm(request.POST or None)
    if form.is_valid():
        made = codes.ask(request.user, wallet, form.cleaned_data["amount"], form.cleaned_data["label"])
        return redirect("currency:ask", wallet.alias, made.short)
    code = address(request, codes.of_wallet(wallet))
    context = {"step": "act", "wallet": wallet, "form": form, "code": code, "qr": drawn(code)}
    return render(request, "currency/receive.html", context)


@never_cache
@login_required
@require_safe
def ask(request: HttpRequest, alias: str, short: str) -> HttpResponse:
    """A request, to be shown to whoever pays; it tells when it is paid."""
    wallet = own(request, alias, "ask")
    made = get_object_or_404(Ask, short=short, wallet=wallet, kind="request")
    code = address(request, codes.of_ask(made))
    context = {"step": "act", "wallet": wallet, "ask": made, "code": code, "qr": drawn(code)}
    return render(request, "currency/ask.html", context)


@never_cache
@login_required
@require_safe
def ask_state(request: HttpRequest, alias: str, short: str) -> JsonResponse:
    """Whether a request is paid: for the page that shows it."""
    wallet = own(request, alias, "ask")
    made = get_object_or_404(Ask, short=short, wallet=wallet)
    return JsonResponse({"paid": made.transfer is not None})


@never_cache
@require_safe
def read(request: HttpRequest) -> HttpResponse:
    """What a code says; without one, the camera and a field to type it."""
    given = request.GET.get("c", "").strip()[:600]
    context: dict[str, Any] = {"step": "act", "given": given}
    if not given:
        return render(request, "currency/read.html", context)
    try:
        found = codes.read(given)
    except RessortError as error:
        if receipt := _receipt_of(request, error.facts.get("ask", "")):
            return receipt
        return render(request, "currency/read.html", context | {"refusal": error.say(_)}, status=422)
    if not request.user.is_authenticated:
        context["login"] = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
    context["name"] = found.wallet.name if access.may_name(request.user, found.wallet) else found.wallet.alias
    return render(request, "currency/read.html", context | _to_do(request, found))


def _receipt_of(request: HttpRequest, short: str) -> HttpResponse | None:
    """Whoever paid a request and goes back to its page reads the receipt, not that nothing was paid."""
    if not short or not request.user.is_authenticated:
        return None
    paid = Ask.objects.filter(short=short, kind="request", transfer__isnull=False).first()
    for one in request.user.wallets.all() if paid else ():
        line = queries.entry(one, paid.transfer)
        if line is not None and line.amount_cents < 0:
            return redirect("currency:receipt", one.alias, line.transfer)
    return None


def _to_do(request: HttpRequest, found: codes.Read) -> dict[str, Any]:
    """The wallets of the reader that the code concerns, and what each may do."""
    if not request.user.is_authenticated:
        return {"found": found}
    same = Wallet.objects.filter(currency=found.wallet.currency).exclude(pk=found.wallet.pk)
    if found.kind == "payer":
        shops = same.filter(owner=request.user) | same.filter(seats__person=request.user)
        return {"found": found, "wallets": [(one, None, None) for one in shops.distinct()[:20]]}
    key, asked_cents = uuid4(), (found.ask.amount_cents or 0) if found.kind == "request" and found.ask else 0
    mine = [
        (one, queries.balance_cents(one)[1], proofs.asked(request.user, one, found.wallet, asked_cents, key))
        for one in same.filter(owner=request.user).exclude(kind=Wallet.Kind.PUBLIC_BODY)[:20]
    ]
    return {"found": found, "wallets": mine, "key": key}


@never_cache
@login_required
@require_POST
def pay_ask(request: HttpRequest, alias: str, short: str) -> HttpResponse:
    """Pays a request that the payer read with its amount and payee."""
    payer = own(request, alias, "pay")
    found = get_object_or_404(Ask, short=short, kind="request")
    form = PaidForm(request.POST)
    if not form.is_valid():
        return redirect(f"{reverse('currency:read')}?c={short}")
    done = found.transfer and queries.payment(payer, wallets.own_key(payer, form.cleaned_data["key"]))
    if done:  # sent twice
        return redirect("currency:receipt", payer.alias, done["transfer"])
    key, secret, credential = (form.cleaned_data[word] for word in ("key", "secret", "credential"))
    assert found.amount_cents is not None
    try:
        proof = proofs.prove(request, payer, found.wallet, found.amount_cents, key, secret, credential)
    except RuleBroken as refusal:
        context = {"step": "act", "given": short, "refusal": refusal.say(_)} | _to_do(request, codes.Read("request", found.wallet, found))  # fmt: skip
        return render(request, "currency/read.html", context, status=422)
    answer = codes.pay_request(request.user, payer, found, key, proof)
    if answer.reason is Reason.ACCEPTED:
        return redirect("currency:receipt", payer.alias, answer.transfers[0])
    context = {"step": "act", "given": short, "refusal": actions.told(answer.reason)}
    return render(request, "currency/read.html", context, status=422)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, alias: str) -> HttpResponse:
    """A code of one use that a payer shows to a shop, for a minute."""
    wallet = own(request, alias, "pay")
    context: dict[str, Any] = {"step": "act", "wallet": wallet, "most_cents": codes.TAKEN_AT_MOST_CENTS}
    if request.method == "POST":
        made = codes.show(request.user, wallet)
        context |= {"ask": made, "qr": drawn(address(request, codes.of_ask(made)))}
    return render(request, "currency/show.html", context)
