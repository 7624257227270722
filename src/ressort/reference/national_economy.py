"""The national input-output table and the jobs of each territory, as arrays for the core.

io_table_fr, io_table_be (synced), else io_a38_2014 ──▶ national_table
jobs by département (A10) ──▶ A38 by national shares inside each A10 branch
io_insee_a38_2005 ──▶ second opinion on structure
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from ressort.core.economy import Floats, NationalTable
from ressort.core.errors import InputError, MissingData
from ressort.reference.cards import card as card_of
from ressort.reference.tables import synced, synced_cards, table

LEVELS = {"a38": "economy/io_a38_2014", "a17": "economy/io_a17_2014", "56": "economy/io_56_2014"}
NAMES = {"a38": "economy/branches_a38", "a17": "economy/branches_a17", "56": "economy/branches_56"}
EUR_PER_MEUR = 1e6
#: connector of the official table of each country
SYNCED = {"FR": "io_table_fr", "BE": "io_table_be"}


@cache
def branches(level: str = "a38") -> tuple[str, ...]:
    """The branches of a level, in the order of every array.

    Raises:
        InputError: an unknown level.
    """
    if level not in LEVELS:
        raise InputError(
            "{level} is not a level of the national table; choose {choices}.", level=level, choices=list(LEVELS)
        )
    return tuple(table(NAMES[level])["branch"])


@cache
def cells(level: str, kind: str) -> Floats:
    """Intermediate flows of one kind, million euros, rows sell, (S, S)."""
    names = branches(level)
    index = {name: i for i, name in enumerate(names)}
    found = np.zeros((len(names), len(names)))
    for row in table(LEVELS[level]).filter(pl.col("kind") == kind).iter_rows():
        if row[0] in index and row[1] in index:
            found[index[row[0]], index[row[1]]] = row[2]
    return found


def column(level: str, kind: str, *uses: str) -> Floats:
    """Final demand of one kind summed over uses, million euros, (S,)."""
    rows = table(LEVELS[level]).filter((pl.col("kind") == kind) & pl.col("output_branch").is_in(uses))
    by_branch = dict(rows.group_by("input_branch").agg(pl.col("value_meur").sum()).iter_rows())
    return np.array([float(by_branch.get(name, 0.0)) for name in branches(level)])


def row(level: str, name: str) -> Floats:
    """A primary input, or the output `GO`, by branch, million euros, (S,)."""
    rows = table(LEVELS[level]).filter(
        (pl.col("input_branch") == name) & pl.col("kind").is_in(["primary_input", "output"])
    )
    by_branch = dict(rows.select("output_branch", "value_meur").iter_rows())
    return np.array([float(by_branch.get(branch, 0.0)) for branch in branches(level)])


@dataclass(frozen=True, slots=True)
class TableOrigin:
    """Where a national table comes from: `retrieved` is empty for the one shipped; a stand-in is that of another country."""

    producer: str
    year: str
    retrieved: str
    is_stand_in: bool


def table_origin(country: str = "FR") -> TableOrigin:
    """What `national_table` gives at A38: the official table once synced, else the one shipped.

    Raises:
        InputError: a country that is not held.
    """
    card = synced_cards().get(_connector_of(country))
    if card is not None:
        year = str(_synced_rows(country)["year"][0])  # type: ignore[index]
        return TableOrigin(card.producer, year, card.retrieved, False)
    return TableOrigin("WIOD 2016", card_of(LEVELS["a38"]).year, "", country != "FR")


def _connector_of(country: str) -> str:
    if country not in SYNCED:
        raise InputError(
            "No input-output table of {country} can be held; choose {choices}.", country=country, choices=list(SYNCED)
        )
    return SYNCED[country]


@cache
def _synced_rows(country: str) -> pl.DataFrame | None:
    return synced(_connector_of(country))


@cache
def national_table(level: str = "a38", country: str = "FR") -> NationalTable:
    """A country's table, in euros a year: at A38 the official one once synced, else France in 2014.

    Belgium without its table: the one of France, brought to the size of Belgium by its jobs; a stand-in, told as such.
    A final demand that is negative in all (changes in stocks) is left out.
    """
    rows = _synced_rows(country) if level == "a38" else None
    if rows is not None:
        return table_of_rows(rows)
    return _shipped_table(level, country)


def _shipped_table(level: str, country: str) -> NationalTable:
    public = ("CONS_np", "CONS_g", "GFCF", "INVEN")
    euros = EUR_PER_MEUR
    if country != "FR":
        euros *= sum(jobs_a10("pays_be", "BE").values()) / sum(jobs_a10("pays", "FR").values())
    return NationalTable(
        sectors=branches(level),
        domestic=cells(level, "intermediate_domestic") * euros,
        imported=cells(level, "intermediate_import") * euros,
        households=column(level, "final_domestic", "CONS_h") * euros,
        others=np.maximum(column(level, "final_domestic", *public), 0.0) * euros,
        exports=np.maximum(column(level, "final_domestic", "EXP"), 0.0) * euros,
        households_imported=column(level, "final_import", "CONS_h") * euros,
        others_imported=np.maximum(column(level, "final_import", *public), 0.0) * euros,
    )


def table_of_rows(rows: pl.DataFrame) -> NationalTable:
    """A table at A38 from rows of origin (domestic, imported), branch, use and million euros, in euros a year."""
    names = branches("a38")
    uses = {use: place for place, use in enumerate((*names, "households", "others", "exports"))}
    held = {origin: np.zeros((len(names), len(uses))) for origin in ("domestic", "imported")}
    for origin, branch, use, value in rows.select("origin", "branch", "use", "value_meur").iter_rows():
        if origin in held:
            held[origin][names.index(branch), uses[use]] += value * EUR_PER_MEUR
    made, brought, size = held["domestic"], held["imported"], len(names)
    final, foreign = np.maximum(made[:, size:], 0.0), np.maximum(brought[:, size:], 0.0)
    return NationalTable(
        sectors=names, domestic=made[:, :size], imported=brought[:, :size], households=final[:, 0], others=final[:, 1], exports=final[:, 2],
        households_imported=foreign[:, 0], others_imported=foreign[:, 1],
    )  # fmt: skip


def second_opinion() -> tuple[tuple[str, ...], Floats]:
    """INSEE 2005: branches, and coefficients of domestic and imported purchases together at purchasers' prices, (S, S)."""
    rows = table("economy/io_insee_a38_2005")
    output = _account("P1")
    names = tuple(name for name in sorted(output) if output[name] and output[name] > 0)
    index = {name: i for i, name in enumerate(names)}
    found = np.zeros((len(names), len(names)))
    for seller, buyer, value, kind in rows.select("input_branch", "output_branch", "value_meur", "kind").iter_rows():
        if kind == "intermediate_total_purchaser" and seller in index and buyer in index:
            found[index[seller], index[buyer]] = value / output[buyer]
    return names, found


