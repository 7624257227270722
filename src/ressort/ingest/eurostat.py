"""Eurostat: symmetric input-output tables of a country, product by product, domestic and imported apart.

JSON-stat 2.0 or SDMX-CSV ──▶ leaf products (sub-totals left out, sums checked) ──▶ 35 branches ──▶ balanced rows, or a refusal that names the cell
"""

from collections.abc import Callable

import polars as pl

from ressort.core.errors import SourceRefused
from ressort.ingest.connector import MISSING_MARKS, Connector, Field, Layout
from ressort.ingest.cpa import branch_of, leaves

API = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data/naio_10_cp1700"
ORIGINS = {"DOM": "domestic", "IMP": "imported"}
#: final uses, and the codes that make them, finest first: the first set that is published whole is taken
FINAL = {
    "households": (("P3_S14",),),
    "others": (("P3_S13", "P3_S15", "P5"), ("P3_S13", "P3_S15", "P51G", "P5M"), ("P3_S13", "P3_S15", "P51G", "P52", "P53")),
    "exports": (("P6",), ("P6_B0", "P6_D0"), ("P6_S21", "P6_S22")),
}  # fmt: skip
#: largest gap between a published total and the sum of its parts: cells are rounded one by one
ROUNDING_SHARE, ROUNDING_MEUR = 5e-4, 1.0
Cells = dict[tuple[str, str, str], float]


