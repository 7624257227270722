"""Exchanges for programs."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from ressort.core.errors import UnknownCode
from ressort.exchanges import TABLES
from ressort.web.diagnosis.queries import place_of
from ressort.web.exchanges import queries

router = Router(tags=["exchanges"])


@router.get(
    "/{kind}/{code}", summary="What a territory lacks and could offer, who fits it, the flows at least distance"
)
def cooperation(request: HttpRequest, kind: str, code: str, level: str = "") -> dict[str, Any]:
    place = place_of(request, kind, code)
    among = queries.level_of(place, level)
    if queries.missing_optima(among):
        raise UnknownCode(
            "The level {level} is not computed yet on this server. Choose among {choices}.",
            level=among,
            choices=list(queries.QUICK),
        )
    found = queries.cooperation(place, among, request.GET.getlist("with")[:12])
    tables = {name: build(found).to_dicts() for name, build in TABLES.items()}
    proofs = {
        key: {"proved": one.plan.certificate.proved, "pairs": one.plan.certificate.pairs}
        for key, one in found.nationals.items()
    }
    return {"territory": found.territory.key, "level": among, "proofs": proofs} | tables
