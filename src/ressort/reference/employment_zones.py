"""Where the structure of jobs of a commune is lent from: its département in France, its arrondissement in Belgium."""

from functools import cache

import numpy as np
import polars as pl

from ressort.core.economy import Floats
from ressort.reference.national_economy import jobs, jobs_a10
from ressort.reference.places import commune_values
from ressort.reference.tables import table
from ressort.reference.territories import territories

#: kind and code of each country in the table of jobs
NATION = {"FR": ("pays", "FR"), "BE": ("pays_be", "BE")}
#: arrondissements of the province of Liège, with the code or codes of their jobs (Verviers holds two zones of Eurostat)
ARRONDISSEMENTS = {"Huy": ("BE331",), "Liège": ("BE332",), "Waremme": ("BE334",), "Verviers": ("BE335", "BE336")}
BELGIAN = "BE:"


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
