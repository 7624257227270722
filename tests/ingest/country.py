"""A whole country of SYNTHETIC official files, in the published formats, to take a sync from the mirror to the diagnosis.

Their totals come near the real ones, so that anchors pass; their parts mean nothing.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from ressort.core.territory import Territories
from ressort.ingest import connectors

from .samples import archive, workbook

SECTORS = ("Agriculture", "Industrie", "Tertiaire", "Résidentiel", "Secteur Inconnu")
PAU, FUMEL = "200067254", "200068930"
ENERGY = ("photovoltaique", "eolien", "hydraulique", "bio_energie", "cogeneration", "autres")


def write_mirror(folder: Path, known: Territories) -> Path:
    """Put a file of each connector that changes a diagnosis in a mirror folder."""
    codes = {kind: known.table.filter(kind=kind)["code"].to_list() for kind in ("COM", "EPCI", "DEP")}
    towns = [code for code in codes["COM"] if code != "64445"]
    files = {
        "farmland_epci": _farmland(codes["EPCI"]),
        "farm_census": _census(codes["EPCI"]),
        "income_commune": archive("FILO2021_DISP_COM_2021.csv", _income("64445", codes["COM"], 23_239)),
        "income_epci": archive("FILO2021_DISP_EPCI_2021.csv", _income(PAU, codes["EPCI"], 22_600)),
        "jobs_commune": _jobs(codes["COM"]),
        "organic_commune": _organic(codes["COM"]),
        "energy_use_epci": _energy_use("Code EPCI", codes["EPCI"]),
        "electricity_production_epci": _production(codes["EPCI"]),
        "electricity_plants": _plants(codes["COM"]),
        "rpg_commune": _parcels(towns),
        "yields_departement": _yields(codes["DEP"]),
        "livestock_departement": _livestock(codes["DEP"]),
        "population_commune": _population(codes["COM"]),
        "commuting": archive("base-flux-mobilite.csv", _commuting(codes["COM"])),
        "hazard_orders": archive("catnat_gaspar.csv", _disasters(codes["COM"])),
        "land_take": _land_take(codes["COM"]),
        "food_projects": _food_projects(codes["COM"]),
        "rural_zoning": _rural_zoning(codes["COM"]),
    }
    for name, content in files.items():
        home = folder / name
        home.mkdir(parents=True)
        (home / connectors()[name].file_name).write_bytes(content)
    return folder


def _csv(head: Iterable[str], rows: Iterable[Iterable[object]], delimiter: str = ";") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(list(head))
    writer.writerows(rows)
    return out.getvalue().encode()


def _population(communes: list[str]) -> bytes:
    each = round(68_094_000 / len(communes))
    rows = [[code, "x", 90_000 if code == "64445" else each, 1] for code in communes]
    return workbook([["CODGEO", "LIBGEO", "PMUN2023", "PMUN1999"], *rows], "pop_1876_2023", 5)


def _commuting(communes: list[str]) -> bytes:
    """Everybody works at home in equal numbers, as many next door in the list, and 50 of Pau in Lescar, 30 of Pau abroad."""
    rows: list[list[object]] = []
    for home, work in zip(communes, [*communes[1:], communes[0]], strict=True):
        for place in (home, work, *(f"{i:05d}" for i in range(99_901, 99_914))):
            rows.append([home, "x", place, "y", 100 if place in (home, work) else 0.001])
    rows += [["64445", "Pau", "64335", "Lescar", 50], ["64445", "Pau", "99999", "Étranger", 30]]
    return _csv(["CODGEO", "LIBGEO", "DCLT", "L_DCLT", "NBFLUX_C22_ACTOCC15P"], rows)


def _disasters(communes: list[str]) -> bytes:
    head = ["cod_nat_catnat", "cod_commune", "lib_commune", "num_risque_jo", "lib_risque_jo", "dat_deb", "dat_fin"]
    rows = [
        [f"{code}-{n}", code, "x", "ICB", "Inondations et coulées de boue", f"{1999 + n}-12-25", f"{1999 + n}-12-29"]
        for code in communes
        for n in range(3)
    ]
    rows += [["64PREF1", code, "x", "SEC", "Sécheresse", "2022-07-01", "2022-09-30"] for code in ("64445", "64335")]
    return _csv(head, rows)


def _land_take(communes: list[str]) -> bytes:
    rows = [[code, "x", 500_000 if code == "64445" else 3_400_000_000 / len(communes)] for code in communes]
    return _csv(["idcom", "idcomtxt", "naf09art24"], rows)


def _food_projects(communes: list[str]) -> bytes:
    head = [
        "id",
        "lien_vers_la_fiche_pat",
        "nom_administratif",
        "nom_usuel",
        "communes_code_insee",
        "niveaux_de_labelisation",
    ]
    rows = [["1", "x", "PAT du Béarn", "Béarn nourricier", "64445,64335", "Labellisation Niveau 2"]]
    rows += [
        [str(2 + n), "x", f"PAT {n}", "", ",".join(communes[60 * n : 60 * n + 60]), "Labellisation Niveau 1"]
        for n in range(100)
    ]
    return _csv(head, rows).decode().encode("cp1252")


def _rural_zoning(communes: list[str]) -> bytes:
    rows = [
        [code, "x", "C - Classée en ZRR" if code.startswith("26") else "NC - Commune non classée"] for code in communes
    ]
    return _csv(["CODGEO", "LIBGEO", "ZRR_SIMP"], rows)


def _farmland(epci: list[str]) -> bytes:
    each = 26_880_000 / len(epci)
    rows = [
        [f"{year}-01-01", code, "x", 12_345 if code == PAU and year == 2020 else each]
        for code in epci
        for year in (2010, 2020)
    ]
    return _csv(("date_mesure", "geocode_epci", "libelle_epci", "valeur"), rows, ",")


def _census(epci: list[str]) -> bytes:
    each = 26_880_000 / len(epci)
    head = [
        "Code",
        "Libellé",
        "Nombre total d'exploitations en 2020",
        "Travail total (ETP) en 2020",
        "SAU totale (ha) en 2020",
    ]
    return workbook(
        [head, *([code, "x", 510 if code == PAU else 300, "c" if code == FUMEL else 640, each] for code in epci)],
        skip=3,
    )


def _income(named: str, codes: list[str], median: int) -> bytes:
    rows = [
        [code, 1000, 21_000 if code == named else "s" if code == "26274" else median, 19.5 if code == named else 14]
        for code in codes
    ]
    return _csv(("CODGEO", "NBMEN21", "Q221", "TP6021"), rows)


def _jobs(communes: list[str]) -> bytes:
    rows = [
        ["x", code, sector, "x", 100, 30_000 if code == "64445" and sector == "GZ" else 279]
        for code in communes
        for sector in ("AZ", "GZ")
    ]
    return _csv(
        ("departement", "code_commune", "secteur_na17", "ape", "effectifs_salaries_2021", "effectifs_salaries_2022"),
        rows,
    )


def _organic(communes: list[str]) -> bytes:
    rows = [
        [code, 2023, post, area] for code in communes for post, area in (("LE", "10,5"), ("GC", "60"), ("HSAU", "3"))
    ]
    return _csv(("code_commune", "annee", "grande_categorie", "surfbioconv"), rows)


def _energy_use(code: str, places: list[str]) -> bytes:
    heads = [head for name in SECTORS for head in (f"Consommation {name} (MWh)", f"Nombre de points {name}")]
    rows = []
    for year in (2021, 2023):
        for carrier, total in (("Electricité", 435_400_000), ("Gaz", 472_800_000)):
            for place in places:
                each = 1_000_000 if place == PAU and year == 2023 else total / len(places)
                cells = [each * 0.1, 5, each * 0.2, 5, each * 0.3, 5, each * 0.4, 5, 0, 0]
                rows.append(["Enedis", year, carrier, *cells, place, each])
    return _csv(("Opérateur", "Année", "Filière", *heads, code, "Consommation  totale (MWh)"), rows)


def _production(epci: list[str]) -> bytes:
    heads = [head for name in ENERGY for head in (f"nb_sites_{name}_enedis", f"energie_{name}_annuelle_enedis")]
    each_kwh = 80e9 / len(epci)
    rows = []
    for year in range(2019, 2024):
        for code in epci:
            solar = 250_000_000 if code == PAU else each_kwh * 0.3
            rows.append(
                [
                    f"{year}-12-31",
                    "x",
                    code,
                    1000,
                    solar,
                    5,
                    each_kwh * 0.5,
                    2,
                    each_kwh * 0.1,
                    1,
                    each_kwh * 0.1,
                    "",
                    "",
                    "",
                    "",
                ]
            )
    return _csv(("date", "nom_EPCI", "code_EPCI", *heads), rows)


def _plants(communes: list[str]) -> bytes:
    each = 155_000_000 / len(communes)
    rows = [[code, source, each / 2] for code in communes for source in ("Solaire", "Nucléaire")]
    return _csv(("codeinseecommune", "filiere", "puismaxinstallee"), rows)


def _parcels(communes: list[str]) -> bytes:
    """Every commune but Pau declares; two campaigns, of which the latest alone counts."""
    each = 27_900_000 / len(communes) / 3
    rows = [[code, crop, each, 2022] for code in communes for crop in ("BTH", "PPH", "PTC")]
    return _csv(("com_parc", "CODE_CULTU", "SURF_PARC", "annee"), rows)


def _yields(departements: list[str]) -> bytes:
    crops = ("01 - Blé tendre d’hiver et épeautre", "Avoine d'hiver", "Féveroles et fèves", "03 - TOTAL Blé tendre")
    rows = [
        [code, crop, year, "50 000", "82,5" if crop.startswith("01") and code in WET else "70"]
        for code in departements
        for crop in crops
        for year in range(2016, 2024)
    ]
    return _csv(("DEP", "LIB_SAA", "ANNREF", "SURF_DEV", "RDT"), rows)


#: départements of Bretagne
WET = ("22", "29", "35", "56")


def _livestock(departements: list[str]) -> bytes:
    each = 38_000 / len(departements) / 4
    rows = [[code, "x", 999 if code == "64" else each, each, each, each] for code in departements]
    return workbook([["Code", "Département", "Bovins", "Ovins", "Caprins", "Porcins"], *rows], skip=3)
