"""Energy used, by carrier, sector and year, at the finest level that a figure reaches.

official file of the level ▶ no gas network ▶ whole départements, 2011–2021 ▶ communes of Pays de la Loire, 2019 ▶ homes by EPCI, 2023 ▶ lent
Lent: the département's electricity by inhabitant, with the error that this makes where both are known (Pays de la Loire).
"""

from functools import cache

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from ressort.core.energy import Ranged, gathered, lent_error
from ressort.core.territory.geometry import Floats
from ressort.diagnosis.facts import (
    ELECTRICITY_EPCI,
    ENERGY_DEPARTEMENT,
    USE_PAYS_DE_LA_LOIRE,
    no_gas,
    today_by_commune,
)
from ressort.diagnosis.official import column, uses, without_gas
from ressort.energy.amounts import Amounts, Texts
from ressort.reference import table
from ressort.reference.places import Places, commune_values
from ressort.reference.territories import territories

CARRIERS = ("electricity", "gas")
SECTORS = ("residential", "services", "industry", "agriculture", "unknown")
ALL = "all"
PAYS_DE_LA_LOIRE_YEAR, HOMES_YEAR = "2019", "2023"
#: 2011 and 2012 lack operators
FIRST_YEAR = "2013"
#: kinds whose error of lending was measured, and the kind that stands for the others
MEASURED, STAND_IN = ("COM", "EPCI", "BV"), "EPCI"


def years() -> list[str]:
    """The years of which some use is known, the last first; those brought by official files included."""
    known = {year for year in table(ENERGY_DEPARTEMENT)["year"].unique() if year >= FIRST_YEAR}
    brought = {level.year for carrier in CARRIERS for level in uses(carrier, ALL)}
    return sorted(known | brought | {PAYS_DE_LA_LOIRE_YEAR}, reverse=True)


def used(places: Places, carrier: str, sector: str = ALL, year: str = "") -> Amounts:
    """What some territories use of a carrier in a sector, or in all of them; the last year known of each unless one is given."""
    found = Amounts.from_column(column(places, uses(carrier, sector, year), "mwh", adds_up=True, hidden="secret"))
    if carrier == "gas":
        found = found.or_else(Amounts.from_column(no_gas(places)))
    found = found.or_else(_departements(places, carrier, sector, year or _last_year()))
    if sector == ALL and year in ("", PAYS_DE_LA_LOIRE_YEAR):
        found = found.or_else(_communes(places, carrier))
    if (carrier, sector) == ("electricity", "residential") and year in ("", HOMES_YEAR):
        published = dict(table(ELECTRICITY_EPCI).select("epci_code", "residential_electricity_mwh").iter_rows())
        homes = Amounts.of(
            places.published("EPCI", published), "observed", HOMES_YEAR, ELECTRICITY_EPCI, "not_available"
        )
        found = found.or_else(homes)
    if (carrier, sector) == ("electricity", ALL):
        found = found.or_else(_lent(places, year or _last_year()))
    return found.or_else(Amounts.unknown(len(places.codes), fetchable(places), year))


def fetchable(places: Places) -> Texts:
    """Why a figure that French official files may bring is missing: not fetched yet in France, not available abroad, (n,)."""
    return np.where(places.is_kind("BE_COM", "BE_PROV"), "not_available", "not_fetched")


def _last_year() -> str:
    return str(table(ENERGY_DEPARTEMENT)["year"].max())


def _departements(places: Places, carrier: str, sector: str, year: str) -> Amounts:
    """Territories made of whole départements: what these add up to."""
    inside, people = whole_departements(places)
    found = gathered(_departement_values(carrier, sector, year), inside, people)
    made_of_one = np.asarray(inside.sum(axis=1)).ravel() == 1
    status = np.where(made_of_one, "observed", "derived")
    return Amounts.of(found.total, status, year, ENERGY_DEPARTEMENT, "not_available")


#: a sector of nothing, without a delivery point: hidden by secrecy, or put under "unknown" by an operator that splits nothing
_nothing = (pl.col("energy_mwh") == 0) & (pl.col("delivery_points") == 0)
_split_mwh = pl.col("energy_mwh").filter(pl.col("sector") != "unknown").sum().over("departement_code")
_is_told = ~(_nothing & ((pl.col("secret_cells") > 0) | ((pl.col("sector") != "unknown") & (_split_mwh == 0))))


@cache
def _departement_values(carrier: str, sector: str, year: str) -> Floats:
    """What each département uses, nan where not known, in the order of `departement_codes`."""
    rows = table(ENERGY_DEPARTEMENT).filter((pl.col("year") == year) & (pl.col("carrier") == carrier))
    rows = rows if sector == ALL else rows.filter(_is_told & (pl.col("sector") == sector))
    by_code = without_gas(carrier) | dict(rows.group_by("departement_code").agg(pl.col("energy_mwh").sum()).iter_rows())
    return np.array([by_code.get(code, np.nan) for code in departement_codes()])


