"""Paper ballots printed in numbered series, which the double entry then keeps to."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.budget_town import opened, to_stage, with_projects

from ressort.core.errors import RuleBroken
from ressort.web.budget import actions, printing


def test_a_series_is_printed_tagged_and_no_higher_number_is_keyed(client: Client, administrator: Any) -> None:
    campaign = with_projects(administrator, 4_000, 7_000, 2_500, title="Budget « été » <b>")
    batch = actions.open_batch(administrator, campaign, "Mairie")
    client.force_login(administrator)
    page = reverse("budget:batch", args=[campaign.pk, batch.pk])
    assert "Imprimer des bulletins" in client.get(page).content.decode()
    url = reverse("budget:series", args=[campaign.pk, batch.pk])
    paper = client.post(url, {"first": "1", "count": "3"})
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in paper.content and b"/Lang" in paper.content
    assert "Imprimés jusqu’ici\u00a0: numéros 1 à 3" in client.get(page).content.decode()
    client.post(url, {"first": "9", "count": "3"})
    batch.refresh_from_db()
    assert batch.printed == 3, "a series leaves no gap"
    client.post(url, {"first": "2", "count": "1", "large": "on"})
    batch.refresh_from_db()
    assert batch.printed == 3, "printing again adds no number"
    actions.key_entry(administrator, batch, 3, 1, {1: 1}, "")
    with pytest.raises(RuleBroken, match="go up to 3"):
        actions.key_entry(administrator, batch, 4, 1, {1: 1}, "")


def test_ballots_are_printed_before_the_vote_and_keyed_once_it_is_open(administrator: Any) -> None:
    campaign = to_stage(with_projects(administrator, 1_000, ballot="points"), "study")
    batch = actions.open_batch(administrator, campaign, "École")
    assert printing.ballots(batch, 1, 2, large=True).startswith(b"%PDF-")
    with pytest.raises(RuleBroken, match="keyed from the opening"):
        actions.key_entry(administrator, batch, 1, 1, {1: 1}, "")


def test_nothing_is_printed_without_a_project(client: Client, administrator: Any) -> None:
    campaign = opened(administrator, "study")
    batch = actions.open_batch(administrator, campaign, "École")
    client.force_login(administrator)
    answer = client.post(
        reverse("budget:series", args=[campaign.pk, batch.pk]), {"first": "1", "count": "3"}, follow=True
    )
    batch.refresh_from_db()
    assert "rien à imprimer" in answer.content.decode() and batch.printed == 0
