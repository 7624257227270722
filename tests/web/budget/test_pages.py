"""A participatory budget on screen: the voter, the contributor, the desk, the polling place."""

from typing import Any

import pytest
from tests.web.budget_town import opened, to_stage, voted, with_projects

from ressort.core.budget import read_election, rules_from
from ressort.web.budget import actions
from ressort.web.budget.models import Ballot, Campaign, Idea


def test_a_voter_chooses_reads_again_casts_and_checks_the_receipt(client: Any, administrator: Any) -> None:
    campaign = with_projects(administrator, 100, 200, 300, most_choices=2)
    code = actions.make_codes(administrator, campaign, 1)[0]
    address = f"/budget/{campaign.pk}/voter/"
    page = client.get(address)
    assert page.status_code == 200
    assert page.content.decode().count('name="projet"') == 3
    too_many = client.post(address, {"projet": ["1", "2", "3"], "ordre": "5"})
    assert too_many.status_code == 422
    assert "checked" in too_many.content.decode(), "a refused ballot keeps its choices"
    review = client.post(address, {"projet": ["1", "3"], "ordre": "5"}).content.decode()
    assert 'value="3"' in review
    assert 'name="code"' in review
    wrong = client.post(address, {"projet": ["1", "3"], "deposer": "1", "code": "AAAA-BBBB-CCCC"})
    assert wrong.status_code == 422
    voted_page = client.post(address, {"projet": ["1", "3"], "deposer": "1", "code": code})
    receipt = voted_page.context["receipt"]
    assert Ballot.objects.get().choices == [[1, 1], [3, 1]]
    found = client.post(f"/budget/{campaign.pk}/recepisse/", {"receipt": receipt})
    assert found.context["state"] == "counted"
    again = client.post(address, {"projet": ["2"], "deposer": "1", "code": code})
    assert again.status_code == 422
    assert Ballot.objects.count() == 1


def test_a_page_left_open_past_the_closing_keeps_nothing(client: Any, administrator: Any) -> None:
    campaign = with_projects(administrator, 100)
    code = actions.make_codes(administrator, campaign, 1)[0]
    to_stage(campaign, "count")
    answer = client.post(f"/budget/{campaign.pk}/voter/", {"projet": "1", "deposer": "1", "code": code})
    assert answer.status_code == 409
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    "words", [{"projet": "x"}, {"projet": "9" * 50}, {"points-1": "-3"}, {"points-": "1"}, {"projet": ""}]
)
def test_hostile_ballots_are_told_and_not_kept(client: Any, administrator: Any, words: dict[str, str]) -> None:
    campaign = with_projects(administrator, 100)
    assert client.post(f"/budget/{campaign.pk}/voter/", words).status_code == 422
    assert not Ballot.objects.exists()


