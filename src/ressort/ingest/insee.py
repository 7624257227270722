"""INSEE: population, income, commuting, livestock."""

import polars as pl

from ressort.core.errors import SourceRefused
from ressort.ingest.connector import Anchor, Connector, Field, Layout

FILES = "https://www.insee.fr/fr/statistiques/fichier/"


def _income(kind: str) -> Connector:
    """Filosofi: medians and poverty by commune, or by larger territory (EPCI)."""

    def shape(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.lit(kind).alias("kind"), pl.lit(2021).alias("year"))

    name = "COMMUNES" if kind == "COM" else "SUPRA"
    return Connector(
        id="income_commune" if kind == "COM" else "income_epci",
        title_fr=f"Niveaux de vie et pauvreté par {'commune' if kind == 'COM' else 'EPCI'}",
        title_en=f"Living standards and poverty by {'commune' if kind == 'COM' else 'intercommunality'}",
        producer="Insee, Filosofi",
        page="https://www.insee.fr/fr/statistiques/7756855",
        address=f"{FILES}7756855/indic-struct-distrib-revenu-2021-{name}_csv.zip",
        file_name=f"indic-struct-distrib-revenu-2021-{name}_csv.zip",
        year="2021",
        unit_notes="euros per consumption unit; shares 0-1",
        layout=Layout(
            # named FILO2021_DISP_COM.csv in the archives of INSEE; the year stood last in some
            member=f"DISP_{kind}.csv|DISP_{kind}_2021.csv",
            beside=f"DISP_PAUVRES_{kind}.csv|DISP_PAUVRES_{kind}_2021.csv",
        ),
        fields=(
            Field("code", ("CODGEO",), "code", kind),
            Field("median_living_standard_eur", ("Q221", "Q2_21", "Q221 ")),
            Field("poverty_share", ("TP6021", "TP60_21"), factor=0.01, required=False),
        ),
        shape=shape,
        key=("kind", "code"),
        columns={
            "kind": "kind of territory",
            "code": "its code",
            "median_living_standard_eur": "median disposable income per consumption unit; missing where secret",
            "poverty_share": "people under 60 % of the median",
            "year": "2021",
        },
        intensive=True,
        rows=(30_000, 36_000) if kind == "COM" else (1_100, 1_300),
        anchors=(
            # means of the table shipped: 31,259 communes of 2021; a share left in percent would be a hundred times off
            Anchor("median_living_standard_eur", 23_239 if kind == "COM" else 22_600, 0.05, statistic="mean"),
        ),
    )


#: municipal populations of the present census method; the file holds one column a year, of which the latest counts
CENSUSES = tuple(range(2006, 2051))


def _census(frame: pl.DataFrame) -> pl.DataFrame:
    """The latest municipal population of the file, and its year.

    Raises:
        SourceRefused: no column of the file holds one.
    """
    held = [year for year in CENSUSES if f"people_{year}" in frame.columns]
    if not held:
        raise SourceRefused(
            "{source}: no column holds a municipal population (such as {expected}). Take the file of the communes since 1876.",
            source="population_commune",
            expected=[f"PMUN{year}" for year in (2023, 2024)],
        )
    people = pl.col(f"people_{held[-1]}").alias("population_people")
    return frame.select("commune_code", people, pl.lit(held[-1]).alias("year"))


POPULATION = Connector(
    id="population_commune",
    title_fr="Population municipale par commune",
    title_en="Municipal population by commune",
    producer="Insee, recensements",
    page="https://www.insee.fr/fr/statistiques/3698339",
    address=f"{FILES}3698339/base-pop-historiques-1876-2023.xlsx",
    file_name="base-pop-historiques-1876-2023.xlsx",
    year="the latest of the file",
    unit_notes="people",
    layout=Layout(sheet="pop_1876_*", skip_lines=5),
    fields=(
        Field("commune_code", ("CODGEO",), "code", "COM"),
        *(Field(f"people_{year}", (f"PMUN{year}", f"PMUN{year % 100:02d}"), required=False) for year in CENSUSES),
    ),
    shape=_census,
    key=("commune_code", "year"),
    additive=True,
    columns={"commune_code": "INSEE code", "population_people": "municipal population", "year": "census"},
    rows=(34_500, 35_500),
    anchors=(Anchor("population_people", 68_094_000),),
)

