"""Exchanges for programs."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from ressort.core.errors import UnknownCode
from ressort.core.exchanges import RINGS_KM
from ressort.exchanges import (
    COUNTRY_TABLES,
    NAMES,
    TABLES,
    Cooperation,
    Rules,
    answers,
    countrywide,
    freight_t,
    is_stored,
    rule_told,
    territory_today,
)
from ressort.exchanges import good as named_good
from ressort.web.diagnosis.queries import place_of
from ressort.web.exchanges import agreement_rows, queries
from ressort.web.exchanges.agreements import of_place
from ressort.web.exchanges.models import Agreement

router = Router(tags=["exchanges"])
agreements_router = Router(tags=["agreements"])
PAGE = 100


@router.get(
    "/national/{good}",
    summary="One good over the whole country: totals, needs by distance, emissions; its territories and flows, paged",
)
def national_view(
    request: HttpRequest, good: str, level: str = "EPCI", page: int = Query(1, ge=1, le=100_000)
) -> dict[str, Any]:
    key, among = named_good(good).key, level.upper()
    if among not in queries.LEVELS or (among not in queries.QUICK and not is_stored(among, key)):
        raise UnknownCode(
            "The level {level} is not computed yet on this server. Choose among {choices}.",
            level=among,
            choices=list(queries.QUICK),
        )
    told, start = countrywide(among, key), (page - 1) * PAGE
    tables = {name: build(among, key) for name, build in COUNTRY_TABLES.items()}
    low, high = freight_t(told.moved_km)
    return {
        "good": key, "level": among, "unit": named_good(key).unit, "page": page,
        "totals": {name: getattr(told, name) for name in ("need", "own", "moved", "imported", "surplus", "moved_km", "unknown")},
        "within_km_share": dict(zip(map(str, RINGS_KM), told.within.tolist(), strict=True)) if told.need else {},
        "freight_tco2e": [low, high] if named_good(key).unit == "t" else None,
        "rows": {name: frame.height for name, frame in tables.items()},
    } | {name: frame[start : start + PAGE].to_dicts() for name, frame in tables.items()}  # fmt: skip


@router.get(
    "/{kind}/{code}", summary="What a territory lacks and could offer, who fits it, the flows at least distance"
)
def cooperation(request: HttpRequest, kind: str, code: str, level: str = "") -> dict[str, Any]:
    found = _cooperation(request, kind, code, level)
    tables = {name: build(found).to_dicts() for name, build in TABLES.items()}
    proofs = {
        key: {"proved": one.plan.certificate.proved, "pairs": one.plan.certificate.pairs}
        for key, one in found.nationals.items()
    }
    return {"territory": found.territory.key, "level": found.level, "proofs": proofs} | tables


@router.get(
    "/{kind}/{code}/rules",
    summary="Other rules for one good: most from one partner, fairness, shocks, estimates of today, balance of several goods",
)
def rules(request: HttpRequest, kind: str, code: str, good: str, level: str = "") -> dict[str, Any]:
    found = _cooperation(request, kind, code, level)
    asked = Rules.of({name: request.GET.get(name, "") for name in NAMES})
    told = answers(found, named_good(good).key, asked)
    return {
        "territory": found.territory.key,
        "level": found.level,
        "good": good,
        "answers": [rule_told(one) for one in told],
    }


@agreements_router.get("", summary="Public agreements between territories, the last changed first, paged")
def agreements(
    request: HttpRequest, territory: str = "", state: str = "", page: int = Query(1, ge=1, le=100_000)
) -> dict[str, Any]:
    found = Agreement.objects.filter(is_public=True).prefetch_related("parties")
    if territory:
        found = of_place(found, territory_today(*territory.upper().partition(":")[::2]))
    if state:
        found = found.filter(state=state)
    start = (page - 1) * PAGE
    rows = [
        {
            "id": one.pk, "type": one.type, "title": one.title, "state": one.state, "first_year": one.first_year,
            "last_year": one.last_year, "parties": [party.key for party in one.parties.all()],
        }
        for one in found[start : start + PAGE]
    ]  # fmt: skip
    return {"page": page, "total": found.count(), "rows": rows}


@agreements_router.get(
    "/{int:agreement_id}",
    summary="One public agreement: parties, lines, balance by year, signatures, what was delivered",
)
def agreement(request: HttpRequest, agreement_id: int) -> dict[str, Any]:
    return agreement_rows.told(get_object_or_404(Agreement, pk=agreement_id, is_public=True))


def _cooperation(request: HttpRequest, kind: str, code: str, level: str) -> Cooperation:
    """What the address asks about; refused while the level is not computed."""
    place = place_of(request, kind, code)
    among = queries.level_of(place, level)
    if queries.missing_optima(among):
        raise UnknownCode(
            "The level {level} is not computed yet on this server. Choose among {choices}.",
            level=among,
            choices=list(queries.QUICK),
        )
    return queries.cooperation(place, among, request.GET.getlist("with")[:12])
