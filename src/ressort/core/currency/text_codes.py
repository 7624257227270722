"""What somebody writes in a text message to their currency: words in, an order out. No gateway is known here.

SOLDE · PAYER 12,50 epicerie-du-port · OUI 4821 · STOP · AIDE       (BALANCE, PAY, YES, HELP)
"""

import re
from dataclasses import dataclass
from typing import Literal

from ressort.core.currency.amounts import cents_of
from ressort.core.errors import InputError, RuleBroken
from ressort.core.letters import bare

Kind = Literal["balance", "pay", "confirm", "stop", "help"]
#: a text message, and those that telephones cut and join again
MOST_CHARACTERS = 306
#: what a message moves at most, and a day of messages (hypotheses: a telephone is lent, a sender is forged)
MOST_CENTS, MOST_CENTS_A_DAY = 2_000, 5_000
_WORDS: dict[str, Kind] = {
    "solde": "balance", "balance": "balance", "payer": "pay", "paye": "pay", "pay": "pay", "oui": "confirm", "yes": "confirm",
    "stop": "stop", "aide": "help", "help": "help",
}  # fmt: skip
_ALIAS = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")
_CODE = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")


@dataclass(frozen=True, slots=True)
class Order:
    """What a message asks."""

    kind: Kind
    amount_cents: int = 0
    alias: str = ""
    code: str = ""


def order(text: str) -> Order:
    """The order that a message holds, whatever its capitals and accents.

    Raises:
        InputError: none, or not whole. RuleBroken: more than a message may move.

    >>> order("Payer 12,50 epicerie-du-port")
    Order(kind='pay', amount_cents=1250, alias='epicerie-du-port', code='')
    >>> order(" oui 4821 ").code
    '4821'
    """
    words = bare(text[: MOST_CHARACTERS + 1]).split()
    kind = _WORDS.get(words[0]) if words and len(text) <= MOST_CHARACTERS else None
    if kind is None:
        raise InputError("This message is not understood. Write SOLDE, PAYER 12,50 NAME, OUI CODE, STOP or AIDE.")
    rest = words[1:]
    if kind == "pay":
        return _payment(rest)
    if kind == "confirm":
        if len(rest) != 1 or not _CODE.fullmatch(rest[0]):
            raise InputError("To confirm, write OUI and the four digits that you were sent.")
        return Order(kind, code=rest[0])
    return Order(kind)


def _payment(words: list[str]) -> Order:
    if len(words) != 2 or not _ALIAS.fullmatch(words[1]):
        raise InputError("To pay, write PAYER, the amount, and the name of the account: PAYER 12,50 epicerie-du-port.")
    cents = cents_of(words[0])
    if cents > MOST_CENTS:
        raise RuleBroken("A message pays {most} units at most: pay from the site instead.", most=MOST_CENTS // 100)
    return Order("pay", cents, words[1])


def telephone(text: str) -> str:
    """A telephone number in its international form.

    Raises:
        InputError: it is none.

    >>> telephone("06 12 34 56 78"), telephone("+32 470 12 34 56")
    ('+33612345678', '+32470123456')
    """
    digits = re.sub(r"[ .\-()]", "", text.strip())
    digits = f"+33{digits[1:]}" if re.fullmatch(r"0[1-9][0-9]{8}", digits) else digits
    if not _NUMBER.fullmatch(digits):
        raise InputError("“{given}” is no telephone number: write +33612345678.", given=text[:40])
    return digits
