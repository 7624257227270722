"""Ideas: proposed by anybody, added to by others, studied by the services, merged when they are alike."""

from typing import Any

from django.db import transaction
from django.db.models import F, Max

from ressort.core.errors import RuleBroken
from ressort.web import effects
from ressort.web.budget.actions.campaigns import changed_meanwhile
from ressort.web.budget.models import Campaign, Comment, Idea
from ressort.web.people import access
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@transaction.atomic
def propose(campaign: Campaign, **told: str) -> Idea:
    """An idea, shown once the services have read it."""
    if campaign.stage != "ideas":
        raise RuleBroken("Ideas are not received now. See the dates on the page of the budget.")
    return Idea.objects.create(campaign=campaign, **told)


@transaction.atomic
def comment(idea: Idea, author_name: str, text: str) -> Comment:
    """Adds to an idea, until the vote opens."""
    if idea.campaign.stage not in ("ideas", "study") or idea.state not in ("shown", "feasible"):
        raise RuleBroken("This idea no longer receives comments.")
    return Comment.objects.create(idea=idea, author_name=author_name, text=text)


@transaction.atomic
def show_comment(by: Person, held: Comment) -> None:
    """Shows a comment that was read."""
    access.require(by, "study_ideas", held.idea.campaign.key)
    Comment.objects.filter(pk=held.pk).update(is_shown=True)
    note(by, "show_comment", f"comment:{held.pk}")


@transaction.atomic
def drop_comment(by: Person, held: Comment) -> None:
    """Erases a comment."""
    access.require(by, "study_ideas", held.idea.campaign.key)
    note(by, "drop_comment", f"comment:{held.pk}")
    held.delete()


@transaction.atomic
def study(by: Person, idea: Idea, version: int, **told: Any) -> Idea:
    """What the services say of an idea: its cost, whether it goes to the vote, why not, its levers for the simulation.

    Raises:
        RuleBroken: the vote has begun, somebody else changed the idea first, a lever makes no sense, or the answer to a
            shock is not finished, plays no lever, or tells another territory.
    """
    access.require(by, "study_ideas", idea.campaign.key)
    held = _held(idea, version)
    effects.check(held.campaign.key, told.get("levers", ""), told.get("stress_token", ""))
    if told.get("state") == "feasible" and held.number is None:
        told["number"] = (Idea.objects.filter(campaign=held.campaign).aggregate(last=Max("number"))["last"] or 0) + 1
    Idea.objects.filter(pk=held.pk).update(version=F("version") + 1, studied_by=by, **told)
    note(by, "study", f"idea:{held.pk}")
    return Idea.objects.get(pk=held.pk)


@transaction.atomic
def merge(by: Person, idea: Idea, into: Idea, version: int) -> None:
    """Joins an idea to another one, which takes over those already joined to it; not read yet, it is shown from then on.

    Raises:
        RuleBroken: another campaign, itself, an idea already merged elsewhere, or a change by somebody else.
    """
    access.require(by, "study_ideas", idea.campaign.key)
    held = _held(idea, version)
    target = Idea.objects.select_for_update().get(pk=into.pk)
    if target.pk == held.pk or target.campaign_id != held.campaign_id or target.state == "merged":
        raise RuleBroken("An idea is merged into another one of the same budget, itself not merged.")
    Idea.objects.filter(merged_into=held).update(merged_into=target)
    Idea.objects.filter(pk=target.pk, state="received").update(state="shown")
    Idea.objects.filter(pk=held.pk).update(
        state="merged", merged_into=target, number=None, version=F("version") + 1, studied_by=by
    )
    note(by, "merge", f"idea:{held.pk} into:{target.pk}")


def _held(idea: Idea, version: int) -> Idea:
    """The idea, locked with its campaign."""
    campaign = Campaign.objects.select_for_update().get(pk=idea.campaign_id)
    if campaign.stage in ("vote", "count", "published"):
        raise RuleBroken("The vote has begun: projects can no longer change.")
    held = Idea.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=idea.pk)
    if held.version != version:
        raise changed_meanwhile()
    if held.state == "merged":
        raise RuleBroken("This idea is merged into another one: change that one.")
    return held