def wages_ratio(level: str = "a38") -> Floats:
    """Wages over output by branch, from the accounts of 2005; a branch that they do not hold takes the mean, (S,)."""
    output, wages = _account("P1"), _account("D1")
    a38 = {name: wages[name] / output[name] for name in output if output[name] > 0 and wages.get(name) is not None}
    mean = sum(wages[name] for name in a38) / sum(output[name] for name in a38)
    if level == "a38":
        return np.array([a38.get(name, mean) for name in branches(level)])
    below = table("economy/branches_a38" if level == "a17" else "economy/branches_56")
    key = "a17" if level == "a17" else "branch"
    child = "branch" if level == "a17" else "a38"
    found = []
    for name in branches(level):
        rows = below.filter(pl.col(key) == name)
        weights = np.maximum(rows["output_meur"].to_numpy().astype(float), 1e-9)
        found.append(float(np.average([a38.get(code, mean) for code in rows[child]], weights=weights)))
    return np.array(found)


def _account(line: str) -> dict[str, float]:
    """A line of the accounts of 2005 by branch: P1 output, D1 wages."""
    rows = table("economy/io_insee_a38_2005").filter(
        (pl.col("kind") == "branch_account") & (pl.col("input_branch") == line)
    )
    return {
        str(name): float(value)
        for name, value in rows.select("output_branch", "value_meur").iter_rows()
        if value is not None
    }


@cache
def jobs_a10(kind: str, code: str) -> dict[str, float]:
    """Persons employed in each A10 branch of a territory, 2018.

    Raises:
        MissingData: no figure is known for that territory.
    """
    rows = table("economy/jobs_by_territory_2018").filter(
        (pl.col("territory_kind") == kind) & (pl.col("code") == code) & ~pl.col("branch").is_in(["CZ", "TOTAL"])
    )
    if rows.is_empty():
        raise MissingData(
            "The jobs of {kind} {code} are not known: the economy of this territory cannot be estimated.",
            kind=kind,
            code=code,
        )
    return {str(branch): float(jobs) for branch, jobs in rows.select("branch", "jobs").iter_rows()}


def jobs(by_a10: dict[str, float], level: str = "a38") -> Floats:
    """Persons by branch of a level: each A10 branch split as value added is in the nation, (S,)."""
    frame = table(NAMES[level])
    parent = list(frame["a10"]) if "a10" in frame.columns else _parents(level)
    added = np.array([max(float(value), 0.0) for value in frame["value_added_meur"]])
    totals: dict[str, float] = {}
    for code, value in zip(parent, added, strict=True):
        totals[code] = totals.get(code, 0.0) + float(value)
    return np.array([by_a10.get(code, 0.0) * value / totals[code] for code, value in zip(parent, added, strict=True)])


def _parents(level: str) -> list[str]:
    a38 = dict(table("economy/branches_a38").select("branch", "a10").iter_rows())
    return [a38[code] for code in table(NAMES[level])["a38"]]


@cache
def labels(level: str, language: str) -> dict[str, str]:
    """The name of each branch in a language."""
    frame = table(NAMES[level])
    name = f"label_{language}" if f"label_{language}" in frame.columns else "label_en"
    return dict(frame.select("branch", name).iter_rows())
