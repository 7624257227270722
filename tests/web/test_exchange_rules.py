"""Other rules on the web: answered at once or told step by step, stopped by who waits, refused in words, kept for a day."""

import io
import json
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from ressort.core.errors import RuleBroken
from ressort.core.exchanges import Watch
from ressort.exchanges import Answer, Play
from ressort.web.exchanges import rule_jobs
from ressort.web.exchanges.aside import Aside, Told

pytestmark = pytest.mark.django_db

PAU = "/cooperer/EPCI/200067254/"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, an answer is waited for."""
    monkeypatch.setattr(rule_jobs, "PATIENCE_S", 120.0)


def test_a_person_asks_other_rules_and_reads_what_each_changes(client: Client) -> None:
    html = client.get(PAU + "regles/").content.decode()
    assert "Au plus tant du besoin" in html and "<section>" not in html
    asked = {"bien": "cereals", "part": "20", "equite": "100", "choc": "drought", "actuels": "radiation", "solde": "10"}
    html = client.get(PAU + "regles/", asked).content.decode()
    assert html.count("<section>") == 5 and "(estimation)" in html
    assert "Plus grande part d’un même partenaire" in html and "20,0" in html and 'value="20"' in html
    assert f'href="{PAU}regles/"' in client.get(PAU).content.decode()


@pytest.mark.parametrize("words", ["part=beaucoup", "part=0", "equite=-4", "choc=pluie", "actuels=loin", "solde=300"])
def test_a_rule_out_of_range_is_told_in_words(client: Client, words: str) -> None:
    answer = client.get(f"{PAU}regles/?{words}")
    assert answer.status_code in (400, 404, 409, 422) and "Traceback" not in answer.content.decode()


def test_a_matrix_of_ones_own_is_read_and_forgotten(client: Client) -> None:
    lines = "de;vers;km\n29;22;60,5\n29;56;80\n22;56;90\n"
    sent = {"bien": "cereals", "distances": io.BytesIO(lines.encode())}
    html = client.post("/cooperer/DEP/29/regles/?echelle=DEP", sent).content.decode()
    assert "3 territoires sont dans votre matrice" in html
    sent = {"bien": "cereals", "distances": io.BytesIO(b"de;vers;km\n29;22;loin\n")}
    refused = client.post("/cooperer/DEP/29/regles/?echelle=DEP", sent)
    assert refused.status_code == 400 and "Ligne 2" in refused.content.decode()
    sent = {"bien": "cereals", "distances": io.BytesIO(b"\xff\xfe\x00")}
    assert client.post("/cooperer/DEP/29/regles/?echelle=DEP", sent).status_code == 400


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PAR1" + bytes(40), "Le fichier est un fichier Parquet"),
        (b"\xff\xfe\x00", "Le fichier n’est pas un texte en UTF-8"),
        (b"de;vers;km\n", "aucune paire"),
        (b" \n;;\n", "vide"),
        (b"de|vers|km\n29|22|4\n", "points-virgules"),
        (b"de,vers,km\n29,22,60,5\n", "Ligne 2"),
        (None, "Aucun fichier"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words_on_the_page_and_for_programs(
    client: Client, content: bytes | None, told: str
) -> None:
    sent = {"bien": "cereals"} | ({"distances": io.BytesIO(content)} if content is not None else {})
    page = client.post("/cooperer/DEP/29/regles/?echelle=DEP", sent)
    assert page.status_code == 400 and told in page.content.decode()
    if content is not None:
        sent = {"distances": io.BytesIO(content)}
        answer = client.post("/api/exchanges/DEP/29/distances?level=DEP&good=cereals", sent)
        assert answer.status_code == 400 and told in answer.json()["error"]


class _Slow:
    """A rule of many steps, which waits at its second one until it is let go."""

    def __init__(self) -> None:
        self.reached, self.go, self.ended = threading.Event(), threading.Event(), threading.Event()

    def answer(self, watch: Watch) -> Answer:
        try:
            watch(1, float("nan"))
            self.reached.set()
            assert self.go.wait(60)
            for step in range(2, 5):
                watch(step, -3.0)
            raise RuleBroken("A detour of {ratio} is shorter than the straight line: give 1 or more.", ratio=0.5)
        finally:
            self.ended.set()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Slow]:
    """Fairness, as slow as one likes, and a reader without patience."""
    made = _Slow()
    monkeypatch.setattr(rule_jobs, "PATIENCE_S", 0.0)
    monkeypatch.setattr("ressort.web.exchanges.rules.plays", lambda *_asked: [Play("fair_km", made.answer)])
    yield made
    made.go.set()


def _ended(token: str) -> None:
    for thread in threading.enumerate():
        if thread.name == f"exchanges-{token}":
            thread.join(60)


def _under_way(client: Client, address: str, slow: _Slow) -> str:
    """Asks a slow question and gives its token, once it is at work."""
    html = client.get(address).content.decode()
    assert slow.reached.wait(60) and "<h2>En cours</h2>" in html and 'name="arreter"' in html
    return html.split('hx-get="?etat=')[1].split('"')[0]


def test_a_slow_rule_tells_its_steps_and_stops_when_asked_with_nothing_kept(client: Client, slow: _Slow) -> None:
    address = PAU + "regles/?bien=sugar&equite=150"
    token = _under_way(client, address, slow)
    again = client.get(address).content.decode()
    assert "Partagé équitablement" in again and "étape" in again and 'http-equiv="refresh"' in again
    part = client.get(PAU + f"regles/?etat={token}", headers={"hx-request": "true"}).content.decode()
    assert "étape" in part and "<html" not in part
    assert client.post(address, {"arreter": token})["Location"] == address
    slow.go.set()
    _ended(token)
    assert client.get(PAU + f"regles/?etat={token}", headers={"hx-request": "true"})["HX-Refresh"] == "true"
    stopped = client.get(address).content.decode()
    assert "a été arrêté" in stopped and 'value="150"' in stopped and "En cours" not in stopped
    assert rule_jobs.known(token) is None


def test_a_slow_rule_that_is_refused_says_why_beside_the_form(client: Client, slow: _Slow) -> None:
    address = PAU + "regles/?bien=sugar&equite=151"
    token = _under_way(client, address, slow)
    slow.go.set()
    _ended(token)
    refused = client.get(address)
    assert refused.status_code == 409 and "plus court que la ligne droite" in refused.content.decode()
    assert 'value="151"' in refused.content.decode()


def test_a_slow_matrix_has_an_address_that_keeps_its_answer(client: Client, slow: _Slow) -> None:
    lines = "de;vers;km\n29;22;60,5\n29;56;80\n22;56;91\n"
    sent = {"bien": "cereals", "equite": "100", "distances": io.BytesIO(lines.encode())}
    told = client.post("/cooperer/DEP/29/regles/?echelle=DEP", sent)
    assert told.status_code == 302 and "calcul=" in told["Location"] and "equite=100" in told["Location"]
    token = told["Location"].split("calcul=")[1].split("&")[0]
    slow.go.set()
    _ended(token)
    assert "plus court que la ligne droite" in client.get(told["Location"]).content.decode()
    (rule_jobs.aside_of(token).folder / f"{token}.answer").unlink()
    assert "n’est plus gardée" in client.get(told["Location"]).content.decode()


def test_a_computation_whose_process_died_is_not_under_way(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ressort.web.exchanges.aside.data_folder", lambda: tmp_path)
    aside = Aside("rules", "0" * 32)
    aside.tell(Told(1, 2.0))
    assert aside.told == Told(1, 2.0)
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    held = json.loads((aside.folder / f"{aside.name}.json").read_text())
    (aside.folder / f"{aside.name}.json").write_text(json.dumps(held | {"pid": child}))
    assert aside.told is None


def test_too_many_questions_at_once_are_told_to_come_back(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ressort.web.exchanges.aside.data_folder", lambda: tmp_path)
    for number in range(rule_jobs.MOST_WAITING):
        Aside("rules", f"{number:032x}").tell(Told(1, 0.0))
    with pytest.raises(RuleBroken):
        rule_jobs.ask("f" * 32, lambda _aside: {})
