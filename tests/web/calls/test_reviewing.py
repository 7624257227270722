"""Reviews: marks, interests, two windows at once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.web.call_town import closed, hand_in, mark, reviewers

from ressort.core.errors import RuleBroken
from ressort.web.calls import applying, deciding, reviewing
from ressort.web.calls.applying import Stale
from ressort.web.calls.models import Review


def test_two_windows_on_a_review_never_lose_what_one_saved(call: Any, administrator: Any) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    reviewing.save_review(ada, application, 0, {"cohesion": "3"}, "first window")
    with pytest.raises(Stale) as stale:
        reviewing.save_review(ada, application, 0, {"cohesion": "5"}, "second window")
    assert stale.value.current.comments == "first window" and Review.objects.get().marks == {"cohesion": "3"}
    reviewing.save_review(ada, application, 1, {"cohesion": "5"}, "second window")
    assert Review.objects.get().version == 2


def test_an_interest_erases_the_marks_and_forbids_new_ones(call: Any, administrator: Any) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    mark(ada, application, 4, final=False)
    reviewing.declare_conflict(ada, application)
    with pytest.raises(RuleBroken):
        reviewing.save_review(ada, application, 2, {"cohesion": "5"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(marks={"cohesion": "5"})
    assert Review.objects.get().marks == {}


@pytest.mark.parametrize("wrong", ["6", "-1", "2.3", "beaucoup", "1/0", "nan"])
def test_a_mark_off_the_scale_is_refused(call: Any, administrator: Any, wrong: str) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    with pytest.raises(RuleBroken):
        reviewing.save_review(ada, application, 0, {"cohesion": wrong})


def test_a_final_review_is_whole_and_closed_until_opened_again(call: Any, administrator: Any) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    with pytest.raises(RuleBroken):
        reviewing.save_review(ada, application, 0, {"cohesion": "3"}, is_final=True)
    mark(ada, application, 3)
    with pytest.raises(RuleBroken):
        reviewing.save_review(ada, application, 1, {"cohesion": "5"})
    reviewing.reopen_review(ada, application)
    reviewing.save_review(ada, application, 2, {"cohesion": "5"})


def test_a_file_taken_back_opens_its_reviews_again_and_keeps_their_marks(call: Any, administrator: Any) -> None:
    ada, bob = reviewers(administrator, call, 2)
    application, _token = hand_in(call)
    mark(ada, application, 4)
    reviewing.declare_conflict(bob, application)
    applying.submit(applying.take_back(application))
    assert [(one.is_final, bool(one.marks)) for one in Review.objects.all()] == [(False, True), (True, False)]


def test_a_reviewer_downloads_where_the_site_names_them(call: Any, administrator: Any) -> None:
    from ressort.web.people.queries import everything_about

    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    mark(ada, application, 4)
    named = {(one["model"], one["as"]) for one in everything_about(ada)["named_in"]}
    assert named == {("calls.Reviewer", "person"), ("calls.Review", "reviewer")}


def test_nobody_marks_after_the_decision(call: Any, administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    closed(monkeypatch, call)
    deciding.decide(administrator, call, "D1", timezone.localdate(), {application.pk: ("refused", "no money")})
    with pytest.raises(RuleBroken):
        mark(ada, application, 3)
