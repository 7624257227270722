"""Screens of a payment: whom and how much, the same to read again, the payment itself.

form ─POST─▶ draft in the session ─redirect─▶ page to read again ─POST─▶ paid ─redirect─▶ receipt
The page to read again has an address that holds a key and nothing else: going back to it, or asking it again, is safe. Once the key has paid,
it leads to the receipt.
"""

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ressort.core.currency import Reason
from ressort.core.errors import RuleBroken
from ressort.web.currency import actions, earmarks, proofs, queries, wallets
from ressort.web.currency.code_views import own as _own
from ressort.web.currency.forms import PaymentForm
from ressort.web.currency.models import Wallet
from ressort.web.currency.templatetags.money_words import amount
from ressort.web.people.models import Person

_DRAFTS = "payments_to_confirm"
#: payments that one session leaves to be confirmed: the oldest are forgotten first
_MOST_DRAFTS = 5


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, alias: str) -> HttpResponse:
    """Whom and how much; then the same, to confirm; then the receipt. Sent twice, it is paid once."""
    own = _own(request, alias, "pay")
    if request.method == "GET" and (key := _key(request.GET.get("relire", ""))):
        return _read_again(request, own, key)
    form = PaymentForm(own, _given(request), initial=_first(request, own))
    if not form.is_valid() or (form.confirmed_key is None and not _is_covered(own, form)):
        return _to_fill(request, own, form)
    if form.confirmed_key is None:
        return redirect(f"{reverse('currency:pay', args=[own.alias])}?relire={_keep(request, own, form)}")
    return _paid(request, own, form)


def _given(request: HttpRequest) -> Any:
    """What was sent; of several accounts of one name, the one that was chosen."""
    if request.method != "POST":
        return None
    given = request.POST.copy()
    if given.get("choice"):
        given["payee"] = given["choice"]
    return given


def _first(request: HttpRequest, own: Wallet) -> dict[str, str]:
    """What the form begins with: a payment that is changed, or the account that a link names."""
    key = _key(request.GET.get("modifier", ""))
    return (_draft(request, own, key) if key else None) or {"payee": request.GET.get("a", "")[:120]}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _keep(request: HttpRequest, own: Wallet, form: PaymentForm) -> UUID:
    """Keeps a payment to be confirmed, in the session; its key is all that the address says of it."""
    key = uuid4()
    typed = {
        "payee": form.cleaned_data["payee"].alias,
        "amount": form.data["amount"],
        "label": form.cleaned_data["label"],
    }
    held = request.session.get(_DRAFTS, {}) | {str(key): typed | {"payer": own.alias}}
    request.session[_DRAFTS] = dict(list(held.items())[-_MOST_DRAFTS:])
    return key


def _draft(request: HttpRequest, own: Wallet, key: UUID) -> dict[str, str] | None:
    held = request.session.get(_DRAFTS, {}).get(str(key))
    return {word: held[word] for word in ("payee", "amount", "label")} if held and held["payer"] == own.alias else None


def _read_again(request: HttpRequest, own: Wallet, key: UUID) -> HttpResponse:
    """A payment as it stands before it is made; its receipt once it is."""
    if done := queries.payment(own, wallets.own_key(own, key)):
        return redirect("currency:receipt", own.alias, done["transfer"])
    draft = _draft(request, own, key)
    if draft is None:
        return redirect("currency:pay", own.alias)
    form = PaymentForm(own, draft)
    if not form.is_valid() or not _is_covered(own, form):
        return _to_fill(request, own, form)
    return _to_confirm(request, own, form, key)


def _is_covered(own: Wallet, form: PaymentForm) -> bool:
    """Whether the account may spend that much there; said at once if not, before anything is read again."""
    payee, asked_cents = form.cleaned_data["payee"], form.cleaned_data["amount"]
    part_cents = earmarks.part_cents(own, payee, asked_cents)
    may_cents = queries.balance_cents(own)[1] + part_cents
    if asked_cents <= may_cents:
        return True
    words = _("You asked for {asked}: this account may spend {most} there at most.")
    form.add_error("amount", words.format(asked=amount(asked_cents), most=amount(max(may_cents, 0))))
    _tell_kept(own, form, part_cents)
    return False


def _tell_kept(own: Wallet, form: PaymentForm, part_cents: int) -> None:
    if part_cents < sum(one.cents for one in earmarks.kept(own)):
        form.add_error(
            None,
            _("Some of its units are kept for a purpose, which this account takes for a part only or not at all."),
        )


def _to_fill(request: HttpRequest, own: Wallet, form: PaymentForm) -> HttpResponse:
    context = {
        "step": "act",
        "wallet": own,
        "form": form,
        "available_cents": queries.balance_cents(own)[1],
        "kept": earmarks.kept(own),
    }
    return render(request, "currency/pay.html", context)


def _to_confirm(request: HttpRequest, own: Wallet, form: PaymentForm, key: UUID, refusal: str = "") -> HttpResponse:
    """The payment as it stands, and the proof it asks for."""
    assert isinstance(request.user, Person)
    payment = own, form.cleaned_data["payee"], form.cleaned_data["amount"], key
    context = form.cleaned_data | {
        "step": "act",
        "wallet": own,
        "key": key,
        "typed": form.data["amount"],
        "kept_cents": earmarks.part_cents(*payment[:3]),
        "proof": proofs.asked(request.user, *payment),
        "refusal": refusal,
    }
    return render(request, "currency/confirm.html", context, status=422 if refusal else 200)


def _paid(request: HttpRequest, own: Wallet, form: PaymentForm) -> HttpResponse:
    """Makes a payment that was read again, once."""
    given = form.cleaned_data
    if done := queries.payment(own, wallets.own_key(own, given["key"])):  # sent twice: the code was used for it
        return redirect("currency:receipt", own.alias, done["transfer"])
    payment = own, given["payee"], given["amount"], given["key"]
    try:
        proof = proofs.prove(request, *payment, given["secret"], given["credential"])
    except RuleBroken as refusal:
        return _to_confirm(request, own, form, given["key"], refusal.say(_))
    answer = wallets.pay(request.user, *payment, given["label"], proof)
    if answer.reason is Reason.ACCEPTED:
        request.session[_DRAFTS] = {one: kept for one, kept in request.session.get(_DRAFTS, {}).items() if one != str(given["key"])}  # fmt: skip
        return redirect("currency:receipt", own.alias, answer.transfers[0])
    form.add_error(None, _("Nothing was paid. {reason}").format(reason=actions.told(answer.reason)))
    if answer.reason is Reason.INSUFFICIENT_FUNDS:
        _tell_kept(own, form, earmarks.part_cents(*payment[:3]))
    form.data = form.data.copy()
    form.data["key"] = ""
    return _to_fill(request, own, form)