def test_an_idea_is_shown_once_read_and_its_words_are_only_words(client: Any, administrator: Any) -> None:
    campaign = opened(administrator)
    client.post(
        f"/budget/{campaign.pk}/proposer/",
        {"title": "<script>alert(1)</script>", "text": "Un texte", "author_name": "Zoé"},
    )
    idea = Idea.objects.get()
    assert client.get(f"/budget/{campaign.pk}/idees/{idea.pk}/").status_code == 404
    actions.study(administrator, idea, 1, state="shown", levers="farm_starts_per_year=5")
    page = client.get(f"/budget/{campaign.pk}/idees/{idea.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "Ce que cela changerait" in page
    client.post(f"/budget/{campaign.pk}/idees/{idea.pk}/", {"author_name": "Ali", "text": "Et l’ombre ?"})
    assert "ombre" not in client.get(f"/budget/{campaign.pk}/idees/{idea.pk}/").content.decode()
    actions.show_comment(administrator, idea.comments.get())
    assert "ombre" in client.get(f"/budget/{campaign.pk}/idees/{idea.pk}/").content.decode()


def test_the_desk_leads_from_rules_to_publication(client: Any, administrator: Any) -> None:
    client.force_login(administrator)
    form = {
        "territory": "200067254", "title": "Budget", "budget_cents": "10 000,50", "identity": "code", "ballot": "approval",
        "ideas_open_at": "2026-01-01T08:00", "ideas_close_at": "2026-02-01T08:00", "vote_opens_at": "2026-03-01T08:00",
        "vote_closes_at": "2026-02-15T08:00", "least_choices": "1", "most_choices": "3", "most_points_each": "3",
        "most_points": "7", "order": "drawn", "rule": "mes", "least_votes": "0", "version": "1",
    }  # fmt: skip
    assert client.post("/budget/nouveau/", form).context["form"].errors["vote_closes_at"]
    client.post("/budget/nouveau/", form | {"vote_closes_at": "2026-04-01T08:00"})
    campaign = Campaign.objects.get()
    assert campaign.budget_cents == 1_000_050
    campaign = to_stage(campaign, "ideas")
    for title in ("A", "B"):
        client.post(f"/budget/{campaign.pk}/proposer/", {"title": title, "text": "t", "author_name": "n"})
    for idea in campaign.ideas.all():
        assert client.get(f"/budget/{campaign.pk}/gestion/idees/{idea.pk}/").status_code == 200
        told = {"state": "feasible", "title": idea.title, "text": "t", "cost_cents": "4000", "version": idea.version}
        assert client.post(f"/budget/{campaign.pk}/gestion/idees/{idea.pk}/", told).status_code == 302
    campaign = to_stage(campaign, "vote")
    codes = client.post(f"/budget/{campaign.pk}/gestion/codes/", {"count": "3"}).content.decode().split()[1:]
    for code in codes:
        client.post(f"/budget/{campaign.pk}/voter/", {"projet": ["1", "2"], "deposer": "1", "code": code})
    campaign = to_stage(campaign, "count")
    for what in ("sceller", "compter", "publier", "oublier"):
        assert client.get(f"/budget/{campaign.pk}/gestion/").status_code == 200
        client.post(f"/budget/{campaign.pk}/gestion/depouillement/{what}/")
    client.logout()
    page = client.post(f"/budget/{campaign.pk}/resultats/")
    assert page.context["again"] is True
    file = client.get(f"/budget/{campaign.pk}/resultats.pb").content.decode()
    assert len(read_election(file.splitlines(keepends=True)).ballots) == 3
    assert client.get(f"/budget/{campaign.pk}/resultats.json").json()["spent_cents"] == 800_000
    assert len(client.get(f"/budget/{campaign.pk}/resultats.txt").content.split()) == 3
    assert client.get(f"/api/budgets/{campaign.pk}/result").json()["winners"][0]["votes"] == 3
    assert client.get(f"/api/budgets?territory={campaign.key}").json()[0]["stage"] == "published"
    assert len(client.get(f"/api/budgets/{campaign.pk}/ideas").json()) == 2


def test_nothing_of_a_result_is_seen_before_it_is_published(client: Any, administrator: Any) -> None:
    campaign = with_projects(administrator, 100)
    voted(campaign, administrator, (1,))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    actions.count_votes(administrator, closed)
    for address in (
        f"/budget/{closed.pk}/resultats/",
        f"/budget/{closed.pk}/resultats.pb",
        f"/api/budgets/{closed.pk}/result",
    ):
        assert client.get(address).status_code == 404
    client.force_login(administrator)
    assert client.get(f"/budget/{closed.pk}/resultats/").status_code == 200


def test_the_desk_is_shut_to_strangers(client: Any, administrator: Any, person: Any) -> None:
    campaign = with_projects(administrator, 100)
    idea = campaign.ideas.get()
    pages = [
        f"/budget/{campaign.pk}/gestion/",
        f"/budget/{campaign.pk}/gestion/regles/",
        f"/budget/{campaign.pk}/papier/",
    ]
    pages.append(f"/budget/{campaign.pk}/gestion/idees/{idea.pk}/")
    assert [client.get(page).status_code for page in pages] == [302] * 4
    client.force_login(person)
    assert [client.get(page).status_code for page in pages] == [403] * 4
    assert client.post(f"/budget/{campaign.pk}/gestion/codes/", {"count": "1"}).status_code == 403
    assert client.post(f"/budget/{campaign.pk}/gestion/depouillement/sceller/").status_code == 403


def test_a_polling_place_signs_keys_twice_and_closes(client: Any, administrator: Any, operator: Any) -> None:
    campaign = with_projects(administrator, 100, 200)
    code = actions.make_codes(administrator, campaign, 1)[0]
    client.force_login(administrator)
    place = client.post(f"/budget/{campaign.pk}/papier/", {"station": "Mairie"}).headers["Location"]
    client.post(place, {"signer": "1", "code": code})
    assert client.post(place, {"signer": "1", "code": code}).context["bound"].errors
    client.post(place, {"number": "1", "keying": "1", "choices": "1, 2"})
    assert client.post(place, {"number": "1", "keying": "2", "choices": "1, 2"}).context["bound"].errors
    assert client.post(place, {"number": "2", "keying": "1", "choices": "un"}).context["bound"].errors
    client.force_login(operator)
    client.post(place, {"number": "1", "keying": "2", "choices": "2,1"})
    assert client.get(place).status_code == 200
    client.post(f"{place}fermer/")
    assert Ballot.objects.get().method == "paper"


EVERY_RULE = {
    "rule": "maximin-support", "utility": "cost", "completion": "add-opt,greedy", "step_cents": "0,50", "stops_at_misfit": "on",
    "blank_counts": "on", "least_votes": "2", "ties": "votes,cost", "lot_source": "six dés, le 3 juin à 18 h", "rivals": "1,2",
    "minima_category": "climat ; 2\njeunes;1", "minima_district": "Nord ; 1", "minima_rule": "repair",
    "envelope1_sort": "category", "envelope1_name": "jeunes", "envelope1_cents": "1000", "envelope1_kept": "on",
    "envelope2_sort": "district", "envelope2_name": "Nord", "envelope2_cents": "2000,50", "envelope2_final": "on",
}  # fmt: skip


RULES_PAGE = {
    "title": "Budget", "budget_cents": "10000", "identity": "code", "ballot": "approval", "least_choices": "1", "most_choices": "3",
    "most_points_each": "3", "most_points": "7", "order": "drawn", "ideas_open_at": "2026-01-01T08:00",
    "ideas_close_at": "2026-02-01T08:00", "vote_opens_at": "2026-03-01T08:00", "vote_closes_at": "2026-04-01T08:00", "version": "1",
}  # fmt: skip


def test_every_rule_of_the_count_is_asked_on_the_page_and_comes_back_as_it_was_written(
    client: Any, administrator: Any
) -> None:
    client.force_login(administrator)
    answer = client.post("/budget/nouveau/", RULES_PAGE | EVERY_RULE | {"territory": "200067254"})
    assert answer.status_code == 302, answer.context["form"].errors
    campaign = Campaign.objects.get()
    rules = rules_from(campaign.rules)
    assert (rules.rule, rules.utility, rules.completions, rules.step_cents) == ("maximin-support", "cost", ("add-opt", "greedy"), 50)  # fmt: skip
    assert (
        not rules.skips and rules.blank_counts and rules.least_votes == 2 and rules.ties.criteria == ("votes", "cost")
    )
    assert [(one.group, one.winners) for one in rules.minima] == [("category:climat", 2), ("category:jeunes", 1), ("district:Nord", 1)]  # fmt: skip
    assert [(e.group, e.amount_cents, e.leftover_returns, e.losers_compete) for e in rules.envelopes] == [
        ("category:jeunes", 100_000, False, True), ("district:Nord", 200_050, True, False),
    ]  # fmt: skip
    assert rules.rivals == (("1", "2"),) and rules.minima_rule == "repair"
    campaign = to_stage(campaign, "ideas")
    form = client.get(f"/budget/{campaign.pk}/gestion/regles/").context["form"]
    again = {name: form[name].value() for name in form.fields}
    sent = {
        name: value for name, value in again.items() if value not in (None, False, "") and not isinstance(value, dict)
    }
    sent |= {f"minima_{sort}": EVERY_RULE[f"minima_{sort}"] for sort in ("category", "district")}
    sent["budget_cents"], sent["envelope1_cents"], sent["envelope2_cents"] = "10000", "1000", "2000.50"
    sent |= {name: RULES_PAGE[name] for name in RULES_PAGE if name.endswith("_at")}
    assert client.post(f"/budget/{campaign.pk}/gestion/regles/", sent | {"step_cents": "0.5"}).status_code == 302
    assert rules_from(Campaign.objects.get().rules) == rules
    page = client.get(f"/budget/{campaign.pk}/").content.decode()
    for words in (
        "réservés pour «\u00a0jeunes\u00a0»",
        "six dés, le 3 juin",
        "Au moins 2 dans «\u00a0climat\u00a0»",
        "le plus voté d’abord",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"minima_category": "climat"}, "minima_category"),
        ({"minima_category": "climat ; 1\nclimat ; 2"}, "minima_category"),
        ({"utility": "points"}, "utility"),
        ({"envelope1_name": "jeunes"}, "envelope1_cents"),
        ({"envelope1_name": "a", "envelope1_cents": "6000", "envelope2_name": "b", "envelope2_cents": "6000"}, "envelope2_cents"),
        ({"rule": "dictator"}, "rule"),
        ({"step_cents": "-1"}, "step_cents"),
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused_beside_their_question(
    client: Any, administrator: Any, told: dict[str, str], field: str
) -> None:
    client.force_login(administrator)
    words = RULES_PAGE | {"rule": "mes", "least_votes": "0", "territory": "200067254"} | told
    assert field in client.post("/budget/nouveau/", words).context["form"].errors
    assert not Campaign.objects.exists()


def test_the_desk_warns_of_a_group_that_no_project_bears(client: Any, administrator: Any) -> None:
    client.force_login(administrator)
    rules = {"minima": [{"group": "category:mer", "winners": 1}, {"group": "category:climat", "winners": 1}]}
    campaign = with_projects(administrator, 100, rules=rules)
    told = client.get(f"/budget/{campaign.pk}/gestion/").content.decode()
    assert "qu’aucun projet ne porte encore\u00a0: mer." in told
