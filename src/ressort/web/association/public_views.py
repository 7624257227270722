"""Screens of public money: programmes on the desk; consent and redemption for whoever holds an account."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from ressort.core.currency import cents_of
from ressort.core.currency.allowances import PovertyLine, autonomy_income_cents, line_known_on
from ressort.core.errors import RessortError
from ressort.language import told
from ressort.reference.currency_allowances import poverty_lines
from ressort.reference.currency_parameters import parameter
from ressort.web.association import (
    covering,
    debits,
    deeds,
    euro_transfers,
    mandates,
    public,
    queries,
    reporting,
    simulating,
)
from ressort.web.association.desk import Desk, desk_view, file_answer
from ressort.web.association.forms import typed
from ressort.web.association.models import Beneficiary, Consent, Member, Programme
from ressort.web.association.money_forms import (
    AcceptForm,
    AskForm,
    EuroForm,
    JoinForm,
    LeaveForm,
    MonthForm,
    ProgrammeForm,
    SimulationForm,
)
from ressort.web.association.operations import TO_CONFIRM
from ressort.web.association.unit_views import of_holder
from ressort.web.currency.models import Listing, Wallet
from ressort.web.currency.queries import held_cents
from ressort.web.currency.words import file_mark

#: sellers offered to the simulation
_SHOWN = 40


@desk_view("run_programmes")
def programmes(desk: Desk) -> HttpResponse:
    """Programmes, and the form to open one: the amount offered is the autonomy income of today."""
    line = line_known_on(poverty_lines(), timezone.localdate())
    income = autonomy_income_cents(line, parameter("autonomy_income_above_poverty_line_cents"))
    form = ProgrammeForm(desk.request.POST or None, initial={"month_cents": typed(income)})
    if form.is_valid() and desk.done(
        form,
        lambda: public.open_programme(
            desk.request.user, desk.number, **form.cleaned_data, line_year=_year(form, income, line)
        ),
        _("The programme is open."),
    ):
        return redirect("association:programmes", desk.code)
    rows = [(one, held_cents(one.pot)) for one in Programme.objects.filter(currency=desk.number)]
    return desk.page("programmes", form=form, rows=rows, line=line)


def _year(form: ProgrammeForm, income_cents: int, line: PovertyLine) -> int | None:
    """The year of the poverty line that the amount was worked out from."""
    return line.year if form.cleaned_data["month_cents"] == income_cents else None


@desk_view("run_programmes")
def programme(desk: Desk, programme_id: int) -> HttpResponse:
    """One programme: its fund, people, a month tried then paid, a simulation."""
    one = get_object_or_404(Programme, pk=programme_id, currency=desk.number)
    data, what = desk.request.POST or None, desk.request.POST.get("what", "")
    today = timezone.localdate()
    joining = JoinForm(desk.number, data if what == "join" else None, initial={"on": today})
    months = MonthForm(data if what in ("try", "pay") else None, initial={"period": today.replace(day=1)})
    taking = AcceptForm(desk.number, data if what == "accept" else None)
    if _places_changed(desk, one, taking) or _people_changed(desk, one, joining) or _agreed(desk, one):
        return redirect("association:programme", desk.code, one.pk)
    context: dict[str, Any] = _month(desk, one, months, what) if months.is_valid() else {}
    cover = covering.measured(one, today)
    playing = SimulationForm(data if what == "simulate" else None, initial={"acceptors": _sellers(cover)})
    if playing.is_valid():
        context["played"] = _played(cover, playing)
    sending = EuroForm(initial={"period": today.replace(day=1), "on": today}, auto_id="euro_%s")
    context |= {
        "cover": cover,
        "report": reporting.of(one),
        "sending": sending,
        "waiting": _waiting(desk, one),
        "bare": euro_transfers.without_account(one),
    }
    context |= {"people": _people(one), "joining": joining, "months": months, "playing": playing}
    if one.purpose is not None:
        branches = dict(Listing.Branch.choices)
        places = one.purpose.accepted.select_related("wallet")
        context |= {
            "taking": taking,
            "accepted": [(place, branches.get(place.branch) or place.wallet.name) for place in places],
        }
    return desk.page("programme", programme=one, **context)


def _waiting(desk: Desk, one: Programme) -> dict[str, Any] | None:
    """Payments that wait for an agreement, and whether the person may give it."""
    found = list(public.waiting(one))
    mine = all(each.made_by_id == desk.request.user.pk for each in found)
    return {"count": len(found), "cents": sum(each.amount_cents for each in found), "is_mine": mine} if found else None


def _agreed(desk: Desk, one: Programme) -> bool:
    """Agrees to the payments that wait, when that is asked."""
    if desk.request.POST.get("what") != "agree":
        return False
    desk.done(None, lambda: public.agree(desk.request.user, one), _("Paid."))
    return True


def _month(desk: Desk, one: Programme, form: MonthForm, what: str) -> dict[str, Any]:
    """A month tried, or paid."""
    period, is_paid = form.cleaned_data["period"], what == "pay"
    try:
        found = public.pay_month(desk.request.user, one, period) if is_paid else public.month(one, period)
    except RessortError as error:
        form.add_error(None, told(error))
        return {}
    return {"month": found, "is_paid": is_paid, "waits": is_paid and public.waiting(one).exists()}


@desk_view("run_programmes")
def programme_report(desk: Desk, programme_id: int) -> HttpResponse:
    """The months of a programme, as a file."""
    one = get_object_or_404(Programme, pk=programme_id, currency=desk.number)
    return file_answer(
        f"{file_mark(desk.number)}programme-{one.pk}.csv", reporting.table(one), "text/csv; charset=utf-8"
    )


@desk_view("keep_bank")
def euro_file(desk: Desk, programme_id: int) -> HttpResponse:
    """The transfers of the euros of a month, for the bank."""
    one = get_object_or_404(Programme, pk=programme_id, currency=desk.number)
    form = EuroForm(desk.request.POST or None)
    if not form.is_valid():
        return redirect("association:programme", desk.code, one.pk)
    try:
        name, content = euro_transfers.euro_file(
            desk.request.user, one, form.cleaned_data["period"], form.cleaned_data["on"]
        )
    except RessortError as error:
        desk.complain(told(error))
        return redirect("association:programme", desk.code, one.pk)
    return file_answer(name, content, "application/xml")


def _people(programme: Programme) -> list[tuple[Beneficiary, int, LeaveForm]]:
    """Those of a programme, what a month of each is, and the form to leave it."""
    today = timezone.localdate()
    return [
        (one, public.month_cents(programme, one), LeaveForm(initial={"beneficiary": one.pk, "on": today}, auto_id=f"leave_{one.pk}_%s"))
        for one in programme.people.select_related("wallet")
    ]  # fmt: skip


def _sellers(cover: covering.Cover) -> str:
    """Those who sold most for local units, as the form of the simulation takes them."""
    shown = [one for one in cover.sellers[:_SHOWN] if one.cents]
    return "\n".join(f"{one.name}{f' ; {one.place}' if one.place else ''} = {typed(one.cents)}" for one in shown)


def _people_changed(desk: Desk, programme: Programme, form: JoinForm) -> bool:
    """Lets somebody in or out of a programme, when that is asked."""
    who, what = desk.request.user, desk.request.POST.get("what", "")
    if what == "join" and form.is_valid():
        given = form.cleaned_data
        entered = (given["wallet"], given["on"], given["adults"], given["children"])
        return desk.done(form, lambda: public.join(who, programme, *entered), _("The person is in the programme."))
    leaving = LeaveForm(desk.request.POST)
    if what != "leave" or not leaving.is_valid():
        return False
    left = leaving.cleaned_data
    desk.done(None, lambda: public.leave(who, programme, left["beneficiary"], left["on"]), _("It is written down."))
    return True


def _places_changed(desk: Desk, programme: Programme, form: AcceptForm) -> bool:
    """Adds or takes back a place where the units of a programme are spent, when that is asked."""
    who, what = desk.request.user, desk.request.POST.get("what", "")
    if what == "refuse":
        number = desk.request.POST.get("accepted", "")
        asked = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
        return desk.done(None, lambda: public.refuse(who, programme, asked), _("It is written down."))
    if what != "accept" or not form.is_valid():
        return False
    given = form.cleaned_data
    return desk.done(
        form,
        lambda: public.accept(who, programme, given["alias"], given["branch"], given["share"] * 100),
        _("It is written down."),
    )


def _played(cover: covering.Cover, form: SimulationForm) -> simulating.Played | None:
    """Where the units of a programme would pool, and who would not spend them, by draws."""
    given = form.cleaned_data
    try:
        return simulating.play(given["acceptors"], cover.paid, given["months"], given["subsidy"], given["is_local"])
    except RessortError as error:
        form.add_error(None, told(error))
        return None


@desk_view("hold")
def holder(desk: Desk) -> HttpResponse:
    """What whoever holds an account may ask of the association: redemption, consent to public payments."""
    own = Wallet.objects.filter(owner=desk.request.user, currency=desk.number)
    rules, paid = queries.rules(desk.number), own.exclude(kind=Wallet.Kind.PUBLIC_BODY)
    form = AskForm(
        own if rules.individuals_redeem else own.exclude(kind=Wallet.Kind.INDIVIDUAL),
        desk.request.POST or None if desk.request.POST.get("what") == "redeem" else None,
        initial={"key": uuid4()},
    )
    who = desk.request.user
    if form.is_valid():
        given = form.cleaned_data
        if desk.done(form, lambda: deeds.ask_redemption(who, given["wallet"], given["amount"], given["key"]), _("The association will pay it out.")):  # fmt: skip
            return redirect("association:holder", desk.code)
    elif desk.request.POST.get("what") in _HOLDER_STEPS:
        wallet = get_object_or_404(own, alias=desk.request.POST.get("alias", ""))
        desk.done(None, lambda: _step(desk, who, wallet), _("It is written down."))
        return redirect("association:holder", desk.code)
    consents = {one.wallet_id: one for one in Consent.objects.filter(wallet__in=paid, revoked_on=None)}
    known = Member.objects.filter(wallet__in=paid).select_related("wallet")
    bought = [(one, *mandates.running(one), debits.coming(one)) for one in known]
    rows, least = [(one, consents.get(one.pk)) for one in paid], rules.credit_least_cents
    return desk.page(
        "holder",
        form=form,
        rows=rows,
        bought=bought,
        least=least,
        to_confirm=TO_CONFIRM["public_payment"],
        **of_holder(list(own)),
    )


_HOLDER_STEPS = ("consent", "revoke", "buy", "stop", "end")


def _step(desk: Desk, who: Any, wallet: Wallet) -> None:
    """What a holder decides alone: consent to public payments, units bought each month, the mandate given."""
    what = desk.request.POST["what"]
    if what in ("consent", "revoke"):
        (public.consent if what == "consent" else public.revoke)(who, wallet)
        return
    member = get_object_or_404(Member, wallet=wallet)
    mandate, credit = mandates.running(member)
    if what == "buy":
        mandates.set_credit(who, member, cents_of(desk.request.POST.get("amount", "")), timezone.localdate())
    elif what == "stop" and credit is not None:
        mandates.stop_credit(who, credit)
    elif what == "end" and mandate is not None:
        mandates.revoke_mandate(who, mandate)
