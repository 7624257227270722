"""Screens of the desk about people: members, dues, posts, rules."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ressort.core.errors import RessortError
from ressort.language import told
from ressort.web.association import inviting, members, queries
from ressort.web.association.debit_views import mandates_context
from ressort.web.association.desk import Desk, desk_view
from ressort.web.association.forms import (
    ApprovalForm,
    ChangeForm,
    DuesForm,
    ListingForm,
    MemberForm,
    PostForm,
    today_form,
)
from ressort.web.association.models import Dues, Member, Post, Standing
from ressort.web.association.rules_form import RulesForm
from ressort.web.currency.models import Listing
from ressort.web.currency.queries import balance_cents
from ressort.web.people.actions import first_password_link
from ressort.web.people.invitations import known

MOST = 200


@desk_view("see_members")
def member_list(desk: Desk) -> HttpResponse:
    """Members, found by their names."""
    words, standing = desk.request.GET.get("q", "")[:80], desk.request.GET.get("etat", "")
    found = queries.members(desk.number, words, standing if standing in Standing.values else "")
    return desk.page("members", rows=found[:MOST], count=found.count(), words=words, standing=standing, standings=Standing.choices)  # fmt: skip


@desk_view("keep_members")
def new_member(desk: Desk) -> HttpResponse:
    """A new member; whose account is opened by it is given a link."""
    form = MemberForm(desk.request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        is_known = known(given["email"])  # the link of an account that existed would open all that its holder may do
        try:
            made = members.add_member(desk.request.user, desk.number, **given)
        except RessortError as error:
            form.add_error(None, told(error))
        else:
            owner = made.wallet.owner
            link = desk.request.build_absolute_uri(first_password_link(owner)) if owner and not is_known else ""
            return desk.page("member", **_member_context(made), link=link)
    return desk.page("form", form=form, title=_("New member"), back=("association:members", _("Members")))


def _member(desk: Desk, member_id: int) -> Member:
    return get_object_or_404(queries.members(desk.number), pk=member_id)


def _member_context(member: Member) -> dict[str, object]:
    dues = [
        (one, members.dues_rule(one))
        for one in member.dues.prefetch_related("payments__deed__decision", "payments__deed__reversed_by__decision")[
            :24
        ]
    ]
    today = timezone.localdate()
    return {
        "member": member, "balance_cents": balance_cents(member.wallet)[0], "dues": [(one, rule, rule.status(today)) for one, rule in dues],
        "approval": ApprovalForm(initial={"signed_on": today}),
        "change": ChangeForm(member.wallet.currency, initial={"branch": member.branch, "iban": member.iban, "sponsors": member.sponsors_id}),
        "listing": ListingForm(initial=_listed(member)),
    } | mandates_context(member)  # fmt: skip


def _listed(member: Member) -> dict[str, object]:
    found = Listing.objects.filter(wallet=member.wallet).first()
    return {"sector": found.branch, "commune": found.commune, "is_public": found.is_public} if found else {}


@desk_view("see_members")
def member(desk: Desk, member_id: int) -> HttpResponse:
    """One member."""
    return desk.page("member", **_member_context(_member(desk, member_id)))


@desk_view("keep_members")
def approve(desk: Desk, member_id: int) -> HttpResponse:
    """Approves a member who signed the charter."""
    one, form = _member(desk, member_id), ApprovalForm(desk.request.POST or None)
    if not form.is_valid():
        return desk.page("member", **_member_context(one) | {"approval": form})
    given = form.cleaned_data
    desk.done(None, lambda: members.approve(desk.request.user, one, given["charter"], given["signed_on"]), _("The member is approved."))  # fmt: skip
    return redirect("association:member", desk.code, one.pk)


@desk_view("keep_members")
def change(desk: Desk, member_id: int) -> HttpResponse:
    """Changes the branch, the bank account or the association sponsored of a member."""
    one, form = _member(desk, member_id), ChangeForm(desk.number, desk.request.POST or None)
    if not form.is_valid():
        return desk.page("member", **_member_context(one) | {"change": form})
    desk.done(None, lambda: members.change_member(desk.request.user, one, **form.cleaned_data), _("The member is up to date."))  # fmt: skip
    return redirect("association:member", desk.code, one.pk)


@desk_view("keep_members")
def show(desk: Desk, member_id: int) -> HttpResponse:
    """Changes where a member is found."""
    one, form = _member(desk, member_id), ListingForm(desk.request.POST or None)
    given = form.cleaned_data if form.is_valid() else {}
    if not given or not desk.done(form, lambda: members.list_member(desk.request.user, one, **given), _("The member is up to date.")):  # fmt: skip
        return desk.page("member", **_member_context(one) | {"listing": form})
    return redirect("association:member", desk.code, one.pk)


@desk_view("keep_members")
def move(desk: Desk, member_id: int, way: str) -> HttpResponse:
    """Suspends, takes back, checks or closes."""
    one, by = _member(desk, member_id), desk.request.user
    if desk.request.method != "POST":
        return redirect("association:member", desk.code, one.pk)
    if way == "fermer":
        if desk.done(None, lambda: members.close(by, one), _("The account is closed and its name forgotten.")):
            return redirect("association:members", desk.code)
    elif way in ("suspendre", "reprendre"):
        step, said = (members.suspend, _("The account no longer pays.")) if way == "suspendre" else (members.resume, _("The account pays again."))  # fmt: skip
        desk.done(None, lambda: step(by, one), said)
    else:
        desk.done(None, lambda: members.check_identity(by, one, int(way[-1])), _("The check is written down."))
    return redirect("association:member", desk.code, one.pk)


@desk_view("keep_members")
def dues(desk: Desk) -> HttpResponse:
    """Dues: called, paid, late."""
    form = today_form(DuesForm, desk.request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        count = members.call_dues(desk.request.user, desk.number, given["kind"], given["due_on"], given["amount"])
        said = ngettext("{count} member owes dues.", "{count} members owe dues.", count).format(count=count)
        desk.done(None, lambda: None, said)
        return redirect("association:dues", desk.code)
    found = Dues.objects.filter(member__wallet__currency=desk.number).select_related("member__wallet")
    rows = [(one, members.dues_rule(one)) for one in found.prefetch_related("payments__deed__decision", "payments__deed__reversed_by__decision")[:MOST]]  # fmt: skip
    today = timezone.localdate()
    return desk.page("dues", form=form, rows=[(one, rule, rule.status(today)) for one, rule in rows])


@desk_view("keep_members")
def waive(desk: Desk, dues_id: int) -> HttpResponse:
    """Lets a member off."""
    one = get_object_or_404(Dues, pk=dues_id, member__wallet__currency=desk.number)
    if desk.request.method == "POST":
        desk.done(None, lambda: members.waive(desk.request.user, one), _("These dues are waived."))
    return redirect("association:dues", desk.code)


@desk_view("see_posts")
def posts(desk: Desk) -> HttpResponse:
    """Who does what for the association."""
    form, invited = PostForm(desk.number, desk.request.POST or None), ""
    if desk.request.method == "POST" and desk.may("appoint") and form.is_valid():
        given = form.cleaned_data
        try:
            link = inviting.offer(desk.request.user, desk.number, given["email"], given["role"], given["office"])
            invited = desk.request.build_absolute_uri(link) if link else ""
            form = PostForm(desk.number)
        except RessortError as error:
            form.add_error(None, told(error))
    rows = Post.objects.filter(currency=desk.number).select_related("person", "office")
    return desk.page("posts", form=form, rows=rows, invited=invited)


@desk_view("appoint")
def dismiss(desk: Desk, post_id: int) -> HttpResponse:
    """Takes a post back."""
    one = get_object_or_404(Post, pk=post_id, currency=desk.number)
    if desk.request.method == "POST":
        members.dismiss(desk.request.user, one)
    return redirect("association:posts", desk.code)


@desk_view("set_rules")
def rules(desk: Desk) -> HttpResponse:
    """The rules of the currency."""
    form = RulesForm(desk.number, desk.request.POST or None, instance=queries.rules(desk.number))
    if desk.request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if desk.done(form, lambda: members.set_rules(desk.request.user, desk.number, **given), _("The rules are kept.")):  # fmt: skip
            return redirect("association:rules", desk.code)
    return desk.page(
        "form",
        form=form,
        title=_("Rules of the currency"),
        back=("association:home", _("Management")),
        submit=_("Save the rules"),
    )
