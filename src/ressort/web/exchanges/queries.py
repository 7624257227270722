"""What the screens of exchanges show."""

import io
import json
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.utils.translation import gettext as _

from ressort.core.errors import RuleBroken, UnknownCode
from ressort.core.exchanges import RINGS_KM
from ressort.core.spreadsheet import csv_of
from ressort.core.territory import Territory
from ressort.exchanges import (
    TABLES,
    Cooperation,
    balances,
    cooperate,
    flows_geojson,
    freight_t,
    good,
    is_stored,
    known_goods,
)
from ressort.exchanges.words import amount, caution, interest, nothing, scarcity, sentence, why
from ressort.language import number, rounded
from ressort.reference import card, table
from ressort.reference.territories import territories
from ressort.web.diagnosis.queries import link
from ressort.web.exchanges.flow_map import flow_map
from ressort.web.territories.queries import address_of_key

#: levels computed while the reader waits; communes are computed aside
QUICK = ("EPCI", "BV", "DEP", "REG")
LEVELS = ("EPCI", "BV", "DEP", "REG", "COM")
MOST_ROWS, MOST_PARTNERS = 60, 12


def level_names() -> dict[str, str]:
    """The levels of exchange, as people call them."""
    return {
        "EPCI": _("intercommunalities"), "BV": _("living areas"), "DEP": _("départements"), "REG": _("régions"), "COM": _("communes"),
    }  # fmt: skip


def level_of(place: Territory, asked: str) -> str:
    """The level to compare at: the one asked, the territory's own, else intercommunalities.

    Raises:
        UnknownCode: a level that does not exist.
    """
    if asked and asked not in LEVELS:
        raise UnknownCode(
            "{level} is not a level of exchange; choose among {choices}.", level=asked, choices=list(LEVELS)
        )
    return asked or (place.kind if place.kind in QUICK else "EPCI")


def partners_of(keys: list[str]) -> list[str]:
    """The partners asked for, under the keys of today.

    Raises:
        RuleBroken: too many. UnknownCode: one that names nothing.
    """
    if len(keys) > MOST_PARTNERS:
        raise RuleBroken("{most} partners are compared at most, not {count}.", most=MOST_PARTNERS, count=len(keys))
    known = territories()
    return [known.key(known.row(key)) for key in keys]


def missing_optima(level: str) -> list[str]:
    """The goods of a level whose optimum is still to be computed aside; none for the quick levels."""
    if level in QUICK:
        return []
    return [key for key in known_goods(balances(level)) if not is_stored(level, key)]


