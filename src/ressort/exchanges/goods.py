"""What territories exchange: supplies and needs by good and level, with what is not known said so.

hectares × yield of the département ─▶ tonnes supplied        plates × people ─▶ tonnes needed
renewable electricity, electricity used ─▶ megawatt-hours     (Pays de la Loire: by commune)
wood cut by EPCI, houses ─▶ megawatt-hours                    (once the official files are fetched)
"""

from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache

import numpy as np
import polars as pl

from ressort.core.errors import UnknownCode
from ressort.core.food import Levers, group_land_ha, per_person
from ressort.core.food.system import Floats, Integers
from ressort.core.territory import Territory, search_key
from ressort.diagnosis.facts import facts
from ressort.diagnosis.food import commune_regions
from ressort.energy import wood_balance
from ressort.language import current_language
from ressort.reference import table
from ressort.reference.food_system import food_system
from ressort.reference.places import Places, commune_values
from ressort.reference.production import hectares
from ressort.reference.territories import territories

#: kinds of territories that can exchange, the smallest first
LEVELS = ("COM", "EPCI", "BV", "DEP", "REG")
ELECTRICITY_LEVELS = ("COM", "EPCI", "BV")
#: what the table of territories says of people and place
POINT = ("population_people", "lat", "lon")
#: territories whose facts are gathered together: those of all communes at once take 120 MB
AT_ONCE = 4_000


@dataclass(frozen=True, slots=True)
class Good:
    """One thing that moves between territories.

    Args:
        unit: a key of `core.units.UNITS`.
        source: card of the main table; year: of the figures; status: of the balance.
    """

    key: str
    label_fr: str
    label_en: str
    unit: str
    source: str
    year: str
    status: str

    @property
    def label(self) -> str:
        """Its name in the language in force."""
        return self.label_fr if current_language() == "fr" else self.label_en


@dataclass(frozen=True, eq=False)
class Balances:
    """Supplies and needs of all territories of one level. Axes: n territories, P goods.

    Args:
        rows: of the territory table, (n,).
        supply, need: nan where no figure reaches that level, (n, P).
        people, lat_degree, lon_degree: (n,).
        own: territories that are not of the table, by position: a group of communes, and what it leaves of those it cuts.
    """

    level: str
    rows: Integers
    goods: tuple[Good, ...]
    supply: Floats
    need: Floats
    people: Floats
    lat_degree: Floats
    lon_degree: Floats
    own: dict[int, Territory] = field(default_factory=dict)

    def territory(self, at: int) -> Territory:
        """The territory of one position: one of the table, an own group, or what a group leaves of another."""
        return self.own.get(at) or territories().territory(int(self.rows[at]))

    @property
    def surplus(self) -> Floats:
        """Supply beyond need, nan where not known, (n, P)."""
        return np.maximum(self.supply - self.need, 0.0)

    @property
    def lack(self) -> Floats:
        """Need beyond supply, nan where not known, (n, P)."""
        return np.maximum(self.need - self.supply, 0.0)

    @cached_property
    def needs_of_people(self) -> Floats:
        """How many people's yearly need a unit of each good meets, where both are known, (P,)."""
        known = ~np.isnan(self.need) & ~np.isnan(self.supply)
        need = np.where(known, self.need, 0.0).sum(0)
        people = (known * np.nan_to_num(self.people)[:, None]).sum(0)
        return np.divide(people, need, out=np.zeros(len(need)), where=need > 0)

    def column(self, good: str) -> int:
        """The position of a good."""
        return [one.key for one in self.goods].index(good)


