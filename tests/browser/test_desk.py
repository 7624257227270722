"""The desk of an association in a real browser: every screen sound with axe, at the width of a telephone too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.web import association_town

from ressort.web.association import debits, following, mandates, members, statements, unit_mandates
from ressort.web.association.models import Collection, Rules

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server: Any) -> association_town.Desk:
    made = association_town.desk()
    made.stocked(20)
    made.issue(made.grocer, 5_000, "VIR 1")
    made.ask("exchange_to_digital_online", wallet=made.grocer, amount_cents=200_000, reference="VIR 2")
    return made


@pytest.fixture
def collected(desk: association_town.Desk) -> Collection:
    """A collection agreed to, whose euros the bank told: one member left out, one debit rejected."""
    rules = {"creditor_identifier": "FR72ZZZ123456", "digital_iban": "FR7630004000031234567890143", "operating_iban": "FR7630006000011234567890189"}  # fmt: skip
    members.set_rules(desk.admin, desk.number, **rules)
    today = timezone.localdate()
    for wallet in (desk.ada, desk.grocer):
        mandates.record_mandate(
            desk.staff, association_town.member_of(wallet), wallet.name, "DE89370400440532013000", today
        )
        mandates.set_credit(desk.staff, association_town.member_of(wallet), 6_000, today)
    members.call_dues(desk.staff, desk.number, "professional", today, 1_000)
    for payer, payee in (
        (desk.grocer, desk.association),
        (desk.ada, desk.grocer),
    ):  # one paid, one refused, one to be answered
        asked = unit_mandates.ask(desk.staff, payer, payee, "Panier", 1_000, today)
        unit_mandates.answer(payer.owner, asked, "accepted")
    unit_mandates.run(desk.staff, desk.number)
    unit_mandates.ask(desk.staff, desk.ada, None, "Cotisation", 500, today, for_dues=True)
    made = debits.propose(desk.staff, desk.number, "credits", debits.earliest(Rules.objects.get(currency=desk.number)))
    debits.agree(desk.second, made)
    following.reject(desk.staff, made.debits.first(), "AC04")
    line = f"date;reference;montant\n{made.on};{debits.message_of(made)}-1;60,00\n{made.on};inconnu;5,00\n"
    statements.bring(desk.staff, desk.number, "digital", line.encode())
    return made


def signed_in(live_server: Any, who: Any) -> dict[str, Any]:
    client = Client()
    client.force_login(who)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"cookies": [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}], "origins": []}


@pytest.mark.parametrize("width", [1280, 360])
def test_every_screen_of_the_desk_is_sound(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], live_server: Any, desk: association_town.Desk, width: int
) -> None:  # fmt: skip
    state = signed_in(live_server, desk.staff)
    screens = ("", "operations/", "operations/exchange_to_notes/", "operations/exchange_to_digital_online/", "journal/", "membres/",
               "membres/nouveau/", "cotisations/", "equipe/", "bureaux/", "billets/", "fonds/", "comptabilite/", "seuils/",
               "import/", "banque/", "prelevements/", "programmes/", "dons/")  # fmt: skip
    page = visit(f"/monnaies/{desk.code}/", width=width, storage_state=state, bypass_csp=True)
    page.get_by_role("link", name="Gestion", exact=True).click()
    known = {link.get_attribute("href") for link in page.locator("nav[aria-label='Écrans de la gestion'] a").all()}
    for screen in screens:
        address = f"/monnaies/{desk.code}/gestion/{screen}"
        if screen.count("/") == 1 and address not in known and screen != "membres/nouveau/":
            continue
        page.goto(live_server.url + address)
        assert violations(page) == [], screen
        assert page.evaluate("document.documentElement.scrollWidth") <= width, screen
        text = f" {page.inner_text('main')} "
        assert " the " not in text and " of " not in text, screen


@pytest.mark.parametrize("width", [1280, 360])
def test_every_screen_of_direct_debits_is_sound(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], live_server: Any, desk: association_town.Desk, collected: Collection, width: int
) -> None:  # fmt: skip
    member = association_town.member_of(desk.ada).pk
    screens = (f"membres/{member}/", f"membres/{member}/mandat/", f"membres/{member}/credit/", f"prelevements/{collected.pk}/", "banque/digital/",
               f"prelevements/?purpose=dues&on={collected.on}", "mandats-en-unites/")  # fmt: skip
    page = visit(f"/monnaies/{desk.code}/gestion/", width=width, storage_state=signed_in(live_server, desk.staff), bypass_csp=True)  # fmt: skip
    for screen in screens:
        page.goto(f"{live_server.url}/monnaies/{desk.code}/gestion/{screen}")
        assert violations(page) == [], screen
        assert page.evaluate("document.documentElement.scrollWidth") <= width, screen
        text = f" {page.inner_text('main')} "
        assert " the " not in text and " of " not in text, screen
    page = visit(f"/monnaies/{desk.code}/adherent/", width=width, storage_state=signed_in(live_server, desk.people["individual"]), bypass_csp=True)  # fmt: skip
    assert violations(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= width
    assert "Arrêter le crédit mensuel" in page.inner_text("main") and "Mettre fin à ce mandat" in page.inner_text(
        "main"
    )
    page.get_by_role("button", name="Accepter Cotisation").click()
    page.get_by_role("button", name="Accepter Cotisation").wait_for(state="detached")


def test_the_lines_that_are_sure_are_matched_with_the_keyboard_alone(
    visit: Callable[..., Any], live_server: Any, desk: association_town.Desk, collected: Collection
) -> None:
    page = visit(f"/monnaies/{desk.code}/gestion/banque/digital/", storage_state=signed_in(live_server, desk.staff))
    page.get_by_role("button", name="Rapprocher la ligne que sa référence rend sûre").focus()
    page.keyboard.press("Enter")
    page.get_by_text("1 ligne rapprochée").wait_for()
    page.get_by_role("link", name=f"remise de prélèvements {collected.pk}").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Crédits mensuels").wait_for()
    assert page.get_by_text("rejeté par la banque").count() and page.get_by_role("link", name="opération").count()


def test_two_people_agree_to_an_issue_from_a_telephone(
    visit: Callable[..., Any], live_server: Any, desk: association_town.Desk
) -> None:
    page = visit(f"/monnaies/{desk.code}/gestion/", width=360, storage_state=signed_in(live_server, desk.second))
    page.locator("table a").first.click()
    page.get_by_role("button", name="Donner l’accord").click()
    page.get_by_text("L’opération est faite").wait_for()
    assert "Émission numérique" in page.content()
