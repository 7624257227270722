"""Screens of local currencies: what everybody sees, and the wallet of whoever holds one."""

import csv
import io

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ressort.core.spreadsheet import MARK, neutral, units
from ressort.web.currency import access, earmarks, papers, queries
from ressort.web.currency.code_views import own as _own
from ressort.web.currency.words import file_mark, line_name

PAGE = 50
#: entries of a statement file at most
FILE = 100_000


@require_safe
def currencies(request: HttpRequest) -> HttpResponse:
    """The currencies kept here, and the head of the chain that seals them all."""
    context = {"step": "act", "currencies": queries.currencies(), "head": queries.head()}
    return render(request, "currency/currencies.html", context)


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The wallets of the person signed in."""
    held = [(wallet, *queries.balance_cents(wallet)) for wallet in request.user.wallets.all()]
    seats = request.user.seats.select_related("wallet")
    return render(request, "currency/mine.html", {"step": "act", "held": held, "seats": seats})


@never_cache
@login_required
@require_safe
def wallet(request: HttpRequest, alias: str) -> HttpResponse:
    """Balance and statement of a wallet, the newest entries first."""
    own = _own(request, alias, "see")
    asked = request.GET.get("avant", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    lines = queries.statement(own, before, PAGE + 1)
    held_cents, available_cents = queries.balance_cents(own)
    context = {
        "step": "act",
        "wallet": own,
        "lines": [(line, line_name(line)) for line in lines[:PAGE]],
        "next": lines[PAGE - 1].number if len(lines) > PAGE else None,
        "held_cents": held_cents,
        "available_cents": available_cents,
        "kept": earmarks.kept(own),
        "may_pay": access.may(request.user, "pay", own),
        "may_give_key": access.may(request.user, "give_key", own),
        "may_ask": access.may(request.user, "ask", own),
        "standing": queries.standing(own.currency),
    }
    return render(request, "currency/wallet.html", context)


@never_cache
@login_required
@require_safe
def statement_file(request: HttpRequest, alias: str) -> HttpResponse:
    """The statement of a wallet, in CSV."""
    own = _own(request, alias, "see")
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    what = _("Operation"), _("With"), _("Words for the statement")
    when = _("Day"), _("Written on")  # the day it takes effect, as on the screen: an import is written long after
    writer.writerow([_("Line"), _("Number of the transfer"), *when, *what, _("Amount"), _("Balance after")])
    for line in queries.statement(own, count=FILE):
        other = line.other.name if line.other else ""
        cells = [line_name(line), neutral(other), neutral(line.label)]
        at = timezone.localtime(line.at).strftime("%Y-%m-%d %H:%M:%S")
        writer.writerow(
            [line.number, line.transfer, line.day, at, *cells, units(line.amount_cents), units(line.after_cents)]
        )
    response = HttpResponse(MARK + text.getvalue().encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="{file_mark(own.currency)}{_("statement")}-{own.alias}.csv"'
    )
    return response


@never_cache
@login_required
@require_safe
def statement_paper(request: HttpRequest, alias: str) -> HttpResponse:
    """The statement of a wallet over some days, in PDF."""
    own = _own(request, alias, "see")
    first, last = papers.period(request.GET.get("du", ""), request.GET.get("au", ""))
    response = HttpResponse(papers.statement(own, first, last), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_("statement")}-{own.alias}-{last}.pdf"'
    return response


@never_cache
@login_required
@require_safe
def receipt(request: HttpRequest, alias: str, transfer: int) -> HttpResponse:
    """One payment of a wallet, made or received."""
    own = _own(request, alias, "see")
    line = queries.entry(own, transfer)
    if line is None:
        raise Http404
    context = {"step": "act", "wallet": own, "line": line, "operation": line_name(line)}
    context |= {"is_payment": line.operation == "pay_member" and not line.is_reversal, "given_back": queries.refunded([transfer])}  # fmt: skip
    if line.amount_cents < 0:
        context["kept_cents"] = earmarks.used_cents(transfer)
    return render(request, "currency/receipt.html", context)


@never_cache
@login_required
@require_safe
def purpose(request: HttpRequest, alias: str, number: int) -> HttpResponse:
    """Where units that an account keeps for a purpose are spent."""
    own = _own(request, alias, "see")
    kept = [one for one in earmarks.kept(own) if one.purpose.pk == number]
    if not kept:
        raise Http404
    context = {"step": "act", "wallet": own, "kept": kept, "purpose": kept[0].purpose}
    return render(request, "currency/purpose.html", context | {"places": earmarks.places(kept[0].purpose)})
