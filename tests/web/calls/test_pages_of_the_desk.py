"""A call for projects as its authority meets it, page by page."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.web.call_town import SIRETS, closed, hand_in, open_call
from tests.web.calls.pages import bound, text, url

from ressort.web.calls.models import AidYear, Application, Call

MOMENT = "%Y-%m-%dT%H:%M"


def _new(**told: Any) -> dict[str, Any]:
    now = timezone.localtime()
    return {
        "territory": "EPCI:200067254", "template": "resilience", "title": "Villages résilients", "summary": "Aider.",
        "eligibility": "Communes.", "contact": "appels@example.fr", "authority_name": "CA Pau Béarn Pyrénées",
        "authority_siret": "223 300 013 00016", "scheme": "resilience-2026", "under_criteria": "on",
        "opens_at": (now - timedelta(days=1)).strftime(MOMENT), "closes_at": (now + timedelta(days=9)).strftime(MOMENT),
        "envelope_cents": "50 000,50 €", "rate": "80", "most_cents": "", "bonus": "20", "areas": "Nord\nSud", "each_area": "1",
        "area_most": "60", "themes": "eau; 1000; 20000\nénergie", "targets": ["associations"], "following": "skip",
        "normalise": "none",
    } | told  # fmt: skip


def test_an_authority_prepares_changes_and_publishes_a_call(desk: Client) -> None:
    assert "Cohésion" not in desk.get(url("new")).content.decode()
    answer = desk.post(url("new"), _new())
    assert not answer.context or not answer.context["form"].errors
    call = Call.objects.get()
    assert answer.status_code == 302 and call.envelope_cents == 5_000_050 and call.authority_siret == SIRETS[0]
    assert call.rules["themes"][0] == {"name": "eau", "least_cents": 100_000, "most_cents": 2_000_000}
    assert Client().get(url("call", call.pk)).status_code == 403, "a draft is not shown"
    assert "Cohésion et solidarité" in desk.get(url("grid", call.pk)).content.decode()
    grid = bound(desk.get(url("grid", call.pk)).context["form"])
    grid |= {"weight_cohesion": "", "label_new": "Égalité", "weight_new": "15", "threshold_new": "1.5"}
    desk.post(url("grid", call.pk), grid)
    call.refresh_from_db()
    assert [one["code"] for one in call.grid["criteria"]][-1] == "egalite" and len(call.grid["criteria"]) == 6
    desk.post(url("questions", call.pk), {"label": "Surface ?", "kind": "number", "low": "0", "required": "on"})
    desk.post(url("move_question", call.pk, "diagnostic"), {"remove": "1"})
    desk.post(url("move_question", call.pk, "surface"), {"up": "1"})
    call.refresh_from_db()
    assert [one["code"] for one in call.questions] == ["besoin", "associes", "surface", "artificialisation"]
    assert desk.post(url("questions", call.pk), {"label": "Choix", "kind": "choice"}).status_code == 200
    assert (
        "Achats locaux et responsables; Factures"
        in desk.get(url("change", call.pk)).context["form"]["commitments"].value()
    )
    lines = "Achats locaux et responsables; factures; 12,5\nÉgalité; index; 5"
    assert desk.post(url("change", call.pk), _new(commitments="Égalité; 5")).context["form"].errors.keys() == {
        "commitments"
    }
    assert desk.post(url("change", call.pk), _new(commitments="a; b; 60\nc; d; 60")).status_code == 200
    desk.post(url("change", call.pk), _new(title="Villages debout", commitments=lines))
    call.refresh_from_db()
    assert [(one["code"], one["rate_bp"]) for one in call.commitments] == [("achats", 1250), ("egalite", 500)]
    desk.post(url("publish", call.pk))
    page = text(Client().get(url("call", call.pk)))
    assert "Villages debout" in page and "Égalité" in page and "20 000" in page
    assert "Villages debout" in Client().get(url("calls")).content.decode()
    assert desk.post(url("change", call.pk), _new(title="Other")).status_code == 409


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("envelope_cents", "0"),
        ("envelope_cents", "beaucoup"),
        ("authority_siret", "22330001300017"),
        ("closes_at", "2020-01-01T00:00"),
        ("closes_at", "2027-03-28T02:30"),  # the hour that the change of time skips
        ("closes_at", "2027-10-31T02:30"),  # the hour that it doubles
        ("rate", "101"),
        ("bonus", "101"),
        ("areas", ""),
        ("themes", "eau; 20; 10"),
        ("themes", "eau\neau"),
        ("contact", "nobody"),
        ("territory", "COM:64445"),
    ],
)
def test_a_call_that_does_not_hold_is_told_field_by_field(desk: Client, field: str, wrong: str) -> None:
    answer = desk.post(url("new"), _new(**{field: wrong}))
    assert answer.status_code == 200 and field in answer.context["form"].errors and not Call.objects.exists()


def test_an_hour_of_closing_is_that_of_paris_on_the_night_of_the_change_of_time(desk: Client) -> None:
    desk.post(url("new"), _new(closes_at="2027-10-31T03:00"))
    assert Call.objects.get().closes_at.isoformat() == "2027-10-31T02:00:00+00:00"


def test_a_grid_without_weight_is_refused_on_its_page(desk: Client) -> None:
    desk.post(url("new"), _new())
    call = Call.objects.get()
    grid = bound(desk.get(url("grid", call.pk)).context["form"])
    answer = desk.post(
        url("grid", call.pk), {name: "0" if name.startswith("weight_") else value for name, value in grid.items()}
    )
    assert answer.status_code == 200 and answer.context["form"].non_field_errors()


def test_a_stranger_sees_no_desk(client: Client, person: Any, administrator: Any) -> None:
    call = open_call(administrator)
    application, _token = hand_in(call)
    assert client.get(url("desk")).status_code == 302
    client.force_login(person)
    for name, key in (
        ("manage", call.pk), ("deliberate", call.pk), ("grid", call.pk), ("file", application.pk), ("review", application.pk),
    ):  # fmt: skip
        assert client.get(url(name, key)).status_code == 403
    for name, key in (("publish", call.pk), ("add_reviewer", call.pk), ("conflict", application.pk)):
        assert client.post(url(name, key), {"email": "x@example.fr"}).status_code == 403
    assert client.get(url("manage", 10**9)).status_code == 404


def test_a_file_is_set_aside_with_its_motive_and_taken_back(desk: Client, administrator: Any) -> None:
    application, token = hand_in(open_call(administrator))
    desk.post(url("file", application.pk), {"because": "Hors du territoire."})
    assert "Hors du territoire." in Client().get(url("application", token)).content.decode()
    desk.post(url("file", application.pk), {"because": ""})
    assert Application.objects.get().status == "submitted"


def test_the_deliberation_waits_for_the_closing(desk: Client, administrator: Any) -> None:
    assert desk.get(url("deliberate", open_call(administrator).pk)).status_code == 409


def test_an_empty_call_is_deliberated_without_fault(
    desk: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = closed(monkeypatch, open_call(administrator))
    assert desk.get(url("deliberate", call.pk)).status_code == 200


def test_the_people_of_a_territory_bring_the_file_of_all_its_aid(desk: Client) -> None:
    from ressort.core.calls import written
    from ressort.reference.scdl import schema

    wanted = schema("subventions")
    row = {one.name: one.example for one in wanted.fields}
    text = written(wanted, [row | {"montant": "300"}, row | {"montant": "100", "dispositifAide": "res"}])
    address = url("aid", "EPCI", "200067254")
    desk.post(address, {"file": SimpleUploadedFile("s.csv", text.encode()), "schemes": "res, other"})
    assert AidYear.objects.get().under_cents == 10_000
    page = Client().get(address).content.decode().replace("\xa0", " ")
    assert "25,0 %" in page and "2025" in page
    wrong = text.replace("2025-06-30", "30/06/2025")
    answer = desk.post(address, {"file": SimpleUploadedFile("s.csv", wrong.encode()), "schemes": "res"})
    assert "ligne 2" in answer.content.decode() and AidYear.objects.get().total_cents == 40_000
    assert Client().post(address, {"schemes": ""}).status_code == 403
