"""The simulated effect of a project: what its levers would move in its territory, and what they would spare if a shock came.

levers ──▶ the scenario beside today ─────────┐
answer to a shock ──▶ person-days it avoids ──┴─▶ a table to read; whole numbers to compare projects by
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ressort.core.errors import RuleBroken
from ressort.core.food import Levers
from ressort.core.territory import Territory
from ressort.language import ngettext, number, quantity, rounded
from ressort.web.resilience.models import StressRun
from ressort.web.resilience.queries import stress_of, titles
from ressort.web.scenarios.queries import results


@dataclass(frozen=True, slots=True)
class Simulated:
    """A whole number that tells a project's effect, and what it counts, in words."""

    number: int
    told: str


class AnswerField(forms.CharField):
    """The address of an answer to a shock, pasted as it is; gives its token."""

    def clean(self, value: Any) -> str:
        address = str(super().clean(value)).strip()
        found = re.search(r"(?:^|/)([0-9a-f]{16})/?(?:[?#].*)?$", address)
        if address and not found:
            raise forms.ValidationError(_("This is not the address of an answer to a shock."))
        return found.group(1) if found else ""


class SimulationForm(forms.Form):
    """The levers of a project, and the answer to a shock that plays them."""

    levers = forms.CharField(
        label=_("Levers for the simulated effect"),
        max_length=300,
        required=False,
        help_text=_(
            "What follows “?” in the address of a scenario of the territory, such as “farm_starts_per_year=2”."
        ),
    )
    stress_token = AnswerField(
        label=_("Answer to a shock, with the levers of the project"),
        max_length=300,
        required=False,
        help_text=_(
            "The address of the answer: choose a shock and the levers of the project in “Anticipate”, play them, copy the address."
        ),
    )


def levers_of(text: str) -> Levers:
    """Levers written as in the address of a scenario: `organic_share=0.5&farm_starts_per_year=2`.

    Raises:
        RuleBroken, UnknownCode: a lever that does not exist, or outside its range.
    """
    pairs = (part.partition("=") for part in text.replace("?", "").split("&") if part.strip())
    return Levers.from_query({name.strip(): value.strip() for name, _sign, value in pairs})


def check(territory_key: str, levers: str, stress_token: str) -> None:
    """Levers that make sense, and an answer to a shock that tells what levers change on that territory.

    Raises:
        RuleBroken, UnknownCode: what is wrong with either.
    """
    levers_of(levers)
    if not stress_token:
        return
    run = StressRun.objects.only("state", "question").filter(token=stress_token).first()
    if run is None or run.state != StressRun.State.DONE:
        raise RuleBroken(
            "No finished answer to a shock has the address {token}. Wait for its end, then copy it.",
            token=stress_token,
        )
    if not run.request.levers:
        raise RuleBroken("This answer to a shock plays no lever: choose those of the project, and play it again.")
    if run.request.territory != territory_key:
        raise RuleBroken(
            "This answer to a shock tells {other}, not {territory}.",
            other=run.request.territory,
            territory=territory_key,
        )


def effect_of(place: Territory, levers: str, stress_token: str) -> dict[str, Any]:
    """What the engines of scenarios and of shocks say a project would move; nothing when it has no lever."""
    if not levers:
        return _spared(stress_token)
    told = results(place, levers_of(levers), [])
    return _spared(stress_token) | {
        "scenario": True,
        "lines": [line for line in told["lines"] if line["figure"].known and line["moved"]],
        "gardens": told["farm_starts"][-1:],
        "summary": told["summary"],
    }


def _spared(stress_token: str) -> dict[str, Any]:
    """What the levers of a project change when a shock comes, from the answer that the services chose."""
    run = StressRun.objects.defer("answer", "table").filter(token=stress_token, state=StressRun.State.DONE).first()
    if run is None:
        return {}
    rows = stress_of(run.token).table("levers").to_dicts()
    return {"stress": titles(run) | {"token": run.token, "rows": rows}}


def numbers_of(effect: dict[str, Any], most: int) -> list[Simulated]:
    """Whole numbers that an effect offers, from one to a most: by how much each figure moves, person-days avoided by each lever."""
    return [one for one in _numbers(effect) if 1 <= one.number <= most]


def _numbers(effect: dict[str, Any]) -> Iterator[Simulated]:
    for line in effect.get("lines", ()):
        figure, change = line["figure"], line["figure"].value - (line["today"].value or 0.0)
        is_share = figure.unit == "share"
        count = round(abs(100 * change if is_share else change))
        amount = line["moved"] if is_share else f"{quantity(count, figure.unit)}, {line['moved']}"
        # a rise and a fall are not the same number: files are compared by one of them
        words = _("{label}, rise ({amount})") if change > 0 else _("{label}, fall ({amount})")
        yield Simulated(count, words.format(label=line["label"], amount=amount))
    for row in effect.get("stress", {}).get("rows", ()):
        count = round(row["avoided_p50_days"])
        words = ngettext(
            "{lever} ({count} person-day avoided, {low} to {high})",
            "{lever} ({count} person-days avoided, {low} to {high})",
            count,
        )
        low, high = (rounded(row[f"avoided_{end}_days"]) for end in ("p10", "p90"))
        yield Simulated(count, words.format(lever=row["label"], count=number(count), low=low, high=high))
