"""Decide: every call, participatory budget and citizens' panel on one page, of a place or of the whole site."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ressort.core.errors import RessortError
from ressort.core.territory import Territory
from ressort.reference.territories import territories
from ressort.web.budget import queries as budgets
from ressort.web.calls import queries as calls
from ressort.web.panel import queries as panels

MOST = 200
#: stage of each sort → when: open now, coming, under way, done
WHEN = {
    "open": "open", "ideas": "open", "vote": "open",
    "coming": "coming", "soon": "coming",
    "closed": "under_way", "study": "under_way", "count": "under_way", "waiting": "under_way", "frozen": "under_way",
    "drawn": "under_way", "preparing": "coming",
    "decided": "done", "published": "done", "answered": "done",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A call, a budget or a panel: `sort` says which, `when` where it stands, `territory` whose it is."""

    sort: str
    one: Any
    stage: str
    when: str
    territory: Territory


@require_safe
def hub(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """What can be decided together: open now, coming, under way, done."""
    place = territories().territory(f"{kind}:{code}") if kind else None
    lines = [line for line in _lines(request) if place is None or _shared(line.territory, place)]
    parts = [
        (_("Open now"), [line for line in lines if line.when == "open"]),
        (_("Coming"), [line for line in lines if line.when == "coming"]),
        (_("Under way"), [line for line in lines if line.when == "under_way"]),
        (_("Done"), [line for line in lines if line.when == "done"]),
    ]
    return render(request, "decide_hub.html", {"place": place, "parts": parts, "any": bool(lines), "step": "decide"})


def _lines(request: HttpRequest) -> Iterator[Line]:
    today = panels.today()
    for budget in budgets.campaigns()[:MOST]:
        yield from _line("budget", budget, budget.stage)
    for call in calls.shown_calls()[:MOST]:
        yield from _line("call", call, call.stage, call.territory_key)
    for panel in panels.visible(request.user)[:MOST]:
        stage = panels.state_of(panel)
        yield from _line("panel", panel, "coming" if stage == "waiting" and panel.opens_on > today else stage)


def _line(sort: str, one: Any, stage: str, key: str = "") -> Iterator[Line]:
    try:
        yield Line(sort, one, stage, WHEN[stage], territories().territory(key or one.key))
    except RessortError:
        return  # a territory that the present table has lost


def _shared(one: Territory, place: Territory) -> bool:
    """Whether two territories have a commune in common."""
    return not set(one.members.tolist()).isdisjoint(place.members.tolist())
