"""Crops and animals of a territory, line by line: those of its départements, by its part of their open land."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ressort.core.figure import Status
from ressort.core.territory import Territory
from ressort.reference.production import SOURCE_DEPARTEMENT, commune_weights
from ressort.reference.tables import table
from ressort.reference.territories import territories


@dataclass(frozen=True, slots=True)
class Post:
    """One line of what is grown or raised in a territory: hectares of a crop or heads of an animal."""

    name: str
    label_fr: str
    label_en: str
    value: float
    unit: str
    status: Status
    year: str
    source: str


SPECIES = {
    "cattle": ("Bovins", "Cattle"),
    "sheep": ("Ovins", "Sheep"),
    "goats": ("Caprins", "Goats"),
    "pigs": ("Porcins", "Pigs"),
}


def posts(territory: Territory) -> list[Post]:
    """Crops and animals of a territory: those of its départements, by its part of their open land."""
    parts = _departement_parts(territory)
    exact = territory.kind in ("DEP", "REG", "PAYS")
    shown = table("agriculture/crop_posts").filter(pl.col("finest_level") == "departement")
    crops = table("agriculture/departement_crops")
    found = []
    for row in shown.to_dicts():
        own = dict(crops.filter(pl.col("group") == row["group"]).select("departement", "area_ha").iter_rows())
        area = sum(part * (own.get(code) or 0.0) for code, part in parts.items())
        if area > 0:
            found.append(
                Post(
                    row["group"],
                    row["label_fr"],
                    row["label_en"],
                    area,
                    "ha",
                    "estimated",
                    "2018-2019",
                    SOURCE_DEPARTEMENT,
                )
            )
    herds = table("agriculture/livestock").filter(pl.col("level") == "departement")
    for species, (label_fr, label_en) in SPECIES.items():
        own = dict(herds.filter(pl.col("species") == species).select("code", "heads").iter_rows())
        heads = sum(part * (own.get(code) or 0.0) for code, part in parts.items())
        if heads > 0:
            status: Status = "derived" if exact else "estimated"
            found.append(
                Post(species, label_fr, label_en, heads, "heads", status, "2018-2020", "agriculture/livestock")
            )
    return found


def _departement_parts(territory: Territory) -> dict[str, float]:
    """The part of each département's open land that lies in a territory."""
    known = territories()
    weights = commune_weights()
    homes = known.table["departement"].head(known.atoms).to_numpy()
    is_french = (known.table["country"].head(known.atoms) == "FR").to_numpy()
    parts = {}
    for code in np.unique(homes[territory.members[is_french[territory.members]]]):
        whole = weights[(homes == code) & is_french].sum()
        inside = territory.members[(homes[territory.members] == code) & is_french[territory.members]]
        parts[str(code)] = float(weights[inside].sum() / whole) if whole > 0 else 0.0
    return parts
