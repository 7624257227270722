"""Where the structure of jobs of a commune is lent from: its département in France, its arrondissement in Belgium."""

from functools import cache

import numpy as np
import polars as pl

from ressort.core.economy import Floats
from ressort.reference.national_economy import jobs, jobs_a10
from ressort.reference.places import aligned_to_communes, commune_values
from ressort.reference.tables import synced, table
from ressort.reference.territories import territories

#: kind and code of each country in the table of jobs
NATION = {"FR": ("pays", "FR"), "BE": ("pays_be", "BE")}
#: arrondissements of the province of Liège, with the code or codes of their jobs (Verviers holds two zones of Eurostat)
ARRONDISSEMENTS = {"Huy": ("BE331",), "Liège": ("BE332",), "Waremme": ("BE334",), "Verviers": ("BE335", "BE336")}
BELGIAN = "BE:"
#: sectors of 17 that the file of private employees leaves out, or nearly: farms, public services
NOT_PRIVATE = ("AZ", "OQ")


@cache
def zones_of_communes() -> tuple[str, ...]:
    """The zone of each commune, "" where none is known, (atoms,): a département, or `BE:` and the name of an arrondissement."""
    known = territories()
    rows = table("territory/belgium_liege_municipalities").select("nis_code", "arrondissement").iter_rows()
    belgian = {str(code): f"{BELGIAN}{name}" for code, name in rows}
    atoms = known.table.head(known.atoms).select("country", "code", "departement")
    return tuple(belgian[code] if country == "BE" else home or "" for country, code, home in atoms.iter_rows())


@cache
def people_of_zones() -> dict[str, float]:
    """Inhabitants of each zone."""
    people = np.nan_to_num(commune_values("population_people"))
    found: dict[str, float] = {}
    for zone, count in zip(zones_of_communes(), people, strict=True):
        found[zone] = found.get(zone, 0.0) + float(count)
    return found


def people_of_country(country: str) -> float:
    """Inhabitants of a country: the sum of its communes for France, a figure of its own for Belgium."""
    if country == "BE":
        rows = table("territory/parameters").filter(pl.col("parameter") == "belgium_population_people")
        return float(rows["value"][0])
    return sum(count for zone, count in people_of_zones().items() if zone and not zone.startswith(BELGIAN))


def with_local_employees(lent: Floats, nation: Floats, rows: tuple[int, ...]) -> tuple[Floats, str]:
    """Jobs by branch of a territory where its private employees are known (`jobs_commune` synced), and their year; else those lent, and "".

    In each sector of 17, employees here are brought to all who work by the ratio of the country; inside a sector, branches
    keep the shares lent. Farms and public services, which that source leaves out, stay lent.
    """
    employees = _employees()
    if employees is None:
        return lent, ""
    by_sector, year = employees
    sectors = list(table("economy/branches_a38")["a17"])
    found = lent.copy()
    for sector, values in by_sector.items():
        inside = np.array([one == sector for one in sectors])
        everyone = float(values.sum())
        if sector in NOT_PRIVATE or not inside.any() or everyone <= 0:
            continue
        total = float(values[list(rows)].sum()) / everyone * float(nation[inside].sum())
        shares = lent[inside] if lent[inside].sum() > 0 else nation[inside]
        found[inside] = total * shares / shares.sum()
    return found, year


@cache
def _employees() -> tuple[dict[str, Floats], str] | None:
    """Private employees of each commune by sector of 17, (atoms,), and their year; None while the file was not fetched."""
    rows = synced("jobs_commune")
    if rows is None or rows.is_empty():
        return None
    sectors = rows.with_columns(pl.col("sector_a17").str.slice(0, 2).alias("sector"))
    found = {
        str(key[0]): np.nan_to_num(aligned_to_communes(part.group_by("commune_code").agg(pl.col("jobs").sum()), "commune_code", "jobs"))
        for key, part in sectors.group_by("sector")
    }  # fmt: skip
    return found, str(rows["year"].max())


@cache
def jobs_of_zone(zone: str) -> Floats:
    """Persons employed by branch of A38 in a zone, (S,).

    Raises:
        MissingData: no figure is known for it.
    """
    if not zone.startswith(BELGIAN):
        return jobs(jobs_a10("departement", zone), "a38")
    codes = ARRONDISSEMENTS[zone.removeprefix(BELGIAN)]
    return np.asarray(sum(jobs(jobs_a10("arrondissement_be", code), "a38") for code in codes))
