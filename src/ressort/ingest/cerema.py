"""CEREMA: natural, farm and forest land taken, by commune."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field

M2_PER_HA = 10_000.0


def _hectares(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns((pl.col("land_take_m2") / M2_PER_HA).alias("land_take_ha")).drop("land_take_m2")


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
        Field("land_take_m2", ("naf09art24", "naf09art23", "nafart0924", "naf09art22")),
    ),
    shape=_hectares,
    key=("commune_code",),
    additive=True,
    columns={"commune_code": "INSEE code", "land_take_ha": "hectares taken since 2009"},
    rows=(34_000, 35_500),
    # some 24,000 to 28,000 ha a year since 2009 (recalled): wide, it tells square metres from hectares
    anchors=(Anchor("land_take_ha", 340_000, 0.5),),
)

CONNECTORS = (LAND_TAKE,)
