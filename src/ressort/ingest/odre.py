"""ODRE: the national register of power plants."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field


def _by_commune(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by("commune_code", "source").agg(
        pl.col("capacity_kw").sum(), pl.len().cast(pl.Int64).alias("sites")
    )


PLANTS = Connector(
    id="electricity_plants",
    title_fr="Registre des installations de production d’électricité, par commune",
    title_en="Register of power plants, by commune",
    producer="ODRE",
    page="https://odre.opendatasoft.com/explore/dataset/registre-national-installation-production-stockage-electricite-agrege/",
    address="https://odre.opendatasoft.com/api/explore/v2.1/catalog/datasets/registre-national-installation-production-stockage-electricite-agrege/exports/csv",
    file_name="registre-national-installation-production-stockage-electricite-agrege.csv",
    year="monthly",
    unit_notes="kW installed; plants under 36 kW are grouped by commune upstream",
    fields=(
        Field("commune_code", ("codeinseecommune", "codeINSEECommune"), "code", "COM"),
        Field("source", ("filiere",), "text"),
        Field("capacity_kw", ("puismaxinstallee", "puisMaxInstallee")),
    ),
    shape=_by_commune,
    key=("commune_code", "source"),
    columns={
        "commune_code": "INSEE code",
        "source": "source as named upstream",
        "capacity_kw": "kW installed",
        "sites": "rows of the register",
    },
    rows=(20_000, 200_000),
    anchors=(Anchor("capacity_kw", 155_000_000, 0.15),),
    size_limit_mb=400,
    oldest_days=120,
)

CONNECTORS = (PLANTS,)
