"""A file of an applicant: its secret link, its answers, its drafts."""

from typing import Any

import pytest
from django.http import Http404
from tests.web.call_town import hand_in

from ressort.core.errors import RuleBroken
from ressort.web.calls import access, applying
from ressort.web.calls.applying import Stale
from ressort.web.calls.models import Application


def test_a_secret_link_opens_one_file_and_only_its_digest_is_kept(call: Any) -> None:
    application, token = hand_in(call)
    assert access.application_of(token) == application and token not in str(vars(Application.objects.get()))
    with pytest.raises(Http404):
        access.application_of(token[:-1] + ("A" if token[-1] != "A" else "B"))
    ((_again, fresh),) = applying.renew_links(call, "A0@example.fr")
    assert access.application_of(token) == application, "a stranger who asks for a new link locks nobody out"
    assert access.application_of(fresh) == application
    with pytest.raises(Http404):
        access.application_of(token)
    assert access.application_of(fresh) == application


def test_a_wrong_answer_saves_nothing_and_a_missing_one_waits_for_the_submission(call: Any) -> None:
    application, _token = applying.start(call, "a@example.fr", "A")
    with pytest.raises(RuleBroken) as refusal:
        applying.save(application, 1, {"title": "New"}, {"artificialisation": "perhaps"})
    assert [one.column for one in refusal.value.facts["problems"]] == ["artificialisation"]
    assert Application.objects.get().title == ""
    saved = applying.save(application, 1, {"title": "New"}, {"besoin": "x"})
    with pytest.raises(RuleBroken) as refusal:
        applying.submit(saved)
    assert {one.column for one in refusal.value.facts["problems"]} == {"associes", "artificialisation"}


@pytest.mark.parametrize("number", ["22330001300017", "", "W1"])
def test_a_file_without_a_right_number_is_not_handed_in(call: Any, number: str) -> None:
    with pytest.raises(RuleBroken):
        hand_in(call, identifier=number)


def test_an_amount_that_the_rates_bring_to_nothing_is_not_handed_in(call: Any) -> None:
    with pytest.raises(RuleBroken) as refusal:
        hand_in(call, requested_cents=1, eligible_cents=1)
    assert "gives no aid" in refusal.value.template


def test_two_windows_on_a_draft_never_lose_what_one_saved(call: Any) -> None:
    application, _token = applying.start(call, "a@example.fr", "A")
    applying.save(application, 1, {"title": "First"}, {"besoin": "first"})
    with pytest.raises(Stale) as stale:
        applying.save(application, 1, {"title": "Second"}, {})
    assert stale.value.current.title == "First" and Application.objects.get().answers == {"besoin": "first"}
    applying.save(application, stale.value.current.version, {"title": "Both"}, {"besoin": "first"})
