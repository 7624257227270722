"""The common base of local data (SCDL): a table checked against its published schema, and written so that it passes.

schema (columns, types, patterns) ──▶ problems(header, rows)    every problem, with its line
                                 └──▶ written(records)          refused whole when a record is wrong
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice

from ressort.core.calls.scdl_cells import Field, cell_problems
from ressort.core.errors import RuleBroken
from ressort.core.problem import Problem
from ressort.core.spreadsheet import neutral

MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A published schema: its columns in order."""

    name: str
    version: str
    title: str
    url: str
    fields: tuple[Field, ...]
    optional_columns: bool = True

    @property
    def columns(self) -> list[str]:
        """Their names, in order."""
        return [one.name for one in self.fields]


def problems(schema: Schema, header: list[str], rows: Iterable[tuple[int, list[str]]]) -> list[Problem]:
    """Everything wrong with a table, at most a thousand problems; an empty list when it conforms."""
    return list(islice(_all_problems(schema, header, rows), MOST_PROBLEMS))


def written(schema: Schema, records: Iterable[Mapping[str, str]]) -> str:
    """The table as CSV, in the order of the schema, with no cell that a spreadsheet would take for a formula.

    Raises:
        RuleBroken: a record that the schema refuses; `facts["problems"]` holds them all.
    """
    rows = [[_safe(one, record.get(one.name, "")) for one in schema.fields] for record in records]
    found = problems(schema, schema.columns, list(enumerate(rows, 2)))
    if found:
        told = [f"{p.line}:{p.column} {p.say(lambda text: text)}" for p in found[:20]]
        raise RuleBroken("The table {schema} is not written: {problems}", schema=schema.name, problems=told, all=found)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(schema.columns)
    writer.writerows(rows)
    return text.getvalue()


def _safe(one: Field, value: str) -> str:
    is_free = one.kind in ("text", "url", "bearers") and not one.pattern and not one.choices
    return neutral(value) if is_free else value


def _all_problems(schema: Schema, header: list[str], rows: Iterable[tuple[int, list[str]]]) -> Iterable[Problem]:
    yield from _header_problems(schema, header)
    places = {name: i for i, name in enumerate(header)}
    count = 0
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if len(cells) != len(header):
            yield Problem(
                line, "", "This line holds {given} cells; the header names {expected} columns.",
                {"given": len(cells), "expected": len(header)},
            )  # fmt: skip
            continue
        row = {name: cells[place] for name, place in places.items()}
        for one in schema.fields:
            if one.name in row:
                yield from cell_problems(one, line, row[one.name])
        yield from _RULES.get(schema.name, _no_rule)(line, row)
    if not count:
        yield Problem(1, "", "The file holds no row.")


def _header_problems(schema: Schema, header: list[str]) -> Iterable[Problem]:
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(1, name, "This column stands twice.")
    known = schema.columns
    for one in schema.fields:
        if one.name not in header and (one.required or not schema.optional_columns):
            yield Problem(1, one.name, "This column is missing.")
    for name in header:
        if name not in known:
            near = next((one for one in known if one.lower() == name.strip().lower()), "")
            yield Problem(1, name, "The schema knows no such column; nearest: {nearest}.", {"nearest": near or "–"})
    given = [name for name in header if name in known]
    if given != [name for name in known if name in given]:
        yield Problem(1, "", "The columns are not in the order of the schema: {order}.", {"order": known})


def _no_rule(line: int, row: Mapping[str, str]) -> Iterable[Problem]:
    return ()


def _subventions(line: int, row: Mapping[str, str]) -> Iterable[Problem]:
    if not row.get("idBeneficiaire") and not row.get("rnaBeneficiaire"):
        yield Problem(line, "idBeneficiaire", "Neither SIRET nor RNA is given: one of the two names the beneficiary.")
    elif not row.get("idBeneficiaire") and row.get("nature") != "aide en nature":
        yield Problem(line, "idBeneficiaire", "An RNA alone is accepted for aid in kind only: give the SIRET.")


def _deliberations(line: int, row: Mapping[str, str]) -> Iterable[Problem]:
    votes = {
        name: int(row[name])
        for name in ("VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION", "VOTE_REEL", "VOTE_EFFECTIF")
        if row.get(name, "").isascii() and row.get(name, "").isdigit()
    }
    cast = sum(votes.get(name, 0) for name in ("VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION"))
    if "VOTE_REEL" in votes and cast > votes["VOTE_REEL"]:
        yield Problem(line, "VOTE_REEL", "{cast} votes are counted for {present} people present.", {"cast": cast, "present": votes["VOTE_REEL"]})  # fmt: skip
    if "VOTE_REEL" in votes and votes["VOTE_REEL"] > votes.get("VOTE_EFFECTIF", votes["VOTE_REEL"]):
        facts = {"present": votes["VOTE_REEL"], "members": votes["VOTE_EFFECTIF"]}
        yield Problem(line, "VOTE_EFFECTIF", "{present} people are present of {members} members.", facts)


def _aid(line: int, row: Mapping[str, str]) -> Iterable[Problem]:
    pairs = (("taux_subvention_minimum", "taux_subvention_maximum"), ("date_ouverture", "date_cloture"))
    for first, second in pairs:
        low, high = row.get(first, ""), row.get(second, "")
        is_number = first.startswith("taux")
        try:
            is_reversed = bool(low and high) and (Decimal(low) > Decimal(high) if is_number else low > high)
        except InvalidOperation:
            continue
        if is_reversed:
            yield Problem(line, second, "{high} comes before {low}.", {"low": low, "high": high})


_RULES: dict[str, Callable[[int, Mapping[str, str]], Iterable[Problem]]] = {
    "subventions": _subventions, "deliberations": _deliberations, "dispositif-aide": _aid, "dispositif-aide-0.0.1": _aid,
}  # fmt: skip
