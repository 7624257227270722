"""Reads about panels: what the screens show, and the question that the rows ask of the core."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from ressort.core.errors import RuleBroken
from ressort.core.panel import (
    Pool,
    Portrait,
    beacon,
    household_ranks,
    merged,
    natural,
    portrait,
    row_text,
    salt,
    vacancy,
)
from ressort.core.panel import Quota as CoreQuota
from ressort.panel import Question
from ressort.reference.territories import territories
from ressort.web.panel.models import Attendance, Draw, Panel, Seat, Volunteer
from ressort.web.people.models import Person

MOST_COMMUNES = 12


def visible(person: Any) -> QuerySet[Panel]:
    """The panels that a visitor may see: public ones, and those it runs."""
    panels = Panel.objects.all()
    if isinstance(person, Person) and person.is_superuser:
        return panels
    seen = Q(is_public=True)
    if isinstance(person, Person):
        for grant in person.grants.all():
            seen |= Q(kind=grant.kind, code=grant.code)
    return panels.filter(seen)


def today() -> date:
    """The day in France."""
    return timezone.localdate()


def state_of(panel: Panel) -> str:
    """Where a panel stands: preparing, open, waiting, frozen, drawn, answered."""
    draws = list(panel.draws.all())
    if panel.points.exclude(answer="waiting").exists() and panel.opinion_published_at:
        return "answered"
    if any(draw.drawn_at for draw in draws):
        return "drawn"
    if draws:
        return "frozen"
    if panel.is_open(today()):
        return "open"
    return "waiting" if panel.is_public else "preparing"


def core_quotas(panel: Panel) -> tuple[CoreQuota, ...]:
    """The quotas of a panel, as the core knows them."""
    return tuple(CoreQuota(q.criterion, q.value, q.least, q.most, q.population_people) for q in panel.quotas.all())


def choices_of(panel: Panel) -> dict[str, list[str]]:
    """The values of each criterion, in order."""
    found: dict[str, list[str]] = {}
    for quota in panel.quotas.all():
        found.setdefault(quota.criterion, []).append(quota.value)
    return found


def pool_of(panel: Panel) -> Pool:
    """The volunteers whose answers are still held, by number once numbered, else by reference."""
    rows = list(panel.volunteers.filter(purged_at__isnull=True).select_related("contact"))
    if not rows:
        raise RuleBroken("This panel has no volunteer yet. Open the registrations, or import a table.")
    criteria = tuple(choices_of(panel))
    if not criteria:
        raise RuleBroken("This panel has no quota yet. Add a criterion first.")
    rows.sort(key=lambda row: (row.number or 0, natural(row.reference)))
    return Pool(
        criteria,
        tuple(row.reference for row in rows),
        tuple(tuple(row.answers.get(name, "") for name in criteria) for row in rows),
        tuple(row.contact.household for row in rows) if panel.household_limit else (),
        tuple(row.number or place for place, row in enumerate(rows, 1)),
    )


def question_of(panel: Panel) -> Question:
    """What is to be drawn now: the whole panel, or the seats that emptied.

    Raises:
        RuleBroken: no volunteer, no quota, nobody to replace. InputError: more seats than volunteers.
    """
    pool, quotas = pool_of(panel), core_quotas(panel)
    seats = list(Seat.objects.filter(draw__panel=panel).select_related("volunteer"))
    if not seats:
        return Question(pool, quotas, merged(pool, quotas, panel.seats, panel.household_limit), panel.household_limit)
    known = set(pool.numbers)
    stay = tuple(
        sorted(seat.volunteer.number for seat in seats if seat.state in Seat.HELD and seat.volunteer.number in known)
    )
    gone = tuple(
        sorted(
            seat.volunteer.number for seat in seats if seat.state not in Seat.HELD and seat.volunteer.number in known
        )
    )
    rest, types = vacancy(pool, quotas, panel.seats, stay, gone, panel.household_limit)
    return Question(rest, types.quotas, types, panel.household_limit, stay, gone)


@dataclass(frozen=True)
class ValueCount:
    """How many volunteers bear a value, beside its quota and its population."""

    criterion: str
    value: str
    least: int
    most: int
    volunteers: int
    population_share: float | None
    pool_share: float


def counts(panel: Panel) -> list[ValueCount]:
    """The pool beside the quotas, value by value."""
    held = Counter(
        pair for answers in panel.volunteers.filter(purged_at__isnull=True).values_list("answers", flat=True) for pair in answers.items()
    )  # fmt: skip
    quotas, total = core_quotas(panel), max(1, panel.volunteers.filter(purged_at__isnull=True).count())
    people: dict[str, float | None] = {}
    for quota in quotas:
        before = people.get(quota.criterion, 0.0)
        people[quota.criterion] = None if before is None or quota.population_people is None else before + quota.population_people  # fmt: skip
    found = []
    for quota in quotas:
        whole = people[quota.criterion]
        share = (quota.population_people or 0) / whole if whole else None
        count = held[quota.criterion, quota.value]
        found.append(ValueCount(quota.criterion, quota.value, quota.least, quota.most, count, share, count / total))
    return found


def portrait_of(panel: Panel) -> Portrait | None:
    """The panel as it sits beside the population; None before the draw, and once the answers are erased."""
    seated = list(Seat.objects.filter(draw__panel=panel, state__in=Seat.HELD).select_related("volunteer"))
    if not seated or any(seat.volunteer.purged_at for seat in seated):
        return None
    pool = pool_of(panel)
    return portrait(pool, core_quotas(panel), np.zeros(len(pool)), [seat.volunteer.number for seat in seated])


@dataclass(frozen=True)
class Receipt:
    """What a volunteer checks in the published document: its row, its salt, its chance."""

    row: str
    salt: str
    chance_share: float
    is_drawn: bool | None


def receipt(volunteer: Volunteer, draw: Draw) -> Receipt | None:
    """The receipt of a volunteer for a draw; None when it took no part, or its data are erased."""
    if draw.secret is None or volunteer.number is None or volunteer.purged_at:
        return None
    frozen = json.loads(draw.transcript or draw.frozen)
    counts_by_number = dict(map(tuple, frozen["counts"]))
    if volunteer.number not in counts_by_number:
        return None
    rows = {row["number"]: row for row in observers_rows(draw)}
    mine = rows[volunteer.number]
    drawn = volunteer.number in frozen["result"] if draw.drawn_at else None
    return Receipt(mine["row"], mine["salt"], counts_by_number[volunteer.number] / len(frozen["panels"]), drawn)


def observers_rows(draw: Draw) -> list[dict[str, Any]]:
    """The rows that sworn observers may be given, as they were sealed.

    Raises:
        RuleBroken: the answers have been erased.
    """
    numbers = [number for number, _mark in json.loads(draw.frozen)["people"]]
    pool = pool_of(draw.panel)
    place_of = {number: place for place, number in enumerate(pool.numbers)}
    if draw.secret is None or any(number not in place_of for number in numbers):
        raise RuleBroken("The answers of this draw have been erased, as announced: its rows cannot be shown any more.")
    subset = Pool(
        pool.criteria,
        tuple(pool.ids[place_of[number]] for number in numbers),
        tuple(pool.answers[place_of[number]] for number in numbers),
        tuple(pool.households[place_of[number]] for number in numbers) if pool.households else (),
        tuple(numbers),
    )
    secret = bytes(draw.secret)
    return [
        {"number": number, "row": row_text(number, answers, rank), "salt": salt(secret, number)}
        for number, answers, rank in zip(subset.numbers, subset.answers, household_ranks(subset), strict=True)
    ]


def unpaid(panel: Panel) -> int:
    """Cents due and not paid yet."""
    found = Attendance.objects.filter(meeting__panel=panel, paid_on__isnull=True).aggregate(total=Sum("due_cents"))
    return found["total"] or 0


def population_of_places(key: str) -> dict[str, float]:
    """The inhabitants of a territory by commune, or by size of commune when there are many; empty for a single commune."""
    known = territories()
    place = known.territory(key)
    if len(place.members) < 2:
        return {}
    lines = [known.table.row(int(row), named=True) for row in place.members]
    people = {line["name"]: float(line["population_people"] or 0) for line in lines}
    if len(people) <= MOST_COMMUNES:
        return {name: count for name, count in people.items() if count > 0}
    bands = ((0, 500), (500, 2_000), (2_000, 10_000), (10_000, 50_000), (50_000, 10**9))
    found: dict[str, float] = {}
    for low, high in bands:
        total = sum(count for count in people.values() if low <= count < high)
        if total:
            several, largest = _("commune of {low} to {high} people"), _("commune of {low} people or more")
            name = (largest if high == 10**9 else several).format(low=low, high=high - 1)
            found[name] = total
    return found


def chance_of(draw: Draw) -> dict[str, Any]:
    """The source of chance that a draw announced."""
    return dict(json.loads(draw.frozen)["commitment"]["chance"])


@dataclass(frozen=True)
class Beacon:
    """A round of the public beacon: its number, when it comes out, where anyone reads its value."""

    round: int
    out_at: datetime
    address: str


@dataclass(frozen=True)
class Result:
    """What a draw says on a page: seats, panels, chances; the number and the people once drawn."""

    seats: int
    people: int
    panels: int
    lowest_chance_share: float
    highest_chance_share: float
    beacon: Beacon | None
    number: int | None
    numbers: list[int]
    reserves: list[int]


def result_of(draw: Draw) -> Result:
    """The result of a draw, read from what was published."""
    document = json.loads(draw.transcript or draw.frozen)
    total = len(document["panels"])
    shares = [count / total for _number, count in document["counts"]]
    seats, people = document["commitment"]["seats"], document["commitment"]["people"]
    number, numbers = document.get("panel_number"), document.get("result", [])
    told, reserves = _beacon(document["commitment"]["chance"]), document.get("reserves", [])
    return Result(seats, people, total, min(shares), max(shares), told, number, numbers, reserves)


def _beacon(chance: dict[str, Any]) -> Beacon | None:
    if chance.get("chain") != beacon.CHAIN:
        return None
    number = int(chance["round"])
    return Beacon(number, beacon.out_at(number), beacon.published_at(number))
