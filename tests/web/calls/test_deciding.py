"""From the ranking to the decision, the payments and the published files."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.web.call_town import closed, hand_in, mark, open_call, reviewers

from ressort.core.errors import RuleBroken
from ressort.web.calls import actions, applying, deciding, exports, queries
from ressort.web.calls.models import Application, Payment, Pledge, Recovery


def _judged(administrator: Any, monkeypatch: pytest.MonkeyPatch, **told: Any) -> tuple[Any, list[Any]]:
    """Three files of 20,000 €, in the order of their marks, and money for two and a half."""
    call = open_call(administrator, **told)
    jury = reviewers(administrator, call)
    handed = [hand_in(call, i, pledges=["achats", "energie"])[0] for i in range(3)]
    for i, application in enumerate(handed):
        for person in jury:
            mark(person, application, 5 - i)
    return closed(monkeypatch, call), handed


def _decide(administrator: Any, call: Any, handed: list[Any], *outcomes: str) -> list[Any]:
    told = {one.pk: (outcome, "motive") for one, outcome in zip(handed, outcomes, strict=True)}
    return deciding.decide(administrator, call, "2026-06-D12", timezone.localdate(), told)


def test_the_ranking_of_the_page_is_that_of_the_model(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call, handed = _judged(administrator, monkeypatch)
    weighed = queries.weighing(call)
    assert [one.application for one in weighed.ranked] == [one.reference for one in handed]
    assert weighed.grants["D-001"].total_cents == 2_200_000, "20,000 € and 10 % for two commitments"
    assert weighed.advice.in_order.funded == ("D-001", "D-002")
    assert weighed.advice.in_order.refusals["D-003"].facts["missing_cents"] == 1_600_000


def test_marks_of_reviewers_who_left_still_count(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ressort.web.people.actions import leave
    from ressort.web.people.models import Person

    call, handed = _judged(administrator, monkeypatch)
    before = queries.weighing(call).ranked
    for person in Person.objects.filter(email__startswith="jury"):
        leave(person)
    Application.objects.filter(pk=handed[0].pk).update(version=99)  # so that the ranking is worked out again
    assert queries.weighing(call).ranked == before


def test_each_area_gets_its_file_and_a_theme_keeps_under_its_ceiling(
    administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {
        "areas": ["Nord", "Sud"], "each_area": 1, "area_most_bp": 9000,
        "themes": [{"name": "eau", "least_cents": 0, "most_cents": 2_500_000}, {"name": "bois", "least_cents": 0, "most_cents": None}],
    }  # fmt: skip
    call = open_call(administrator, rules=limits)
    jury = reviewers(administrator, call)
    places = [("Nord", "eau"), ("Nord", "eau"), ("Nord", "bois"), ("Sud", "bois")]
    handed = [hand_in(call, i, area=area, theme=theme)[0] for i, (area, theme) in enumerate(places)]
    with pytest.raises(RuleBroken):
        hand_in(call, 9)
    for i, application in enumerate(handed):
        for person in jury:
            mark(person, application, 5 - i / 2)
    closed(monkeypatch, call)
    advice = queries.weighing(call).advice
    assert advice.best_score.funded == ("D-001", "D-004"), "one in each area, one file of water at most"
    assert advice.in_order.refusals["D-002"].facts["group"] == "eau"


def test_the_best_effect_stands_beside_the_best_score(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call, handed = _judged(administrator, monkeypatch)
    assert queries.weighing(call).advice.best_effect is None
    for application, effect in zip(handed, (1, 2, 50), strict=True):
        actions.estimate_effect(administrator, application, effect)
    assert queries.weighing(call).advice.best_effect.funded == ("D-002", "D-003")
    for wrong in (-1, 10**7):
        with pytest.raises(RuleBroken):
            actions.estimate_effect(administrator, handed[0], wrong)


def test_decisions_take_all_files_at_once_within_the_envelope(
    administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, handed = _judged(administrator, monkeypatch)
    with pytest.raises(RuleBroken) as refusal:
        _decide(administrator, call, handed, "funded", "funded", "funded")
    assert refusal.value.facts["missing_cents"] == 1_600_000
    with pytest.raises(RuleBroken):
        deciding.decide(administrator, call, "D", timezone.localdate(), {handed[0].pk: ("funded", "x")})
    made = _decide(administrator, call, handed, "funded", "funded", "reserve")
    assert [one.total_cents for one in made] == [2_200_000, 2_200_000, 0]
    with pytest.raises(RuleBroken):
        _decide(administrator, call, handed, "refused", "refused", "refused")


def test_the_reserve_list_is_called_up_with_the_money_left_only(
    administrator: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, handed = _judged(administrator, monkeypatch)
    first, second, third = _decide(administrator, call, handed, "funded", "reserve", "reserve")
    today = timezone.localdate()
    with pytest.raises(PermissionDenied):
        deciding.call_up(person, second, "D13", today, "money left")
    for refused in (
        lambda: deciding.call_up(administrator, first, "D13", today, "money left"),
        lambda: deciding.call_up(administrator, second, "D13", today, " "),
        lambda: deciding.call_up(administrator, second, "D13", today - timedelta(days=1), "money left"),
    ):
        with pytest.raises(RuleBroken):
            refused()
    made = deciding.call_up(administrator, second, "D13", today, "money left")
    assert made.total_cents == 2_200_000 and made.pledges.count() == 2
    with pytest.raises(RuleBroken) as refusal:
        deciding.call_up(administrator, third, "D14", today, "money left")
    assert refusal.value.facts["missing_cents"] == 1_600_000
    assert len(list(csv.DictReader(io.StringIO(exports.file_of(call, "deliberations"))))) == 2


def test_an_open_call_is_not_decided(call: Any, administrator: Any) -> None:
    application, _token = hand_in(call)
    with pytest.raises(RuleBroken):
        _decide(administrator, call, [application], "funded")


def test_an_association_without_siret_is_not_paid(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call = open_call(administrator)
    application, _token = hand_in(call, identifier="W642012345")
    closed(monkeypatch, call)
    with pytest.raises(RuleBroken):
        _decide(administrator, call, [application], "funded")


def _pay_more(decision: Any) -> None:
    with transaction.atomic():
        Payment.objects.create(decision=decision, label="more", due_on=timezone.localdate(), amount_cents=1)
        connection.check_constraints()


def test_payments_sum_to_the_grant_and_the_database_checks_it(
    administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, handed = _judged(administrator, monkeypatch)
    first, *_rest = _decide(administrator, call, handed, "funded", "funded", "refused")
    today = timezone.localdate()
    parts = [("Avance", today, 3333), ("Solde", today + timedelta(days=90), 6667)]
    with pytest.raises(RuleBroken):
        deciding.agree(administrator, first, today - timedelta(days=1), parts)
    made = deciding.agree(administrator, first, today, parts)
    assert [one.amount_cents for one in made] == [733_260, 1_466_740]
    with pytest.raises(IntegrityError):
        _pay_more(first)
    for wrong in ({"amount_cents": 1}, {"decision_id": _rest[0].pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.filter(pk=made[0].pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        made[0].delete()
    deciding.pay(administrator, made[0], today)
    for again in (
        lambda: deciding.pay(administrator, made[0], today),
        lambda: deciding.agree(administrator, first, today, parts),
    ):
        with pytest.raises(RuleBroken):
            again()
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=made[0].pk).update(paid_on=None)


def test_above_23_000_euros_an_agreement_is_needed(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call = open_call(administrator)
    application, _token = hand_in(call, requested_cents=2_400_000)
    closed(monkeypatch, call)
    (decision,) = _decide(administrator, call, [application], "funded")
    today = timezone.localdate()
    with pytest.raises(RuleBroken):
        deciding.agree(administrator, decision, None, [("Unique", today, 10_000)])
    assert deciding.agree(administrator, decision, today, [("Unique", today, 10_000)])


def test_a_failed_commitment_comes_back_once_and_no_more(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call, handed = _judged(administrator, monkeypatch)
    decision, *_rest = _decide(administrator, call, handed, "funded", "refused", "refused")
    kept, lost = Pledge.objects.filter(decision=decision)
    applying.bring_evidence(handed[0], kept, "invoices")
    deciding.check_pledge(administrator, kept, True)
    deciding.check_pledge(administrator, lost, False)
    assert [one.amount_cents for one in deciding.recover(administrator, decision)] == [100_000]
    assert deciding.recover(administrator, decision) == []
    for refused in (
        lambda: deciding.check_pledge(administrator, lost, True),
        lambda: applying.bring_evidence(handed[0], lost, "too late"),
    ):
        with pytest.raises(RuleBroken):
            refused()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.update(amount_cents=1)


def test_published_files_conform_and_hold_no_formula(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call = open_call(administrator, title="=Villages", summary="@x", eligibility="+y")
    application, _token = hand_in(call, applicant="=cmd|' /C calc'!A0", title="-2+3")
    closed(monkeypatch, call)
    (decision,) = _decide(administrator, call, [application], "funded")
    today = timezone.localdate()
    deciding.agree(administrator, decision, today, [("a", today, 1), ("b", today + timedelta(9), 1)])
    rows = list(csv.DictReader(io.StringIO(exports.file_of(call, "subventions"))))
    assert rows[0]["nomBeneficiaire"] == "'=cmd|' /C calc'!A0" and rows[0]["objet"] == "'-2+3"
    assert (rows[0]["montant"], rows[0]["conditionsVersement"]) == ("20000.00", "échelonné")
    assert rows[0]["datesPeriodeVersement"] == f"{today}/{today + timedelta(9)}"
    assert next(csv.DictReader(io.StringIO(exports.file_of(call, "deliberations"))))["DELIB_ID"] == "2026-06-D12"
    assert next(csv.DictReader(io.StringIO(exports.file_of(call, "dispositif-aide"))))["titre"] == "'=Villages"
    former = next(csv.DictReader(io.StringIO(exports.file_of(call, "dispositif-aide-0.0.1"))))
    assert (
        former["nom_aide"] == "'=Villages"
        and former["beneficiaires_aide"] == "Associations,Communes,EPCI à fiscalité propre"
    )
    table = list(csv.DictReader(io.StringIO(exports.ranking(call, queries.weighing(call)))))
    assert table == [], "a file that nobody marked is not ranked"


def test_the_share_of_aid_counts_the_published_file_first(
    administrator: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from ressort.web.calls import aid

    call, handed = _judged(administrator, monkeypatch)
    _decide(administrator, call, handed, "funded", "refused", "refused")
    year = timezone.localdate().year
    assert [(one.year, one.total_cents, one.share) for one in queries.aid_years("EPCI", "200067254", None)] == [
        (year, 2_200_000, 1)
    ]
    text = exports.file_of(call, "subventions")
    path = tmp_path / "s.csv"
    line = text.splitlines()[1]
    other = line.replace("resilience-2026", "other").replace("22000.00", "66000.00")
    path.write_text("\n".join([*text.splitlines(), other]), "utf-8")
    aid.provide(administrator, "EPCI", "200067254", path, ["resilience-2026"], "s.csv")
    assert [(one.total_cents, one.share) for one in queries.aid_years("EPCI", "200067254", None)] == [
        (8_800_000, 1 / 4)
    ]
