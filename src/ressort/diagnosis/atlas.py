"""The indicators of every territory at once: for comparison, for the most similar ones, for the map of France.

The same columns serve one territory and all of them, so that a card and a map can never disagree.
"""

from dataclasses import replace
from functools import cache, lru_cache

import numpy as np
import polars as pl

from ressort.core.figure import Status
from ressort.core.food import Levers, adequacy, per_person
from ressort.core.food.system import Floats
from ressort.core.territory import Peers, Territory, most_similar, peers
from ressort.diagnosis.columns import Column
from ressort.diagnosis.facts import facts, from_departements
from ressort.diagnosis.food import commune_regions
from ressort.diagnosis.food_totals import totals
from ressort.diagnosis.scales import need_ha
from ressort.reference import table
from ressort.reference.food_parameters import parameter
from ressort.reference.food_system import food_system
from ressort.reference.harvest import herds
from ressort.reference.places import Places, commune_values
from ressort.reference.production import hectares
from ressort.reference.territories import territories

ORGANIC = "agriculture/departement_organic_crops"
FOOD, GASES, LABOUR = "food/diet", "food/ghg_by_product", "food/labour"
SIMILAR_BY = ("median_living_standard_eur", "adequacy_capped_share", "permanent_grass_share")
#: livestock units by species: a head of cattle counts as a suckler cow, calves included
UNITS = {"cattle": "ugb_suckler_cow", "sheep": "ugb_ewe", "goats": "ugb_goat"}


@lru_cache(maxsize=1)
def atlas() -> dict[str, Column]:
    """Every indicator for every territory of the table, levers at rest."""
    return measure(Places.all())


def is_at_hand() -> bool:
    """Whether the indicators of all territories have been worked out here."""
    return atlas.cache_info().currsize > 0


def measure(places: Places) -> dict[str, Column]:
    """Every indicator for some territories, levers at rest."""
    return facts(places) | _food(places)


def atlas_table() -> pl.DataFrame:
    """The atlas as a table: one row a territory, one column an indicator (null where missing)."""
    base = territories().table.select("kind", "code", "label")
    return base.with_columns(pl.Series(key, column.values).fill_nan(None) for key, column in atlas().items())


def similar(territory: Territory, count: int = 10) -> list[int]:
    """The most similar territories of the same kind: population, density, living standard, land balance."""
    known = territories()
    if not known.has(territory.key):
        return []
    row = known.row(territory.key)
    return most_similar(_peers(_first_alike()[row]), row, count)


@lru_cache(maxsize=64)
def _peers(first: int) -> Peers:
    """The territories of the same kind, country and zone as one of them."""
    columns = atlas()
    return peers(territories(), first, np.column_stack([columns[name].values for name in SIMILAR_BY]))


@lru_cache(maxsize=1)
def _first_alike() -> list[int]:
    """For each territory, the first row of the same kind, country and zone."""
    rows = territories().table.with_row_index("row")
    return rows.select(pl.col("row").first().over("kind", "country", "zone"))["row"].to_list()


def _food(places: Places) -> dict[str, Column]:
    system = food_system()
    regions = list(range(len(system.regions)))
    people = np.nan_to_num(commune_values("population_people"))
    one = per_person(system, [Levers()], regions)
    ones = np.ones((1, len(regions)))
    here = {name: _of_communes(values[0], people) for name, values in (totals(one, regions) | {"fed": ones}).items()}
    fed = Column(_total(places, here["fed"]), "people")
    land = Column(_total(places, here["land_ha"]), "ha", "estimated", "2016-2020", FOOD, "not_applicable")
    abroad = replace(land, values=_total(places, here["land_abroad_ha"]))
    jobs = Column(_total(places, here["jobs_fte"]), "fte", "hypothesis", "2010-2021", LABOUR, "not_applicable")
    columns = {"land_needed_ha": land, "land_abroad_ha": abroad, "jobs_needed_fte": jobs}
    columns["land_needed_m2_per_people"] = _times(land.over(fed, "m2_per_people"), 10_000)
    columns |= _pressures(places, here, land, fed)
    return columns | _balance(places, need_ha(places)) | _farming(places)


def _of_communes(per_person_values: Floats, people: Floats) -> Floats:
    """What one person of each region takes, times the people of each commune; nan where no region, (atoms,)."""
    return np.append(per_person_values, np.nan)[commune_regions()] * people


def _total(places: Places, values: Floats) -> Floats:
    """Sums over communes of the food model; France is summed over the communes that the model reaches."""
    total = places.total(values)
    reached = np.nan_to_num(values)
    france = places.is_kind("PAYS")
    total[france] = (places.membership @ reached)[france]
    return total


def _times(column: Column, factor: float) -> Column:
    return Column(column.values * factor, column.unit, column.status, column.year, column.source, column.reason)


