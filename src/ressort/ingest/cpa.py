"""Codes of products and activities (CPA, NACE) as sets of divisions: which holds which, and to which branch of A38 each belongs."""

import re
from functools import cache

from ressort.core.errors import SourceRefused
from ressort.reference import table

#: first and last division of each section, from the nomenclature
SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47), "H": (49, 53), "I": (55, 56),
    "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82), "O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93),
    "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip
PREFIX = "CPA_"
_ONE = re.compile(r"([A-Z])(\d\d)(?:([-_])[A-Z]?(\d\d))?([A-Z])?")
_SECTIONS = re.compile(r"([A-Z])(?:-([A-Z]))?")


def divisions(code: str) -> frozenset[str]:
    """The divisions that a code holds; empty when it is no such code (a total, a row of accounts).

    >>> sorted(divisions("CPA_C10-12")), sorted(divisions("C31_C32")), sorted(divisions("CPA_L68A"))
    (['10', '11', '12'], ['31', '32'], ['68A'])
    >>> sorted(divisions("CPA_B")), sorted(divisions("CPA_TOTAL"))
    (['05', '06', '07', '08', '09'], [])
    """
    bare = code.removeprefix(PREFIX)
    if whole := _SECTIONS.fullmatch(bare):
        first, last = whole[1], whole[2] or whole[1]
        if first not in SECTIONS or last not in SECTIONS:
            return frozenset()
        return frozenset(f"{n:02d}" for n in range(SECTIONS[first][0], SECTIONS[last][1] + 1))
    one = _ONE.fullmatch(bare)
    if not one or one[1] not in SECTIONS:
        return frozenset()
    if one[5]:
        return frozenset([f"{one[2]}{one[5]}"])
    if one[3] == "_":
        return frozenset([one[2], one[4]])
    return frozenset(f"{n:02d}" for n in range(int(one[2]), int(one[4] or one[2]) + 1))


def leaves(codes: list[str]) -> list[str]:
    """The products that hold no other one, once each, in order: sub-totals stand among them in the published table.

    >>> leaves(["CPA_B", "CPA_B05", "CPA_B06", "CPA_D", "CPA_D35", "CPA_TOTAL", "D1"])
    ['CPA_B05', 'CPA_B06', 'CPA_D35']
    """
    held = {code: divisions(code) for code in codes if code.startswith(PREFIX)}
    held = {code: parts for code, parts in held.items() if parts}
    return [code for code in held if not any(_holds(code, other, held) for other in held if other != code)]


def _holds(code: str, other: str, held: dict[str, frozenset[str]]) -> bool:
    """Is `other` a part of `code`, or the same under a longer name?"""
    mine, theirs = held[code], held[other]
    if mine == theirs:
        return len(other) > len(code)
    return all(part in mine or part[:2] in mine for part in theirs)


@cache
def branch_of(code: str) -> str:
    """The branch of A38 of a product.

    Raises:
        SourceRefused: a code that belongs to several branches, or to none.
    """
    found = {_branches().get(part[:2], "") for part in divisions(code)}
    if len(found) != 1 or found == {""}:
        raise SourceRefused(
            "The product {code} belongs to several branches, or to none: a finer table is needed.", code=code
        )
    return found.pop()


def branch_of_activity(code: str) -> str:
    """The branch of A38 of an activity of the French nomenclature, by its division.

    >>> branch_of_activity("86.10Z"), branch_of_activity("29.10Z")
    ('QZ', 'CL')

    Raises:
        SourceRefused: a code that belongs to no branch.
    """
    found = _branches().get(code[:2])
    if found is None:
        raise SourceRefused("The activity {code} belongs to no branch.", code=code)
    return found


@cache
def _branches() -> dict[str, str]:
    """The branch of A38 of each division, from the 56 branches that make it; extraterritorial bodies go with the last one."""
    rows = table("economy/branches_56").select("branch", "a38").iter_rows()
    return {part: str(a38) for code, a38 in rows for part in divisions(code)} | {"98": "TU", "99": "TU"}
