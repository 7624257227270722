"""Calls for programs: what is published, and rankings of marks that are not kept."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.call_town import closed, hand_in, open_call

GRID = {"criteria": [{"code": "a", "weight": 60}, {"code": "b", "weight": 40}]}


def test_a_call_and_its_results_are_told_without_the_names_of_those_who_lost(
    client: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ressort.web.calls import deciding

    call = open_call(administrator)
    won, lost = (hand_in(call, i)[0] for i in range(2))
    closed(monkeypatch, call)
    outcomes = {won.pk: ("funded", "x"), lost.pk: ("refused", "secret motive")}
    deciding.decide(administrator, call, "D1", timezone.localdate(), outcomes)
    answer = client.get(f"/api/calls/{call.pk}")
    assert [(one["file"], one["beneficiary"]) for one in answer.json()["results"]] == [
        ("D-001", "Association 0"),
        ("D-002", None),
    ]
    assert b"secret motive" not in answer.content and b"@example.fr" not in answer.content.replace(b"appels@", b"")
    assert client.get("/api/calls").json()["rows"][0]["stage"] == "decided"


def test_a_draft_is_not_told(client: Client, administrator: Any) -> None:
    from ressort.web.calls.models import Call

    call = open_call(administrator)
    Call.objects.create(
        kind="COM", code="64445", title="Draft", scheme="x", grid={}, envelope_cents=1, authority_siret=call.authority_siret,
        opens_at=call.opens_at, closes_at=call.closes_at,
    )  # fmt: skip
    draft = Call.objects.get(title="Draft")
    assert client.get(f"/api/calls/{draft.pk}").status_code == 404 and b"Draft" not in client.get("/api/calls").content


def test_marks_sent_are_ranked_exactly_and_not_kept(client: Client, db: None) -> None:
    reviews = [
        {"application": "x", "reviewer": "ada", "marks": {"a": 0.1, "b": 0.2}},
        {"application": "y", "reviewer": "ada", "marks": {"a": 0.3, "b": None}},
    ]
    answer = client.post("/api/calls/rank", {"grid": GRID, "reviews": reviews}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert [(one["application"], one["place"], one["score_exact"]) for one in answer.json()] == [
        ("y", 1, "3/50"),
        ("x", 2, "7/250"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"grid": "nope", "reviews": []},
        {"grid": {"criteria": []}, "reviews": []},
        {"grid": {"criteria": "x"}, "reviews": []},
        {"grid": GRID, "reviews": [{"application": "x", "reviewer": "ada", "marks": {"a": 9}}]},
        {"grid": GRID, "reviews": [{"application": "x", "reviewer": "ada", "marks": {"z": 1}}]},
        {"grid": GRID, "reviews": [{"application": "x", "reviewer": "ada", "marks": {"a": "NaN"}}]},
        {"grid": GRID, "reviews": "all"},
        {"grid": GRID | {"least_reviews": "x"}, "reviews": []},
        {"grid": GRID | {"score_threshold": "1/0"}, "reviews": []},
        {"grid": GRID | {"criteria": 5}, "reviews": []},
        {"grid": {"criteria": [{"code": "a", "weight": 10**30}]}, "reviews": []},
        {"grid": {"criteria": [{"code": "a", "weight": 1, "top": 0.5}]}, "reviews": []},
        {"grid": GRID, "reviews": [], "span": 20},
    ],
)
def test_what_cannot_be_ranked_is_refused_with_a_reason(client: Client, db: None, wrong: dict[str, Any]) -> None:
    answer = client.post("/api/calls/rank", wrong, content_type="application/json")
    assert 400 <= answer.status_code < 500 and len(answer.content) > 20


def test_a_body_that_is_no_json_is_told_in_words(client: Client, db: None) -> None:
    answer = client.post("/api/calls/rank", '{"reviews":', content_type="application/json")
    assert answer.status_code == 400 and "JSON" in answer.json()["error"]
