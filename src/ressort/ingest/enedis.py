"""Enedis: electricity production by EPCI and source; electricity used by sector in each part of a commune (IRIS)."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field

SOURCES = {
    "solar": "photovoltaique",
    "wind": "eolien",
    "hydro": "hydraulique",
    "bioenergy": "bio_energie",
    "cogeneration": "cogeneration",
    "other": "autres",
}
#: the words of the file as published, where they are not those above
COUNTS = {
    "solar": ("nb_sites_photovoltaiques_enedis",),
    "wind": ("nombre_sites_eoliens_enedis",),
    "hydro": ("nombre_sites_hydrauliques_enedis",),
    "bioenergy": ("nombre_sites_bio_energie_enedis",),
    "cogeneration": ("nombre_sites_cogeneration_enedis",),
    "other": ("nombre_sites_autres_filieres_enedis",),
}
ENERGIES = {
    "wind": ("energie_eolienne_annuelle_enedis",),
    "hydro": ("energie_hydraulique_annuelle_enedis",),
    "bioenergy": ("energie_bio_energie_enedis", "energie_bio_energie_annuelle_enedis"),
    "cogeneration": ("energie_cogeneree_annuelle_enedis",),
    "other": ("energie_autres_filieres_annuelle_enedis",),
}
KWH_PER_MWH = 1000.0
MOST_MWH_PER_SOLAR_SITE = 500.0


def _tall(frame: pl.DataFrame) -> pl.DataFrame:
    """One row an EPCI, year and source; energies of the file are in kWh, or in MWh: what a solar site makes tells which."""
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
    dated = tall.with_columns(pl.col("year").str.extract(r"(\d{4})").cast(pl.Int64))
    return dated.with_columns(pl.col("production_mwh") / _units_per_mwh(dated))


def _units_per_mwh(tall: pl.DataFrame) -> float:
    """1000 when the file is in kWh, 1 when it is in MWh: a solar site makes some 25 MWh a year, a thousand times more in kWh."""
    solar = tall.filter((pl.col("source") == "solar") & (pl.col("sites") > 0))
    sites, energy = float(solar["sites"].sum() or 0), float(solar["production_mwh"].sum() or 0)
    return 1.0 if 0 < energy < MOST_MWH_PER_SOLAR_SITE * sites else KWH_PER_MWH


PRODUCTION = Connector(
    id="electricity_production_epci",
    title_fr="Production d’électricité par filière et EPCI",
    title_en="Electricity production by source and intercommunality",
    producer="Enedis",
    page="https://data.enedis.fr/explore/dataset/production-electrique-par-filiere-a-la-maille-epci/",
    address="https://www.data.gouv.fr/api/1/datasets/r/2b42530b-039d-458f-8b5f-af5824a41cf0",
    file_name="production-electrique-par-filiere-a-la-maille-epci.csv",
    year="2011 to the latest",
    unit_notes="MWh injected on the Enedis network (kWh or MWh upstream, told apart by what a solar site makes); plants on the transmission network are not in it",
    fields=(
        Field("year", ("date", "annee"), "text"),
        Field("epci_code", ("code_EPCI", "code_epci"), "code", "EPCI"),
        *(Field(f"sites_{key}", (*COUNTS.get(key, ()), f"nb_sites_{name}_enedis")) for key, name in SOURCES.items()),
        *(
            Field(f"energy_{key}", (*ENERGIES.get(key, ()), f"energie_{name}_annuelle_enedis"))
            for key, name in SOURCES.items()
        ),
    ),
    shape=_tall,
    key=("epci_code", "year", "source"),
    additive=True,  # one row a voltage (domaine_de_tension)
    columns={
        "epci_code": "SIREN",
        "year": "year",
        "source": "solar, wind, hydro, bioenergy, cogeneration, other",
        "production_mwh": "MWh in the year",
        "sites": "plants",
    },
    rows=(5_000, 150_000),
    anchors=(Anchor("production_mwh", 80_000_000, 0.5, latest=True),),
)

#: sectors as the file names them
SECTORS = {"RESIDENTIEL": "residential", "TERTIAIRE": "services", "INDUSTRIE": "industry", "AGRICULTURE": "agriculture"}


def _last_year(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a part of a commune and sector, in the last year of the file; categories and branches are added up by the engine."""
    last = frame.filter(pl.col("year") == pl.col("year").max())
    return last.with_columns(pl.col("sector").str.to_uppercase().replace_strict(SECTORS, default="unknown"))


PARTS = Connector(
    id="electricity_iris",
    title_fr="Électricité consommée par secteur et par quartier (IRIS)",
    title_en="Electricity used by sector and neighbourhood (IRIS)",
    producer="Enedis",
    page="https://data.enedis.fr/explore/dataset/consommation-electrique-par-secteur-dactivite-iris/",
    address="https://data.enedis.fr/api/explore/v2.1/catalog/datasets/consommation-electrique-par-secteur-dactivite-iris/exports/csv",
    file_name="consommation-electrique-par-secteur-dactivite-iris.csv",
    year="the latest",
    unit_notes="MWh delivered on the Enedis network; a sum of which a cell is hidden by secrecy is missing",
    fields=(
        # under the names of fields, as the interface gives them, or under their labels, as the page does
        Field("iris_code", ("code_iris", "Code IRIS"), "text"),
        Field("iris_name", ("nom_iris", "Nom IRIS"), "text"),
        Field("commune_code", ("code_commune", "Code Commune"), "code", "COM"),
        Field("year", ("annee", "Année"), "year"),
        Field("sector", ("code_grand_secteur", "CODE GRAND SECTEUR"), "text"),
        Field("energy_mwh", ("conso_totale_mwh", "Conso totale (MWh)")),
        Field("sites", ("nb_sites", "Nb sites")),
    ),
    shape=_last_year,
    key=("iris_code", "iris_name", "commune_code", "year", "sector"),
    additive=True,  # one row a category of customers and a branch
    columns={
        "iris_code": "code of the part of a commune, nine digits",
        "iris_name": "its name",
        "commune_code": "INSEE code of its commune",
        "year": "year",
        "sector": "residential, services, industry, agriculture, unknown",
        "energy_mwh": "MWh delivered in the year; missing where a part of it is secret",
        "sites": "delivery points",
    },
    rows=(20_000, 30_000_000),
    size_limit_mb=3_000,
)

CONNECTORS = (PRODUCTION, PARTS)
