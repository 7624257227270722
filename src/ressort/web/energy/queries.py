"""What the screens of energy show."""

import io
import json
from functools import lru_cache
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from ressort.core.errors import UnknownCode
from ressort.core.spreadsheet import csv_of
from ressort.core.territory import Territory
from ressort.diagnosis.exports import with_producers
from ressort.energy import (
    ALL,
    CARRIERS,
    SECTORS,
    SIDES,
    TABLES,
    EnergyOf,
    Hypothesis,
    Owners,
    OwnTerms,
    Scenario,
    as_dict,
    energy_of,
    flows_geojson,
    hypotheses,
    resource,
    resources,
    scenarios,
)
from ressort.energy.charts import production_rows
from ressort.energy.words import (
    amount,
    carrier_label,
    earns,
    flow_sentence,
    missing,
    potential_sentence,
    sector_label,
    side_label,
    source_label,
    summary,
    told,
)
from ressort.language import money, percent
from ressort.web.diagnosis.queries import link, source_card
from ressort.web.energy.forms import Asked, fields
from ressort.web.exchanges.flow_map import flow_map
from ressort.web.exchanges.templatetags.agreement_words import decimal

MOST_ROWS = 60
#: tables offered as files, and their shapes
FILES = (
    ("balance", "csv"), ("use", "csv"), ("parts", "csv"), ("production", "csv"), ("potential", "csv"), ("return", "csv"), ("hypotheses", "csv"), ("series", "csv"),
    ("flows", "csv"), ("flows", "parquet"), ("flows", "geojson"),
)  # fmt: skip


@lru_cache(maxsize=64)
def _energy(key: str, year: str, levers: Scenario, owners: Owners, own_terms: OwnTerms) -> EnergyOf:
    return energy_of(key, year, levers, owners, own_terms)


def energy(place: Territory, asked: Asked) -> EnergyOf:
    """The energy of a territory, kept in memory for the next reader; that of a group is worked out each time."""
    if place.kind == "CUSTOM":
        return energy_of(place, asked.year, asked.levers, asked.owners, asked.own_terms)
    return _energy(place.key, asked.year, asked.levers, asked.owners, asked.own_terms)


def page(place: Territory, asked: Asked, words: dict[str, str]) -> dict[str, Any]:
    """All that the page of energy shows."""
    found = energy(place, asked)
    titles = table_titles()
    return {
        "place": place, "found": found, "step": "plan", "summary": summary(found), "is_abroad": found.territory.country != "FR", "missing": missing(found),
        "years": found.years, "year": asked.year, "scenarios": scenarios(), "scenario": words.get("scenario", "") or "today",
        "fields": fields(words), "is_today": found.levers.is_today,
        "balances": [_balance(found, carrier) for carrier in _carriers(found)],
        "uses": _uses(found), "has_uses": any(one.known for one in found.uses.values()), "parts": _parts(found), "made": _made(found), "context": found.context,
        "potentials": [potential_sentence(found, key) for key in resources()],
        "returns": _returns(found), "hypotheses": [_hypothesis(one) for one in hypotheses(found.own_terms)],
        "files": [
            (titles[name], extension, _file(place, words, name, extension)) for name, extension in FILES if name in _told(found)
        ],
        "has_potential": any(found.potential(key).known for key in resources()),
        "series": _series(found), "charts": {theme: link(place, "energy:chart", query={"theme": theme}) for theme in ("light", "dark")},
        "carriers": [(carrier, carrier_label(carrier)) for carrier in found.flows], "sources": _sources(found),
    } | _flows(found, asked.carrier)  # fmt: skip


def table_titles() -> dict[str, str]:
    """The tables offered, with their names."""
    return {
        "balance": _("Balance"), "use": _("Use by sector"), "parts": _("Electricity by neighbourhood (IRIS)"), "production": _("Production by source"),
        "potential": _("Potential"), "return": _("Who invests, who earns"), "hypotheses": _("Hypotheses on who earns"),
        "series": _("Year by year"), "flows": _("Flows"),
    }  # fmt: skip


