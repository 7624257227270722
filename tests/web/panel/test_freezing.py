"""A freeze in the background: one at a time, taken again after a kill, stopped, given up."""

import threading
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.panel.clock import HOUR
from tests.web.panels import closed_panel

from ressort.core.errors import RuleBroken
from ressort.web.panel import drawing, freezing
from ressort.web.panel.models import Freezing, Panel


def ask_to_freeze(by: Any, panel: Panel) -> Freezing:
    """A freeze that waits."""
    return freezing.ask(by, panel, "trois dés", timezone.now() + HOUR)


def test_one_freeze_at_a_time_is_asked_for_a_panel(administrator: Any) -> None:
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    with pytest.raises(RuleBroken, match="already going on"):
        ask_to_freeze(administrator, panel)


def test_a_freeze_whose_worker_was_killed_is_taken_again_and_seals_once(administrator: Any) -> None:
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    dead = freezing.queue.take()
    assert dead is not None and not freezing.once()
    Freezing.objects.update(seen_at=timezone.now() - HOUR)
    assert freezing.queue.revive() == 1 and freezing.once()
    assert panel.draws.count() == 1
    # the first worker was only asleep: its word no longer counts
    assert not freezing.queue.end(dead, Freezing.State.FAILED, "late")
    assert Freezing.objects.get().state == "done"


def test_a_freeze_interrupted_three_times_fails_and_says_so(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    for _time in range(3):
        assert freezing.queue.take() is not None
        Freezing.objects.update(seen_at=timezone.now() - HOUR)
        freezing.queue.revive()
    assert not freezing.once() and not panel.draws.exists()
    assert "interrompu trois fois" in client.get(reverse("panel:freeze", args=[panel.pk])).content.decode()


def test_a_freeze_is_stopped_while_it_waits_or_while_it_searches(
    client: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    client.post(reverse("panel:stop_freezing", args=[panel.pk]))
    assert not freezing.once()
    running = ask_to_freeze(administrator, panel)
    prepared = drawing.prepare

    def stopped_meanwhile(*words: Any) -> Any:
        freezing.cancel(administrator, running)
        return prepared(*words)

    monkeypatch.setattr(drawing, "prepare", stopped_meanwhile)
    assert freezing.once() and not panel.draws.exists()
    assert {job.state for job in Freezing.objects.all()} == {"cancelled"}


def test_a_freeze_waits_again_when_the_server_stops(administrator: Any) -> None:
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    stop = threading.Event()
    stop.set()
    assert freezing.once(stop) and Freezing.objects.get().state == "waiting"
    assert freezing.once() and panel.draws.exists()


def test_nothing_is_sealed_when_a_volunteer_comes_or_leaves_during_the_search(
    client: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    prepared = drawing.prepare

    def someone_leaves(*words: Any) -> Any:
        ready = prepared(*words)
        panel.volunteers.first().delete()  # type: ignore[union-attr]
        return ready

    monkeypatch.setattr(drawing, "prepare", someone_leaves)
    ask_to_freeze(administrator, panel)
    assert freezing.once() and not panel.draws.exists()
    assert "ont changé pendant la recherche" in client.get(reverse("panel:freeze", args=[panel.pk])).content.decode()


def test_an_impossible_freeze_says_what_to_loosen(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    panel.quotas.filter(value="Femme").update(least=10, most=10)
    panel.quotas.filter(value="Homme").update(least=3, most=6)
    ask_to_freeze(administrator, panel)
    assert freezing.once() and not panel.draws.exists()
    assert "desserrer" in client.get(reverse("panel:freeze", args=[panel.pk])).content.decode()
