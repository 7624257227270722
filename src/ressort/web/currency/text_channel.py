"""Paying by text message: any gateway hands over who sent what, and sends back the answer. None is built in.

A sender can be forged: a message alone moves nothing. Its answer, sent to the real telephone, holds four digits that confirm, three tries,
five minutes; amounts are capped by message and day, and so are wrong digits: asking again for new ones gives no more tries.
"""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ressort.core.currency import Reason
from ressort.core.currency.text_codes import MOST_CENTS_A_DAY, Order, order, telephone
from ressort.core.errors import RessortError, RuleBroken
from ressort.web.currency import access, actions, earmarks, queries, wallets
from ressort.web.currency.models import Message, Telephone, Wallet
from ressort.web.currency.templatetags.money_words import amount
from ressort.web.people.actions import note
from ressort.web.people.models import Person

_WAITS = timedelta(minutes=5)
_TRIES, _TRIES_A_DAY = 3, 6
_KEPT = timedelta(days=2)


class Channel(Protocol):
    """What a gateway is to us: `number` is its own for the message, the same when it hands it over again."""

    def __call__(self, sender: str, text: str, number: str) -> str:
        """The answer to send back."""


@transaction.atomic
def link(by: Person | None, wallet: Wallet, given: str) -> Telephone:
    """Lets a telephone pay from a wallet; `by` is None for the command line of the server.

    Raises:
        RuleBroken: it already pays from another one.
    """
    if by is not None:
        access.require(by, "give_key_that_pays", wallet)
    number = telephone(given)
    if Telephone.objects.filter(number=number).exclude(wallet=wallet).exists():
        raise RuleBroken("This telephone already pays from another account: it sends STOP first.")
    found, _is_new = Telephone.objects.get_or_create(number=number, defaults={"wallet": wallet})
    note(by, "link_telephone", f"wallet:{wallet.pk}")
    return found


def answer(sender: str, text: str, number: str) -> str:
    """What is sent back to a telephone. The same message handed over twice is done once."""
    with transaction.atomic():
        key = sha256(f"{sender} {number}".encode()).hexdigest()
        held, is_new = Message.objects.select_for_update().get_or_create(number=key)
        if is_new:
            held.answer = _answered(sender, text, key)[:320]
            held.save(update_fields=["answer"])
        return held.answer


def _answered(sender: str, text: str, key: str) -> str:
    try:
        phone = (
            Telephone.objects.select_for_update(of=("self",))
            .select_related("wallet__owner")
            .filter(number=telephone(sender))
            .first()
        )
        if phone is None or phone.wallet.owner is None or not phone.wallet.owner.is_active:
            return _("This telephone is not linked to an account. Ask the association.")
        return _done(phone, order(text), key)
    except RessortError as error:
        return error.say(_)


def _done(phone: Telephone, asked: Order, key: str) -> str:
    unit = queries.code_of(phone.wallet.currency)
    if asked.kind == "balance":
        return _balance(phone.wallet, unit)
    if asked.kind == "stop":
        phone.delete()
        return _("This telephone pays no more.")
    if asked.kind == "pay":
        return _drafted(phone, asked, unit)
    if asked.kind == "confirm":
        return _confirmed(phone, asked.code, unit, key)
    return _("Write SOLDE, PAYER 12,50 NAME, OUI CODE or STOP.")


def _balance(wallet: Wallet, unit: str) -> str:
    """What may be spent anywhere, then what is kept for each purpose."""
    told = [_("You may spend {amount} {unit}.").format(amount=amount(queries.balance_cents(wallet)[1]), unit=unit)]
    words = _("{name}: {amount}, to be spent by {day}.")
    for one in earmarks.kept(wallet)[:3]:
        told.append(
            words.format(name=one.purpose.name[:40], amount=amount(one.cents), day=f"{one.expires_on:%d/%m/%Y}")
        )
    return " ".join(told)


def _drafted(phone: Telephone, asked: Order, unit: str) -> str:
    payee = access.payee_of(phone.wallet, asked.alias)
    if payee is None or payee.pk == phone.wallet.pk:
        return _("Nobody is paid under the name {alias} in this currency.").format(alias=asked.alias)
    _within_the_day(phone, asked.amount_cents)
    phone.code, phone.payee = f"{secrets.randbelow(10_000):04d}", payee.alias
    phone.amount_cents, phone.expires_at = asked.amount_cents, timezone.now() + _WAITS
    phone.save()
    told = _("{amount} {unit} to {name}? Answer OUI {code} within five minutes.")
    return told.format(amount=amount(asked.amount_cents), unit=unit, name=payee.name[:60], code=phone.code)


def _within_the_day(phone: Telephone, cents: int) -> None:
    today = timezone.localdate()
    if phone.day != today:
        phone.day, phone.paid_cents, phone.tries = today, 0, 0
    if phone.tries >= _TRIES_A_DAY:
        raise RuleBroken("Too many wrong digits today: pay from the site, or by messages again tomorrow.")
    if phone.paid_cents + cents > MOST_CENTS_A_DAY:
        raise RuleBroken(
            "Messages pay {most} units a day at most: pay from the site instead.", most=MOST_CENTS_A_DAY // 100
        )


def _confirmed(phone: Telephone, code: str, unit: str, key: str) -> str:
    if not phone.code or phone.expires_at is None or phone.expires_at <= timezone.now():
        return _("No payment waits: write PAYER again.")
    if not hmac.compare_digest(phone.code, code):
        phone.tries += 1
        if phone.tries % _TRIES == 0:
            phone.code = ""
        phone.save()
        return _("These are not the digits that you were sent. Nothing was paid.")
    payee = access.payee_of(phone.wallet, phone.payee)
    _within_the_day(phone, phone.amount_cents)
    phone.code = ""
    assert phone.wallet.owner is not None
    if payee is None:
        phone.save()
        return _("Nobody is paid under the name {alias} in this currency.").format(alias=phone.payee)
    made = wallets.pay(phone.wallet.owner, phone.wallet, payee, phone.amount_cents, UUID(key[:32]))
    if made.reason is Reason.ACCEPTED:
        phone.paid_cents += phone.amount_cents
    phone.save()
    if made.reason is not Reason.ACCEPTED:
        return actions.told(made.reason)
    return _("Paid: {amount} {unit} to {name}. Number {transfer}.").format(
        amount=amount(phone.amount_cents), unit=unit, name=payee.name[:60], transfer=made.transfers[0]
    )


def purge() -> int:
    """Forgets the messages answered two days ago; tells how many."""
    count, _by_model = Message.objects.filter(at__lt=timezone.now() - _KEPT).delete()
    return count


#: this very channel, as a gateway takes it
CHANNEL: Channel = answer