@cache
def goods() -> tuple[Good, ...]:
    """Every good that the program knows of; that of wood is told by official files only, once they are fetched."""
    food = [
        Good(
            row["crop_group"],
            row["label_fr"],
            row["label_en"],
            "t",
            "agriculture/departement_crops",
            "2018-2019",
            "estimated",
        )
        for row in table("food/crop_groups").to_dicts()
    ]
    electricity = Good(
        "electricity",
        "Électricité renouvelable",
        "Renewable electricity",
        "mwh",
        "energy/pays_de_la_loire_production_2011_2019",
        "2019",
        "observed",
    )
    wood = Good("wood", "Bois énergie", "Wood for energy", "mwh", "wood_harvest_epci", "2017-2021", "estimated")
    return (*food, electricity, wood)


def good(key: str) -> Good:
    """One good.

    Raises:
        UnknownCode: no good bears that name.
    """
    wanted = search_key(key)
    for one in goods():
        if wanted in map(search_key, (one.key, one.label_fr, one.label_en)):
            return one
    raise UnknownCode("{name} is not a good; the goods are {choices}.", name=key, choices=[one.key for one in goods()])


@lru_cache(maxsize=3)
def balances(level: str) -> Balances:
    """Supplies and needs of every territory of a level.

    Raises:
        UnknownCode: a level where nothing can be exchanged.
    """
    if level not in LEVELS:
        raise UnknownCode(
            "{level} is not a level of exchange; choose among {choices}.", level=level, choices=list(LEVELS)
        )
    known = territories()
    rows = np.flatnonzero((known.table["kind"] == level).to_numpy())
    named = known.table[rows.tolist()]
    places = Places(known.membership[rows], tuple(named["kind"]), tuple(named["code"]))
    people, lat, lon = (named[name].cast(pl.Float64).to_numpy() for name in POINT)
    return _of(places, (people, lat, lon), rows, level)


@lru_cache(maxsize=8)
def balances_around(level: str, members: tuple[int, ...], key: str, name: str) -> Balances:
    """A level with an own group of communes in the place of what it takes from others: nothing counts twice.

    Args:
        members: rows of the communes of the group; key, name: how it is called.

    Raises:
        UnknownCode: a level where nothing can be exchanged.
    """
    whole, known, group = balances(level), territories(), np.array(members, dtype=np.int64)
    cut: dict[int, Territory] = {}
    kept = []
    for at, row in enumerate(whole.rows.tolist()):
        members_here = known.territory(row).members
        left = np.setdiff1d(members_here, group)
        if len(left) == len(members_here):
            kept.append(at)
        elif len(left):
            place = known.territory(row)
            cut[at] = known.of_members(left, place.code, f"{place.label} − {name}")
            kept.append(at)
    rows = np.append(whole.rows[kept], -1)
    own = {position: cut[at] for position, at in enumerate(kept) if at in cut}
    own[len(kept)] = known.of_members(group, key, name)
    people, lat, lon = (np.array([getattr(one, name) for one in own.values()], dtype=float) for name in POINT)
    fresh = _of(Places.of(list(own.values())), (people, lat, lon), rows[list(own)], level)
    values = {}
    for column in ("supply", "need", "people", "lat_degree", "lon_degree"):
        held = getattr(whole, column)[[*kept, 0]].copy()
        held[list(own)] = getattr(fresh, column)
        values[column] = held
    return replace(whole, rows=rows, own=own, **values)


def _of(places: Places, points: tuple[Floats, Floats, Floats], rows: Integers, level: str) -> Balances:
    """The balances of some territories, those of the table or not."""
    supply, need = _food(places)
    made, used = _electricity(places, level)
    cut, burnt = wood_balance(places)
    supplies, needs = np.column_stack([supply, made, cut]), np.column_stack([need, used, burnt])
    return Balances(level, rows, goods(), supplies, needs, *points)


def _food(places: Places) -> tuple[Floats, Floats]:
    """Tonnes supplied and needed by crop group, (n, G) each; forage in tonnes of dry matter."""
    area = hectares(places)
    supply = area * _yield_t_per_ha(places, area)
    supply = np.where(area == 0, 0.0, supply)
    return supply, places.total(_commune_need_t())


