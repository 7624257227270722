"""An emptied seat goes to a substitute that the draw named, in public, before anything is drawn again."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.panel.clock import HOUR, Later

from ressort.core.errors import RuleBroken
from ressort.verifiers import panel_draw
from ressort.web.panel import access, drawing, queries, seating
from ressort.web.panel.models import Draw, Seat


def test_an_emptied_seat_goes_to_the_first_substitute_who_keeps_the_quotas(
    client: Client, administrator: Any, drawn: Draw
) -> None:
    client.force_login(administrator)
    panel, seat = drawn.panel, Seat.objects.first()
    named = json.loads(drawn.transcript)["reserves"]
    assert len(named) == panel.seats
    reserve = panel.volunteers.get(number=named[0])
    assert "Place 1 " in Client().get(reverse("panel:mine", args=[access.key_of(reserve)])).content.decode()
    call = reverse("panel:substitute", args=[panel.pk, seat.pk])
    with pytest.raises(RuleBroken):
        drawing.call_substitute(administrator, seat)
    drawing.answer_seat(seat, "declined", by=administrator)
    assert call in client.get(reverse("panel:seats", args=[panel.pk])).content.decode()
    client.post(call)
    client.post(call)
    made = Seat.objects.get(replaces=seat)
    assert made.volunteer.number in named and seating.vacancies(panel) == 0
    held = [one.volunteer for one in Seat.objects.filter(draw__panel=panel, state__in=Seat.HELD)]
    for quota in panel.quotas.all():
        assert quota.least <= sum(one.answers[quota.criterion] == quota.value for one in held) <= quota.most
    text = Client().get(reverse("panel:page", args=[panel.pk])).content.decode()
    assert f"numéro {made.volunteer.number}" in text and ", ".join(map(str, named)) in text
    assert client.get(f"/api/panels/{panel.pk}").json()["draws"][0]["reserves"] == named
    assert list(panel_draw.steps(drawn.transcript.encode()))[-1] == "tirage"


def test_substitutes_are_called_one_after_another_then_seats_are_drawn_again(
    administrator: Any, drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, seat, calls = drawn.panel, Seat.objects.first(), 0
    while True:
        drawing.answer_seat(seat, "declined", by=administrator)
        try:
            seat = drawing.call_substitute(administrator, seat)
        except RuleBroken:
            break
        calls += 1
    assert 0 < calls <= panel.seats
    monkeypatch.setattr(drawing, "timezone", Later(3 * HOUR))
    again = drawing.freeze(administrator, panel, "dés", timezone.now() + 4 * HOUR)
    with pytest.raises(RuleBroken):
        drawing.call_substitute(administrator, seat)
    monkeypatch.setattr(drawing, "timezone", Later(5 * HOUR))
    drawing.draw(administrator, again, {"source": "digits", "digits": "007"})
    assert Seat.objects.get(replaces=seat).draw == again and not seating.emptied(panel).exists()


def test_the_data_of_substitutes_are_kept_as_long_as_those_of_members(
    administrator: Any, drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = drawn.panel
    monkeypatch.setattr(queries, "today", lambda: panel.pool_purge_on)
    drawing.purge()
    kept = set(panel.volunteers.filter(purged_at__isnull=True).values_list("number", flat=True))
    transcript = json.loads(drawn.transcript)
    assert kept == {*transcript["result"], *transcript["reserves"]}
