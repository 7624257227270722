"""Typed questions: a draft may be incomplete, an answer may not be wrong."""

from decimal import Decimal
from typing import Any

import pytest

from ressort.core.calls import Question, answers, check_form
from ressort.core.errors import RuleBroken

FORM = (
    Question(code="title", label="Title", most_length=10),
    Question(code="area", label="Area", kind="number", low=Decimal(0), high=Decimal(100), required=False),
    Question(code="cost", label="Cost", kind="amount"),
    Question(code="start", label="Start", kind="date", required=False),
    Question(code="land", label="Land taken", kind="yes_no", required=False),
    Question(code="kind", label="Kind", kind="choice", choices=("farm", "shop"), required=False),
    Question(code="ages", label="Ages", kind="choices", choices=("11", "15"), required=False),
    Question(code="siret", label="SIRET", kind="siret", required=False),
    Question(code="budget", label="Budget", kind="file", required=False),
)


def test_good_answers_become_values() -> None:
    given = {
        "title": " Garden ", "area": "12,5", "cost": "1 200,50 €", "start": "2026-04-01", "land": "non", "kind": "farm",
        "ages": ["11", "15"], "siret": "223 300 013 00016", "budget": 1,
    }  # fmt: skip
    kept, wrong = answers(FORM, given, complete=True)
    assert wrong == []
    assert kept == {
        "title": "Garden", "area": "12.5", "cost": "1200.50", "start": "2026-04-01", "land": False, "kind": "farm",
        "ages": ["11", "15"], "siret": "22330001300016", "budget": 1,
    }  # fmt: skip


def test_answers_that_were_kept_are_accepted_again_a_no_included() -> None:
    kept, _wrong = answers(
        FORM, {"title": "Garden", "cost": "5", "land": "no", "ages": ["11"], "budget": 2}, complete=True
    )
    assert kept["land"] is False and answers(FORM, kept, complete=True) == (kept, [])
    required = (Question(code="land", label="Land taken", kind="yes_no"),)
    assert answers(required, {"land": False}, complete=True) == ({"land": False}, [])


def test_a_draft_may_lack_what_is_required_and_a_submission_may_not() -> None:
    assert answers(FORM, {}, complete=False) == ({}, [])
    _kept, wrong = answers(FORM, {"title": "  "}, complete=True)
    assert [(one.line, one.column) for one in wrong] == [(1, "title"), (3, "cost")]


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("title", "x" * 11),
        ("area", "101"),
        ("area", "many"),
        ("area", "NaN"),
        ("area", "Infinity"),
        ("cost", "1.234"),
        ("cost", "-1"),
        ("start", "tomorrow"),
        ("land", "perhaps"),
        ("kind", "bank"),
        ("ages", ["99"]),
        ("siret", "22330001300017"),
    ],
)
def test_a_wrong_answer_is_told_even_in_a_draft(code: str, wrong: Any) -> None:
    kept, found = answers(FORM, {code: wrong}, complete=False)
    assert [one.column for one in found] == [code] and code not in kept


def test_an_answer_that_no_question_asks_is_dropped() -> None:
    assert answers(FORM, {"is_admin": "1"}, complete=False) == ({}, [])


@pytest.mark.parametrize(
    "wrong",
    [
        (Question(code="a", label="A"), Question(code="a", label="B")),
        (Question(code="Été", label="A"),),
        (Question(code="a", label=" "),),
        (Question(code="a", label="A", kind="choice", choices=("x", "x")),),
        (Question(code="a", label="A", kind="number", low=Decimal(2), high=Decimal(1)),),
        (Question(code="a", label="A", kind="tea"),),  # type: ignore[arg-type]
    ],
)
def test_a_form_that_nobody_could_fill_is_refused(wrong: tuple[Question, ...]) -> None:
    with pytest.raises(RuleBroken):
        check_form(wrong)
