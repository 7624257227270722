"""Screens of the desk about the bank, and about what another system held."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ressort.core.errors import RessortError
from ressort.language import told
from ressort.web.association import bank, importing, statements
from ressort.web.association.desk import Desk, desk_view, file_answer
from ressort.web.association.models import BankLine, Collection, Debit, Deed, Member
from ressort.web.association.money_forms import AsideForm, IssueForm, OpeningForm, PayoutForm, StatementFileForm
from ressort.web.association.operations import NAMES
from ressort.web.currency.models import Wallet
from ressort.web.currency.naming import Bare

MOST_TOLD = 100
#: accounts offered while their short name is typed
MOST_OFFERED = 3_000


def _problems(error: RessortError) -> list[tuple[int, str, str]]:
    """Faults of a file with their places."""
    found = error.facts.get("problems", ())
    return [(one.line, one.column, one.say(_)) for one in found[:MOST_TOLD]] if isinstance(found, list | tuple) else []


@desk_view("keep_bank")
def accounts(desk: Desk) -> HttpResponse:
    """Statements brought in, payouts to send."""
    form = StatementFileForm(desk.request.POST or None, desk.request.FILES or None)
    problems: list[tuple[int, str, str]] = []
    if form.is_valid():
        account = form.cleaned_data["account"]
        try:
            read, new = statements.bring(desk.request.user, desk.number, account, form.cleaned_data["file"].read())
        except RessortError as error:
            form.add_error(None, told(error))
            problems = _problems(error)
        else:
            desk.say(_("{read} lines read, {new} new.").format(read=read, new=new))
            return redirect("association:bank_account", desk.code, account)
    waiting = [(fund, *map(_with_names, bank.payouts(desk.number, fund))) for fund in ("paper", "digital")]
    context = {
        "waiting": waiting,
        "payout": PayoutForm(initial={"on": timezone.localdate()}),
        "accounts": BankLine.Account.choices,
    }
    return desk.page("bank", form=form, problems=problems, **context)


def _with_names(found: list[Deed]) -> list[tuple[Deed, Member | None, datetime | None]]:
    """Each redemption, its holder, as far as anybody still is, and when it was put in a file."""
    accounts = [one.account for one in found]
    known = {one.wallet.account: one for one in Member.objects.filter(wallet__account__in=accounts).select_related("wallet")}  # fmt: skip
    sent = bank.sent(found)
    return [(one, known.get(one.account), sent.get(one.pk)) for one in found]


@desk_view("keep_bank")
def payout_file(desk: Desk) -> HttpResponse:
    """The transfers of redemptions, for the bank."""
    form = PayoutForm(desk.request.POST or None)
    if not form.is_valid():
        return redirect("association:bank", desk.code)
    given = form.cleaned_data
    try:
        name, content = bank.payout_file(desk.request.user, desk.number, given["fund"], given["on"], given["again"])
    except RessortError as error:
        desk.complain(told(error))
        return redirect("association:bank", desk.code)
    return file_answer(name, content, "application/xml")


@desk_view("keep_bank")
def account(desk: Desk, account: str) -> HttpResponse:
    """Lines of an account that met nothing yet, each beside the operation that it may settle."""
    found = bank.meetings(desk.number, account)
    twins = statements.twins(one.line for one in found)
    rows: list[Any] = [(one, _what(one.what), twins.get(one.line.pk, ())) for one in found]
    lines = BankLine.objects.filter(currency=desk.number, account=account).select_related("deed", "collection")
    matched = [
        (one, *_what(one.deed or one.collection)) for one in lines.exclude(deed=None, collection=None)[:MOST_TOLD]
    ]
    return desk.page(
        "reconciliation",
        rows=rows,
        sure=sum(one.is_sure for one in found),
        matched=matched,
        aside=lines.exclude(aside="")[:MOST_TOLD],
        account=account,
        title=dict(BankLine.Account.choices)[account],
        holders=Wallet.objects.filter(currency=desk.number)
        .order_by(Bare("name"), "name")
        .values_list("alias", "name")[:MOST_OFFERED]
        if account == "digital"
        else (),
    )


def _what(what: bank.What | None) -> tuple[str, str, int]:
    """What a line may settle: its name, the screen that tells it, its number there."""
    if isinstance(what, Deed):
        return str(NAMES.get(what.operation, what.operation)), "association:deed", what.pk
    if isinstance(what, Debit):
        return _("direct debit"), "association:collection", what.collection_id
    return (_("direct debits together"), "association:collection", what.pk) if what else ("", "", 0)


@desk_view("keep_bank")
def match(desk: Desk, line_id: int) -> HttpResponse:
    """Puts a line beside an operation, issues units for it, or sets it aside."""
    line = get_object_or_404(BankLine, pk=line_id, currency=desk.number)
    if desk.request.method == "POST" and "aside" in desk.request.POST:
        form = AsideForm(desk.request.POST)
        if form.is_valid():
            reason = form.cleaned_data["aside"]
            said = _("The line is set aside.") if reason else _("The line is taken up again.")
            desk.done(None, lambda: bank.set_aside(desk.request.user, line, reason), said)
        else:
            desk.complain(_("Write why in 200 characters at most."))
        return redirect("association:bank_account", desk.code, line.account)
    if desk.request.method == "POST" and "apart" in desk.request.POST:
        desk.done(None, lambda: statements.tell_apart(desk.request.user, line), _("It is written down."))
    elif desk.request.method == "POST" and "what" in desk.request.POST:
        what = _asked(desk, desk.request.POST["what"])
        desk.done(None, lambda: bank.settle(desk.request.user, line, what), _("The line is matched."))
    elif desk.request.method == "POST":
        form = IssueForm(desk.number, desk.request.POST)
        if form.is_valid():
            wallet = form.cleaned_data["wallet"]
            desk.done(None, lambda: bank.issue_from(desk.request.user, line, wallet), _("The line is matched."))
        else:
            desk.complain(_("No account of this currency has that short name."))
    return redirect("association:bank_account", desk.code, line.account)


def _asked(desk: Desk, key: str) -> bank.What:
    """What a form names, in this currency."""
    number = int(key[1:]) if key[1:].isascii() and key[1:].isdigit() and len(key) < 17 else 0
    if key[:1] == "c":
        return get_object_or_404(Collection, pk=number, currency=desk.number)
    if key[:1] == "d":
        return get_object_or_404(Debit, pk=number, collection__currency=desk.number)
    return get_object_or_404(Deed, pk=number, currency=desk.number)


@desk_view("keep_bank")
def match_sure(desk: Desk, account: str) -> HttpResponse:
    """Matches all the lines that their references make sure."""
    if desk.request.method == "POST":
        done, failed = bank.match_sure(desk.request.user, desk.number, account)
        desk.say(ngettext("{count} line matched.", "{count} lines matched.", done).format(count=done))
        if failed:
            desk.complain(_("Some direct debits could not be credited: read why beside each of them."))
    return redirect("association:bank_account", desk.code, account)


@desk_view("bring_in")
def opening(desk: Desk) -> HttpResponse:
    """What another system held: tried first, then brought in."""
    form = OpeningForm(desk.request.POST or None, desk.request.FILES or None)
    problems, brought = [], None
    if form.is_valid():
        given = form.cleaned_data
        try:
            lines = importing.read(given["file"].read())
            brought = importing.bring_in(desk.request.user, desk.number, lines, given["digital"], given["paper"], is_dry_run=given["is_dry_run"])  # fmt: skip
        except RessortError as error:
            form.add_error(None, told(error))
            problems = _problems(error)
    return desk.page("opening", form=form, problems=problems, brought=brought)
