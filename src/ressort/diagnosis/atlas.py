"""The indicators of every territory at once: for comparison, for the most similar ones, for the map of France.

The same columns serve one territory and all of them, so that a card and a map can never disagree.
"""

from functools import cache, lru_cache

import numpy as np
import polars as pl

from ressort.core.food import Footprint, Levers, adequacy, group_land_ha, per_person
from ressort.core.food.system import Floats
from ressort.core.territory import Territory, most_similar
from ressort.diagnosis.columns import Column
from ressort.diagnosis.facts import facts
from ressort.diagnosis.food import DAYS_PER_YEAR, G_PER_KG, NITROGEN_PER_PROTEIN, THIRSTY, commune_regions
from ressort.reference import table
from ressort.reference.food_system import food_system
from ressort.reference.harvest import herds
from ressort.reference.places import Places, commune_values
from ressort.reference.production import hectares
from ressort.reference.territories import territories

FOOD = "food/diet"
SIMILAR_BY = ("median_living_standard_eur", "adequacy_capped_share", "permanent_grass_share")
CATTLE_LSU, SHEEP_LSU, GOAT_LSU = 0.85, 0.15, 0.17


@lru_cache(maxsize=1)
def atlas() -> dict[str, Column]:
    """Every indicator for every territory of the table, levers at rest."""
    return measure(Places.all())


def measure(places: Places) -> dict[str, Column]:
    """Every indicator for some territories, levers at rest."""
    return facts(places) | _food(places)


def atlas_table() -> pl.DataFrame:
    """The atlas as a table: one row a territory, one column an indicator (null where missing)."""
    base = territories().table.select("kind", "code", "label")
    return base.with_columns(pl.Series(key, column.values).fill_nan(None) for key, column in atlas().items())


def similar(territory: Territory, count: int = 10) -> list[int]:
    """The most similar territories of the same kind: population, density, living standard, land balance."""
    columns = atlas()
    features = np.column_stack([columns[name].values for name in SIMILAR_BY])
    return most_similar(territories(), territory, features, count)


def _food(places: Places) -> dict[str, Column]:
    system = food_system()
    regions = list(range(len(system.regions)))
    people = np.nan_to_num(commune_values("population_people"))
    one = per_person(system, [Levers()], regions)
    here = one.for_places(commune_regions(), people)
    land = _total(places, here.land_ha.sum(1))
    fed = Column(_scoped(places, people), "people")
    needed = group_land_ha(here.crop_land_ha, system.group_of, len(system.groups))
    columns = {
        "land_needed_ha": Column(land, "ha", "estimated", "2016-2020", FOOD, "not_applicable"),
        "land_abroad_ha": Column(
            _total(places, here.land_abroad_ha.sum(1)), "ha", "estimated", "2016-2020", FOOD, "not_applicable"
        ),
        "jobs_needed_fte": Column(
            _total(places, here.jobs_fte.sum(1)), "fte", "hypothesis", "2010-2021", "food/labour", "not_applicable"
        ),
    }
    columns["land_needed_m2_per_people"] = _times(columns["land_needed_ha"].over(fed, "m2_per_people"), 10_000)
    ghg = Column(
        _total(places, here.ghg_kgco2e.sum(1)), "kgco2e", "estimated", "2024", "food/ghg_by_product", "not_applicable"
    )
    columns["ghg_kgco2e_per_people"] = ghg.over(fed, "kgco2e_per_people")
    columns |= _pressures(places, here, land, fed)
    return columns | _balance(places, _total(places, needed)) | _farming(places)


def _total(places: Places, values: Floats) -> Floats:
    """Sums over communes of the food model; France is summed over the communes that the model reaches."""
    total = places.total(values)
    reached = np.nan_to_num(values)
    france = places.is_kind("PAYS")
    total[france] = (places.membership @ reached)[france]
    return total


def _scoped(places: Places, people: Floats) -> Floats:
    reached = np.where(commune_regions() >= 0, people, 0.0)
    return _total(places, np.where(commune_regions() >= 0, reached, np.nan))


