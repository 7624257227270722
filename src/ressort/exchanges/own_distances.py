"""Costs of one's own between territories, read from a table: `from,to,km`, one line a pair; kilometres, euros, hours.

A pair that is not written has no way, or, when one asks for it, the great circle. A pair written one way only counts both ways.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

import numpy as np
import polars as pl

from ressort.core.errors import InputError, RuleBroken, UnknownCode
from ressort.core.exchanges import GreatCircle, OwnPairs
from ressort.core.letters import bare
from ressort.exchanges.goods import Balances
from ressort.reference.territories import territories

#: a million pairs, read and solved, take some hundreds of megabytes (`bench/exchanges.py`): five millions are what a small machine has left
MOST_PAIRS = 5_000_000
MOST_COST = 1e6
COLUMNS = {"from": ("from", "giver", "de", "origine"), "to": ("to", "receiver", "vers", "destination"), "km": ("km", "cost", "cout")}  # fmt: skip
#: lines read together
BATCH = 100_000
PARQUET = b"PAR1"
#: a line that holds something else than separators
_WRITTEN = re.compile(r"^.*[^;,\"\s].*$", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class OwnDistances:
    """Costs by pair of codes, with the line each was first written on; the digest of the file.

    Args:
        pairs: columns from, to, km, line.
        elsewhere: whether pairs that are not written run along the great circle; else they have no way.
    """

    pairs: pl.DataFrame
    digest: str
    elsewhere: bool = False

    def among(self, held: Balances, at: int) -> OwnPairs:
        """The costs between the territories of a level.

        Raises:
            UnknownCode: a code that is none of the level, with its line. InputError: the territory looked at is on no line.
        """
        place = _positions(held)
        known = pl.DataFrame(
            {"code": list(place), "at": list(place.values())}, schema={"code": pl.String, "at": pl.Int32}
        )
        told = self.pairs
        for side in ("from", "to"):
            told = told.join(
                known.rename({"code": side, "at": f"{side}_at"}), on=side, how="left", maintain_order="left"
            )
            strange = told.filter(pl.col(f"{side}_at").is_null()).head(1)
            for line, code in strange.select("line", side).iter_rows():
                raise UnknownCode("Line {line}: {code} is no code of the level {level}.", line=line, code=code, level=held.level)  # fmt: skip
        giver, receiver, cost = (told[name].to_numpy() for name in ("from_at", "to_at", "km"))
        back = ~np.isin(
            receiver.astype(np.int64) * len(held.rows) + giver, giver.astype(np.int64) * len(held.rows) + receiver
        )
        is_named = bool((((giver == at) | (receiver == at)) & (giver != receiver)).any())
        if not is_named and not self.elsewhere:
            here = held.territory(at)
            raise InputError(
                "No line of the distances names {name} ({code}): write how far it is from others.",
                name=here.label,
                code=here.code,
            )
        return OwnPairs(
            len(held.rows), np.append(giver, receiver[back]), np.append(receiver, giver[back]), np.append(cost, cost[back]),
            GreatCircle(held.lat_degree, held.lon_degree) if self.elsewhere else None,
        )  # fmt: skip


def _positions(held: Balances) -> dict[str, int]:
    codes = territories().table["code"][np.maximum(held.rows, 0).tolist()].to_list()
    return {held.own[at].code if at in held.own else code: at for at, code in enumerate(codes)}


def read_distances(
    content: bytes | str, elsewhere: bool = False, name: str = "", parquet: bool = False
) -> OwnDistances:
    """Costs written as CSV, with commas, semicolons or tabs; a decimal comma is read where columns are not parted by commas.

    Args:
        elsewhere: whether pairs that are not written run along the great circle. name: of the file, for what is refused.
        parquet: whether Parquet is read too: a small one may unfold to more than a machine holds, so only for a file of one's own.

    Raises:
        InputError, RuleBroken: what a line holds and should hold, with its number.
    """
    raw = content.encode() if isinstance(content, str) else content
    if raw.startswith(PARQUET) and not parquet:
        raise InputError(
            "{path} is a Parquet file: send it as CSV, or give it to the command line (ressort cooperate --distances).",
            path=name or "distances",
        )
    told = _from_parquet(raw) if raw.startswith(PARQUET) else _from_text(_decoded(raw, name))
    if told.is_empty():
        raise InputError("The file of distances holds a header and no pair: write under it one line a pair, with from, to and km.")  # fmt: skip
    _refuse_wrong(told)
    first = told.unique(["from", "to"], keep="first", maintain_order=True)
    if first.height < told.height:
        _refuse_contradictions(told)
    return OwnDistances(first.select("from", "to", "km", "line"), sha256(raw).hexdigest(), elsewhere)


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError("{path} is not a text in UTF-8: save it as CSV UTF-8.", path=name or "CSV") from error


def _from_text(text: str) -> pl.DataFrame:
    written = _WRITTEN.search(text)
    if written is None:
        raise InputError("The file of distances is empty: write the columns from, to, km, then one line a pair.")
    separator = max(";\t,", key=written[0].count)
    rows = csv.reader(io.StringIO(text, newline=None), delimiter=separator)
    parts: list[pl.DataFrame] = []
    try:
        numbered = enumerate(rows, 1)
        line, header = next(((line, row) for line, row in numbered if _WRITTEN.search(" ".join(row))), (1, []))
        place, width = _columns(header, line), len(header)
        while batch := list(islice(numbered, BATCH)):
            parts.append(_cells(batch, place, width, separator))
            _refuse_too_many(sum(part.height for part in parts))
    except csv.Error as error:
        raise InputError("Line {line} cannot be parted into columns: {cause}.", line=rows.line_num, cause=str(error)) from error  # fmt: skip
    return pl.concat(parts) if parts else _cells([], place, width, separator)


def _refuse_too_many(pairs: int) -> None:
    if pairs > MOST_PAIRS:
        raise RuleBroken(
            "A file of distances holds at most {most} pairs: keep for each territory those nearest to it.",
            most=MOST_PAIRS,
        )


def _cells(batch: list[tuple[int, list[str]]], place: dict[str, int], width: int, separator: str) -> pl.DataFrame:
    """Codes, costs and what was written, of the lines that are not blank."""
    kept = [(line, row) for line, row in batch if any(cell.strip() for cell in row)]
    for line, row in kept:
        if len(row) <= max(place.values()):
            raise InputError("Line {line}: {count} columns; from, to and km are needed.", line=line, count=len(row))
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            raise InputError(
                "Line {line}: {count} cells under a header of {expected}. Where commas part the cells, decimals take a point: 60.5.",
                line=line, count=len(row), expected=width,
            )  # fmt: skip
    columns: dict[str, list[str]] = {name: [row[at] for _line, row in kept] for name, at in place.items()}
    told = pl.DataFrame(
        columns | {"line": [line for line, _row in kept]},
        schema_overrides={**dict.fromkeys(columns, pl.String), "line": pl.Int32},
    )
    number = pl.col("km").str.replace_all("[\u202f\xa0\\s]", "")
    number = number if separator == "," else number.str.replace_all(",", ".", literal=True)
    codes = [pl.col(name).str.strip_chars().str.to_uppercase() for name in ("from", "to")]
    return told.with_columns(*codes, pl.col("km").alias("written"), number.cast(pl.Float64, strict=False).alias("km"))


def _from_parquet(raw: bytes) -> pl.DataFrame:
    try:
        _refuse_too_many(pl.scan_parquet(io.BytesIO(raw)).select(pl.len()).collect().item())
        held = pl.read_parquet(io.BytesIO(raw))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError("This Parquet file cannot be read: {cause}.", cause=str(error).splitlines()[0]) from error
    place = _columns(held.columns)
    told = held.select(pl.nth(at).cast(pl.String, strict=False).alias(name) for name, at in place.items())
    codes = [pl.col(name).fill_null("").str.strip_chars().str.to_uppercase() for name in ("from", "to")]
    number = pl.col("km").cast(pl.Float64, strict=False)
    line = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("line")
    return told.with_columns(*codes, pl.col("km").fill_null("").alias("written"), number, line)


def _columns(header: list[str], line: int = 1) -> dict[str, int]:
    names = [bare(cell).strip() for cell in header]
    found = {key: next((names.index(word) for word in words if word in names), -1) for key, words in COLUMNS.items()}
    lacking = [key for key, at in found.items() if at < 0]
    if lacking:
        raise InputError(
            "Line {line}: the columns {lacking} are not there; write from, to and km, parted by commas, semicolons or tabs. Given: {given}.",
            line=line,
            lacking=lacking,
            given=[cell[:40] for cell in header[:10]],
        )
    for at in found.values():
        if names.count(names[at]) > 1:
            raise InputError("Line {line}: the column {name} stands twice. Keep one.", line=line, name=header[at].strip()[:40])  # fmt: skip
    return found


def _first(told: pl.DataFrame, wrong: pl.Expr) -> Iterator[dict[str, object]]:
    """The first line that is wrong, if any, as what a message tells of it."""
    for line, giver, receiver, written, km in (
        told.filter(wrong).head(1).select("line", "from", "to", "written", "km").iter_rows()
    ):
        yield {
            "line": line,
            "giver": giver[:20],
            "receiver": receiver[:20],
            "value": written[:40] if km is None or km != km else km,
        }


def _refuse_wrong(told: pl.DataFrame) -> None:
    km = pl.col("km")
    for facts in _first(told, km.is_null() | km.is_nan()):
        raise InputError("Line {line}, from {giver} to {receiver}: '{value}' is not a distance.", **facts)
    for facts in _first(told, ~km.is_between(0, MOST_COST)):
        raise RuleBroken(
            "Line {line}, from {giver} to {receiver}: a distance of {value}; give a number from 0 to {most}, or no line where there is no way.",
            most=int(MOST_COST), **facts,
        )  # fmt: skip
    for facts in _first(told, (pl.col("from") == pl.col("to")) & (km != 0)):
        raise RuleBroken("Line {line}: from {code} to itself is 0.", line=facts["line"], code=facts["giver"])


def _refuse_contradictions(told: pl.DataFrame) -> None:
    pair = ["from", "to"]
    before = told.with_columns(pl.col("km").first().over(pair).alias("before"), pl.col("line").first().over(pair).alias("first"))  # fmt: skip
    for row in before.filter(pl.col("km") != pl.col("before")).head(1).iter_rows(named=True):
        raise InputError(
            "Line {line}: {giver} to {receiver} was written before, on line {first}, with another cost.",
            line=row["line"], giver=row["from"], receiver=row["to"], first=row["first"],
        )  # fmt: skip
