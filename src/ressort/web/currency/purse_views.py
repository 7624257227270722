"""Paying without network: two pages that a device keeps, what they ask the server once it answers, and the purses of an account."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.currency.purse import PAYMENT_CAP_CENTS, PURSE_CAP_CENTS, SKEW_DAYS, Settled
from ressort.core.errors import RessortError
from ressort.web.currency import purse_debts, purses, queries
from ressort.web.currency.code_views import own
from ressort.web.currency.forms import GuaranteeForm, LoadForm, NoteForm, SurrenderForm
from ressort.web.currency.models import Wallet
from ressort.web.currency.signing import public_keys
from ressort.web.currency.templatetags.money_words import amount

_CAPS = {"payment_cap_cents": PAYMENT_CAP_CENTS, "purse_cap_cents": PURSE_CAP_CENTS, "skew_days": SKEW_DAYS}


@require_safe
def purse(request: HttpRequest) -> HttpResponse:
    """The page from which a device pays without network. It holds nothing of anybody: the device does."""
    return render(request, "currency/purse.html", {"step": "act", "caps": _CAPS})


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The page with which a till takes payments without network, and settles them later."""
    return render(request, "currency/queue.html", {"step": "act", "caps": _CAPS})


@never_cache
@require_safe
def state(request: HttpRequest) -> JsonResponse:
    """What a device may know now: its person's accounts and tills, the keys of the server, purses that are revoked."""
    keys = [one.public_bytes_raw().hex() for one in public_keys()]
    told: dict[str, Any] = {"is_signed_in": request.user.is_authenticated, "token": get_token(request), "keys": keys}
    if not request.user.is_authenticated:
        return JsonResponse(told | {"wallets": [], "tills": [], "revoked": []})
    mine = list(Wallet.objects.filter(owner=request.user)[:50])
    seated = Wallet.objects.filter(seats__person=request.user).distinct()[:50]
    tills = {one.pk: one for one in (*mine, *seated)}
    told["wallets"] = [_named(one) | {"available_cents": queries.balance_cents(one)[1]} for one in mine]
    told["tills"] = [_named(one) for one in tills.values()]
    told["revoked"] = purses.revoked({one.currency for one in tills.values()})
    return JsonResponse(told)


def _named(wallet: Wallet) -> dict[str, Any]:
    nature = queries.standing(wallet.currency).nature
    mark = {"sandbox": _(" – sandbox"), "simulated": _(" – simulated")}.get(nature, "")
    return {"alias": wallet.alias, "name": wallet.name + mark, "ledger": wallet.currency, "unit": queries.code_of(wallet.currency)}  # fmt: skip


def _refused(error: RessortError) -> JsonResponse:
    return JsonResponse({"error": error.say(_)}, status=422)


@never_cache
@login_required
@require_POST
def load(request: HttpRequest, alias: str) -> HttpResponse:
    """Loads a purse for the device that asks."""
    wallet = own(request, alias, "load_purse")
    form = LoadForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(one for errors in form.errors.values() for one in errors)}, status=422)
    given = form.cleaned_data
    try:
        made = purses.load(request.user, wallet, given["amount"], bytes.fromhex(given["device_key"]), given["key"])
    except RessortError as error:
        return _refused(error)
    return JsonResponse({"certificate": made.certificate, "expires_on": made.expires_on}, status=201)


@never_cache
@login_required
@require_POST
def surrender(request: HttpRequest, alias: str) -> HttpResponse:
    """Takes a purse back from the device that asks."""
    wallet = own(request, alias, "load_purse")
    form = SurrenderForm(request.POST)
    try:
        if not form.is_valid():
            return JsonResponse({"error": _("This is no code of a local currency.")}, status=422)
        given = form.cleaned_data
        back = purses.surrender(request.user, wallet, purses.bytes_of(given["state"]), purses.bytes_of(given["certificate"]))  # fmt: skip
    except RessortError as error:
        return _refused(error)
    return JsonResponse({"returned_cents": back})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def till(request: HttpRequest, alias: str) -> HttpResponse:
    """Settles a payment made without network: for the page of the till, or by hand from its codes."""
    shop = own(request, alias, "ask")
    form = NoteForm(request.POST or None)
    told: dict[str, Any] = {}
    if request.method == "POST":
        told = _settled(request, shop, form) if form.is_valid() else {"outcome": "refused", "message": _("This is no code of a local currency.")}  # fmt: skip
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(told, status=422 if told["outcome"] == "refused" else 200)
    status = 422 if told.get("outcome") == "refused" else 200
    return render(request, "currency/settle.html", {"step": "act", "wallet": shop, "form": form, "told": told}, status=status)  # fmt: skip


def _settled(request: HttpRequest, shop: Wallet, form: NoteForm) -> dict[str, Any]:
    payment, certificate = form.cleaned_data["payment"], form.cleaned_data["certificate"]
    try:
        found = purses.settle(request.user, shop, purses.bytes_of(payment), purses.bytes_of(certificate))
    except RessortError as error:
        return {"outcome": "refused", "message": error.say(_)}
    return {"outcome": found.outcome, "message": words_of(found), "is_caught": found.is_caught}


def words_of(found: Settled) -> str:
    """What became of a payment, for whoever holds the till."""
    if found.outcome == "too_late":
        return _("Too late: payments without network are settled within thirty days of the end of the purse.")
    if found.outcome == "guarantee_exhausted":
        return _(
            "Not paid: this purse signed more than it held, and the guarantee of the association does not cover it now. Try again later, or see the association."
        )
    paid = amount(found.from_hold_cents + found.from_guarantee_cents)
    return _("Paid: {amount} have reached the account.").format(amount=paid)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def of_wallet(request: HttpRequest, alias: str) -> HttpResponse:
    """The purses of an account: what each still holds, when it returns; an association sets units aside for all of them."""
    wallet = own(request, alias, "load_purse")
    form = GuaranteeForm(request.POST or None, initial={"key": uuid4()}) if wallet.kind == Wallet.Kind.ASSOCIATION else None  # fmt: skip
    if form is not None and form.is_valid():
        try:
            purses.guarantee(request.user, wallet, form.cleaned_data["amount"], form.cleaned_data["key"])
        except RessortError as error:
            form.add_error("amount", error.say(_))
        else:
            return redirect("currency:purses", wallet.alias)
    held = [(one, queries.held_cents(one.hold_account), purses.returns_on(one)) for one in wallet.purses.all()[:50]]
    pot_cents = queries.held_cents(queries.sole_account(wallet.currency, "offline_guarantee"))
    context = {"step": "act", "wallet": wallet, "held": held, "form": form, "guarantee_cents": pot_cents}
    return render(request, "currency/purses.html", context)


@login_required
@require_POST
def repay(request: HttpRequest, alias: str, number: int) -> HttpResponse:
    """Pays back what a purse made the association lose."""
    wallet = own(request, alias, "load_purse")
    try:
        paid = purse_debts.repay(request.user, wallet, number)
    except RessortError as error:
        messages.error(request, error.say(_))
    else:
        messages.success(request, _("Paid back: {amount}.").format(amount=amount(paid)))
    return redirect("currency:purses", wallet.alias)


@login_required
@require_POST
def lose(request: HttpRequest, alias: str, number: int) -> HttpResponse:
    """Declares a device lost."""
    wallet = own(request, alias, "load_purse")
    try:
        purses.lose(request.user, wallet, number)
    except RessortError as error:
        messages.error(request, error.say(_))
    return redirect("currency:purses", wallet.alias)
