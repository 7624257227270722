"""Shocks for programs: ask, follow, read, stop, put again; and what the description of the API says."""

from typing import Any

import pytest
from django.test import Client

from ressort.web.resilience import worker
from ressort.web.resilience.models import StressRun

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"territory": "CC Fumel Vallée du Lot", "shocks": ["power_cut"], "levers": ["storage"], "runs": 4, "days": 60}


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(f"/api/shocks{address}", body, content_type="application/json")


def test_a_program_asks_follows_reads_and_puts_the_same_question_again(client: Client) -> None:
    begun = post(client, "", ASKED)
    told = begun.json()
    assert begun.status_code == 202 and told["state"] == "waiting" and told["total"] == 8 and told["digest"] == ""
    early = client.get(f"/api/shocks/{told['token']}/result")
    assert early.status_code == 422 and early.json()["facts"]["state"] == "waiting"
    assert worker.once()
    done = client.get(f"/api/shocks/{told['token']}").json()
    assert done["state"] == "done" and done["done"] == 8 and done["digest"]
    answer = client.get(f"/api/shocks/{told['token']}/result").json()
    assert answer["provenance"]["digest"] == done["digest"] and len(answer["curves"]["median"][0]) == 60
    rows = client.get(f"/api/shocks/{told['token']}/tables/quantities").json()["rows"]
    assert {"fuels", "health", "mobility"} <= {row["need"] for row in rows}
    again = post(client, "/replay", answer).json()
    assert again["token"] == told["token"] and again["differing"] == [] and again["told"]["digest"] == again["digest"]
    assert client.get(done["page"]).status_code == 200


def test_only_who_holds_the_key_stops_a_question(client: Client) -> None:
    told = post(client, "", ASKED).json()
    address = f"/api/shocks/{told['token']}"
    assert client.delete(address).status_code == 403
    assert client.delete(address, headers={"X-Stop-Key": "é" * 32}).status_code == 403
    assert StressRun.objects.get().state == "waiting"
    stopped = client.delete(address, headers={"X-Stop-Key": told["stop_key"]})
    assert stopped.status_code == 200 and stopped.json()["state"] == "cancelled"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"shocks": ["meteor"]}, 404), ({"territory": "Nulle-Part-sur-Rien"}, 404), ({"days": 5}, 409), ({"runs": 501}, 409), ({"shocks": []}, 422),
        ({"runs": "many"}, 422), ({"shocks": ["epidemic"]}, 409), ({"intensity": ["flood=2"]}, 400), ({"weights": [1, 2]}, 409), ({"weights": [0] * 12}, 409),
        ({"weights": [-1] + [1] * 11}, 409), ({"lever": ["storage"]}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(client: Client, words: dict[str, Any], status: int) -> None:
    refused = post(client, "", ASKED | words)
    assert refused.status_code == status and refused.json()["error"]
    assert not StressRun.objects.exists()


def test_a_file_that_is_no_answer_and_a_token_that_nothing_bears_are_refused(client: Client) -> None:
    assert post(client, "/replay", {"request": 3}).status_code == 400
    assert client.get("/api/shocks/0123456789abcdef").status_code == 404
    assert client.delete("/api/shocks/0123456789abcdef").status_code == 404


def test_the_library_speaks_both_languages_and_the_description_holds_every_address(client: Client) -> None:
    french, english = (client.get(f"/api/shocks/library?lang={code}").json() for code in ("fr", "en"))
    assert french["shocks"][0]["title"] != english["shocks"][0]["title"] and french["levers"][0]["cost_eur_per_people"]
    paths = client.get("/api/openapi.json").json()["paths"]
    told = {address: set(words) for address, words in paths.items() if address.startswith("/api/shocks")}
    assert told == {
        "/api/shocks": {"post"}, "/api/shocks/library": {"get"}, "/api/shocks/replay": {"post"}, "/api/shocks/{token}": {"get", "delete"},
        "/api/shocks/{token}/result": {"get"}, "/api/shocks/{token}/tables/{name}": {"get"},
    }  # fmt: skip
