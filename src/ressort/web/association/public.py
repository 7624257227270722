"""Public money: payments by mandate of a public body, and the allowances of programmes.

public body ─euros, with a reference─▶ reserve + units ─▶ payee who consented         there is no debit of a public wallet, ever
programme funded (euros first) ─▶ fund ─run of a month─▶ people, each once             simulated before it is paid
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency.allowances import Beneficiary as Person_
from ressort.core.currency.allowances import Due, Run, consumption_tenths, payment_run
from ressort.core.currency.allowances import Programme as ProgrammeRule
from ressort.core.errors import RuleBroken
from ressort.language import told
from ressort.web.association import access, deeds, earmarking, queries
from ressort.web.association.models import Allowance, Beneficiary, Consent, Decision, Deed, Programme
from ressort.web.association.operations import FUND
from ressort.web.currency import actions
from ressort.web.currency.earmarks import TAKERS
from ressort.web.currency.models import Accepted, Earmark, Purpose, Wallet
from ressort.web.currency.queries import held_cents
from ressort.web.people.actions import note
from ressort.web.people.models import Person

_SPACE = UUID("6d3f0c52-6f0b-4d1b-8f58-1d4a0f7a4a10")
#: a month whose payment was taken back is not paid: it took nothing from the budget, and may be paid again
TAKEN_BACK = Q(deed__reversed_by__decision__outcome=Decision.Outcome.DONE)


@transaction.atomic
def consent(holder: Person, wallet: Wallet) -> Consent:
    """Whoever holds an account lets public bodies pay it in local units."""
    access.require_owner(holder, wallet)
    made, _is_new = Consent.objects.get_or_create(wallet=wallet, revoked_on=None, defaults={"given_on": timezone.localdate()})  # fmt: skip
    note(holder, "consent_public_payment", f"wallet:{wallet.pk}")
    return made


@transaction.atomic
def revoke(holder: Person, wallet: Wallet) -> None:
    """Takes it back, from now on."""
    access.require_owner(holder, wallet)
    Consent.objects.filter(wallet=wallet, revoked_on=None).update(revoked_on=timezone.localdate())
    note(holder, "revoke_public_payment", f"wallet:{wallet.pk}")


@transaction.atomic
def open_programme(by: Person, currency: int, **given: object) -> Programme:
    """A programme; nothing is paid before it is funded.

    Raises:
        RuleBroken: the name is taken, or it ends before it begins.
    """
    access.require(by, "run_programmes", currency)
    if Programme.objects.filter(currency=currency, name=given["name"]).exists():
        raise RuleBroken(_("A programme is already called {name}."), name=given["name"])
    if given["end"] < given["start"]:  # type: ignore[operator]
        raise RuleBroken(_("The programme ends before it begins."))
    if given.get("cap_cents") and not given.get("expiry_days"):
        raise RuleBroken(_("A cap is on units kept for a purpose: tell after how many days they return to the fund."))
    purpose = Purpose.objects.create(currency=currency, name=given["name"]) if given.get("expiry_days") else None
    pot = actions.open_account(currency, FUND)
    made = Programme.objects.create(currency=currency, purpose=purpose, pot=pot, **given)
    note(by, "open_programme", f"programme:{made.pk}")
    return made


@transaction.atomic
def join(by: Person, programme: Programme, wallet: Wallet, on: date, adults: int = 1, children: int = 0) -> Beneficiary:
    """Somebody enters a programme, or comes back to it after leaving: what was before stays written. Named again, the household changes.

    Raises:
        RuleBroken: not an individual of this currency; a household without an adult; back before the day of leaving.
    """
    access.require(by, "run_programmes", programme.currency)
    if (wallet.currency, wallet.kind) != (programme.currency, Wallet.Kind.INDIVIDUAL):
        raise RuleBroken(_("A programme pays individuals of its own currency."))
    consumption_tenths(adults, children)
    Programme.objects.select_for_update().get(pk=programme.pk)
    gone = programme.people.filter(wallet=wallet, left_on__gt=on).first()
    if gone is not None:
        raise RuleBroken(
            _("Whoever comes back to a programme had left it: on {day}. Choose that day or a later one."),
            day=str(gone.left_on),
        )
    household = {"adults": adults, "children": children}
    first = household | {"joined_on": on}
    made, _is_new = programme.people.update_or_create(wallet=wallet, left_on=None, defaults=household, create_defaults=first)  # fmt: skip
    note(by, "join_programme", f"programme:{programme.pk} wallet:{wallet.pk}")
    return made


@transaction.atomic
def leave(by: Person, programme: Programme, beneficiary: int, on: date) -> None:
    """Somebody leaves a programme on a day: months that begin then or later are not paid.

    Raises:
        RuleBroken: nobody of that number is in it, or the day is before the one of entering.
    """
    access.require(by, "run_programmes", programme.currency)
    found = Beneficiary.objects.filter(programme=programme, pk=beneficiary, left_on=None).first()
    if found is None or on < found.joined_on:
        raise RuleBroken(_("Whoever leaves a programme was in it, and entered before."))
    Beneficiary.objects.filter(pk=found.pk).update(left_on=on)
    note(by, "leave_programme", f"programme:{programme.pk} wallet:{found.wallet_id}")


def month_cents(programme: Programme, one: Beneficiary) -> int:
    """A month of somebody: the amount of the programme, by the consumption units of the household where it says so."""
    if not programme.by_household:
        return programme.month_cents
    return (programme.month_cents * consumption_tenths(one.adults, one.children) + 5) // 10


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a programme: what would be, or was, paid, and to whom it is not; `again`: those of whom it was taken back before."""

    run: Run
    names: dict[int, str]
    again: tuple[str, ...] = ()

    @property
    def local_cents(self) -> int:
        """Local units of the payments."""
        return sum(due.parts.local_cents for due in self.run.payments)

    @property
    def euro_cents(self) -> int:
        """Euros that the bank must pay."""
        return sum(due.parts.euro_cents for due in self.run.payments)

    @property
    def unpaid(self) -> list[tuple[str, str]]:
        """Who is not paid, and why."""
        return [(self.names[person], why) for person, why in self.run.unpaid]