def _times(column: Column, factor: float) -> Column:
    return Column(column.values * factor, column.unit, column.status, column.year, column.source, column.reason)


def _pressures(places: Places, here: Footprint, land: Floats, fed: Column) -> dict[str, Column]:
    """Proxies of pressure on water and nature, named so: areas and nitrogen, not measured pollution."""
    system = food_system()
    grass = system.crops.index("grass_permanent")
    thirsty = [system.crops.index(crop) for crop in THIRSTY]
    protein_kg = _protein_kg(here)
    arable = _total(places, np.delete(here.crop_land_ha - here.organic_crop_land_ha, grass, axis=1).sum(1))
    whole = Column(land, "ha", "estimated", "2016-2020", FOOD, "not_applicable")
    grass_land = Column(
        _total(places, here.crop_land_ha[:, grass]), "ha", "estimated", "2016-2020", FOOD, "not_applicable"
    )
    nitrogen = Column(
        _total(places, protein_kg * NITROGEN_PER_PROTEIN), "kg", "derived", "2016-2020", FOOD, "not_applicable"
    )
    transport = np.nan_to_num(system.transport_kgco2e_per_kg)
    counted = np.where(np.isnan(system.transport_kgco2e_per_kg), 0.0, np.nan_to_num(system.ghg_kgco2e_per_kg))
    moved = Column(
        _total(places, here.need_kg @ transport), "kgco2e", "derived", "2024", "food/ghg_by_product", "not_applicable"
    )
    emitted = Column(
        _total(places, here.need_kg @ counted), "kgco2e", "derived", "2024", "food/ghg_by_product", "not_applicable"
    )
    return {
        "ghg_transport_share": moved.over(emitted, "share"),
        "food_nitrogen_kg_per_people": nitrogen.over(fed, "kg_per_people"),
        "mineral_arable_ha": Column(arable, "ha", "estimated", "2016-2020", FOOD, "not_applicable"),
        "thirsty_crops_ha": Column(
            _total(places, here.crop_land_ha[:, thirsty].sum(1)), "ha", "estimated", "2016-2020", FOOD, "not_applicable"
        ),
        "permanent_grass_share": grass_land.over(whole, "share"),
    }


def _protein_kg(here: Footprint) -> Floats:
    """Protein in the food supplied to each commune in a year, (atoms,)."""
    system = food_system()
    today = system.diet_kg_per_year
    per_kg = (
        np.divide(system.protein_g_per_day, today, out=np.zeros_like(today), where=today > 0) * DAYS_PER_YEAR / G_PER_KG
    )
    return (here.need_kg * per_kg[commune_regions()]).sum(1)


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
def _organic_by_departement() -> dict[str, float]:
    rows = (
        table("agriculture/departement_organic_crops")
        .group_by("departement")
        .agg(pl.col("organic_area_ha").sum(), pl.col("rpg_area_2018_ha").sum())
    )
    return {
        row["departement"]: row["organic_area_ha"] / row["rpg_area_2018_ha"]
        for row in rows.to_dicts()
        if row["rpg_area_2018_ha"]
    }


def _farming(places: Places) -> dict[str, Column]:
    """Organic part of field crops and density of livestock, by département."""
    organic = places.published("DEP", _organic_by_departement())
    weights = {"cattle": CATTLE_LSU, "sheep": SHEEP_LSU, "goats": GOAT_LSU}
    held = herds()
    units: dict[str, float] = {}
    for (code, species), heads in held.heads.items():
        units[code] = units.get(code, 0.0) + heads * weights.get(species, 0.0)
    forage = hectares(places)[:, food_system().groups.index("forage")]
    livestock = Column(places.published("DEP", units), "lsu", "estimated", held.year, held.source)
    return {
        "organic_crops_share": Column(organic, "share", "estimated", "2019", "agriculture/departement_organic_crops"),
        "livestock_lsu_per_ha": livestock.over(Column(forage, "ha", "estimated"), "lsu_per_ha"),
    }
