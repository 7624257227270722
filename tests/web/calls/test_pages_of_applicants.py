"""A call for projects as applicants and reviewers meet it, page by page, up to the report."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.web.call_town import SIRETS, closed, hand_in, mark, open_call, reviewers
from tests.web.calls.pages import bound, text, url

from ressort.web.calls.models import Application, Decision, Payment, Recovery, Review


def test_an_applicant_writes_attaches_hands_in_and_takes_back(client: Client, administrator: Any) -> None:
    call = open_call(administrator)
    answer = client.post(url("start", call.pk), {"email": "asso@example.fr", "applicant": "Asso"}, follow=True)
    address = answer.redirect_chain[-1][0]
    assert address in mail.outbox[0].body and mail.outbox[0].to == ["asso@example.fr"]
    form = {
        "version": "1", "applicant": "Asso", "identifier": SIRETS[1], "title": "Verger", "eligible_cents": "40 000",
        "requested_cents": "20000,50", "q_besoin": "Sécheresse", "q_artificialisation": "no", "pledges": ["achats"],
    }  # fmt: skip
    answer = client.post(address, form | {"submit": "1"})
    assert answer.status_code == 200 and "q_associes" in answer.context["form"].errors
    assert Application.objects.get().requested_cents == 2_000_050, "the draft is saved all the same"
    assert answer.context["form"].data["version"] == 2
    pdf = SimpleUploadedFile("../étude.pdf", b"%PDF-1.7 x", "text/html")
    answer = client.post(f"{address}joindre/diagnostic/", {"file": pdf}, follow=True)
    assert "étude.pdf" in answer.content.decode()
    wrong = SimpleUploadedFile("a.pdf", b"<script>", "application/pdf")
    assert "n’est pas ce que dit son nom" in client.post(
        f"{address}joindre/diagnostic/", {"file": wrong}, follow=True
    ).content.decode().replace("\xa0", " ")
    held = Application.objects.get().attachments.get()
    served = client.get(f"{address}piece/{held.pk}/")
    assert served["Content-Type"] == "application/pdf" and served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Disposition"].startswith("attachment") and "sandbox" in served["Content-Security-Policy"]
    assert b"".join(served.streaming_content) == b"%PDF-1.7 x"
    answer = client.post(address, form | {"version": "2", "q_associes": "Tous", "submit": "1"}, follow=True)
    assert Application.objects.get().status == "submitted"
    assert client.get(address).templates[0].name == "calls/standing.html"
    client.post(f"{address}reprendre/")
    assert Application.objects.get().status == "draft"
    client.post(f"{address}piece/{held.pk}/supprimer/")
    assert not Application.objects.get().attachments.exists()
    client.post(f"{address}retirer/")
    assert Application.objects.get().status == "withdrawn"


def test_a_draft_saved_twice_at_once_shows_both(client: Client, administrator: Any) -> None:
    call = open_call(administrator)
    address = client.post(url("start", call.pk), {"email": "a@example.fr", "applicant": "A"}).url
    client.post(address, {"version": "1", "applicant": "A", "title": "Saved first"})
    answer = client.post(address, {"version": "1", "applicant": "A", "title": "Typed second"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "Saved first" in page and "Typed second" in page
    client.post(address, bound(answer.context["form"]))
    assert Application.objects.get().title == "Typed second"


def test_a_lost_link_is_renewed_without_telling_who_is_known(client: Client, administrator: Any) -> None:
    call = open_call(administrator)
    address = client.post(url("start", call.pk), {"email": "a@example.fr", "applicant": "A"}).url
    pages = [
        Client().post(url("lost", call.pk), {"email": e}, follow=True).content for e in ("a@example.fr", "z@example.fr")
    ]
    assert pages[0] == pages[1]
    fresh = re.search(r"/appels/dossier/\S+", mail.outbox[-1].body)
    assert fresh and client.get(fresh[0]).status_code == 200 and client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["A" * 43, "short", "A" * 44, "../" * 20])
def test_an_unknown_link_opens_nothing(client: Client, db: None, token: str) -> None:
    assert client.get(f"/appels/dossier/{token}/").status_code == 404


def test_what_an_authority_or_an_applicant_writes_is_never_run(client: Client, administrator: Any) -> None:
    from ressort.core.calls import Question
    from ressort.web.calls import actions

    evil = "<script>alert(1)</script>"
    call = actions.create_call(
        administrator, "EPCI", "200067254", "resilience", "fr",
        title=evil, summary=evil, eligibility=evil, contact="a@example.fr", authority_name=evil, authority_siret=SIRETS[0],
        scheme=evil[:60], opens_at=timezone.now() - timedelta(days=1), closes_at=timezone.now() + timedelta(days=1), envelope_cents=1,
    )  # fmt: skip
    actions.change_questions(administrator, call, [Question(code="a", label=evil, help=evil, required=False)])
    actions.publish(administrator, call)
    address = client.post(url("start", call.pk), {"email": "a@example.fr", "applicant": evil}).url
    client.post(address, {"version": "1", "applicant": evil, "title": evil, "q_a": evil})
    for page in (address, url("call", call.pk), url("calls")):
        assert evil not in client.get(page).content.decode()


def test_reviewers_mark_blindly_or_declare_an_interest(client: Client, administrator: Any) -> None:
    call = open_call(administrator, is_blind=True)
    ada, bob = reviewers(administrator, call)
    application, _token = hand_in(call, applicant="Secret name")
    client.force_login(ada)
    assert "Projet 0" in client.get(url("to_review")).content.decode()
    page = client.get(url("review", application.pk))
    assert "Secret name" not in page.content.decode() and "Mode aveugle" in page.content.decode()
    marks = {f"mark_{one['code']}": "3.5" for one in call.grid["criteria"]}
    client.post(
        url("review", application.pk), marks | {"version": "0", "comments": "Bien", "advice": "yes", "final": "1"}
    )
    assert Review.objects.get().is_final and Review.objects.get().marks["cohesion"] == "3.5"
    answer = client.post(url("review", application.pk), marks | {"version": "0", "comments": "Other window"})
    assert "Other window" in answer.content.decode() or "définitive" in answer.content.decode()
    client.post(url("reopen", application.pk))
    answer = client.post(url("review", application.pk), marks | {"version": "1", "comments": "Other window"})
    page_text = answer.content.decode()
    assert answer.context["stale"] and "Other window" in page_text and "Bien" in page_text
    client.force_login(bob)
    client.post(url("conflict", application.pk))
    assert Review.objects.get(reviewer=bob).has_conflict
    assert "intérêt" in client.get(url("review", application.pk)).content.decode()


def _judge(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[tuple[Any, str]]]:
    call = open_call(administrator)
    jury = reviewers(administrator, call)
    handed = [hand_in(call, i, pledges=["achats", "energie"]) for i in range(3)]
    for i, (application, _token) in enumerate(handed):
        for j, person in enumerate(jury):
            mark(person, application, 5 - i - 2 * j * (i == 1), 5 - i)
    return closed(monkeypatch, call), handed


def test_from_the_deliberation_to_the_report(desk: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call, handed = _judge(administrator, monkeypatch)
    page = desk.get(url("deliberate", call.pk))
    words = page.content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert "Il manque 16 000 € dans l’enveloppe de 50 000 €" in words and "Les évaluateurs divergent" in words
    assert "D-001,Projet 0" in desk.get(url("ranking", call.pk)).content.decode()
    assert Client().get(url("ranking", call.pk)).status_code == 302
    form = page.context["form"]
    told = {one.name: one.value() or "" for one in form} | {"reference": "2026-06-D12"}
    told["decided_on"] = timezone.localdate().isoformat()
    assert [told[f"outcome_{one.pk}"] for one, _t in handed] == ["funded", "funded", "refused"]
    over = desk.post(url("deliberate", call.pk), told | {f"outcome_{handed[2][0].pk}": "funded"})
    assert over.status_code == 200 and over.context["form"].non_field_errors() and not Decision.objects.exists()
    told[f"outcome_{handed[2][0].pk}"] = "reserve"
    assert desk.post(url("deliberate", call.pk), told).status_code == 302
    assert [one.to for one in mail.outbox[-3:]] == [["a0@example.fr"], ["a1@example.fr"], ["a2@example.fr"]]
    third = desk.get(url("file", handed[2][0].pk))
    assert "jury0@example.fr" in text(third) and "Financer avec l’argent restant" in text(third)
    new = {"reference": "D13", "decided_on": told["decided_on"], "motive": "x"}
    assert "Il manque 16 000 €" in text(desk.post(url("call_up", handed[2][0].pk), new, follow=True))
    assert "Donnez la référence" in text(desk.post(url("call_up", handed[2][0].pk), {}, follow=True))
    _results(call)
    _follow(desk, *handed[0])


def _results(call: Any) -> None:
    everybody = Client()
    page = everybody.get(url("call", call.pk)).content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert "44 000 € accordés, sur 50 000 €" in page and "Projet 0" in page and "Association 2" not in page
    rows = list(csv.DictReader(io.StringIO(everybody.get(url("published", call.pk, "subventions")).content.decode())))
    assert [row["montant"] for row in rows] == ["22000.00", "22000.00"]
    for name in ("deliberations", "dispositif-aide", "dispositif-aide-0-0-1"):
        assert everybody.get(url("published", call.pk, name)).status_code == 200
    assert everybody.get(url("published", call.pk, "secrets")).status_code == 404


def _follow(desk: Client, application: Any, token: str) -> None:
    follow = url("follow", application.pk)
    today = timezone.localdate().isoformat()
    parts = {
        "agreed_on": today,
        "label_1": "Avance",
        "due_1": today,
        "part_1": "33.33",
        "label_2": "Solde",
        "due_2": today,
    }
    assert desk.post(follow, parts | {"part_2": "60"}).status_code == 200 and not Payment.objects.exists()
    assert desk.post(follow, parts | {"part_2": "66.67"}).status_code == 302
    assert sum(one.amount_cents for one in Payment.objects.all()) == 2_200_000
    desk.post(url("pay", Payment.objects.first().pk))
    applicant = Client()
    address = url("application", token)
    first, second = Decision.objects.get(application=application).pledges.all()
    applicant.post(f"{address}engagement/{first.pk}/", {"evidence": "Factures"})
    applicant.post(f"{address}bilan/", {"spent_cents": "39 000", "text": "Verger planté."})
    desk.post(url("check", first.pk), {"accept": "1"})
    desk.post(url("check", second.pk), {"refuse": "1"})
    assert "1 000" in desk.get(follow).content.decode().replace("\u202f", " ")
    desk.post(url("recover", application.pk))
    assert Recovery.objects.get().amount_cents == 100_000
    page = applicant.get(address).content.decode().replace("\u202f", " ").replace("\xa0", " ")
    assert "Verger planté." in page and "1 000 € repris" in page and "rang 1" in page


def test_a_refused_applicant_reads_the_motive_and_marks_but_no_reviewer(
    desk: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, handed = _judge(administrator, monkeypatch)
    told = {one.name: one.value() or "" for one in desk.get(url("deliberate", call.pk)).context["form"]}
    today = timezone.localdate().isoformat()
    desk.post(url("deliberate", call.pk), told | {"reference": "D1", "decided_on": today})
    page = Client().get(url("application", handed[2][1])).content.decode().replace("\xa0", " ")
    assert "Il manque" in page and "rang 3" in page and "jury0" not in page


def test_an_effect_is_estimated_file_by_file_then_compared(
    desk: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = open_call(administrator, rules={"effect": "tonnes évitées"})
    application, _token = hand_in(call)
    for person in reviewers(administrator, call):
        mark(person, application, 4)
    assert "nombre entier" in text(desk.post(url("file", application.pk), {"effect": "beaucoup"}, follow=True))
    desk.post(url("file", application.pk), {"effect": "1 200"})
    assert Application.objects.get().effect == 1200
    closed(monkeypatch, call)
    page = text(desk.get(url("deliberate", call.pk)))
    assert "tonnes évitées" in page and "Le meilleur effet" in page and "1 200" in page


def test_a_new_reviewer_gets_a_one_time_link_and_an_idle_one_may_go(desk: Client, administrator: Any) -> None:
    call = open_call(administrator)
    answer = desk.post(url("add_reviewer", call.pk), {"email": "jury@example.fr"}, follow=True)
    assert "/compte/password/reset/key/" in answer.content.decode()
    reviewer = call.reviewers.get()
    application, _token = hand_in(call)
    mark(reviewer.person, application, 3, final=False)
    desk.post(url("remove_reviewer", reviewer.pk))
    assert call.reviewers.exists(), "a reviewer who marked files stays"
    other = desk.post(url("add_reviewer", call.pk), {"email": "idle@example.fr"}) and call.reviewers.get(
        person__email="idle@example.fr"
    )
    desk.post(url("remove_reviewer", other.pk))
    assert call.reviewers.count() == 1
