"""The national input-output table and the jobs of each territory, as arrays for the core.

io_a38_2014, io_a17_2014 ──▶ national_table            jobs by département (A10) ──▶ A38 by national shares inside each A10 branch
io_insee_a38_2005 ──▶ second opinion on structure
"""

from functools import cache

import numpy as np
import polars as pl

from ressort.core.economy import Floats, NationalTable
from ressort.core.errors import InputError, MissingData
from ressort.reference.tables import table

LEVELS = {"a38": "economy/io_a38_2014", "a17": "economy/io_a17_2014", "56": "economy/io_56_2014"}
NAMES = {"a38": "economy/branches_a38", "a17": "economy/branches_a17", "56": "economy/branches_56"}
EUR_PER_MEUR = 1e6


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


@cache
def national_table(level: str = "a38") -> NationalTable:
    """France in 2014, in euros a year. A final demand that is negative in all (changes in stocks) is left out."""
    public = ("CONS_np", "CONS_g", "GFCF", "INVEN")
    return NationalTable(
        sectors=branches(level),
        domestic=cells(level, "intermediate_domestic") * EUR_PER_MEUR,
        imported=cells(level, "intermediate_import") * EUR_PER_MEUR,
        households=column(level, "final_domestic", "CONS_h") * EUR_PER_MEUR,
        others=np.maximum(column(level, "final_domestic", *public), 0.0) * EUR_PER_MEUR,
        exports=np.maximum(column(level, "final_domestic", "EXP"), 0.0) * EUR_PER_MEUR,
        households_imported=column(level, "final_import", "CONS_h") * EUR_PER_MEUR,
        others_imported=np.maximum(column(level, "final_import", *public), 0.0) * EUR_PER_MEUR,
    )


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
