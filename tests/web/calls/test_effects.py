"""The effect of a file: typed by the services, or offered by the engines of scenarios and shocks from the levers of its project."""

import html
from typing import Any

import pytest
from django.test import Client
from tests.web.call_town import hand_in, open_call
from tests.web.calls.pages import text, url

from ressort.core.errors import RuleBroken
from ressort.resilience import Request
from ressort.web.calls import actions
from ressort.web.calls.models import Application
from ressort.web.resilience.actions import ask
from ressort.web.resilience.worker import once


@pytest.fixture
def file(administrator: Any) -> Application:
    application, _token = hand_in(open_call(administrator, rules={"effect": "emplois soutenus"}))
    return application  # type: ignore[no-any-return]


def test_levers_of_a_file_offer_whole_numbers_and_the_one_kept_says_what_it_counts(
    desk: Client, file: Application
) -> None:
    page = text(desk.post(url("file", file.pk), {"simulate": "1", "levers": "organic_share=0.5"}, follow=True))
    assert "Ce que cela changerait" in page and "Levier" in page
    offered = desk.get(url("file", file.pk)).context["offered"]
    assert offered and all(one.number >= 1 for one in offered)
    assert offered[0].told in html.unescape(page.replace("\xa0", " ")) or "\xa0" in offered[0].told
    desk.post(url("file", file.pk), {"keep": offered[0].told})
    file.refresh_from_db()
    assert (file.effect, file.effect_source) == (offered[0].number, offered[0].told)
    assert "simulé" in text(desk.get(url("file", file.pk)))
    desk.post(url("file", file.pk), {"effect": "12"})
    file.refresh_from_db()
    assert (file.effect, file.effect_source) == (12, ""), "a number typed is no simulation"
    assert all("hausse" in one.told or "baisse" in one.told for one in offered)
    desk.post(url("file", file.pk), {"keep": offered[0].told})
    desk.post(url("file", file.pk), {"simulate": "1", "levers": "organic_share=0.2"})
    file.refresh_from_db()
    assert (file.effect, file.effect_source) == (None, ""), "what other levers gave is no figure of these"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"levers": "organic_share=12"}, "organic_share"),
        ({"stress_token": "0" * 16}, "réponse"),
        ({"stress_token": "https://exemple.fr/choc/"}, "adresse d’une réponse"),
    ],
)
def test_levers_that_say_nothing_are_refused_and_what_was_typed_stays(
    desk: Client, file: Application, given: dict[str, str], said: str
) -> None:
    page = text(desk.post(url("file", file.pk), {"simulate": "1"} | given))
    assert said in page and next(iter(given.values())) in page
    desk.post(url("file", file.pk), {"keep": "inventé"})
    file.refresh_from_db()
    assert (file.levers, file.stress_token, file.effect) == ("", "", None)


def test_strangers_and_decided_calls_simulate_nothing(client: Client, file: Application, person: Any) -> None:
    client.force_login(person)
    assert client.post(url("file", file.pk), {"simulate": "1", "levers": "organic_share=0.5"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_answer_to_a_shock_offers_the_person_days_it_spares(administrator: Any, desk: Client) -> None:
    application, _token = hand_in(open_call(administrator, rules={"effect": "jours-personnes épargnés"}))
    run = ask(Request("EPCI:200067254", ("power_cut",), levers=("community_energy",), runs=4, days=60).checked(), "Ici")
    with pytest.raises(RuleBroken):
        actions.simulate_effect(administrator, application, "", run.token)
    assert once()
    address = f"https://ici.fr/choc/resultat/{run.token}/"
    page = text(desk.post(url("file", application.pk), {"simulate": "1", "stress_token": address}, follow=True))
    assert "Ce que cela épargnerait si un choc survenait" in page
    rows = desk.get(url("file", application.pk)).context["effect"]["stress"]["rows"]
    offered = desk.get(url("file", application.pk)).context["offered"]
    assert [one.number for one in offered] == [n for row in rows if (n := round(row["avoided_p50_days"])) >= 1]
