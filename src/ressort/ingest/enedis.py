"""Enedis: electricity production by EPCI and source."""

import polars as pl

from ressort.ingest.connector import Connector, Field

SOURCES = {
    "solar": "photovoltaique",
    "wind": "eolien",
    "hydro": "hydraulique",
    "bioenergy": "bio_energie",
    "cogeneration": "cogeneration",
    "other": "autres",
}
KWH_PER_MWH = 1000.0


def _tall(frame: pl.DataFrame) -> pl.DataFrame:
    """One row an EPCI, year and source; energies of the file are in kWh."""
    parts = []
    for source in SOURCES:
        columns = {
            "epci_code": "epci_code",
            "year": "year",
            f"energy_{source}": "production_mwh",
            f"sites_{source}": "sites",
        }
        part = frame.select(pl.col(old).alias(new) for old, new in columns.items()).with_columns(
            pl.lit(source).alias("source")
        )
        parts.append(part)
    tall = pl.concat(parts, how="vertical_relaxed").filter(pl.col("production_mwh").is_not_null())
    return tall.with_columns(
        pl.col("year").str.extract(r"(\d{4})").cast(pl.Int64), pl.col("production_mwh") / KWH_PER_MWH
    )


PRODUCTION = Connector(
    id="electricity_production_epci",
    title_fr="Production d’électricité par filière et EPCI",
    title_en="Electricity production by source and intercommunality",
    producer="Enedis",
    page="https://data.enedis.fr/explore/dataset/production-electrique-par-filiere-a-la-maille-epci/",
    address="https://www.data.gouv.fr/api/1/datasets/r/2b42530b-039d-458f-8b5f-af5824a41cf0",
    file_name="production-electrique-par-filiere-a-la-maille-epci.csv",
    year="2011 to the latest",
    unit_notes="MWh injected on the Enedis network (kWh upstream, to check); plants on the transmission network are not in it",
    fields=(
        Field("year", ("date", "annee"), "text"),
        Field("epci_code", ("code_EPCI", "code_epci"), "code", "EPCI"),
        *(Field(f"sites_{key}", (f"nb_sites_{name}_enedis",)) for key, name in SOURCES.items()),
        *(
            Field(f"energy_{key}", (f"energie_{name}_annuelle_enedis", f"energie_produite_annuelle_{name}_enedis"))
            for key, name in SOURCES.items()
        ),
    ),
    shape=_tall,
    key=("epci_code", "year", "source"),
    columns={
        "epci_code": "SIREN",
        "year": "year",
        "source": "solar, wind, hydro, bioenergy, cogeneration, other",
        "production_mwh": "MWh in the year",
        "sites": "plants",
    },
    rows=(5_000, 150_000),
)

CONNECTORS = (PRODUCTION,)
