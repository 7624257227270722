"""Agreste, the statistics of the ministry of agriculture: farmland, farms, yields."""

import polars as pl

from ressort.core.errors import SourceRefused
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


def _cartostat(*names: str) -> tuple[str, ...]:
    """The headers that Cartostat gives an indicator: `SAU en 2020`, `SAU, 2020`, or its name alone."""
    return tuple(header for name in names for header in (f"{name} en 2020", f"{name}, 2020", name))


def _census(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit("EPCI").alias("kind"), pl.lit(2020).alias("year"))


CENSUS = Connector(
    id="farm_census",
    title_fr="Recensement agricole 2020 : exploitations, travail, surface, par EPCI",
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
        Field(
            "farms",
            (
                "Nombre total d'exploitations en 2020",
                *_cartostat("Nombre total d'exploitations", "Nombre d'exploitations"),
                "Exploitations",
            ),
        ),
        Field("labour_fte", ("Travail total (ETP) en 2020", "ETP", "Travail agricole (ETP)"), required=False),
        Field(
            "farmland_ha",
            ("SAU totale (ha) en 2020", "SAU totale (hectares) en 2020", "SAU (ha)", *_cartostat("SAU totale", "SAU")),
        ),
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
    """Hectares and tonnes per hectare by département, crop and year, from a table wide (a column a measure) or long (a row each).

    Raises:
        SourceRefused: neither columns nor rows tell areas and yields.
    """
    if "value" in frame.columns and "measure" in frame.columns:
        frame = _wide(frame)
    lacking = [name for name in ("area_ha", "yield_q_per_ha") if name not in frame.columns]
    if lacking:
        raise SourceRefused(
            "{source}: nothing in the file tells {missing}. It should hold a row a measure (N027_LIB, VALEUR), or a column each.",
            source="yields_departement",
            missing=lacking,
        )
    told = ("departement_code", "crop", "year", "area_ha", "area_ha_reason", "yield_q_per_ha", "yield_q_per_ha_reason")
    kept = frame.select(name for name in told if name in frame.columns)
    return kept.with_columns((pl.col("yield_q_per_ha") / 10).alias("yield_t_per_ha")).drop("yield_q_per_ha")


def _wide(frame: pl.DataFrame) -> pl.DataFrame:
    """A row a département, crop and year; a label that stands at several places of the nomenclature takes its number."""
    names = {"superficie": "area_ha", "rendement": "yield_q_per_ha"}
    first = pl.col("measure").str.to_lowercase().str.extract(r"^(\p{L}+)").replace_strict(names, default=None)
    rows = frame.with_columns(first.alias("measure")).filter(pl.col("measure").is_not_null())
    if "number" in rows.columns:
        many = pl.col("number").n_unique().over("departement_code", "crop", "year", "measure") > 1
        label = pl.when(many).then(pl.format("{} ({})", "crop", "number")).otherwise(pl.col("crop"))
        rows = rows.with_columns(label.alias("crop"))
    keys = ["departement_code", "crop", "year"]
    rows = rows.unique([*keys, "measure", "value"], maintain_order=True)
    parts = [
        rows.filter(measure=name).select(*keys, pl.col("value").alias(name))
        for name in names.values()
        if name in rows["measure"]
    ]
    return parts[0].join(parts[1], on=keys, how="full", coalesce=True) if len(parts) == 2 else frame


YIELDS = Connector(
    id="yields_departement",
    title_fr="Statistique agricole annuelle : surfaces et rendements par département",
    title_en="Annual agricultural statistics: areas and yields by département",
    producer="Agreste, statistique agricole annuelle",
    page="https://agreste.agriculture.gouv.fr/agreste-web/disaron/SAANR_DEVELOPPE_2/detail/",
    address="https://agreste.agriculture.gouv.fr/agreste-web/disaron/SAANR_DEVELOPPE_2/detail/",
    file_name="FDS_SAANR_DEVELOPPE_2_2024.csv",
    year="latest",
    unit_notes="ha; t/ha (quintals divided by 10)",
    layout=Layout(decimal=",", member=".csv", yearly=True),
    fields=(
        Field("departement_code", ("DEP", "Code département", "departement"), "code", "DEP"),
        Field("crop", ("N306_LIB", "LIB_SAA", "Culture", "Libellé"), "text"),
        Field("number", ("N306_MOD",), "text", required=False),
        Field("year", ("ANNREF", "Année", "annee"), "year"),
        Field("measure", ("N027_LIB",), "text", required=False),
        Field("value", ("VALEUR",), required=False),
        Field("area_ha", ("SURF_DEV", "Superficie (ha)", "Surface (ha)"), required=False),
        Field("yield_q_per_ha", ("RDT", "Rendement (q/ha)", "Rendement"), required=False),
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
