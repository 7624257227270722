"""A call for projects: who runs it, and what no longer changes once it is published or closed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.web.call_town import SIRETS, closed, hand_in, open_call

from ressort.core.calls import Question
from ressort.core.errors import RuleBroken
from ressort.web.calls import actions, applying, deciding, reviewing
from ressort.web.calls.models import Application, Call


def test_a_stranger_neither_runs_decides_nor_marks(call: Any, person: Any, administrator: Any) -> None:
    application, _token = hand_in(call)
    for refused in (
        lambda: actions.add_reviewer(person, call, "x@example.fr"),
        lambda: actions.judge_eligibility(person, application, "no"),
        lambda: deciding.decide(person, call, "D1", timezone.localdate(), {}),
        lambda: reviewing.save_review(person, application, 0, {}),
        lambda: reviewing.save_review(administrator, application, 0, {}),
        lambda: actions.create_call(person, "EPCI", "200067254", "resilience", "fr"),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_a_contributor_runs_a_call_but_does_not_decide(call: Any, administrator: Any, person: Any) -> None:
    from ressort.web.people.models import Grant

    Grant.objects.create(person=person, kind="EPCI", code="200067254", role="contributor", granted_by=administrator)
    actions.add_reviewer(person, call, "x@example.fr")
    with pytest.raises(PermissionDenied):
        deciding.decide(person, call, "D1", timezone.localdate(), {})


def test_a_published_call_keeps_its_rules_even_against_a_direct_update(call: Any, administrator: Any) -> None:
    for refused in (
        lambda: actions.change_call(administrator, call, title="Other"),
        lambda: actions.change_grid(administrator, call, call.grid),
        lambda: actions.change_questions(administrator, call, [Question(code="a", label="A")]),
        lambda: actions.publish(administrator, call),
        lambda: actions.erase_call(administrator, call),
    ):
        with pytest.raises(RuleBroken):
            refused()
    for change in ({"envelope_cents": 1}, {"closes_at": timezone.now()}, {"grid": {"criteria": []}}, {"rules": {}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**change)
    Call.objects.filter(pk=call.pk).update(title="A better title")


def test_the_database_refuses_what_means_nothing(call: Any) -> None:
    application, _token = hand_in(call)
    for wrong in (
        {"status": "lost"},
        {"requested_cents": 0},
        {"requested_cents": 9_000_000},
        {"status": "submitted", "submitted_at": None},
        {"status": "ineligible"},
        {"number": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(**wrong)
    for wrong in ({"closes_at": call.opens_at}, {"kind": "PLANET"}, {"envelope_cents": 0}, {"authority_siret": "1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.create(
                **{
                    "kind": "COM", "code": "64445", "title": "x", "scheme": "x", "grid": {}, "envelope_cents": 1,
                    "authority_siret": SIRETS[0], "opens_at": call.opens_at, "closes_at": call.closes_at,
                } | wrong
            )  # fmt: skip


def test_a_draft_call_with_a_past_closing_or_an_empty_grid_is_not_published(administrator: Any) -> None:
    with pytest.raises(RuleBroken):
        open_call(
            administrator, opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() - timedelta(days=1)
        )
    call = Call.objects.get()
    with pytest.raises(RuleBroken):
        actions.change_grid(administrator, call, {"criteria": []})


def test_nothing_changes_once_the_hour_of_closing_is_struck(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, _token = applying.start(call, "late@example.fr", "Late")
    submitted, _token = hand_in(call)
    closed(monkeypatch, call)
    for refused in (
        lambda: applying.start(call, "new@example.fr", "New"),
        lambda: applying.save(draft, 1, {}, {}),
        lambda: applying.submit(draft),
        lambda: applying.attach(draft, "diagnostic", "a.pdf", b"%PDF-1"),
        lambda: applying.take_back(submitted),
    ):
        with pytest.raises(RuleBroken) as refusal:
            refused()
        assert "closed" in refusal.value.template


def test_a_call_that_is_not_open_yet_takes_no_file(administrator: Any) -> None:
    now = timezone.now()
    call = open_call(administrator, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    with pytest.raises(RuleBroken):
        applying.start(call, "early@example.fr", "Early")
