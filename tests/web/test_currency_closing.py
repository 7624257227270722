"""The loop's first closing: what a currency measured is a fact of its territory and an input of its stress test."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from ressort.core.errors import RuleBroken
from ressort.reference.territories import resolve
from ressort.resilience import Request
from ressort.web.currency import actions, closing
from ressort.web.currency.models import Measurement, Standing

AREA, INSIDE, ELSEWHERE = "EPCI:200068930", "COM:47011", "EPCI:200067254"


def measured(number: int, *, days: int = 365, secret: bool = False, reuse: float | None = 0.41) -> None:
    rows = [("reuse", reuse, 0.36, 0.47), ("leak", 0.2, 0.15, 0.25), ("lm3", 1.4, None, None), ("velocity", 3.2, 3.0, 3.4)]  # fmt: skip
    told = [{"key": key, "value": value, "low": low, "high": high, "secret": secret and key != "velocity"} for key, value, low, high in rows]  # fmt: skip
    content = {"days": days, "since": "2025-11-25", "measures": told, "flows": {}}
    Measurement.objects.create(currency=number, until=date(2026, 11, 25), content=content)


@pytest.fixture
def number(db: None) -> int:
    code = "T" + uuid4().hex[:7].upper()
    made = actions.found_currency(code, "Monnaie mesurée")
    call_command("currency", "territory", code, AREA)
    return made


def test_a_measured_currency_is_a_fact_of_its_territory_and_of_those_inside(client: Client, number: int) -> None:
    measured(number)
    for key in (AREA, INSIDE):
        kind, code = key.split(":")
        words = client.get(f"/territoire/{kind}/{code}/").content.decode()
        assert "Monnaie mesurée" in words and "41" in words and "25/11/2026" in words, key
    kind, code = ELSEWHERE.split(":")
    assert "Monnaie mesurée" not in client.get(f"/territoire/{kind}/{code}/").content.decode()
    found = closing.reuse(resolve(INSIDE))
    assert found is not None and found.shares == (0.36, 0.41, 0.47) and "Monnaie mesurée" in found.source


@pytest.mark.parametrize("words", [{"secret": True}, {"days": 89}, {"reuse": None}])
def test_what_says_too_little_or_too_much_is_not_used(number: int, words: dict[str, Any]) -> None:
    measured(number, **words)
    assert closing.reuse(resolve(AREA)) is None
    assert "0.41" not in str(closing.panels(resolve(AREA)))


def test_a_simulated_or_sandbox_currency_never_counts(number: int) -> None:
    measured(number)
    for nature in ("simulated", "sandbox"):
        Standing.objects.filter(currency=number).update(nature=nature)
        assert closing.reuse(resolve(AREA)) is None and closing.panels(resolve(AREA)) == []
    code = "T" + uuid4().hex[:7].upper()
    call_command("currency", "sandbox", code, "Essai")
    with pytest.raises(RuleBroken):
        call_command("currency", "territory", code, AREA)


def test_the_stress_test_asked_on_a_page_takes_the_measure_and_says_so(client: Client, number: int) -> None:
    from ressort.web.resilience.models import StressRun

    measured(number)
    kind, code = AREA.split(":")
    asked = {"choc": ["euro_run"], "levier": ["local_currency"], "tirages": "50", "jours": "120", "graine": "1"}
    answer = client.post(f"/choc/{kind}/{code}/", asked)
    assert answer.status_code == 302, answer.content[:2000]
    request: Request = StressRun.objects.latest("asked_at").request
    assert request.reuse == (0.36, 0.41, 0.47) and "Monnaie mesurée" in request.reuse_source
    client.post(f"/choc/{kind}/{code}/", asked | {"levier": []})
    assert StressRun.objects.latest("asked_at").request.reuse == (), "without the lever nothing changes"
