"""One page for all that is decided together, reached from the rail."""

from typing import Any

from django.test import Client
from tests.web import budget_town, call_town
from tests.web.panels import panel_of


def test_the_hub_shows_what_is_open_coming_under_way_and_done(client: Client, administrator: Any) -> None:
    budget_town.opened(administrator, "vote", title="Budget ouvert")
    budget_town.opened(administrator, "soon", title="Budget à venir")
    budget_town.opened(administrator, "count", title="Budget au comptage")
    call_town.open_call(administrator, title="Appel ouvert")
    panel_of(administrator, title="Panel ouvert")
    panel_of(administrator, title="Panel caché", is_public=False)
    text = client.get("/decider/").content.decode()
    parts = dict(part.split("</h2>", 1) for part in text.split("<section><h2>")[1:])
    assert list(parts) == ["Ouvert maintenant", "À venir", "En cours"]
    assert all(name in parts["Ouvert maintenant"] for name in ("Budget ouvert", "Appel ouvert", "Panel ouvert"))
    assert "Budget à venir" in parts["À venir"] and "Budget au comptage" in parts["En cours"]
    assert "Panel caché" not in text


def test_the_hub_of_a_place_keeps_to_territories_that_share_a_commune(client: Client, administrator: Any) -> None:
    budget_town.opened(administrator, "vote", title="Budget de l’agglo")
    for inside in ("COM/64445", "EPCI/200067254", "DEP/64"):
        assert "Budget de l’agglo" in client.get(f"/decider/{inside}/").content.decode()
    elsewhere = client.get("/decider/DEP/35/").content.decode()
    assert "Budget de l’agglo" not in elsewhere and "Rien à décider" in elsewhere
    assert client.get("/decider/COM/00000/").status_code == 404


def test_the_rail_leads_to_the_hub_of_the_place(client: Client, db: None) -> None:
    assert 'href="/decider/EPCI/200067254/"' in client.get("/territoire/EPCI/200067254/").content.decode()
    assert 'href="/decider/"' in client.get("/appels/").content.decode()
