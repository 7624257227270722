"""Agence Bio: organic hectares by commune."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field, Layout

#: posts of the file → crop groups, under their names of 2019 too; HSAU (outside farmland) is left out
POSTS = {
    "ALL": "all",
    "GC": "cereals",
    "GCU": "cereals",
    "GCULE": "cereals",
    "FR": "fruit",
    "LE": "vegetables",
    "LEF": "vegetables",
    "SF": "forage",
    "CF": "forage",
    "VI": "vines",
    "PP": "perfume_plants",
    "AU": "other",
    "HSAU": "outside_farmland",
}


def _grouped(frame: pl.DataFrame) -> pl.DataFrame:
    """By crop group where the file tells them, its total left out; else the whole farmland as published."""
    if "post" not in frame.columns:
        named = frame.with_columns(pl.lit("all").alias("crop_group"))
    else:
        post = pl.col("post").str.to_uppercase().replace_strict(POSTS, default="other")
        named = frame.with_columns(post.alias("crop_group"))
        parts = named.filter(pl.col("crop_group") != "all")
        named = named if parts.is_empty() else parts
    hidden = pl.col("organic_ha").is_null().any()
    total = pl.when(hidden).then(None).otherwise(pl.col("organic_ha").sum()).alias("organic_ha")
    return named.group_by("commune_code", "year", "crop_group").agg(total)


ORGANIC = Connector(
    id="organic_commune",
    title_fr="Surfaces biologiques par commune",
    title_en="Organic areas by commune",
    producer="Agence Bio",
    page="https://www.data.gouv.fr/fr/datasets/historique-detaille-des-surfaces-cheptels-et-nombre-doperateurs-par-commune/",
    address="https://www.data.gouv.fr/api/1/datasets/r/b7ce51bf-5675-4843-b618-247ef209416d",
    file_name="donnees-communes-sau.csv",
    year="latest",
    unit_notes="ha certified and in conversion; secrecy is heavy at this level: a hidden cell is missing, never rebuilt",
    layout=Layout(delimiter=","),
    fields=(
        Field("commune_code", ("codeinseecommune", "code_commune", "codeinsee", "Code INSEE"), "code", "COM"),
        Field("year", ("annee", "Année"), "year"),
        Field("post", ("code_groupe", "grande_categorie", "poste", "Groupe"), "text", required=False),
        Field("organic_ha", ("surfbio", "surfbioconv", "surface_bio_conversion", "Surface bio et conversion (ha)")),
    ),
    shape=_grouped,
    key=("commune_code", "year", "crop_group"),
    additive=True,
    columns={
        "commune_code": "INSEE code",
        "year": "year",
        "crop_group": "crop group, or vines, other; all where the file tells the whole farmland only",
        "organic_ha": "hectares; missing where secret",
    },
    rows=(5_000, 3_000_000),
    # 2.8 Mha certified or in conversion; secrecy hides part of them at this level
    anchors=(Anchor("organic_ha", 2_400_000, 0.4, latest=True),),
)

CONNECTORS = (ORGANIC,)
