"""Codes to pay by: made, read, used once. A code holds no name and no right; what is signed is verified before anything else.

A code travels as an address of this site, so that any camera opens it; or as eight characters that a person types.
"""

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ressort.core.currency import Answer, Reason
from ressort.core.currency.purse import (
    PAYER_SECONDS,
    PayerCode,
    RequestCode,
    StaticCode,
    payer_code,
    read_payer,
    read_request,
    read_static,
    request_code,
    static_code,
)
from ressort.core.errors import InputError, RuleBroken
from ressort.web.currency import access, naming, wallets
from ressort.web.currency.models import Ask, Key, Wallet
from ressort.web.currency.proofs import Proof
from ressort.web.currency.signing import public_key_for, signing_key
from ressort.web.people.models import Person

#: a request is paid within that time
REQUEST_KEPT = timedelta(minutes=15)
#: what a shop takes from a payer code without the payer confirming the amount (hypothesis)
TAKEN_AT_MOST_CENTS = 2_000
#: letters and digits that are not mistaken for one another
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_SHORT = re.compile(f"[{_LETTERS}]{{8}}")
_ASKS_KEPT = timedelta(days=396)
#: where the type stands in a code: scheme, version, type
_STATIC, _REQUEST, _PAYER = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Read:
    """What a code says: to whom, how much when it is a request; `ask` when it is one of ours for one use."""

    kind: Literal["static", "request", "payer"]
    wallet: Wallet
    ask: Ask | None = None


def of_wallet(wallet: Wallet) -> str:
    """The code of a counter."""
    return _text(static_code(StaticCode(wallet.currency, wallet.alias)))


def of_ask(ask: Ask) -> str:
    """The code of a request or of a payer, signed."""
    nonce, expires = bytes.fromhex(ask.nonce), int(ask.expires_at.timestamp())
    if ask.kind == Ask.Kind.REQUEST:
        assert ask.amount_cents is not None
        return _text(request_code(RequestCode(ask.wallet.currency, ask.wallet.account, ask.amount_cents, nonce, expires), signing_key()))  # fmt: skip
    return _text(payer_code(PayerCode(ask.wallet.currency, nonce, expires), signing_key()))


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@transaction.atomic
def ask(by: Person | Key, wallet: Wallet, amount_cents: int, label: str = "") -> Ask:
    """A payment asked, to be shown as a code for a quarter of an hour."""
    access.require(by, "ask", wallet)
    if amount_cents < 1:
        raise RuleBroken("A request asks for an amount above zero.")
    return _made("request", wallet, by, timezone.now() + REQUEST_KEPT, amount_cents, naming.legible(label)[:140])


@transaction.atomic
def show(by: Person, wallet: Wallet) -> Ask:
    """A code that a payer shows to a shop: one use, a minute."""
    access.require(by, "pay", wallet)
    return _made("payer", wallet, by, timezone.now() + timedelta(seconds=PAYER_SECONDS), None, "")


def _made(
    kind: str, wallet: Wallet, by: Person | Key, expires_at: datetime, amount_cents: int | None, label: str
) -> Ask:
    short = "".join(secrets.choice(_LETTERS) for _one in range(8))
    whole = expires_at.replace(microsecond=0)
    return Ask.objects.create(
        kind=kind, nonce=secrets.token_hex(16), short=short, wallet=wallet, amount_cents=amount_cents, label=label,
        expires_at=whole, made_by=by if isinstance(by, Person) else by.made_by,
    )  # fmt: skip


def read(text: str) -> Read:
    """What somebody scanned or typed: an address of this site, the code itself, eight characters, or an alias.

    Raises:
        InputError: no code, forged, damaged, of a version or currency not known. RuleBroken: expired, already used, payee closed.
    """
    given = text.strip().partition("c=")[2] or text.strip()
    given = given.rpartition("/")[2] if "/" in given.rstrip("/") else given
    compact = given.upper().replace("-", "").replace(" ", "")
    if _SHORT.fullmatch(compact):
        found = Ask.objects.select_related("wallet").filter(short=compact).first()
        if found is not None:
            return _read_bytes(_bytes(of_ask(found)))
    if access.ALIAS.fullmatch(given.lower()):
        wallet = Wallet.objects.filter(alias=given.lower()).first()
        if wallet is not None:
            return Read("static", wallet)
    return _read_bytes(_bytes(given))


