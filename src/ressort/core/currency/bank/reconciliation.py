"""Lines of a statement beside what was expected: by reference, then by amount and day, never by guess."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ressort.core.currency.bank.statement import BankLine
from ressort.core.errors import RuleBroken

DAYS_APART = 5


@dataclass(frozen=True, slots=True)
class Expected:
    """An operation that the bank should tell: amount above zero when money comes in."""

    key: str
    day: date
    amount_cents: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A line and the operation it settles, and how they met."""

    line: int
    key: str
    by: Literal["reference", "amount_and_day"]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What met; what did not; and references found beside another amount, for somebody to look at."""

    matches: tuple[Match, ...]
    unmatched_lines: tuple[int, ...]
    unmatched_keys: tuple[str, ...]
    other_amounts: tuple[tuple[int, str], ...]


def reconcile(lines: Sequence[BankLine], expected: Sequence[Expected], days_apart: int = DAYS_APART) -> Reconciliation:
    """Each line meets one operation at most, and each operation one line.

    First an operation whose reference stands in the line, for the same amount; then one of the same amount within some days,
    when neither has another candidate. What remains is left to people.

    Args:
        lines: numbered by their place in the sequence, from 0.

    Raises:
        RuleBroken: an operation listed twice.
    """
    if len({one.key for one in expected}) < len(expected):
        raise RuleBroken("An operation is listed twice among those expected.")
    places = range(len(lines))
    named = {at: [one for one in expected if one.reference and _names(lines[at], one.reference)] for at in places}
    by_reference = {at: [one.key for one in some if one.amount_cents == lines[at].amount_cents] for at, some in named.items()}  # fmt: skip
    matches = [Match(at, key, "reference") for at, key in _only_pairs(by_reference)]
    lines_met, keys_met = {one.line for one in matches}, {one.key for one in matches}
    named_keys = {one.key for some in named.values() for one in some}
    free = [one for one in expected if one.key not in keys_met | named_keys]
    nameless = [at for at in places if at not in lines_met and not named[at]]
    by_amount = {at: [one.key for one in free if _near(lines[at], one, days_apart)] for at in nameless}
    matches += [Match(at, key, "amount_and_day") for at, key in _only_pairs(by_amount)]
    lines_met, keys_met = {one.line for one in matches}, {one.key for one in matches}
    others = [
        (at, one.key)
        for at in places
        if at not in lines_met
        for one in named[at]
        if one.key not in keys_met and one.amount_cents != lines[at].amount_cents
    ]
    return Reconciliation(
        tuple(matches), tuple(at for at in places if at not in lines_met),
        tuple(one.key for one in expected if one.key not in keys_met), tuple(others),
    )  # fmt: skip


def _near(line: BankLine, one: Expected, days_apart: int) -> bool:
    return one.amount_cents == line.amount_cents and abs((one.day - line.day).days) <= days_apart


def _names(line: BankLine, reference: str) -> bool:
    """Whether a reference stands in a line as a word of its own."""
    word = re.compile(rf"(?<![A-Z0-9]){re.escape(reference.upper())}(?![A-Z0-9])")
    return bool(word.search(line.reference.upper()) or word.search(line.label.upper()))


def _only_pairs(candidates: dict[int, list[str]]) -> list[tuple[int, str]]:
    """Pairs in which each is the only candidate of the other, again until none is left."""
    left = {at: set(keys) for at, keys in candidates.items()}
    pairs: list[tuple[int, str]] = []
    while True:
        lines_of: dict[str, list[int]] = defaultdict(list)
        for at, keys in left.items():
            for key in keys:
                lines_of[key].append(at)
        found = [(at, key) for at, keys in left.items() if len(keys) == 1 for key in keys if len(lines_of[key]) == 1]
        if not found:
            return sorted(pairs)
        pairs += found
        met = {key for _at, key in found}
        left = {at: keys - met for at, keys in left.items() if at not in dict(found)}