def _told(found: EnergyOf) -> set[str]:
    """The tables that hold something: a file that brings nothing is not promised."""
    uses, made = found.uses.values(), found.production.values()
    sides = [
        found.side(carrier, name, of_today) for carrier in CARRIERS for name in SIDES for of_today in (True, False)
    ]
    holds = {
        "use": any(one.known for one in uses), "parts": not found.parts.is_empty(), "production": any(one.known for one in made), "series": not found.series.is_empty(),
        "balance": any(one.known for one in sides) or found.has_wood, "return": bool(found.returns), "hypotheses": bool(found.returns),
        "potential": any(found.potential(key).known for key in resources()),
        "flows": any(one.table.height for one in found.flows.values()),
    }  # fmt: skip
    return {name for name, is_there in holds.items() if is_there}


def _carriers(found: EnergyOf) -> tuple[str, ...]:
    return (*CARRIERS, "wood") if found.has_wood else CARRIERS


def _balance(found: EnergyOf, carrier: str) -> dict[str, Any]:
    """One carrier: each figure today and under the scenario."""
    rows = []
    for name in SIDES:
        today = found.side(carrier, name, of_today=True) if carrier != "wood" else None
        then = found.side(carrier, name)
        rows.append({"label": side_label(name), "today": "" if today is None else told(today), "then": told(then)})
    held = found.side(carrier, "use", of_today=True)
    return {
        "label": carrier_label(carrier), "rows": rows, "year": found.today[carrier].year if carrier != "wood" else "",
        "is_floor": carrier != "wood" and found.is_floor(carrier), "status": held.status,
    }  # fmt: skip


def _uses(found: EnergyOf) -> list[dict[str, Any]]:
    """Use by carrier and sector, each bar against the largest sector of its carrier."""
    rows = []
    for (carrier, sector), one in found.uses.items():
        top = max((other.value or 0.0 for (name, _s), other in found.uses.items() if name == carrier), default=0.0)
        rows.append(
            {
                "label": carrier_label(carrier), "sector": sector_label(sector), "is_total": sector == ALL, "figure": one,
                "amount": told(one), "length": (one.value or 0.0) / top if top else 0.0,
            }
        )  # fmt: skip
    return rows


def _parts(found: EnergyOf) -> dict[str, Any]:
    """Electricity of the parts of a commune, a column a sector, as many as a page holds."""
    cells: dict[str, dict[str, str]] = {}
    for row in found.parts.to_dicts():
        told = _("secret") if row["energy_mwh"] is None else amount(row["energy_mwh"])
        cells.setdefault(f"{row['iris_name']} ({row['iris_code']})", {})[row["sector"]] = told
    sectors = [sector for sector in SECTORS if any(sector in told for told in cells.values())]
    rows = [(name, [told.get(sector, "–") for sector in sectors]) for name, told in list(cells.items())[:MOST_ROWS]]
    return {
        "heads": [sector_label(sector) for sector in sectors],
        "rows": rows,
        "hidden": len(cells) - len(rows),
        "year": next(iter(found.parts["year"]), ""),
    }


def _made(found: EnergyOf) -> list[dict[str, Any]]:
    return [
        {"label": source_label(source), "carrier": carrier_label(carrier), "figure": one, "amount": told(one)}
        for (carrier, source), one in found.production.items()
    ]


def _series(found: EnergyOf) -> dict[str, Any]:
    """Renewable electricity by year and source: the table twin of the chart."""
    rows = production_rows(found)
    years = sorted(rows["year"].unique())
    cells = {
        (year, source): amount(mwh) for year, source, mwh in rows.select("year", "source", "energy_mwh").iter_rows()
    }
    sources = [source for source in ("solar", "wind", "hydro", "bioenergy") if source in set(rows["source"])]
    return {
        "heads": [source_label(source) for source in sources],
        "rows": [(year, [cells.get((year, source), "") for source in sources]) for year in years],
    }


