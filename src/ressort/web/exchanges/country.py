"""The national view of one good: totals, scarcity of every territory, the largest flows."""

from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.figure import Figure
from ressort.core.food.system import Floats
from ressort.exchanges import National, balances, flow_table, good, goods, known_goods, national
from ressort.exchanges.words import amount
from ressort.language import number, rounded
from ressort.reference.territories import territories
from ressort.web.diagnosis.maps import KINDS, Drawn, Legend, class_bounds, contours_url
from ressort.web.exchanges.queries import MOST_ROWS, level_names


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
        "totals": _totals(found, key),
        "proof": {"pairs": number(proof.pairs), "rounds": proof.rounds, "proved": proof.proved},
    }


def _totals(found: National, key: str) -> dict[str, Any]:
    plan, market, one = found.plan, found.market, good(key)
    moved = float(plan.quantity.sum())
    return {
        "need": amount(one, float(market.demand[market.known].sum())),
        "own": amount(one, float(plan.own.sum())),
        "moved": amount(one, moved),
        "mean_km": rounded(plan.total_km / moved) if moved else "",
        "imported": amount(one, float(plan.imported.sum())),
        "surplus": amount(one, float(plan.surplus.sum())),
        "unknown": len(plan.left_out),
    }


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
