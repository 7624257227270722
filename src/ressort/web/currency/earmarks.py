"""Units of an allowance: spent where their purpose is accepted, until their day; what is left then returns to the pot.

paid from the pot ─set aside─▶ earmark ─┬─ payment where it is accepted: oldest day first, then one's own units
                                        ├─ any other payment, purse, redemption: the ledger refuses to go below
                                        └─ its day is past ─▶ back to the pot
The floor of the account is what its earmarks hold: the database itself keeps these units, whatever asks for them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from ressort.core.currency import Answer, Leg, Reason, Request, operation
from ressort.core.currency.allowances import Earmark as Lot
from ressort.core.currency.allowances import spend
from ressort.web.currency import actions
from ressort.web.currency.models import Accepted, Earmark, EarmarkUse, Listing, Purpose, Wallet
from ressort.web.currency.queries import held_cents, prepared, source

_SPACE = UUID("0a4c6d0e-7c1f-4d5b-9a51-3f1a6a0d9b27")
_EXPIRE = operation("expire_allowance")
#: one's own units are counted by the ledger, not here
_ENOUGH_CENTS = 10**18
_KEPT = "SELECT 1 FROM currency_earmark WHERE wallet_id = %s AND left_cents > 0 LIMIT 1"
#: those who may be paid with units kept for a purpose
TAKERS = (Wallet.Kind.PROFESSIONAL, Wallet.Kind.ASSOCIATION)
#: earmarks whose day is past, returned in one look
_BATCH = 200


@transaction.atomic
def set_aside(purpose: Purpose, wallet: Wallet, transfer: int, cents: int, expires_on: date) -> Earmark:
    """Keeps units that a transfer just brought for a purpose."""
    _hold(wallet)
    made = Earmark.objects.create(
        purpose=purpose, wallet=wallet, transfer=transfer, cents=cents, left_cents=cents, expires_on=expires_on
    )
    _keep(wallet)
    return made


@transaction.atomic
def release(transfer: int) -> None:
    """Lets go of what is left of the units that a transfer brought: it is about to be reversed."""
    for one in Earmark.objects.filter(transfer=transfer).select_related("wallet"):
        _hold(one.wallet)
        Earmark.objects.filter(pk=one.pk).update(left_cents=0)
        _keep(one.wallet)


def has_any(wallet: Wallet) -> bool:
    """Whether some units of an account are kept for a purpose."""
    return wallet.kind == Wallet.Kind.INDIVIDUAL and bool(prepared(_KEPT, wallet.pk))


@transaction.atomic
def pay(payer: Wallet, payee: Wallet, amount_cents: int, submit: Callable[[], Answer]) -> Answer:
    """What becomes of a payment of somebody who holds earmarked units: those that the payee accepts are spent first.

    Args:
        submit: asks the ledger for the payment; a refusal leaves every earmark as it was.
    """
    held = _hold(payer, payee)
    used = plan(held, payee, amount_cents, timezone.localdate())
    total = sum(one.left_cents for one in held)
    before_cents = held_cents(payer.account)
    actions.limit_account(payer.account, floor_cents=total - sum(used.values()))
    answer = submit()
    if held_cents(payer.account) == before_cents:  # refused, or paid before under the same key
        used = {}
    for one in held:
        if cents := used.get(one.pk, 0):
            EarmarkUse.objects.create(earmark=one, transfer=answer.transfers[0], cents=cents)
            Earmark.objects.filter(pk=one.pk).update(left_cents=one.left_cents - cents)
    _keep(payer)
    return answer


@transaction.atomic
def give_back(transfer: int, submit: Callable[[], Answer]) -> Answer:
    """What becomes of the reversal of a payment: what it took from earmarks is kept for their purposes again."""
    uses = list(EarmarkUse.objects.filter(transfer=transfer).select_related("earmark__wallet"))
    for one in uses[:1]:
        _hold(one.earmark.wallet)
    answer = submit()
    if answer.reason is Reason.ACCEPTED:
        for use in uses:
            left_cents = Earmark.objects.get(pk=use.earmark_id).left_cents
            Earmark.objects.filter(pk=use.earmark_id).update(left_cents=left_cents + use.cents)
            use.delete()
        for one in uses[:1]:
            _keep(one.earmark.wallet)
    return answer


def return_late() -> int:
    """Returns to the pot the units whose last day is past; tells how many earmarks ended."""
    late = Earmark.objects.filter(expires_on__lt=timezone.localdate(), left_cents__gt=0).select_related("wallet")
    return sum(_return(one) for one in late.order_by("pk")[:_BATCH])


@transaction.atomic
def _return(late: Earmark) -> bool:
    wallet = late.wallet
    left_cents = next((one.left_cents for one in _hold(wallet) if one.pk == late.pk), 0)
    if not left_cents:
        return False
    Earmark.objects.filter(pk=late.pk).update(left_cents=0)
    _keep(wallet)
    # what came back with a reversal returns under a key of its own
    key = uuid5(_SPACE, f"{late.pk}:{late.uses.count()}:{left_cents}:{timezone.localdate()}")
    leg = Leg(_EXPIRE, wallet.account, source(late.transfer), left_cents)
    actions.require(actions.submit(Request(key, (leg,))))
    return True


def plan(held: Sequence[Earmark], payee: Wallet, amount_cents: int, today: date) -> dict[int, int]:
    """What a payment would take from each earmark, by its number: those that expire first before the others."""
    lots = [Lot(str(one.purpose_id), one.left_cents, one.expires_on, one.pk) for one in held]
    shares = {str(one): accepted_bp(one, payee) for one in {one.purpose_id for one in held}}
    return {lot.number: lot.cents for lot in spend(amount_cents, shares, lots, _ENOUGH_CENTS, today).used}


def accepted_bp(purpose: int, payee: Wallet) -> int:
    """The part of a basket that units of a purpose pay at somebody's; 0 where they pay none."""
    return accepted_shares(purpose, [payee]).get(payee.account, 0)