def _bytes(given: str) -> bytes:
    try:
        return urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
    except (ValueError, UnicodeEncodeError) as error:
        raise InputError("This is no code of a local currency.") from error


def _read_bytes(content: bytes) -> Read:
    kind = content[2] if len(content) > 3 else 0
    ledger = int.from_bytes(content[3:7], "big")
    if kind not in (_REQUEST, _PAYER):
        alias = read_static(content, ledger).alias
        wallet = Wallet.objects.filter(alias=alias, currency=ledger).first()
        if wallet is None:
            raise RuleBroken("The account of this code is closed, or of another site.")
        return Read("static", wallet)
    now, key = int(timezone.now().timestamp()), public_key_for(content)
    nonce = (read_request if kind == _REQUEST else read_payer)(content, ledger, key, now, ()).nonce
    found = Ask.objects.select_related("wallet").filter(nonce=nonce.hex()).first()
    if found is None:
        raise RuleBroken("The account of this code is closed, or of another site.")
    if found.transfer is not None:
        raise RuleBroken("This code was already used: ask for another one.", ask=found.short)
    return Read("request" if kind == _REQUEST else "payer", found.wallet, found)


@transaction.atomic
def pay_request(by: Person, payer: Wallet, found: Ask, key: UUID, proof: Proof | None = None) -> Answer:
    """Pays what a request asks; sent twice, it is paid once, and nobody else pays it.

    Raises:
        RuleBroken: expired, already paid by somebody else.
    """
    access.require(by, "pay", payer)
    held = _locked(found, "request")
    assert held.amount_cents is not None
    return _kept(held, wallets.pay(by, payer, held.wallet, held.amount_cents, key, held.label, proof))


@transaction.atomic
def take(by: Person, shop: Wallet, found: Ask, amount_cents: int) -> Answer:
    """Takes an amount from whoever shows a payer code, once.

    Raises:
        RuleBroken: expired, already used, of another currency, or above what is taken without the payer confirming.
    """
    access.require(by, "ask", shop)
    held = _locked(found, "payer")
    if held.wallet.currency != shop.currency:
        raise RuleBroken("This code is of another currency.")
    if not 0 < amount_cents <= TAKEN_AT_MOST_CENTS:
        raise RuleBroken("Above {most} units, show a request instead: the payer confirms it.", most=TAKEN_AT_MOST_CENTS // 100)  # fmt: skip
    return _kept(held, wallets.pay_shown(by, held.wallet, shop, amount_cents, UUID(hex=held.nonce)))


def _locked(found: Ask, kind: str) -> Ask:
    held = Ask.objects.select_for_update(of=("self",)).select_related("wallet").get(pk=found.pk, kind=kind)
    if held.transfer is not None:
        raise RuleBroken("This code was already used: ask for another one.")
    if held.expires_at <= timezone.now():
        raise RuleBroken("This code is expired: ask for another one.")
    return held


def _kept(held: Ask, answer: Answer) -> Answer:
    if answer.reason is Reason.ACCEPTED:
        Ask.objects.filter(pk=held.pk).update(transfer=answer.transfers[0])
    return answer


def purge() -> int:
    """Erases codes that nobody used, a day after, and the others when labels are erased; tells how many."""
    now = timezone.now()
    unused, _by_model = Ask.objects.filter(transfer__isnull=True, expires_at__lt=now - timedelta(days=1)).delete()
    used, _by_model = Ask.objects.filter(expires_at__lt=now - _ASKS_KEPT).delete()
    return unused + used
