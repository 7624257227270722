"""Ministries: food projects (PAT) and rural zoning."""

import polars as pl

from ressort.ingest.connector import Connector, Field, Layout


def _status(frame: pl.DataFrame) -> pl.DataFrame:
    """C, P, NC at the beginning of the label: classed, partly, not."""
    return frame.with_columns(
        pl.col("status").str.extract(r"^(NC|C|P)\b").alias("status"), pl.lit("ZRR").alias("scheme")
    )


FOOD_PROJECTS = Connector(
    id="food_projects",
    title_fr="Projets alimentaires territoriaux",
    title_en="Territorial food projects",
    producer="Ministère de l’Agriculture",
    page="https://www.data.gouv.fr/fr/datasets/pat-projets-alimentaires-territoriaux-description/",
    address="https://www.data.gouv.fr/api/1/datasets/r/96606cae-0b3b-4910-9d8b-65e3dd7f1bda",
    file_name="pats-20250710-win1252.csv",
    year="2025",
    unit_notes="one row a project and a commune that it names; a commune may be in several",
    layout=Layout(encoding="cp1252"),
    fields=(
        Field("project_id", ("id",), "text"),
        Field("name", ("nom_administratif",), "text"),
        Field("usual_name", ("nom_usuel",), "text", required=False),
        Field("level", ("niveaux_de_labelisation",), "text", required=False),
        Field("commune_code", ("communes_code_insee",), "codes", "COM"),
    ),
    key=("project_id", "commune_code"),
    additive=True,
    columns={
        "project_id": "id upstream",
        "name": "official name",
        "usual_name": "name in use",
        "level": "level of recognition",
        "commune_code": "a commune of the project",
    },
    rows=(5_000, 150_000),
)

RURAL_ZONING = Connector(
    id="rural_zoning",
    title_fr="Zones de revitalisation rurale",
    title_en="Rural revitalisation zones",
    producer="ANCT",
    page="https://www.data.gouv.fr/fr/datasets/zones-de-revitalisation-rurale-zrr/",
    address="https://static.data.gouv.fr/resources/zones-de-revitalisation-rurale-zrr/20210907-124104/diffusion-zonages-zrr-cog2021.xls",
    file_name="diffusion-zonages-zrr-cog2021.xls",
    year="2021; replaced by FRR on 1 July 2024",
    unit_notes="C classed, P partly, NC not classed",
    layout=Layout(sheet="*", skip_lines=5),
    fields=(Field("commune_code", ("CODGEO",), "code", "COM"), Field("status", ("ZRR_SIMP",), "text")),
    shape=_status,
    key=("commune_code",),
    additive=True,
    columns={"commune_code": "INSEE code", "status": "C, P or NC", "scheme": "ZRR"},
    rows=(30_000, 36_000),
)

CONNECTORS = (FOOD_PROJECTS, RURAL_ZONING)