def spent_cents(programme: Programme) -> int:
    """What the months of a programme took from its budget, paid or waiting for somebody else to agree."""
    found = programme.allowances.exclude(TAKEN_BACK).aggregate(local=Sum("local_cents"), euro=Sum("euro_cents"))
    return (found["local"] or 0) + (found["euro"] or 0)


def month(programme: Programme, period: date) -> Month:
    """What the month that begins on a day would pay, by the rules; nothing is moved.

    Raises:
        RuleBroken: the period does not begin on the first of a month.
    """
    people = stays(programme, period)
    rule = ProgrammeRule(
        str(programme.pk), programme.start, programme.end, programme.budget_cents, programme.local_bp, programme.expiry_days or 3650,
        programme.cap_cents, when_short="in_order" if programme.in_order else "nobody",
    )  # fmt: skip
    done = programme.allowances.filter(period=period).exclude(TAKEN_BACK).values_list("account", flat=True)
    held = _held(programme)
    told = [Person_(one.wallet.account, month_cents(programme, one), one.joined_on, one.left_on, held.get(one.wallet_id, 0)) for one in people]  # fmt: skip
    run = payment_run(rule, period, told, {(rule.name, account, period) for account in done}, spent_cents(programme))
    names, back = {one.wallet.account: one.wallet.name for one in people}, _times_taken_back(programme, period)
    return Month(run, names, tuple(names[due.key[1]] for due in run.payments if due.key[1] in back))


def _words(programme: Programme, period: date) -> str:
    """What the journal says of the payments of a month."""
    return f"{programme.name} {period:%Y-%m}"


def _times_taken_back(programme: Programme, period: date) -> dict[int, int]:
    """How often the payment of a month was taken back, by account."""
    found = Deed.objects.filter(
        currency=programme.currency, operation="pay_allowance", reason=_words(programme, period), reversed_by__decision__outcome=Decision.Outcome.DONE
    )  # fmt: skip
    return {account: times for account, times in found.values_list("account").annotate(Count("pk")) if account}


def stays(programme: Programme, on: date) -> list[Beneficiary]:
    """Each person of a programme once, by the last stay that began by a day, else by the first to come; in the order of arrival."""
    found: dict[int, Beneficiary] = {}
    for one in programme.people.select_related("wallet__listing"):
        if one.joined_on <= on or one.wallet_id not in found:
            found[one.wallet_id] = one
    return sorted(found.values(), key=lambda one: (one.joined_on, one.pk))


def _held(programme: Programme) -> dict[int, int]:
    """What each account still keeps of the units of a programme."""
    left = Earmark.objects.filter(purpose=programme.purpose) if programme.purpose else Earmark.objects.none()
    return dict(left.values_list("wallet").annotate(all=Sum("left_cents")))