COMMUTING = Connector(
    id="commuting",
    title_fr="Trajets domicile-travail entre communes",
    title_en="Commuting between communes",
    producer="Insee, recensement 2022",
    page="https://www.insee.fr/fr/statistiques/8582949",
    address=f"{FILES}8582949/base-flux-mobilite-domicile-lieu-travail-2022_csv.zip",
    file_name="base-flux-mobilite-domicile-lieu-travail-2022_csv.zip",
    year="2022",
    unit_notes="workers aged 15 or more; weights of the census, not integers; a workplace abroad keeps its code",
    layout=Layout(member=".csv"),
    fields=(
        Field("home_code", ("CODGEO",), "code", "COM"),
        Field("work_code", ("DCLT",), "code"),
        Field("workers_people", ("NBFLUX_C22_ACTOCC15P",)),
    ),
    key=("home_code", "work_code"),
    additive=True,
    columns={
        "home_code": "INSEE code of home",
        "work_code": "code of the workplace",
        "workers_people": "employed residents",
    },
    rows=(500_000, 1_500_000),
    size_limit_mb=400,
)

#: thousand heads by species, columns of the sheet
SPECIES = {"cattle": "Bovins", "sheep": "Ovins", "goats": "Caprins", "pigs": "Porcins"}


def _heads(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.unpivot(
        on=list(SPECIES), index="departement_code", variable_name="species", value_name="heads"
    ).with_columns(pl.lit(2022).alias("year"))


LIVESTOCK = Connector(
    id="livestock_departement",
    title_fr="Cheptels par département",
    title_en="Livestock by département",
    producer="Agreste, par l’Insee (TCRD_073)",
    page="https://www.insee.fr/fr/statistiques/2012795",
    address=f"{FILES}2012795/TCRD_073.xlsx",
    file_name="TCRD_073.xlsx",
    year="2022",
    unit_notes="heads (thousands upstream)",
    layout=Layout(sheet="*", skip_lines=3),
    fields=(
        Field("departement_code", ("Code", "Département", "Unnamed: 0", "__UNNAMED__0"), "code", "DEP"),
        *(Field(species, (label, f"{label} (milliers)"), factor=1000.0) for species, label in SPECIES.items()),
    ),
    shape=_heads,
    key=("departement_code", "species"),
    columns={"departement_code": "code", "species": "animal", "heads": "animals", "year": "2022"},
    rows=(300, 420),
    anchors=(Anchor("heads", 38_000_000, 0.15),),
)

HOUSING = Connector(
    id="housing_commune",
    title_fr="Résidences principales, dont maisons, par commune",
    title_en="Main homes, of which houses, by commune",
    producer="Insee, recensement 2021",
    page="https://www.insee.fr/fr/statistiques/8202349",
    address=f"{FILES}8202349/base-cc-logement-2021_csv.zip",
    file_name="base-cc-logement-2021_csv.zip",
    year="2021",
    unit_notes="main homes, one a household; weights of the census, not integers",
    layout=Layout(member="base-cc-logement-2021.CSV|base-cc-logement-2021.csv"),
    fields=(
        Field("commune_code", ("CODGEO",), "code", "COM"),
        Field("main_homes_households", ("P21_RP",)),
        Field("houses_households", ("P21_RPMAISON",)),
    ),
    key=("commune_code",),
    additive=True,
    columns={
        "commune_code": "INSEE code",
        "main_homes_households": "main homes",
        "houses_households": "of which houses",
    },
    rows=(34_000, 36_000),
    anchors=(Anchor("main_homes_households", 30_400_000, 0.05),),
    size_limit_mb=100,
)

CONNECTORS = (POPULATION, _income("COM"), _income("EPCI"), COMMUTING, LIVESTOCK, HOUSING)
