"""After the vote: seal the box, count, publish, forget who the people were."""

from collections import Counter
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from ressort.core.budget import (
    USUAL,
    Ballots,
    Election,
    Minimum,
    Project,
    Rules,
    TieRule,
    compare,
    count,
    drawn_order,
    explain,
    outcome_facts,
    rules_from,
    write_pb,
)
from ressort.core.errors import RuleBroken
from ressort.reference.territories import territories
from ressort.web.budget.models import Campaign, Result
from ressort.web.people import access
from ressort.web.people.actions import note
from ressort.web.people.models import Person

#: fewer ballots of one method than this, and the file does not tell methods apart
FEWEST_TOLD = 10
_SHUFFLE = """
CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS SELECT * FROM {table} WHERE campaign_id = %s;
DELETE FROM {table} WHERE campaign_id = %s;
UPDATE shuffled SET id = gen_random_uuid();
INSERT INTO {table} SELECT * FROM shuffled ORDER BY id;
DROP TABLE shuffled;
"""


@transaction.atomic
def seal(by: Person, campaign: Campaign) -> None:
    """Closes the box for ever: ballots and receipts are written anew in a random order, the key of voters' marks is destroyed.

    Raises:
        RuleBroken: the vote is still open, or a batch of paper ballots is not closed.
    """
    access.require(by, "run_budget", campaign.key)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.stage != "count" or held.sealed_at:
        raise RuleBroken("The box is sealed once, after the vote.")
    waiting = list(held.batches.filter(closed_at__isnull=True).values_list("station", flat=True))
    if waiting:
        raise RuleBroken("Paper ballots of these places are not in the box yet: {stations}.", stations=waiting)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ressort.sealing = 'on'")
        for table in ("budget_ballot", "budget_receipt"):
            for statement in filter(str.strip, _SHUFFLE.format(table=table).split(";")):
                cursor.execute(statement, [held.pk] if "%s" in statement else None)
        cursor.execute("SET LOCAL ressort.sealing = 'off'")
    held.pepper, held.sealed_at = None, timezone.now()
    held.save(update_fields=["pepper", "sealed_at"])
    note(by, "seal", f"budget:{held.pk}")


@transaction.atomic
def count_votes(by: Person, campaign: Campaign) -> Result:
    """Counts what is in the box, under the rules of the campaign; nothing is published yet.

    Raises:
        RuleBroken: the box is not sealed, the result is published, or a lot must be drawn first. NoSolution: as `core.budget.count`.
    """
    access.require(by, "run_budget", campaign.key)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not held.sealed_at or held.published_at:
        raise RuleBroken("The count comes after the box is sealed, and before the result is published.")
    election = election_of(held)
    outcome = count(election, rules_of(held, election))
    told = explain(outcome)
    facts = outcome_facts(outcome, told) | {"comparison": _comparison(election, outcome.rules)}
    receipts = sorted(held.receipts.values_list("mark", flat=True))
    result, _made = Result.objects.update_or_create(
        campaign=held,
        defaults={
            "file": "".join(write_pb(election, outcome.winners, outcome.rules)),
            "facts": facts,
            "receipts": receipts,
            "counted_by": by,
        },
    )
    note(by, "count", f"budget:{held.pk}")
    return result


@transaction.atomic
def publish(by: Person, campaign: Campaign) -> None:
    """Publishes the count; addresses of authors are erased, since nobody needs them any more."""
    access.require(by, "run_budget", campaign.key)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.published_at or not Result.objects.filter(campaign=held).exists():
        raise RuleBroken("A result is published once, after the count.")
    held.published_at = timezone.now()
    held.save(update_fields=["published_at"])
    held.ideas.exclude(author_email="").update(author_email="")
    note(by, "publish", f"budget:{held.pk}")


@transaction.atomic
def forget(by: Person, campaign: Campaign) -> int:
    """Erases the attendance sheet once the result is published; tells how many lines."""
    access.require(by, "run_budget", campaign.key)
    if not campaign.published_at:
        raise RuleBroken("The attendance sheet is kept until the result is published.")
    lines = campaign.electors.count()
    campaign.electors.all().delete()
    note(by, "forget", f"budget:{campaign.pk} {lines}")
    return lines