def _shape(country: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def shape(frame: pl.DataFrame) -> pl.DataFrame:
        source = f"io_table_{country.lower()}"
        held = frame.filter(
            (pl.col("geo") == country) & (pl.col("unit") == "MIO_EUR") & pl.col("value_meur").is_not_null()
        )
        if held.is_empty():
            raise SourceRefused(
                "{source}: no value for {country} in million euros. Eurostat answers an empty table for a year that a country did not publish.",
                source=source, country=country,
            )  # fmt: skip
        year = int(held["year"].max())  # type: ignore[arg-type]
        held = held.filter(pl.col("year") == year).select("stk_flow", "prd_ava", "prd_use", "value_meur")
        cells = {(flow, sold, use): value for flow, sold, use, value in held.iter_rows()}
        return _by_branch(cells, source).with_columns(pl.lit(country).alias("country"), pl.lit(year).alias("year"))

    return shape


def _by_branch(cells: Cells, source: str) -> pl.DataFrame:
    """Flows between branches and to final uses, and the output of each branch."""
    products = leaves([sold for flow, sold, use in cells if (flow, use) == ("DOM", "TU")])
    if not products:
        raise SourceRefused("{source}: no product has a domestic total use (DOM, TU).", source=source)
    _near(cells, ("DOM", "CPA_TOTAL", "TU"), sum(cells["DOM", p, "TU"] for p in products), source)
    flows: dict[tuple[str, str, str], float] = {}
    for flow, origin in ORIGINS.items():
        for sold in products:
            uses = {branch_of(used): 0.0 for used in products}
            for used in products:
                uses[branch_of(used)] += _cell(cells, (flow, sold, used), source)
            uses |= {use: _final(cells, flow, sold, choices, source) for use, choices in FINAL.items()}
            _near(cells, (flow, sold, "TU"), sum(uses.values()), source)
            for use, value in uses.items():
                key = (origin, branch_of(sold), use)
                flows[key] = flows.get(key, 0.0) + value
    for sold in products:
        key = ("output", branch_of(sold), "")
        made = cells.get(("DOM", "P1", sold), cells.get(("TOTAL", "P1", sold), cells["DOM", sold, "TU"]))
        flows[key] = flows.get(key, 0.0) + made
    _balanced(flows, source)
    kept = [(*key, value) for key, value in sorted(flows.items()) if value or key[0] == "output"]
    return pl.DataFrame(kept, schema=["origin", "branch", "use", "value_meur"], orient="row")


def _cell(cells: Cells, key: tuple[str, str, str], source: str) -> float:
    """An intermediate flow; a cell that is not published is proved to be 0 by the total of its row."""
    value = cells.get(key, 0.0)
    if value < 0:
        raise SourceRefused(
            "{source}: the cell {product} → {use} ({flow}) is negative ({value}): a flow cannot be.",
            source=source, product=key[1], use=key[2], flow=key[0], value=value,
        )  # fmt: skip
    return value


def _final(cells: Cells, flow: str, sold: str, choices: tuple[tuple[str, ...], ...], source: str) -> float:
    published = {use for one_flow, _sold, use in cells if one_flow in ("DOM", flow)}  # nothing imported is not told
    for codes in choices:
        if set(codes) <= published:
            return sum(cells.get((flow, sold, code), 0.0) for code in codes)
    raise SourceRefused(
        "{source}: the final uses {codes} are not published for {flow}: the table cannot be read.",
        source=source, codes=list(choices[0]), flow=flow,
    )  # fmt: skip


def _near(cells: Cells, key: tuple[str, str, str], found: float, source: str) -> None:
    told = cells.get(key)
    if told is not None and abs(told - found) > max(ROUNDING_MEUR, ROUNDING_SHARE * abs(told)):
        raise SourceRefused(
            "{source}: the row of {product} ({flow}) does not add up: its uses come to {found}, and {use} says {told}. Is the file whole?",
            source=source, product=key[1], flow=key[0], use=key[2], found=round(found, 3), told=told,
        )  # fmt: skip


def _balanced(flows: dict[tuple[str, str, str], float], source: str) -> None:
    """Each branch sells what it makes, and makes more than it buys."""
    for origin, branch, _use in [key for key in flows if key[0] == "output"]:
        made = flows[origin, branch, ""]
        sold = sum(value for key, value in flows.items() if key[:2] == ("domestic", branch))
        bought = sum(value for key, value in flows.items() if key[0] in ORIGINS.values() and key[2] == branch)
        if abs(made - sold) > max(ROUNDING_MEUR, ROUNDING_SHARE * made):
            raise SourceRefused(
                "{source}: the row of {branch} is not balanced: output {output}, uses {sold}.",
                source=source, branch=branch, output=round(made, 3), sold=round(sold, 3),
            )  # fmt: skip
        if bought >= made and bought > 0:
            raise SourceRefused(
                "{source}: {branch} buys {bought} to make {output}: without value added its capital is not defined.",
                source=source, branch=branch, bought=round(bought, 3), output=round(made, 3),
            )  # fmt: skip


def _connector(country: str, name_fr: str, name_en: str) -> Connector:
    return Connector(
        id=f"io_table_{country.lower()}",
        title_fr=f"Tableau entrées-sorties symétrique, {name_fr}, produit par produit, domestique et importé",
        title_en=f"Symmetric input-output table, {name_en}, product by product, domestic and imported",
        producer="Eurostat, transmis par Insee" if country == "FR" else "Eurostat, transmis par la BNB et le BFP",
        page="https://ec.europa.eu/eurostat/databrowser/view/naio_10_cp1700/default/table",
        address=f"{API}?format=JSON&lang=EN&geo={country}&time=2022&unit=MIO_EUR",
        file_name=f"naio_10_cp1700_{country}.json",
        year="2022",
        unit_notes="million euros, current basic prices",
        licence="Eurostat, reuse with citation",
        layout=Layout(delimiter=",", cube=True),
        fields=(
            Field("stk_flow", ("stk_flow",), "text"),
            Field("prd_ava", ("prd_ava",), "text"),
            Field("prd_use", ("prd_use",), "text"),
            Field("geo", ("geo",), "text"),
            Field("unit", ("unit",), "text"),
            Field("year", ("time", "TIME_PERIOD"), "year"),
            Field("value_meur", ("value", "OBS_VALUE")),
        ),
        shape=_shape(country),
        key=("country", "origin", "branch", "use"),
        columns={
            "country": "FR or BE",
            "year": "year",
            "origin": "domestic, imported, or output (what the branch makes)",
            "branch": "A38 branch that sells",
            "use": "A38 branch that buys, households, others (public bodies, investment, stocks), exports; empty for output",
            "value_meur": "flow",
        },
        rows=(1_500, 4_000),
        missing=MISSING_MARKS | {":": "not_available"},
        size_limit_mb=50,
        oldest_days=800,
    )


CONNECTORS = (_connector("FR", "France", "France"), _connector("BE", "Belgique", "Belgium"))
