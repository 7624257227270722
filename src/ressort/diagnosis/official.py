"""Official files brought by `ressort data sync`, as columns: what is published for a territory wins over what is lent or summed.

income · jobs · energy use and production · plants · census · organic areas ──▶ one column an indicator
A file that was never fetched gives a column that says so; nothing is lent to a level that the file does not reach.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ressort.core.figure import Reason
from ressort.diagnosis.columns import Column, first_known
from ressort.reference import synced, table
from ressort.reference.places import ENOUGH, Places, aligned_to_communes, commune_values
from ressort.reference.territories import territories

RENEWABLE_SOURCES = ("solar", "wind", "hydro", "bioenergy")
#: how the register of plants names what is renewable
RENEWABLE_PLANTS = "solaire|eolien|éolien|hydraulique|bio|marin|géothermie|geothermie"
WITHOUT_GAS = "energy/departements_without_gas"
ENERGY_LEVELS = {"energy_use_commune": "COM", "energy_use_epci": "EPCI", "energy_use_departement": "DEP"}


@dataclass(frozen=True, eq=False)
class Level:
    """What one file publishes for one kind of territory.

    Args:
        values: code → value, nan where the producer hides it.
        year: of the values; source: the table.
    """

    kind: str
    values: dict[str, float]
    year: str
    source: str


def official(places: Places) -> dict[str, Column]:
    """Every indicator that only official files bring, and what they know better of the others."""
    return _incomes(places) | _energy(places) | _farms(places) | _work(places)


def column(
    places: Places, levels: list[Level], unit: str, *, adds_up: bool, hidden: Reason = "not_available"
) -> Column:
    """The values of the first level that knows each territory, then sums of parts where the quantity adds up."""
    found = [Column(places.published(one.kind, one.values), unit, "observed", one.year, one.source) for one in levels]
    if adds_up:
        found += [Column(_summed(places, one), unit, "derived", one.year, one.source) for one in levels]
    reason: Reason = hidden if levels else "not_fetched"
    return first_known(*found, Column(np.full(len(places.codes), np.nan), unit, reason=reason))


def _summed(places: Places, level: Level) -> np.ndarray:
    """Sums over the parts of a level, where they make up the territory; nan elsewhere, (n,)."""
    if level.kind == "COM":
        rows = pl.DataFrame({"code": list(level.values), "value": list(level.values.values())}, strict=False)
        return places.total(aligned_to_communes(rows, "code", "value"))
    known = territories()
    holder = known.parents_of_commune[level.kind]
    value = np.array([level.values.get(code, np.nan) for code in known.table["code"]])
    whole = np.bincount(holder[holder >= 0], minlength=len(value))
    sums = np.full(len(places.codes), np.nan)
    for row in np.flatnonzero(places.is_kind("DEP", "REG", "PAYS", "CUSTOM")):
        start, end = places.membership.indptr[row : row + 2]
        members = places.membership.indices[start:end]
        counts = np.bincount(holder[members][holder[members] >= 0], minlength=len(value))
        entire = np.flatnonzero((counts > 0) & (counts == whole) & ~np.isnan(value))
        covered = places.people[members[np.isin(holder[members], entire)]].sum()
        if len(entire) and covered >= ENOUGH * places.people[members].sum():
            sums[row] = value[entire].sum()
    return sums


def _incomes(places: Places) -> dict[str, Column]:
    """Medians and poverty as published: they never add up."""
    found = {}
    for name, unit in (("median_living_standard_eur", "eur"), ("poverty_share", "share")):
        levels = []
        for source, kind in (("income_commune", "COM"), ("income_epci", "EPCI")):
            rows = synced(source)
            if rows is not None and name in rows.columns:
                levels.append(_level(rows, kind, "code", name, source))
        found[name] = column(places, levels, unit, adds_up=False, hidden="secret")
    return found


def _energy(places: Places) -> dict[str, Column]:
    """Electricity and gas delivered, all sectors and homes; renewable electricity made, and what of the use it covers."""
    found = {
        "electricity_mwh": column(places, uses("electricity", "all"), "mwh", adds_up=True, hidden="secret"),
        "gas_mwh": column(places, uses("gas", "all"), "mwh", adds_up=True, hidden="secret"),
        "residential_electricity_mwh": column(places, uses("electricity", "residential"), "mwh", adds_up=True),
    }
    made = synced("electricity_production_epci")
    renewable = None if made is None else made.filter(pl.col("source").is_in(RENEWABLE_SOURCES))
    levels = (
        []
        if renewable is None
        else [_yearly(renewable, "EPCI", "epci_code", "production_mwh", "electricity_production_epci")]
    )
    found["renewable_electricity_mwh"] = column(places, levels, "mwh", adds_up=True)
    same_year = uses("electricity", "all", levels[0].year) if levels else []
    used = column(places, same_year, "mwh", adds_up=True)
    found["renewable_coverage_share"] = found["renewable_electricity_mwh"].over(used, "ratio")
    plants = synced("electricity_plants")
    green = (
        None if plants is None else plants.filter(pl.col("source").str.to_lowercase().str.contains(RENEWABLE_PLANTS))
    )
    capacity = [] if green is None else [_level(green, "COM", "commune_code", "capacity_kw", "electricity_plants")]
    found["renewable_capacity_kw"] = column(places, capacity, "kw", adds_up=True)
    return found


def uses(carrier: str, sector: str, year: str = "") -> list[Level]:
    """Energy delivered by level, of the latest year that a file has, or of one year."""
    levels = []
    for source, kind in ENERGY_LEVELS.items():
        rows = synced(source)
        if rows is not None:
            chosen = rows.filter((pl.col("carrier") == carrier) & (pl.col("sector") == sector))
            chosen = chosen.filter(pl.col("year") == int(year)) if year else chosen
            if not chosen.is_empty():
                level = _yearly(chosen, kind, "code", "energy_mwh", source)
                zeros = without_gas(carrier) if kind == "DEP" else {}
                levels.append(replace(level, values=zeros | level.values))
    return levels


def without_gas(carrier: str) -> dict[str, float]:
    """Zero MWh for each département that no network of natural gas serves; nothing for another carrier."""
    return dict.fromkeys(table(WITHOUT_GAS)["departement_code"], 0.0) if carrier == "gas" else {}


def _farms(places: Places) -> dict[str, Column]:
    """Farms, their work and their land at the census; organic hectares."""
    census, farmland, organic = synced("farm_census"), synced("farmland_epci"), synced("organic_commune")
    counts = [] if census is None else [_level(census, "EPCI", "code", "farms", "farm_census")]
    work = (
        []
        if census is None or "labour_fte" not in census.columns
        else [_level(census, "EPCI", "code", "labour_fte", "farm_census")]
    )
    land = [] if farmland is None else [_yearly(farmland, "EPCI", "epci_code", "farmland_ha", "farmland_epci")]
    land += [] if census is None else [_level(census, "EPCI", "code", "farmland_ha", "farm_census")]
    found = {
        "present_farms": column(places, counts, "farms", adds_up=True, hidden="secret"),
        "farm_labour_fte": column(places, work, "fte", adds_up=True, hidden="secret"),
        "farmland_ha": column(places, land, "ha", adds_up=True, hidden="secret"),
    }
    grown = (
        []
        if organic is None
        else [
            _yearly(
                organic.filter(pl.col("crop_group") != "outside_farmland"),
                "COM",
                "commune_code",
                "organic_ha",
                "organic_commune",
            )
        ]
    )
    found["organic_farmland_ha"] = column(places, grown, "ha", adds_up=True, hidden="secret")
    found["organic_farmland_share"] = found["organic_farmland_ha"].over(found["farmland_ha"], "share")
    return found


def _work(places: Places) -> dict[str, Column]:
    """Private jobs at the place of work."""
    rows = synced("jobs_commune")
    levels = [] if rows is None else [_yearly(rows, "COM", "commune_code", "jobs", "jobs_commune")]
    jobs = column(places, levels, "jobs", adds_up=True)
    people = Column(places.total(commune_values("population_people")), "people", year="2023")
    return {"private_jobs": jobs, "private_jobs_per_people": jobs.over(people, "jobs_per_people")}


def _yearly(rows: pl.DataFrame, kind: str, code: str, name: str, source: str) -> Level:
    """The latest year of a table, added up by territory; a hidden part hides its sum."""
    last = rows.filter(pl.col("year") == pl.col("year").max())
    return _level(last, kind, code, name, source)


def _level(rows: pl.DataFrame, kind: str, code: str, name: str, source: str) -> Level:
    whole = pl.when(pl.col(name).is_null().any()).then(None).otherwise(pl.col(name).sum()).alias(name)
    summed = rows.group_by(code).agg(whole)
    year = str(rows["year"].max()) if "year" in rows.columns and rows.height else ""
    values = {key: float("nan") if value is None else float(value) for key, value in summed.iter_rows()}
    return Level(kind, values, year, source)
