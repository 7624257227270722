"""CEREMA: natural, farm and forest land taken, by commune."""

import polars as pl

from ressort.core.errors import SourceRefused
from ressort.ingest.connector import Anchor, Connector, Field

M2_PER_HA = 10_000.0


#: the last year of each vintage of the file, newest first: the column that sums the period is named after it
VINTAGES = (2028, 2027, 2026, 2025, 2024, 2023, 2022)
#: the first year of the period: vintages of 2026 on begin in 2011
BEGINNINGS = (2009, 2011)


def _hectares(frame: pl.DataFrame) -> pl.DataFrame:
    """Hectares over the whole period, and its last year.

    Raises:
        SourceRefused: no column of the file sums the period.
    """
    held = [(first, year) for year in VINTAGES for first in BEGINNINGS if f"from_{first}_to_{year}_m2" in frame.columns]
    if not held:
        raise SourceRefused(
            "{source}: no column sums the period (one of {expected}). Take the file by commune, of the whole period.",
            source="land_take",
            expected=[_aliases(first, year)[0] for year in VINTAGES for first in BEGINNINGS],
        )
    first, last = held[0]
    taken = (pl.col(f"from_{first}_to_{last}_m2") / M2_PER_HA).alias("land_take_ha")
    return frame.select("commune_code", taken, pl.lit(last).alias("year"), pl.lit(first).alias("first_year"))


def _aliases(first: int, year: int) -> tuple[str, ...]:
    return (f"naf{first % 100:02d}art{year % 100}", f"nafart{first % 100:02d}{year % 100}")


LAND_TAKE = Connector(
    id="land_take",
    title_fr="Consommation d’espaces naturels, agricoles et forestiers par commune",
    title_en="Natural, farm and forest land taken, by commune",
    producer="CEREMA, portail de l’artificialisation",
    page="https://www.data.gouv.fr/fr/datasets/consommation-despaces-naturels-agricoles-et-forestiers/",
    address="https://www.data.gouv.fr/api/1/datasets/r/b258feec-f8ff-4e0a-93b3-baf1fe46ef66",
    file_name="conso_espaces.csv",
    year="2009 or 2011 to the latest",
    unit_notes="ha over the whole period (m2 upstream)",
    fields=(
        Field("commune_code", ("idcom", "code_commune"), "code", "COM"),
        *(
            Field(f"from_{first}_to_{year}_m2", _aliases(first, year), required=False)
            for year in VINTAGES
            for first in BEGINNINGS
        ),
    ),
    shape=_hectares,
    key=("commune_code", "year"),
    additive=True,
    columns={
        "commune_code": "INSEE code",
        "land_take_ha": "hectares taken",
        "year": "last year counted",
        "first_year": "first year",
    },
    rows=(34_000, 35_500),
    # some 24,000 to 28,000 ha a year since 2009 (recalled): wide, it tells square metres from hectares
    anchors=(Anchor("land_take_ha", 340_000, 0.5),),
)

CONNECTORS = (LAND_TAKE,)
