"""Votes sent by a program are counted and not kept; what cannot be read is told with its lines."""

from typing import Any

from django.test import Client, RequestFactory

from ressort.web.budget.models import Campaign
from ressort.web.middleware import kind_of

VOTES = """META
key;value
description;Essai
country;France
unit;Ville
instance;2026
num_projects;2
num_votes;3
budget;100
vote_type;approval
rule;unknown
date_begin;2026
date_end;2026
PROJECTS
project_id;cost
A;60
B;60
VOTES
voter_id;vote
1;A
2;A
3;B
"""


def _sent(client: Client, votes: str, **rules: Any) -> Any:
    return client.post("/api/budgets/count", {"votes": votes, "rules": rules}, content_type="application/json")


def test_votes_sent_are_counted_under_the_rules_sent_and_not_kept(client: Client, db: None) -> None:
    told = _sent(client, VOTES, rule="greedy").json()
    assert [one["code"] for one in told["winners"]] == ["A"] and told["rules"]["rule"] == "greedy"
    assert told["losers"][0]["missing_votes"] == 2 and told["ties"] == []
    assert not Campaign.objects.exists()


def test_every_problem_is_told_with_its_line(client: Client, db: None) -> None:
    answer = _sent(client, VOTES.replace("B;60", "B;-60").replace("3;B", "2;A"))
    assert answer.status_code in (400, 409, 422)
    assert "17" in answer.json()["error"] and "22" in answer.json()["error"]
    assert _sent(client, "").status_code in (400, 409, 422)
    assert _sent(client, VOTES, rule="dictator").status_code in (400, 409, 422)
    many = VOTES.replace("num_votes;3", "num_votes;10003") + "".join(f"{at};A\n" for at in range(4, 10_004))
    assert "maximin" in _sent(client, many, rule="maximin-support").json()["error"].lower()


def test_a_step_too_fine_for_a_server_is_refused_and_counts_have_the_limit_of_long_work(
    client: Client, db: None
) -> None:
    answer = _sent(client, VOTES, rule="mes", step_cents="1/1000")
    assert answer.status_code in (400, 409, 422) and "1/1000" in answer.json()["error"]
    assert kind_of(RequestFactory().post("/api/budgets/count")) == "compute"
