"""Files that nothing separates: the lot announced with the call, drawn once, told to everybody."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.web.call_town import closed, hand_in, mark, open_call, reviewers
from tests.web.calls.pages import text, url

from ressort.core.calls import drawn_order
from ressort.core.errors import RuleBroken
from ressort.web.calls import actions, deciding, queries, reviewing
from ressort.web.calls.models import Call

DICE = "six dés jetés en mairie le 3 juin à 18 h"


def _tied(administrator: Any, monkeypatch: pytest.MonkeyPatch, **told: Any) -> tuple[Any, list[Any], list[Any]]:
    """Two files with the same marks and amounts, and money for one of them."""
    call = open_call(administrator, envelope_cents=2_000_000, rules={"lot_source": DICE}, **told)
    jury = reviewers(administrator, call)
    handed = [hand_in(call, i)[0] for i in range(2)]
    for application in handed:
        for person in jury:
            mark(person, application, 4)
    return closed(monkeypatch, call), handed, jury


def _decide(administrator: Any, call: Any, handed: list[Any], *outcomes: str) -> None:
    told = {one.pk: (outcome, "motif") for one, outcome in zip(handed, outcomes, strict=True)}
    deciding.decide(administrator, call, "2026-06-D12", timezone.localdate(), told)


def test_nobody_chooses_between_equal_files_before_the_lot(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call, handed, _jury = _tied(administrator, monkeypatch)
    assert queries.left_to_lot(call) == [{"names": ("D-001", "D-002"), "matters": True}]
    with pytest.raises(RuleBroken) as refusal:
        _decide(administrator, call, handed, "funded", "refused")
    assert refusal.value.facts["names"] == ["D-001", "D-002"]
    _decide(administrator, call, handed, "reserve", "reserve")


def test_the_words_of_the_lot_order_all_the_files_as_anybody_can_again(
    administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, handed, _jury = _tied(administrator, monkeypatch)
    actions.draw_lot(administrator, call, " 3 1 4 1 5 9 ")
    call.refresh_from_db()
    order = drawn_order(["D-001", "D-002"], "3 1 4 1 5 9")
    assert queries.left_to_lot(call) == [{"names": order, "matters": True}]
    assert queries.weighing(call).advice.in_order.funded == order[:1]
    _decide(administrator, call, handed, *("funded" if one.reference == order[0] else "refused" for one in handed))


def test_the_lot_is_drawn_once_after_the_marks_and_none_changes_afterwards(
    administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, handed, jury = _tied(administrator, monkeypatch)
    with pytest.raises(RuleBroken):
        actions.draw_lot(administrator, call, "   ")
    actions.draw_lot(administrator, call, "3 1 4")
    with pytest.raises(RuleBroken):
        actions.draw_lot(administrator, call, "2 7 1")
    with pytest.raises(RuleBroken):
        reviewing.reopen_review(jury[0], handed[0])
    for other in ({"lot_words": "2 7 1"}, {"draw": ["D-009"]}, {"lot_words": "", "draw": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**other)


def test_the_lot_waits_for_the_last_marks_and_for_the_closing(
    administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = open_call(administrator)
    with pytest.raises(RuleBroken):
        actions.draw_lot(administrator, call, "3 1 4")
    hand_in(call)
    with pytest.raises(RuleBroken) as refusal:
        actions.draw_lot(administrator, closed(monkeypatch, call), "3 1 4")
    assert refusal.value.facts["names"] == ["D-001"]


def test_everybody_reads_what_will_draw_the_lot_then_what_it_gave(
    desk: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, handed, _jury = _tied(administrator, monkeypatch)
    assert f"Le sort viendra de : {DICE}." in text(Client().get(url("call", call.pk)))
    page = text(desk.get(url("deliberate", call.pk)))
    assert "D-001, D-002 : le sort dira qui est financé" in page and DICE in page
    page = text(desk.post(url("draw", call.pk), {"words": "3 1 4"}, follow=True))
    assert "Le sort a été tiré de « 3 1 4 »" in page and "Inscrire le tirage" not in page
    first = drawn_order(["D-001", "D-002"], "3 1 4")[0]
    _decide(administrator, call, handed, *("funded" if one.reference == first else "refused" for one in handed))
    told = text(Client().get(url("call", call.pk)))
    assert "Le sort a été tiré de « 3 1 4 »" in told and DICE in told and f"Rien ne séparait {first}, " in told
