"""Calls for programs: what is published, and a ranking worked out from marks that are sent and not kept."""

from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from ressort.core.calls import Review, rank, rank_ranges, reviewed
from ressort.core.errors import InputError
from ressort.language import current_language, told
from ressort.reference.call_grids import grid_from, grid_template, grid_templates
from ressort.web.calls import queries
from ressort.web.calls.models import Call

Lang = Literal["fr", "en"]
MOST_REVIEWS = 3000
MOST_FILES = 400
PAGE = 100
router = Router(tags=["calls"])


@router.get("", summary="The calls published, the last to close first, paged")
def call_list(request: HttpRequest, page: int = Query(1, ge=1, le=100_000)) -> dict[str, Any]:
    found = queries.shown_calls()
    start = (page - 1) * PAGE
    return {"count": found.count(), "page": page, "rows": [_line(one) for one in found[start : start + PAGE]]}


@router.get("/grids", summary="The template grids, their sources and the status of their numbers")
def grid_list(request: HttpRequest, lang: Lang | None = None) -> list[dict[str, Any]]:
    spoken = current_language()
    return [
        {
            "name": one.name, "title": one.title(spoken), "about": one.about(spoken), "source": one.source, "statuses": one.statuses,
            "criteria": [
                {"code": c.code, "label": c.label, "weight": c.weight, "top": c.top, "threshold": _number(c.threshold)}
                for c in one.grid(spoken).criteria
            ],
        }
        for one in grid_templates().values()
    ]  # fmt: skip


@router.get("/{int:call_id}", summary="One call: its rules, and its results once decided")
def one_call(request: HttpRequest, call_id: int) -> dict[str, Any]:
    call = get_object_or_404(queries.shown_calls(), pk=call_id)
    decided = queries.results_of(call) if call.decided_at else []
    return _line(call) | {
        "summary": call.summary, "eligibility": call.eligibility, "grid": call.grid, "questions": call.questions,
        "commitments": call.commitments, "rules": call.rules, "is_blind": call.is_blind, "lot_words": call.lot_words,
        "results": [
            {
                "file": one.application.reference, "outcome": one.outcome, "reference": one.reference,
                "decided_on": one.decided_on, "base_cents": one.base_cents, "bonus_cents": one.bonus_cents,
                "title": one.application.title if one.outcome == "funded" else None,
                "beneficiary": one.application.applicant if one.outcome == "funded" else None,
            }
            for one in decided
        ],
    }  # fmt: skip


Given = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class Marks(Schema):
    """What one reviewer gave one file; null: the criterion does not apply."""

    application: str = Field(max_length=80)
    reviewer: str = Field(max_length=80)
    marks: dict[str, Given | None]
    conflict: bool = False


class Asked(Schema):
    """A grid (the name of a template, or a grid of one's own) and the reviews to rank by it."""

    grid: str | dict[str, Any] = "resilience"
    reviews: list[Marks] = Field(max_length=MOST_REVIEWS)
    amounts_cents: dict[str, int] = {}
    draw: list[str] = []
    normalise: Literal["none", "severity"] = "none"
    span: float = Field(0.2, ge=0, le=1)


@router.post("/rank", summary="The ranking of files from the marks sent, which are not kept")
def ranking(request: HttpRequest, asked: Asked, lang: Lang | None = None) -> list[dict[str, Any]]:
    spoken = current_language()
    grid = grid_template(asked.grid).grid(spoken) if isinstance(asked.grid, str) else grid_from(asked.grid, spoken)
    reviews = [
        Review(application=one.application, reviewer=one.reviewer, conflict=one.conflict, marks=_exact(one.marks))
        for one in asked.reviews
    ]
    files = reviewed(reviews, grid, asked.normalise)
    if len(files) > MOST_FILES:
        raise InputError(
            "{count} files are sent; at most {most} are ranked at once.", count=len(files), most=MOST_FILES
        )
    ranked = rank(files, grid, asked.amounts_cents, draw=asked.draw)
    ranges = {one.application: one for one in rank_ranges(ranked, grid, Fraction(str(asked.span)))}
    return [
        {
            "place": one.place, "application": one.application, "score_share": float(one.score),
            "score_exact": str(one.score), "marks": [_number(mark) for mark in one.marks], "decided_by": one.decided_by,
            "disagreements": one.disagreements, "tied_with": one.tied_with, "not_fundable": [told(why) for why in one.failed],
            "best_place": ranges[one.application].best if one.application in ranges else None,
            "worst_place": ranges[one.application].worst if one.application in ranges else None,
        }
        for one in ranked
    ]  # fmt: skip


def _exact(marks: dict[str, float | None]) -> dict[str, Fraction | None]:
    """Marks as the decimals that were written, not as the nearest binary fractions."""
    return {code: None if mark is None else Fraction(str(mark)) for code, mark in marks.items()}


def _line(call: Call) -> dict[str, Any]:
    moments: dict[str, datetime] = {"opens_at": call.opens_at, "closes_at": call.closes_at}
    return {
        "id": call.pk, "title": call.title, "territory": call.territory_key, "authority": call.authority_name,
        "scheme": call.scheme, "stage": call.stage, "envelope_cents": call.envelope_cents, "under_criteria": call.under_criteria,
    } | moments  # fmt: skip


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