def _returns(found: EnergyOf) -> list[dict[str, Any]]:
    """Who invests and who earns, by resource, at the middle of the hypotheses, and the ends in words."""
    rows = []
    for key, ends in found.returns.items():
        middle = ends["central"]
        sides = [
            (_("Local authority"), middle.investment_cents[0], middle.authority_cents),
            (_("Inhabitants"), middle.investment_cents[1], middle.inhabitants_cents),
            (_("From outside"), middle.investment_cents[2], middle.outside_cents),
        ]
        rows.append(
            {
                "label": resource(key).label, "sides": [(who, _euros(paid), _euros(earned)) for who, paid, earned in sides],
                "low": earns(ends["low"]), "high": earns(ends["high"]), "central": earns(middle),
            }
        )  # fmt: skip
    return rows


def _hypothesis(one: Hypothesis) -> dict[str, Any]:
    """A hypothesis with its range and where it was read."""
    names = {
        "investment": _("what a kilowatt costs to build"), "return": _("what owners earn in a year, of what they invested"),
        "tax": _("taxes to local authorities"), "rent": _("rent to the owner of the ground or the roof"),
    }  # fmt: skip
    unit = {"eur_per_kw": _("€ a kilowatt"), "eur_per_kw_per_year": _("€ a kilowatt and year"), "share_per_year": ""}[
        one.unit
    ]
    write = (lambda value: percent(value, 1)) if one.unit == "share_per_year" else decimal
    text = write(one.value)
    if one.low != one.high:
        text = _("{value} ({low} to {high})").format(value=text, low=write(one.low), high=write(one.high))
    return {
        "label": f"{resource(one.resource).label}{_(':')} {names[one.term]}",
        "amount": f"{text} {unit}".strip(),
        "one": one,
    }


def _euros(cents: int) -> str:
    """Rounded to two digits: a hypothesis is not known to the euro."""
    digits = max(2, len(str(abs(cents))) - 2)
    return money(round(cents, -digits))


def _flows(found: EnergyOf, carrier: str) -> dict[str, Any]:
    """The map of the flows of one carrier and its list twin."""
    if not found.flows:
        return {"flows": None}
    carrier = carrier if carrier in found.flows else next(iter(found.flows))
    one = found.flows[carrier]

    def say(row: dict[str, Any]) -> str:
        return f"{row['giver_name']} → {row['receiver_name']}{_(':')} {amount(row['energy_mwh'])}"

    named = one.table.with_columns(quantity=pl.col("energy_mwh"))
    rows = [row | {"amount": amount(row["energy_mwh"])} for row in one.table.head(MOST_ROWS).to_dicts()]
    return {
        "flows": rows, "chosen": carrier, "flow_sentence": flow_sentence(found, carrier), "hidden": max(0, one.table.height - MOST_ROWS),
        "map": flow_map(named, found.territory.code, found.territory.lat, found.territory.lon, say), "left_out": one.left_out,
    }  # fmt: skip


def _sources(found: EnergyOf) -> list[Any]:
    keys = {one.source for one in (*found.uses.values(), *found.production.values()) if one.source and one.known}
    return [card for key in sorted(keys | {"energy/potentials", "energy/local_return"}) if (card := source_card(key))]


def _file(place: Territory, words: dict[str, str], name: str, extension: str) -> str:
    return link(place, "energy:file", name, extension, query={word: text for word, text in words.items() if text})


def file_of(place: Territory, asked: Asked, name: str, extension: str) -> tuple[bytes, str]:
    """A table as a file, and its media type; `all` in JSON is everything.

    Raises:
        UnknownCode: no table bears that name, or it has no such shape.
    """
    found = energy(place, asked)
    if (name, extension) == ("all", "json"):
        return json.dumps(as_dict(found), ensure_ascii=False).encode(), "application/json"
    if name not in TABLES or (extension == "geojson" and name != "flows"):
        raise UnknownCode(
            "{name} is not a table; the tables are {choices}.", name=f"{name}.{extension}", choices=list(TABLES)
        )
    if extension == "geojson":
        return json.dumps(flows_geojson(found), ensure_ascii=False).encode(), "application/geo+json"
    frame = with_producers(TABLES[name](found))
    if extension == "json":
        return json.dumps(frame.to_dicts(), ensure_ascii=False).encode(), "application/json"
    if extension == "parquet":
        target = io.BytesIO()
        frame.write_parquet(target)
        return target.getvalue(), "application/vnd.apache.parquet"
    return csv_of(frame), "text/csv; charset=utf-8"
