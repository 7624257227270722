"""What the lines of a FEC must be together: entries that balance, follow each other, and are told in order."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ressort.core.currency.accounting.cells import cents_of, day_of
from ressort.core.currency.accounting.columns import decimal_comma
from ressort.core.problem import Problem

_NUMBER = re.compile(r"(.*?)([0-9]{1,18})")
#: how journals of opening balances are called
_OPENING = re.compile(r"A\.?N\.?O?|R\.?A\.?N\.?|OUV|.*NOUVEAUX?.*", re.IGNORECASE)


@dataclass(slots=True)
class _Entry:
    """An entry under way."""

    line: int
    journal: str
    number: str
    opening: bool
    days: tuple[str, str] = ("", "")
    cents: int = 0
    readable: bool = True
    profit: bool = False
    classes: set[str] = field(default_factory=set)


@dataclass
class Sequence:
    """Follows a file line by line; `take` tells what a line breaks, `finish` what the whole breaks.

    `debit_cents` and `credit_cents` are the totals, `entries` the number of entries.
    """

    closing: date | None = None
    entries: int = 0
    debit_cents: int = 0
    credit_cents: int = 0
    _current: _Entry | None = None
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _numbers: list[tuple[int, str, str]] = field(default_factory=list)
    _validated: date | None = None
    _is_past_opening: bool = False
    _letters: dict[tuple[str, str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def take(self, line: int, row: dict[str, str]) -> Iterator[Problem]:
        """The next line of the file."""
        key = row["JournalCode"], row["EcritureNum"]
        if self._current is None or key != (self._current.journal, self._current.number):
            yield from self._close()
            yield from self._open(line, row, key)
        yield from self._add(line, row)

    def finish(self) -> Iterator[Problem]:
        """What only the end of the file tells."""
        yield from self._close()
        yield from _gaps(self._numbers)

    def advice(self) -> Iterator[Problem]:
        """Matchings that do not settle each other: allowed while a matching is partial, worth a look."""
        for (account, auxiliary, letters), (line, count, cents) in self._letters.items():
            if count == 1 or cents:
                facts = {"letters": letters, "account": f"{account} {auxiliary}".strip(), "rest": decimal_comma(cents)}
                yield Problem(line, "EcritureLet", "the lines matched {letters} of account {account} do not settle each other: {rest} is left.", facts)  # fmt: skip

    def _open(self, line: int, row: dict[str, str], key: tuple[str, str]) -> Iterator[Problem]:
        opening = bool(_OPENING.fullmatch(key[0].strip()) or _OPENING.fullmatch(row["JournalLib"].strip()))
        self._current = _Entry(line, *key, opening=opening, days=(row["EcritureDate"], row["ValidDate"]))
        self.entries += 1
        if key in self._seen:
            yield Problem(line, "EcritureNum", "entry {number} comes back after another one: its lines must follow each other.", {"number": key[1]})  # fmt: skip
        else:
            self._numbers.append((line, *key))
        self._seen.add(key)
        if opening and self._is_past_opening:
            yield Problem(line, "JournalCode", "opening balances come after other entries: they come first.")
        self._is_past_opening |= not opening
        yield from self._in_order(line, row, opening)

    def _in_order(self, line: int, row: dict[str, str], opening: bool) -> Iterator[Problem]:
        validated = day_of(row["ValidDate"])
        if validated is None or opening:
            return
        if self._validated and validated < self._validated:
            facts = {"day": f"{validated:%Y%m%d}", "before": f"{self._validated:%Y%m%d}"}
            yield Problem(
                line,
                "ValidDate",
                "validated on {day}, after an entry validated on {before}: entries come in the order of their validation.",
                facts,
            )
        self._validated = max(validated, self._validated or validated)

    def _add(self, line: int, row: dict[str, str]) -> Iterator[Problem]:
        current = self._current
        assert current is not None
        for name, expected in zip(("EcritureDate", "ValidDate"), current.days, strict=True):
            if row[name] != expected:
                yield Problem(line, name, "“{given}” differs from the first line of the entry, {expected}.", {"given": row[name], "expected": expected})  # fmt: skip
        day = day_of(row["EcritureDate"])
        if day and self.closing and day > self.closing:
            yield Problem(
                line,
                "EcritureDate",
                "{day} is after the closing day {closing} of the name of the file.",
                {"day": row["EcritureDate"], "closing": f"{self.closing:%Y%m%d}"},
            )
        debit, credit = cents_of(row["Debit"]), cents_of(row["Credit"])
        current.readable &= debit is not None and credit is not None
        self.debit_cents += debit or 0
        self.credit_cents += credit or 0
        current.cents += (debit or 0) - (credit or 0)
        current.profit |= row["CompteNum"].startswith("12")
        current.classes.add(row["CompteNum"][:1])
        if row["EcritureLet"].strip():
            held = self._letters[row["CompteNum"], row["CompAuxNum"], row["EcritureLet"]]
            held[0] = held[0] or line
            held[1] += 1
            held[2] += (debit or 0) - (credit or 0)

    def _close(self) -> Iterator[Problem]:
        done = self._current
        if done is None:
            return
        if done.readable and done.cents:
            yield Problem(
                done.line,
                "EcritureNum",
                "entry {number} does not balance: debit less credit is {rest}.",
                {"number": done.number, "rest": decimal_comma(done.cents)},
            )
        if done.profit and done.classes & {"6", "7"}:
            yield Problem(
                done.line,
                "EcritureNum",
                "entry {number} closes accounts of classes 6 and 7: closing entries stay out of the file.",
                {"number": done.number},
            )


def _gaps(numbers: list[tuple[int, str, str]]) -> list[Problem]:
    """Breaks in the numbers of entries, over the file or within each journal, whichever explains the file best."""
    by_journal: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for one in numbers:
        by_journal[one[1]].append(one)
    whole = list(_breaks(numbers))
    return min(whole, [gap for some in by_journal.values() for gap in _breaks(some)], key=len)


def _breaks(numbers: list[tuple[int, str, str]]) -> Iterator[Problem]:
    previous: tuple[str, int] | None = None
    for line, _journal, number in numbers:
        if not number.strip():
            continue
        found = _NUMBER.fullmatch(number)
        if not found:
            yield Problem(line, "EcritureNum", "“{given}” has no number at its end: entries are numbered without a gap.", {"given": number})  # fmt: skip
            continue
        at = found[1], int(found[2])
        if previous and at != (previous[0], previous[1] + 1):
            expected = f"{previous[0]}{previous[1] + 1}"
            yield Problem(
                line,
                "EcritureNum",
                "entry {number} comes where {expected} was expected: numbers follow each other without a gap.",
                {"number": number, "expected": expected},
            )
        previous = at
