"""Screens of the desk about what is kept: offices, notes, reserve, books, clocks."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ressort.core.currency.association import next_declaration
from ressort.core.errors import RessortError
from ressort.language import told
from ressort.web.association import declaring, keeping, members, notes, papers, queries, totals
from ressort.web.association.desk import Desk, desk_view, file_answer
from ressort.web.association.forms import DeclarationForm, OfficeForm, SeriesForm, StatementForm, YearForm, today_form
from ressort.web.association.models import Certificate, Declaration, Office, Series
from ressort.web.association.words import CLOCKS, FUNDS, PLACES
from ressort.web.currency import actions, purse_debts
from ressort.web.currency.public import frame
from ressort.web.currency.words import file_mark


@desk_view("see_deeds")
def offices(desk: Desk) -> HttpResponse:
    """The offices: notes and euros of each."""
    form = OfficeForm(desk.request.POST or None)
    if desk.may("keep_offices") and form.is_valid():
        name = form.cleaned_data["name"]
        if desk.done(form, lambda: members.open_office(desk.request.user, desk.number, name), _("The office is open.")):
            return redirect("association:offices", desk.code)
    seen = Office.objects.filter(currency=desk.number) if desk.may("see_reserve") else desk.offices
    rows = [(one, [queries.balance_of(getattr(one, kind)) for kind in Office.KINDS]) for one in seen]
    return desk.page("offices", form=form, rows=rows)


@desk_view("see_deeds")
def note_places(desk: Desk) -> HttpResponse:
    """Where the notes of each series are."""
    form = SeriesForm(desk.request.POST or None)
    if desk.may("keep_offices") and form.is_valid():
        given = form.cleaned_data
        if desk.done(
            form,
            lambda: members.add_series(desk.request.user, desk.number, given["name"], given["value"]),
            _("The series is there. Print some of its notes."),
        ):
            return redirect("association:notes", desk.code)
    series = list(Series.objects.filter(currency=desk.number))
    stocks = notes.stocks(desk.number)
    accounts = queries.accounts_for(desk.number, notes.PLACES, None) if desk.may("see_reserve") else {}
    places = [(str(PLACES[kind]), account) for kind, account in accounts.items()]
    seen = Office.objects.filter(currency=desk.number) if desk.may("see_reserve") else desk.offices
    places += [(f"{one.name} – {PLACES[kind]}", getattr(one, kind)) for one in seen for kind in Office.KINDS[:3]]
    rows = [(name, [stocks[one.pk][account] for one in series]) for name, account in places]
    return desk.page("notes", form=form, series=series, rows=rows)


@desk_view("see_reserve")
def reserve(desk: Desk) -> HttpResponse:
    """The reserve now, and the certificates of the days before."""
    now = queries.reserve(desk.number)
    form = StatementForm(desk.request.POST or None)
    if desk.may("certify") and form.is_valid():
        given = form.cleaned_data
        paper, digital = (given["paper_reference"], given["paper"]), (given["digital_reference"], given["digital"])
        if desk.done(form, lambda: keeping.propose_certificate(desk.request.user, desk.number, paper, digital), _("Somebody else must confirm it today.")):  # fmt: skip
            return redirect("association:reserve", desk.code)
    funds = [(FUNDS[name], one) for name, one in now.funds.items()]
    kept = Certificate.objects.filter(currency=desk.number).select_related("proposed_by", "confirmed_by")[:60]
    waiting = next((one for one in kept if not one.body and one.day == timezone.localdate()), None)
    proposed = _proposed(waiting, now) if waiting else ()
    return desk.page("reserve", form=form, funds=funds, broken=now.broken, certificates=kept, waiting=waiting, proposed=proposed)  # fmt: skip


def _proposed(one: Certificate, now: queries.Reserve) -> list[tuple[Promise, str, int, int, int]]:
    """Of each fund: the statement of the bank, its balance as it was typed, what it should be, and what lies between."""
    typed = {"paper": (one.paper_reference, one.paper_cents), "digital": (one.digital_reference, one.digital_cents)}
    return [
        (FUNDS[name], *typed[name], fund.statement_cents, typed[name][1] - fund.statement_cents)
        for name, fund in now.funds.items()
    ]


@desk_view("certify")
def confirm(desk: Desk, certificate_id: int) -> HttpResponse:
    """Confirms a certificate proposed by somebody else."""
    one = get_object_or_404(Certificate, pk=certificate_id, currency=desk.number)
    if desk.request.method == "POST":
        read = desk.request.POST.get("read", "")
        desk.done(
            None, lambda: keeping.confirm_certificate(desk.request.user, one, read), _("The certificate is signed.")
        )
    return redirect("association:reserve", desk.code)


@desk_view("see_reserve")
def certificate_file(desk: Desk, certificate_id: int) -> HttpResponse:
    """A signed certificate, as `ressort currency certificate-check` reads it."""
    one = get_object_or_404(Certificate, pk=certificate_id, currency=desk.number)
    if not one.body:
        raise Http404
    return _certificate(one, desk.code, "json")


@desk_view("see_reserve")
def certificate_paper(desk: Desk, certificate_id: int) -> HttpResponse:
    """A signed certificate to read and to print; the signature is that of the file."""
    one = get_object_or_404(Certificate, pk=certificate_id, currency=desk.number)
    if not one.body:
        raise Http404
    return _certificate(one, desk.code, "pdf")


@require_safe
def public_certificate(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The last certificate that two people signed, for anybody."""
    one = queries.last_public_certificate(frame(code)["number"])
    if one is None:
        raise Http404
    return _certificate(one, code, kind)


