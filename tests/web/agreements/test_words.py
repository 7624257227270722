"""What an agreement says on its pages and in its files, and what it refuses in words."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.web.agreements.terms import BREST, PAU, TERMS, line_words, posted

from ressort.web.exchanges import actions, agreements
from ressort.web.exchanges.models import Agreement, Party

pytestmark = pytest.mark.django_db


def test_files_say_what_the_page_says(client: Client, administrator: Any, agreement: Agreement) -> None:
    actions.show(administrator, agreement, True)
    address = f"/accord/{agreement.pk}/"
    for name in ("accord.pdf", "volet-crte.pdf"):
        assert client.get(address + name).content.startswith(b"%PDF-")
    told = json.loads(client.get(address + "accord.json").content)
    assert told == client.get(f"/api/agreements/{agreement.pk}").json()
    assert told["lines"][0]["value_per_year_cents"] == 4_002_000 and told["balance"][0]["holds"]
    assert "Plaquettes" in client.get(address + "lignes.csv").content.decode()
    assert client.get(address + "autre.csv").status_code == 404
    listed = client.get("/api/agreements?territory=EPCI:200067262").json()
    assert listed["total"] == 1 and client.get("/api/agreements?territory=EPCI:200067197").json()["total"] == 0
    assert "/api/agreements/{agreement_id}" in client.get("/api/openapi.json").json()["paths"]


@pytest.mark.parametrize(("words", "told"), [("state=signé", "terminated"), ("etat=signed", "territory")])
def test_a_state_or_a_word_that_programs_write_wrong_is_told(client: Client, db: None, words: str, told: str) -> None:
    answer = client.get(f"/api/agreements?{words}")
    assert answer.status_code in (404, 422) and told in answer.content.decode()
    assert client.get("/api/agreements?state=signed").json()["total"] == 0


def test_a_cell_never_becomes_a_formula(client: Client, administrator: Any, agreement: Agreement) -> None:
    pau, oloron = agreement.parties.all()
    actions.write_line(
        administrator, agreement, agreement.version, **line_words(what="=1+1", giver=oloron, receiver=pau)
    )
    client.force_login(administrator)
    assert "'=1+1" in client.get(f"/accord/{agreement.pk}/lignes.csv").content.decode()


def test_a_commune_that_merged_says_what_it_is_today(client: Client, administrator: Any) -> None:
    assert agreements.place_named("01003").code == "01003"
    held = actions.create_agreement(administrator, [PAU, agreements.place_named("01003")], **TERMS)
    assert agreements.became(held.parties.last()).startswith(
        "Le code 01003 désigne aujourd’hui Amblagnieu"
    ) or "01165" in agreements.became(held.parties.last())
    merged = Party.objects.create(agreement=held, kind="EPCI", code="241200658", name="CC Lévézou-Pareloup")
    assert "CC du Lévézou" in agreements.became(merged)


@pytest.mark.parametrize("name", ["994579670", "Paux", "Saint-Denis"])
def test_a_party_that_cannot_be_named_is_told_in_words(client: Client, administrator: Any, name: str) -> None:
    client.force_login(administrator)
    words = {"territory": PAU.key, "partner": name, "tolerance_bp": "10", "shadow_rate_cents": "0,10"}
    answer = client.post("/accord/nouveau/", TERMS | words)
    assert answer.status_code == 200 and 'class="error-summary"' in answer.content.decode()
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"quantity": "0"}, {"quantity": "-3"}, {"quantity": "beaucoup"}, {"unit_value_cents": "3,999"}, {"basis": "shadow"}, {"first_year": "1999"},
        {"giver": "0"}, {"what": ""}, {"event": "pluie de grenouilles"}, {"basis": "shadow", "good": "wood"}, {"unit_value_cents": "99999999999"},
    ],
)  # fmt: skip
def test_a_wrong_line_is_told_and_nothing_is_kept(
    client: Client, administrator: Any, agreement: Agreement, more: dict[str, str]
) -> None:
    client.force_login(administrator)
    answer = client.post(f"/accord/{agreement.pk}/lignes/", posted(agreement, **more))
    assert answer.status_code == 200 and 'class="error-summary"' in answer.content.decode()
    assert agreement.lines.count() == 2 and Agreement.objects.get().version == agreement.version


def test_a_line_from_a_party_to_itself_is_refused(client: Client, administrator: Any, agreement: Agreement) -> None:
    client.force_login(administrator)
    pau = agreement.parties.first()
    assert (
        "autre destinataire"
        in client.post(
            f"/accord/{agreement.pk}/lignes/", posted(agreement, giver=pau.pk, receiver=pau.pk)
        ).content.decode()
    )


def test_parties_and_indicators_come_and_go(client: Client, administrator: Any, agreement: Agreement) -> None:
    client.force_login(administrator)
    address = f"/accord/{agreement.pk}/changer/"

    def send(**words: Any) -> str:
        agreement.refresh_from_db()
        return str(client.post(address, {"version": agreement.version} | words, follow=True).content.decode())

    assert "a rejoint le brouillon" in send(do="add_party", **{"party-partner": "200067288"})
    assert "est déjà partie" in send(do="add_party", **{"party-partner": "200067288"})
    assert "donne ou reçoit encore" in send(do="remove_party", row=agreement.parties.first().pk)
    assert "est retirée" in send(do="remove_party", row=agreement.parties.last().pk)
    assert "L’indicateur est dans" in send(
        do="add_indicator",
        **{
            "indicator-label": "Emplois",
            "indicator-target": "12,5",
            "indicator-unit": "ETP",
            "indicator-target_year": "2030",
        },
    )
    assert "retiré" in send(do="remove_indicator", row=agreement.indicators.first().pk)
    assert send(do="rien") and agreement.lines.count() == 2


def test_a_rate_that_changes_moves_shadow_prices_and_nothing_else(administrator: Any, agreement: Agreement) -> None:
    pau, oloron = agreement.parties.all()
    line = actions.write_line(
        administrator, agreement, agreement.version, **line_words(theme="food", good="cereals", basis="shadow", unit_value_cents=0, giver=oloron, receiver=pau)
    )  # fmt: skip
    agreement.refresh_from_db()
    assert line.unit_value_cents == (line.price_km or 0) * 10
    actions.change_terms(administrator, agreement, agreement.version, shadow_rate_cents=25)
    line.refresh_from_db()
    assert line.unit_value_cents == (line.price_km or 0) * 25
    agreement.refresh_from_db()
    assert actions.refresh_prices(administrator, agreement, agreement.version) == 0


def test_wood_without_a_value_is_refused_and_nothing_is_written(client: Client, mayor_of_brest: Any) -> None:
    client.force_login(mayor_of_brest)
    words = TERMS | {
        "territory": BREST, "partner": "242900744", "drawn_bp": "10", "tolerance_bp": "10", "shadow_rate_cents": "0,10",
        "wood_given_mwh": "500",
    }  # fmt: skip
    html = client.post("/accord/nouveau/", words).content.decode()
    assert "Dites ce que vaut un mégawattheure" in html and not Agreement.objects.exists()
    html = client.post("/accord/nouveau/", words | {"drawn_bp": "", "mwh_value_cents": "30"}).content.decode()
    assert "dites quelle part" in html and not Agreement.objects.exists()


def test_the_agreements_of_one_territory_are_listed_and_the_others_are_not(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    client.force_login(administrator)
    html = client.get("/accords/?territoire=EPCI:200067262").content.decode()
    assert agreement.title in html and "Ceux de" in html
    assert agreement.title not in client.get("/accords/?territoire=EPCI:242600252").content.decode()
    assert client.get("/accords/?territoire=EPCI:999").status_code == 404
    assert client.get("/accords/?territoire=zzz").status_code == 404


@pytest.mark.parametrize(("kept", "shown"), [(1000, "10"), (10_000, "100"), (250, "2,5"), (205, "2,05"), (0, "0")])
def test_a_percentage_is_shown_as_it_was_written(kept: int, shown: str) -> None:
    from ressort.web.exchanges.forms import PercentField

    assert PercentField().prepare_value(kept) == shown
