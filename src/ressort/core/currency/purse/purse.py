"""An offline purse, one hop: units held beforehand, a key in the device, signed counters, a bounded loss."""

import struct
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ressort.core.currency.ledger import EPOCH
from ressort.core.currency.purse.codes import CERTIFICATE, PAYMENT, SURRENDER, sealed, verified
from ressort.core.errors import InputError, RuleBroken

PAYMENT_CAP_CENTS, PURSE_CAP_CENTS, CERTIFICATE_DAYS = 2_000, 5_000, 7
#: clocks of devices may differ by so many days
SKEW_DAYS = 1
_CERTIFICATE, _PAYMENT = struct.Struct(">IQ32sIIi"), struct.Struct(">16sQII32si")
_SURRENDER = struct.Struct(">16sII32si")
_NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the server grants to a device: so many cents held for it, until a day."""

    ledger: int
    purse: int
    device_key: bytes
    cap_cents: int
    counter_start: int
    expires_on: date

    def signed(self, server: Ed25519PrivateKey) -> bytes:
        """Its bytes, signed by the server."""
        if not 0 < self.cap_cents <= PURSE_CAP_CENTS:
            raise RuleBroken("A purse holds {most_cents} at most.", most_cents=PURSE_CAP_CENTS)
        days = (self.expires_on - EPOCH).days
        return sealed(CERTIFICATE, _CERTIFICATE.pack(self.ledger, self.purse, self.device_key, self.cap_cents, self.counter_start, days), server)  # fmt: skip


def read_certificate(content: bytes, server: Ed25519PublicKey) -> Certificate:
    """A certificate whose signature holds."""
    try:
        ledger, purse, key, cap, start, days = _CERTIFICATE.unpack(verified(CERTIFICATE, content, server))
    except struct.error as error:
        raise InputError("This code is damaged.") from error
    return Certificate(ledger, purse, key, cap, start, EPOCH + timedelta(days))


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment signed by a device, chained to the one before; `certificate` is the digest of its certificate."""

    certificate: bytes
    payee: int
    amount_cents: int
    counter: int
    previous: bytes
    day: date


@dataclass(frozen=True, slots=True)
class Surrender:
    """The last state of a purse, signed by its device, which will sign no more: what it signed in all, up to which counter."""

    certificate: bytes
    counter: int
    signed_cents: int
    previous: bytes
    day: date


@dataclass(frozen=True, slots=True)
class Purse:
    """What a device keeps: its certificate, what it signed in all, its counter and the digest of its last payment."""

    certificate: bytes
    cap_cents: int
    expires_on: date
    counter: int
    signed_cents: int = 0
    previous: bytes = _NOTHING

    def pay(self, key: Ed25519PrivateKey, payee: int, amount_cents: int, day: date) -> tuple[bytes, "Purse"]:
        """A signed payment, and the purse once it is made.

        Raises:
            RuleBroken: too much at once or in all, or an expired certificate.
        """
        if not 0 < amount_cents <= PAYMENT_CAP_CENTS:
            raise RuleBroken("An offline payment is {most_cents} at most.", most_cents=PAYMENT_CAP_CENTS)
        if self.signed_cents + amount_cents > self.cap_cents:
            raise RuleBroken("The purse holds {left_cents} only.", left_cents=self.cap_cents - self.signed_cents)
        if day > self.expires_on:
            raise RuleBroken("The purse expired on {day}: load it again on line.", day=str(self.expires_on))
        body = _PAYMENT.pack(digest(self.certificate)[:16], payee, amount_cents, self.counter + 1, self.previous, (day - EPOCH).days)  # fmt: skip
        content = sealed(PAYMENT, body, key)
        done = replace(self, counter=self.counter + 1, signed_cents=self.signed_cents + amount_cents, previous=digest(content))  # fmt: skip
        return content, done

    def surrender(self, key: Ed25519PrivateKey, day: date) -> bytes:
        """The last words of the purse: what it signed in all. What it did not sign returns at once."""
        body = _SURRENDER.pack(digest(self.certificate)[:16], self.counter, self.signed_cents, self.previous, (day - EPOCH).days)  # fmt: skip
        return sealed(SURRENDER, body, key)


