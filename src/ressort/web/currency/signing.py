"""The keys with which this server signs codes and certificates: drawn from its secret, with overlap when the secret is changed.

`SECRET_KEY` signs; the keys of `SECRET_KEY_FALLBACKS` (RESSORT_OLD_SECRETS) still verify, as long as they are given.
"""

from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"ressort currency codes 1"
_SIGNATURE_BYTES = 64


@cache
def _key(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def signing_key() -> Ed25519PrivateKey:
    """What signs today."""
    return _key(settings.SECRET_KEY)


def public_keys() -> list[Ed25519PublicKey]:
    """What verifies: today's key first, then those before it."""
    return [_key(one).public_key() for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def public_key_for(content: bytes) -> Ed25519PublicKey:
    """The key that signed some bytes, among ours; today's when none did, so that the reader refuses them."""
    for one in public_keys():
        try:
            one.verify(content[-_SIGNATURE_BYTES:], content[:-_SIGNATURE_BYTES])
            return one
        except InvalidSignature:
            continue
    return public_keys()[0]
