"""What is grown and raised where: the finest figures known, and the rule that brings them to communes.

département (downscaled official totals) ──▶ communes, in proportion to open land (estimated)
farmland by EPCI, crop parcels by commune, when synced: they win for their own area
old région (potatoes, pulses, fruit, minor cereals) ──▶ today's régions only, never spread further
France (vegetables) ──▶ France only
vegetables, fruit, potatoes: a parcel register holds the least there is; a larger statistic of the same level wins over it
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import polars as pl

from ressort.core.food import open_land_ha, reweighted, spread_error, spread_over_communes
from ressort.core.food.system import Floats
from ressort.reference.harvest import with_harvest
from ressort.reference.places import Places, commune_rows
from ressort.reference.production_extras import france_extras, published_ha, region_extras
from ressort.reference.tables import synced, table
from ressort.reference.territories import territories

PARCELS = "rpg_commune"
BELGIUM = "BE"


@dataclass(frozen=True, eq=False)
class Production:
    """Hectares by crop group. Axes: T communes (atoms), G crop groups.

    Args:
        commune_ha: estimated or synced, nan where not known, (T, G).
        commune_known: True where the figure is a synced official one, (T, G).
        region_extra_ha: posts known by région only, added to régions and France, {region: (G,)}.
        france_extra_ha: groups known for France only, (G,).
        off_register_share: part of the open land of each région, and of "FR", whose parcels are not known: what is
            added must not be what parcels hold already, {region: (G,)}.
        rule_sd: standard deviation of the logarithm of the rule's error, by group, (G,).
        parcels_year: campaign of the parcels synced, "" without any.
        is_floor: True for the groups that the parcel register understates, (G,).
        published_ha: what statistics tell of those groups, by key of département, région or country, {key: (G,)}.
    """

    commune_ha: Floats
    commune_known: np.ndarray
    region_extra_ha: dict[str, Floats]
    france_extra_ha: Floats
    off_register_share: dict[str, Floats]
    rule_sd: Floats
    parcels_year: str
    is_floor: np.ndarray
    published_ha: dict[str, Floats]

    @cached_property
    def known_ha(self) -> Floats:
        """`commune_ha` with 0 where it is not known, (T, G)."""
        return np.nan_to_num(self.commune_ha)

    @cached_property
    def is_unknown(self) -> np.ndarray:
        """True for the groups that no commune has a figure of, (G,)."""
        return np.asarray(np.isnan(self.commune_ha).all(0))


@cache
def production() -> Production:
    """Crop areas of every commune of metropolitan France, by the rule, synced figures first."""
    groups = list(table("food/crop_groups")["crop_group"])
    places = territories()
    atoms = places.table.head(places.atoms)
    codes, departement_ha = _by_departement(groups)
    parent = _positions(atoms["departement"], codes, atoms["country"])
    weights = commune_weights()
    known, parcels_year = _parcels(groups)
    regions, france = region_extras(groups), france_extras(groups)
    return Production(
        commune_ha=_spread(departement_ha, parent, weights, known),
        commune_known=~np.isnan(known),
        region_extra_ha=regions,
        france_extra_ha=france,
        off_register_share=_off_register(np.isnan(known), weights, atoms["region"]),
        rule_sd=_rule_error(codes, departement_ha),
        parcels_year=parcels_year,
        is_floor=(table("food/crop_groups")["register_cover"] == "floor").to_numpy(),
        published_ha=published_ha(codes, departement_ha, regions, france),
    )


def _spread(departement_ha: Floats, parent: np.ndarray, weights: Floats, known: Floats) -> Floats:
    """Hectares by commune: parcels where they are known; elsewhere what they leave, and never more than the rule alone would give.

    What a département's statistics count beyond its parcels was declared by nobody: it does not lie in the few communes without any.
    """
    with_parcels = spread_over_communes(departement_ha, parent, weights, known)
    rule = spread_over_communes(departement_ha, parent, weights)
    return np.where(np.isnan(known), np.minimum(with_parcels, rule), with_parcels)


def hectares(places: Places) -> Floats:
    """Hectares by territory and crop group, (n, G); nan where no figure reaches that level.

    Régions and France add the posts that only they have; France is metropolitan France, where the figures are.
    """
    return _hectares_everywhere() if places is Places.all() else _hectares(places)


@cache
def _hectares_everywhere() -> Floats:
    found = _hectares(Places.all())
    found.flags.writeable = False
    return found


def _hectares(places: Places) -> Floats:
    made = production()
    total = places.total(made.commune_ha)
    france = places.is_kind("PAYS")
    total[france] = (places.membership @ made.known_ha)[france]
    total[:, made.is_unknown] = np.nan
    for row in np.flatnonzero(places.is_kind("REG", "PAYS")):
        total[row] = _with_extras(made, places.kinds[row], places.codes[row], total[row])
    for row in np.flatnonzero(places.is_kind("DEP", "REG", "PAYS")):
        total[row] = _at_least_published(made, f"{places.kinds[row]}:{places.codes[row]}", total[row])
    return total


def _at_least_published(made: Production, key: str, total: Floats) -> Floats:
    """A total in which the groups that parcels understate are never below the statistics of the same level."""
    told = made.published_ha.get(key)
    return total if told is None else np.where(made.is_floor, np.fmax(total, told), total)


def _with_extras(made: Production, kind: str, code: str, total: Floats) -> Floats:
    """A total with the posts that only régions or France have; whole where no commune makes a total, else off the register only."""
    regions = [code] if kind == "REG" else list(made.region_extra_ha)
    parts = [(made.region_extra_ha[r], made.off_register_share[r]) for r in regions if r in made.region_extra_ha]
    if kind == "PAYS":
        parts.append((made.france_extra_ha, made.off_register_share["FR"]))
    extra = sum((area for area, _ in parts), np.zeros(len(total)))
    added = sum((area * share for area, share in parts), np.zeros(len(total)))
    return np.where(extra > 0, np.where(np.isnan(total), extra, total + added), total)


def _off_register(unknown: np.ndarray, weights: Floats, region: pl.Series) -> dict[str, Floats]:
    """Part of the open land whose parcels are not known, by région and for France as a whole, {region: (G,)}."""
    homes = region.fill_null("").to_numpy()
    shares = {}
    for code in (*sorted(set(homes) - {"", BELGIUM}), "FR"):
        inside = (homes == code) if code != "FR" else (homes != BELGIUM)
        whole = weights[inside].sum()
        shares[code] = weights[inside] @ unknown[inside] / whole if whole > 0 else np.ones(unknown.shape[1])
    return shares


def _by_departement(groups: list[str]) -> tuple[list[str], Floats]:
    """Hectares by département and crop group; nan where the département has none of the posts of a group."""
    posts = (
        table("agriculture/crop_posts").filter(pl.col("finest_level") == "departement").select("group", "crop_group")
    )
    rows = (
        table("agriculture/departement_crops")
        .join(posts, on="group")
        .group_by("departement", "crop_group")
        .agg(pl.col("area_ha").sum())
    )
    arable = table("agriculture/departement_crops").filter(pl.col("group") == "soft_wheat")["departement"].to_list()
    codes = sorted(arable)
    hectares = np.full((len(codes), len(groups)), np.nan)
    for g, group in enumerate(groups):
        if group in posts["crop_group"].to_list():
            hectares[:, g] = 0.0
    for row in rows.filter(pl.col("departement").is_in(codes)).to_dicts():
        hectares[codes.index(row["departement"]), groups.index(row["crop_group"])] = row["area_ha"]
    return codes, with_harvest(codes, groups, hectares)


@cache
def commune_weights() -> Floats:
    """Open land of each commune, scaled to the farmland of its EPCI where that is synced."""
    places = territories()
    atoms = places.table.head(places.atoms)
    built = float(table("territory/parameters").filter(pl.col("parameter") == "built_ha_per_person")["value"][0])
    area, people = (atoms[c].cast(pl.Float64).fill_null(0).to_numpy() for c in ("area_ha", "population_people"))
    weights = open_land_ha(area, people, built)
    farmland = synced("farmland_epci")
    if farmland is None:
        return weights
    last = farmland.filter(pl.col("year") == pl.col("year").max())
    epci = dict(zip(last["epci_code"], last["farmland_ha"], strict=True))
    codes = places.table.filter(pl.col("kind") == "EPCI")["code"].to_list()
    group = np.full(places.atoms, -1)
    for i, code in enumerate(codes):
        group[places.members(places.row(f"EPCI:{code}"))] = i
    totals = np.array([np.nan if epci.get(code) is None else float(epci[code]) for code in codes])
    return reweighted(weights, group, totals)


def _parcels(groups: list[str]) -> tuple[Floats, str]:
    """Hectares by commune from the crop parcel register of the latest campaign synced, nan elsewhere; and that year."""
    places = territories()
    known = np.full((places.atoms, len(groups)), np.nan)
    parcels = synced(PARCELS)
    if parcels is None:
        return known, ""
    latest = parcels.filter(pl.col("year") == pl.col("year").max())
    crops = latest.filter(pl.col("crop_group").is_in(groups))
    summed = crops.group_by("commune_code", "crop_group").agg(pl.col("area_ha").sum())
    rows = commune_rows()
    known[[rows[code] for code in latest["commune_code"].unique() if code in rows]] = 0.0
    for code, group, area_ha in summed.iter_rows():
        if code in rows:
            known[rows[code], groups.index(group)] = area_ha
    return known, str(latest["year"].max())


def _rule_error(codes: list[str], departement_ha: Floats) -> Floats:
    """The rule played where it can be checked: old régions spread over their départements, against the départements' own figures.

    The error between communes of one département is not known; it is taken to be the same.
    """
    places = territories()
    weights = commune_weights()
    open_by_departement = np.array([weights[places.members(places.row(f"DEP:{code}"))].sum() for code in codes])
    old = table("territory/old_regions")["departement_codes"].str.split("|").to_list()
    parent = np.array([next((i for i, members in enumerate(old) if code in members), -1) for code in codes])
    totals = np.stack([np.nansum(departement_ha[parent == i], axis=0) for i in range(len(old))])
    played = spread_over_communes(totals, parent, open_by_departement)
    return np.array([spread_error(played[:, g], departement_ha[:, g]) for g in range(departement_ha.shape[1])])


def _positions(departement: pl.Series, codes: list[str], country: pl.Series) -> np.ndarray:
    place = {code: i for i, code in enumerate(codes)}
    found = departement.replace_strict(place, default=-1, return_dtype=pl.Int64).to_numpy()
    return np.where((country == "FR").to_numpy(), found, -1)
