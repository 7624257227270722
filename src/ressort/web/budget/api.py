"""Participatory budgets for programs: what everybody may read, and a count of votes that are sent and not kept."""

from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from ressort.core.budget import Rules, read_pb, rules_from, rules_in
from ressort.core.errors import InputError, RuleBroken
from ressort.language import told
from ressort.web.budget import queries
from ressort.web.budget.apart import counted_apart
from ressort.web.budget.models import Campaign

MOST_SIGNS = 900_000
router = Router(tags=["budgets"])


@router.get("", summary="Participatory budgets, the newest first")
def budget_list(request: HttpRequest, territory: str = "") -> list[dict[str, Any]]:
    kind, _colon, code = territory.partition(":")
    return [_plain(one) for one in queries.campaigns(kind.upper(), code)]


class Votes(Schema):
    """Votes in the Pabulib format, and the rules of their count: those that the file holds, else equal shares, when none are sent."""

    votes: str = Field(max_length=MOST_SIGNS)
    rules: dict[str, Any] = {}


@router.post("/count", summary="The count of the votes sent (.pb), which are not kept: winners, losers, reasons, ties")
def counting(request: HttpRequest, asked: Votes, lang: Literal["fr", "en"] | None = None) -> dict[str, Any]:
    reading = read_pb(asked.votes.splitlines(keepends=True))
    if reading.election is None:
        lines = [{"line": one.line, "why": told(RuleBroken(one.template, **one.facts))} for one in reading.problems]
        raise InputError(
            "The votes were not read: {problems}.", problems=[f"{one['line']}: {one['why']}" for one in lines]
        )
    rules = rules_from(asked.rules) if asked.rules else rules_in(reading.election) or Rules()
    return counted_apart(reading.election, rules)


@router.get("/{pk}", summary="One budget: dates, ballot, rules of count")
def budget(request: HttpRequest, pk: int) -> dict[str, Any]:
    return _plain(get_object_or_404(Campaign, pk=pk))


@router.get("/{pk}/ideas", summary="Its ideas, or the projects put to the vote")
def ideas(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "title": one.title,
            "text": one.text,
            "area": one.area,
            "category": one.category,
            "state": one.state,
            "cost_cents": one.cost_cents,
            "answer": one.answer,
            "author": one.author_name,
        }
        for one in queries.public_ideas(get_object_or_404(Campaign, pk=pk))
    ]


@router.get("/{pk}/result", summary="Its published result: winners, losers and reasons, phases, comparison of rules")
def result(request: HttpRequest, pk: int) -> dict[str, Any]:
    held = get_object_or_404(Campaign.objects.select_related("result"), pk=pk, published_at__isnull=False)
    return dict(held.result.facts) | {"file": f"/budget/{pk}/resultats.pb"}


def _plain(one: Campaign) -> dict[str, Any]:
    return {
        "id": one.pk,
        "territory": one.key,
        "title": one.title,
        "stage": one.stage,
        "budget_cents": one.budget_cents,
        "ballot": one.ballot,
        "identity": one.identity,
        "least_choices": one.least_choices,
        "most_choices": one.most_choices,
        "rules": one.rules,
        "one_per_area": one.one_per_area,
        "dates": {
            name: getattr(one, name).isoformat()
            for name in ("ideas_open_at", "ideas_close_at", "vote_opens_at", "vote_closes_at")
        },
        "ballots": one.ballots.count(),
    }
