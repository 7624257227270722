"""Nobody votes twice, out of time or in the light: signatures, ballots, receipts, paper."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.web.budget_town import to_stage, voted, with_projects

from ressort.core.errors import RuleBroken
from ressort.web.budget import actions
from ressort.web.budget.actions import Asker
from ressort.web.budget.models import Ballot, Campaign, Elector, PaperEntry, Receipt, Signature


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
    actions.cast(campaign, Asker(name="Cœlia D’Arc", born=date(2001, 2, 3)), {1: 1})
    with pytest.raises(RuleBroken):
        actions.cast(campaign, Asker(name="Coelia D'Arc", born=date(2001, 2, 3)), {1: 1})
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
