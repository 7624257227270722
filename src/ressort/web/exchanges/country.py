"""The national view of one good: totals, scarcity of every territory, the largest flows."""

import json
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.errors import UnknownCode
from ressort.core.exchanges import RINGS_KM
from ressort.core.figure import Figure
from ressort.core.food.system import Floats
from ressort.exchanges import (
    COUNTRY_TABLES,
    balances,
    country_geojson,
    countrywide,
    flow_table,
    freight_t,
    good,
    goods,
    known_goods,
    national,
)
from ressort.exchanges.words import amount
from ressort.language import number, rounded
from ressort.reference.territories import territories
from ressort.web.diagnosis.maps import KINDS, Drawn, Legend, class_bounds, contours_url
from ressort.web.exchanges.queries import MOST_ROWS, as_file, freight_told, level_names


def country(level: str, key: str) -> dict[str, Any]:
    """The national view of one good.

    Raises:
        MissingData: nothing is known of it at that level.
    """
    address = {kind: name for name, kind in KINDS.items()}[level]
    known = known_goods(balances(level))
    frame = {
        "good": good(key),
        "level": level,
        "levels": {name: label for name, label in level_names().items() if name in KINDS.values()},
        "choices": [(one.key, one.label) for one in goods() if one.key in known],
        "contours": contours_url(address),
        "step": "plan",
    }
    return frame | _content(level, good(key).key, get_language() or "fr")


@lru_cache(maxsize=32)
def _content(level: str, key: str, language: str) -> dict[str, Any]:
    """What does not depend on the reader, in one language."""
    found, held, one = national(level, key), balances(level), good(key)
    plan = found.plan
    bounds = class_bounds(plan.price_km)
    drawn = _drawn(level, plan.price_km, bounds)
    largest = np.argsort(-plan.quantity, kind="stable")[:MOST_ROWS]
    proof = plan.certificate
    return {
        "found": sorted(drawn, key=lambda place: place.label),
        "legend": _legend(drawn, bounds),
        "flows": [
            row | {"amount": amount(one, row["quantity"])} for row in flow_table(held, found, largest).to_dicts()
        ],
        "totals": _totals(level, key),
        "files": country_files(level, key),
        "proof": {"pairs": number(proof.pairs), "rounds": proof.rounds, "proved": proof.proved},
    }


def _totals(level: str, key: str) -> dict[str, Any]:
    told, one = countrywide(level, key), good(key)
    low, high = freight_t(told.moved_km)
    return {
        "need": amount(one, told.need),
        "own": amount(one, told.own),
        "moved": amount(one, told.moved),
        "mean_km": rounded(told.mean_km) if told.moved else "",
        "imported": amount(one, told.imported),
        "surplus": amount(one, told.surplus),
        "unknown": told.unknown,
        "freight": (rounded(low), rounded(high)) if one.unit == "t" and told.moved else None,
        "factors": freight_told(),
        "moved_km": rounded(told.moved_km) if one.unit == "t" else "",
        "rings": list(zip(RINGS_KM, told.within.tolist(), strict=True)) if told.need else [],
    }


def country_file(level: str, key: str, name: str, extension: str) -> tuple[bytes, str]:
    """A table of the whole country as a file, and its media type.

    Raises:
        UnknownCode: no table bears that name, or it has no such shape. MissingData: nothing is known of the good.
    """
    if name not in COUNTRY_TABLES or (extension == "geojson" and name != "flows"):
        raise UnknownCode(
            "{name} is not a table; the tables are {choices}.", name=f"{name}.{extension}", choices=list(COUNTRY_TABLES)
        )
    if extension == "geojson":
        return json.dumps(country_geojson(level, key), ensure_ascii=False).encode(), "application/geo+json"
    return as_file(COUNTRY_TABLES[name](level, key), extension)


def country_files(level: str, key: str) -> list[tuple[str, str, str]]:
    """The files of the national view: what each holds, its shape, its address."""
    titles = {"flows": _("Flows"), "territories": _("Every territory")}
    return [
        (titles[name], extension, reverse("exchanges:country_file", args=(level, key, name, extension)))
        for name, extension in (("flows", "csv"), ("flows", "parquet"), ("flows", "geojson"), ("territories", "csv"), ("territories", "parquet"))
    ]  # fmt: skip


def _drawn(level: str, price_km: Floats, bounds: Floats) -> list[Drawn]:
    """Every territory of the level with its scarcity and its class."""
    table, drawn = territories().table, []
    for price, row in zip(price_km, balances(level).rows.tolist(), strict=True):
        code, label = table["code"][row], table["label"][row]
        group = "x" if np.isnan(price) else str(np.searchsorted(bounds[1:-1], price, side="right"))
        figure = Figure(value=float(price), unit="km", status="estimated") if group != "x" else _UNKNOWN
        drawn.append(Drawn(f"{level}:{code}", label, reverse("exchanges:partners", args=(level, code)), figure, group))
    return drawn


_UNKNOWN = Figure(value=None, unit="km", status="missing", reason="not_available")


def _legend(drawn: list[Drawn], bounds: Floats) -> list[Legend]:
    count = {group: sum(one.group == group for one in drawn) for group in {one.group for one in drawn}}
    classes = [
        Legend(str(at), _("{low} to {high} km").format(low=rounded(low), high=rounded(high)), count.get(str(at), 0))
        for at, (low, high) in enumerate(pairwise(bounds))
    ]
    return [*classes, Legend("x", _("not known"), count["x"])] if "x" in count else classes
