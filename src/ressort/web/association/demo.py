"""The desk of a simulated currency: its people, members, office, dues, a food fund, a certificate, something waiting to be agreed to.

All of it goes through the actions of the desk, by people of a domain that is nobody's; it is withdrawn with the currency.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ressort.core.currency import Leg, Request, Status, operation
from ressort.web.association import deeds, demo_notes, keeping, members, public, queries, unit_mandates
from ressort.web.association.models import Member, Office, Post, Programme, Rules, Standing
from ressort.web.currency import actions, demo, earmarks
from ressort.web.currency.models import Earmark, Listing, Wallet
from ressort.web.currency.models import Standing as Nature
from ressort.web.currency.queries import held_cents, sole_account
from ressort.web.people.actions import add_person, first_password_link
from ressort.web.people.models import Person

#: post → who holds it; the first one of the staff already holds the account of the association
POSTS = {
    "staff": ("association@specimen.example", "bureau@specimen.example"),
    "office": ("comptoir@specimen.example",),
    "auditor": ("controle@specimen.example",),
}
_SPACE = UUID("a2c9a6a1-0d2f-4f53-9f0e-3a4c5d6e7f80")
_DUES_CENTS, _MONTH_CENTS, _FUND_CENTS, _REDEEMED_CENTS, _BASKET_CENTS = 2_500, 10_000, 90_000, 5_000, 1_000
_PAID_DUES, _FED = 12, 6


@transaction.atomic
def found(seed: int, territory: str, beside: bool) -> tuple[str, dict[str, str]]:
    """A simulated currency with its desk: its code, and the one-time links of those who may sign in.

    Raises:
        RuleBroken: see `currency.demo.found`.
    """
    code, links = demo.found(seed, territory, beside)
    number = demo.queries.currency_number(code)
    staff, second = _people(number)
    demo_notes.found(number, staff, second)
    _members(number, second)
    _dues(number, staff)
    _food_fund(number, staff, second)
    _mandates(number, staff)
    _ask_redemption(number)
    _certify(number, staff, second)
    actions.seal()
    others = [email for held in POSTS.values() for email in held]
    return code, links | {one.email: first_password_link(one) for one in Person.objects.filter(email__in=others)}


def remove() -> str:
    """Withdraws the simulated currency and its desk. Tells its code.

    Raises:
        RuleBroken: there is none.
    """
    with transaction.atomic():
        nature = Nature.objects.filter(nature="simulated", withdrawn_at__isnull=True).first()
        if nature is not None:
            _clear(nature.currency)
        return demo.remove()


def _people(number: int) -> tuple[Person, Person]:
    """Who works at the desk, each with a post; the rules, with the account of the association."""
    office = Office.objects.create(currency=number, name=_("Exchange office (simulated)"), **_accounts(number))
    held = {email: (role, add_person(email)) for role, emails in POSTS.items() for email in emails}
    for role, person in held.values():
        Post.objects.create(person=person, currency=number, role=role, office=office if role == "office" else None)
    Rules.objects.create(currency=number, association=Nature.objects.get(currency=number).issuer)
    staff, second = (held[email][1] for email in POSTS["staff"])
    for one, name in ((staff, _("Treasurer (simulated)")), (second, _("President (simulated)"))):
        one.name = name  # a certificate bears it, never an e-mail
        one.save(update_fields=["name"])
    return staff, second


def _accounts(number: int) -> dict[str, int]:
    """The accounts of the office: those that the year of payments used, and the others."""
    used = ("office_notes_stock", "office_notes_returns", "office_eur_till_paper")
    return {
        kind: sole_account(number, kind) if kind in used else actions.open_account(number, kind)
        for kind in Office.KINDS
    }


def _members(number: int, approved_by: Person) -> None:
    """Everybody is a member since the first day; shops signed a charter."""
    since = timezone.localdate() - timedelta(days=demo.DAYS)
    branches = dict(Listing.Branch.choices)
    known = dict(Listing.objects.filter(wallet__currency=number).values_list("wallet", "branch"))
    issuer = Nature.objects.get(currency=number).issuer_id
    helped = list(
        Wallet.objects.filter(currency=number, kind=Wallet.Kind.ASSOCIATION).exclude(pk=issuer).order_by("alias")
    )
    Member.objects.bulk_create(
        Member(
            sponsors=helped[at % len(helped)] if one.kind == Wallet.Kind.INDIVIDUAL and helped else None,
            wallet=one, standing=Standing.APPROVED, approved_on=since, approved_by=approved_by, level=2, level_checked_on=since,
            branch=str(branches.get(known.get(one.pk, ""), "")),
            charter="" if one.kind == Wallet.Kind.INDIVIDUAL else _("charter (simulated)"),
            charter_signed_on=None if one.kind == Wallet.Kind.INDIVIDUAL else since,
        )
        for at, one in enumerate(Wallet.objects.filter(currency=number).order_by("pk"))
    )  # fmt: skip
    for one in Wallet.objects.filter(currency=number, kind=Wallet.Kind.PUBLIC_BODY):
        actions.change_status(one.account, Status.RECEIVES_ONLY)


def _dues(number: int, staff: Person) -> None:
    """Dues of the year called from professionals; the richest of them have paid."""
    today = timezone.localdate()
    members.call_dues(staff, number, "professional", today.replace(month=1, day=1), _DUES_CENTS)
    shops = Wallet.objects.filter(currency=number, kind=Wallet.Kind.PROFESSIONAL)
    rich = sorted(shops, key=lambda one: (-held_cents(one.account), one.alias))[:_PAID_DUES]
    for one in rich:
        if held_cents(one.account) >= _DUES_CENTS:
            deeds.ask(staff, number, deeds.Asked("dues_digital", _key(number, one.alias), _DUES_CENTS, wallet=one))


def _food_fund(number: int, staff: Person, second: Person) -> None:
    """A food fund, paid in, whose units are spent at food shops, and for half of a basket at cafés; a first month paid."""
    today = timezone.localdate()
    fund = public.open_programme(
        staff, number, name=_("Food fund (simulated)"), start=today.replace(day=1), end=today + timedelta(days=365),
        budget_cents=_FUND_CENTS, month_cents=_MONTH_CENTS, local_bp=10_000, expiry_days=90, cap_cents=3 * _MONTH_CENTS,
    )  # fmt: skip
    public.accept(staff, fund, None, "food_retail", 10_000)
    public.accept(staff, fund, None, "catering", 5_000)
    asked = deeds.Asked(
        "fund_allowance", _key(number, "fund"), _FUND_CENTS, reference="SPECIMEN FUND", needs_two=True, programme=fund
    )
    deeds.decide(second, deeds.ask(staff, number, asked), "done")
    people = Wallet.objects.filter(currency=number, kind=Wallet.Kind.INDIVIDUAL)
    for one in sorted(people, key=lambda one: (one.owner_id is None, one.alias))[:_FED]:
        public.join(staff, fund, one, fund.start)
    public.pay_month(staff, fund, fund.start)


def _mandates(number: int, staff: Person) -> None:
    """A basket each month, that whoever may sign in accepted and paid once; and her dues, which wait for her answer."""
    payer = Wallet.objects.filter(currency=number, kind=Wallet.Kind.INDIVIDUAL, owner__isnull=False).first()
    shop = Wallet.objects.filter(currency=number, kind=Wallet.Kind.PROFESSIONAL, owner__isnull=False).first()
    if payer is None or payer.owner is None or shop is None:
        return
    basket = unit_mandates.ask(
        staff, payer, shop, _("Basket of vegetables (simulated)"), _BASKET_CENTS, timezone.localdate()
    )
    unit_mandates.answer(payer.owner, basket, "accepted")
    unit_mandates.run(staff, number)
    unit_mandates.ask(staff, payer, None, _("Dues (simulated)"), _DUES_CENTS, timezone.localdate(), for_dues=True)


def _ask_redemption(number: int) -> None:
    """A professional asks for euros: somebody of the staff has to agree."""
    shop = Wallet.objects.filter(currency=number, kind=Wallet.Kind.PROFESSIONAL, owner__isnull=False).first()
    if shop is not None and shop.owner is not None and held_cents(shop.account) >= _REDEEMED_CENTS:
        deeds.ask_redemption(shop.owner, shop, _REDEEMED_CENTS, _key(number, "redemption"))


def _certify(number: int, staff: Person, second: Person) -> None:
    """The certificate of today, as the bank would say the same."""
    held = queries.balances(number)
    proposed = keeping.propose_certificate(
        staff, number, ("SPECIMEN P", held["reserve_paper"]), ("SPECIMEN D", held["reserve_digital"])
    )
    keeping.confirm_certificate(second, proposed, proposed.proposal)


def _clear(number: int) -> None:
    """Lets go of what is kept, redeems the pot, forgets those who work at the desk."""
    for one in Earmark.objects.filter(wallet__currency=number, left_cents__gt=0):
        earmarks.release(one.transfer)
    issue, reserve, outside = (
        sole_account(number, kind) for kind in ("digital_issue", "reserve_digital", "outside_eur")
    )
    back = operation("fund_allowance")
    for pot in set(Programme.objects.filter(currency=number).values_list("pot", flat=True)):
        if pot_cents := held_cents(pot):
            legs = (Leg(back, pot, issue, pot_cents), Leg(back, reserve, outside, pot_cents))
            actions.require(actions.submit(Request(_key(number, f"end {pot}"), legs)))
    Rules.objects.filter(currency=number).update(association=None)
    Post.objects.filter(currency=number).delete()
    held = [email for emails in POSTS.values() for email in emails if email not in demo.SIGN_IN.values()]
    Person.objects.filter(email__in=held).delete()


def _key(number: int, words: str) -> UUID:
    return uuid5(_SPACE, f"{number}:{words}")
