"""The text of an agreement as it is signed: its frame by type, who signs, units and bases, what was delivered and whether that balances."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests.web.agreements.terms import YEAR, line_words

from ressort.exchanges.contract import Part, Signed
from ressort.web.exchanges import actions, agreement_text, agreements
from ressort.web.exchanges.models import Agreement

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the PDF is drawn from, as lines of text."""

    def lines(held: Agreement, text: Any = agreement_text.agreement) -> str:
        told: list[str] = []

        def draw(
            title: str, subtitle: str, caution: str, parts: list[Part], signatures: list[Signed], day: object
        ) -> bytes:
            told.extend((title, subtitle, caution))
            for part in parts:
                rows = [" | ".join(row) for row in (part.table.header, *part.table.rows)] if part.table.rows else []
                told.extend((part.title, *part.paragraphs, *rows))
            told.extend(f"{one.party}: {one.told}" for one in signatures)
            return b""

        monkeypatch.setattr(agreement_text, "contract", draw)
        held.refresh_from_db()
        text(held, "https://ici/accord/1/", None)
        return "\n".join(told)

    return lines


@pytest.mark.parametrize(
    ("kind", "frame"),
    [
        ("reciprocity", "comité interministériel aux ruralités du 13 mars 2015"),
        ("metropolitan", "pacte de 2016 entre l’État et les métropoles"),
        ("pole", "articles L. 5741-1 et suivants"),
        ("call", "le règlement de l’appel s’applique"),
    ],
)
def test_each_type_of_agreement_says_what_it_leans_on(agreement: Agreement, read: Any, kind: str, frame: str) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(type=kind)
    for text in (agreement_text.agreement, agreement_text.crte):
        assert frame in read(agreement, text)


def test_a_party_of_a_pole_that_is_no_intercommunality_is_left_to_the_legal_service(
    administrator: Any, agreement: Agreement, read: Any
) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(type="pole")
    assert "à quel titre" not in read(agreement) and "À vérifier par le service juridique" in read(agreement)
    agreement.refresh_from_db()
    actions.add_party(
        administrator, agreement, agreement.version, agreements.Place("COM", "64422", "Oloron-Sainte-Marie")
    )
    assert "à quel titre Oloron-Sainte-Marie y prend part est à vérifier par le service juridique" in read(agreement)


def test_articles_are_numbered_without_a_gap_and_none_is_empty(agreement: Agreement, read: Any) -> None:
    told = read(agreement)
    titles = [line for line in told.splitlines() if line.startswith("Article ")]
    assert [line.split(".")[0] for line in titles] == [f"Article {at}" for at in range(1, len(titles) + 1)]
    assert "Conditions" not in told and "Gouvernance" not in told and "Article 1. Parties" in told


def test_a_line_says_its_quantity_its_unit_value_and_its_remark(
    administrator: Any, agreement: Agreement, read: Any
) -> None:
    pau, oloron = agreement.parties.all()
    words = line_words(what="Foin", giver=oloron, receiver=pau, quantity=Decimal("0.5"), unit="t", unit_value_cents=0)
    actions.write_line(administrator, agreement, agreement.version, **words | {"remark": "livré en juin"})
    told = read(agreement)
    assert "1\u202f000,5 MWh" in told and "1\u202f000,50" not in told
    assert "40\u00a0€ l’unité, valeur convenue" in told
    assert "Foin – livré en juin | 0,5 t" in told


def test_who_signs_stands_at_the_head_and_at_the_foot(administrator: Any, agreement: Agreement, read: Any) -> None:
    assert "en vertu de la délibération du" in read(agreement)
    actions.move_to(administrator, agreement, agreement.version, "proposed")
    agreement.refresh_from_db()
    words = {"name": "Marie Dupont", "role": "présidente", "reference": "délibération 2026-12"}
    day = agreement.created_at.date()
    actions.sign(administrator, agreement.parties.first(), agreement.version, signed_on=day, **words)
    told = read(agreement)
    assert "Pau Béarn Pyrénées | 200067254 | Marie Dupont, présidente (délibération 2026-12)" in told
    assert f"Signé par Marie Dupont, présidente, le {day.day} " in told and "(délibération 2026-12)." in told


def test_a_single_year_and_no_tolerance_are_told_in_plain_words(agreement: Agreement, read: Any) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(first_year=YEAR, last_year=YEAR, tolerance_bp=0)
    told = read(agreement)
    assert f"Un an\u00a0: {YEAR}." in told and "ont la même valeur" in told


def test_what_was_delivered_is_balanced_year_by_year_and_together(
    client: Client, administrator: Any, agreement: Agreement, read: Any
) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(state="running")
    wood, care = agreement.lines.all()
    for year, delivered in (
        (YEAR - 1, {wood.pk: Decimal(500), care.pk: Decimal(400)}),
        (YEAR, {wood.pk: Decimal(1500)}),
    ):
        agreement.refresh_from_db()
        actions.record(administrator, agreement, agreement.version, year, delivered, {})
    told = read(agreement, agreement_text.crte)
    assert f"{YEAR - 1} | CC du Haut Béarn | 20\u202f000\u00a0€ | 40\u202f000\u00a0€ | 33,3\u00a0%" in told
    assert f"{YEAR - 1}–{YEAR} | CC du Haut Béarn | 80\u202f000\u00a0€ | 40\u202f000\u00a0€ | 33,3\u00a0%" in told
    assert "1,0" not in told
    client.force_login(administrator)
    page = client.get(f"/accord/{agreement.pk}/").content.decode()
    assert "Équilibre de ce qui a été livré" in page and "1 ligne pas encore renseignée" in page
    rows = client.get(f"/accord/{agreement.pk}/accord.json").json()["delivered_balance"]
    assert [row["given_cents"] for row in rows if row["party"] == "CC du Haut Béarn"] == [
        2_000_000,
        6_000_000,
        8_000_000,
    ]
