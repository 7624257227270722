"""Panels for programs: the public ones, their quotas, their draws as published."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from ressort.web.panel import queries
from ressort.web.panel.models import Draw, Panel

router = Router()
PAGE = 100


@router.get("", summary="Citizens’ panels that are public, the newest first, paged")
def panels(request: HttpRequest, territory: str = "", page: int = Query(1, ge=1, le=100_000)) -> dict[str, Any]:
    found = Panel.objects.filter(is_public=True)
    if territory:
        kind, _colon, code = territory.upper().partition(":")
        found = found.filter(kind=kind, code=code)
    start = (page - 1) * PAGE
    return {
        "page": page,
        "total": found.count(),
        "rows": [_told(panel) for panel in found[start : start + PAGE]],
    }


@router.get("/{int:panel_id}", summary="One panel: quotas, draws, opinion and answers")
def panel(request: HttpRequest, panel_id: int) -> dict[str, Any]:
    found = get_object_or_404(Panel, pk=panel_id, is_public=True)
    draws = [
        {
            "ordinal": draw.ordinal,
            "source": draw.source,
            "draw_at": draw.draw_at.isoformat(),
            "commitment_sha256": draw.commitment_sha256,
            "number": result.number,
            "result": result.numbers,
            "reserves": result.reserves,
            "lowest_chance_share": result.lowest_chance_share,
            "highest_chance_share": result.highest_chance_share,
        }
        for draw in found.draws.all()
        for result in [queries.result_of(draw)]
    ]
    values = list(found.quotas.values("criterion", "value", "least", "most", "population_people"))
    points = found.points.values("position", "text", "support", "answer", "answer_text", "answered_on")
    return _told(found) | {
        "about": found.about,
        "quotas": values,
        "draws": draws,
        "opinion": list(points) if found.opinion_published_at else [],
    }


@router.get("/{int:panel_id}/draws/{int:ordinal}", summary="The transcript of a draw, or its frozen document before it")
def transcript(request: HttpRequest, panel_id: int, ordinal: int) -> HttpResponse:
    draw = Draw.objects.filter(panel_id=panel_id, panel__is_public=True, ordinal=ordinal).first()
    if draw is None:
        raise Http404
    # the very bytes that were sealed, not a copy written again
    return HttpResponse(draw.transcript or draw.frozen, content_type="application/json")


def _told(found: Panel) -> dict[str, Any]:
    return {
        "id": found.pk,
        "territory": found.key,
        "title": found.title,
        "seats": found.seats,
        "rule": found.rule,
        "household_limit": found.household_limit,
        "state": queries.state_of(found),
        "opens_on": found.opens_on.isoformat(),
        "closes_on": found.closes_on.isoformat(),
    }
