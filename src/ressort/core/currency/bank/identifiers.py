"""Account numbers, creditor identifiers and the few characters that banks take."""

import re

import schwifty
from text_unidecode import unidecode

from ressort.core.errors import RuleBroken

MOST_NAME, MOST_LABEL, MOST_ID = 70, 140, 35
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")


def iban(text: str) -> str:
    """An account number without spaces, its country, length and check digits verified.

    >>> iban("fr76 3000 6000 0112 3456 7890 189")
    'FR7630006000011234567890189'
    """
    try:
        return str(schwifty.IBAN(text.strip().upper()))
    except ValueError as error:  # what schwifty raises for any fault of a number
        raise RuleBroken("“{given}” is not an IBAN: check its digits.", given=text) from error


def bic(text: str) -> str:
    """The code of a bank, its shape and country verified.

    >>> bic("agrifrpp")
    'AGRIFRPP'
    """
    try:
        return str(schwifty.BIC(text.strip().upper()))
    except ValueError as error:
        raise RuleBroken("“{given}” is not a BIC.", given=text) from error


def creditor_identifier(text: str) -> str:
    """A SEPA creditor identifier (ICS), its check digits verified: two letters, two digits, three characters, the number.

    >>> creditor_identifier("FR72ZZZ123456")
    'FR72ZZZ123456'
    """
    plain = text.replace(" ", "").upper()
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}", plain):
        digits = "".join(str(int(letter, 36)) for letter in plain[7:] + plain[:4])
        if int(digits) % 97 == 1:
            return plain
    raise RuleBroken("“{given}” is not a creditor identifier (ICS): check its digits.", given=text)


def bank_text(text: str, most: int) -> str:
    """Free text in the characters that banks take, cut to a length.

    >>> bank_text("Ferme de l’Œuvre & Cie — n° 5", 70)
    "Ferme de l'OEuvre Cie -- ndeg 5"
    """
    plain = " ".join(_FOREIGN.sub(" ", unidecode(text)).split())[:most].strip()
    if not plain:
        raise RuleBroken("“{given}” holds no character that a bank takes.", given=text)
    return plain


def bank_id(text: str) -> str:
    """A reference that travels unchanged: at most 35 characters that banks take, no “/” at an end, nor two of them.

    >>> bank_id("PAYOUT-2026-06/12")
    'PAYOUT-2026-06/12'
    """
    wrong = not text or len(text) > MOST_ID or text != text.strip() or _FOREIGN.search(text)
    if wrong or text.startswith("/") or text.endswith("/") or "//" in text:
        raise RuleBroken("“{given}” cannot be a reference: at most 35 letters, digits or /-?:().,'+ without “/” at an end.", given=text)  # fmt: skip
    return text
