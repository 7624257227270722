"""Rules and dates of a participatory budget, and what the authority decides against its rule."""

import secrets
from typing import Any

from django.db import transaction
from django.db.models import F

from ressort.core.budget import rules_from
from ressort.core.errors import RuleBroken
from ressort.web.budget.models import Campaign
from ressort.web.people import access
from ressort.web.people.actions import note
from ressort.web.people.models import Person


def changed_meanwhile() -> RuleBroken:
    """The refusal of a change made on an older version than the one held."""
    return RuleBroken("Somebody else changed this in the meantime. Open the page again, then make your change.")


@transaction.atomic
def open_campaign(by: Person, kind: str, code: str, **told: Any) -> Campaign:
    """A participatory budget with its rules and dates."""
    access.require(by, "run_budget", f"{kind}:{code}")
    rules_from(told.get("rules", {}))
    campaign = Campaign(kind=kind, code=code, created_by=by, pepper=secrets.token_bytes(32), **told)
    campaign.save(force_insert=True)
    note(by, "open_budget", f"budget:{campaign.pk} {campaign.key}")
    return campaign


@transaction.atomic
def change_campaign(by: Person, campaign: Campaign, version: int, **told: Any) -> None:
    """Changes rules and dates; from the opening of the vote on, nothing moves any more.

    Raises:
        RuleBroken: the vote has begun, or somebody else changed it first.
    """
    access.require(by, "run_budget", campaign.key)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.stage in ("vote", "count", "published"):
        raise RuleBroken("The vote has begun: its rules and dates can no longer change.")
    if held.version != version:
        raise changed_meanwhile()
    rules_from(told.get("rules", {}))
    Campaign.objects.filter(pk=held.pk).update(version=F("version") + 1, **told)
    note(by, "change_budget", f"budget:{held.pk} {held.key}")


@transaction.atomic
def draw_lot(by: Person, campaign: Campaign, words: str) -> None:
    """Writes down the public words that draw the order of projects, once."""
    access.require(by, "run_budget", campaign.key)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.published_at or held.lot_words:
        raise RuleBroken("The lot of this vote was drawn already: it is not drawn again.")
    held.lot_words = words.strip()
    held.save(update_fields=["lot_words"])
    note(by, "draw_lot", f"budget:{held.pk}")


@transaction.atomic
def decide(by: Person, campaign: Campaign, number: int, *, funds: bool, reason: str) -> None:
    """A decision of the authority against the rule, with its reason; published with the result."""
    access.require(by, "run_budget", campaign.key)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.published_at:
        raise RuleBroken("The result is published: no decision can be added.")
    if not held.ideas.filter(number=number, state="feasible").exists():
        raise RuleBroken("No project bears the number {project}.", project=number)
    kept = [one for one in held.rules.get("overrides", []) if one["project"] != str(number)]
    rules = held.rules | {"overrides": [*kept, {"project": str(number), "funds": funds, "reason": reason}]}
    rules_from(rules)
    held.rules = rules
    held.save(update_fields=["rules"])
    note(by, "decide", f"budget:{held.pk} project:{number}")
