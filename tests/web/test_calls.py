"""Calls for projects: what the database refuses, who may do what, two people at once, the money."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone
from tests.web.call_town import SIRETS, closed, hand_in, mark, open_call, reviewers

from ressort.core.calls import Question
from ressort.core.errors import RuleBroken
from ressort.web.calls import access, actions, applying, deciding, exports, files, queries, reviewing
from ressort.web.calls.applying import Stale
from ressort.web.calls.models import Application, Attachment, Call, Payment, Pledge, Recovery, Review


@pytest.fixture
def call(administrator: Any) -> Any:
    return open_call(administrator)


def test_a_stranger_neither_runs_decides_nor_marks(call: Any, person: Any, administrator: Any) -> None:
    application, _token = hand_in(call)
    for refused in (
        lambda: actions.add_reviewer(person, call, "x@example.fr"),
        lambda: actions.judge_eligibility(person, application, "no"),
        lambda: deciding.decide(person, call, "D1", timezone.localdate(), {}),
        lambda: reviewing.save_review(person, application, 0, {}),
        lambda: reviewing.save_review(administrator, application, 0, {}),
        lambda: actions.create_call(person, "EPCI", "200067254", "resilience", "fr"),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_a_contributor_runs_a_call_but_does_not_decide(call: Any, administrator: Any, person: Any) -> None:
    from ressort.web.people.models import Grant

    Grant.objects.create(person=person, kind="EPCI", code="200067254", role="contributor", granted_by=administrator)
    actions.add_reviewer(person, call, "x@example.fr")
    with pytest.raises(PermissionDenied):
        deciding.decide(person, call, "D1", timezone.localdate(), {})


def test_a_published_call_keeps_its_rules_even_against_a_direct_update(call: Any, administrator: Any) -> None:
    for refused in (
        lambda: actions.change_call(administrator, call, title="Other"),
        lambda: actions.change_grid(administrator, call, call.grid),
        lambda: actions.change_questions(administrator, call, [Question(code="a", label="A")]),
        lambda: actions.publish(administrator, call),
        lambda: actions.erase_call(administrator, call),
    ):
        with pytest.raises(RuleBroken):
            refused()
    for change in ({"envelope_cents": 1}, {"closes_at": timezone.now()}, {"grid": {"criteria": []}}, {"rules": {}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**change)
    Call.objects.filter(pk=call.pk).update(title="A better title")


def test_the_database_refuses_what_means_nothing(call: Any) -> None:
    application, _token = hand_in(call)
    for wrong in (
        {"status": "lost"},
        {"requested_cents": 0},
        {"requested_cents": 9_000_000},
        {"status": "submitted", "submitted_at": None},
        {"status": "ineligible"},
        {"number": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(**wrong)
    for wrong in ({"closes_at": call.opens_at}, {"kind": "PLANET"}, {"envelope_cents": 0}, {"authority_siret": "1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.create(
                **{
                    "kind": "COM", "code": "64445", "title": "x", "scheme": "x", "grid": {}, "envelope_cents": 1,
                    "authority_siret": SIRETS[0], "opens_at": call.opens_at, "closes_at": call.closes_at,
                } | wrong
            )  # fmt: skip


def test_a_draft_call_with_a_past_closing_or_an_empty_grid_is_not_published(administrator: Any) -> None:
    with pytest.raises(RuleBroken):
        open_call(
            administrator, opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() - timedelta(days=1)
        )
    call = Call.objects.get()
    with pytest.raises(RuleBroken):
        actions.change_grid(administrator, call, {"criteria": []})


def test_nothing_changes_once_the_hour_of_closing_is_struck(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, _token = applying.start(call, "late@example.fr", "Late")
    submitted, _token = hand_in(call)
    closed(monkeypatch, call)
    for refused in (
        lambda: applying.start(call, "new@example.fr", "New"),
        lambda: applying.save(draft, 1, {}, {}),
        lambda: applying.submit(draft),
        lambda: applying.attach(draft, "diagnostic", "a.pdf", b"%PDF-1"),
        lambda: applying.take_back(submitted),
    ):
        with pytest.raises(RuleBroken) as refusal:
            refused()
        assert "closed" in refusal.value.template


def test_a_call_that_is_not_open_yet_takes_no_file(administrator: Any) -> None:
    now = timezone.now()
    call = open_call(administrator, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    with pytest.raises(RuleBroken):
        applying.start(call, "early@example.fr", "Early")


def test_a_secret_link_opens_one_file_and_only_its_digest_is_kept(call: Any) -> None:
    application, token = hand_in(call)
    assert access.application_of(token) == application and token not in str(vars(Application.objects.get()))
    with pytest.raises(Http404):
        access.application_of(token[:-1] + ("A" if token[-1] != "A" else "B"))
    ((_again, fresh),) = applying.renew_links(call, "A0@example.fr")
    assert access.application_of(token) == application, "a stranger who asks for a new link locks nobody out"
    assert access.application_of(fresh) == application
    with pytest.raises(Http404):
        access.application_of(token)
    assert access.application_of(fresh) == application


def test_a_wrong_answer_saves_nothing_and_a_missing_one_waits_for_the_submission(call: Any) -> None:
    application, _token = applying.start(call, "a@example.fr", "A")
    with pytest.raises(RuleBroken) as refusal:
        applying.save(application, 1, {"title": "New"}, {"artificialisation": "perhaps"})
    assert [one.column for one in refusal.value.facts["problems"]] == ["artificialisation"]
    assert Application.objects.get().title == ""
    saved = applying.save(application, 1, {"title": "New"}, {"besoin": "x"})
    with pytest.raises(RuleBroken) as refusal:
        applying.submit(saved)
    assert {one.column for one in refusal.value.facts["problems"]} == {"associes", "artificialisation"}


@pytest.mark.parametrize("number", ["22330001300017", "", "W1"])
def test_a_file_without_a_right_number_is_not_handed_in(call: Any, number: str) -> None:
    with pytest.raises(RuleBroken):
        hand_in(call, identifier=number)


def test_an_amount_that_the_rates_bring_to_nothing_is_not_handed_in(call: Any) -> None:
    with pytest.raises(RuleBroken) as refusal:
        hand_in(call, requested_cents=1, eligible_cents=1)
    assert "gives no aid" in refusal.value.template


def test_two_windows_on_a_draft_never_lose_what_one_saved(call: Any) -> None:
    application, _token = applying.start(call, "a@example.fr", "A")
    applying.save(application, 1, {"title": "First"}, {"besoin": "first"})
    with pytest.raises(Stale) as stale:
        applying.save(application, 1, {"title": "Second"}, {})
    assert stale.value.current.title == "First" and Application.objects.get().answers == {"besoin": "first"}
    applying.save(application, stale.value.current.version, {"title": "Both"}, {"besoin": "first"})


def test_two_windows_on_a_review_never_lose_what_one_saved(call: Any, administrator: Any) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    reviewing.save_review(ada, application, 0, {"cohesion": "3"}, "first window")
    with pytest.raises(Stale) as stale:
        reviewing.save_review(ada, application, 0, {"cohesion": "5"}, "second window")
    assert stale.value.current.comments == "first window" and Review.objects.get().marks == {"cohesion": "3"}
    reviewing.save_review(ada, application, 1, {"cohesion": "5"}, "second window")
    assert Review.objects.get().version == 2


def test_an_interest_erases_the_marks_and_forbids_new_ones(call: Any, administrator: Any) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    mark(ada, application, 4, final=False)
    reviewing.declare_conflict(ada, application)
    with pytest.raises(RuleBroken):
        reviewing.save_review(ada, application, 2, {"cohesion": "5"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(marks={"cohesion": "5"})
    assert Review.objects.get().marks == {}


@pytest.mark.parametrize("wrong", ["6", "-1", "2.3", "beaucoup", "1/0", "nan"])
def test_a_mark_off_the_scale_is_refused(call: Any, administrator: Any, wrong: str) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    with pytest.raises(RuleBroken):
        reviewing.save_review(ada, application, 0, {"cohesion": wrong})


def test_a_final_review_is_whole_and_closed_until_opened_again(call: Any, administrator: Any) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    with pytest.raises(RuleBroken):
        reviewing.save_review(ada, application, 0, {"cohesion": "3"}, is_final=True)
    mark(ada, application, 3)
    with pytest.raises(RuleBroken):
        reviewing.save_review(ada, application, 1, {"cohesion": "5"})
    reviewing.reopen_review(ada, application)
    reviewing.save_review(ada, application, 2, {"cohesion": "5"})


def test_a_file_taken_back_opens_its_reviews_again_and_keeps_their_marks(call: Any, administrator: Any) -> None:
    ada, bob = reviewers(administrator, call, 2)
    application, _token = hand_in(call)
    mark(ada, application, 4)
    reviewing.declare_conflict(bob, application)
    applying.submit(applying.take_back(application))
    assert [(one.is_final, bool(one.marks)) for one in Review.objects.all()] == [(False, True), (True, False)]


def test_a_reviewer_downloads_where_the_site_names_them(call: Any, administrator: Any) -> None:
    from ressort.web.people.queries import everything_about

    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    mark(ada, application, 4)
    named = {(one["model"], one["as"]) for one in everything_about(ada)["named_in"]}
    assert named == {("calls.Reviewer", "person"), ("calls.Review", "reviewer")}


def test_nobody_marks_after_the_decision(call: Any, administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (ada,) = reviewers(administrator, call, 1)
    application, _token = hand_in(call)
    closed(monkeypatch, call)
    deciding.decide(administrator, call, "D1", timezone.localdate(), {application.pk: ("refused", "no money")})
    with pytest.raises(RuleBroken):
        mark(ada, application, 3)


def _office(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"MZ\x90\x00"),
        ("a.exe", b"MZ\x90\x00"),
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.html", b"<script>"),
        ("noextension", b"%PDF-1.7"),
        ("a.png", b"<html>"),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.docx", _office("xl/workbook.xml")),
        ("a.docx", _office("word/document.xml", "word/vbaProject.bin")),
        ("a.csv", b"\x00\x01"),
        ("a.csv", "é".encode("latin-1")),
        ("a.pdf", b"%PDF-" + b"0" * 5_000_000),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(RuleBroken):
        files.accepted(name, content)


def test_a_zip_bomb_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 210_000_000)
    with pytest.raises(RuleBroken):
        files.accepted("a.docx", content.getvalue())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\moi\\Devis n°1.pdf", "Devis n°1.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("...", "piece"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_names_of_files_lose_what_could_harm(given: str, kept: str) -> None:
    assert files.safe_name(given) == kept


def test_attached_files_lie_outside_the_site_and_go_with_the_draft(
    call: Any, django_capture_on_commit_callbacks: Any
) -> None:
    application, _token = applying.start(call, "a@example.fr", "A")
    held = applying.attach(application, "diagnostic", "../étude.pdf", b"%PDF-1.7 x")
    path = files.folder() / held.stored_as
    assert held.name == "étude.pdf" and path.read_bytes() == b"%PDF-1.7 x" and "static" not in str(path)
    with pytest.raises(RuleBroken):
        applying.attach(application, "besoin", "a.pdf", b"%PDF-1.7")
    for _ in range(9):
        applying.attach(application, "diagnostic", "a.pdf", b"%PDF-1.7")
    with pytest.raises(RuleBroken):
        applying.attach(application, "diagnostic", "a.pdf", b"%PDF-1.7")
    with django_capture_on_commit_callbacks(execute=True):
        applying.detach(application, held)
    assert not path.exists() and not Attachment.objects.filter(pk=held.pk).exists()


def test_the_disk_does_not_depend_on_the_good_will_of_strangers(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_CALL_BYTES", 20)
    application, _token = applying.start(call, "a@example.fr", "A")
    applying.attach(application, "diagnostic", "a.pdf", b"%PDF-1.7 12345")
    with pytest.raises(RuleBroken):
        applying.attach(application, "diagnostic", "b.pdf", b"%PDF-1.7 12345")


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


def test_a_draw_settles_only_files_of_the_call(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call = open_call(administrator, envelope_cents=2_000_000)
    jury = reviewers(administrator, call)
    handed = [hand_in(call, i)[0] for i in range(2)]
    for application in handed:
        for person in jury:
            mark(person, application, 4)
    closed(monkeypatch, call)
    assert [one.tied_with for one in queries.weighing(call).ranked] == [("D-002",), ("D-001",)]
    with pytest.raises(RuleBroken):
        actions.record_draw(administrator, call, ["D-009"])
    actions.record_draw(administrator, call, ["D-002", "D-001"])
    call.refresh_from_db()
    assert queries.weighing(call).advice.in_order.funded == ("D-002",)


def test_old_drafts_and_lost_bytes_are_purged_and_nothing_else(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ressort.web.calls import purging

    draft, _token = applying.start(call, "d@example.fr", "D")
    held = applying.attach(draft, "diagnostic", "a.pdf", b"%PDF-1.7")
    submitted, _token = hand_in(call, 1)
    assert purging.purge()[0] == 0
    monkeypatch.setattr(purging, "timezone", type("Clock", (), {"now": lambda: call.closes_at + timedelta(days=200)}))
    count, orphans = purging.purge()
    assert count == 1 and orphans >= 1 and not (files.folder() / held.stored_as).exists()
    assert list(Application.objects.all()) == [submitted]


def test_the_purge_is_a_command(call: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    call_command("purge_calls")
    assert capsys.readouterr().out.startswith("Brouillons d’appels effacés : 0")


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
