"""Agence Bio: organic hectares by commune."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field, Layout

#: posts of the file → crop groups; HSAU (outside farmland) is left out
POSTS = {
    "GC": "cereals",
    "GCU": "cereals",
    "FR": "fruit",
    "LE": "vegetables",
    "SF": "forage",
    "VI": "vines",
    "PP": "perfume_plants",
    "AU": "other",
    "HSAU": "outside_farmland",
}


def _grouped(frame: pl.DataFrame) -> pl.DataFrame:
    named = frame.with_columns(
        pl.col("post").str.to_uppercase().replace_strict(POSTS, default="other").alias("crop_group")
    )
    hidden = pl.col("organic_ha").is_null().any()
    total = pl.when(hidden).then(None).otherwise(pl.col("organic_ha").sum()).alias("organic_ha")
    return named.group_by("commune_code", "year", "crop_group").agg(total)


ORGANIC = Connector(
    id="organic_commune",
    title_fr="Surfaces biologiques par commune",
    title_en="Organic areas by commune",
    producer="Agence Bio",
    page="https://www.data.gouv.fr/fr/organizations/agence-bio/",
    address="https://www.data.gouv.fr/fr/organizations/agence-bio/",
    file_name="surfaces_bio_communes.csv",
    year="latest",
    unit_notes="ha certified and in conversion; secrecy is heavy at this level: a hidden cell is missing, never rebuilt",
    layout=Layout(decimal=","),
    fields=(
        Field("commune_code", ("code_commune", "codeinsee", "Code INSEE"), "code", "COM"),
        Field("year", ("annee", "Année"), "year"),
        Field("post", ("grande_categorie", "poste", "Groupe"), "text"),
        Field("organic_ha", ("surfbioconv", "surface_bio_conversion", "Surface bio et conversion (ha)")),
    ),
    shape=_grouped,
    key=("commune_code", "year", "crop_group"),
    additive=True,
    columns={
        "commune_code": "INSEE code",
        "year": "year",
        "crop_group": "crop group, or vines, other",
        "organic_ha": "hectares; missing where secret",
    },
    rows=(5_000, 500_000),
    # 2.8 Mha certified or in conversion; secrecy hides part of them at this level
    anchors=(Anchor("organic_ha", 2_400_000, 0.4, latest=True),),
)

CONNECTORS = (ORGANIC,)