def _certificate(one: Certificate, code: str, kind: str) -> HttpResponse:
    name = f"{file_mark(one.currency)}certificate-{code.lower()}-{one.day:%Y-%m-%d}.{kind}"
    if kind == "pdf":
        return file_answer(name, papers.certificate(one), "application/pdf")
    told_of = {"body": one.body, "signature": one.signature, "public_key": one.public_key}
    return file_answer(name, json.dumps(told_of, ensure_ascii=False, indent=2) + "\n", "application/json")


@desk_view("see_books")
def books(desk: Desk) -> HttpResponse:
    """The accounting file of a year."""
    today = timezone.localdate()
    year = {"first": today.replace(month=1, day=1), "last": today.replace(month=12, day=31)}
    form = YearForm(desk.request.POST or None, initial=year)
    if form.is_valid():
        given = form.cleaned_data
        try:
            name, content = keeping.accounting_file(desk.request.user, desk.number, given["first"], given["last"])
            return file_answer(name, content, "text/plain; charset=utf-8")
        except RessortError as error:
            form.add_error(None, told(error))
    return desk.page(
        "form",
        form=form,
        title=_("Accounting file (FEC)"),
        submit=_("Download the file"),
        back=("association:home", _("Management")),
        advice=_("An accountant must confirm these accounts before the first closing."),
    )


@desk_view("see_books")
def declaration_pack(desk: Desk, kind: str) -> HttpResponse:
    """The pack of a declaration: a document, or its table."""
    today = timezone.localdate()
    name = f"{file_mark(desk.number)}declaration-{desk.code.lower()}-{today:%Y-%m-%d}.{kind}"
    actions.seal()
    totals.renew()
    if kind == "csv":
        return file_answer(name, declaring.table(desk.number, today), "text/csv; charset=utf-8")
    return file_answer(name, declaring.pack(desk.number, today), "application/pdf")


@desk_view("see_books")
def clocks(desk: Desk) -> HttpResponse:
    """The sums that the law watches, and the declarations made."""
    form = today_form(DeclarationForm, desk.request.POST or None)
    if desk.may("certify") and form.is_valid():
        given = form.cleaned_data
        if desk.done(
            form,
            lambda: keeping.declare(desk.request.user, desk.number, given["clock"], given["declared_on"]),
            _("The declaration is written down."),
        ):
            return redirect("association:clocks", desk.code)
    found = queries.clocks(desk.number, timezone.localdate())
    kept = [
        (one, CLOCKS[one.clock], next_declaration(one.declared_on))
        for one in Declaration.objects.filter(currency=desk.number)
    ]
    return desk.page("clocks", form=form, clocks=[(name, CLOCKS[name], one) for name, one in found.items()], declarations=kept)  # fmt: skip


@desk_view("see_members")
def offline(desk: Desk) -> HttpResponse:
    """Offline purses: those out, what is set aside, those caught or lost, and what is owed."""
    return desk.page("offline", told=purse_debts.at_desk(desk.number))
