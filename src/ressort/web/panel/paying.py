"""Allowances: due for each attendance, paid by the treasury in euros or by a transfer of the local currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ressort.core.errors import RuleBroken
from ressort.web.currency import proofs, wallets
from ressort.web.currency.models import Wallet
from ressort.web.panel import access, queries
from ressort.web.panel.models import Attendance, Contact, Panel
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@dataclass(frozen=True)
class Plan:
    """What one payer would transfer, and the attendances whose member gave no account of that currency."""

    payments: list[tuple[Attendance, Wallet]]
    without: list[Attendance]

    @property
    def total_cents(self) -> int:
        """What leaves the payer's account."""
        return sum(one.due_cents for one, _wallet in self.payments)

    @property
    def key(self) -> UUID:
        """Names exactly these attendances."""
        return uuid5(NAMESPACE_URL, f"panel-attendances:{','.join(str(one.pk) for one, _wallet in self.payments)}")


def due(panel: Panel) -> QuerySet[Attendance]:
    """The attendances not paid yet."""
    return (
        Attendance.objects.filter(meeting__panel=panel, paid_on__isnull=True, due_cents__gt=0)
        .select_related("meeting", "seat__volunteer__contact")
        .order_by("meeting__starts_at", "seat__volunteer__number")
    )


def payers(by: Person) -> QuerySet[Wallet]:
    """The accounts that a person may pay allowances from: those of associations that it holds. A public body's own account only receives."""
    return Wallet.objects.filter(owner=by, kind=Wallet.Kind.ASSOCIATION)


def plan(panel: Panel, payer: Wallet) -> Plan:
    """Who would be paid from an account, and who could not."""
    owed = list(due(panel))
    named = {_account(one) for one in owed} - {""}
    found = {one.alias: one for one in Wallet.objects.filter(alias__in=named, currency=payer.currency)}
    payments = [(one, found[_account(one)]) for one in owed if _account(one) in found]
    return Plan(payments, [one for one in owed if _account(one) not in found])


def _account(one: Attendance) -> str:
    contact = getattr(one.seat.volunteer, "contact", None)
    return contact.account if contact is not None else ""


@transaction.atomic
def name_account(contact: Contact, alias: str, by: Person | None = None) -> None:
    """Notes the account on which a member is paid in local currency, told by the member or by who runs the panel; none when empty.

    Raises:
        RuleBroken: no account bears that alias.
    """
    if by is not None:
        access.require_run(by, contact.panel)
    given = alias.strip().lower()
    if given and not Wallet.objects.filter(alias=given).exists():
        raise RuleBroken(
            "No account in local currency is called “{alias}”. Open one with the association first, or check its alias.",
            alias=given[:40],
        )
    contact.account = given
    contact.save(update_fields=["account"])
    note(by, "name_account", f"volunteer:{contact.volunteer_id}")


@transaction.atomic
def note_paid(by: Person, panel: Panel) -> int:
    """Notes all that is due as paid today in euros; gives how many cents. The payment itself is made by the treasury."""
    access.require_run(by, panel)
    owed = list(Attendance.objects.select_for_update().filter(pk__in=due(panel).values("pk"), paid_on__isnull=True))
    total = sum(one.due_cents for one in owed)
    Attendance.objects.filter(pk__in=[one.pk for one in owed]).update(paid_on=queries.today())
    note(by, "note_paid", f"panel:{panel.pk} {total}")
    return total


@transaction.atomic
def pay_in_currency(by: Person, panel: Panel, payer: Wallet, proof: proofs.Proof | None = None) -> Plan:
    """Transfers what is due to each member who gave an account: all of it or nothing, and never twice.

    Raises:
        RuleBroken: nothing is due to anyone who gave an account of that currency; the ledger refuses a transfer.
        PermissionDenied: the account is not one that this person pays from.
    """
    access.require_run(by, panel)
    list(Attendance.objects.select_for_update().filter(meeting__panel=panel).order_by("pk").values("pk"))
    ready = plan(panel, payer)
    if not ready.payments:
        raise RuleBroken(
            "Nothing can be paid in local currency: no member to whom an allowance is due gave an account. Without one: {people}.",
            people=numbers(ready.without) or "–",
        )
    lines = [
        wallets.Payment(wallet, one.due_cents, uuid5(NAMESPACE_URL, f"panel-attendance:{one.pk}"), _label(one))
        for one, wallet in ready.payments
    ]
    made = wallets.pay_each(by, payer, lines, ready.key, proof)
    for (one, _wallet), transfer in zip(ready.payments, made, strict=True):
        Attendance.objects.filter(pk=one.pk).update(paid_on=queries.today(), transfer=transfer)
    note(by, "pay_in_currency", f"panel:{panel.pk} {ready.total_cents}")
    return ready


def _label(one: Attendance) -> str:
    return f"{one.meeting.panel.title[:70]} – {one.meeting.title[:60]}"


def numbers(some: Iterable[Attendance]) -> str:
    """The public numbers of those who attended, each once."""
    return ", ".join(map(str, sorted({one.seat.volunteer.number for one in some})))


def mandates(panel: Panel) -> list[list[object]]:
    """Each attendance that makes an allowance due, for the treasury: who, for what, how much, how and when it was paid."""
    lines = (
        Attendance.objects.filter(meeting__panel=panel, due_cents__gt=0)
        .select_related("meeting", "seat__volunteer__contact")
        .order_by("meeting__starts_at", "seat__volunteer__number")
    )
    rows: list[list[object]] = []
    for one in lines:
        contact = getattr(one.seat.volunteer, "contact", None)
        how = "" if one.paid_on is None else _("euros") if one.transfer is None else _("local currency")
        rows.append([
            one.seat.volunteer.number, contact.name if contact else "", one.meeting.title, one.meeting.starts_at.date().isoformat(),
            f"{one.due_cents // 100}.{one.due_cents % 100:02}", one.paid_on.isoformat() if one.paid_on else "", how,
            one.transfer or "",
        ])  # fmt: skip
    return rows
