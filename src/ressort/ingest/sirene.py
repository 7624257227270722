"""Sirene: industrial establishments, and those of health and social work, by commune and size; no name, no number of anybody is kept."""

import polars as pl

from ressort.ingest.connector import Connector, Field, Layout
from ressort.ingest.cpa import branch_of_activity

#: staff of each size band of Insee, fewest and most; the last one has no upper end, and is counted at its lower one
SIZE_BANDS = {
    "01": (1, 2), "02": (3, 5), "03": (6, 9), "11": (10, 19), "12": (20, 49), "21": (50, 99), "22": (100, 199), "31": (200, 249),
    "32": (250, 499), "41": (500, 999), "42": (1_000, 1_999), "51": (2_000, 4_999), "52": (5_000, 9_999), "53": (10_000, 10_000),
}  # fmt: skip
#: divisions of mines and industry, then of health and social work, in the second revision of the French nomenclature
WANTED = r"^(0[5-9]|[12]\d|3[0-3]|8[678])\."


def _by_size(frame: pl.DataFrame) -> pl.DataFrame:
    """Establishments of each commune, activity and size band, with the branch they belong to."""
    counted = frame.group_by("commune_code", "activity", "size_band").agg(
        pl.len().alias("establishments"), pl.col("year").max()
    )
    bands = pl.col("size_band")
    branches = {activity: branch_of_activity(activity) for activity in counted["activity"].unique()}
    return counted.with_columns(
        bands.replace_strict({band: low for band, (low, _high) in SIZE_BANDS.items()}).alias("low_jobs"),
        bands.replace_strict({band: high for band, (_low, high) in SIZE_BANDS.items()}).alias("high_jobs"),
        pl.col("activity").replace_strict(branches).alias("branch"),
        pl.lit(frame["year"].max()).cast(pl.Int64).alias("year"),
    )


ESTABLISHMENTS = Connector(
    id="establishments_commune",
    title_fr="Établissements de l’industrie et de la santé par commune, activité et taille",
    title_en="Establishments of industry and health by commune, activity and size",
    producer="Insee, Sirene",
    page="https://www.data.gouv.fr/fr/datasets/base-sirene-des-entreprises-et-de-leurs-etablissements-siren-siret/",
    address="https://www.data.gouv.fr/api/1/datasets/r/a29c1297-1f92-4e2a-8f6b-8c902ce96c5f",
    file_name="StockEtablissement_utf8.parquet",
    year="latest",
    unit_notes="establishments in activity with staff, counted by size band; the self-employed are not among them",
    layout=Layout(
        parquet=True,
        keep=(
            ("etatAdministratifEtablissement", "^A$"),
            ("activitePrincipaleEtablissement", WANTED),
            ("trancheEffectifsEtablissement", f"^({'|'.join(SIZE_BANDS)})$"),
        ),
    ),
    fields=(
        Field("commune_code", ("codeCommuneEtablissement",), "code", "COM"),
        Field("activity", ("activitePrincipaleEtablissement",), "text"),
        Field("size_band", ("trancheEffectifsEtablissement",), "text"),
        Field("state", ("etatAdministratifEtablissement",), "text"),
        Field("year", ("anneeEffectifsEtablissement",), "year"),
    ),
    shape=_by_size,
    key=("commune_code", "activity", "size_band"),
    columns={
        "commune_code": "INSEE code",
        "activity": "activity, as published (86.10Z: hospitals)",
        "branch": "branch of A38",
        "size_band": "size band of Insee",
        "low_jobs": "fewest staff of one establishment of the band",
        "high_jobs": "most staff of one; the lower end where the band has no upper one",
        "establishments": "establishments",
        "year": "year of the staff",
    },
    rows=(60_000, 400_000),
    size_limit_mb=4_000,
    oldest_days=400,
)

CONNECTORS = (ESTABLISHMENTS,)
