"""A participatory budget from its opening to its published result, and all that must not be possible on the way."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ressort.core.budget import count, read_election, rules_from, rules_in
from ressort.core.errors import RuleBroken
from ressort.web.budget import actions
from ressort.web.budget.actions import Asker
from ressort.web.budget.models import Ballot, Campaign, Elector, Idea, PaperEntry, Receipt, Signature

PAU = ("EPCI", "200067254")
HOUR = timedelta(hours=1)


def _dates(stage: str) -> dict[str, Any]:
    """Dates such that the campaign is at that stage now."""
    now = timezone.now()
    past = {"soon": -1, "ideas": 1, "study": 3, "vote": 5, "count": 7}[stage]
    start = now - past * HOUR
    names = ("ideas_open_at", "ideas_close_at", "vote_opens_at", "vote_closes_at")
    return {name: start + 2 * at * HOUR for at, name in enumerate(names)}


def to_stage(campaign: Campaign, stage: str) -> Campaign:
    """The campaign as if its clock had reached a stage."""
    Campaign.objects.filter(pk=campaign.pk).update(**_dates(stage))
    return Campaign.objects.get(pk=campaign.pk)


def opened(by: Any, stage: str = "ideas", **told: Any) -> Campaign:
    words = {"title": "Budget des habitants", "budget_cents": 10_000_00, "rules": {"rule": "greedy"}} | told
    return actions.open_campaign(by, *PAU, **words, **_dates(stage))


def with_projects(by: Any, *costs_eur: int, areas: tuple[str, ...] = (), **told: Any) -> Campaign:
    """A campaign whose vote is open, with feasible projects numbered from 1."""
    campaign = opened(by, **told)
    for at, cost in enumerate(costs_eur):
        idea = actions.propose(
            campaign, title=f"Projet {at + 1}", text="Un texte.", author_name="Zoé", author_email="z@example.fr"
        )
        area = areas[at] if areas else ""
        actions.study(by, idea, 1, state="feasible", cost_cents=cost * 100, area=area, category="climat")
    return to_stage(campaign, "vote")


def voted(campaign: Campaign, by: Any, *ballots: tuple[int, ...]) -> list[str]:
    codes = actions.make_codes(by, campaign, len(ballots))
    return [
        actions.cast(campaign, Asker(code=code), dict.fromkeys(ballot, 1))
        for code, ballot in zip(codes, ballots, strict=True)
    ]


def test_from_ideas_to_a_result_that_anybody_counts_again(administrator: Any) -> None:
    campaign = with_projects(administrator, 6_000, 5_000, 4_000)
    receipts = voted(campaign, administrator, (1, 3), (1,), (2,), (1, 3), (3,))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    result = actions.count_votes(administrator, closed)
    actions.publish(administrator, closed)
    again = read_election(result.file.splitlines(keepends=True))
    assert count(again, rules_in(again)).winners == ("3", "1") == tuple(w["code"] for w in result.facts["winners"])
    assert {actions.receipt_state(closed, one) for one in receipts} == {"counted"}
    assert len(result.receipts) == len(again.ballots) == 5
    assert not Idea.objects.exclude(author_email="").exists(), "addresses are erased with the publication"
    assert actions.forget(administrator, Campaign.objects.get(pk=closed.pk)) == 5


def test_nobody_votes_twice_whatever_the_case_of_the_code(administrator: Any) -> None:
    campaign = with_projects(administrator, 100)
    code = actions.make_codes(administrator, campaign, 1)[0]
    actions.cast(campaign, Asker(code=code), {1: 1})
    with pytest.raises(RuleBroken, match="twice"):
        actions.cast(campaign, Asker(code=code.lower().replace("-", " ")), {1: 1})
    assert Ballot.objects.count() == Signature.objects.count() == Receipt.objects.count() == 1


def test_the_database_itself_refuses_a_second_signature_and_a_changed_ballot(administrator: Any) -> None:
    campaign = with_projects(administrator, 100)
    voted(campaign, administrator, (1,))
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(elector=Elector.objects.get(), method="internet", day=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.update(choices=[[2, 1]])
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.all().delete()


@pytest.mark.parametrize("stage", ["soon", "ideas", "study", "count"])
def test_a_ballot_outside_the_dates_is_refused_by_the_page_and_by_the_database(administrator: Any, stage: str) -> None:
    campaign = with_projects(administrator, 100)
    code = actions.make_codes(administrator, campaign, 1)[0]
    shut = to_stage(campaign, stage)
    with pytest.raises(RuleBroken, match="not open"):
        actions.cast(shut, Asker(code=code), {1: 1})
    with pytest.raises(RuleBroken, match="not open"):
        actions.cast(campaign, Asker(code=code), {1: 1})  # a page opened before the closing
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(campaign=shut, method="internet", choices=[[1, 1]])
    assert not Signature.objects.exists(), "a refused ballot leaves no signature"


def test_a_sealed_box_takes_no_ballot_and_no_paper(administrator: Any) -> None:
    campaign = with_projects(administrator, 100)
    voted(campaign, administrator, (1,))
    before = set(Ballot.objects.values_list("pk", flat=True))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    assert Campaign.objects.get(pk=closed.pk).pepper is None
    assert set(Ballot.objects.values_list("pk", flat=True)).isdisjoint(before), "sealed ballots bear new numbers"
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(campaign=closed, method="paper", choices=[[1, 1]])
    with pytest.raises(RuleBroken):
        actions.open_batch(administrator, Campaign.objects.get(pk=closed.pk), "Mairie")
    with pytest.raises(RuleBroken):
        actions.seal(administrator, closed)


def test_no_column_leads_from_a_voter_to_a_ballot() -> None:
    def columns(model: Any) -> set[str]:
        return {field.column for field in model._meta.fields}

    assert columns(Ballot) == {"id", "campaign_id", "method", "choices"}
    assert columns(Receipt) == {"id", "campaign_id", "mark"}
    assert columns(Signature) & columns(Ballot) == {"id", "method"}
    assert {"ballot", "receipt"}.isdisjoint(columns(Signature) | columns(Elector))


def test_sealed_ballots_and_signatures_share_no_transaction(administrator: Any) -> None:
    """PostgreSQL marks each line with the transaction that wrote it: sealing writes ballots anew, all in one."""
    campaign = with_projects(administrator, 100, 200)
    voted(campaign, administrator, (1,), (2,), (1, 2))
    actions.seal(administrator, to_stage(campaign, "count"))
    with connection.cursor() as cursor:
        for table in ("budget_ballot", "budget_receipt"):
            cursor.execute(f"SELECT count(DISTINCT xmin::text || cmin::text) FROM {table}")
            assert cursor.fetchone()[0] == 1


def test_a_receipt_tells_counted_missing_or_unknown_and_not_the_vote(administrator: Any) -> None:
    campaign = with_projects(administrator, 100, 200)
    receipt = voted(campaign, administrator, (2,))[0]
    assert actions.receipt_state(campaign, receipt.lower()) == "counted"
    Receipt.objects.all().delete()
    assert actions.receipt_state(campaign, receipt) == "missing"
    assert actions.receipt_state(campaign, receipt[:-1] + ("0" if receipt[-1] != "0" else "1")) == "unknown"
    assert actions.receipt_state(campaign, "") == "unknown"


@pytest.mark.parametrize(
    ("told", "choices"),
    [
        ({"most_choices": 2}, {1: 1, 2: 1, 3: 1}),
        ({"least_choices": 2}, {1: 1}),
        ({}, {}),
        ({}, {9: 1}),
        ({"ballot": "points"}, {1: 4}),
        ({"ballot": "points"}, {1: 3, 2: 3, 3: 3}),
    ],
)
def test_a_ballot_against_the_rules_is_refused_and_the_code_still_serves(
    administrator: Any, told: dict[str, Any], choices: dict[int, int]
) -> None:
    campaign = with_projects(administrator, 100, 200, 300, **told)
    code = actions.make_codes(administrator, campaign, 1)[0]
    with pytest.raises(RuleBroken):
        actions.cast(campaign, Asker(code=code), choices)
    actions.cast(campaign, Asker(code=code), {1: 1, 2: 1})


def test_names_declared_are_recognised_despite_accents_and_order(administrator: Any, person: Any) -> None:
    campaign = with_projects(administrator, 100, identity="declared")
    actions.cast(campaign, Asker(name="Éloïse Le-Goff", born=date(2001, 2, 3)), {1: 1})
    with pytest.raises(RuleBroken):
        actions.cast(campaign, Asker(name="le goff ELOISE", born=date(2001, 2, 3)), {1: 1})
    actions.cast(campaign, Asker(name="Éloïse Le Goff", born=date(2002, 2, 3)), {1: 1})
    with pytest.raises(RuleBroken):
        actions.cast(campaign, Asker(name="x"), {1: 1})
    other = with_projects(administrator, 100, identity="account")
    actions.cast(other, Asker(person=person), {1: 1})
    for asker in (Asker(person=person), Asker()):
        with pytest.raises(RuleBroken):
            actions.cast(other, asker, {1: 1})


def test_paper_ballots_count_once_two_people_keyed_them_alike(administrator: Any, operator: Any) -> None:
    campaign = with_projects(administrator, 100, 200)
    codes = actions.make_codes(administrator, campaign, 3)
    for code in codes[:2]:
        actions.sign_paper(administrator, campaign, Asker(code=code), "Mairie")
    with pytest.raises(RuleBroken, match="twice"):
        actions.cast(campaign, Asker(code=codes[0]), {1: 1})
    batch = actions.open_batch(administrator, campaign, "Mairie")
    actions.key_entry(administrator, batch, 1, 1, {1: 1}, "")
    with pytest.raises(RuleBroken, match="different people"):
        actions.key_entry(administrator, batch, 1, 2, {1: 1}, "")
    actions.key_entry(operator, batch, 1, 2, {2: 1}, "")
    with pytest.raises(RuleBroken) as apart:
        actions.close_batch(administrator, batch)
    assert apart.value.facts["numbers"] == [1]
    actions.key_entry(operator, batch, 1, 2, {1: 1}, "")
    for who, keying in ((administrator, 1), (operator, 2)):
        actions.key_entry(who, batch, 2, keying, {}, PaperEntry.Invalid.ILLEGIBLE)
    assert actions.close_batch(administrator, batch) == 1
    with pytest.raises(RuleBroken):
        actions.key_entry(administrator, batch, 3, 1, {1: 1}, "")
    assert Ballot.objects.get().choices == [[1, 1]]


def test_more_paper_ballots_than_signatures_are_refused(administrator: Any, operator: Any) -> None:
    campaign = with_projects(administrator, 100)
    batch = actions.open_batch(administrator, campaign, "Mairie")
    for who, keying in ((administrator, 1), (operator, 2)):
        actions.key_entry(who, batch, 1, keying, {1: 1}, "")
    with pytest.raises(RuleBroken, match="signatures"):
        actions.close_batch(administrator, batch)
    with pytest.raises(RuleBroken):
        actions.seal(administrator, to_stage(campaign, "count"))


def test_two_agents_who_study_the_same_idea_do_not_overwrite_each_other(administrator: Any, operator: Any) -> None:
    idea = actions.propose(opened(administrator), title="Un four", text="Texte", author_name="Zoé")
    actions.study(administrator, idea, 1, state="refused", answer="Terrain privé")
    with pytest.raises(RuleBroken, match="Somebody else"):
        actions.study(operator, idea, 1, state="feasible", cost_cents=100)
    assert Idea.objects.get().state == "refused"


def test_ideas_alike_are_merged_and_their_own_follow(administrator: Any) -> None:
    campaign = opened(administrator)
    one, two, three = (
        actions.propose(campaign, title=title, text="Texte", author_name="Zoé") for title in ("A", "B", "C")
    )
    actions.merge(administrator, one, two, 1)
    actions.merge(administrator, two, three, 1)
    assert set(Idea.objects.filter(merged_into=three)) == {one, two}
    for into in (three, one):
        with pytest.raises(RuleBroken):
            actions.merge(administrator, Idea.objects.get(pk=three.pk), into, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.filter(pk=three.pk).update(state="merged")


def test_once_the_vote_is_open_nothing_moves(administrator: Any) -> None:
    campaign = with_projects(administrator, 100)
    idea = campaign.ideas.get()
    with pytest.raises(RuleBroken, match="begun"):
        actions.study(administrator, idea, idea.version, cost_cents=1)
    with pytest.raises(RuleBroken, match="begun"):
        actions.change_campaign(administrator, campaign, campaign.version, budget_cents=1)
    with pytest.raises(RuleBroken):
        actions.propose(campaign, title="Trop tard", text="Texte", author_name="Zoé")
    with pytest.raises(RuleBroken):
        actions.comment(idea, "Zoé", "Trop tard")


def test_rules_of_count_are_checked_when_they_are_written(administrator: Any) -> None:
    with pytest.raises(RuleBroken):
        opened(administrator, rules={"rule": "dictator"})
    campaign = opened(administrator)
    with pytest.raises(RuleBroken):
        actions.study(
            administrator, actions.propose(campaign, title="A", text="B", author_name="C"), 1, levers="organic_share=12"
        )


@pytest.mark.parametrize(
    "wrong",
    [{"budget_cents": 0}, {"least_choices": 9}, {"most_points_each": 9}, {"ballot": "shouting"}, {"identity": "face"}],
)
def test_the_database_refuses_a_campaign_that_means_nothing(administrator: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        opened(administrator, **wrong)


def test_strangers_and_contributors_do_only_what_is_theirs(administrator: Any, person: Any) -> None:
    from ressort.web.people.models import Grant

    campaign = opened(administrator)
    idea = actions.propose(campaign, title="A", text="B", author_name="C")
    for action in (
        lambda: actions.study(person, idea, 1, state="shown"),
        lambda: actions.make_codes(person, campaign, 1),
        lambda: actions.seal(person, campaign),
        lambda: actions.open_batch(person, campaign, "Mairie"),
        lambda: opened(person),
    ):
        with pytest.raises(PermissionDenied):
            action()
    Grant.objects.create(person=person, kind=PAU[0], code=PAU[1], role="contributor", granted_by=administrator)
    actions.study(person, idea, 1, state="shown")
    with pytest.raises(PermissionDenied):
        actions.make_codes(person, campaign, 1)


def test_a_lot_that_matters_is_drawn_once_in_public_words(administrator: Any) -> None:
    campaign = with_projects(administrator, 10_000, 10_000)
    voted(campaign, administrator, (1,), (2,))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    with pytest.raises(RuleBroken, match="lot"):
        actions.count_votes(administrator, closed)
    actions.draw_lot(administrator, closed, "loto du 14 mars 2026")
    assert len(actions.count_votes(administrator, closed).facts["winners"]) == 1
    with pytest.raises(RuleBroken):
        actions.draw_lot(administrator, closed, "encore")


def test_a_decision_against_the_rule_is_published_with_its_reason(administrator: Any) -> None:
    campaign = with_projects(administrator, 6_000, 5_000)
    voted(campaign, administrator, (1,), (1,), (2,))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    actions.decide(administrator, closed, 1, funds=False, reason="Terrain vendu")
    with pytest.raises(RuleBroken):
        actions.decide(administrator, closed, 2, funds=False, reason=" ")
    facts = actions.count_votes(administrator, closed).facts
    assert [one["code"] for one in facts["winners"]] == ["2"]
    assert facts["losers"][0]["facts"] == {"why": "Terrain vendu"}
    assert "Terrain vendu" in closed.result.file


def test_each_area_has_its_winner_when_the_rules_say_so(administrator: Any) -> None:
    campaign = with_projects(administrator, 5_000, 5_000, 5_000, areas=("Nord", "Nord", "Sud"), one_per_area=True)
    voted(campaign, administrator, (1, 2), (1, 2), (2,), (3,))
    closed = to_stage(campaign, "count")
    actions.seal(administrator, closed)
    assert {one["code"] for one in actions.count_votes(administrator, closed).facts["winners"]} == {"2", "3"}


@pytest.mark.django_db(transaction=True)
def test_the_same_code_sent_at_the_same_instant_votes_once() -> None:
    from ressort.web.people.models import Person

    boss = Person.objects.create_user("boss@example.fr", "Correct-Horse-9-Battery", is_superuser=True)
    campaign = with_projects(boss, 100)
    code = actions.make_codes(boss, campaign, 1)[0]
    told: list[str] = []
    gate = threading.Barrier(4)

    def vote() -> None:
        gate.wait()
        try:
            actions.cast(campaign, Asker(code=code), {1: 1})
            told.append("counted")
        except RuleBroken:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=vote) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["counted", "refused", "refused", "refused"]
    assert Ballot.objects.count() == Receipt.objects.count() == 1


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
        "réservés pour « jeunes »",
        "six dés, le 3 juin",
        "Au moins 2 dans « climat »",
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
    assert "qu’aucun projet ne porte encore : mer." in told
