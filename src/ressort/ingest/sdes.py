"""SDES, the statistics of the ministry of ecology: heat and cold delivered by networks, by commune."""

import polars as pl

from ressort.ingest.connector import Connector, Field, Layout

#: sectors as the columns of the file end; homes are not told apart in some vintages
SECTORS = {"agriculture": "A", "industry": "I", "services": "T", "residential": "R"}


def _by_commune(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a commune, year and sector; a place is a commune or a part of it (IRIS), whose code begins with the commune's."""
    named = frame.with_columns(pl.col("commune_code").str.slice(0, 5))
    told = [sector for sector in SECTORS if sector in named.columns]
    return named.unpivot(on=told, index=["commune_code", "year"], variable_name="sector", value_name="heat_mwh")


HEAT = Connector(
    id="heat_networks_commune",
    title_fr="Chaleur et froid livrés par les réseaux, par commune",
    title_en="Heat and cold delivered by networks, by commune",
    producer="SDES, données locales de consommation d’énergie",
    page="https://www.statistiques.developpement-durable.gouv.fr/donnees-locales-de-consommation-denergie",
    address="https://www.statistiques.developpement-durable.gouv.fr/donnees-locales-de-consommation-denergie",
    file_name="Donnees-locales-de-consommation-denergie-periode-2008-2017-chaleur-et-froid.2017-12.csv",
    year="2008 to 2017",
    unit_notes="MWh delivered; a sector that a network does not tell is missing, not zero",
    layout=Layout(skip_lines=1),
    fields=(
        Field("commune_code", ("CODE",), "text"),
        Field("year", ("ANNEE",), "year"),
        *(Field(sector, (f"CONSO{letter}",), required=sector != "residential") for sector, letter in SECTORS.items()),
    ),
    shape=_by_commune,
    key=("commune_code", "year", "sector"),
    additive=True,  # one row an operator and a place
    columns={
        "commune_code": "INSEE code, as published",
        "year": "year",
        "sector": "agriculture, industry, services, residential",
        "heat_mwh": "MWh delivered in the year; missing where a network of the commune does not tell that sector",
    },
    rows=(300, 200_000),
    oldest_days=4_000,
)

CONNECTORS = (HEAT,)