def accepted_shares(purpose: int | None, wallets: Iterable[Wallet]) -> dict[int, int]:
    """The part of a basket that units of a purpose pay, by account: by name, else by branch, all of it without a rule; those where they pay some."""
    takers = [one for one in wallets if one.kind in TAKERS]
    rules = list(Accepted.objects.filter(purpose=purpose)) if purpose else []
    if not rules:
        return {one.account: 10_000 for one in takers}
    by_name = {one.wallet_id: one.share_bp for one in rules if one.wallet_id}
    by_branch = {one.branch: one.share_bp for one in rules if one.branch}
    branches = dict(Listing.objects.filter(wallet__in=takers).values_list("wallet", "branch"))
    shares = {one.account: by_name.get(one.pk, by_branch.get(branches.get(one.pk, ""), 0)) for one in takers}
    return {account: share for account, share in shares.items() if share}


@dataclass(frozen=True, slots=True)
class Kept:
    """Units of an account kept for a purpose until a day."""

    purpose: Purpose
    cents: int
    expires_on: date


def kept(wallet: Wallet) -> list[Kept]:
    """What an account keeps for each purpose, the first day to end first."""
    held = wallet.earmarks.filter(left_cents__gt=0).select_related("purpose")
    return [Kept(one.purpose, one.left_cents, one.expires_on) for one in held]


def places(purpose: Purpose) -> list[tuple[str, float]]:
    """Where the units of a purpose are spent, and for which part of a basket (0–1); none when every professional takes them."""
    branches = dict(Listing.Branch.choices)
    rules = purpose.accepted.select_related("wallet")
    return [(one.wallet.name if one.wallet else str(branches.get(one.branch, one.branch)), one.share) for one in rules]


def part_cents(payer: Wallet, payee: Wallet, amount_cents: int) -> int:
    """What earmarked units would pay of an amount, as things stand."""
    if not has_any(payer):
        return 0
    return sum(plan(payer.earmarks.filter(left_cents__gt=0), payee, amount_cents, timezone.localdate()).values())


def kept_cents(payer: Wallet, payee: Wallet) -> int:
    """What an account keeps for purposes that somebody accepts, wholly or in part."""
    return sum(one.cents for one in kept(payer) if accepted_bp(one.purpose.pk, payee)) if has_any(payer) else 0


def used_cents(transfer: int) -> int:
    """What a payment took from earmarks."""
    return int(EarmarkUse.objects.filter(transfer=transfer).aggregate(all=Sum("cents"))["all"] or 0)


def _hold(wallet: Wallet, *others: Wallet) -> list[Earmark]:
    """The earmarks of an account, which nobody else moves until the end of the transaction; then the accounts themselves."""
    Wallet.objects.select_for_update(no_key=True).get(pk=wallet.pk)
    actions.hold_accounts(wallet.account, *(one.account for one in others))
    return list(wallet.earmarks.filter(left_cents__gt=0))


def _keep(wallet: Wallet) -> None:
    """The floor of an account, at what its earmarks hold."""
    left_cents = wallet.earmarks.aggregate(all=Sum("left_cents"))["all"] or 0
    actions.limit_account(wallet.account, floor_cents=int(left_cents))