def _pressures(places: Places, here: dict[str, Floats], whole: Column, fed: Column) -> dict[str, Column]:
    """Proxies of pressure on water and nature, named so: areas and nitrogen, not measured pollution; per head and per hectare."""

    def total(
        name: str, unit: str, year: str = "2016-2020", source: str = FOOD, status: Status = "estimated"
    ) -> Column:
        return Column(_total(places, here[name]), unit, status, year, source, "not_applicable")

    ghg = total("ghg_kgco2e", "kgco2e", "2024", GASES)
    moved = total("transport_kgco2e", "kgco2e", "2024", GASES, "derived")
    emitted = total("transported_kgco2e", "kgco2e", "2024", GASES, "derived")
    nitrogen, jobs = total("nitrogen_kg", "kg"), total("jobs_fte", "fte", "2010-2021", LABOUR, "hypothesis")
    mineral, thirsty = total("mineral_arable_ha", "ha"), total("thirsty_crops_ha", "ha")
    both = replace(whole, values=whole.values + _total(places, here["land_abroad_ha"]))
    return {
        "ghg_kgco2e_per_people": ghg.over(fed, "kgco2e_per_people"),
        "ghg_kgco2e_per_ha": ghg.over(both, "kgco2e_per_ha"),
        "ghg_transport_share": moved.over(emitted, "share"),
        "food_nitrogen_kg_per_people": nitrogen.over(fed, "kg_per_people"),
        "food_nitrogen_kg_per_ha": nitrogen.over(both, "kg_per_ha"),
        "jobs_needed_fte_per_ha": jobs.over(whole, "fte_per_ha"),
        "mineral_arable_ha": mineral,
        "mineral_arable_m2_per_people": _times(mineral.over(fed, "m2_per_people"), 10_000),
        "thirsty_crops_ha": thirsty,
        "thirsty_crops_m2_per_people": _times(thirsty.over(fed, "m2_per_people"), 10_000),
        "permanent_grass_share": total("permanent_grass_ha", "ha").over(whole, "share"),
    }


def _balance(places: Places, needed_ha: Floats) -> dict[str, Column]:
    """Potential autonomy of each territory; groups whose area is not known at its level are left out."""
    available = hectares(places)
    result = adequacy(available, needed_ha)
    unknown = np.isnan(available).all(1)
    known_land = np.where(unknown, np.nan, np.nansum(available, axis=1))
    status = np.where(places.is_kind("REG", "PAYS"), "derived", "estimated")
    source, year = "agriculture/departement_crops", "2018-2019"
    gross = np.where(unknown, np.nan, result.gross)
    return {
        "land_available_ha": Column(known_land, "ha", status, year, source),
        "adequacy_capped_share": Column(np.where(unknown, np.nan, result.capped), "share", "estimated", year, source),
        "adequacy_gross_ratio": Column(gross, "ratio", "estimated", year, source),
        "adequacy_known_share": Column(np.where(unknown, np.nan, result.known_share), "share", "derived", year, source),
        "feeding_potential_ratio": Column(_potential(known_land, needed_ha), "ratio", "estimated", year, source),
    }


def _potential(land_ha: Floats, needed_ha: Floats) -> Floats:
    needed = needed_ha.sum(1)
    return np.divide(land_ha, needed, out=np.full(len(needed), np.nan), where=(needed > 0) & (land_ha > 0))


@cache
def _organic_by_departement() -> tuple[dict[str, float], dict[str, float]]:
    """Organic and declared hectares of nine field crops, by département."""
    sums = [pl.col("organic_area_ha").sum(), pl.col("rpg_area_2018_ha").sum()]
    rows = table("agriculture/departement_organic_crops").group_by("departement").agg(*sums)
    organic, declared = (
        dict(zip(rows["departement"], rows[c], strict=True)) for c in ("organic_area_ha", "rpg_area_2018_ha")
    )
    return organic, declared


def _farming(places: Places) -> dict[str, Column]:
    """Organic part of field crops and density of livestock: by département, then of whole régions and of France."""
    organic, declared = (Column(from_departements(places, by_code), "ha") for by_code in _organic_by_departement())
    weights = {species: parameter(name) for species, name in UNITS.items()}
    held = herds()
    units: dict[str, float] = {}
    for (code, species), heads in held.heads.items():
        units[code] = units.get(code, 0.0) + heads * weights.get(species, 0.0)
    forage = hectares(places)[:, food_system().groups.index("forage")]
    livestock = Column(from_departements(places, units), "lsu", "estimated", held.year, held.source)
    return {
        "organic_crops_share": replace(
            organic.over(declared, "share"), status="estimated", year="2019", source=ORGANIC
        ),
        "livestock_lsu_per_ha": livestock.over(Column(forage, "ha", "estimated"), "lsu_per_ha"),
    }
