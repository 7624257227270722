"""SDES, the statistics of the ministry of ecology: heat and cold delivered by networks, place by place to 2017, network by network since."""

import polars as pl

from ressort.ingest.connector import Connector, Field, Layout

CATALOGUE = "https://www.statistiques.developpement-durable.gouv.fr"
DATA_FILE = "b0c273bb-1578-42f3-b22b-074d78de3ca3"
#: sectors as the columns of the files end; homes are not told apart in some vintages
SECTORS = {"agriculture": "A", "industry": "I", "services": "T", "residential": "R"}
#: the file by network adds what is of no sector, and the total, which may be told where sectors are secret
OF_NETWORK = SECTORS | {"unknown": "NA", "all": "TOT"}


def _by_commune(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a commune, year and sector; a place is a commune or a part of it (IRIS), whose code begins with the commune's."""
    named = frame.with_columns(pl.col("commune_code").str.slice(0, 5))
    told = [sector for sector in OF_NETWORK if sector in named.columns]
    return named.unpivot(on=told, index=["commune_code", "year"], variable_name="sector", value_name="heat_mwh")


def _measures(sectors: dict[str, str], optional: tuple[str, ...] = ()) -> tuple[Field, ...]:
    return tuple(
        Field(sector, (f"CONSO{letters}",), required=sector not in optional) for sector, letters in sectors.items()
    )


HEAT = Connector(
    id="heat_networks_commune",
    title_fr="Chaleur et froid livrés par les réseaux, par commune",
    title_en="Heat and cold delivered by networks, by commune",
    producer="SDES, données locales de consommation d’énergie",
    page=f"{CATALOGUE}/donnees-locales-de-consommation-denergie",
    address=f"{CATALOGUE}/donnees-locales-de-consommation-denergie",
    file_name="Donnees-locales-de-consommation-denergie-periode-2008-2017-chaleur-et-froid.2017-12.csv",
    year="2008 to 2017",
    unit_notes="MWh delivered; a sector that a network does not tell is missing, not zero",
    layout=Layout(skip_lines=1),
    fields=(
        Field("commune_code", ("CODE",), "text"),
        Field("year", ("ANNEE",), "year"),
        *_measures(SECTORS, optional=("residential",)),
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

NETWORKS = Connector(
    id="heat_networks",
    title_fr="Chaleur et froid livrés, réseau par réseau, dernière année",
    title_en="Heat and cold delivered, network by network, last year",
    producer="SDES, données locales de l’énergie, réseaux de chaleur et de froid",
    page=f"{CATALOGUE}/catalogue?page=datafile&datafileRid={DATA_FILE}&tab=download",
    address=(
        f"https://data.statistiques.developpement-durable.gouv.fr/dido/api/v1/datafiles/{DATA_FILE}/csv"
        "?withColumnName=true&withColumnDescription=false&withColumnUnit=false"
    ),
    file_name="reseaux-de-chaleur-et-de-froid.csv",
    year="the latest",
    unit_notes="MWh delivered; a network counts whole in the commune that the file names, although it may serve its neighbours; secret is missing, not zero",
    fields=(
        Field("commune_code", ("COMMUNE_CODE",), "code", "COM"),
        Field("year", ("ANNEE",), "year"),
        *_measures(OF_NETWORK),
    ),
    shape=_by_commune,
    key=("commune_code", "year", "sector"),
    additive=True,  # one row a network
    columns={
        "commune_code": "INSEE code of the commune that the file names for the network",
        "year": "year",
        "sector": "agriculture, industry, services, residential, unknown; all is their total, never to be added to them",
        "heat_mwh": "MWh delivered in the year; missing where it is secret for a network of the commune",
    },
    rows=(1_000, 100_000),
)

CONNECTORS = (HEAT, NETWORKS)
