"""The till of somebody who is paid: what came today, ask, take from a code, refund; and who holds it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ressort.core.currency import Reason
from ressort.core.errors import RessortError
from ressort.web.currency import access, actions, codes, days, queries, seats, wallets
from ressort.web.currency.code_views import own
from ressort.web.currency.forms import AskForm, SeatForm, TakeForm
from ressort.web.currency.models import Seat, Wallet


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def till(request: HttpRequest, alias: str) -> HttpResponse:
    """The payments of a day with their total; ask for an amount, or take it from the code that a client shows."""
    wallet = own(request, alias, "ask")
    asks = request.POST.get("do") == "ask"
    ask_form = AskForm(request.POST if asks else None)
    shown = {"code": request.GET.get("code", "")[:400]}
    take_form = TakeForm(request.POST if request.method == "POST" and not asks else None, initial=shown)
    if ask_form.is_valid():
        made = codes.ask(request.user, wallet, ask_form.cleaned_data["amount"], ask_form.cleaned_data["label"])
        return redirect("currency:ask", wallet.alias, made.short)
    if take_form.is_valid() and _taken(request, wallet, take_form):
        return redirect("currency:till", wallet.alias)
    return render(request, "currency/till.html", _day(request, wallet) | {"ask_form": ask_form, "take_form": take_form})


def _taken(request: HttpRequest, wallet: Wallet, form: TakeForm) -> bool:
    """Takes what the form says; a refusal stands on the form."""
    try:
        found = codes.read(form.cleaned_data["code"])
        if found.kind != "payer" or found.ask is None:
            form.add_error("code", _("This is not the code that a client shows to be charged."))
            return False
        answer = codes.take(request.user, wallet, found.ask, form.cleaned_data["taken"])
    except RessortError as error:
        form.add_error(None, error.say(_))
        return False
    if answer.reason is not Reason.ACCEPTED:
        form.add_error(None, actions.told(answer.reason))
        return False
    messages.success(request, _("Paid."))
    return True


def _day(request: HttpRequest, wallet: Wallet) -> dict[str, Any]:
    """What came in on a day; a cashier sees today's only."""
    today = timezone.localdate()
    asked = _parsed(request.GET.get("jour", "")) if access.may(request.user, "refund", wallet) else None
    day = min(asked or today, today)
    paid = days.received_on(wallet, day)
    gone = queries.refunded([line.transfer for line in paid.lines])
    return {
        "step": "act",
        "wallet": wallet,
        "standing": queries.standing(wallet.currency),
        "day": day,
        "total_cents": paid.total_cents,
        "count": paid.kept,
        "is_whole": paid.is_whole,
        "lines": [(line, line.transfer in gone, wallets.is_refundable(line)) for line in paid.lines],
        "may_refund": access.may(request.user, "refund", wallet),
        "may_seat": access.may(request.user, "seat", wallet),
        "may_see": access.may(request.user, "see", wallet),
    }


def _parsed(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def refund(request: HttpRequest, alias: str, transfer: int) -> HttpResponse:
    """A payment to reverse, to be confirmed; then reversed, once."""
    wallet = own(request, alias, "refund")
    line = queries.entry(wallet, transfer)
    if line is None or line.amount_cents <= 0:
        return redirect("currency:till", wallet.alias)
    if request.method == "POST":
        answer = wallets.refund(request.user, wallet, transfer)
        if answer.reason is Reason.ACCEPTED:
            messages.success(request, _("Refunded."))
        else:
            messages.error(request, actions.told(answer.reason))
        return redirect("currency:till", wallet.alias)
    return render(request, "currency/refund.html", {"step": "act", "wallet": wallet, "line": line})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, alias: str) -> HttpResponse:
    """Those who take payments for the holder of a wallet."""
    wallet = own(request, alias, "seat")
    form, invited = SeatForm(request.POST or None), ""
    if form.is_valid():
        try:
            link = seats.offer(request.user, wallet, form.cleaned_data["email"], form.cleaned_data["role"])
        except RessortError as error:
            form.add_error("email", error.say(_))
        else:
            if not link:
                return redirect("currency:team", wallet.alias)
            form, invited = SeatForm(), request.build_absolute_uri(link)
    context = {"step": "act", "wallet": wallet, "form": form, "seats": wallet.seats.select_related("person")}
    return render(request, "currency/team.html", context | {"invited": invited})


@login_required
@require_POST
def unseat(request: HttpRequest, alias: str, seat_id: int) -> HttpResponse:
    """Takes a seat back."""
    wallet = own(request, alias, "seat")
    wallets.unseat(request.user, get_object_or_404(Seat, pk=seat_id, wallet=wallet))
    return redirect("currency:team", wallet.alias)