@cache
def _commune_need_t() -> Floats:
    """Tonnes of each crop group that each commune needs in a year, today's plate, nan overseas, (atoms, G)."""
    system = food_system()
    one = per_person(system, [Levers()], list(range(len(system.regions))))
    grown = one.crop_land_ha[0] * np.nan_to_num(system.yield_t_per_ha)
    by_region = np.vstack(
        [group_land_ha(grown, system.group_of, len(system.groups)), np.full((1, len(system.groups)), np.nan)]
    )
    return np.asarray(by_region[commune_regions()] * np.nan_to_num(commune_values("population_people"))[:, None])


def _yield_t_per_ha(places: Places, area_ha: Floats) -> Floats:
    """Tonnes by hectare of each group: those of the départements of a territory, else of its région's posts, (n, G)."""
    groups = list(food_system().groups)
    known = territories()
    homes = known.table["departement"].head(known.atoms)
    by_departement = _departement_yields(groups)
    at = {code: place for place, code in enumerate(by_departement)}
    rows = np.vstack([*by_departement.values(), np.full((1, len(groups)), np.nan)])
    commune = rows[homes.replace_strict(at, default=len(at), return_dtype=pl.Int64).to_numpy()]
    weight = np.nan_to_num(commune_values("area_ha"))[:, None] * ~np.isnan(commune)
    total = places.membership @ weight
    mean = np.divide(
        places.membership @ (np.nan_to_num(commune) * weight),
        total,
        out=np.full(area_ha.shape, np.nan),
        where=total > 0,
    )
    return np.where(np.isnan(mean), _region_yields(groups), mean)


def _departement_yields(groups: list[str]) -> dict[str, Floats]:
    posts = (
        table("agriculture/crop_posts").filter(pl.col("finest_level") == "departement").select("group", "crop_group")
    )
    return _yields(table("agriculture/departement_crops").join(posts, on="group"), "departement", groups)


def _region_yields(groups: list[str]) -> Floats:
    """Yields of the posts that only old régions have, over France, nan for the others, (G,)."""
    posts = table("agriculture/crop_posts").filter(pl.col("finest_level") == "region").select("group", "crop_group")
    rows = table("agriculture/region_crops").join(posts, on="group").with_columns(everywhere=pl.lit("FR"))
    return _yields(rows, "everywhere", groups).get("FR", np.full(len(groups), np.nan))


def _yields(rows: pl.DataFrame, by: str, groups: list[str]) -> dict[str, Floats]:
    known = rows.filter(pl.col("production_t").is_not_null() & (pl.col("area_ha") > 0))
    summed = known.group_by(by, "crop_group").agg(pl.col("production_t").sum() / pl.col("area_ha").sum())
    found: dict[str, Floats] = {}
    for code, group, value in summed.iter_rows():
        found.setdefault(code, np.full(len(groups), np.nan))[groups.index(group)] = value
    return found


def _electricity(places: Places, level: str) -> tuple[Floats, Floats]:
    """Renewable electricity made and electricity used in the same year, where both are known, (n,) each."""
    if level not in ELECTRICITY_LEVELS:
        nothing = np.full(len(places.kinds), np.nan)
        return nothing, nothing
    cuts = [slice(start, start + AT_ONCE) for start in range(0, len(places.kinds), AT_ONCE)]
    parts = [_electricity_facts(Places(places.membership[cut], places.kinds[cut], places.codes[cut])) for cut in cuts]
    made, share, local = (np.concatenate([part[column] for part in parts]) for column in range(3))
    used = np.divide(made, share, out=np.full(len(made), np.nan), where=share > 0)
    return made, np.where(np.isnan(made), np.nan, np.where(np.isnan(used), local, used))


def _electricity_facts(places: Places) -> list[Floats]:
    """What is made, its part of what is used, and what is used as local figures tell it, (n,) each."""
    columns = facts(places)
    names = ("renewable_electricity_mwh", "renewable_coverage_share", "electricity_mwh")
    return [np.asarray(columns[name].values, dtype=float) for name in names]
