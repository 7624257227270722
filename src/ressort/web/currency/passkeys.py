"""A passkey signs one payment: payer, payee, amount and key are in the challenge that the device signs, for a few minutes.

The challenge is derived, not stored: HMAC of the payment and of its moment. A signature of one payment is none for another, and each is paid once.
"""

import json
from typing import Any
from uuid import UUID

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from fido2.webauthn import UserVerificationRequirement

from ressort.web.people.models import Person

#: a challenge is good until the end of the next such period
_PERIOD_S = 300


def has_passkey(person: Person) -> bool:
    """Whether a person registered a passkey or a security key."""
    return bool(person.authenticator_set.filter(type=Authenticator.Type.WEBAUTHN).exists())


def options(person: Person, payer: int, payee: int, amount_cents: int, key: UUID) -> dict[str, Any]:
    """What the browser asks the device to sign for one payment."""
    challenge = _challenge(person.pk, payer, payee, amount_cents, key, _period())
    asked, _state = auth.get_server().authenticate_begin(auth.get_credentials(person), _verification(), challenge)
    return dict(asked)


def is_signed(person: Person, payer: int, payee: int, amount_cents: int, key: UUID, credential: str) -> bool:
    """Whether a passkey of a person signed this very payment, just now."""
    try:
        given = auth.parse_authentication_response(json.loads(credential))
    except (ValueError, AttributeError, KeyError, RecursionError, ValidationError):
        return False
    server, known = auth.get_server(), auth.get_credentials(person)
    for period in (_period(), _period() - 1):
        challenge = _challenge(person.pk, payer, payee, amount_cents, key, period)
        _asked, state = server.authenticate_begin(known, _verification(), challenge)
        try:
            used = auth.get_authenticator_by_credential_id(
                person, server.authenticate_complete(state, known, given).credential_id
            )
        except ValueError:
            continue
        if used is not None:
            used.record_usage()
            return True
    return False


def _verification() -> UserVerificationRequirement:
    return UserVerificationRequirement(app_settings.WEBAUTHN_USER_VERIFICATION)


def _period() -> int:
    return int(timezone.now().timestamp()) // _PERIOD_S


def _challenge(person: int, payer: int, payee: int, amount_cents: int, key: UUID, period: int) -> bytes:
    text = f"{person}:{payer}:{payee}:{amount_cents}:{key}:{period}"
    return salted_hmac("ressort.web.currency.passkeys", text, algorithm="sha256").digest()
