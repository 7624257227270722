"""An agreement played in a shock and in the flows of its goods; two people at once on its terms and its deliveries."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.web.agreements.terms import TERMS, YEAR, line_words

from ressort.core.errors import RuleBroken
from ressort.web.exchanges import actions, agreements
from ressort.web.exchanges.models import Agreement, Record

pytestmark = pytest.mark.django_db


def _links(html: str, start: str) -> list[str]:
    return [unescape(one) for one in re.findall(rf'href="({re.escape(start)}[^"]*)"', html)]


def test_the_page_leads_to_a_shock_with_the_lever_ticked_and_the_other_party_named(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    client.force_login(administrator)
    html = client.get(f"/accord/{agreement.pk}/").content.decode()
    (address,) = _links(html, "/choc/EPCI/200067254/")
    page = client.get(address).content.decode()
    assert re.search(r'value="reciprocity"[^>]*checked', page) and 'value="EPCI:200067262"' in page


def test_a_good_promised_every_year_leads_to_the_flows_with_the_promise_kept(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    pau, oloron = agreement.parties.all()
    grain = line_words(
        theme="food", good="cereals", what="Maïs", giver=oloron, receiver=pau, quantity=Decimal("250.5"), unit="t"
    )
    actions.write_line(administrator, agreement, agreement.version, **grain)
    agreement.refresh_from_db()
    waiting = line_words(
        theme="food", good="cereals", what="Secours", giver=pau, receiver=oloron, unit="t", event="drought"
    )
    actions.write_line(administrator, agreement, agreement.version, **waiting)
    client.force_login(administrator)
    (address,) = _links(client.get(f"/accord/{agreement.pk}/").content.decode(), "/cooperer/")
    assert "promesse=200067262%3E200067254%3D250.5" in address
    page = client.get(address).content.decode()
    assert "Avec l’accord tenu" in page and "CC du Haut Béarn" in page
    (programs,) = _links(page, "/api/exchanges/")
    told = client.get(programs).json()
    assert [one["rule"] for one in told["answers"]] == ["promise"] and told["good"] == "cereals"


def test_a_good_that_nothing_tells_here_leads_nowhere_and_its_rules_are_not_played_on_another(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    pau, oloron = agreement.parties.all()
    wood = line_words(good="wood", what="Plaquettes", giver=oloron, receiver=pau)
    actions.write_line(administrator, agreement, agreement.version, **wood)
    client.force_login(administrator)
    assert _links(client.get(f"/accord/{agreement.pk}/").content.decode(), "/cooperer/") == []
    page = client.get("/cooperer/EPCI/200067254/regles/?bien=wood&promesse=200067262>200067254=5").content.decode()
    assert "Bois énergie : non connu" in page.replace("\u00a0", " ") and "Avec l’accord tenu" not in page


def test_what_is_still_to_be_agreed_on_is_not_proposed(administrator: Any, agreement: Agreement) -> None:
    line = agreement.lines.get(theme="care")
    words = line_words(
        giver=line.giver, receiver=line.receiver, quantity=Decimal(400), unit="jours", unit_value_cents=10_000
    )
    for what in agreements.to_agree_on():
        actions.write_line(administrator, agreement, agreement.version, line, **words | {"what": what})
        agreement.refresh_from_db()
        with pytest.raises(RuleBroken, match="still to be agreed on"):
            actions.move_to(administrator, agreement, agreement.version, "proposed")
    assert len(agreements.to_agree_on()) == 4


def test_every_table_of_an_agreement_is_a_file_and_none_is_empty(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    client.force_login(administrator)
    html = client.get(f"/accord/{agreement.pk}/").content.decode()
    assert "parties.csv" in html and "suivi.csv" not in html and "indicateurs.csv" not in html
    words = {"label": "Emplois", "unit": "ETP", "target": Decimal(12), "target_year": YEAR}
    actions.add_indicator(administrator, agreement, agreement.version, **words)
    Agreement.objects.filter(pk=agreement.pk).update(state="running")
    agreement.refresh_from_db()
    wood = agreement.lines.first()
    actions.record(administrator, agreement, agreement.version, YEAR, {wood.pk: Decimal(3)}, {})
    html = client.get(f"/accord/{agreement.pk}/").content.decode()
    for name in ("parties", "lignes", "equilibre", "indicateurs", "suivi", "solde-livre"):
        (address,) = _links(html, f"/accord/{agreement.pk}/{name}.csv")
        assert client.get(address).content.decode().count("\n") >= 2, name


def test_terms_changed_meanwhile_are_shown_beside_what_was_sent(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    client.force_login(administrator)
    words = TERMS | {"tolerance_bp": "10", "shadow_rate_cents": "0,10", "version": agreement.version}
    opened = agreement.version
    actions.change_terms(administrator, agreement, agreement.version, type="pole", purpose="Écrit par l’autre")
    html = client.post(f"/accord/{agreement.pk}/termes/", words | {"purpose": "Écrit par moi"}).content.decode()
    assert "<dd>Écrit par l’autre</dd>" in html and ">\nÉcrit par moi</textarea>" in html
    assert "<dd>coopération au sein d’un PETR ou d’un pôle métropolitain</dd>" in html
    agreement.refresh_from_db()
    assert agreement.purpose == "Écrit par l’autre"
    html = client.post(f"/accord/{agreement.pk}/termes/", words | {"tolerance_bp": "beaucoup"}).content.decode()
    assert f'name="version" value="{opened}"' in html, "a page refused for another reason is still the old one"


def test_a_delivery_recorded_meanwhile_is_shown_before_an_empty_field_erases_it(
    client: Client, administrator: Any, agreement: Agreement
) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(state="running")
    wood, care = agreement.lines.all()
    opened = agreement.version
    actions.record(administrator, agreement, opened, YEAR, {care.pk: Decimal("12.5")}, {})
    client.force_login(administrator)
    html = client.post(
        f"/accord/{agreement.pk}/suivi/{YEAR}/", {"version": opened, f"line_{wood.pk}": "3", f"line_{care.pk}": ""}
    ).content.decode()
    assert "<dd>12,5</dd>" in html and Record.objects.get().quantity == Decimal("12.5")
