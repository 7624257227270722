"""Offline purses on the server: loaded, settled once, given back, declared lost, closed when late payments can come no more.

load ──▶ hold ──(device signs, merchant verifies, no network)──▶ settle ──▶ merchant: from the hold, then from the guarantee
             └──▶ rest: at once when the device surrenders, else thirty days after the certificate ends
"""

import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from ressort.core.currency import Leg, Request, Status, operation
from ressort.core.currency.purse import (
    CERTIFICATE_DAYS,
    LATE_DAYS,
    PURSE_CAP_CENTS,
    SKEW_DAYS,
    Certificate,
    Payment,
    Settled,
    digest,
    payee_number,
    read_payment,
    read_surrender,
    returned_cents,
    settled,
)
from ressort.core.errors import InputError, RessortError, RuleBroken
from ressort.web.currency import access, actions, queries
from ressort.web.currency.models import Wallet
from ressort.web.currency.purse_models import OfflinePayment, Purse
from ressort.web.currency.signing import public_key_for, signing_key
from ressort.web.currency.wallets import own_key
from ressort.web.people.actions import note
from ressort.web.people.models import Person

_LOAD, _SETTLE, _COVER, _CLOSE = map(operation, ("load_purse", "settle_purse_payment", "cover_double_spend", "close_purse"))  # fmt: skip
_PAY = operation("pay_member")
_log = logging.getLogger(__name__)