def payee_number(ledger: int, alias: str) -> int:
    """Whom an offline payment names: eight bytes drawn from an alias, which a device works out without network.

    The number of an account stays unknown to whoever pays.

    >>> payee_number(7, "epicerie-du-port")
    3935798723547447531
    """
    return int.from_bytes(digest(f"{ledger}:{alias}".encode())[:8], "big")


def loaded(content: bytes, server: Ed25519PublicKey) -> Purse:
    """The purse of a device that was just given its certificate."""
    told = read_certificate(content, server)
    return Purse(content, told.cap_cents, told.expires_on, told.counter_start)


def digest(content: bytes) -> bytes:
    """SHA-256 of signed bytes: what a payment is settled under, once.

    >>> digest(b"")[:4].hex()
    'e3b0c442'
    """
    return sha256(content).digest()


def read_payment(content: bytes, certificate: bytes, server: Ed25519PublicKey) -> tuple[Certificate, Payment]:
    """A payment and its certificate, both signatures verified.

    Raises:
        InputError: forged or damaged. RuleBroken: a payment of another certificate, of another amount or counter than allowed.
    """
    told = read_certificate(certificate, server)
    try:
        device = Ed25519PublicKey.from_public_bytes(told.device_key)
        named, payee, cents, counter, previous, days = _PAYMENT.unpack(verified(PAYMENT, content, device))
    except struct.error as error:
        raise InputError("This code is damaged.") from error
    found = Payment(named, payee, cents, counter, previous, _day(days))
    if named != digest(certificate)[:16]:
        raise RuleBroken("This payment was signed under another certificate.")
    if not 0 < cents <= min(PAYMENT_CAP_CENTS, told.cap_cents) or counter <= told.counter_start:
        raise RuleBroken("This payment is not one that its certificate allows.")
    return told, found


def read_surrender(content: bytes, certificate: bytes, server: Ed25519PublicKey) -> tuple[Certificate, Surrender]:
    """A surrender and its certificate, both signatures verified.

    Raises:
        InputError: forged or damaged. RuleBroken: of another certificate, or of more than it allows.
    """
    told = read_certificate(certificate, server)
    try:
        device = Ed25519PublicKey.from_public_bytes(told.device_key)
        named, counter, signed, previous, days = _SURRENDER.unpack(verified(SURRENDER, content, device))
    except struct.error as error:
        raise InputError("This code is damaged.") from error
    if named != digest(certificate)[:16]:
        raise RuleBroken("This payment was signed under another certificate.")
    if signed > told.cap_cents or counter < told.counter_start:
        raise RuleBroken("This payment is not one that its certificate allows.")
    return told, Surrender(named, counter, signed, previous, _day(days))


def _day(days: int) -> date:
    """A day that a device wrote: whatever it wrote."""
    if not 0 <= days < 100_000:
        raise InputError("This code is damaged.")
    return EPOCH + timedelta(days)


def accept(
    content: bytes, certificate: bytes, server: Ed25519PublicKey, payee: int, today: date, last: Payment | None = None, last_digest: bytes = _NOTHING
) -> Payment:  # fmt: skip
    """A payment that a merchant may accept offline: not settled yet, and never to be spent before it is.

    Args:
        last, last_digest: the last payment seen from this purse, if any.

    Raises:
        InputError, RuleBroken: forged, for somebody else, expired, of a day too far away, or out of the order of the purse.
    """
    told, found = read_payment(content, certificate, server)
    if found.payee != payee:
        raise RuleBroken("This payment is for somebody else.")
    if today > told.expires_on + timedelta(SKEW_DAYS) or found.day > told.expires_on:
        raise RuleBroken("The purse expired on {day}: load it again on line.", day=str(told.expires_on))
    if abs((found.day - today).days) > SKEW_DAYS:
        raise RuleBroken("This payment is dated {day}: the clocks differ by more than a day.", day=str(found.day))
    if last is not None and last.certificate == found.certificate:
        if found.counter <= last.counter:
            raise RuleBroken("This payment was already seen, or the purse went back in time.")
        if found.counter == last.counter + 1 and found.previous != last_digest:
            raise RuleBroken("This payment does not follow the last one of the purse: it was copied.")
    return found
