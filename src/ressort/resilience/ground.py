"""What a shock needs to know of a territory: jobs by branch, people, worst harvests, quantities; all arrays, so that workers need no table."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import polars as pl

from ressort.core.economy import Economy, Floats, NationalTable, split_region
from ressort.core.errors import MissingData, RuleBroken
from ressort.core.territory import Territory
from ressort.reference import table
from ressort.reference.employment_zones import (
    NATION,
    jobs_of_zone,
    people_of_country,
    people_of_zones,
    with_local_employees,
    zones_of_communes,
)
from ressort.reference.establishments import Largest, largest_establishments
from ressort.reference.local_facts import LocalFact, local_facts
from ressort.reference.national_economy import branches, jobs, jobs_a10, national_table, table_origin, wages_ratio
from ressort.reference.places import commune_values
from ressort.reference.production import production
from ressort.reference.territories import territories

LEVEL = "a38"
HERE = 0
MOST_PARTNERS = 6
#: how the codes of overseas départements begin
OVERSEAS = "97"
WORST_YEARS = 5
INDUSTRY = ("CA", "CB", "CC", "CD", "CE", "CF", "CG", "CH", "CI", "CJ", "CK", "CL", "CM")


@dataclass(frozen=True, eq=False)
class Ground:
    """A territory as the shock model sees it.

    Args:
        key, name: of the territory.
        people: inhabitants; people_share: share of France's.
        jobs, nation_jobs: persons employed by branch, (S,), estimated from the départements' structure.
        harvests: loss of farm output here and in the rest of France in the worst observed years, worst first, {year: (here, rest)}.
        wages: wages over output by branch, (S,).
        communes: code, name and inhabitants of each commune.
        departements: codes whose structure was lent.
        departement_shares: share of the inhabitants of each of them who live here.
        partners: neighbours and partner territories named in the question, each a region of the economy.
        nation: the input-output table in use; table_told: where it comes from, in words.
        country: FR or BE.
        facts: local figures beside the country's, by name (see `reference.local_facts`), and `largest_branch`.
        jobs_year: year of the local employees that jobs come from, "" when the structure is lent.
        largest: the largest hospital and industrial establishment, `hospital` and `first_employer`; empty when not known.
    """

    key: str
    name: str
    people: float
    people_share: float
    jobs: Floats
    nation_jobs: Floats
    harvests: dict[str, tuple[float, float]]
    wages: Floats
    communes: tuple[tuple[str, str, float], ...]
    departements: tuple[str, ...]
    departement_shares: tuple[float, ...] = ()
    partners: tuple["Ground", ...] = ()
    nation: NationalTable | None = None
    table_told: str = ""
    country: str = "FR"
    facts: dict[str, LocalFact] = field(default_factory=dict)
    jobs_year: str = ""
    largest: dict[str, Largest] = field(default_factory=dict)

    @property
    def departement_people(self) -> dict[str, float]:
        """Share of the inhabitants of each département who live here, by its code."""
        return dict(zip(self.departements, self.departement_shares, strict=True))

    @property
    def rest(self) -> int:
        """The place of the rest of France among the regions: territory, partners, rest of France, world."""
        return 1 + len(self.partners)

    @property
    def world(self) -> int:
        """The place of the world among the regions."""
        return self.rest + 1

    @property
    def consumer_region(self) -> tuple[int, ...]:
        """Where each consumer lives: households and others of each place, then exports, which live nowhere."""
        return (*(place for place in range(self.rest + 1) for _ in range(2)), -1)

    @property
    def is_overseas(self) -> bool:
        """Is a part of it beyond the mainland?"""
        return any(code.startswith(OVERSEAS) for code in self.departements)

    @property
    def country_name(self) -> str:
        """What is left of the country, as a region of the economy."""
        return "Rest of France" if self.country == "FR" else "Rest of Belgium"

    @property
    def largest_industry(self) -> str:
        """The branch of the largest industrial establishment where one is known, else the manufacturing branch with most jobs here."""
        if "first_employer" in self.largest and self.largest["first_employer"].branch:
            return self.largest["first_employer"].branch
        names = branches(LEVEL)
        return max(INDUSTRY, key=lambda code: self.jobs[names.index(code)])


def economy(ground: Ground, delta: float, jobs_ratio: Floats | None = None) -> Economy:
    """The territory, the rest of France and the world, for one exponent of the location quotients.

    Args:
        jobs_ratio: factor on the jobs of each branch here, (S,): a lever that grows an activity.
    """
    beside = [one.jobs for one in ground.partners]
    free = ground.nation_jobs - sum(beside, np.zeros_like(ground.nation_jobs))
    here = np.minimum(ground.jobs * (1.0 if jobs_ratio is None else jobs_ratio), np.maximum(free, 0.0))
    names = (*_apart((ground, *ground.partners)), ground.country_name, "world")
    share = np.array([min(one.people_share, 1.0) for one in (ground, *ground.partners)])
    return split_region(
        ground.nation or national_table(LEVEL, ground.country),
        np.stack([here, *beside]),
        ground.nation_jobs,
        share,
        names,
        delta,
    )


def _apart(places: tuple[Ground, ...]) -> list[str]:
    """Names of territories, with the code of those that bear the name of another."""
    names = [one.name for one in places]
    return [
        f"{one.name} ({one.key.rpartition(':')[2]})" if place and names.count(one.name) > 1 else one.name
        for place, one in enumerate(places)
    ]


def beside(ground: Ground, partners: tuple[Ground, ...]) -> Ground:
    """The same territory with its partners, each a region of its own.

    Raises:
        RuleBroken: too many of them, or two that share a commune.
    """
    if len(partners) > MOST_PARTNERS:
        raise RuleBroken(
            "{given} partner territories were given; {most} at most.", given=len(partners), most=MOST_PARTNERS
        )
    owner: dict[str, str] = {}
    for one in (ground, *partners):
        if one.country != ground.country:
            raise RuleBroken(
                "{first} and {second} are in two countries: one input-output table cannot hold both. Give partners of the same country.",
                first=ground.name, second=one.name,
            )  # fmt: skip
        for code, name, _people in one.communes:
            if code in owner:
                raise RuleBroken(
                    "{commune} is in {first} and in {second}: a partner is another territory. Give places that share no commune.",
                    commune=name, first=owner[code], second=one.name,
                )  # fmt: skip
            owner[code] = one.name
    return replace(ground, partners=partners)


@lru_cache(maxsize=64)
def ground_of(territory_key: str, members: tuple[int, ...], name: str) -> Ground:
    """The ground of a territory given by its communes (see `of_territory`).

    Raises:
        MissingData: no job figure for a part of it (overseas collectivities), or nobody there.
    """
    known = territories()
    atoms = known.table.head(known.atoms)
    people = np.nan_to_num(commune_values("population_people"))
    rows = np.array(members)
    frame = atoms.select("code", "name", "country")[rows.tolist()]
    country, zones, total = frame["country"][0], zones_of_communes(), people_of_zones()
    inside: dict[str, float] = {}
    for row in rows:
        inside[zones[row]] = inside.get(zones[row], 0.0) + float(people[row])
    here = sum(
        (jobs_of_zone(zone) * count / total[zone] for zone, count in inside.items() if count),
        np.zeros(len(branches(LEVEL))),
    )
    if not here.sum() > 0:
        raise MissingData("Nobody lives in {name}: there is no economy to stress.", name=name)
    nation = jobs(jobs_a10(*NATION[country]), LEVEL)
    here, jobs_year = with_local_employees(here, nation, tuple(int(row) for row in rows))
    counted = float(people[rows].sum())
    listed = zip(frame["code"], frame["name"], people[rows], strict=True)
    return Ground(
        key=territory_key, name=name, people=counted, people_share=counted / people_of_country(country), jobs=np.minimum(here, nation),
        nation_jobs=nation, harvests=_harvests(rows) if country == "FR" else {}, wages=wages_ratio(LEVEL),
        communes=tuple((str(c), str(n), float(p)) for c, n, p in listed), departements=tuple(sorted(inside)),
        departement_shares=tuple(inside[zone] / total[zone] if total[zone] else 0.0 for zone in sorted(inside)),
        nation=national_table(LEVEL, country), table_told=_table_told(country), country=country, jobs_year=jobs_year,
        facts=local_facts(members) | {"largest_branch": _largest_branch(here, nation, jobs_year)},
        largest=largest_establishments(members) if country == "FR" else {},
    )  # fmt: skip


def _largest_branch(here: Floats, nation: Floats, year: str) -> LocalFact:
    """Weight of the largest industrial branch in the jobs here, and of the largest one in those of the country."""
    places = [branches(LEVEL).index(code) for code in INDUSTRY]
    told = ("Urssaf", year) if year else ("Eurostat", "2018")
    return LocalFact(
        float(here[places].max() / here.sum()), float(nation[places].max() / nation.sum()), told[1], told[0]
    )


def _table_told(country: str) -> str:
    """Producer, year and day of the national table, as `kind|producer|year|day`, worded by `places.table_words`."""
    origin = table_origin(country)
    kind = "stand_in" if origin.is_stand_in else "synced" if origin.retrieved else "shipped"
    return "|".join((kind, origin.producer, origin.year, origin.retrieved))


def of_territory(territory: Territory) -> Ground:
    """The ground of a territory.

    Raises:
        MissingData: see `ground_of`.
    """
    return ground_of(territory.key, tuple(sorted(int(row) for row in territory.members)), territory.name)


def _harvests(rows: np.ndarray) -> dict[str, tuple[float, float]]:
    """Loss of farm output in the worst observed years, weighted by the crop areas here; empty where no series exists."""
    groups = list(table("food/crop_groups")["crop_group"])
    area = dict(zip(groups, production().known_ha[rows].sum(0), strict=True))
    known = territories()
    regions = known.table.head(known.atoms)["region"].to_list()
    people = np.nan_to_num(commune_values("population_people"))[rows]
    mine = [regions[row] for row in rows]
    region = max(
        set(mine),
        key=lambda code: sum(float(p) for c, p in zip(mine, people, strict=True) if c == code) if code else -1,
    )
    crops = dict(table("food/crops").select("crop", "crop_group").iter_rows())
    series = table("food/yields_by_year").filter((pl.col("country") == "FR") & pl.col("anomaly_ratio").is_not_null())
    series = series.with_columns(pl.col("crop").replace_strict(crops, default=None).alias("crop_group")).drop_nulls(
        "crop_group"
    )
    by_group = series.group_by("region_code", "year", "crop_group").agg(pl.col("anomaly_ratio").mean())
    here = _losses(by_group.filter(pl.col("region_code") == region), area)
    france = _losses(by_group.group_by("year", "crop_group").agg(pl.col("anomaly_ratio").mean()), area)
    worst = sorted(here, key=lambda year: (-here[year], year))[:WORST_YEARS]
    return {year: (here[year], france.get(year, 0.0)) for year in worst if here[year] > 0}


def _losses(rows: pl.DataFrame, area: dict[str, float]) -> dict[str, float]:
    weight: dict[str, float] = {}
    total: dict[str, float] = {}
    for year, group, ratio in rows.select("year", "crop_group", "anomaly_ratio").iter_rows():
        weight[year] = weight.get(year, 0.0) + float(area.get(group, 0.0))
        total[year] = total.get(year, 0.0) + float(area.get(group, 0.0)) * max(1 - ratio, -0.2)
    return {year: min(max(total[year] / weight[year], 0.0), 0.9) for year in total if weight[year] > 0}
