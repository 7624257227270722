"""Reads of a participatory budget."""

import random
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from ressort.budget_words import phase, rules_told, sentence, tie_told, usual_words
from ressort.core.budget import Loser, Tie, Winner
from ressort.core.territory import Territory
from ressort.reference.territories import territories
from ressort.web.budget.actions.paper import differences
from ressort.web.budget.actions.voting import projects_of
from ressort.web.budget.models import Campaign, Idea, PaperBatch, Signature
from ressort.web.effects import effect_of


def place_of(campaign: Campaign) -> Territory:
    """The territory of a campaign."""
    return territories().territory(campaign.key)


def campaigns(kind: str = "", code: str = "") -> QuerySet[Campaign]:
    """The budgets of a territory, or all of them, the newest first."""
    return Campaign.objects.filter(kind=kind, code=code) if kind else Campaign.objects.all()


def public_ideas(campaign: Campaign) -> QuerySet[Idea]:
    """What everybody sees: every idea that was read, projects alone once the vote is open."""
    if campaign.stage in ("vote", "count", "published"):
        return campaign.ideas.filter(state=Idea.State.FEASIBLE).order_by("number")
    return campaign.ideas.exclude(state=Idea.State.RECEIVED).order_by("title")


def on_ballot(campaign: Campaign, seed: str) -> list[Idea]:
    """The projects of an open vote in the order of a ballot: drawn from the seed shown, or alphabetical."""
    projects = list(projects_of(campaign))
    if campaign.order == Campaign.Order.ALPHABETICAL:
        return sorted(projects, key=lambda one: one.title.casefold())
    random.Random(seed).shuffle(projects)
    return projects


def effect(campaign: Campaign, idea: Idea) -> dict[str, Any]:
    """What the engines of scenarios and of shocks say a project would move; nothing when it has no lever."""
    return effect_of(place_of(campaign), idea.levers, idea.stress_token)


def desk(campaign: Campaign) -> dict[str, Any]:
    """What the people who run a budget have before them."""
    signed = Signature.objects.filter(elector__campaign=campaign)
    return {
        "waiting": campaign.ideas.filter(state=Idea.State.RECEIVED),
        "ideas": campaign.ideas.exclude(state=Idea.State.RECEIVED),
        "comments": [
            one
            for idea in campaign.ideas.prefetch_related("comments")
            for one in idea.comments.all()
            if not one.is_shown
        ],
        "electors": campaign.electors.count(),
        "signatures": signed.aggregate(all=Count("pk"), paper=Count("pk", filter=Q(method="paper"))),
        "ballots": campaign.ballots.count(),
        "result": getattr(campaign, "result", None),
        "empty_groups": empty_groups(campaign),
    }


def empty_groups(campaign: Campaign) -> list[str]:
    """Categories and areas that the rules name and no project bears: the count would be refused."""
    named = {one["group"] for sort in ("envelopes", "minima") for one in campaign.rules.get(sort, ()) if "group" in one}
    borne = {
        f"{sort}:{name}"
        for held in campaign.ideas.filter(state=Idea.State.FEASIBLE).values("category", "area")
        for sort, name in (("category", held["category"]), ("district", held["area"]))
    }
    return sorted(name.partition(":")[2] for name in named - borne)


def batch_state(batch: PaperBatch) -> dict[str, Any]:
    """The entries of a polling place, by number, and those that differ."""
    rows: dict[int, dict[str, Any]] = {}
    for entry in batch.entries.select_related("keyed_by"):
        rows.setdefault(entry.number, {"number": entry.number})[f"entry{entry.keying}"] = entry
    return {"rows": list(rows.values()), "apart": differences(batch)}


def result_told(campaign: Campaign) -> dict[str, Any]:
    """The published result, with the reasons in words."""
    facts = campaign.result.facts
    ideas = {str(idea.number): idea for idea in campaign.ideas.filter(number__isnull=False)}
    winners = [Winner(**one) for one in facts["winners"]]
    losers = [Loser(**one) for one in facts["losers"]]
    return {
        "facts": facts,
        "rules": rules_told(facts["rules"]),
        "winners": [_told(ideas, one, phase(one.phase, one.stage)) for one in winners],
        "losers": [_told(ideas, one, "") for one in sorted(losers, key=_distance)],
        "endowment_cents": _cents(facts["phases"][-1]["endowment_cents"]),
        "start_cents": _cents(facts["phases"][-1]["start_endowment_cents"]),
        "overrides": facts["rules"].get("overrides", []),
        "comparison": [one | {"words": usual_words(one["rule"])} for one in facts["comparison"]],
        "ties": [tie_told(Tie(**one)) for one in facts["ties"]] if "ties" in facts else None,
    }


def _told(ideas: dict[str, Idea], about: Winner | Loser, how: str) -> dict[str, Any]:
    return {"about": about, "idea": ideas.get(about.code), "why": sentence(about), "how": how}


def _distance(loser: Loser) -> tuple[bool, int]:
    return (loser.missing_votes is None, loser.missing_votes or 0)


def _cents(text: str | None) -> float | None:
    if text is None:
        return None
    top, _bar, bottom = text.partition("/")
    return int(top) / int(bottom or 1)


def chosen(projects: Sequence[Idea], choices: dict[int, int]) -> list[dict[str, Any]]:
    """The projects of a ballot, to read it again before it goes in the box."""
    return [{"idea": one, "points": choices[one.number]} for one in projects if choices.get(one.number or 0)]
