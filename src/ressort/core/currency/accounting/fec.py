"""A FEC (*fichier des écritures comptables*) written, and checked line by line and field by field."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ressort.core.currency.accounting import entries
from ressort.core.currency.accounting.cells import cell_problems, cents_of, day_of
from ressort.core.currency.accounting.columns import COLUMNS, SEPARATORS, FecLine, cells
from ressort.core.errors import RuleBroken
from ressort.core.problem import Problem

Encoding = Literal["utf-8", "iso-8859-15"]
_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(r"([0-9]{9})FEC([0-9]{8})\.txt", re.IGNORECASE)
#: beyond, the rest of the faults is counted, not told
MOST_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class FecReport:
    """What a file holds, what is wrong with it (`problems`), and what is allowed but worth a look (`advice`)."""

    lines: int
    entries: int
    debit_cents: int
    credit_cents: int
    encoding: Encoding
    problems: tuple[Problem, ...]
    problem_count: int
    advice: tuple[Problem, ...]

    @property
    def conforms(self) -> bool:
        """Whether the file may be handed over."""
        return not self.problem_count


def fec_name(siren: str, closing: date) -> str:
    """The name of the file that the law asks for.

    >>> fec_name("732829320", date(2026, 12, 31))
    '732829320FEC20261231.txt'
    """
    if not is_siren(siren):
        raise RuleBroken("“{given}” is not a SIREN: nine digits, whose last one checks the others.", given=siren)
    return f"{siren}FEC{closing:%Y%m%d}.txt"


def is_siren(text: str) -> bool:
    """Whether nine digits bear their check digit (Luhn).

    >>> is_siren("732829320"), is_siren("732829321")
    (True, False)
    """
    if not re.fullmatch(r"[0-9]{9}", text):
        return False
    digits = [int(digit) * (1 + place % 2) for place, digit in enumerate(text)]
    return sum(digit - 9 * (digit > 9) for digit in digits) % 10 == 0


def fec_text(lines: Iterable[FecLine], separator: str = "\t") -> str:
    """The text of a FEC, header first. Labels lose the characters that would break it; codes are refused instead.

    Raises:
        RuleBroken: a separator that the law does not know, or one inside a code.
    """
    if separator not in SEPARATORS:
        raise RuleBroken("The fields of a FEC are separated by tabulations or by “|”.", given=separator)
    told = [COLUMNS, *(_clean(cells(line), separator) for line in lines)]
    return "".join(separator.join(row) + "\r\n" for row in told)


#: free text, where a character that would break the file becomes a space
_FREE = {COLUMNS.index(name) for name in ("JournalLib", "CompteLib", "CompAuxLib", "EcritureLib", "PieceRef")}


def _clean(row: list[str], separator: str) -> list[str]:
    cleaned = []
    for place, value in enumerate(row):
        text = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", value.replace(separator, " ")).split())
        if text != value and place not in _FREE:
            raise RuleBroken("“{given}” cannot stand in {field}: it holds spaces or characters that break the file.", given=value, field=COLUMNS[place])  # fmt: skip
        cleaned.append(text)
    return cleaned


def check_fec(content: bytes, name: str | None = None) -> FecReport:
    """All that is wrong with a file, each fault with its line and field.

    Args:
        content: the bytes of the file.
        name: its name, checked with the closing day that it tells; None leaves both unchecked.
    """
    closing, found = _named(name)
    text, encoding, unreadable = _decoded(content)
    found += unreadable
    rows = _rows(text)
    separator, of_header = _header(next(rows, (1, ""))[1])
    found += of_header
    follow = entries.Sequence(closing)
    advice: list[Problem] = []
    count, lines, names = len(found), 0, _Names()

    def keep(more: Iterable[Problem]) -> None:
        nonlocal count
        for one in more:
            count += 1
            if len(found) < MOST_PROBLEMS:
                found.append(one)

    for number, line in rows if separator else ():
        values = line.split(separator)
        if len(values) != len(COLUMNS):
            keep([_miscounted(number, line, len(values))])
            continue
        lines += 1
        row = dict(zip(COLUMNS, values, strict=True))
        keep(cell_problems(number, row))
        keep(follow.take(number, row))
        advice.extend([] if len(advice) >= MOST_PROBLEMS else [*names.differing(number, row), *_odd_amounts(number, row)])  # fmt: skip
    keep(follow.finish())
    if separator and not lines and not count:
        keep([Problem(0, "", "the file holds no entry.")])
    found.sort(key=lambda one: one.line)
    told = (*advice, *follow.advice())[:MOST_PROBLEMS]
    return FecReport(
        lines, follow.entries, follow.debit_cents, follow.credit_cents, encoding, tuple(found), count, told
    )


def _named(name: str | None) -> tuple[date | None, list[Problem]]:
    if name is None:
        return None, []
    found = _NAME.fullmatch(name)
    if not found or not is_siren(found[1]) or day_of(found[2]) is None:
        return None, [
            Problem(
                0,
                "",
                "the file is called {name}: it must bear the SIREN, FEC and the closing day, such as 732829320FEC20261231.txt.",
                {"name": name},
            )
        ]
    return day_of(found[2]), []


def _decoded(content: bytes) -> tuple[str, Encoding, list[Problem]]:
    found = []
    if content.startswith(_BOM):
        found.append(Problem(1, "JournalCode", "the file begins with a byte order mark: save it as UTF-8 without one."))
        content = content[len(_BOM) :]
    if b"\x00" in content:
        found.append(Problem(0, "", "this is no text in ASCII, ISO 8859-15 or UTF-8."))
        return "", "utf-8", found
    try:
        return content.decode("utf-8"), "utf-8", found
    except UnicodeDecodeError:
        mixed = _mixed(content)
        if mixed:
            return content.decode("utf-8", "replace"), "utf-8", found + mixed
        return content.decode("iso-8859-15"), "iso-8859-15", found


def _mixed(content: bytes) -> list[Problem]:
    """Lines that are not in UTF-8 in a file where others are."""
    odd, has_utf8 = [], False
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", content), 1):
        try:
            has_utf8 |= not line.decode("utf-8").isascii()
        except UnicodeDecodeError:
            odd.append(number)
    if not has_utf8:
        return []
    return [Problem(number, "", "this line is not in UTF-8 while others are: one encoding for the whole file.") for number in odd[:MOST_PROBLEMS]]  # fmt: skip


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines; one ending of the last line is no line."""
    lines = re.split(r"\r\n|\n|\r", text)
    yield from enumerate(lines[:-1] if lines[-1] == "" else lines, 1)