@transaction.atomic
def accept(by: Person, programme: Programme, wallet: Wallet | None, branch: str, share_bp: int) -> Accepted:
    """A place, or a branch, where the units of a programme are spent, for a part of the basket. Named again, its part changes.

    Raises:
        RuleBroken: the units of the programme are not kept for a purpose; not one account or one branch; not a professional.
    """
    access.require(by, "run_programmes", programme.currency)
    if programme.purpose is None:
        raise RuleBroken(_("The units of this programme are spent anywhere: it was opened without a number of days."))
    if (wallet is None) == (not branch):
        raise RuleBroken(_("Name one account, or one branch."))
    if wallet is not None and (wallet.currency != programme.currency or wallet.kind not in TAKERS):
        raise RuleBroken(_("These units are spent at professionals or associations of the same currency."))
    part = {"share_bp": share_bp}
    made, _is_new = Accepted.objects.update_or_create(purpose=programme.purpose, wallet=wallet, branch=branch, defaults=part)  # fmt: skip
    note(by, "accept_purpose", f"programme:{programme.pk} {f'wallet:{wallet.pk}' if wallet else branch} {share_bp}")
    return made


@transaction.atomic
def refuse(by: Person, programme: Programme, accepted: int) -> None:
    """Takes back a place where the units of a programme are spent; when none is left, every professional takes them."""
    access.require(by, "run_programmes", programme.currency)
    Accepted.objects.filter(purpose=programme.purpose, pk=accepted).delete()
    note(by, "refuse_purpose", f"programme:{programme.pk} accepted:{accepted}")


@contextmanager
def _about(name: str) -> Iterator[None]:
    """A refusal tells whom it is about."""
    try:
        yield
    except RuleBroken as error:
        facts = error.facts | {"name": name, "why": told(error)}
        raise RuleBroken(_("Nobody was paid, because of {name}: {why}"), **facts) from error


def waiting(programme: Programme) -> QuerySet[Deed]:
    """Payments of a programme that somebody else must agree to: those from a threshold on need two people."""
    return Deed.objects.filter(allowance__programme=programme, decision__isnull=True)


@transaction.atomic
def agree(by: Person, programme: Programme) -> int:
    """Agrees to all the payments of a programme that wait and that somebody else asked for, whole or not at all; tells how many.

    Raises:
        RuleBroken: none is left, or the ledger refuses one: nobody is paid.
    """
    access.require(by, "decide", programme.currency)
    found = list(waiting(programme).exclude(made_by=by).order_by("pk"))
    if not found:
        raise RuleBroken(_("No payment waits for your agreement: whoever asked for one cannot agree to it."))
    names = queries.named(one.account for one in found)
    for one in found:
        with _about(names[one.account].name if one.account in names else str(one)):
            deeds.decide(by, one, Decision.Outcome.DONE)
    return len(found)


@transaction.atomic
def pay_month(by: Person, programme: Programme, period: date) -> Month:
    """Pays a month, whole or not at all: asked twice, it pays once.

    Raises:
        RuleBroken: the fund does not hold enough, or somebody cannot be paid: nobody is.
    """
    access.require(by, "run_programmes", programme.currency)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    found = month(programme, period)
    lacking_cents = found.local_cents - held_cents(programme.pot)
    if lacking_cents > 0:
        raise RuleBroken(
            _("The fund lacks {lacking_cents} to pay this month: pay into it first."),
            lacking_cents=lacking_cents, reason="insufficient_funds",
        )  # fmt: skip
    wallets = queries.named(due.key[1] for due in found.run.payments)
    back = _times_taken_back(programme, period)
    for due in found.run.payments:
        account = due.key[1]
        with _about(found.names[account]):
            _pay(by, programme, due, wallets[account], back.get(account, 0))
    note(by, "pay_month", f"programme:{programme.pk} {period}")
    return found


def _pay(by: Person, programme: Programme, due: Due, wallet: Wallet, times_taken_back: int) -> None:
    """Pays a month to somebody; the same row as before when it was taken back, so that its euros keep their reference."""
    _name, account, period = due.key
    deed = None
    if due.parts.local_cents:
        key = uuid5(_SPACE, f"{programme.pk}:{account}:{period}{f':{times_taken_back}' if times_taken_back else ''}")
        asked = deeds.Asked(
            "pay_allowance", key, due.parts.local_cents, wallet=wallet, reason=_words(programme, period), programme=programme
        )  # fmt: skip
        deed = deeds.ask(by, programme.currency, asked)
    paid = {"local_cents": due.parts.local_cents, "euro_cents": due.parts.euro_cents, "deed": deed}
    Allowance.objects.update_or_create(programme=programme, account=account, period=period, defaults=paid)
    if deed is not None:
        earmarking.keep(deed)
