"""An agreement between territories, from its draft to what was delivered."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.web.agreements.terms import BREST, OLORON, PAU, TERMS, YEAR, line_words, posted

from ressort.core.errors import RuleBroken
from ressort.web.exchanges import actions, agreements
from ressort.web.exchanges.models import Agreement, Line, Party, Signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db: None) -> Any:
    """Someone who administers the CC du Haut Béarn."""
    from ressort.web.people.models import Grant, Person

    person = Person.objects.create_user("oloron@example.fr", "Correct-Horse-9-Battery", name="Jean")
    Grant.objects.create(person=person, kind="EPCI", code="200067262", role="administrator")
    return person


def test_a_draft_is_drawn_from_what_one_has_and_the_other_lacks(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    page = client.get("/accord/nouveau/?de=EPCI:200067254&avec=EPCI:200067262").content.decode()
    assert 'value="200067262"' in page
    answer = client.post(
        "/accord/nouveau/",
        TERMS
        | {
            "territory": PAU.key,
            "partner": "200067262",
            "drawn_bp": "10",
            "tolerance_bp": "10",
            "shadow_rate_cents": "0,10",
        },
    )
    held = Agreement.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/accord/{held.pk}/lignes/"
    lines = list(held.lines.all())
    assert any(line.basis == "shadow" and line.price_km for line in lines)
    # all goods go one way: a counterpart of the same value is proposed
    assert lines[-1].theme == "expertise" and agreements.balance_told(held, agreements.promised(held))["holds"]
    html = client.get(answer["Location"]).content.decode()
    assert "Équilibré chaque année" in html and "compte le transport évité, pas les biens" in html


def test_the_balance_of_the_line_being_typed_is_shown_before_anything_is_kept(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    client.force_login(administrator)
    html = client.get(f"/accord/{agreement.pk}/solde/", posted(agreement, quantity="1000")).content.decode()
    assert "il manque" in html or "de trop" in html
    assert "Blé" in html and agreement.lines.count() == 2
    kept = client.get(f"/accord/{agreement.pk}/solde/{agreement.lines.first().pk}/", posted(agreement, quantity="1000"))
    assert "Plaquettes" not in kept.content.decode()


def test_an_agreement_out_of_balance_is_told_and_not_proposed(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    client.force_login(administrator)
    assert client.post(f"/accord/{agreement.pk}/lignes/", posted(agreement, quantity="1000")).status_code == 302
    agreement.refresh_from_db()
    page = client.post(
        f"/accord/{agreement.pk}/etat/", {"version": agreement.version, "to": "proposed"}, follow=True
    ).content.decode()
    assert f"Déséquilibre en {YEAR - 1}" in page and "Consultations" in page
    agreement.refresh_from_db()
    assert agreement.state == "draft"


def test_two_people_at_once_the_second_is_told_and_keeps_its_words(
    client: Client, administrator: Any, other: Any, agreement: Agreement
) -> None:
    client.force_login(other)
    stale = posted(agreement, what="Fromage")
    actions.remove_line(administrator, agreement, agreement.version, agreement.lines.last())
    html = client.post(f"/accord/{agreement.pk}/lignes/", stale).content.decode()
    assert "Quelqu’un a modifié cet accord" in html and 'value="Fromage"' in html
    assert not Line.objects.filter(what="Fromage").exists()


def test_from_proposal_to_delivery(client: Client, administrator: Any, other: Any, agreement: Agreement) -> None:
    actions.move_to(administrator, agreement, agreement.version, "proposed")
    pau, oloron = agreement.parties.all()
    client.force_login(administrator)
    words = {
        "name": "Marie Dupont",
        "role": "présidente",
        "signed_on": timezone.localdate().isoformat(),
        "reference": "D 12",
    }
    assert (
        client.post(
            f"/accord/{agreement.pk}/signer/{oloron.pk}/", words | {"version": agreement.version + 1}
        ).status_code
        == 403
    )
    assert (
        client.post(f"/accord/{agreement.pk}/signer/{pau.pk}/", words | {"version": agreement.version + 1}).status_code
        == 302
    )
    client.force_login(other)
    agreement.refresh_from_db()
    assert agreement.state == "proposed"
    client.post(
        f"/accord/{agreement.pk}/signer/{oloron.pk}/", words | {"name": "Jean Petit", "version": agreement.version}
    )
    agreement.refresh_from_db()
    assert agreement.state == "signed"
    client.post(f"/accord/{agreement.pk}/etat/", {"version": agreement.version, "to": "running"})
    agreement.refresh_from_db()
    wood = agreement.lines.first()
    answer = client.post(
        f"/accord/{agreement.pk}/suivi/{YEAR}/", {"version": agreement.version, f"line_{wood.pk}": "750,5"}
    )
    assert answer.status_code == 302
    html = client.get(f"/accord/{agreement.pk}/").content.decode()
    assert "750,5" in html and "non renseigné" in html and "Marie Dupont, présidente" in html
    assert client.get(f"/accord/{agreement.pk}/suivi/{YEAR + 9}/").status_code == 404
    agreement.refresh_from_db()
    early = client.post(f"/accord/{agreement.pk}/etat/", {"version": agreement.version, "to": "ended"}, follow=True)
    assert "court jusqu’à la fin" in early.content.decode()
    client.post(
        f"/accord/{agreement.pk}/etat/",
        {"version": agreement.version, "to": "terminated", "why": "Fermeture de la scierie"},
    )
    agreement.refresh_from_db()
    assert agreement.state == "terminated" and agreement.ending == "Fermeture de la scierie"


def test_taking_back_a_proposal_withdraws_its_signatures(administrator: Any, agreement: Agreement) -> None:
    actions.move_to(administrator, agreement, agreement.version, "proposed")
    agreement.refresh_from_db()
    party = agreement.parties.first()
    actions.sign(
        administrator, party, agreement.version, name="M", role="maire", signed_on=timezone.localdate(), reference=""
    )
    agreement.refresh_from_db()
    actions.move_to(administrator, agreement, agreement.version, "draft")
    assert not Signature.objects.exists()


def test_the_database_keeps_what_was_proposed(administrator: Any, agreement: Agreement) -> None:
    actions.move_to(administrator, agreement, agreement.version, "proposed")
    pau = agreement.parties.first()
    signature = Signature.objects.create(party=pau, name="M", role="maire", signed_on=timezone.localdate())
    for change in (
        lambda: Line.objects.update(quantity=1),
        lambda: Line.objects.all().delete(),
        lambda: Party.objects.update(name="X"),
        lambda: Agreement.objects.update(tolerance_bp=1),
        lambda: Agreement.objects.get().delete(),
        lambda: Signature.objects.filter(pk=signature.pk).update(name="Autre"),
        lambda: Signature.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_line_goes_between_parties_of_its_own_agreement(administrator: Any, agreement: Agreement) -> None:
    stranger = actions.create_agreement(administrator, [PAU, OLORON], **TERMS).parties.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.update(giver=stranger)


def test_others_do_not_see_a_draft_and_everybody_reads_what_is_public(
    client: Client, person: Any, administrator: Any, agreement: Agreement
) -> None:
    address = f"/accord/{agreement.pk}/"
    assert client.get(address).status_code == 404 and client.get(f"{address}accord.pdf").status_code == 404
    client.force_login(person)
    assert client.get(address).status_code == 404
    assert "Bois contre soins" not in client.get("/accords/").content.decode()
    actions.show(administrator, agreement, True)
    assert "Bois contre soins" in client.get("/accords/").content.decode()
    assert client.get(address).status_code == 200 and client.get(f"{address}lignes/").status_code == 403
    assert client.post(f"{address}etat/", {"version": 9, "to": "proposed"}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == "draft"


def test_a_line_that_waits_for_an_event_weighs_in_no_ordinary_year(administrator: Any, agreement: Agreement) -> None:
    pau, oloron = agreement.parties.all()
    event = agreements.events()[0][0]
    actions.write_line(
        administrator,
        agreement,
        agreement.version,
        **line_words(event=event, giver=oloron, receiver=pau, quantity=Decimal(10**6)),
    )
    agreement.refresh_from_db()
    assert agreements.balance_told(agreement, agreements.promised(agreement))["holds"]


def test_deliveries_wait_until_the_agreement_is_in_force(administrator: Any, agreement: Agreement) -> None:
    with pytest.raises(RuleBroken):
        actions.record(administrator, agreement, agreement.version, YEAR, {agreement.lines.first().pk: Decimal(1)}, {})


def test_a_draft_can_be_erased_a_proposal_cannot(administrator: Any, agreement: Agreement) -> None:
    actions.move_to(administrator, agreement, agreement.version, "proposed")
    agreement.refresh_from_db()
    with pytest.raises(RuleBroken):
        actions.erase(administrator, agreement, agreement.version)
    actions.move_to(administrator, agreement, agreement.version, "draft")
    agreement.refresh_from_db()
    actions.erase(administrator, agreement, agreement.version)
    assert not Agreement.objects.exists()


def test_wood_one_way_expertise_and_the_hospital_the_other(client: Client, mayor_of_brest: Any) -> None:
    client.force_login(mayor_of_brest)
    words = TERMS | {
        "territory": BREST, "partner": "242900744", "drawn_bp": "10", "tolerance_bp": "10", "shadow_rate_cents": "0,10",
        "mwh_value_cents": "30", "wood_received_mwh": "20000",
    }  # fmt: skip
    answer = client.post("/accord/nouveau/", words, follow=True)
    held = Agreement.objects.get()
    by_theme = {line.theme: line for line in held.lines.all()}
    assert by_theme["wood"].value_cents == 60_000_000 and by_theme["wood"].giver.code == "242900744"
    assert {by_theme["expertise"].giver.code, by_theme["care"].giver.code} == {"242900314"}
    assert abs(by_theme["expertise"].value_cents - by_theme["care"].value_cents) <= 1
    assert agreements.balance_told(held, agreements.promised(held))["holds"]
    html = answer.content.decode()
    assert "tout le pays en manque" in html and "forage" not in {line.good for line in held.lines.all()}
