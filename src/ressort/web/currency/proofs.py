"""Who pays a large amount proves again who they are, for that payment and no other: payer, payee, amount and key are in the proof.

A proof is an object made here after a second factor (a passkey that signed this payment, a code of the authenticator, a recovery code) or, for
whoever has none, the password was verified; `wallets.pay` refuses a large amount without the one of that very payment.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from ressort.core.errors import RuleBroken
from ressort.reference.currency_parameters import parameter
from ressort.web.currency import passkeys
from ressort.web.currency.models import Wallet
from ressort.web.people.models import Person

#: above this, whoever pays proves again who they are (hypothesis)
ABOVE_CENTS = int(parameter("reauthentication_above_cents"))
_CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


@dataclass(frozen=True, slots=True)
class Proof:
    """That a person was there for one payment."""

    person: int
    payer: int
    payee: int
    amount_cents: int
    key: UUID


def is_needed(amount_cents: int) -> bool:
    """Whether an amount asks for a proof."""
    return amount_cents > ABOVE_CENTS


def asked(person: Person, payer: Wallet, payee: Wallet, amount_cents: int, key: UUID) -> dict[str, Any] | None:
    """What a page shows to ask for the proof of one payment: what to type (`way`), what a passkey signs; None when the amount asks for none."""
    if not is_needed(amount_cents):
        return None
    told: dict[str, Any] = {"number": payer.pk, "way": _way(person), "data": f"passkey-data-{payer.pk}"}
    if passkeys.has_passkey(person):
        told["passkey"] = {"request_options": passkeys.options(person, payer.pk, payee.pk, amount_cents, key)}
    return told


def _way(person: Person) -> str:
    """What a person may type: a code of the authenticator, a recovery code, the password; nothing with a passkey alone."""
    held = set(person.authenticator_set.values_list("type", flat=True))
    if Authenticator.Type.TOTP in held:
        return "code"
    if Authenticator.Type.WEBAUTHN in held:
        return "recovery" if Authenticator.Type.RECOVERY_CODES in held else ""
    return "password"


def prove(
    request: HttpRequest, payer: Wallet, payee: Wallet, amount_cents: int, key: UUID, secret: str, credential: str = ""
) -> Proof | None:
    """The proof for one payment; None when the amount asks for none. Ten tries a minute.

    Raises:
        RuleBroken: the code, the password or the signature is not right, or was tried too often.
    """
    if not is_needed(amount_cents):
        return None
    person = request.user
    assert isinstance(person, Person)
    if not ratelimit.consume(request, action="reauthenticate", user=person):
        raise RuleBroken("Too many tries: wait a minute.")
    if credential:
        if not passkeys.is_signed(person, payer.pk, payee.pk, amount_cents, key, credential):
            raise RuleBroken("Your passkey did not sign this payment, or it waited too long. Nothing was paid: use it again.")  # fmt: skip
    elif not _holds(person, secret.strip()):
        raise RuleBroken("This is not the code or password of your account, or the code was already used. Nothing was paid.")  # fmt: skip
    return Proof(person.pk, payer.pk, payee.pk, amount_cents, key)


def _holds(person: Person, secret: str) -> bool:
    if not secret:
        return False
    if _way(person) != "password":
        return any(one.wrap().validate_code(secret) for one in person.authenticator_set.filter(type__in=_CODES))
    return bool(person.check_password(secret))


def require(who: Person, payer: Wallet, payee: Wallet, amount_cents: int, key: UUID, proof: Proof | None) -> None:
    """Lets a payment through if it needs no proof, or bears its own.

    Raises:
        RuleBroken: the proof is missing, or is that of another payment.
    """
    if is_needed(amount_cents) and proof != Proof(who.pk, payer.pk, payee.pk, amount_cents, key):
        raise RuleBroken("Above {most} units, prove again who you are for this payment.", most=ABOVE_CENTS // 100)
