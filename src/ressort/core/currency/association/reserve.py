"""The euros behind the units: both funds, their identities, and the certificate of a day.

claims = units owed to somebody        cover = reserve + transit (tills, deposit banks, swap)        I7: cover ≥ claims
bank check: statement of the reserve account = reserve + redemptions still to pay out
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ressort.core.currency.chart import KINDS
from ressort.core.errors import InputError, RuleBroken

FundName = Literal["paper", "digital"]
FUNDS: tuple[FundName, ...] = ("paper", "digital")
_CONFIRMERS = 2


@dataclass(frozen=True, slots=True)
class Fund:
    """One fund on a day, in cents. `transit` is euros on their way to the dedicated account."""

    claims_cents: int
    reserve_cents: int
    transit_cents: int
    payable_cents: int

    @property
    def cover_cents(self) -> int:
        """Euros behind the units, wherever they are."""
        return self.reserve_cents + self.transit_cents

    @property
    def is_covered(self) -> bool:
        """I7."""
        return self.cover_cents >= self.claims_cents

    @property
    def strict_share(self) -> float | None:
        """What is already on the dedicated account, over the units owed; None when none is."""
        return self.reserve_cents / self.claims_cents if self.claims_cents else None

    @property
    def cover_share(self) -> float | None:
        """Cover over units owed; None when none is."""
        return self.cover_cents / self.claims_cents if self.claims_cents else None

    @property
    def statement_cents(self) -> int:
        """What the statement of the reserve account must say."""
        return self.reserve_cents + self.payable_cents


def fund(balances_cents: Mapping[str, int], name: FundName) -> Fund:
    """A fund from the balance of each kind of account; a kind left out is empty."""
    counts = {kind.code: getattr(kind, name) for kind in KINDS}
    held = {code: balances_cents.get(code, 0) for code in counts}
    reserve = held[f"reserve_{name}"]
    cover = sum(cents for code, cents in held.items() if counts[code] == 1)
    claims = sum(cents for code, cents in held.items() if counts[code] == -1)
    return Fund(claims, reserve, cover - reserve, held[f"payable_{name}"])


def broken_identities(balances_cents: Mapping[str, int]) -> list[str]:
    """The identities of the chart that balances do not keep, by name; none in a ledger that holds."""
    held = {kind.code: balances_cents.get(kind.code, 0) for kind in KINDS}
    notes = ("notes_safe", "notes_transit", "notes_circulation", "office_notes_stock", "office_notes_till", "office_notes_returns")  # fmt: skip
    checks = {
        "claims_digital": fund(balances_cents, "digital").claims_cents == -held["digital_issue"],
        "swap": held["swap_paper"] + held["swap_digital"] == 0,
        "notes": -held["notes_issue"] == sum(held[code] for code in notes),
        "euros": sum(held[kind.code] for kind in KINDS if kind.is_euro) == 0,
        "I7_paper": fund(balances_cents, "paper").is_covered,
        "I7_digital": fund(balances_cents, "digital").is_covered,
    }
    return [name for name, holds in checks.items() if not holds]


@dataclass(frozen=True, slots=True)
class Statement:
    """What the bank says of the account of a fund."""

    reference: str
    cents: int


def certificate(
    currency: str, day: date, balances_cents: Mapping[str, int], statements: Mapping[FundName, Statement], head: str,
    confirmed_by: Sequence[str], nature: str | None = None,
) -> bytes:  # fmt: skip
    """The certificate of a day, as bytes that a key signs: currency, funds, bank statements and their difference, head of the chain, two names.

    Args:
        currency: its code. nature: real, sandbox or simulated, where it is known: the signature holds for it too.

    Raises:
        RuleBroken: an identity broken, units without euros, or fewer than two different people who confirm.
    """
    broken = broken_identities(balances_cents)
    if broken:
        raise RuleBroken("The reserve cannot be certified: {names} do not hold. Verify the ledger, and issue nothing until then.", names=broken)  # fmt: skip
    people = sorted({" ".join(name.split()) for name in confirmed_by} - {""})
    if len(people) < _CONFIRMERS:
        raise RuleBroken("Two different people confirm a certificate; it names {count}.", count=len(people))
    told = {}
    for name in FUNDS:
        one, statement = fund(balances_cents, name), statements.get(name)
        told[name] = {
            "claims_cents": one.claims_cents,
            "reserve_cents": one.reserve_cents,
            "transit_cents": one.transit_cents,
            "payable_cents": one.payable_cents,
            "cover_cents": one.cover_cents,
            "statement_reference": statement.reference if statement else None,
            "statement_cents": statement.cents if statement else None,
            "difference_cents": statement.cents - one.statement_cents if statement else None,
        }
    body = {
        "certificate": "ressort-reserve-2", "currency": currency, "nature": nature, "day": f"{day:%Y-%m-%d}", "funds": told, "head": head,
        "confirmed_by": people,
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signed(body: bytes, key: Ed25519PrivateKey) -> dict[str, str]:
    """The certificate, its signature and the public key that checks it, in hexadecimal."""
    return {
        "body": body.decode(),
        "signature": key.sign(body).hex(),
        "public_key": key.public_key().public_bytes_raw().hex(),
    }


def check_signed(told: Mapping[str, str], public_key: str) -> bytes:
    """The body of a signed certificate.

    Args:
        public_key: the key published before, in hexadecimal; the one that the certificate carries proves nothing.

    Raises:
        RuleBroken: another key, or a body that was changed. InputError: this is no signed certificate.
    """
    try:
        body, signature = told["body"].encode(), bytes.fromhex(told["signature"])
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise InputError("This is no signed certificate, or no public key of 64 hexadecimal digits.") from error
    try:
        key.verify(signature, body)
    except InvalidSignature as error:
        raise RuleBroken("The certificate was changed, or signed by another key.") from error
    return body
