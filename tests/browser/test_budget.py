"""The vote in a real browser: the journey of a voter on a telephone, and every page of a budget at each of its stages."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from ressort.web.budget import actions
from ressort.web.budget.models import Ballot, Campaign

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss() -> Any:
    """Whoever runs the site."""
    from ressort.web.people.models import Person

    return Person.objects.create_user("boss@example.fr", "Correct-Horse-9-Battery", is_superuser=True)


@pytest.fixture
def campaign(boss: Any) -> Campaign:
    """A vote open on three projects, one of which was simulated, with a few ballots in the box."""
    from tests.web.budget_town import opened, to_stage, voted

    held = opened(boss, rules={"rule": "mes"}, most_choices=2)
    for title, cost, levers in (
        ("Un four à pain", 2_000, ""),
        ("Deux maraîchers", 6_000, "farm_starts_per_year=2"),
        ("Des ruches", 500, ""),
    ):
        idea = actions.propose(held, title=title, text="Pour qui, où, pourquoi.", author_name="Zoé")
        actions.study(
            boss, idea, 1, state="feasible", cost_cents=cost * 100, area="Nord", category="climat", levers=levers
        )
    open_now = to_stage(held, "vote")
    voted(open_now, boss, (1,), (1, 2), (2,), (3,))
    return open_now


def _published(boss: Any, campaign: Campaign) -> Campaign:
    from tests.web.budget_town import to_stage

    closed = to_stage(campaign, "count")
    actions.seal(boss, closed)
    actions.count_votes(boss, closed)
    actions.publish(boss, closed)
    return closed


def _sound(page: Any, violations: Callable[[Any], list[str]], width: int) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_the_vote_are_accessible(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], campaign: Campaign, width: int, theme: str
) -> None:
    for path in ("", "voter/", "recepisse/", f"idees/{campaign.ideas.get(number=2).pk}/"):
        page = visit(f"/budget/{campaign.pk}/{path}", width=width, color_scheme=theme, bypass_csp=True)
        _sound(page, violations, width)


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_of_ideas_and_of_the_result_are_accessible(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], boss: Any, campaign: Campaign, width: int
) -> None:
    from tests.web.budget_town import to_stage

    to_stage(campaign, "ideas")
    _sound(visit(f"/budget/{campaign.pk}/proposer/", width=width, bypass_csp=True), violations, width)
    _published(boss, campaign)
    _sound(visit(f"/budget/{campaign.pk}/resultats/", width=width, bypass_csp=True), violations, width)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_desk_is_accessible(
    visit: Callable[..., Any],
    violations: Callable[[Any], list[str]],
    site: str,
    boss: Any,
    campaign: Campaign,
    width: int,
) -> None:
    from django.test import Client

    signed_in = Client()
    signed_in.force_login(boss)
    batch = actions.open_batch(boss, campaign, "Mairie")
    actions.key_entry(boss, batch, 1, 1, {1: 1}, "")
    idea = campaign.ideas.get(number=1)
    page = visit(f"/budget/{campaign.pk}/", width=width, bypass_csp=True)
    page.context.add_cookies([{"name": "sessionid", "value": signed_in.cookies["sessionid"].value, "url": site}])
    for path in ("gestion/", "papier/", f"papier/{batch.pk}/", f"gestion/idees/{idea.pk}/", "gestion/regles/"):
        page.goto(f"{site}/budget/{campaign.pk}/{path}")
        page.wait_for_load_state("networkidle")
        _sound(page, violations, width)


def test_a_voter_on_a_telephone_sees_choices_left_casts_and_checks_the_receipt(
    visit: Callable[..., Any], boss: Any, campaign: Campaign
) -> None:
    code = actions.make_codes(boss, campaign, 1)[0]
    page = visit(f"/budget/{campaign.pk}/voter/", width=360, height=740)
    told = page.locator("[data-told]")
    assert told.inner_text() == "choix restants\u00a0: 2"
    boxes = page.locator("input[name=projet]")
    for at in range(3):
        boxes.nth(at).check()
    assert told.inner_text() == "1 de trop"
    boxes.nth(2).uncheck()
    assert told.inner_text() == "choix restants\u00a0: 0"
    page.get_by_role("button", name="Relire mon bulletin").click()
    page.get_by_role("button", name="Changer mes choix").click()
    expect(page.locator("input[name=projet]:checked"), "going back keeps the choices").to_have_count(2)
    page.get_by_role("button", name="Relire mon bulletin").click()
    page.get_by_label("Votre code").fill(code)
    page.get_by_role("button", name="Déposer mon bulletin").click()
    receipt = page.locator(".receipt code").inner_text()
    assert Ballot.objects.count() == 5
    page.get_by_role("link", name="Vérifier un récépissé").click()
    page.get_by_label("Votre récépissé").fill(receipt)
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_text("son bulletin est dans l’urne").wait_for()


def test_the_vote_works_without_javascript(visit: Callable[..., Any], boss: Any, campaign: Campaign) -> None:
    code = actions.make_codes(boss, campaign, 1)[0]
    page = visit(f"/budget/{campaign.pk}/voter/", width=360, java_script_enabled=False)
    page.locator("input[name=projet]").first.check()
    page.get_by_role("button", name="Relire mon bulletin").click()
    page.get_by_label("Votre code").fill(code)
    page.get_by_role("button", name="Déposer mon bulletin").click()
    expect(page.locator(".receipt code")).to_have_count(1)


def test_the_result_is_counted_again_by_whoever_asks(visit: Callable[..., Any], boss: Any, campaign: Campaign) -> None:
    page = visit(f"/budget/{_published(boss, campaign).pk}/resultats/")
    page.get_by_role("button", name="Dépouiller de nouveau ici").click()
    page.get_by_text("les mêmes projets sont financés").wait_for()
