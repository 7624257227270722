"""A panel ready to draw, for the tests of the web and of the browser."""

from datetime import timedelta
from typing import Any

from ressort.core.panel import quotas_from_population, write_table
from ressort.web.panel import actions, queries
from ressort.web.panel.models import Panel

POPULATION = {"Sexe": {"Femme": 52.0, "Homme": 48.0}, "Âge": {"16-29": 20.0, "30-59": 45.0, "60 et plus": 35.0}}


def table_of_volunteers(count: int = 60) -> bytes:
    """People of two sexes and three ages, some of them of one household."""
    sexes, ages = ("Femme", "Homme", "Femme"), ("19", "34", "58", "71", "45")
    rows = [
        [f"V{i}", f"Personne {i}", f"v{i}@example.fr", sexes[i % 3], ages[i % 5], f"F{i // 4}" if i % 4 < 2 else ""]
        for i in range(1, count + 1)
    ]
    return write_table(["id", "nom", "courriel", "Sexe", "Âge", "foyer"], rows).encode()


def panel_of(by: Any, seats: int = 10, **more: Any) -> Panel:
    """A public panel of Pau with its quotas, registrations open until tomorrow."""
    today = queries.today()
    told = {
        "title": "L’eau de demain", "about": "Comment partager l’eau en été ?", "seats": seats, "household_limit": 1,
        "opens_on": today - timedelta(days=2), "closes_on": today + timedelta(days=1),
        "pool_purge_on": today + timedelta(days=90), "members_purge_on": today + timedelta(days=400), "is_public": True,
    } | more  # fmt: skip
    panel = actions.create_panel(by, "EPCI", "200067254", **told)
    actions.set_quotas(by, panel, quotas_from_population(POPULATION, seats, 1))
    return panel


def closed_panel(by: Any, seats: int = 10) -> Panel:
    """The same with sixty volunteers, registrations closed since yesterday."""
    today = queries.today()
    panel = panel_of(by, seats, opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1))
    actions.import_volunteers(by, panel, table_of_volunteers())
    return panel
