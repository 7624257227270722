"""Small files in the official formats, written by hand: SYNTHETIC, their figures mean nothing.

Same delimiter, encoding, skipped lines, missing marks as the published ones.
"""

import io
import json
import zipfile

import polars as pl
from openpyxl import Workbook

from ressort.ingest import connectors

from .energy_and_harvest import harvest, iris, ore, ore_by_field


def workbook(rows: list[list[object]], title: str = "Feuil1", skip: int = 0) -> bytes:
    """An XLSX with some lines above its header."""
    book = Workbook()
    book.active.title = title
    for i in range(skip):
        book.active.append([f"Titre {i}"])
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(name: str, content: bytes, **others: bytes) -> bytes:
    """A zip with one member of data, others (named without `.csv`), and a text to read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for other, told in others.items():
            file.writestr(f"{other}.csv", told)
        file.writestr(name, content)
        file.writestr("lisez-moi.txt", "synthetic")
    return out.getvalue()


def _enedis() -> bytes:
    names = ("photovoltaique", "eolien", "hydraulique", "bio_energie", "cogeneration", "autres")
    head = ";".join(f"nb_sites_{n}_enedis;energie_{n}_annuelle_enedis" for n in names)
    return (
        f"date;nom_EPCI;code_EPCI;{head}\n2022-12-31;CA Pau;200067254;12;1500000.5;0;;1;2000;;;;;;\n"
        "2022-12-31;CC Fumel;200068930;3;500000;;;;;;;;;;\n"
    ).encode()


def _sirene() -> bytes:
    """Two hospitals, three plants, care at home; one that closed, one without staff, a school: those are left out."""
    head = ("siret", "codeCommuneEtablissement", "activitePrincipaleEtablissement", "trancheEffectifsEtablissement", "etatAdministratifEtablissement",
            "anneeEffectifsEtablissement")  # fmt: skip
    rows = [
        ("1", "64445", "86.10Z", "51", "A", 2023), ("2", "64445", "86.10Z", "22", "A", 2023), ("3", "64445", "88.10A", "12", "A", 2023),
        ("4", "26108", "10.11Z", "21", "A", 2023), ("5", "26108", "10.11Z", "21", "A", 2022), ("6", "26108", "10.71C", "01", "A", 2023),
        ("7", "26108", "29.10Z", "53", "F", 2023), ("8", "26108", "29.10Z", "NN", "A", None), ("9", "26108", "85.31Z", "31", "A", 2023),
    ]  # fmt: skip
    out = io.BytesIO()
    pl.DataFrame(rows, schema=head, orient="row").write_parquet(out)
    return out.getvalue()


PRODUCTS = ("CPA_A01", "CPA_B05", "CPA_B06", "CPA_C10-12", "CPA_D", "CPA_L68A", "CPA_L68B")
FINAL = ("P3_S13", "P3_S14", "P3_S15", "P51G", "P52", "P53", "P6")
#: sub-totals that stand among the leaves
HOLDERS = {"CPA_B": ("CPA_B05", "CPA_B06"), "CPA_L68": ("CPA_L68A", "CPA_L68B"), "CPA_TOTAL": PRODUCTS}
SUMS = {
    "TOTAL": PRODUCTS, "P3": FINAL[:3], "P5": FINAL[3:6], "P5M": FINAL[4:6], "TFU": FINAL, "TU": (*PRODUCTS, *FINAL), "CPA_B": HOLDERS["CPA_B"],
    "CPA_L68": HOLDERS["CPA_L68"],
}  # fmt: skip
Cells = dict[tuple[str, str, str], float]


def io_cells() -> Cells:
    """A balanced table of seven products: (flow, available, use) → million euros, with the sub-totals that Eurostat mixes in."""
    cells: Cells = {}
    for flow, size in (("DOM", 10.0), ("IMP", 2.0)):
        for i, sold in enumerate(PRODUCTS):
            for j, used in enumerate(PRODUCTS):
                if (i + 2 * j) % 3 == 0:  # a cell that is not published is 0
                    cells[flow, sold, used] = round(size * (1 + i + 0.5 * j) / 7, 2)
            for k, use in enumerate(FINAL):
                if use not in ("P53", "P3_S15") or flow == "DOM":
                    cells[flow, sold, use] = round(size * (3 + i + k), 2) if use != "P52" else -0.5
        rows = dict(cells)
        for holder, parts in HOLDERS.items():
            for use in (*PRODUCTS, *FINAL):
                cells[flow, holder, use] = sum(rows.get((flow, part, use), 0.0) for part in parts)
        for use, parts in SUMS.items():
            for sold in (*PRODUCTS, *HOLDERS):
                cells[flow, sold, use] = sum(cells.get((flow, sold, part), 0.0) for part in parts)
    for sold in PRODUCTS:
        cells["DOM", "P1", sold] = cells["DOM", sold, "TU"]
        cells["DOM", "D1", sold] = 1.0
    return cells


def cube(cells: Cells, country: str, years: tuple[int, ...] = (2022,)) -> bytes:
    """A table as the statistics interface of Eurostat answers it: JSON-stat 2.0, sparse values in row-major order."""
    axes = {
        "freq": ["A"], "unit": ["MIO_EUR"], "stk_flow": ["TOTAL", "DOM", "IMP"], "prd_use": sorted({use for _f, _s, use in cells}),
        "prd_ava": sorted({sold for _f, sold, _u in cells}), "geo": [country], "time": [str(year) for year in years],
    }  # fmt: skip
    places = {name: {code: at for at, code in enumerate(codes)} for name, codes in axes.items()}
    values: dict[str, float] = {}
    for (flow, sold, use), value in cells.items():
        at = 0
        for name, code in zip(axes, ("A", "MIO_EUR", flow, use, sold, country, str(years[-1])), strict=True):
            at = at * len(axes[name]) + places[name][code]
        values[str(at)] = value
    dimension = {name: {"label": name, "category": {"index": index}} for name, index in places.items()}
    size = [len(codes) for codes in axes.values()]
    told = {
        "version": "2.0",
        "class": "dataset",
        "label": "Symmetric input-output table",
        "source": "ESTAT",
        "value": values,
    }
    return json.dumps(told | {"id": list(axes), "size": size, "dimension": dimension}).encode()


def sdmx(cells: Cells, country: str) -> bytes:
    """The same table in SDMX-CSV."""
    head = "DATAFLOW,LAST UPDATE,freq,unit,stk_flow,prd_use,prd_ava,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG"
    told = "ESTAT:NAIO_10_CP1700(1.0),28/05/26 23:00:00,A,MIO_EUR"
    return "\n".join(
        [head, *(f"{told},{f},{use},{sold},{country},2022,{value},p" for (f, sold, use), value in cells.items()), ""]
    ).encode()


ALDO = (
    b"siren,SUPERFICIE_EPCI,composition,PRELEVEMENT  Bois Fort Tige(m3/an),PRELEVEMENT VAT (m3/an),RECOLTE TOTALE (m3/an),recolteBo,"
    b"recolteBi,RECOLTE TOTALE BE  (m3/an),RECOLTE TOTALE BE COMM  (m3/an),RECOLTE TOTALE BE AUTOCONSOM  (m3/an),PUITS PB (tco2/an),"
    b"STOCKS PB (tCO2/m3),STOCKS BO,STOCKS BI,\n"
    b"2,1675.9,coniferes,0,0,0,0,0,0,0,0,0,0,0,0,\n"
    b"200067254,34360,coniferes,900,1170,950,600,150,200.5,50,150.5,-1,2,1,1,\n"
    b"200067254,34360,coniferes,900,1170,950,600,150,200.5,50,150.5,-1,2,1,1,\n"
    b"200067254,34360,feuillus,5000,7200,5600,1000,600,4000,1000,3000,-1,2,1,1,\n"
    b"200068930,45280,feuillus,9000,13000,10100,1600,500,8000,2000,6000,-1,2,1,1,\n"
    b"FRANCE,54805048.9,feuillus,26186399,37708414,27453105.8,1,1,1,1,1,-1,2,1,1,\n"
)
GRDF = (
    "\ufeffid_unique_projet;annee;region;code_insee_region;departement;code_insee_departement;epci;code_insee_epci;commune;code_insee_commune;"
    "nom_iris_de_raccordement;code_insee_iris_de_raccordement;nom_de_l_installation;typologie;date_de_mise_en_service;"
    "capacite_d_injection_au_31_12_en_nm3_h;quantite_annuelle_injectee_en_mwh;statut;geolocalisation\n"
    "10;2022;N;75;P;64;CA;200067254;Pau;64445;;;A;Agricole autonome;2019-05-14;125;9384.9;Définitive;43.3, -0.37\n"
    "11;2022;N;75;P;64;CA;200067254;Pau;64445;;;B;ISDND;2020-05-14;100;615.1;Définitive;43.3, -0.37\n"
    "12;2022;A;84;D;26;CC;242600252;Crest;26108;;;C;Agricole autonome;2021-05-14;80;;Définitive;44.7, 5.02\n"
).encode()
HEAT = (
    b"Chaleur et froid 2008-2017\n"
    b"OPERATEUR;ANNEE;FILIERE;TYPE;CODE;LIBELLE;CONSOA;CONSOI;CONSOT;CONSOR;PDL\n"
    b"A;2017;C;Commune;64445;Pau;0;10,5;120,5;300;12\nB;2017;C;IRIS;644450101;Pau;;0;4,5;;2\n"
)
#: as the interface of SDES gives it, without the columns on what the networks burn
NETWORKS = (
    '"ANNEE";"COMMUNE_CODE";"COMMUNE_LIBELLE";"CONSOA";"CONSOI";"CONSONA";"CONSOR";"CONSOT";"CONSOTOT";"CONTENU_EN_CO2";"FILIERE";"ID";"NCC";"OPERATEUR";"PDL";"PUISSANCE"\n'
    '"2024";"64445";"Pau";0;10.5;0;300;120.5;431;0.101;"C";"6401C";"Réseau de Pau";"A";12;20\n'
    '"2024";"64445";"Pau";"secret";"secret";"secret";"secret";"secret";69;0;"F";"6402F";"Froid de Pau";"B";"secret";3\n'
    '"2024";"26108";"Crest";"secret";"secret";"secret";"secret";"secret";"secret";0.2;"C";"2601C";"Réseau de Crest";"C";"secret";2\n'
).encode()


SAMPLES: dict[str, bytes] = {
    "heat_networks": NETWORKS,
    "wood_harvest_epci": ALDO,
    "biomethane_commune": GRDF,
    "heat_networks_commune": HEAT,
    "housing_commune": archive(
        "base-cc-logement-2021.CSV",
        b"CODGEO;P21_LOG;P21_RP;P21_MAISON;P21_APPART;P21_RPMAISON\n64445;50000;41000.5;9000;41000;8000.25\n26108;5000;4000;2500;2500;2200\n",
    ),
    "io_table_fr": cube(io_cells(), "FR", (2021, 2022)),
    "io_table_be": cube(io_cells(), "BE"),
    "farmland_epci": b"date_mesure,geocode_epci,libelle_epci,valeur\n2010-01-01,200067254,CA Pau,12000.5\n2020-01-01,200067254,CA Pau,11800\n2020-01-01,200068930,CC Fumel,N/A - r\xc3\xa9sultat non disponible\n",
    "farm_census": workbook(
        [
            [
                "Code",
                "Libellé",
                "Nombre total d'exploitations en 2020",
                "Travail total (ETP) en 2020",
                "SAU totale (ha) en 2020",
            ],
            ["200067254", "CA Pau", 510, 640.5, 11800],
            ["200068930", "CC Fumel", "c", "N/A - division par 0", 9100],
        ],
        skip=3,
    ),
    "yields_departement": archive(
        "FDS_SAANR_DEVELOPPE_2_2022.csv", harvest(2022), FDS_SAANR_DEVELOPPE_2_2021=harvest(2021)
    ),
    "rpg_commune": b"ID_PARCEL;com_parc;CODE_CULTU;CODE_GROUP;SURF_PARC;annee\n1;64445;MIS;2;10.5;2020\n2;64445;MIS;2;4.5;2020\n3;64445;PPH;18;30;2020\n4;26108;PTC;25;2;2020\n5;26108;FLE;25;1;2020\n6;01003;BTH;1;5;2020\n",
    "organic_commune": (
        b"annee,coderegion,region,codedepartement,departement,codeepci,epci,codeinseecommune,codepostalcommune,commune,code_groupe,nb_exp,surfab,surfc1,surfc2,surfc3,surfc123,surfbio\n"
        b"2022,84,A,26,D,242600252,CC,26108,26400,Crest,ALL,9,50,5,0,0,5,55\n"
        b"2022,84,A,26,D,242600252,CC,26108,26400,Crest,LE,3,10,2.5,0,0,2.5,12.5\n"
        b"2022,84,A,26,D,242600252,CC,26108,26400,Crest,GCULE,4,38,2,0,0,2,40\n"
        b"2022,84,A,26,D,242600252,CC,26108,26400,Crest,GCU,1,2.5,0,0,0,0,2.5\n"
        b"2022,84,A,26,D,242600252,CC,26281,26100,Romans,FR,1,NC,NC,NC,NC,NC,NC\n"
    ),
    "population_commune": workbook(
        [
            ["CODGEO", "REG", "DEP", "LIBGEO", "PMUN2023", "PMUN2021"],
            ["64445", "75", "64", "Pau", 80441, 77066],
            ["01003", "84", "01", "Amareins", 10, 10],
            ["01165", "84", "01", "Francheleins", 1597, 1500],
        ],
        "pop_1876_2023",
        5,
    ),
    "income_commune": archive(
        "FILO2021_DISP_COM.csv",
        b"CODGEO;NBMEN21;Q121;Q221\n64445;40000;15000;20970\n26108;4000;16000;21500\n01002;110;s;s\n",
        FILO2021_TRDECILES_DISP_COM=b"CODGEO;TR121\n64445;1\n",
        FILO2021_DISP_PAUVRES_COM=b"CODGEO;TP4021;TP5021;TP6021\n64445;5;9;19.5\n26108;2;6;15\n01002;s;s;nd\n",
    ),
    "income_epci": archive(
        "FILO2021_DISP_EPCI.csv",
        b"CODGEO;NBMEN21;Q221\n200067254;80000;23040\n200068930;11000;20110\n",
        FILO2021_DISP_Pauvres_EPCI=b"CODGEO;TP6021\n200067254;14.1\n200068930;s\n",
    ),
    "commuting": archive(
        "base-flux.csv",
        b"CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C22_ACTOCC15P\n64445;Pau;64445;Pau;20100.25\n64445;Pau;99999;Etranger;12.1\n75101;Paris 1er;75102;Paris 2e;150.5\n75102;Paris 2e;75102;Paris 2e;99.5\n",
    ),
    "livestock_departement": workbook(
        [
            ["Code", "Département", "Bovins", "Ovins", "Caprins", "Porcins"],
            ["01", "Ain", 150.5, 20.1, 5, 80],
            ["2A", "Corse-du-Sud", 30, 50, "nd", 5],
        ],
        skip=3,
    ),
    "jobs_commune": b"departement;code_commune;secteur_na17;ape;effectifs_salaries_2021;effectifs_salaries_2022\n64;64445;AZ;0111Z;10;12\n64;64445;AZ;0113Z;5;6\n26;26108;GZ;4711B;80;\n",
    "establishments_commune": _sirene(),
    "energy_use_commune": ore_by_field(),
    "energy_use_epci": ore("Code EPCI", "200067254"),
    "energy_use_departement": ore("Code Département", "64"),
    "electricity_production_epci": _enedis(),
    "electricity_iris": iris(),
    "electricity_plants": b"codeinseecommune;filiere;puismaxinstallee\n64445;Solaire;36.5\n64445;Solaire;9\n26108;Hydraulique;1200\n",
    "hazard_orders": archive(
        "catnat_gaspar.csv",
        "cod_nat_catnat;cod_commune;lib_commune;num_risque_jo;lib_risque_jo;dat_deb;dat_fin\n64PREF1;64445;Pau;ICB;Inondations et coulées de boue;2018-06-12;2018-06-13\n26PREF2;26108;Crest;SEC;Sécheresse;2019-07-01;2019-09-30\n".encode(),
    ),
    "land_take": b"idcom;idcomtxt;naf09art24\n64445;Pau;1250000\n26108;Crest;310000.5\n",
    "food_projects": (
        "id;lien_vers_la_fiche_pat;nom_administratif;nom_usuel;regions;departement;epci;communes_code_insee;niveaux_de_labelisation\r\n"
        '12;https://example.org/12;"PAT du Béarn – Pays d’Œuvre";;Nouvelle-Aquitaine;Pyrénées-Atlantiques;;64445,64037;Labellisation Niveau 2\r\n'
        '13;https://example.org/13;"PAT de la Vallée;\nannexe";"La Vallée";"Auvergne-Rhône-Alpes, Occitanie";Drôme;;26108,26281,64445;Labellisation Niveau 1\r\n'
    ).encode("cp1252"),
    "rural_zoning": workbook(
        [
            ["CODGEO", "LIBGEO", "ZRR_SIMP", "ZONAGE_ZRR"],
            ["64445", "Pau", "NC - Commune non classée", "NC"],
            ["26108", "Crest", "C - Classée en ZRR", "C"],
            ["26281", "Romans", "P - Commune partiellement classée en ZRR", "P"],
        ],
        skip=5,
    ),
}

assert SAMPLES.keys() == connectors().keys(), SAMPLES.keys() ^ connectors().keys()
