"""Exchanges for programs: groups of communes, distances of one's own, words that nobody reads."""

import io
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

GROUP, WAYS = "communes=26108,26113,26289&nom=Vallée", "de;vers;km\n29;22;60,5\n29;56;80\n22;56;90\n"


def sent(client: Client, address: str, text: str) -> tuple[int, dict[str, Any]]:
    answer = client.post(address, {"distances": io.BytesIO(text.encode())})
    return answer.status_code, answer.json()


def test_a_group_of_communes_is_asked_about_as_a_territory_is(client: Client) -> None:
    told = client.get(f"/api/exchanges/groups?{GROUP}").json()
    assert told["level"] == "EPCI" and told["proofs"]["cereals"]["proved"] is True
    assert "Vallée" in {row["receiver_name"] for row in told["flows"]} | {row["giver_name"] for row in told["flows"]}
    told = client.get(f"/api/exchanges/groups/rules?{GROUP}&good=cereals&fair_km=100").json()
    assert [one["rule"] for one in told["answers"]] == ["fair_km"]
    assert client.get("/api/exchanges/groups?communes=nulle").status_code == 404


def test_distances_of_ones_own_are_sent_read_and_forgotten(client: Client) -> None:
    status, told = sent(client, "/api/exchanges/DEP/29/distances?level=DEP&good=cereals&most_from_one=0.5", WAYS)
    assert status == 200 and told["proofs"]["cereals"]["proved"] is True
    assert {row["distance_km"] for row in told["flows"]} <= {60.5, 80.0, 90.0}
    assert [one["rule"] for one in told["rules"]["cereals"]] == ["most_from_one"]
    assert len(client.get("/api/exchanges/DEP/29?level=DEP").json()["flows"]) != len(told["flows"])


def test_a_group_sends_its_own_distances(client: Client) -> None:
    # the group takes the place of what it cuts, under the code it has in the answer
    code = client.get(f"/api/exchanges/groups?{GROUP}&level=DEP").json()["territory"].partition(":")[2]
    status, told = sent(
        client,
        f"/api/exchanges/groups/distances?{GROUP}&level=DEP&good=cereals",
        f"from,to,km\n{code},26,10\n{code},38,70\n",
    )
    assert status == 200 and {row["distance_km"] for row in told["flows"]} <= {10.0, 70.0}


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("de;vers;km\n29;22;-4\n", 409, "Ligne 2, de 29 à 22"),
        ("de;vers;km\n29;22;loin\n", 400, "Ligne 2, de 29 à 22"),
        ("de;vers;km\n29;XX;4\n", 404, "Ligne 2"),
        ("de;km\n29;22\n", 400, "Ligne 1"),
        ("", 400, "vide"),
    ],
)
def test_a_matrix_with_a_mistake_names_the_line_and_the_pair(client: Client, text: str, status: int, told: str) -> None:
    answer = sent(client, "/api/exchanges/DEP/29/distances?level=DEP&good=cereals", text)
    assert answer[0] == status and told in answer[1]["error"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/exchanges/EPCI/200067254?lvel=DEP",
        "/api/exchanges/EPCI/200067254/rules?good=cereals&fair=100",
        f"/api/exchanges/groups?{GROUP}&levels=DEP",
        "/api/exchanges/EPCI/200067254?" + "&".join(13 * ["with=EPCI:200067262"]),
    ],
)
def test_a_word_that_nobody_reads_and_too_many_partners_are_refused(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 422 and answer.json()["error"]


def test_a_partner_that_merged_is_the_one_it_is_today(client: Client) -> None:
    told = client.get("/api/exchanges/EPCI/200067254?with=EPCI:200067262").json()["partners"]
    assert [row["code"] for row in told] == ["200067262"]
    former = client.get("/cooperer/COM/49321/?avec=EPCI:200067262")
    assert former.status_code == 302 and "49321" not in former["Location"].partition("?")[0]
