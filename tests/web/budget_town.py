"""A participatory budget as the tests meet it: opened, with projects, at each stage, voted."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ressort.web.budget import actions
from ressort.web.budget.actions import Asker
from ressort.web.budget.models import Campaign

PAU = ("EPCI", "200067254")


HOUR = timedelta(hours=1)


def dates(stage: str) -> dict[str, Any]:
    """Dates such that the campaign is at that stage now."""
    now = timezone.now()
    past = {"soon": -1, "ideas": 1, "study": 3, "vote": 5, "count": 7}[stage]
    start = now - past * HOUR
    names = ("ideas_open_at", "ideas_close_at", "vote_opens_at", "vote_closes_at")
    return {name: start + 2 * at * HOUR for at, name in enumerate(names)}


def to_stage(campaign: Campaign, stage: str) -> Campaign:
    """The campaign as if its clock had reached a stage."""
    Campaign.objects.filter(pk=campaign.pk).update(**dates(stage))
    return Campaign.objects.get(pk=campaign.pk)


def opened(by: Any, stage: str = "ideas", **told: Any) -> Campaign:
    words = {"title": "Budget des habitants", "budget_cents": 10_000_00, "rules": {"rule": "greedy"}} | told
    return actions.open_campaign(by, *PAU, **words, **dates(stage))


def with_projects(by: Any, *costs_eur: int, areas: tuple[str, ...] = (), **told: Any) -> Campaign:
    """A campaign whose vote is open, with feasible projects numbered from 1."""
    campaign = opened(by, **told)
    for at, cost in enumerate(costs_eur):
        idea = actions.propose(
            campaign, title=f"Projet {at + 1}", text="Un texte.", author_name="Zoé", author_email="z@example.fr"
        )
        area = areas[at] if areas else ""
        actions.study(by, idea, 1, state="feasible", cost_cents=cost * 100, area=area, category="climat")
    return to_stage(campaign, "vote")


def voted(campaign: Campaign, by: Any, *ballots: tuple[int, ...]) -> list[str]:
    codes = actions.make_codes(by, campaign, len(ballots))
    return [
        actions.cast(campaign, Asker(code=code), dict.fromkeys(ballot, 1))
        for code, ballot in zip(codes, ballots, strict=True)
    ]
