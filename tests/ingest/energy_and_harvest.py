"""SYNTHETIC files of the energy agency and of the harvest, as their producers publish them."""


def ore(code: str, value: str) -> bytes:
    sectors = ("Agriculture", "Industrie", "Tertiaire", "Résidentiel", "Secteur Inconnu")
    heads = [
        f"Consommation {s} (MWh);Nombre de points {s};Nombre de mailles secretisées ({s.lower()})" for s in sectors
    ]
    head = f"Opérateur;Année;Filière;{';'.join(heads)};Indique qualité Agriculture;{code};Consommation  totale (MWh)"
    cells = "1.5;3;0;10;2;0;20;5;0;30;80;0;;;1"
    lines = [
        f"Enedis;2021;Electricité;{cells};99;{value};61.5",
        f"Régie;2021;Electricité;{cells};99;{value};61.5",
        f"GRDF;2021;Gaz;{cells};99;{value};61.5",
    ]
    return ("\ufeff" + "\r\n".join([head, *lines]) + "\r\n").encode()


def ore_by_field() -> bytes:
    """As the open-data site exports it: columns named by field."""
    sectors = ("a", "i", "t", "r", "na")
    told = ";".join(f"conso{s};pdl{s};nombre_maille_secretisees_{s};indqual{s}" for s in sectors)
    cells = "1.5;3;0;99;10;2;0;99;20;5;0;99;30;80;0;99;;;1;"
    lines = [
        f"Enedis;2021;Electricité;{cells};61.5;64445;Pau;200067254;100",
        f"Régie;2021;Electricité;{cells};61.5;64445;Pau;200067254;100",
        f"GRDF;2021;Gaz;{cells};61.5;64445;Pau;200067254;200",
    ]
    head = f"operateur;annee;filiere;{told};consototale;code_commune;libelle_commune;code_epci;id_filiere"
    return ("\ufeff" + "\r\n".join([head, *lines]) + "\r\n").encode()


def iris(by_label: bool = False) -> bytes:
    """Electricity by part of a commune: a row a category of customers and a branch, some of them secret, over two years."""
    fields = "annee;code_iris;nom_iris;type_iris;code_commune;nom_commune;code_categorie_consommation;code_grand_secteur;code_secteur_naf2;"
    fields += "nb_sites;conso_totale_mwh;conso_moyenne_mwh"
    labels = "Année;Code IRIS;Nom IRIS;Type IRIS;Code Commune;Nom Commune;CODE CATEGORIE CONSOMMATION;CODE GRAND SECTEUR;CODE SECTEUR NAF2;"
    labels += "Nb sites;Conso totale (MWh);Conso moyenne (MWh)"
    lines = [
        "2023;644450101;Centre;H;64445;Pau;RES;RESIDENTIEL;;1000;2400.5;2.4",
        "2024;644450101;Centre;H;64445;Pau;RES;RESIDENTIEL;;1010;2500.5;2.5",
        "2024;644450101;Centre;H;64445;Pau;ENT;TERTIAIRE;47;20;300;15",
        "2024;644450101;Centre;H;64445;Pau;PRO;TERTIAIRE;56;40;100.25;2.5",
        "2024;644450102;Hédas;H;64445;Pau;RES;RESIDENTIEL;;500;900;1.8",
        "2024;644450102;Hédas;H;64445;Pau;ENT;INDUSTRIE;10;;;",
        "2024;644450102;Hédas;H;64445;Pau;PRO;INCONNU;;3;1.5;0.5",
        "2024;261080000;Crest (commune non irisée);Z;26108;Crest;RES;RESIDENTIEL;;4000;9000;2.25",
    ]
    return ("\ufeff" + "\r\n".join([labels if by_label else fields, *lines]) + "\r\n").encode()


#: the harvest by département, a column a measure, and as Agreste publishes it: a row a measure, a file a year
HARVEST_WIDE = "DEP;LIB_SAA;ANNREF;SURF_DEV;RDT\n01;Blé tendre d’hiver;2022;24 500,5;68,2\n64;Maïs grain;2022;75 000;98\n2A;Vergers;2022;s;s\n".encode()


def harvest(year: int) -> bytes:
    head = "\ufeffNOM;ANNREF;FRANCE;FRDOM;REGION;DEP;N306_MOD;N306_LIB;N027_MOD;N027_LIB;VALEUR;QUALITE"
    measures = ("Superficie développée", "Rendement (q/ha)", "Production (volume)")
    told = [
        ("...", "1.1", "Blé tendre d'hiver et épeautre", ("4 600 000", "70", "3")),
        ("01", "1.1", "Blé tendre d'hiver et épeautre", ("24 500,5", "68,2", "1 670 934")),
        ("01", "1.9", "Autres", ("10", "20", "200")),
        ("01", "2.9", "Autres", ("30", "40", "1 200")),
        ("64", "1.7", "Maïs grain irrigué", ("75 000", "98", "7 350 000")),
        ("2A", "9.1", "Vergers", ("s", "s", "s")),
    ]
    lines = [
        f"SAANR_DEVELOPPE_2;{year};...;...;...;{dep};{number};{crop};{i};{measure};{values[i]};"
        for dep, number, crop, values in told
        for i, measure in enumerate(measures)
    ]
    return "\r\n".join([head, *lines, ""]).encode()
