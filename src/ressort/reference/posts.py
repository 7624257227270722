"""Crops and animals of a territory, line by line: those of its départements, by its part of their open land."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import polars as pl

from ressort.core.figure import Status
from ressort.core.food.system import Floats, Integers
from ressort.core.territory import Territory
from ressort.reference.areas import SOURCE_DEPARTEMENT
from ressort.reference.harvest import HARVEST, harvest, herds
from ressort.reference.production import commune_weights
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


def posts(territory: Territory) -> list[Post]:
    """Crops and animals of a territory: those of its départements, by its part of their open land."""
    parts = _departement_parts(territory)
    exact = territory.kind in ("DEP", "REG", "PAYS")
    amounts = parts @ _by_departement()
    return [
        replace(
            post,
            value=float(amount),
            status="derived" if exact and (post.unit == "heads" or post.source == HARVEST) else "estimated",
        )
        for post, amount in zip(_lines(), amounts, strict=True)
        if amount > 0
    ]


@cache
def _lines() -> tuple[Post, ...]:
    """The crops and animals that départements have figures of, without their values."""
    told = list(harvest().posts)
    shown = table("agriculture/crop_posts").filter(
        (pl.col("finest_level") == "departement") | pl.col("group").is_in(told)
    )
    crops = [
        Post(row["group"], row["label_fr"], row["label_en"], 0.0, "ha", "estimated", *_told_by(row["group"]))
        for row in shown.to_dicts()
    ]
    held = herds()
    raised = [
        Post(species, label_fr, label_en, 0.0, "heads", "estimated", held.year, held.source)
        for species, label_fr, label_en in table("agriculture/species").iter_rows()
    ]
    return (*crops, *raised)


def _told_by(post: str) -> tuple[str, str]:
    """The year and the table of a crop."""
    return (harvest().year, HARVEST) if post in harvest().posts else ("2018-2019", SOURCE_DEPARTEMENT)


@cache
def _by_departement() -> Floats:
    """What each département has of each line, 0 where it publishes none, (départements, lines)."""
    crops = table("agriculture/departement_crops").select("departement", "group", "area_ha").iter_rows()
    held = {(code, name): float(area) for code, name, area in crops if area is not None}
    held |= harvest().hectares | herds().heads
    return np.array([[held.get((code, post.name), 0.0) for post in _lines()] for code in _departements()[0]])


@cache
def _departements() -> tuple[list[str], Integers]:
    """The codes of the French départements, and the position in them of each commune, -1 elsewhere, (atoms,)."""
    known = territories()
    atoms = known.table.head(known.atoms)
    homes = [code if country == "FR" else "" for code, country in atoms.select("departement", "country").iter_rows()]
    codes = sorted(set(homes) - {""})
    position = {code: at for at, code in enumerate(codes)}
    return codes, np.array([position.get(code, -1) for code in homes])


@cache
def _open_land() -> Floats:
    """The weights of the rule, added up by département, (départements,)."""
    codes, home = _departements()
    return np.bincount(home[home >= 0], commune_weights()[home >= 0], len(codes)).astype(float)


def _departement_parts(territory: Territory) -> Floats:
    """The part of each département's open land that lies in a territory, (départements,)."""
    home = _departements()[1][territory.members]
    inside = np.bincount(home[home >= 0], commune_weights()[territory.members][home >= 0], len(_open_land()))
    return np.divide(inside, _open_land(), out=np.zeros(len(inside)), where=_open_land() > 0)
