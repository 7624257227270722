"""Reads about seats: who holds them, which are empty, who may take one."""

import json

from django.db.models import Count, Q, QuerySet, Sum

from ressort.core.errors import RuleBroken
from ressort.core.panel import first_fit
from ressort.web.panel import queries
from ressort.web.panel.models import Panel, Seat


def seats_of(panel: Panel) -> list[Seat]:
    """The seats given so far, with what was due and paid for attending."""
    return list(
        Seat.objects.filter(draw__panel=panel)
        .select_related("volunteer__contact", "draw", "replaces__volunteer")
        .annotate(
            came=Count("attendances"),
            due_cents=Sum("attendances__due_cents"),
            unpaid_cents=Sum("attendances__due_cents", filter=Q(attendances__paid_on__isnull=True)),
        )
        .order_by("draw__ordinal", "volunteer__number")
    )


def vacancies(panel: Panel) -> int:
    """How many seats of a drawn panel are empty."""
    held = Seat.objects.filter(draw__panel=panel, state__in=Seat.HELD).count()
    return panel.seats - held if panel.draws.filter(drawn_at__isnull=False).exists() else 0


def emptied(panel: Panel) -> QuerySet[Seat]:
    """The seats that nobody holds and that were not given again."""
    return (
        Seat.objects.filter(draw__panel=panel, replaced_by__isnull=True)
        .exclude(state__in=Seat.HELD)
        .select_related("volunteer", "draw__panel")
        .order_by("draw__ordinal", "volunteer__number")
    )


def substitutes(panel: Panel) -> list[int]:
    """The public numbers of the substitutes that the draws of a panel named, whether called or not."""
    drawn = panel.draws.filter(drawn_at__isnull=False).values_list("transcript", flat=True)
    return list(dict.fromkeys(number for text in drawn for number in json.loads(text).get("reserves", [])))


def substitute_for(seat: Seat) -> int | None:
    """The public number of the first substitute not called yet who may take an emptied seat."""
    panel = seat.draw.panel
    pool = queries.pool_of(panel)
    seats = Seat.objects.filter(draw__panel=panel)
    seated = list(seats.filter(replaced_by__isnull=True).values_list("volunteer__number", flat=True))
    if not set(seated) <= set(pool.numbers):
        raise RuleBroken("The answers of the members have been erased, as announced: nobody can be replaced any more.")
    called = set(seats.values_list("volunteer__number", flat=True))
    left = [number for number in json.loads(seat.draw.transcript).get("reserves", []) if number not in called]
    return first_fit(pool, queries.core_quotas(panel), seated, seat.volunteer.number, left, panel.household_limit)
