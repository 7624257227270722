"""Direct debits of members' bank accounts: what may be collected, files of them, and what became of each.

due ─candidates─▶ proposed ─somebody else agrees─▶ pain.008 ─(bank)─▶ statement: collected, units issued or dues paid
                                                                        └─▶ rejected before, or returned after: units taken back
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency.association import LeftOut, bank_day, is_bank_day, left_out
from ressort.core.currency.bank import Collection as BankDebit
from ressort.core.currency.bank import Party, collections_file
from ressort.core.errors import RuleBroken
from ressort.web.association import access, queries
from ressort.web.association.mandates import mandate_rule, running
from ressort.web.association.members import dues_rule
from ressort.web.association.models import Collection, Debit, Dues, Member, MonthlyCredit, Rules, SepaMandate, Standing
from ressort.web.people.actions import note
from ressort.web.people.models import Person

SPACE = UUID("0b0f5f4e-8f39-4b61-9a43-6f2d7a1c3e58")
LIVE = (Debit.Outcome.WAITING, Debit.Outcome.COLLECTED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who owes something on a day, and why it is left out, if it is."""

    member: Member
    amount_cents: int
    mandate: SepaMandate | None
    credit: MonthlyCredit | None
    dues: Dues | None
    why: LeftOut | None


def message_of(collection: Collection) -> str:
    """What the bank calls the file."""
    return f"RESSORT-P{collection.pk}"


def earliest(rules: Rules) -> date:
    """The first day on which something proposed today can be collected: members are told before."""
    return bank_day(timezone.localdate() + timedelta(rules.prenotice_days))


def candidates(currency: int, purpose: str, on: date) -> list[Candidate]:
    """Whoever owes something on a day and is in no live collection for it; each once."""
    if purpose == Collection.Purpose.CREDITS:
        return [_credit_candidate(one, on, queries.rules(currency)) for one in _credits(currency, on)]
    found: list[Candidate] = []
    for one in _dues(currency, on):
        owed = one.amount_cents - dues_rule(one).paid_cents
        if owed > 0:
            found.append(_dues_candidate(one, owed, on, {each.member.pk for each in found}))
    return found


def _credits(currency: int, on: date) -> QuerySet[MonthlyCredit]:
    found = MonthlyCredit.objects.filter(member__wallet__currency=currency, since__lte=on, stopped_on=None)
    busy = Debit.objects.filter(credit__isnull=False, period=on.replace(day=1), outcome__in=LIVE).values("credit__member")  # fmt: skip
    return found.exclude(member__in=busy).select_related("member__wallet").order_by("member__wallet__name", "pk")


def _credit_candidate(credit: MonthlyCredit, on: date, rules: Rules) -> Candidate:
    member, (mandate, _credit) = credit.member, running(credit.member)
    why = left_out(
        mandate_rule(mandate), on, credit.amount_cents, is_approved=member.standing == Standing.APPROVED,
        least_cents=rules.credit_least_cents, room_cents=queries.room_cents(member.wallet.account),
    )  # fmt: skip
    return Candidate(member, credit.amount_cents, mandate, credit, None, why)


def _dues(currency: int, on: date) -> QuerySet[Dues]:
    busy = Debit.objects.filter(dues__isnull=False, outcome__in=LIVE).values("dues")
    found = Dues.objects.filter(member__wallet__currency=currency, due_on__lte=on, waived=False).exclude(pk__in=busy)
    return (
        found.select_related("member__wallet")
        .prefetch_related("payments__deed__decision", "payments__deed__reversed_by__decision")
        .order_by("due_on", "pk")
    )


def _dues_candidate(dues: Dues, owed_cents: int, on: date, seen: set[int]) -> Candidate:
    mandate, _credit = running(dues.member)
    why = left_out(mandate_rule(mandate), on, owed_cents)
    return Candidate(dues.member, owed_cents, mandate, None, dues, why or ("one_per_file" if dues.member.pk in seen else None))  # fmt: skip


@transaction.atomic
def propose(by: Person, currency: int, purpose: str, on: date) -> Collection:
    """A collection of all that may be collected on a day; somebody else must agree before the bank has it.

    Raises:
        RuleBroken: the rules lack what the bank asks for, the bank is closed that day, members would be told too late, nothing to collect.
    """
    access.require(by, "keep_bank", currency)
    rules = queries.rules(currency)
    _check_rules(rules, purpose)
    if not is_bank_day(on):
        raise RuleBroken(_("Banks do not collect on {day}: the next day is {next}."), day=str(on), next=str(bank_day(on)))  # fmt: skip
    if on < earliest(rules):
        raise RuleBroken(_("Members are told {days} days before: collect on {day} or later."), days=rules.prenotice_days, day=str(earliest(rules)))  # fmt: skip
    Rules.objects.select_for_update().get(pk=rules.pk)  # one proposal at a time: nobody is collected twice
    ready = [one for one in candidates(currency, purpose, on) if one.why is None]
    if not ready:
        raise RuleBroken(_("Nothing can be collected on that day: read why beside each member."))
    made = Collection.objects.create(currency=currency, purpose=purpose, on=on, made_by=by)
    Debit.objects.bulk_create(_debit(made, one) for one in ready)
    note(by, "propose_collection", f"collection:{made.pk} {len(ready)}")
    return made


