"""Exchanges for programs."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Query, Router, UploadedFile

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
    require_one_good,
    rule_told,
    territory_today,
)
from ressort.exchanges import good as named_good
from ressort.web.diagnosis.api import only_words
from ressort.web.diagnosis.queries import place_of
from ressort.web.exchanges import agreement_rows, queries
from ressort.web.exchanges.agreements import of_place
from ressort.web.exchanges.models import Agreement
from ressort.web.exchanges.queries import partners_of
from ressort.web.exchanges.rules import MOST_BYTES, answered, distances_of, with_matrix

router = Router(tags=["exchanges"])
agreements_router = Router(tags=["agreements"])
PAGE = 100
#: words that every question about a territory or a group reads
WORDS = ("communes", "nom", "level", "with")
_FILE = Annotated[UploadedFile, File(description="lines `from,to,km`, codes of the level")]
_ELSEWHERE = Annotated[
    Literal["", "great_circle"], Query(description="pairs that are not written: no way, or the great circle")
]
_GOODS = Annotated[tuple[str, ...], Query(description="goods, all those known by default; may be repeated")]


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


@router.get("/groups", summary="The same as for a territory, for a group of communes")
def group_cooperation(request: HttpRequest, communes: str, nom: str = "", level: str = "") -> dict[str, Any]:
    return _told(_cooperation(request, "", "", level))


@router.get("/groups/rules", summary="Other rules for one good and a group of communes")
def group_rules(request: HttpRequest, communes: str, good: str, nom: str = "", level: str = "") -> dict[str, Any]:
    return _ruled(request, "", "", level, good)


@router.post("/groups/distances", summary="A group of communes at distances of your own, sent as a file and forgotten")
def group_at_own_distances(
    request: HttpRequest, communes: str, distances: _FILE, nom: str = "", good: _GOODS = (), level: str = "", elsewhere: _ELSEWHERE = ""
) -> dict[str, Any]:  # fmt: skip
    return _at_own_distances(request, "", "", distances, good, level, elsewhere)


@router.get(
    "/{kind}/{code}", summary="What a territory lacks and could offer, who fits it, the flows at least distance"
)
def cooperation(request: HttpRequest, kind: str, code: str, level: str = "") -> dict[str, Any]:
    return _told(_cooperation(request, kind, code, level))


@router.get(
    "/{kind}/{code}/rules",
    summary="Other rules for one good: most from one partner, fairness, shocks, estimates of today, balance of several goods",
)
def rules(request: HttpRequest, kind: str, code: str, good: str, level: str = "") -> dict[str, Any]:
    return _ruled(request, kind, code, level, good)


@router.post(
    "/{kind}/{code}/distances",
    summary="The same at distances of your own, a CSV file with the columns from, to, km, forgotten once read; with other rules if asked",
)
def at_own_distances(
    request: HttpRequest, kind: str, code: str, distances: _FILE, good: _GOODS = (), level: str = "", elsewhere: _ELSEWHERE = ""
) -> dict[str, Any]:  # fmt: skip
    return _at_own_distances(request, kind, code, distances, good, level, elsewhere)


def _told(found: Cooperation) -> dict[str, Any]:
    """A cooperation for programs."""
    tables = {name: build(found).to_dicts() for name, build in TABLES.items()}
    proofs = {
        key: {"proved": one.plan.certificate.proved, "pairs": one.plan.certificate.pairs}
        for key, one in found.nationals.items()
    }
    return {"territory": found.territory.key, "level": found.level, "proofs": proofs} | tables


def _ruled(request: HttpRequest, kind: str, code: str, level: str, good: str) -> dict[str, Any]:
    found = _cooperation(request, kind, code, level, "good", *NAMES)
    place, partners = place_of(request, kind, code), partners_of(request.GET.getlist("with"))
    told = answered(place, found, partners, named_good(good).key, _rules(request))
    return {"territory": found.territory.key, "level": found.level, "good": good, "answers": told}


def _rules(request: HttpRequest) -> Rules:
    return Rules.of({name: request.GET.get(name, "") for name in NAMES})


def _at_own_distances(
    request: HttpRequest,
    kind: str,
    code: str,
    distances: UploadedFile,
    goods: tuple[str, ...],
    level: str,
    elsewhere: str,
) -> dict[str, Any]:
    """A territory among others at distances of one's own, with the rules that the address asks, for each good known there."""
    only_words(request, *WORDS, "good", "elsewhere", *NAMES)
    place, asked = place_of(request, kind, code), _rules(request)
    own, keys = (
        distances_of(distances.read(MOST_BYTES + 1), elsewhere == "great_circle"),
        [named_good(one).key for one in goods],
    )
    found = with_matrix(place, queries.level_of(place, level), partners_of(request.GET.getlist("with")), keys, own)
    known = [key for key, one in found.nationals.items() if one.market.known[found.at]] if asked.any else []
    require_one_good(asked, known)
    return _told(found) | {"rules": {key: [rule_told(one) for one in answers(found, key, asked)] for key in known}}


@agreements_router.get("", summary="Public agreements between territories, the last changed first, paged")
def agreements(
    request: HttpRequest, territory: str = "", state: str = "", page: int = Query(1, ge=1, le=100_000)
) -> dict[str, Any]:
    only_words(request, "territory", "state", "page")
    found = Agreement.objects.filter(is_public=True).prefetch_related("parties")
    if territory:
        found = of_place(found, territory_today(*territory.upper().partition(":")[::2]))
    if state and state not in Agreement.State.values:
        raise UnknownCode(
            "{name} is not a state of an agreement; the states are {choices}.", name=state[:40], choices=Agreement.State.values
        )  # fmt: skip
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


def _cooperation(request: HttpRequest, kind: str, code: str, level: str, *words: str) -> Cooperation:
    """What the address asks about; refused while the level is not computed, or with a word that nobody reads."""
    only_words(request, *WORDS, *words)
    place = place_of(request, kind, code)
    among = queries.level_of(place, level)
    if queries.missing_optima(among):
        raise UnknownCode(
            "The level {level} is not computed yet on this server. Choose among {choices}.",
            level=among,
            choices=list(queries.QUICK),
        )
    return queries.cooperation(place, among, partners_of(request.GET.getlist("with")))