def election_of(campaign: Campaign) -> Election:
    """What is in the box, as an election: projects by number, ballots in a random order."""
    ideas = list(campaign.ideas.filter(state="feasible").order_by("number"))
    if not ideas:
        raise RuleBroken("No project was put to the vote.")
    place = {idea.number: at for at, idea in enumerate(ideas)}
    projects = tuple(
        Project(
            str(idea.number),
            idea.cost_cents or 0,
            idea.title,
            tuple(f"{sort}:{name}" for sort, name in (("category", idea.category), ("district", idea.area)) if name),
            {"votes": "", "name": idea.title, "category": idea.category.replace(",", " "), "district": idea.area},
        )
        for idea in ideas
    )
    ballots = list(campaign.ballots.order_by("id").values_list("choices", "method"))
    if not ballots:
        raise RuleBroken("There is no ballot in the box.")
    lengths = [len(choices) for choices, _method in ballots]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    chosen = np.array([place[number] for choices, _method in ballots for number, _points in choices], np.int32)
    points = np.array([given for choices, _method in ballots for _number, given in choices], np.int64)
    voters = tuple(str(at + 1) for at in range(len(ballots)))
    is_scored = campaign.ballot == Campaign.Ballot.POINTS
    held = Ballots(starts, chosen, points if is_scored else None, voters, _methods([m for _c, m in ballots]))
    return Election(campaign.budget_cents, projects, held, "cumulative" if is_scored else "approval", _meta(campaign))


def _methods(methods: list[str]) -> dict[str, list[str]]:
    """The column of methods, unless so few ballots came one way that they could be recognised."""
    fewest = min(Counter(methods).values())
    return {"voting_method": methods} if fewest >= FEWEST_TOLD and len(set(methods)) > 1 else {}


def _meta(campaign: Campaign) -> dict[str, str]:
    begin, end = timezone.localtime(campaign.vote_opens_at), timezone.localtime(campaign.vote_closes_at)
    told = {
        "description": campaign.title,
        "country": "France",
        "unit": territories().territory(campaign.key).label,
        "instance": str(begin.year),
        "num_projects": "",
        "num_votes": "",
        "budget": "",
        "vote_type": "",
        "rule": "",
        "date_begin": f"{begin:%d.%m.%Y}",
        "date_end": f"{end:%d.%m.%Y}",
        "min_length": str(campaign.least_choices),
        "language": "fr",
        "currency": "EUR",
    }
    if campaign.ballot == Campaign.Ballot.APPROVAL:
        return told | {"max_length": str(campaign.most_choices)}
    return told | {"max_points": str(campaign.most_points_each), "max_sum_points": str(campaign.most_points)}


def rules_of(campaign: Campaign, election: Election) -> Rules:
    """The rules of a campaign, with its winners by area and its lot."""
    rules = rules_from(campaign.rules)
    if campaign.one_per_area:
        areas = sorted(
            {group for project in election.projects for group in project.groups if group.startswith("district:")}
        )
        asked = {one.group for one in rules.minima}
        rules = replace(rules, minima=(*rules.minima, *(Minimum(area) for area in areas if area not in asked)))
    if campaign.lot_words:
        order = drawn_order([project.code for project in election.projects], campaign.lot_words)
        rules = replace(rules, ties=TieRule(rules.ties.criteria, order))
    return rules


def _comparison(election: Election, ours: Rules) -> list[dict[str, Any]]:
    """Other rules on the same votes, with the same lot; a rule that would need one that was not drawn is left out."""
    told = []
    for name, rules in USUAL.items():
        try:
            one = compare(election, {name: replace(rules, ties=ours.ties)})[0]
        except RuleBroken:
            continue
        voters = asdict(one.voters)
        told.append(
            {
                "rule": name,
                "winners": list(one.outcome.winners),
                "spent_cents": one.outcome.spent_cents,
                "none_share": voters["none_share"],
                "mean_projects": voters["mean_projects"],
            }
        )
    return told
