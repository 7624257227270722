"""The programs of a wallet: their keys, and where they are told of what is received."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ressort.core.errors import RessortError
from ressort.web.currency import access, postman, wallets
from ressort.web.currency.code_views import own
from ressort.web.currency.forms import HookForm, KeyForm
from ressort.web.currency.models import Hook, Key, Wallet


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def programs(request: HttpRequest, alias: str) -> HttpResponse:
    """Keys and notices; a new key or secret is shown once."""
    wallet = own(request, alias, "give_key")
    is_key = request.POST.get("do") == "key"
    may_pay = access.may(request.user, "give_key_that_pays", wallet)
    key_form = KeyForm(request.POST if is_key else None, may_pay=may_pay)
    hook_form = HookForm(request.POST if request.method == "POST" and not is_key else None)
    context: dict[str, Any] = {"step": "act", "wallet": wallet, "key_form": key_form, "hook_form": hook_form}
    if key_form.is_valid():
        context |= _given(request, wallet, key_form)
    if hook_form.is_valid():
        context |= _hooked(request, wallet, hook_form)
    context["keys"] = wallet.keys.filter(revoked_at__isnull=True)
    context["hooks"] = [(one, one.deliveries.all()[:3]) for one in wallet.hooks.filter(stopped_at__isnull=True)]
    return render(request, "currency/programs.html", context)


def _given(request: HttpRequest, wallet: Wallet, form: KeyForm) -> dict[str, Any]:
    try:
        key = wallets.give_key(request.user, wallet, form.cleaned_data["label"], form.terms)
    except RessortError as error:
        form.add_error(None, error.say(_))
        return {}
    return {
        "shown": key,
        "shown_words": _("This key is shown once: copy it now."),
        "key_form": KeyForm(may_pay=access.may(request.user, "give_key_that_pays", wallet)),
    }


def _hooked(request: HttpRequest, wallet: Wallet, form: HookForm) -> dict[str, Any]:
    try:
        hook = postman.add_hook(request.user, wallet, form.cleaned_data["url"].strip())
    except RessortError as error:
        form.add_error("url", error.say(_))
        return {}
    return {
        "shown": postman.secret_of(hook),
        "shown_words": _("The secret that signs the notices is shown once: copy it now."),
        "hook_form": HookForm(),
    }


@login_required
@require_POST
def revoke(request: HttpRequest, alias: str, number: int) -> HttpResponse:
    """Ends a key."""
    wallet = own(request, alias, "give_key")
    wallets.revoke_key(request.user, get_object_or_404(Key, pk=number, wallet=wallet))
    return redirect("currency:programs", wallet.alias)


@login_required
@require_POST
def stop(request: HttpRequest, alias: str, number: int) -> HttpResponse:
    """Stops the notices of a program."""
    wallet = own(request, alias, "give_key")
    postman.stop_hook(request.user, get_object_or_404(Hook, pk=number, wallet=wallet))
    return redirect("currency:programs", wallet.alias)