def _check_rules(rules: Rules, purpose: str) -> None:
    if rules.association is None or not rules.creditor_identifier or not _account(rules, purpose):
        raise RuleBroken(
            _("Write in the rules first: the account of the association, its creditor identifier (ICS) and its bank accounts.")
        )  # fmt: skip


def _account(rules: Rules, purpose: str) -> str:
    """The bank account that receives: what buys units goes to the reserve, dues to the operating account."""
    return rules.digital_iban if purpose == Collection.Purpose.CREDITS else rules.operating_iban


def _debit(made: Collection, one: Candidate) -> Debit:
    assert one.mandate is not None
    return Debit(
        collection=made, mandate=one.mandate, mandate_reference=one.mandate.reference, account=one.member.wallet.account,
        amount_cents=one.amount_cents, credit=one.credit, dues=one.dues, period=made.on.replace(day=1),
    )  # fmt: skip


@transaction.atomic
def agree(by: Person, collection: Collection) -> None:
    """Somebody else agrees: the file may go to the bank, and its amounts no longer change.

    Raises:
        RuleBroken: the same person, agreed already, or too late to tell the members.
    """
    access.require(by, "keep_bank", collection.currency)
    collection = Collection.objects.select_for_update().get(pk=collection.pk)
    if collection.agreed_at is not None:
        raise RuleBroken(_("This collection was already agreed to."))
    if collection.made_by_id in (None, by.pk):
        raise RuleBroken(_("Somebody else must agree to this collection: whoever proposed it cannot."))
    if collection.on <= timezone.localdate():
        raise RuleBroken(_("The day of this collection is past: give it up and propose another."))
    collection.agreed_by, collection.agreed_at = by, timezone.now()
    collection.save(update_fields=["agreed_by", "agreed_at"])
    note(by, "agree_collection", f"collection:{collection.pk}")


@transaction.atomic
def give_up(by: Person, collection: Collection) -> None:
    """Forgets a collection that nobody agreed to."""
    access.require(by, "keep_bank", collection.currency)
    collection = Collection.objects.select_for_update().get(pk=collection.pk)
    if collection.agreed_at is not None:
        raise RuleBroken(_("This collection was already agreed to."))
    note(by, "give_up_collection", f"collection:{collection.pk}")
    collection.delete()


@transaction.atomic
def file_of(by: Person, collection: Collection) -> tuple[str, bytes]:
    """The pain.008 of a collection agreed to; the same bytes when it is made again. Mandates revoked meanwhile are left out, and said so.

    Raises:
        RuleBroken: nobody agreed, or nothing is left.
    """
    access.require(by, "keep_bank", collection.currency)
    if collection.agreed_at is None:
        raise RuleBroken(_("Somebody else must agree to this collection before the bank has it."))
    rules = queries.rules(collection.currency)
    _check_rules(rules, collection.purpose)
    assert rules.association is not None
    over = Q(mandate__isnull=True) | Q(mandate__revoked_on__lte=collection.on)
    collection.debits.filter(over, outcome=Debit.Outcome.WAITING).update(
        outcome=Debit.Outcome.REJECTED, reason="revoked"
    )
    kept = collection.debits.filter(mandate__isnull=False).exclude(outcome=Debit.Outcome.REJECTED)
    lines = [_bank_debit(one, rules.association.name) for one in kept.select_related("mandate")]
    moment = timezone.localtime(collection.agreed_at).replace(tzinfo=None, microsecond=0)
    content = collections_file(
        Party(rules.association.name, _account(rules, collection.purpose)), rules.creditor_identifier, lines, collection.on,
        message_of(collection), moment,
    )  # fmt: skip
    note(by, "collection_file", f"collection:{collection.pk} {sha256(content).hexdigest()[:16]}")
    return f"{message_of(collection).lower()}.xml", content


def _bank_debit(one: Debit, label: str) -> BankDebit:
    """The sequence is always “recurrent”: a first collection need not be told apart since 2016, and the bank then books one sum."""
    assert one.mandate is not None
    assert one.mandate.signed_on is not None
    return BankDebit(Party(one.mandate.holder, one.mandate.iban), one.amount_cents, one.end_to_end, label, one.mandate_reference, one.mandate.signed_on)  # fmt: skip


def coming(member: Member) -> list[Debit]:
    """What will be collected from a member, as agreed."""
    waiting = Debit.objects.filter(account=member.wallet.account, outcome=Debit.Outcome.WAITING)
    return list(waiting.filter(collection__agreed_at__isnull=False).select_related("collection"))


def key_of(debit: Debit, step: str) -> UUID:
    """The key of what a debit asks of the desk: asked twice, done once."""
    return uuid5(SPACE, f"{step}:{debit.pk}")
