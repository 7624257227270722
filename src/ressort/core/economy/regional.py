"""From a national table to a region's: location quotients, and balancing by RAS.

Employment E (or value added) by sector, region r, nation n:

    SLQ_i = (E_i^r / E^r) / (E_i^n / E^n)
    CILQ_ij = SLQ_i / SLQ_j, and SLQ_i on the diagonal
    FLQ_ij = CILQ_ij · λ*,   λ* = [log2(1 + E^r / E^n)]^δ
    a^r_ij = a^n_ij · min(1, FLQ_ij)
"""

import numpy as np

from ressort.core.economy.table import Floats
from ressort.core.errors import InputError, MissingData, NoSolution, RuleBroken

RAS_TOLERANCE = 1e-9
RAS_ROUNDS = 10_000


def location_quotients(region_jobs: Floats, nation_jobs: Floats, sectors: tuple[str, ...]) -> Floats:
    """SLQ: how much more of each sector the region has than the nation; 1 is as much, (S,).

    Raises:
        MissingData: a job figure is not known (secret cell).
        RuleBroken: no job at all, or a sector with jobs here and none in the nation.
    """
    for name, jobs in (("region", region_jobs), ("nation", nation_jobs)):
        for i in np.flatnonzero(~np.isfinite(jobs)):
            raise MissingData(
                "The jobs of {sector} in the {area} are not known: give a figure or an estimate, with its status.",
                sector=sectors[i], area=name,
            )  # fmt: skip
        for i in np.flatnonzero(jobs < 0):
            raise RuleBroken(
                "The jobs of {sector} in the {area} are negative ({value}).",
                sector=sectors[i],
                area=name,
                value=float(jobs[i]),
            )
    if region_jobs.sum() <= 0 or nation_jobs.sum() <= 0:
        raise RuleBroken("There is no job at all: location quotients are not defined.")
    for i in np.flatnonzero((nation_jobs == 0) & (region_jobs > 0)):
        raise RuleBroken(
            "{sector} has {jobs} jobs here and none in the nation: check the two sources.",
            sector=sectors[i],
            jobs=float(region_jobs[i]),
        )
    nation_share = nation_jobs / nation_jobs.sum()
    return np.divide(region_jobs / region_jobs.sum(), nation_share, out=np.zeros(len(sectors)), where=nation_share > 0)


def cross_quotients(quotients: Floats) -> Floats:
    """CILQ: SLQ of the seller over SLQ of the buyer, SLQ on the diagonal; 0 where the seller or the buyer is absent, (S, S)."""
    buyer = np.broadcast_to(quotients[None, :], (len(quotients),) * 2)
    cross = np.divide(quotients[:, None], buyer, out=np.zeros_like(buyer), where=buyer > 0)
    np.fill_diagonal(cross, quotients)
    return cross


def size_factor(region_jobs: Floats, nation_jobs: Floats, delta: float) -> float:
    """λ* = [log2(1 + E^r/E^n)]^δ: the smaller the region, the more it imports; δ = 0 gives 1.

    Raises:
        RuleBroken: δ outside 0–1.
    """
    if not 0 <= delta <= 1:
        raise RuleBroken(
            "The exponent delta of the location quotients must lie between 0 and 1; {delta} was given.", delta=delta
        )
    return float(np.log2(1 + region_jobs.sum() / nation_jobs.sum()) ** delta)


def regional_shares(
    region_jobs: Floats, nation_jobs: Floats, sectors: tuple[str, ...], delta: float = 0.25, method: str = "flq"
) -> Floats:
    """min(1, quotient): share of each purchase that the region can make itself, (S, S), rows sell.

    Args:
        method: `slq` (seller only), `cilq` or `flq`.

    Raises:
        InputError: an unknown method; see also `location_quotients`.
    """
    quotients = location_quotients(region_jobs, nation_jobs, sectors)
    if method == "slq":
        return np.minimum(1.0, np.broadcast_to(quotients[:, None], (len(sectors),) * 2)).copy()
    if method not in ("cilq", "flq"):
        raise InputError("{method} is not a way to regionalise; choose slq, cilq or flq.", method=method)
    factor = size_factor(region_jobs, nation_jobs, delta) if method == "flq" else 1.0
    return np.minimum(1.0, cross_quotients(quotients) * factor)


def ras(
    start: Floats, row_totals: Floats, column_totals: Floats, rows: tuple[str, ...], columns: tuple[str, ...]
) -> Floats:
    """The table nearest to `start` (in relative entropy) with the totals asked for; zeros stay zeros.

    Rows and columns are scaled in turn until every total is reached within 1e-9 of the whole.

    Raises:
        RuleBroken: a negative cell or total, or totals that do not add up to the same sum.
        NoSolution: a row or a column that cannot reach its total: it is named.
    """
    _check_margins(start, row_totals, column_totals, rows, columns)
    table, whole = start.astype(float).copy(), max(float(row_totals.sum()), 1e-300)
    for _ in range(RAS_ROUNDS):
        sums = table.sum(1)
        table *= np.divide(row_totals, sums, out=np.zeros_like(sums), where=sums > 0)[:, None]
        sums = table.sum(0)
        table *= np.divide(column_totals, sums, out=np.zeros_like(sums), where=sums > 0)[None, :]
        gaps = np.abs(table.sum(1) - row_totals)
        if gaps.max() <= RAS_TOLERANCE * whole:
            return table
    worst, stuck = int(gaps.argmax()), np.flatnonzero(table[int(gaps.argmax())] > 0)
    raise NoSolution(
        "The totals cannot be reached: the row {row} lacks {gap} and buys only through {columns}. Free a cell or change a total.",
        row=rows[worst], gap=float(gaps[worst]), columns=[columns[j] for j in stuck],
    )  # fmt: skip


def _check_margins(
    start: Floats, row_totals: Floats, column_totals: Floats, rows: tuple[str, ...], columns: tuple[str, ...]
) -> None:
    for i, j in np.argwhere(~(start >= 0)):
        raise RuleBroken(
            "The cell {row} → {column} is negative or not a number: RAS needs figures of 0 or more.",
            row=rows[i],
            column=columns[j],
        )
    for names, totals, sums in ((rows, row_totals, start.sum(1)), (columns, column_totals, start.sum(0))):
        for i in np.flatnonzero(~(totals >= 0)):
            raise RuleBroken(
                "The total of {name} is negative or not a number ({value}).", name=names[i], value=float(totals[i])
            )
        for i in np.flatnonzero((totals > 0) & (sums == 0)):
            raise NoSolution(
                "{name} must reach {value} and all its cells are 0: give it a cell, or a total of 0.",
                name=names[i],
                value=float(totals[i]),
            )
    if abs(row_totals.sum() - column_totals.sum()) > RAS_TOLERANCE * max(row_totals.sum(), 1e-300):
        raise RuleBroken(
            "Row totals add up to {rows}, column totals to {columns}: they must be the same sum.",
            rows=float(row_totals.sum()), columns=float(column_totals.sum()),
        )  # fmt: skip
