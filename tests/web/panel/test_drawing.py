"""The draw: announced, made in public, checked by anyone, kept by the database."""

import io
import json
import zipfile
from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.panel.clock import HOUR
from tests.web.panels import closed_panel, panel_of, table_of_volunteers

from ressort.core.errors import RuleBroken
from ressort.core.panel import beacon, canonical
from ressort.verifiers import panel_draw
from ressort.web.panel import actions, drawing, freezing, queries
from ressort.web.panel.models import Contact, Draw, Seat


def test_a_draw_is_announced_made_in_public_and_checked_by_anyone(
    client: Client, administrator: Any, later: Any
) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    moment = timezone.localtime(timezone.now() + HOUR).strftime("%Y-%m-%dT%H:%M")
    asking = reverse("panel:freeze", args=[panel.pk])
    client.post(asking, {"source": "trois dés, hall", "draw_at": moment})
    assert not panel.draws.exists() and "va commencer" in client.get(asking).content.decode()
    assert freezing.once() and not freezing.once()
    assert client.get(asking)["Location"] == reverse("panel:draw", args=[panel.pk, 0])
    frozen = panel.draws.get()
    public = Client()
    assert frozen.commitment_sha256 in public.get(reverse("panel:page", args=[panel.pk])).content.decode()
    url = reverse("panel:draw", args=[panel.pk, 0])
    early = client.post(url, {"digits": "041"}).content.decode()
    assert "ne peut être fait avant" in early and not Seat.objects.exists()
    later()
    assert "Trois chiffres" in client.post(url, {"digits": "41"}).content.decode()
    client.post(url, {"digits": "041"})
    assert Seat.objects.count() == 10
    client.post(url, {"digits": "042"})
    bundle = public.get(reverse("panel:draw_file", args=[panel.pk, 0, "verification.zip"]))
    names = {}
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        names = {name: archive.read(name) for name in archive.namelist()}
    assert set(names) == {"engagement.json", "proces-verbal.json", "verifier.py"}
    transcript = names["proces-verbal.json"]
    assert list(panel_draw.steps(transcript, None, frozen.commitment_sha256))[-1] == "tirage"
    rows = client.get(reverse("panel:observers_rows", args=[panel.pk, 0])).content
    assert "lignes et quotas" in list(panel_draw.steps(transcript, json.loads(rows)))
    drawn = set(Seat.objects.values_list("volunteer__number", flat=True))
    assert drawn == set(json.loads(transcript)["result"])
    homes = list(Contact.objects.filter(volunteer__seat__isnull=False).exclude(household="").values_list("household", flat=True))  # fmt: skip
    assert len(homes) == len(set(homes))


def test_a_drand_round_announced_gives_the_number_and_nothing_else_can(
    client: Client, administrator: Any, later: Any
) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    moment = timezone.now() + HOUR
    frozen = drawing.freeze(administrator, panel, "drand quicknet", moment, drand_round=beacon.round_at(moment))
    later()
    url = reverse("panel:draw", args=[panel.pk, 0])
    client.post(url, {"digits": "041"})
    with pytest.raises(RuleBroken):
        drawing.draw(administrator, frozen, {"source": "digits", "digits": "041"})
    signature = "ab" * 48
    told = {"signature": signature, "randomness": sha256(bytes.fromhex(signature)).hexdigest()}
    assert "n’est pas l’empreinte" in client.post(url, told | {"randomness": "0" * 64}).content.decode()
    client.post(url, told)
    frozen.refresh_from_db()
    assert list(panel_draw.steps(frozen.transcript.encode()))[-1] == "tirage" and Seat.objects.count() == 10


def test_a_round_that_is_out_already_or_at_another_hour_is_no_chance(administrator: Any) -> None:
    panel, moment = closed_panel(administrator), timezone.now() + HOUR
    for wrong in (12, beacon.round_at(moment) - 2, beacon.round_at(moment) + 2, 10**15):
        with pytest.raises(RuleBroken) as refused:
            drawing.freeze(administrator, panel, "drand", moment, drand_round=wrong)
        assert refused.value.facts["right"] == beacon.round_at(moment)
    assert not panel.draws.exists()


def test_the_round_of_the_hour_is_announced_with_the_draw(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    panel, moment = closed_panel(administrator), timezone.localtime(timezone.now() + HOUR).replace(second=0)
    told = {"source": "drand, lu en séance", "draw_at": moment.strftime("%Y-%m-%dT%H:%M"), "beacon": "on"}
    client.post(reverse("panel:freeze", args=[panel.pk]), told)
    assert freezing.once()
    right = beacon.round_at(moment.replace(microsecond=0))
    page = Client().get(reverse("panel:page", args=[panel.pk])).content.decode()
    assert f"Le tour {right} de la balise drand" in page and beacon.published_at(right) in page
    assert queries.chance_of(panel.draws.get()) == {"source": "drand", "chain": "quicknet", "round": right}


def test_nothing_personal_is_in_what_is_published(drawn: Draw) -> None:
    for text in (drawn.frozen, drawn.transcript):
        assert "@example.fr" not in text and "Personne" not in text and "rows" not in json.loads(text)


def test_registrations_are_over_before_anything_is_frozen(administrator: Any) -> None:
    panel = panel_of(administrator)
    actions.import_volunteers(administrator, panel, table_of_volunteers())
    with pytest.raises(RuleBroken):
        drawing.freeze(administrator, panel, "dés", timezone.now() + HOUR)


def test_the_database_itself_keeps_what_was_frozen_and_drawn(drawn: Draw) -> None:
    for change in ({"frozen": "{}"}, {"transcript": "{}"}, {"commitment_sha256": "0" * 64}, {"draw_at": timezone.now()}, {"secret": b"x"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Draw.objects.filter(pk=drawn.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM panel_draw")
    with pytest.raises(RuleBroken):
        drawing.draw(drawn.frozen_by, drawn, {"source": "digits", "digits": "001"})


def test_a_frozen_panel_takes_nobody_in_or_out(client: Client, administrator: Any, drawn: Draw) -> None:
    panel = drawn.panel
    with pytest.raises(RuleBroken):
        actions.import_volunteers(administrator, panel, table_of_volunteers())
    with pytest.raises(RuleBroken):
        actions.remove_volunteers(administrator, panel)
    with pytest.raises(RuleBroken):
        actions.withdraw(panel.volunteers.first())
    with pytest.raises(RuleBroken):
        actions.change_panel(administrator, panel, seats=11)


def test_the_same_rows_freeze_to_the_same_panels(administrator: Any) -> None:
    frozen = [
        json.loads(drawing.freeze(administrator, closed_panel(administrator), "dés", timezone.now() + HOUR).frozen)
        for _twice in range(2)
    ]
    assert frozen[0]["panels"] == frozen[1]["panels"]
    assert frozen[0]["people"] != frozen[1]["people"], "salts differ: nobody guesses a row from its print"
    assert canonical(frozen[0]["commitment"])


def test_programs_read_panels_and_transcripts(client: Client, administrator: Any, drawn: Draw) -> None:
    panel_of(administrator, is_public=False)
    listed = client.get("/api/panels").json()
    assert [one["title"] for one in listed["rows"]] == ["L’eau de demain"]
    one = client.get(f"/api/panels/{drawn.panel_id}").json()
    assert one["state"] == "drawn" and one["draws"][0]["number"] == 417
    text = client.get(f"/api/panels/{drawn.panel_id}/draws/0").content
    assert list(panel_draw.steps(text))[-1] == "tirage"
    assert client.get("/api/panels/999999").status_code == 404
