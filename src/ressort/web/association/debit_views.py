"""Screens of direct debits: mandates and monthly credits of a member, collections and what became of them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from ressort.core.errors import RessortError
from ressort.language import told
from ressort.web.association import debits, following, letters, mandates, papers, queries, unit_mandates
from ressort.web.association.debit_forms import CollectionForm, CreditForm, MandateForm, RejectForm, SignatureForm
from ressort.web.association.desk import Desk, desk_view, file_answer
from ressort.web.association.models import Collection, Debit, Member, SepaMandate
from ressort.web.association.unit_views import rows


def mandates_context(member: Member) -> dict[str, object]:
    """What the page of a member tells of direct debits."""
    mandate, credit = mandates.running(member)
    return {
        "mandate": mandate,
        "credit": credit,
        "past_mandates": SepaMandate.objects.filter(member=member).exclude(revoked_on=None)[:10],
        "mandate_form": MandateForm(member),
        "signature": SignatureForm(),
        "credit_form": CreditForm(),
        "in_units": rows(list(unit_mandates.read(debtor=member.wallet)[:20])),
    }


def _member(desk: Desk, member_id: int) -> Member:
    return get_object_or_404(queries.members(desk.number), pk=member_id)


def _mandate(desk: Desk, mandate_id: int) -> SepaMandate:
    return get_object_or_404(SepaMandate, pk=mandate_id, member__wallet__currency=desk.number)


@desk_view("keep_members")
def record_mandate(desk: Desk, member_id: int) -> HttpResponse:
    """A mandate signed, or to print and sign."""
    member = _member(desk, member_id)
    form = MandateForm(member, desk.request.POST or None)
    if form.is_valid() and desk.done(
        form,
        lambda: mandates.record_mandate(desk.request.user, member, **form.cleaned_data),
        _("The mandate is recorded."),
    ):
        return redirect("association:member", desk.code, member.pk)
    return desk.page("form", form=form, title=_("Direct debit mandate"), back=("association:members", _("Members")))


@desk_view("keep_members")
def sign_mandate(desk: Desk, mandate_id: int) -> HttpResponse:
    """The day a mandate was signed."""
    one, form = _mandate(desk, mandate_id), SignatureForm(desk.request.POST or None)
    if form.is_valid() and desk.done(
        form,
        lambda: mandates.sign_mandate(desk.request.user, one, form.cleaned_data["signed_on"]),
        _("The signature is written down."),
    ):
        return redirect("association:member", desk.code, one.member_id)
    return desk.page("form", form=form, title=_("Direct debit mandate"), back=("association:members", _("Members")))


@desk_view("keep_members")
def end_mandate(desk: Desk, mandate_id: int) -> HttpResponse:
    """Revokes a mandate."""
    one = _mandate(desk, mandate_id)
    if desk.request.method == "POST":
        desk.done(None, lambda: mandates.revoke_mandate(desk.request.user, one), _("The mandate is over."))
    return redirect("association:member", desk.code, one.member_id)


@desk_view("keep_members")
def mandate_paper(desk: Desk, mandate_id: int) -> HttpResponse:
    """A mandate to sign, on paper."""
    one = _mandate(desk, mandate_id)
    try:
        return file_answer(f"mandat-{one.reference.lower()}.pdf", papers.mandate(one), "application/pdf")
    except RessortError as error:
        desk.complain(told(error))
        return redirect("association:member", desk.code, one.member_id)


@desk_view("keep_members")
def set_credit(desk: Desk, member_id: int) -> HttpResponse:
    """What a member buys each month."""
    member, form = _member(desk, member_id), CreditForm(desk.request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if desk.done(form, lambda: mandates.set_credit(desk.request.user, member, given["amount"], given["since"]), _("The monthly credit is set.")):  # fmt: skip
            return redirect("association:member", desk.code, member.pk)
    return desk.page("form", form=form, title=_("Monthly credit"), back=("association:members", _("Members")))


@desk_view("keep_members")
def stop_credit(desk: Desk, member_id: int) -> HttpResponse:
    """Stops it."""
    member = _member(desk, member_id)
    _mandate_now, credit = mandates.running(member)
    if desk.request.method == "POST" and credit is not None:
        desk.done(None, lambda: mandates.stop_credit(desk.request.user, credit), _("The monthly credit is stopped."))
    return redirect("association:member", desk.code, member.pk)


@desk_view("keep_bank")
def collections(desk: Desk) -> HttpResponse:
    """Collections made, and who would be in the next one."""
    rules = queries.rules(desk.number)
    given = desk.request.POST or (desk.request.GET if "on" in desk.request.GET else None)
    form = CollectionForm(given, initial={"on": debits.earliest(rules)})
    rows: list[debits.Candidate] | None = None
    if form.is_valid():
        purpose, on = form.cleaned_data["purpose"], form.cleaned_data["on"]
        if desk.request.method == "POST":
            try:
                made = debits.propose(desk.request.user, desk.number, purpose, on)
                desk.say(_("Somebody else must agree before the bank has it."))
                return redirect("association:collection", desk.code, made.pk)
            except RessortError as error:
                form.add_error(None, told(error))
        rows = debits.candidates(desk.number, purpose, on)
    kept = Collection.objects.filter(currency=desk.number).prefetch_related("debits")[:60]
    ready = sum(one.amount_cents for one in rows or () if one.why is None)
    return desk.page("collections", form=form, rows=rows, ready_cents=ready, collections=kept, rules=rules)


def _collection(desk: Desk, collection_id: int) -> Collection:
    return get_object_or_404(Collection, pk=collection_id, currency=desk.number)


@desk_view("keep_bank")
def collection(desk: Desk, collection_id: int) -> HttpResponse:
    """One collection: each debit and what became of it."""
    one = _collection(desk, collection_id)
    rows = list(one.debits.select_related("deed", "back"))
    named = queries.named(each.account for each in rows)
    sums = {name: sum(each.amount_cents for each in rows if each.outcome == code) for code, name in Debit.Outcome.choices}  # fmt: skip
    return desk.page(
        "collection",
        collection=one,
        rows=[(each, named.get(each.account)) for each in rows],
        sums=[(name, cents) for name, cents in sums.items() if cents],
        waits=any(each.outcome == Debit.Outcome.WAITING for each in rows),
        message=debits.message_of(one),
    )


@desk_view("keep_bank")
def move_collection(desk: Desk, collection_id: int, way: str) -> HttpResponse:
    """Agrees, gives up, or credits again what could not be."""
    one, by = _collection(desk, collection_id), desk.request.user
    if desk.request.method != "POST":
        return redirect("association:collection", desk.code, one.pk)
    if way == "abandon":
        if desk.done(None, lambda: debits.give_up(by, one), _("The collection is given up.")):
            return redirect("association:collections", desk.code)
    elif way == "reprise":
        desk.done(None, lambda: following.settle(by, one), _("Tried again: what still waits says why."))
    elif desk.done(None, lambda: debits.agree(by, one), _("The file may go to the bank.")):
        sent, without = letters.announce(one, desk.code)
        desk.say(_("{sent} members told by e-mail; {without} to be told otherwise.").format(sent=sent, without=without))
    return redirect("association:collection", desk.code, one.pk)


@desk_view("keep_bank")
def collection_file(desk: Desk, collection_id: int) -> HttpResponse:
    """The direct debits, for the bank."""
    one = _collection(desk, collection_id)
    try:
        name, content = debits.file_of(desk.request.user, one)
    except RessortError as error:
        desk.complain(told(error))
        return redirect("association:collection", desk.code, one.pk)
    return file_answer(name, content, "application/xml")


@desk_view("keep_bank")
def reject_debit(desk: Desk, debit_id: int) -> HttpResponse:
    """The bank refused a debit before taking it."""
    one = get_object_or_404(Debit, pk=debit_id, collection__currency=desk.number)
    form = RejectForm(desk.request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        desk.done(None, lambda: following.reject(desk.request.user, one, reason), _("The refusal is written down."))
    return redirect("association:collection", desk.code, one.collection_id)
