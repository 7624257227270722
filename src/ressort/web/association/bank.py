"""The bank: files that it executes, statements that it gives, and lines that meet operations.

redemptions not paid out ─▶ pain.001 ─(bank)─▶ camt.053 or CSV ─▶ lines ─reconcile─▶ each line beside the deed it settles, or left to people
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency.bank import BankLine as Read
from ressort.core.currency.bank import Expected, Party, Transfer, reconcile, transfers_file
from ressort.core.errors import RuleBroken
from ressort.web.association import access, deeds, following, queries, statements
from ressort.web.association.models import BankLine, Collection, Debit, Decision, Deed, Member, Rules
from ressort.web.currency.models import Wallet
from ressort.web.people.actions import note
from ressort.web.people.models import Entry, Person

#: how the bank is told which redemption a transfer pays; the same when the file is made again
_REFERENCE = "RESSORT-{deed}"
#: how the log tells a redemption put in a file
_SENT = "put_in_payout_file"
_FEES = "RESSORT-FRAIS-{first}-{last}"


def reference_of(redemption: Deed) -> str:
    """What the bank calls the transfer of a redemption."""
    return _REFERENCE.format(deed=redemption.pk)


def fund_of(redemption: Deed) -> str:
    """Which reserve pays a redemption."""
    return "paper" if redemption.operation == "redeem_notes" else "digital"


def payouts(currency: int, fund: str) -> tuple[list[Deed], list[Deed]]:
    """Redemptions of a fund not paid out yet: those whose holder told a bank account, and those without."""
    found = [one for one in queries.unpaid_redemptions(currency) if fund_of(one) == fund]
    with_iban = set(Member.objects.filter(wallet__account__in=[one.account for one in found]).exclude(iban="").values_list("wallet__account", flat=True))  # fmt: skip
    return [one for one in found if one.account in with_iban], [one for one in found if one.account not in with_iban]


def sent(found: Sequence[Deed]) -> dict[int, datetime]:
    """When redemptions were last put in a file for the bank: no line of a statement tells them yet, and another file would pay them twice."""
    if not found:
        return {}
    log = Entry.objects.filter(what=_SENT, about__in=[f"deed:{one.pk}" for one in found], at__gte=min(one.made_at for one in found))  # fmt: skip
    return {int(about.removeprefix("deed:")): at for about, at in log.order_by("at").values_list("about", "at")}


@transaction.atomic
def payout_file(by: Person, currency: int, fund: str, on: date, again: bool = False) -> tuple[str, bytes]:
    """A pain.001 of the redemptions to pay out of a reserve, and of their fees to the operating account; nothing is moved by it.

    Args:
        again: those of files made before too, which the bank did not take.

    Raises:
        RuleBroken: no account of the association in the rules, nothing to pay, a past day.
    """
    access.require(by, "keep_bank", currency)
    rules = queries.rules(currency)
    source = {"paper": rules.paper_iban, "digital": rules.digital_iban}[fund]
    if not source or not rules.operating_iban or rules.association is None:
        raise RuleBroken(_("Write the account of the association and its three bank accounts in the rules first."))
    statements.alone(currency)
    ready, _without = payouts(currency, fund)
    before = {} if again else sent(ready)
    if before and len(before) == len(ready):
        raise RuleBroken(
            _("All these redemptions are in a file made already. If the bank did not take it, ask for them again.")
        )
    ready = [one for one in ready if one.pk not in before]
    if not ready:
        raise RuleBroken(_("No redemption of this fund can be paid out: none waits, or no holder told a bank account."))
    name = rules.association.name
    lines = [*_payout_lines(ready, name), *_fee_lines(ready, rules, name)]
    message = f"RESSORT-{currency}-{fund[0].upper()}-{ready[0].pk}-{ready[-1].pk}"
    content = transfers_file(Party(name, source), lines, on, message, timezone.localtime().replace(tzinfo=None))
    note(by, "payout_file", f"currency:{currency} {fund} {sha256(content).hexdigest()[:16]}")
    for one in ready:
        note(by, _SENT, f"deed:{one.pk}")
    return f"{message.lower()}.xml", content


def _payout_lines(ready: Sequence[Deed], name: str) -> list[Transfer]:
    held = {one.wallet.account: one for one in Member.objects.filter(wallet__account__in=[deed.account for deed in ready]).select_related("wallet")}  # fmt: skip
    return [
        Transfer(Party(held[one.account].wallet.name, held[one.account].iban), one.amount_cents - one.fee_cents, reference_of(one), name)
        for one in ready
        if one.account and one.amount_cents > one.fee_cents
    ]  # fmt: skip


def _fee_lines(ready: Sequence[Deed], rules: Rules, name: str) -> list[Transfer]:
    fees = sum(one.fee_cents for one in ready)
    reference = _FEES.format(first=ready[0].pk, last=ready[-1].pk)
    return [Transfer(Party(name, rules.operating_iban), fees, reference, name)] if fees else []


What = Deed | Collection | Debit


@dataclass(frozen=True, slots=True)
class Meeting:
    """A line of the bank and what it may settle; `is_sure` when the reference says so."""

    line: BankLine
    what: What | None
    is_sure: bool = False

    @property
    def key(self) -> str:
        """What it may settle, in a form."""
        return f"{_LETTER[type(self.what)]}{self.what.pk}" if self.what else ""


_LETTER: dict[type, str] = {Deed: "o", Collection: "c", Debit: "d"}


def meetings(currency: int, account: str) -> list[Meeting]:
    """Lines not matched yet, each beside the only operation or direct debit that it can be, if there is one."""
    lines = list(_unmatched(currency, account)[:1000])
    wanted: list[tuple[What, date, int, str]] = [
        *_expected(currency, account),
        *((one.what, one.day, one.amount_cents, one.reference) for one in following.awaited(currency, account)),
    ]
    expected = [Expected(str(at), day, cents, reference) for at, (_what, day, cents, reference) in enumerate(wanted)]
    read = [Read(at, one.day, one.amount_cents, one.reference, one.label) for at, one in enumerate(lines)]
    found = {one.line: one for one in reconcile(read, expected).matches}
    return [
        Meeting(line, wanted[int(found[at].key)][0], found[at].by == "reference") if at in found else Meeting(line, None)
        for at, line in enumerate(lines)
    ]  # fmt: skip


def _unmatched(currency: int, account: str) -> QuerySet[BankLine]:
    found = BankLine.objects.filter(
        currency=currency, account=account, deed__isnull=True, collection__isnull=True, aside=""
    )
    return found.order_by("day", "pk")


@transaction.atomic
def set_aside(by: Person, line: BankLine, reason: str) -> None:
    """Leaves a line that concerns no operation, such as charges of the bank, and says why; with no reason, takes it up again.

    Raises:
        RuleBroken: it is matched.
    """
    access.require(by, "keep_bank", line.currency)
    line = BankLine.objects.select_for_update().get(pk=line.pk)
    if line.is_settled and not line.aside:
        raise RuleBroken(_("This line is already matched."))
    line.aside, line.matched_by = reason, by if reason else None
    line.save(update_fields=["aside", "matched_by"])
    note(by, "set_aside_line" if reason else "take_up_line", f"line:{line.pk}")


def match_sure(by: Person, currency: int, account: str) -> tuple[int, int]:
    """Matches every line that its reference makes sure; tells how many, and how many debits could not be credited.

    A line refused by a rule stays where it was, for somebody to look at.
    """
    access.require(by, "keep_bank", currency)
    done, failed, refused = 0, 0, set[int]()
    while sure := [one for one in meetings(currency, account) if one.is_sure and one.line.pk not in refused]:
        for one in sure:
            assert one.what is not None
            try:
                failed += settle(by, one.line, one.what)
                done += 1
            except RuleBroken:
                refused.add(one.line.pk)
    return done, failed


def settle(by: Person, line: BankLine, what: What) -> int:
    """Puts a line beside what it settles; tells how many debits could not be credited.

    Raises:
        RuleBroken: either is already matched, or amounts differ.
    """
    if isinstance(what, Deed):
        match(by, line, what)
        return 0
    return following.meet(by, line, what)


#: operations whose euros the bank tells, with their sign: money in above zero
_TOLD = {
    "exchange_to_digital_online": 1, "public_payment": 1, "fund_allowance": 1, "euro_bounced": -1, "fund_reserve": 1, "fund_operating": 1,
    "dues_at_bank": 1,
}  # fmt: skip


def _expected(currency: int, account: str) -> list[tuple[Deed, date, int, str]]:
    """What the statement of an account should tell: operations done and not matched, redemptions still to pay out."""
    found = []
    if account in ("paper", "digital"):
        for one in queries.unpaid_redemptions(currency).filter(bank_line__isnull=True):
            if fund_of(one) == account:
                found.append((one, timezone.localdate(one.made_at), -(one.amount_cents - one.fee_cents), reference_of(one)))  # fmt: skip
    done = Deed.objects.filter(currency=currency, decision__outcome=Decision.Outcome.DONE, bank_line__isnull=True, reverses__isnull=True)  # fmt: skip
    done = done.exclude(debit__collection__bank_line__isnull=False)  # the bank told their euros together
    for one in done.filter(operation__in=_TOLD).select_related("decision"):
        where = {"fund_reserve": one.fund, "fund_operating": "operating", "dues_at_bank": "operating"}.get(
            one.operation, "digital"
        )
        if where == account:
            found.append((one, timezone.localdate(one.decision.at), _TOLD[one.operation] * one.amount_cents, one.reference))  # fmt: skip
    return [one for one in found if one[2]]


@transaction.atomic
def match(by: Person, line: BankLine, deed: Deed) -> Deed:
    """Puts a line beside a deed; for a redemption, asks at once for its payout, that somebody else agrees to.

    Raises:
        RuleBroken: either is already matched, amounts differ, or another file told what may be the same movement.
    """
    access.require(by, "keep_bank", line.currency)
    line = statements.taken(line)
    wanted = {one.pk: cents for one, _day, cents, _ref in _expected(line.currency, line.account)}
    if line.is_settled or wanted.get(deed.pk) != line.amount_cents:
        raise RuleBroken(_("This line and this operation do not meet: one is already matched, or the amounts differ."))
    line.deed, line.matched_by = deed, by
    line.save(update_fields=["deed", "matched_by"])
    note(by, "match_line", f"line:{line.pk} deed:{deed.pk}")
    if deed.operation in ("redeem_digital", "redeem_notes"):
        return deeds.ask(by, line.currency, deeds.Asked("pay_redemption", uuid4(), fund=fund_of(deed), settles=deed, reason=line.reference[:200]))  # fmt: skip
    return deed


@transaction.atomic
def issue_from(by: Person, line: BankLine, wallet: Wallet) -> Deed:
    """Issues units for euros that came in, to the account that the payer meant; the line is matched to it.

    Raises:
        RuleBroken: the line is matched, is money that went out, or may be a movement that another file told and that was matched.
    """
    access.require(by, "keep_bank", line.currency)
    line = statements.taken(line)
    if line.is_settled or line.amount_cents <= 0 or line.account != BankLine.Account.DIGITAL:
        raise RuleBroken(_("Units are issued for money that came in on the digital reserve, once."))
    reference = line.reference[:35]
    if not reference or BankLine.objects.filter(deed__key=deeds.bank_key(line.currency, reference)).exists():
        reference = f"{reference[:18]} L{line.digest[:15]}".strip()  # a standing order says the same each month
    deed = deeds.ask(by, line.currency, deeds.Asked("exchange_to_digital_online", uuid4(), line.amount_cents, wallet=wallet, reference=reference))  # fmt: skip
    line.deed, line.matched_by = deed, by
    line.save(update_fields=["deed", "matched_by"])
    return deed
