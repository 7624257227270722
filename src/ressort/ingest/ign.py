"""IGN: the graphic parcel register (RPG), summed by commune and crop group."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field, Layout
from ressort.reference import table


def _by_commune(parcels: pl.DataFrame) -> pl.DataFrame:
    """Hectares by commune and crop code, each code in its group; a parcel without commune is left out."""
    if "part_share" in parcels.columns:  # one row a commune that a parcel lies in
        parcels = parcels.with_columns(pl.col("area_ha") * pl.col("part_share").fill_null(1.0))
    groups = dict(table("agriculture/rpg_codes").select("crop_code", "crop_group").iter_rows())
    by_number = dict(table("agriculture/rpg_groups").select("rpg_group", "crop_group").iter_rows())
    group = pl.col("crop_code").replace_strict(groups, default=None)
    if "rpg_group" in parcels.columns:
        group = pl.coalesce(group, pl.col("rpg_group").replace_strict(by_number, default=None))
    summed = parcels.group_by(
        "commune_code", "crop_code", *([c for c in ("rpg_group",) if c in parcels.columns]), "year"
    ).agg(pl.col("area_ha").sum())
    tall = summed.with_columns(group.fill_null("other").alias("crop_group"))
    return tall.group_by("commune_code", "year", "crop_code", "crop_group").agg(pl.col("area_ha").sum())


PARCELS = Connector(
    id="rpg_commune",
    title_fr="Parcelles agricoles déclarées, par commune et culture",
    title_en="Declared crop parcels, by commune and crop",
    producer="IGN, Agence de services et de paiement (registre parcellaire graphique)",
    page="https://doi.org/10.57745/GSXVRU",
    # its file by parcel holds the commune (com_parc, pct_com), not the crop: the register itself holds that (id_parcel)
    address="https://doi.org/10.57745/GSXVRU",
    file_name="rpg_communes.csv",
    year="2020",
    unit_notes="ha declared under the common agricultural policy: small market gardens, orchards and horses are understated",
    layout=Layout(delimiter=";"),
    fields=(
        Field("commune_code", ("com_parc", "INSEE_COM", "code_commune"), "code", "COM"),
        Field("crop_code", ("CODE_CULTU", "code_cultu", "culture"), "text"),
        Field("rpg_group", ("CODE_GROUP", "code_group", "groupe"), "text", required=False),
        Field("area_ha", ("SURF_PARC", "surf_parc", "surface_ha")),
        Field("part_share", ("pct_com",), factor=0.01, required=False),
        Field("year", ("annee", "millesime", "year"), "year"),
    ),
    shape=_by_commune,
    key=("commune_code", "year", "crop_code"),
    additive=True,
    columns={
        "commune_code": "INSEE code",
        "year": "campaign",
        "crop_code": "three-letter code of the year's list",
        "crop_group": "key in food/crop_groups, or other",
        "area_ha": "hectares declared",
    },
    rows=(100_000, 3_000_000),
    anchors=(Anchor("area_ha", 27_900_000, 0.08),),
    size_limit_mb=4_000,
)

CONNECTORS = (PARCELS,)
