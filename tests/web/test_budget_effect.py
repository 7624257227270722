"""The simulated effect of a project: the answer to a shock that the services chose, beside that of the scenario."""

from typing import Any

import pytest
from tests.web.budget_town import opened

from ressort.core.errors import RuleBroken
from ressort.resilience import Request
from ressort.web.budget import actions
from ressort.web.budget.forms import StudyForm
from ressort.web.budget.models import Campaign, Idea
from ressort.web.resilience.actions import ask
from ressort.web.resilience.models import StressRun
from ressort.web.resilience.worker import once

pytestmark = pytest.mark.django_db(transaction=True)


def _asked(territory: str = "EPCI:200067254", levers: tuple[str, ...] = ("community_energy",)) -> StressRun:
    return ask(Request(territory, ("power_cut",), levers=levers, runs=4, days=60).checked(), "Ici")


def _idea(campaign: Campaign) -> Idea:
    return actions.propose(campaign, title="Des toits solaires", text="Sur l’école.", author_name="Zoé")


def test_a_project_tells_what_it_would_spare_if_a_shock_came(client: Any, administrator: Any) -> None:
    campaign = opened(administrator)
    run, idea = _asked(), _idea(campaign)
    assert once()
    actions.study(administrator, idea, 1, state="shown", stress_token=run.token)
    page = client.get(f"/budget/{campaign.pk}/idees/{idea.pk}/").content.decode()
    assert "Ce que cela épargnerait si un choc survenait" in page
    assert "Coupure d’électricité" in page and f"/choc/resultat/{run.token}/" in page
    client.force_login(administrator)
    assert run.token in client.get(f"/budget/{campaign.pk}/gestion/idees/{idea.pk}/").content.decode()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: _asked().token, "No finished answer"),
        (lambda: "0" * 16, "No finished answer"),
        (lambda: _played(_asked(levers=())), "plays no lever"),
        (lambda: _played(_asked("EPCI:200068930")), "tells EPCI:200068930"),
    ],
    ids=["not finished", "unknown", "no lever", "elsewhere"],
)
def test_an_answer_that_says_nothing_of_the_project_is_refused(administrator: Any, made: Any, said: str) -> None:
    idea = _idea(opened(administrator))
    with pytest.raises(RuleBroken, match=said):
        actions.study(administrator, idea, 1, state="shown", stress_token=made())
    assert Idea.objects.get().stress_token == ""


def _played(run: StressRun) -> str:
    assert once()
    return run.token


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://ressort.example.fr/choc/resultat/0123456789abcdef/", "0123456789abcdef"),
        ("/en/choc/resultat/0123456789abcdef/?jour=3#recit", "0123456789abcdef"),
        (" 0123456789abcdef ", "0123456789abcdef"),
        ("", ""),
        ("https://ressort.example.fr/choc/EPCI/200067254/", None),
    ],
)
def test_the_address_of_an_answer_is_pasted_as_it_is(address: str, token: str | None) -> None:
    form = StudyForm({"state": "shown", "title": "A", "text": "B", "version": "1", "stress_token": address})
    assert form.is_valid() == (token is not None)
    assert token is None or form.cleaned_data["stress_token"] == token