@cache
def departement_codes() -> list[str]:
    """The codes of the départements, in order."""
    table_ = territories().table
    return sorted(table_.filter(pl.col("kind") == "DEP")["code"])


@cache
def commune_departements() -> np.ndarray:
    """The position of the département of each commune, -1 abroad, (atoms,)."""
    known = territories()
    position = {code: at for at, code in enumerate(departement_codes())}
    return np.array([position.get(code, -1) for code in known.table["departement"].head(known.atoms)])


def whole_departements(places: Places) -> tuple[csr_array, Floats]:
    """The départements that each territory is wholly made of, none where it is made otherwise, (n, D); their people, (D,)."""
    home = commune_departements()
    french = np.flatnonzero(home >= 0)
    count = len(departement_codes())
    of = csr_array((np.ones(len(french)), (french, home[french])), shape=(len(home), count))
    inside = csr_array(places.membership @ of).tocoo()
    size = np.bincount(home[french], minlength=count)
    entire = inside.data == size[inside.col]
    covered = np.bincount(inside.row[entire], size[inside.col[entire]], len(places.codes))
    members = np.asarray(places.membership.sum(axis=1)).ravel()
    keep = entire & (covered == members)[inside.row]
    kept = csr_array((np.ones(keep.sum()), (inside.row[keep], inside.col[keep])), shape=inside.shape)
    return kept, np.asarray(of.T @ places.people)


@cache
def commune_use(carrier: str) -> tuple[Floats, np.ndarray]:
    """What each commune of Pays de la Loire used in 2019, nan elsewhere, and where no network is known, (atoms,) each.

    A commune without gas network counts 0 in sums: those of the five départements then agree with the operators within 0.3 %.
    """
    rows = table(USE_PAYS_DE_LA_LOIRE)
    known = today_by_commune(rows.with_columns(present=1.0), "present")
    values = today_by_commune(rows.with_columns(pl.col(f"{carrier}_use_mwh").fill_null(0.0)), f"{carrier}_use_mwh")
    told = today_by_commune(rows.with_columns(told=pl.col(f"{carrier}_use_mwh").is_not_null().cast(pl.Float64)), "told")
    return np.where(np.isnan(known), np.nan, values), np.nan_to_num(known) * (np.nan_to_num(told) == 0) > 0


def _communes(places: Places, carrier: str) -> Amounts:
    values, without = commune_use(carrier)
    found = gathered(values, places.membership, places.people)
    alone = places.is_kind("COM")
    no_network = alone & (places.membership @ without.astype(float) > 0)
    total = np.where(no_network, np.nan, found.total)
    status = np.where(alone, "observed", "derived")
    reason = np.where(no_network, "not_applicable", "not_available")
    return Amounts.of(total, status, PAYS_DE_LA_LOIRE_YEAR, USE_PAYS_DE_LA_LOIRE, reason)


def _lent(places: Places, year: str) -> Amounts:
    """The département's electricity by inhabitant, lent; its range is the error measured at that level in Pays de la Loire."""
    by_commune = _lent_by_commune(year)
    central = np.asarray(places.membership @ np.nan_to_num(by_commune))
    unknown = np.asarray(places.membership @ np.isnan(by_commune).astype(float)) > 0
    low, high = np.ones(len(central)), np.ones(len(central))
    for kind in {*MEASURED, STAND_IN}:
        measured = lending_error(kind)
        chosen = places.is_kind(kind) if kind != STAND_IN else ~places.is_kind(*(set(MEASURED) - {STAND_IN}))
        low, high = np.where(chosen, measured[0], low), np.where(chosen, measured[1], high)
    central = np.where(unknown, np.nan, central)
    ranged = Ranged(central * low, central, central * high)
    return Amounts.of(ranged, "estimated", year, ENERGY_DEPARTEMENT, "not_available")


@cache
def _lent_by_commune(year: str) -> Floats:
    home, people = commune_departements(), np.nan_to_num(commune_values("population_people"))
    french = home >= 0
    everyone = np.bincount(home[french], people[french], len(departement_codes()))
    rate = np.divide(
        _departement_values("electricity", ALL, year), everyone, out=np.full(len(everyone), np.nan), where=everyone > 0
    )
    return np.where(french, people * rate[home], np.nan)


@cache
def lending_error(kind: str) -> tuple[float, float]:
    """The 5th and 95th centiles of observed over lent electricity, territories of one kind in Pays de la Loire, 2019."""
    known = territories()
    rows = np.flatnonzero((known.table["kind"] == kind).to_numpy())
    places = Places.of([known.territory(int(row)) for row in rows])
    observed = gathered(commune_use("electricity")[0], places.membership, places.people)
    lent = np.asarray(places.membership @ np.nan_to_num(_lent_by_commune(PAYS_DE_LA_LOIRE_YEAR)))
    return lent_error(observed.total, lent)
