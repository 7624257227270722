"""Shocks on screen: ask once, follow, stop, survive a restart, read, take away."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.reference.resilience_library import needs
from ressort.resilience import Request, replay
from ressort.web.resilience import actions, queries, worker
from ressort.web.resilience.models import StressRun

pytestmark = pytest.mark.django_db(transaction=True)
CHOOSE = "/choc/EPCI/200068930/"
ASKED = {"choc": ["power_cut"], "levier": ["community_energy"], "tirages": "50", "jours": "120", "graine": "2026"}
State = StressRun.State


def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few runs, so that a test is short."""
    from ressort.web.resilience.forms import StressForm

    monkeypatch.setattr(
        StressForm.base_fields["tirages"], "choices", [(4, "4"), (50, "50"), (200, "200"), (500, "500")]
    )


def request(**words: Any) -> Request:
    return Request("EPCI:200068930", ("power_cut",), **({"runs": 4, "days": 60} | words)).checked()


def done(client: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an answer."""
    few(monkeypatch)
    address = str(client.post(CHOOSE, ASKED | {"tirages": "4"})["Location"])
    assert worker.once() and not worker.once()
    return address


def test_asking_leads_to_an_address_that_keeps_the_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = client.get(CHOOSE).content.decode()
    assert "Coupure d’électricité" in page and 'name="levier"' in page and "csrfmiddlewaretoken" in page
    few(monkeypatch)
    answer = client.post(CHOOSE, ASKED | {"tirages": "4"})
    assert answer.status_code == 302
    waiting = client.get(answer["Location"]).content.decode()
    assert 'http-equiv="refresh"' in waiting and "hx-get" in waiting
    assert worker.once()
    page = client.get(answer["Location"]).content.decode()
    for words in ("Récit de choc", "premier goulot", "juin 2035", "Personnes", "locator"):
        assert words.lower() in page.lower(), words
    run = StressRun.objects.get()
    assert (
        run.state == State.DONE
        and run.digest
        and run.seed == 2026
        and run.vintage in page
        and run.done == run.total == 8
    )


def test_the_same_question_is_played_once_and_keeps_its_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = done(client, monkeypatch)
    assert client.post(CHOOSE, ASKED | {"tirages": "4"})["Location"] == address
    assert not worker.once() and StressRun.objects.count() == 1
    assert client.post(CHOOSE, ASKED | {"tirages": "4", "graine": "7"})["Location"] != address


def test_another_browser_reads_the_answer_in_english(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = done(client, monkeypatch)
    page = Client().get(f"/en{address}").content.decode()
    assert "Story of the shock" in page and "Power cut" in page


def test_the_slider_is_a_form_and_the_map_has_a_list(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = done(client, monkeypatch)
    page = client.get(f"{address}?jour=11&besoin=electricity").content.decode()
    assert 'type="range"' in page and "lack-4" in page and "Fumel" in page
    for odd in ("jour=99999", "jour=-3", "jour=x", "besoin=gold", "jour=%C2%B2"):
        assert client.get(f"{address}?{odd}").status_code == 200


def test_everything_can_be_taken_away_and_replayed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = done(client, monkeypatch)
    assert client.get(f"{address}annexe.pdf").content[:5] == b"%PDF-"
    caution, annex = client.get(f"{address}annexe.csv").content.decode().split("\n", 1)
    assert "est une hypothèse" in caution and "\nBesoins menacés,Besoin," in annex
    assert client.get(f"{address}continuite.pdf").content[:5] == b"%PDF-"
    for name in ("continuity", "needs", "curves", "levers", "metrics", "hypotheses"):
        assert client.get(f"{address}{name}.csv").status_code == 200
    told = json.loads(client.get(f"{address}reponse.json").content)
    assert replay(json.dumps(told))[1] == []
    assert b"<svg" in client.get(f"{address}courbe/electricity.svg?theme=dark").content
    for lost in ("weather.csv", "courbe/gold.svg", "courbe/water.svg?theme=pink", "annexe.doc"):
        assert client.get(f"{address}{lost}").status_code == 404


def test_mistakes_in_the_form_are_told(client: Client) -> None:
    for wrong in (
        {"choc": []},
        {"choc": ["meteor"]},
        {"tirages": "100000"},
        {"graine": "-1"},
        {"choc": list("abcdef")},
    ):
        answer = client.post(CHOOSE, ASKED | wrong)
        assert answer.status_code == 400 and "error-summary" in answer.content.decode()
    zero = {f"poids_{need.name}": "0" for need in needs()}
    assert client.post(CHOOSE, ASKED | zero).status_code == 400
    abroad = client.post("/choc/BE_COM/61003/", ASKED | {"avec": "Pau"})
    assert abroad.status_code == 400 and "deux pays" in abroad.content.decode()
    assert (
        client.get("/choc/EPCI/1/").status_code == 404
        and client.get("/choc/resultat/0123456789abcdef/").status_code == 404
    )


def test_a_group_of_communes_can_be_stressed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch)
    answer = client.post("/choc/groupe/?communes=26108,26113&nom=Nous", ASKED | {"tirages": "4", "levier": []})
    assert answer.status_code == 302 and worker.once()
    assert client.get(answer["Location"]).status_code == 200


def test_only_who_asked_may_stop_and_a_waiting_question_stops_at_once(client: Client) -> None:
    address = client.post(CHOOSE, ASKED)["Location"]
    assert Client().post(f"{address}arreter/").status_code == 403
    assert client.get(f"{address}arreter/").status_code == 405
    assert client.post(f"{address}arreter/").status_code == 302
    assert StressRun.objects.get().state == State.CANCELLED and not worker.once()
    assert client.post(CHOOSE, ASKED)["Location"] == address and StressRun.objects.get().state == State.WAITING


def test_a_running_question_stops_at_its_next_progress() -> None:
    run = actions.ask(request(), "here")
    taken = actions.take()
    assert taken is not None and actions.progress(taken, 1)
    actions.stop(run)
    assert not actions.progress(taken, 2)
    actions.give_up(taken)
    run.refresh_from_db()
    assert run.state == State.CANCELLED


def test_a_question_whose_worker_died_is_played_by_the_next_one() -> None:
    run = actions.ask(request(), "here")
    dead = actions.take()
    assert dead is not None and actions.take() is None and actions.revive() == 0
    StressRun.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    assert actions.revive() == 1 and worker.once()
    actions.finish(dead, b"late", "late")
    run.refresh_from_db()
    assert run.state == State.DONE and run.digest != "late" and run.attempts == 2


def test_a_question_interrupted_three_times_fails_with_its_reason() -> None:
    run = actions.ask(request(), "here")
    for _ in range(3):
        assert actions.take() is not None
        StressRun.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
        actions.revive()
    run.refresh_from_db()
    assert run.state == State.FAILED and run.message


def test_a_server_that_stops_puts_its_question_back() -> None:
    run, stop = actions.ask(request(), "here"), threading.Event()
    stop.set()
    assert worker.once(stop)
    run.refresh_from_db()
    assert run.state == State.WAITING


def test_a_fault_of_ours_is_told_and_does_not_stop_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    run = actions.ask(request(), "here")
    monkeypatch.setattr(worker, "answer", lambda *words, **more: 1 / 0)
    assert worker.once()
    run.refresh_from_db()
    assert run.state == State.FAILED and run.message


def test_the_thread_of_the_server_plays_what_waits_and_ends_when_told() -> None:
    run, stop = actions.ask(request(), "here"), threading.Event()
    thread = worker.start(stop)
    for _ in range(600):
        run.refresh_from_db()
        if run.is_over:
            break
        stop.wait(0.1)
    stop.set()
    thread.join(10)
    assert run.state == State.DONE and not thread.is_alive()


def test_the_queue_is_bounded_and_so_are_the_runs_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_WAITING", 1)
    actions.ask(request(), "here")
    with pytest.raises(RuleBroken):
        actions.ask(request(seed=3), "here")
    with pytest.raises(RuleBroken):
        actions.ask(request(runs=2000), "here")


def test_the_database_refuses_a_done_question_without_answer() -> None:
    run = actions.ask(request(), "here")
    with pytest.raises(IntegrityError), transaction.atomic():
        StressRun.objects.filter(pk=run.pk).update(state=State.DONE)


def test_an_answer_made_again_from_its_arrays_has_the_same_digest() -> None:
    run = actions.ask(request(levers=("storage", "community_energy")), "here")
    assert worker.once()
    run.refresh_from_db()
    assert queries.stress_of(run.token).digest == run.digest
    assert set(queries.stress_of(run.token).lever_effects) == {"storage", "community_energy", "together"}


def test_a_partner_and_an_own_table_are_asked_on_the_page_and_told_in_the_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch)
    form = client.get("/choc/tableau.csv")
    assert form["Content-Type"].startswith("text/csv") and form.content.startswith(b"\xef\xbb\xbforigin;branch;use")
    more = {"tirages": "4", "avec": "CC du Haut Béarn", "avance": "0"}
    sent = SimpleUploadedFile("tableau.csv", form.content)
    asked = client.post(CHOOSE, ASKED | more | {"tableau": sent})
    assert asked.status_code == 302 and worker.once()
    page = client.get(asked["Location"]).content.decode()
    assert "CC du Haut Béarn" in page and "tableau.csv" in page and "% en place" in page
    assert client.post(CHOOSE, ASKED | more)["Location"] != asked["Location"]
    bad = SimpleUploadedFile("faux.csv", form.content.replace(b"domestic;AZ;BZ;", b"domestic;AZ;BZ;-"))
    refused = client.post(CHOOSE, ASKED | {"tableau": bad})
    assert (
        refused.status_code == 400 and "faux.csv" in refused.content.decode() and "AZ → BZ" in refused.content.decode()
    )
    same = client.post(CHOOSE, ASKED | {"avec": "Béarn des Gaves; Oloron-Sainte-Marie; nulle part"})
    assert same.status_code == 400 and "nulle part" in same.content.decode()


def test_a_budget_finds_the_levers_in_the_background_and_the_page_tells_what_they_cost_and_avoid(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch)
    words = {"tirages": "4", "levier": ["storage", "community_energy", "local_currency"], "budget": "3000000"}
    asked = client.post(CHOOSE, ASKED | words)
    again = client.post(CHOOSE, ASKED | words | {"methode": "milp", "prudence": "0.2"})
    assert (
        asked["Location"] != again["Location"] and client.post(CHOOSE, ASKED | words)["Location"] == asked["Location"]
    )
    assert worker.once() and worker.once() and not worker.once()
    for address, method in ((asked["Location"], "greedy"), (again["Location"], "milp")):
        run = StressRun.objects.get(token=address.split("/")[-2])
        assert run.state == State.DONE and run.method == method and run.done == run.total
        found = run.portfolio
        assert found["cost_eur"] <= 3_000_000 and set(found["levers"]) <= set(words["levier"]) and found["sets"] > 1
        page = client.get(address).content.decode()
        assert "Avec 3" in page and 'id="budget"' in page
        assert run.request.levers == tuple(found["levers"])
    poor = client.post(CHOOSE, ASKED | words | {"budget": "1"})
    assert worker.once() and "Aucun ensemble de leviers" in client.get(poor["Location"]).content.decode()
    assert client.post(CHOOSE, ASKED | words | {"budget": "-5"}).status_code == 400
