"""Agence ORE: electricity and gas by sector, by commune, EPCI and département, all operators."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field

SECTORS = {
    "agriculture": "Agriculture",
    "industry": "Industrie",
    "services": "Tertiaire",
    "residential": "Résidentiel",
    "unknown": "Secteur Inconnu",
}
#: the export of the open-data site names its columns by field: consoa, pdla; the page names them by label
LETTERS = {"agriculture": "a", "industry": "i", "services": "t", "residential": "r", "unknown": "na"}
#: what the départements add up to in 2021 (`energy/departement_electricity_gas_2011_2021`)
FRANCE_2021_MWH = {"electricity": 435_400_000, "gas": 472_800_000}
#: secrecy hides more where cells are smaller
TOLERANCES = {"commune": 0.15, "epci": 0.1, "departement": 0.05}
LEVELS = {
    "commune": ("COM", ("Code Commune", "Code commune", "code_commune"), (100_000, 4_000_000)),
    "epci": ("EPCI", ("Code EPCI", "code_epci"), (5_000, 200_000)),
    "departement": ("DEP", ("Code Département", "Code Departement", "code_departement"), (1_000, 30_000)),
}


def _tall(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a place, year, carrier and sector; operators are added up by the engine."""
    parts = []
    for sector in SECTORS:
        columns = {
            "code": "code",
            "year": "year",
            "carrier": "carrier",
            f"use_{sector}_mwh": "energy_mwh",
            f"points_{sector}": "delivery_points",
        }
        part = frame.select(pl.col(old).alias(new) for old, new in columns.items())
        parts.append(part.with_columns(pl.lit(sector).alias("sector")))
    parts.append(_all_sectors(frame))
    tall = pl.concat(parts, how="vertical_relaxed").with_columns(
        pl.when(pl.col("carrier").str.contains(r"(?i)^[eé]lec"))
        .then(pl.lit("electricity"))
        .when(pl.col("carrier").str.contains(r"(?i)^gaz"))
        .then(pl.lit("gas"))
        .otherwise(pl.lit("other"))
        .alias("carrier")
    )
    return tall.filter(pl.col("energy_mwh").is_not_null())


def _all_sectors(frame: pl.DataFrame) -> pl.DataFrame:
    """The total that the producer gives, else the sum of the sectors, not known when one is hidden."""
    summed = pl.sum_horizontal([f"use_{sector}_mwh" for sector in SECTORS], ignore_nulls=False)
    total = pl.coalesce("use_all_mwh", summed) if "use_all_mwh" in frame.columns else summed
    points = pl.sum_horizontal([f"points_{sector}" for sector in SECTORS], ignore_nulls=False)
    return frame.select(
        "code",
        "year",
        "carrier",
        total.alias("energy_mwh"),
        points.alias("delivery_points"),
        pl.lit("all").alias("sector"),
    )


def _anchors(tolerance: float) -> tuple[Anchor, ...]:
    return tuple(
        Anchor("energy_mwh", total_mwh, tolerance, (("year", 2021), ("carrier", carrier), ("sector", "all")))
        for carrier, total_mwh in FRANCE_2021_MWH.items()
    )


def _measures(column: str, label: str, field: str) -> tuple[Field, ...]:
    """A column a sector, under its label and its field."""
    return tuple(
        Field(column.format(key), (label.format(name), field.format(LETTERS[key]))) for key, name in SECTORS.items()
    )


def _connector(level: str) -> Connector:
    kind, aliases, rows = LEVELS[level]
    return Connector(
        id=f"energy_use_{level}",
        title_fr=f"Électricité et gaz par secteur et {level}",
        title_en=f"Electricity and gas by sector and {level}",
        producer="Agence ORE",
        page=f"https://opendata.agenceore.fr/explore/dataset/conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-{level}/",
        address=f"https://opendata.agenceore.fr/api/explore/v2.1/catalog/datasets/conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-{level}/exports/csv",
        file_name=f"conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-{level}.csv",
        year="2011 to the latest",
        unit_notes="MWh delivered; a cell hidden by secrecy is left out",
        fields=(
            Field("code", aliases, "code", kind),
            Field("year", ("Année", "annee"), "year"),
            Field("carrier", ("Filière", "filiere"), "text"),
            *_measures("use_{}_mwh", "Consommation {} (MWh)", "conso{}"),
            Field("use_all_mwh", ("Consommation totale (MWh)", "consototale"), required=False),
            *_measures("points_{}", "Nombre de points {}", "pdl{}"),
        ),
        shape=_tall,
        key=("code", "year", "carrier", "sector"),
        additive=True,
        columns={
            "code": f"code of the {level}",
            "year": "year",
            "carrier": "electricity or gas",
            "sector": "agriculture, industry, services, residential, unknown; all is their total, never to be added to them",
            "energy_mwh": "MWh, all operators",
            "delivery_points": "meters",
        },
        rows=rows,
        anchors=_anchors(TOLERANCES[level]),
        size_limit_mb=1_500,
        checked=level == "departement",
    )


CONNECTORS = tuple(_connector(level) for level in LEVELS)
