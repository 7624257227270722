"""URSSAF: private jobs by commune and sector."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field

YEARS = tuple(range(2018, 2036))


def _latest(frame: pl.DataFrame) -> pl.DataFrame:
    """Jobs by commune and sector of 17, for the latest year that the file has."""
    years = [year for year in YEARS if f"jobs_{year}" in frame.columns]
    last = max(years)
    summed = frame.group_by("commune_code", "sector_a17").agg(pl.col(f"jobs_{last}").sum().alias("jobs"))
    return summed.with_columns(pl.lit(last).alias("year"))


JOBS = Connector(
    id="jobs_commune",
    title_fr="Emplois salariés privés par commune et secteur",
    title_en="Private jobs by commune and sector",
    producer="Urssaf",
    page="https://open.urssaf.fr/explore/dataset/etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last/",
    address="https://open.urssaf.fr/api/explore/v2.1/catalog/datasets/etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last/exports/csv",
    file_name="etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last.csv",
    year="latest",
    unit_notes="private employees at the end of the year; the self-employed and the civil service are not counted",
    fields=(
        Field("commune_code", ("code_commune", "Code commune", "commune"), "code", "COM"),
        Field("sector_a17", ("secteur_na17", "Secteur NA17", "Code secteur NA17"), "text"),
        *(
            Field(f"jobs_{year}", (f"effectifs_salaries_{year}", f"Effectifs salariés {year}"), required=year == 2022)
            for year in YEARS
        ),
    ),
    shape=_latest,
    key=("commune_code", "sector_a17"),
    columns={
        "commune_code": "INSEE code",
        "sector_a17": "sector in 17 posts",
        "jobs": "employees",
        "year": "end of year",
    },
    rows=(60_000, 400_000),
    anchors=(Anchor("jobs", 19_500_000, 0.1),),
    size_limit_mb=600,
)

CONNECTORS = (JOBS,)
