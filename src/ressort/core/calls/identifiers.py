"""French numbers of undertakings and associations: SIREN, SIRET, RNA."""

import re

#: La Poste numbers its offices outside Luhn's rule: their digits sum to a multiple of five
_LA_POSTE = "356000000"


def is_siren(text: str) -> bool:
    """Nine digits that Luhn's rule accepts.

    >>> is_siren("732829320"), is_siren("732829321")
    (True, False)
    """
    return re.fullmatch(r"[0-9]{9}", text) is not None and _luhn(text)


def is_siret(text: str) -> bool:
    """Fourteen digits that Luhn's rule accepts, the first nine being a SIREN; offices of La Poste have their own rule.

    >>> is_siret("73282932000074"), is_siret("73282932000075"), is_siret("35600000000048")
    (True, False, True)
    """
    if re.fullmatch(r"[0-9]{14}", text) is None:
        return False
    if text.startswith(_LA_POSTE):
        return _luhn(text) or sum(map(int, text)) % 5 == 0
    return is_siren(text[:9]) and _luhn(text)


def is_rna(text: str) -> bool:
    """W and nine digits: the number of an association in the national register."""
    return re.fullmatch(r"W[0-9]{9}", text) is not None


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
