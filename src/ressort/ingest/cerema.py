"""CEREMA: natural, farm and forest land taken, by commune."""

import polars as pl

from ressort.core.errors import SourceRefused
from ressort.ingest.connector import Anchor, Connector, Field

M2_PER_HA = 10_000.0


#: the last year of each vintage of the file, newest first: the column that sums the period is named after it
VINTAGES = (2026, 2025, 2024, 2023, 2022)


def _hectares(frame: pl.DataFrame) -> pl.DataFrame:
    """Hectares over the whole period, and its last year.

    Raises:
        SourceRefused: no column of the file sums the period.
    """
    held = [year for year in VINTAGES if f"to_{year}_m2" in frame.columns]
    if not held:
        raise SourceRefused(
            "{source}: no column sums the period (one of {expected}). Take the file by commune, since 2009.",
            source="land_take",
            expected=[_aliases(year)[0] for year in VINTAGES],
        )
    taken = pl.col(f"to_{held[0]}_m2") / M2_PER_HA
    return frame.select("commune_code", taken.alias("land_take_ha"), pl.lit(held[0]).alias("year"))


def _aliases(year: int) -> tuple[str, ...]:
    return (f"naf09art{year % 100}", f"nafart09{year % 100}")


LAND_TAKE = Connector(
    id="land_take",
    title_fr="Consommation d’espaces naturels, agricoles et forestiers par commune",
    title_en="Natural, farm and forest land taken, by commune",
    producer="CEREMA, portail de l’artificialisation",
    page="https://www.data.gouv.fr/fr/datasets/consommation-despaces-naturels-agricoles-et-forestiers/",
    address="https://www.data.gouv.fr/api/1/datasets/r/f5d6ae97-b62e-46a7-ad5e-736c8084cee8",
    file_name="conso_espaces.csv",
    year="2009 to the latest",
    unit_notes="ha over the whole period (m2 upstream)",
    fields=(
        Field("commune_code", ("idcom", "code_commune"), "code", "COM"),
        *(Field(f"to_{year}_m2", _aliases(year), required=False) for year in VINTAGES),
    ),
    shape=_hectares,
    key=("commune_code", "year"),
    additive=True,
    columns={"commune_code": "INSEE code", "land_take_ha": "hectares taken since 2009", "year": "last year counted"},
    rows=(34_000, 35_500),
    # some 24,000 to 28,000 ha a year since 2009 (recalled): wide, it tells square metres from hectares
    anchors=(Anchor("land_take_ha", 340_000, 0.5),),
)

CONNECTORS = (LAND_TAKE,)