def _header(line: str) -> tuple[str, list[Problem]]:
    separator = max(SEPARATORS, key=line.count)
    names = line.split(separator)
    if len(names) == 1:
        return "", [Problem(1, "", "the first line is not the header: eighteen names separated by tabulations or by “|”.")]  # fmt: skip
    wrong: list[Problem] = []
    for expected, given in zip(COLUMNS, [*names, *[""] * len(COLUMNS)], strict=False):
        if given != expected and not wrong:
            wrong.append(Problem(1, expected, "the header says “{given}” here.", {"given": given}))
    if len(names) > len(COLUMNS):
        wrong.append(Problem(1, "", "the header has {count} names instead of 18.", {"count": len(names)}))
    return separator, wrong


def _miscounted(number: int, line: str, count: int) -> Problem:
    if not line.strip():
        return Problem(number, "", "this line is empty.")
    return Problem(number, "", "this line has {count} fields instead of 18: does a value hold the separator or a line break?", {"count": count})  # fmt: skip


def _odd_amounts(number: int, row: dict[str, str]) -> Sequence[Problem]:
    debit, credit = cents_of(row["Debit"]), cents_of(row["Credit"])
    if debit is None or credit is None:
        return ()
    if min(debit, credit) < 0:
        return (Problem(number, "Debit" if debit < 0 else "Credit", "a negative amount: better on the other side."),)
    return () if debit or credit else (Problem(number, "Debit", "a line without any amount."),)


class _Names:
    """The name first given to each account and journal."""

    def __init__(self) -> None:
        self.first: dict[tuple[str, str], str] = {}

    def differing(self, number: int, row: dict[str, str]) -> Iterator[Problem]:
        for code, name in (("CompteNum", "CompteLib"), ("JournalCode", "JournalLib")):
            known = self.first.setdefault((code, row[code]), row[name])
            if known != row[name]:
                self.first[code, row[code]] = row[name]
                yield Problem(number, name, "{code} was called “{known}” before.", {"code": row[code], "known": known})
