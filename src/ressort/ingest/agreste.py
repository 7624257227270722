"""Agreste, the statistics of the ministry of agriculture: farmland, farms, yields."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field, Layout

DATA_GOUV = "https://www.data.gouv.fr/api/1/datasets/r/"


def _year_of(frame: pl.DataFrame) -> pl.DataFrame:
    """The year out of a date such as 2020-01-01 or 31/12/2020."""
    return frame.with_columns(pl.col("year").str.extract(r"(\d{4})").cast(pl.Int64))


FARMLAND = Connector(
    id="farmland_epci",
    title_fr="Surface agricole utile par EPCI",
    title_en="Farmland by intercommunality",
    producer="Agreste, recensements agricoles",
    page="https://www.data.gouv.fr/fr/datasets/surface-agricole-utile-sau/",
    address=f"{DATA_GOUV}022cb00f-38f2-4fe7-8895-e3467d3d9255",
    file_name="sau_epci.csv",
    year="2010, 2020",
    unit_notes="ha",
    layout=Layout(delimiter=","),
    fields=(
        Field("year", ("date_mesure",), "text"),
        Field("epci_code", ("geocode_epci",), "code", "EPCI"),
        Field("farmland_ha", ("valeur",)),
    ),
    shape=_year_of,
    key=("epci_code", "year"),
    columns={
        "epci_code": "SIREN of the EPCI",
        "year": "census year",
        "farmland_ha": "farmland of the farms whose seat is there",
    },
    rows=(1_800, 2_700),
    anchors=(Anchor("farmland_ha", 26_880_000, 0.05, latest=True),),
)


def _census(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit("EPCI").alias("kind"), pl.lit(2020).alias("year"))


CENSUS = Connector(
    id="farm_census",
    title_fr="Recensement agricole 2020 : exploitations, travail, surface, par EPCI",
    title_en="Agricultural census 2020: farms, work, land, by intercommunality",
    producer="Agreste, recensement agricole 2020",
    page="https://stats.agriculture.gouv.fr/cartostat/",
    address="https://stats.agriculture.gouv.fr/cartostat/",
    file_name="ra2020_epci.xlsx",
    year="2020",
    unit_notes="farms; full-time equivalents; ha",
    layout=Layout(sheet="*", skip_lines=3),
    fields=(
        Field("code", ("Code", "codgeo", "Code EPCI"), "code", "EPCI"),
        Field("farms", ("Nombre total d'exploitations en 2020", "Nombre d'exploitations", "Exploitations")),
        Field("labour_fte", ("Travail total (ETP) en 2020", "ETP", "Travail agricole (ETP)"), required=False),
        Field("farmland_ha", ("SAU totale (ha) en 2020", "SAU totale (hectares) en 2020", "SAU (ha)")),
    ),
    shape=_census,
    key=("kind", "code"),
    columns={
        "kind": "kind of territory",
        "code": "its code",
        "farms": "farms with their seat there",
        "labour_fte": "full-time equivalents",
        "farmland_ha": "farmland of these farms",
        "year": "2020",
    },
    rows=(900, 1_300),
    anchors=(Anchor("farmland_ha", 26_880_000, 0.05),),
)


def _tonnes_per_ha(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns((pl.col("yield_q_per_ha") / 10).alias("yield_t_per_ha")).drop("yield_q_per_ha")


YIELDS = Connector(
    id="yields_departement",
    title_fr="Statistique agricole annuelle : surfaces et rendements par département",
    title_en="Annual agricultural statistics: areas and yields by département",
    producer="Agreste, statistique agricole annuelle",
    page="https://agreste.agriculture.gouv.fr/agreste-web/disaron/SAANR_DEVELOPPE_2/detail/",
    address="https://agreste.agriculture.gouv.fr/agreste-web/disaron/SAANR_DEVELOPPE_2/detail/",
    file_name="saa_departements.csv",
    year="latest",
    unit_notes="ha; t/ha (quintals divided by 10)",
    layout=Layout(decimal=","),
    fields=(
        Field("departement_code", ("DEP", "Code département", "departement"), "code", "DEP"),
        Field("crop", ("LIB_SAA", "Culture", "Libellé"), "text"),
        Field("year", ("ANNREF", "Année", "annee"), "year"),
        Field("area_ha", ("SURF_DEV", "Superficie (ha)", "Surface (ha)")),
        Field("yield_q_per_ha", ("RDT", "Rendement (q/ha)", "Rendement")),
    ),
    shape=_tonnes_per_ha,
    key=("departement_code", "crop", "year"),
    columns={
        "departement_code": "code",
        "crop": "crop as named upstream",
        "year": "harvest",
        "area_ha": "hectares",
        "yield_t_per_ha": "tonnes per hectare",
    },
    rows=(500, 400_000),
)

CONNECTORS = (FARMLAND, CENSUS, YIELDS)
