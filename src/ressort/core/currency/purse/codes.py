"""What a QR code holds: never a name, a balance or a right; at most 213 bytes, signed where it asks for something.

scheme "R", version, type ▸ fields of fixed width, big-endian ▸ Ed25519 signature of all that comes before
"""

import struct
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ressort.core.errors import InputError, RuleBroken

#: binary capacity of a QR code of version 10 at level M
MOST_BYTES = 213
MOST_ALIAS_BYTES = 64
PAYER_SECONDS = 60
SIGNATURE_BYTES = 64
_HEAD = struct.Struct(">cBB")
_SCHEME, _VERSION = b"R", 1
STATIC, REQUEST, PAYER, CERTIFICATE, PAYMENT, SURRENDER = 1, 2, 3, 4, 5, 6
_REQUEST, _PAYER = struct.Struct(">IQQ16sQ"), struct.Struct(">I16sQ")


@dataclass(frozen=True, slots=True)
class StaticCode:
    """The code on a counter: where to pay, the alias of an account. It conveys no right."""

    ledger: int
    alias: str


@dataclass(frozen=True, slots=True)
class RequestCode:
    """A payment asked, once, until a second of the clock."""

    ledger: int
    payee: int
    amount_cents: int
    nonce: bytes
    expires: int


@dataclass(frozen=True, slots=True)
class PayerCode:
    """What a client shows to a shop: one use, a minute at most."""

    ledger: int
    nonce: bytes
    expires: int


def static_code(code: StaticCode) -> bytes:
    """The bytes of a static code."""
    alias = code.alias.encode()
    if not 0 < len(alias) <= MOST_ALIAS_BYTES:
        raise RuleBroken("An alias holds 1 to {most} bytes.", most=MOST_ALIAS_BYTES)
    return _HEAD.pack(_SCHEME, _VERSION, STATIC) + struct.pack(">I", code.ledger) + alias


def request_code(code: RequestCode, key: Ed25519PrivateKey) -> bytes:
    """The bytes of a request, signed by the server of the payee."""
    if code.amount_cents <= 0:
        raise RuleBroken("A request asks for an amount above zero.")
    return sealed(REQUEST, _REQUEST.pack(code.ledger, code.payee, code.amount_cents, code.nonce, code.expires), key)


def payer_code(code: PayerCode, key: Ed25519PrivateKey) -> bytes:
    """The bytes of a payer code, signed by the server."""
    return sealed(PAYER, _PAYER.pack(code.ledger, code.nonce, code.expires), key)


def read_static(content: bytes, ledger: int) -> StaticCode:
    """A static code of this currency.

    Raises:
        InputError: no code of ours. RuleBroken: another currency.
    """
    body = opened(STATIC, content)
    try:
        found = StaticCode(struct.unpack(">I", body[:4])[0], body[4:].decode())
    except (struct.error, UnicodeDecodeError) as error:
        raise InputError("This code is damaged.") from error
    _same_ledger(found.ledger, ledger)
    return found


def read_request(content: bytes, ledger: int, key: Ed25519PublicKey, now: int, used: Collection[bytes]) -> RequestCode:
    """A request that may be paid now.

    Args:
        now: seconds of the clock. used: nonces already paid.

    Raises:
        InputError: no code of ours, or a forged one. RuleBroken: another currency, expired, already used.
    """
    found = RequestCode(*_unpacked(_REQUEST, verified(REQUEST, content, key)))
    _usable(found.ledger, ledger, found.expires, now, found.nonce, used)
    return found


def read_payer(content: bytes, ledger: int, key: Ed25519PublicKey, now: int, used: Collection[bytes]) -> PayerCode:
    """A payer code that may be used now; one that lasts longer than a minute is none.

    Raises:
        InputError, RuleBroken: as for a request.
    """
    found = PayerCode(*_unpacked(_PAYER, verified(PAYER, content, key)))
    _usable(found.ledger, ledger, found.expires, now, found.nonce, used)
    if found.expires - now > PAYER_SECONDS:
        raise RuleBroken("A payer code lasts {seconds} seconds at most.", seconds=PAYER_SECONDS)
    return found


def sealed(kind: int, body: bytes, key: Ed25519PrivateKey) -> bytes:
    """A body with its head and signature."""
    content = _HEAD.pack(_SCHEME, _VERSION, kind) + body
    return content + key.sign(content)


def opened(kind: int, content: bytes) -> bytes:
    """What follows the head of a code of a kind."""
    if len(content) > MOST_BYTES or len(content) <= _HEAD.size or content[:1] != _SCHEME:
        raise InputError("This is no code of a local currency.")
    if content[1] != _VERSION:
        raise InputError("This code has version {given}, which is not known here: bring the program up to date.", given=content[1])  # fmt: skip
    if content[2] != kind:
        raise InputError("This code is of another kind than the one expected.")
    return content[_HEAD.size :]


def verified(kind: int, content: bytes, key: Ed25519PublicKey) -> bytes:
    """The body of a signed code, its signature verified."""
    body = opened(kind, content)
    try:
        key.verify(content[-SIGNATURE_BYTES:], content[:-SIGNATURE_BYTES])
    except InvalidSignature as error:
        raise InputError("This code is forged or damaged: its signature does not hold.") from error
    return body[:-SIGNATURE_BYTES]


def _unpacked(shape: struct.Struct, body: bytes) -> tuple[Any, ...]:
    try:
        return shape.unpack(body)
    except struct.error as error:
        raise InputError("This code is damaged.") from error


def _same_ledger(given: int, ledger: int) -> None:
    if given != ledger:
        raise RuleBroken("This code is of another currency ({given}).", given=given)


def _usable(given: int, ledger: int, expires: int, now: int, nonce: bytes, used: Collection[bytes]) -> None:
    _same_ledger(given, ledger)
    if now >= expires:
        raise RuleBroken("This code is expired: ask for another one.")
    if nonce in used:
        raise RuleBroken("This code was already used: ask for another one.")
