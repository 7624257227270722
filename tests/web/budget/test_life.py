"""A participatory budget from its opening to its published result."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.web.budget_town import PAU, opened, to_stage, voted, with_projects

from ressort.core.budget import count, read_election, rules_in
from ressort.core.errors import RuleBroken
from ressort.web.budget import actions
from ressort.web.budget.models import Campaign, Idea


def test_from_ideas_to_a_result_that_anybody_counts_again(administrator: Any) -> None:
    campaign = with_projects(administrator, 6_000, 5_000, 4_000)
    receipts = voted(campaign, administrator, (1, 3), (1,), (2,), (1, 3), (3,))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    result = actions.count_votes(administrator, closed)
    actions.publish(administrator, closed)
    again = read_election(result.file.splitlines(keepends=True))
    assert count(again, rules_in(again)).winners == ("3", "1") == tuple(w["code"] for w in result.facts["winners"])
    assert {actions.receipt_state(closed, one) for one in receipts} == {"counted"}
    assert len(result.receipts) == len(again.ballots) == 5
    assert not Idea.objects.exclude(author_email="").exists(), "addresses are erased with the publication"
    assert actions.forget(administrator, Campaign.objects.get(pk=closed.pk)) == 5


def test_two_agents_who_study_the_same_idea_do_not_overwrite_each_other(administrator: Any, operator: Any) -> None:
    idea = actions.propose(opened(administrator), title="Un four", text="Texte", author_name="Zoé")
    actions.study(administrator, idea, 1, state="refused", answer="Terrain privé")
    with pytest.raises(RuleBroken, match="Somebody else"):
        actions.study(operator, idea, 1, state="feasible", cost_cents=100)
    assert Idea.objects.get().state == "refused"


def test_ideas_alike_are_merged_and_their_own_follow(administrator: Any) -> None:
    campaign = opened(administrator)
    one, two, three = (
        actions.propose(campaign, title=title, text="Texte", author_name="Zoé") for title in ("A", "B", "C")
    )
    actions.merge(administrator, one, two, 1)
    actions.merge(administrator, two, three, 1)
    assert set(Idea.objects.filter(merged_into=three)) == {one, two}
    assert Idea.objects.get(pk=three.pk).state == "shown", "the page of a merged idea leads to one that everybody sees"
    for into in (three, one):
        with pytest.raises(RuleBroken):
            actions.merge(administrator, Idea.objects.get(pk=three.pk), into, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.filter(pk=three.pk).update(state="merged")


def test_once_the_vote_is_open_nothing_moves(administrator: Any) -> None:
    campaign = with_projects(administrator, 100)
    idea = campaign.ideas.get()
    with pytest.raises(RuleBroken, match="begun"):
        actions.study(administrator, idea, idea.version, cost_cents=1)
    with pytest.raises(RuleBroken, match="begun"):
        actions.change_campaign(administrator, campaign, campaign.version, budget_cents=1)
    with pytest.raises(RuleBroken):
        actions.propose(campaign, title="Trop tard", text="Texte", author_name="Zoé")
    with pytest.raises(RuleBroken):
        actions.comment(idea, "Zoé", "Trop tard")


def test_a_ballot_asks_the_database_twice_at_most(administrator: Any, django_assert_max_num_queries: Any) -> None:
    campaign = with_projects(administrator, 100)
    code = actions.make_codes(administrator, campaign, 1)[0]
    page = reverse("budget:vote", args=[campaign.pk])
    words = {"projet": ["1"], "code": code, "deposer": "1"}
    Client().get(page)
    with django_assert_max_num_queries(
        5
    ):  # the campaign, its projects, the ballot; the savepoint of the test's own transaction
        assert "récépissé" in Client().post(page, words).content.decode()
    assert campaign.ballots.count() == campaign.receipts.count() == 1


def test_rules_of_count_are_checked_when_they_are_written(administrator: Any) -> None:
    with pytest.raises(RuleBroken):
        opened(administrator, rules={"rule": "dictator"})
    campaign = opened(administrator)
    with pytest.raises(RuleBroken):
        actions.study(
            administrator, actions.propose(campaign, title="A", text="B", author_name="C"), 1, levers="organic_share=12"
        )


@pytest.mark.parametrize(
    "wrong",
    [{"budget_cents": 0}, {"least_choices": 9}, {"most_points_each": 9}, {"ballot": "shouting"}, {"identity": "face"}],
)
def test_the_database_refuses_a_campaign_that_means_nothing(administrator: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        opened(administrator, **wrong)


def test_strangers_and_contributors_do_only_what_is_theirs(administrator: Any, person: Any) -> None:
    from ressort.web.people.models import Grant

    campaign = opened(administrator)
    idea = actions.propose(campaign, title="A", text="B", author_name="C")
    for action in (
        lambda: actions.study(person, idea, 1, state="shown"),
        lambda: actions.make_codes(person, campaign, 1),
        lambda: actions.seal(person, campaign),
        lambda: actions.open_batch(person, campaign, "Mairie"),
        lambda: opened(person),
    ):
        with pytest.raises(PermissionDenied):
            action()
    Grant.objects.create(person=person, kind=PAU[0], code=PAU[1], role="contributor", granted_by=administrator)
    actions.study(person, idea, 1, state="shown")
    with pytest.raises(PermissionDenied):
        actions.make_codes(person, campaign, 1)


def test_a_lot_that_matters_is_drawn_once_in_public_words(administrator: Any) -> None:
    campaign = with_projects(administrator, 10_000, 10_000)
    voted(campaign, administrator, (1,), (2,))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    with pytest.raises(RuleBroken, match="lot"):
        actions.count_votes(administrator, closed)
    actions.draw_lot(administrator, closed, "loto du 14 mars 2026")
    facts = actions.count_votes(administrator, closed).facts
    assert len(facts["winners"]) == 1 and facts["told_apart_by_lot"] == ["1", "2"]
    actions.publish(administrator, closed)
    page = Client().get(reverse("budget:result", args=[closed.pk])).content.decode()
    assert "Projets que seul le sort a départagés" in page and "1, 2" in page
    with pytest.raises(RuleBroken):
        actions.draw_lot(administrator, closed, "encore")


def test_a_decision_against_the_rule_is_published_with_its_reason(administrator: Any) -> None:
    campaign = with_projects(administrator, 6_000, 5_000)
    voted(campaign, administrator, (1,), (1,), (2,))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    actions.decide(administrator, closed, 1, funds=False, reason="Terrain vendu")
    with pytest.raises(RuleBroken):
        actions.decide(administrator, closed, 2, funds=False, reason=" ")
    facts = actions.count_votes(administrator, closed).facts
    assert [one["code"] for one in facts["winners"]] == ["2"]
    assert facts["losers"][0]["facts"] == {"why": "Terrain vendu"}
    assert "Terrain vendu" in closed.result.file


def test_each_area_has_its_winner_when_the_rules_say_so(administrator: Any) -> None:
    campaign = with_projects(administrator, 5_000, 5_000, 5_000, areas=("Nord", "Nord", "Sud"), one_per_area=True)
    voted(campaign, administrator, (1, 2), (1, 2), (2,), (3,))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    assert {one["code"] for one in actions.count_votes(administrator, closed).facts["winners"]} == {"2", "3"}
