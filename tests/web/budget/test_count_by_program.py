"""Votes sent by a program are counted and not kept; what cannot be read is told with its lines."""

import os
from typing import Any

import pytest
from django.test import Client, RequestFactory

from ressort.web.budget import apart
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


def test_a_rule_that_the_votes_break_is_told_from_the_process_that_counts(client: Client, db: None) -> None:
    tied = VOTES.replace("num_votes;3", "num_votes;2").replace("3;B\n", "").replace("2;A", "2;B")
    answer = _sent(client, tied, rule="greedy")
    assert answer.status_code == 409 and "A" in answer.json()["error"] and "B" in answer.json()["error"]


def test_votes_that_would_take_hours_are_refused_in_seconds(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST_SECONDS", 3)
    dear = VOTES.replace("budget;100", "budget;100000000000").replace(";60\n", ";99999999999\n")
    answer = _sent(client, dear, rule="mes", step_cents="1/1000")
    assert answer.status_code == 400 and " 3 second" in answer.json()["error"]


def test_counts_have_the_limit_of_long_work() -> None:
    assert kind_of(RequestFactory().post("/api/budgets/count")) == "compute"


def test_a_count_gives_way_to_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_facts", os.getpriority)
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert apart.counted_apart(os.PRIO_PROCESS, 0) == ours + apart.GIVES_WAY  # type: ignore[arg-type,comparison-overlap]
    assert os.getpriority(os.PRIO_PROCESS, 0) == ours, "the server itself gives way to nobody"