def text_of(content: bytes) -> str:
    """Signed bytes as letters that any code holds."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def bytes_of(given: str) -> bytes:
    """The bytes of what a device sent.

    Raises:
        InputError: they are none.
    """
    text = given.strip().rpartition("#")[2]
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (ValueError, UnicodeEncodeError) as error:
        raise InputError("This is no code of a local currency.") from error


@transaction.atomic
def load(by: Person, wallet: Wallet, amount_cents: int, device_key: bytes, key: UUID) -> Purse:
    """Holds units for a device, which gets a certificate; asked again with the same key, the same purse.

    Raises:
        RuleBroken: too much, another purse is in use, or the account does not hold that much.
    """
    access.require(by, "load_purse", wallet)
    Wallet.objects.select_for_update().get(pk=wallet.pk)
    known = Purse.objects.filter(key=key).first()
    if known is not None:
        if (known.wallet_id, known.device_key, known.cap_cents) != (wallet.pk, device_key.hex(), amount_cents):
            raise RuleBroken("This key was used for another request. Use a new one.")
        return known
    _check_load(wallet, amount_cents, device_key)
    hold = actions.open_account(wallet.currency, "offline_hold", ceiling_cents=PURSE_CAP_CENTS)
    actions.require(actions.submit(Request(own_key(wallet, key), (Leg(_LOAD, wallet.account, hold, amount_cents),), by.pk)))  # fmt: skip
    expires_on = timezone.localdate() + timedelta(CERTIFICATE_DAYS)
    signed = Certificate(wallet.currency, hold, device_key, amount_cents, 0, expires_on).signed(signing_key())
    note(by, "load_purse", f"wallet:{wallet.pk}")
    return Purse.objects.create(
        key=key, wallet=wallet, currency=wallet.currency, member_account=wallet.account, hold_account=hold, device_key=device_key.hex(),
        cap_cents=amount_cents, expires_on=expires_on, certificate=text_of(signed),
    )  # fmt: skip


def _check_load(wallet: Wallet, amount_cents: int, device_key: bytes) -> None:
    if len(device_key) != 32 or Purse.objects.filter(device_key=device_key.hex()).exists():
        raise InputError("The key of the device is not one, or was already used: load the purse again.")
    if not 0 < amount_cents <= PURSE_CAP_CENTS:
        raise RuleBroken("A purse holds {most} units at most, and at least one cent.", most=PURSE_CAP_CENTS // 100)
    mine = Purse.objects.filter(member_account=wallet.account)
    if mine.filter(state=Purse.State.CAUGHT, debt_cents__gt=0).exists():
        raise RuleBroken("A purse of this account signed more than it held: see the association before loading another.")  # fmt: skip
    mine.filter(state=Purse.State.IN_USE, expires_on__lt=timezone.localdate()).update(state=Purse.State.ENDED)
    if mine.filter(state=Purse.State.IN_USE).exists():
        raise RuleBroken("This account already has a purse on a device: give it back from that device, or declare it lost.")  # fmt: skip


@transaction.atomic
def settle(by: Person, shop: Wallet, payment: bytes, certificate: bytes) -> Settled:
    """Pays a merchant what a device signed, once: brought again, in any order, it gets the same answer.

    Raises:
        InputError: forged or damaged. RuleBroken: for somebody else, of another day than told, or refused by the ledger.
    """
    access.require(by, "ask", shop)
    told, paid = read_payment(payment, certificate, public_key_for(certificate))
    if told.ledger != shop.currency:
        raise RuleBroken("This code is of another currency ({given}).", given=told.ledger)
    if paid.payee != payee_number(shop.currency, shop.alias):
        raise RuleBroken("This payment is for somebody else.")
    purse = Purse.objects.select_for_update().filter(hold_account=told.purse, certificate=text_of(certificate)).first()
    if purse is None:
        raise RuleBroken("The account of this code is closed, or of another site.")
    known = OfflinePayment.objects.filter(digest=digest(payment).hex()).first()
    if known is not None:
        return Settled("paid", known.amount_cents - known.from_guarantee_cents, known.from_guarantee_cents, known.is_forked)  # fmt: skip
    _check_day(paid, told, shop)
    return _settled_now(by, shop, purse, paid, digest(payment))


def _check_day(paid: Payment, told: Certificate, shop: Wallet) -> None:
    if paid.day > told.expires_on:
        raise RuleBroken("The purse expired on {day}: load it again on line.", day=str(told.expires_on))
    if paid.day > timezone.localdate() + timedelta(SKEW_DAYS):
        raise RuleBroken("This payment is dated {day}: the clocks differ by more than a day.", day=str(paid.day))
    if paid.day < timezone.localdate(shop.opened_at) - timedelta(SKEW_DAYS):
        raise RuleBroken("This payment is for somebody else.")  # the alias was another's then


def _settled_now(by: Person, shop: Wallet, purse: Purse, paid: Payment, key: bytes) -> Settled:
    guarantee = queries.sole_account(purse.currency, "offline_guarantee")
    forked = purse.payments.filter(counter=paid.counter).exists()
    beyond = purse.surrendered_counter is not None and paid.counter > purse.surrendered_counter
    found = settled(
        paid.amount_cents, purse.expires_on, queries.held_cents(purse.hold_account), queries.held_cents(guarantee), timezone.localdate(), forked=forked
    )  # fmt: skip
    if found.is_caught or beyond:
        purse.state = Purse.State.CAUGHT
        purse.debt_cents += found.from_guarantee_cents
        purse.save(update_fields=["state", "debt_cents"])
    if found.outcome != "paid":
        return found
    parts = ((_SETTLE, purse.hold_account, found.from_hold_cents), (_COVER, guarantee, found.from_guarantee_cents))
    legs = tuple(Leg(kind, source, shop.account, cents) for kind, source, cents in parts if cents)
    day = min(paid.day, timezone.localdate())
    request = Request(UUID(bytes=key[:16]), legs, by.pk, None if queries.is_closed(purse.currency, day) else day)
    answer = actions.require(actions.submit(request))
    OfflinePayment.objects.create(
        purse=purse, digest=key.hex(), counter=paid.counter, payee_account=shop.account, amount_cents=paid.amount_cents,
        from_guarantee_cents=found.from_guarantee_cents, day=paid.day, is_forked=forked, transfer=answer.transfers[0],
    )  # fmt: skip
    return found


@transaction.atomic
def surrender(by: Person, wallet: Wallet, content: bytes, certificate: bytes) -> int:
    """Takes a purse back from its device, which signed its last state; tells the cents that return at once.

    What the device signed and merchants have not settled yet stays held until they do, or until they can no more.

    Raises:
        InputError: forged or damaged. RuleBroken: no such purse of this account.
    """
    access.require(by, "load_purse", wallet)
    told, last = read_surrender(content, certificate, public_key_for(certificate))
    purse = Purse.objects.select_for_update().filter(hold_account=told.purse, wallet=wallet).first()
    if purse is None or purse.certificate != text_of(certificate):
        raise RuleBroken("The account of this code is closed, or of another site.")
    if purse.state not in (Purse.State.IN_USE, Purse.State.ENDED):
        return 0
    paid = sum(one.amount_cents - one.from_guarantee_cents for one in purse.payments.all())
    held = queries.held_cents(purse.hold_account)
    back = returned_cents(held, purse.expires_on, timezone.localdate(), signed_cents=last.signed_cents, settled_cents=paid)  # fmt: skip
    purse.state, purse.surrendered_cents, purse.surrendered_counter = Purse.State.SURRENDERED, last.signed_cents, last.counter  # fmt: skip
    purse.save(update_fields=["state", "surrendered_cents", "surrendered_counter"])
    if back:
        leg = Leg(_CLOSE, purse.hold_account, wallet.account, back)
        actions.require(actions.submit(Request(uuid4(), (leg,), by.pk)))
    note(by, "surrender_purse", f"wallet:{wallet.pk}")
    return back


@transaction.atomic
def lose(by: Person, wallet: Wallet, purse_id: int) -> None:
    """Declares the device of a purse lost: tills that hear of it take nothing from it any more; the rest returns after the late days.

    Raises:
        RuleBroken: this purse is not on a device.
    """
    access.require(by, "load_purse", wallet)
    found = Purse.objects.filter(pk=purse_id, wallet=wallet, state__in=(Purse.State.IN_USE, Purse.State.ENDED))
    if not found.update(state=Purse.State.LOST):
        raise RuleBroken("This purse is not on a device any more.")
    note(by, "lose_purse", f"wallet:{wallet.pk}")


@transaction.atomic
def guarantee(by: Person, wallet: Wallet, amount_cents: int, key: UUID) -> None:
    """Sets units of an association aside for double spending: what all purses together may lose, at most.

    Raises:
        RuleBroken: the account is not that of an association, or does not hold that much.
    """
    access.require(by, "pay", wallet)
    if wallet.kind != Wallet.Kind.ASSOCIATION:
        raise RuleBroken("Only an association sets units aside for offline purses.")
    pot = queries.sole_account(wallet.currency, "offline_guarantee")
    leg = Leg(_PAY, wallet.account, pot, amount_cents)
    actions.require(actions.submit(Request(own_key(wallet, key), (leg,), by.pk)))
    note(by, "guarantee", f"wallet:{wallet.pk}")


def returns_on(purse: Purse) -> date:
    """The day on which what is left of a hold returns, whatever happens."""
    return purse.expires_on + timedelta(LATE_DAYS + 1)


_tried: dict[int, date] = {}


def close_late() -> int:
    """Returns what is left of purses that no late payment can reach any more, and closes their accounts; tells how many."""
    today, done = timezone.localdate(), 0
    late = Purse.objects.filter(closed_at__isnull=True, expires_on__lt=today - timedelta(LATE_DAYS))
    for number in late.values_list("pk", flat=True)[:100]:
        if _tried.get(number) == today:
            continue
        _tried[number] = today
        try:
            done += _closed(number, today)
        except RessortError as error:  # the member's account is full: tomorrow again
            _log.warning("Purse %s stays open: %s", number, error)
    return done


@transaction.atomic
def _closed(number: int, today: date) -> int:
    purse = Purse.objects.select_for_update().get(pk=number)
    if purse.closed_at is not None:
        return 0
    back = returned_cents(queries.held_cents(purse.hold_account), purse.expires_on, today)
    if back:
        leg = Leg(_CLOSE, purse.hold_account, purse.member_account, back)
        actions.require(actions.submit(Request(uuid4(), (leg,))))
    actions.change_status(purse.hold_account, Status.CLOSED)
    purse.closed_at = timezone.now()
    purse.state = Purse.State.ENDED if purse.state == Purse.State.IN_USE else purse.state
    purse.save(update_fields=["closed_at", "state"])
    return 1


def revoked(currencies: set[int]) -> list[int]:
    """The numbers of purses from which nothing is to be taken: lost, caught or given back, while their certificates last."""
    states = (Purse.State.LOST, Purse.State.CAUGHT, Purse.State.SURRENDERED)
    since = timezone.localdate() - timedelta(SKEW_DAYS)
    found = Purse.objects.filter(currency__in=currencies, state__in=states, expires_on__gte=since)
    return list(found.values_list("hold_account", flat=True)[:10_000])


def members_of_holds(currency: int) -> dict[int, int]:
    """The account of the member behind each hold: for measures, both are one holder."""
    return dict(Purse.objects.filter(currency=currency).values_list("hold_account", "member_account"))
