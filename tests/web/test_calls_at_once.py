"""Several people at the same instant, each with a connection of their own: one wins, the others are told, nothing is lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests.web.call_town import hand_in, open_call, reviewers

from ressort.web.calls import applying, reviewing
from ressort.web.calls.applying import Stale
from ressort.web.calls.models import Application, Review

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gives, or the error it raises, all let go together."""
    gate = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            found[place] = act()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, act)) for i, act in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return found


def test_of_two_windows_of_a_reviewer_one_saves_and_the_other_gets_what_was_saved(administrator: Any) -> None:
    call = open_call(administrator)
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)

    def save(words: str) -> Callable[[], Any]:
        return lambda: reviewing.save_review(ada, application, 0, {"cohesion": "3"}, words)

    found = at_once(*[save(f"window {i}") for i in range(4)])
    kept = [one for one in found if isinstance(one, Review)]
    stale = [one for one in found if isinstance(one, Stale)]
    assert len(kept) == 1 and len(stale) == 3 and Review.objects.get().comments == kept[0].comments
    assert {one.current.comments for one in stale} == {kept[0].comments}


def test_two_reviewers_saving_the_same_file_at_once_are_both_kept(administrator: Any) -> None:
    call = open_call(administrator)
    jury = reviewers(administrator, call, 3)
    application, _token = hand_in(call)

    def save(person: Any) -> Callable[[], Any]:
        return lambda: reviewing.save_review(person, application, 0, {"cohesion": "3"}, person.email)

    found = at_once(*[save(person) for person in jury])
    assert all(isinstance(one, Review) for one in found)
    assert {one.comments for one in Review.objects.all()} == {person.email for person in jury}


def test_drafts_opened_at_once_get_numbers_of_their_own(administrator: Any) -> None:
    call = open_call(administrator)

    def start(i: int) -> Callable[[], Any]:
        return lambda: applying.start(call, f"a{i}@example.fr", f"A{i}")

    at_once(*[start(i) for i in range(6)])
    assert sorted(Application.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
