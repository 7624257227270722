"""Costs of one's own between territories, read from a table: `from,to,km`, one line a pair; kilometres, euros, hours.

A pair that is not written has no way. A pair written one way only counts both ways.
"""

import csv
import io
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from ressort.core.errors import InputError, RuleBroken, UnknownCode
from ressort.core.exchanges import OwnMatrix
from ressort.core.food.system import Integers
from ressort.exchanges.goods import Balances
from ressort.reference.territories import territories

#: a matrix of that many territories takes 130 MB
MOST_TERRITORIES = 4_000
MOST_COST = 1e6
COLUMNS = {"from": ("from", "giver", "de", "origine"), "to": ("to", "receiver", "vers", "destination"), "km": ("km", "cost", "cout", "coût")}  # fmt: skip


@dataclass(frozen=True, eq=False)
class OwnDistances:
    """Costs by pair of codes: giver → receiver → cost, and the line each was written on; the digest of the file."""

    pairs: dict[tuple[str, str], float]
    lines: dict[tuple[str, str], int]
    digest: str

    def matrix(self, held: Balances, at: int) -> OwnMatrix:
        """The costs between the territories of a level, infinite where there is no way.

        Raises:
            RuleBroken: too many territories. UnknownCode: a code that is none of the level, with its line.
            InputError: the territory looked at is on no line.
        """
        if len(held.rows) > MOST_TERRITORIES:
            raise RuleBroken(
                "A matrix of one's own holds at most {most} territories; this level has {count}. Choose a larger level.",
                most=MOST_TERRITORIES,
                count=len(held.rows),
            )
        cost = np.full((len(held.rows), len(held.rows)), np.inf)
        np.fill_diagonal(cost, 0.0)
        position = _positions(held)
        for (giver, receiver), line in self.lines.items():
            ends = []
            for code in (giver, receiver):
                if code not in position:
                    raise UnknownCode(
                        "Line {line}: {code} is no code of the level {level}.", line=line, code=code, level=held.level
                    )
                ends.append(position[code])
            cost[ends[0], ends[1]] = self.pairs[giver, receiver]
            if (receiver, giver) not in self.pairs:
                cost[ends[1], ends[0]] = self.pairs[giver, receiver]
        if not np.isfinite(np.delete(cost[at], at)).any() and not np.isfinite(np.delete(cost[:, at], at)).any():
            raise InputError(
                "No line of the distances names {name} ({code}): write how far it is from others.",
                name=held.territory(at).label,
                code=held.territory(at).code,
            )
        return OwnMatrix(cost)


def _positions(held: Balances) -> dict[str, int]:
    rows: Integers = held.rows
    codes = territories().table["code"][np.maximum(rows, 0).tolist()].to_list()
    return {held.own[at].code if at in held.own else code: at for at, code in enumerate(codes)}


def read_distances(text: str) -> OwnDistances:
    """Costs written as CSV, with commas, semicolons or tabs; a decimal comma is read where columns are not parted by commas.

    Raises:
        InputError, RuleBroken: what a line holds and should hold, with its number.
    """
    lines = text.lstrip("\ufeff").splitlines()
    if not any(line.strip() for line in lines):
        raise InputError("The file of distances is empty: write the columns from, to, km, then one line a pair.")
    separator = max(";\t,", key=lines[0].count)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator))
    place = _columns(rows[0])
    pairs: dict[tuple[str, str], float] = {}
    numbers: dict[tuple[str, str], int] = {}
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(place.values()):
            raise InputError("Line {line}: {count} columns; from, to and km are needed.", line=line, count=len(row))
        pair = row[place["from"]].strip().upper(), row[place["to"]].strip().upper()
        value = _cost(row[place["km"]], line, pair, separator)
        if pair[0] == pair[1] and value:
            raise RuleBroken("Line {line}: from {code} to itself is 0.", line=line, code=pair[0])
        if pairs.get(pair, value) != value:
            raise InputError(
                "Line {line}: {giver} to {receiver} was written before, on line {first}, with another cost.",
                line=line, giver=pair[0], receiver=pair[1], first=numbers[pair],
            )  # fmt: skip
        pairs[pair], numbers[pair] = value, numbers.get(pair, line)
    return OwnDistances(pairs, numbers, sha256(text.encode()).hexdigest())


def _columns(header: list[str]) -> dict[str, int]:
    names = [cell.strip().casefold() for cell in header]
    found = {key: next((names.index(word) for word in words if word in names), -1) for key, words in COLUMNS.items()}
    lacking = [key for key, at in found.items() if at < 0]
    if lacking:
        raise InputError(
            "Line 1: the columns {lacking} are not there; write from, to and km. Given: {given}.",
            lacking=lacking,
            given=header[:10],
        )
    return found


def _cost(cell: str, line: int, pair: tuple[str, str], separator: str) -> float:
    text = cell.strip().replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    if separator != ",":
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not text or value != value or "_" in text:
        raise InputError(
            "Line {line}, from {giver} to {receiver}: '{value}' is not a distance.",
            line=line, giver=pair[0][:20], receiver=pair[1][:20], value=cell[:40],
        )  # fmt: skip
    if not 0 <= value <= MOST_COST:
        raise RuleBroken(
            "Line {line}, from {giver} to {receiver}: a distance of {value}; give a number from 0 to {most}, or no line where there is no way.",
            line=line, giver=pair[0][:20], receiver=pair[1][:20], value=value, most=int(MOST_COST),
        )  # fmt: skip
    return value