class _Asked:
    """A territory or a group, the level and the partners: what makes a cooperation one and the same."""

    def __init__(self, place: Territory, level: str, partners: list[str]) -> None:
        self.place, self.level, self.partners = place, level, partners
        self.words = (place.key, place.label, level, *partners)

    def __hash__(self) -> int:
        return hash(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.words == self.words


@lru_cache(maxsize=128)
def _cooperation(asked: _Asked) -> Cooperation:
    known = territories()
    return cooperate(asked.place, None, [known.territory(one) for one in asked.partners] or None, asked.level)


def cooperation(place: Territory, level: str, partners: list[str]) -> Cooperation:
    """One territory, or a group, among those of a level, kept in memory for the next reader."""
    return _cooperation(_Asked(place, level, partners))


def page(place: Territory, level: str, partners: list[str], shown: str) -> dict[str, Any]:
    """All that the page of partners shows."""
    found = cooperation(place, level, partners)
    known = [line.good.key for line in found.lines if line.supply is not None and line.good.key in found.nationals]
    asked = good(shown).key if shown else ""
    chosen = asked if asked in known else (known[0] if known else "")
    titles = {"goods": _("Balance of goods"), "partners": _("Partners"), "flows": _("Flows")}
    query = {"echelle": level} | ({"avec": partners} if partners else {})
    return {
        "place": place,
        "here": found.territory,
        "is_inside": place.kind != "CUSTOM" and found.territory.key != place.key,
        "level": level,
        "levels": level_names(),
        "level_name": level_names()[level],
        "caution": caution(level),
        "lines": [_line(line) for line in found.lines],
        "partners": [_partner(one, found) for one in found.partners],
        "chosen": chosen,
        "unknown_good": good(asked).label if asked and chosen != asked else "",
        "nothing": nothing(found.territory) if not known else "",
        "choices": [(key, good(key).label) for key in known],
        "only": partners,
        "files": [
            (
                titles[name],
                extension,
                f"{address}{'&' if '?' in address else '?'}{urlencode(query, doseq=True)}",
            )
            for name, extension in (
                *((("goods", "csv"),) if known else ()),
                *((("partners", "csv"),) if found.partners else ()),
                *((("flows", "csv"), ("flows", "parquet"), ("flows", "geojson")) if chosen else ()),
            )
            for address in (link(place, "exchanges:file", name, extension),)
        ],
        "step": "plan",
    } | (_flows(found, chosen) if chosen else {})


def _line(line: Any) -> dict[str, Any]:
    return {
        "good": line.good, "line": line, "text": sentence(line), "scarcity": scarcity(line), "basin": line.basin,
        "supply": None if line.supply is None else amount(line.good, line.supply), "need": None if line.need is None else amount(line.good, line.need),
    }  # fmt: skip


def _partner(one: Any, found: Cooperation) -> dict[str, Any]:
    return {
        "place": one.territory,
        "why": why(one, found.territory),
        "interest": interest(one),
        "url": address_of_key(one.territory.key),
    }


def _flows(found: Cooperation, key: str) -> dict[str, Any]:
    """The map of the flows of one good and its list twin, with the basin and the proof."""
    one, flows = good(key), found.flows(key)
    line = next(line for line in found.lines if line.good.key == key)
    told = found.nationals[key].plan.certificate

    def say(row: dict[str, Any]) -> str:
        return f"{row['giver_name']} → {row['receiver_name']}{_(':')} {amount(one, row['quantity'])}"

    rings = (
        []
        if line.basin is None or not line.basin.need
        else [(km, float(share)) for km, share in zip(RINGS_KM, line.basin.within, strict=True)]
    )
    return {
        "good": one,
        "map": flow_map(
            flows,
            found.territory.code,
            float(found.held.lat_degree[found.at]),
            float(found.held.lon_degree[found.at]),
            say,
        ),
        "flows": [row | {"amount": amount(one, row["quantity"])} for row in flows.head(MOST_ROWS).to_dicts()],
        "hidden": max(0, flows.height - MOST_ROWS),
        "rings": rings,
        "freight": _freight(line) if one.unit == "t" else None,
        "imported": amount(one, line.imported) if line.imported else "",
        "proof": {"pairs": number(told.pairs), "rounds": told.rounds, "proved": told.proved},
    }


def _freight(line: Any) -> dict[str, Any] | None:
    """How far what a territory receives comes, and what its transport emits."""
    if line.basin is None or not line.basin.moved_km:
        return None
    low, high = freight_t(line.basin.moved_km)
    return {
        "moved": rounded(line.basin.moved_km), "low": rounded(low), "high": rounded(high), "suppliers": line.basin.suppliers,
        "mean": rounded(line.basin.mean_km), "factors": freight_told(),
    }  # fmt: skip


def freight_told() -> str:
    """The factors of a tonne carried one kilometre by lorry, and where they were read."""
    factors = table("exchanges/freight")["freight_kgco2e_per_t_km"]
    return _("{low} to {high} kg CO₂e by tonne and kilometre, ADEME read second-hand, {year}; empty returns not counted").format(
        low=number(factors.min(), 3), high=number(factors.max(), 3), year=card("exchanges/freight").year
    )  # fmt: skip


def file_of(place: Territory, level: str, partners: list[str], name: str, extension: str) -> tuple[bytes, str]:
    """A table as a file, and its media type.

    Raises:
        UnknownCode: no table bears that name, or it has no such shape.
    """
    found = cooperation(place, level, partners)
    if name not in TABLES or (extension == "geojson" and name != "flows"):
        raise UnknownCode(
            "{name} is not a table; the tables are {choices}.", name=f"{name}.{extension}", choices=list(TABLES)
        )
    if extension == "geojson":
        return json.dumps(flows_geojson(found), ensure_ascii=False).encode(), "application/geo+json"
    return as_file(TABLES[name](found), extension)


def as_file(frame: pl.DataFrame, extension: str) -> tuple[bytes, str]:
    """A table as Parquet or CSV, and its media type; a spreadsheet takes no cell of it for a formula."""
    if extension == "parquet":
        target = io.BytesIO()
        frame.write_parquet(target)
        return target.getvalue(), "application/vnd.apache.parquet"
    return csv_of(frame), "text/csv; charset=utf-8"
