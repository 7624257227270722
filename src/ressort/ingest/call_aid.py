"""The grants of a published file of subsidies, told apart by whether they were chosen under resilience criteria."""

import re
from collections.abc import Collection
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

from ressort.core.calls import Aid, Problem
from ressort.core.errors import RuleBroken
from ressort.ingest.call_files import published_lines

_NEEDED = ("dateConvention", "montant", "pourcentageSubvention", "dispositifAide")
_MONEY = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
_SHARE = re.compile(r"1(\.0{1,6})?|0(\.[0-9]{1,6})?")


def read_aid(path: Path, schemes: Collection[str]) -> list[Aid]:
    """One grant a line: the part of its beneficiary, in its year, under criteria when its scheme is among those given.

    Raises:
        RuleBroken: columns that are missing, or cells that cannot be read; `facts["problems"]` holds them all.
    """
    found: list[Aid] = []
    problems: list[Problem] = []
    with published_lines(path) as (header, rows):
        places = {name: header.index(name) for name in _NEEDED if name in header}
        problems += [Problem(1, name, "This column is missing.") for name in _NEEDED if name not in places]
        for line, cells in rows if not problems else ():
            if not any(cell.strip() for cell in cells):
                continue
            read = _aid(line, cells, len(header), places, schemes)
            if isinstance(read, Problem):
                problems.append(read)
            else:
                found.append(read)
    if problems:
        raise RuleBroken(
            "{name} was not read: {count} problem(s).", name=path.name, count=len(problems), problems=problems
        )
    return found


def _aid(line: int, cells: list[str], expected: int, places: dict[str, int], schemes: Collection[str]) -> Aid | Problem:
    if len(cells) != expected:
        counts = {"given": len(cells), "expected": expected}
        return Problem(line, "", "This line holds {given} cells; the header names {expected} columns.", counts)
    day, amount, share, scheme = (cells[places[name]].strip() for name in _NEEDED)
    if not re.fullmatch(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", day):
        return Problem(line, "dateConvention", "“{given}” is not a date: write YYYY-MM-DD.", {"given": day[:60]})
    if not _MONEY.fullmatch(amount) or not _SHARE.fullmatch(share or "1"):
        facts = {"given": f"{amount} {share}"[:60]}
        return Problem(line, "montant", "“{given}” is not an amount and a share from 0 to 1.", facts)
    cents = (100 * Decimal(amount) * Decimal(share or "1")).quantize(Decimal(1), ROUND_HALF_EVEN)
    return Aid(year=int(day[:4]), amount_cents=int(cents), under_criteria=scheme in schemes)
