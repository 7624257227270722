"""Writes of a draw: frozen, drawn once, seats answered; and the purge of what has been kept long enough."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from secrets import token_bytes
from typing import Any

from django.db import transaction
from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.core.panel import Progress, beacon, canonical
from ressort.core.panel import draw as core_draw
from ressort.panel import Question, lottery_of, sealed
from ressort.web.panel import access, queries, seating
from ressort.web.panel.models import Contact, Draw, Panel, Seat, Volunteer
from ressort.web.people.actions import note
from ressort.web.people.models import Person

NUMBERED = 1000


@dataclass(frozen=True)
class Prepared:
    """What a freeze is about to seal, and the question that it answers."""

    question: Question
    document: dict[str, Any]
    secret: bytes


def freeze(by: Person, panel: Panel, source: str, draw_at: datetime, drand_round: int | None = None) -> Draw:
    """Freezes the pool and the numbered panels, and seals them; the first time, volunteers get their public numbers.

    Raises:
        RuleBroken: registrations are still open, a frozen draw waits for its dice, nobody is to be replaced.
        NoSolution: no panel keeps to the quotas; the error says what to loosen.
    """
    require_freezable(by, panel, draw_at, drand_round)
    return keep(by, panel, prepare(panel, source, drand_round), source, draw_at)


def require_freezable(by: Person, panel: Panel, draw_at: datetime, drand_round: int | None = None) -> None:
    """Lets a freeze begin, or says what comes before it; a round that is out already would be no chance at all."""
    access.require_draw(by, panel)
    last = panel.draws.last()
    if last is not None and last.drawn_at is None:
        raise RuleBroken("A draw is frozen and waits for its dice: a draw is never frozen again before.")
    if not panel.is_public:
        raise RuleBroken("Make the panel visible to everyone first: a draw is public.")
    if panel.is_open(queries.today()):
        raise RuleBroken("Registrations are still open. Freeze after their last day, or bring that day forward.")
    if draw_at <= timezone.now():
        raise RuleBroken("The draw is announced before it is made: give a moment to come.")
    if drand_round is not None and drand_round != beacon.round_at(draw_at):
        raise RuleBroken(
            "Round {round} of drand does not come out at the hour of the draw: that of this hour is {right}.",
            round=drand_round,
            right=beacon.round_at(draw_at),
        )


def prepare(panel: Panel, source: str, drand_round: int | None, progress: Progress | None = None) -> Prepared:
    """Looks for the fairest chances and numbers the panels: seconds to a minute, nothing is written nor locked."""
    question = queries.question_of(panel)
    lottery = lottery_of(question, panel.rule, progress)
    secret = token_bytes(32)
    chance = beacon.announced(drand_round) if drand_round else {"source": "digits"}
    words = {"title": panel.title, "source": source, "chance": chance}
    return Prepared(
        question, sealed(question, lottery, panels=NUMBERED, rule=panel.rule, secret=secret, **words), secret
    )


@transaction.atomic
def keep(by: Person, panel: Panel, ready: Prepared, source: str, draw_at: datetime) -> Draw:
    """Seals what was prepared, unless something moved meanwhile.

    Raises:
        RuleBroken: a volunteer, a quota, a seat or the rules changed during the search.
    """
    held = Panel.objects.select_for_update().get(pk=panel.pk)
    require_freezable(by, held, draw_at, ready.document["commitment"]["chance"].get("round"))
    now = queries.question_of(held)
    if not now.is_same(ready.question) or (held.rule, held.title) != (panel.rule, panel.title):
        raise RuleBroken("Volunteers, quotas or seats changed during the search: nothing is frozen. Ask again.")
    last = held.draws.last()
    if last is None:
        for reference, number in zip(now.pool.ids, now.pool.numbers, strict=True):
            held.volunteers.filter(reference=reference).update(number=number)
    made = Draw.objects.create(
        panel=held,
        ordinal=0 if last is None else last.ordinal + 1,
        source=source,
        draw_at=draw_at,
        frozen=canonical(ready.document).decode(),
        commitment_sha256=ready.document["commitment_sha256"],
        secret=ready.secret,
        frozen_by=by,
    )
    note(by, "freeze_draw", f"draw:{made.pk} panel:{held.pk}")
    return made


@transaction.atomic
def draw(by: Person, frozen: Draw, chance: Mapping[str, Any]) -> Draw:
    """Draws the panel whose number chance gave; once, and not before the moment announced.

    Raises:
        InputError: dice that name no panel. RuleBroken: already drawn, or too early.
    """
    held = Draw.objects.select_for_update().select_related("panel").get(pk=frozen.pk)
    access.require_draw(by, held.panel)
    if held.drawn_at is not None:
        raise RuleBroken("This draw has been made. Nothing is drawn again.")
    if timezone.now() < held.draw_at:
        raise RuleBroken(
            "The draw is announced for {moment}: it cannot be made before.",
            moment=timezone.localtime(held.draw_at).strftime("%d/%m/%Y %H:%M"),
        )
    transcript = core_draw(json.loads(held.frozen), chance)
    held.transcript = canonical(transcript).decode()
    held.drawn_at, held.drawn_by = timezone.now(), by
    held.save(update_fields=["transcript", "drawn_at", "drawn_by"])
    drawn = Volunteer.objects.filter(panel=held.panel, number__in=transcript["result"]).order_by("number")
    gone = seating.emptied(held.panel).filter(volunteer__number__in=transcript["commitment"]["gone"])
    Seat.objects.bulk_create(
        Seat(draw=held, volunteer=volunteer, replaces=emptied)
        for volunteer, emptied in zip_longest(drawn, gone, fillvalue=None)
        if volunteer is not None
    )
    note(by, "draw", f"draw:{held.pk} panel:{held.panel_id} number:{transcript['panel_number']}")
    return held


#: what may follow each state
_NEXT = {
    Seat.State.DRAWN: (Seat.State.INVITED, Seat.State.ACCEPTED, Seat.State.DECLINED),
    Seat.State.INVITED: (Seat.State.ACCEPTED, Seat.State.DECLINED),
    Seat.State.ACCEPTED: (Seat.State.LEFT,),
    Seat.State.DECLINED: (),
    Seat.State.LEFT: (),
}


def next_states(state: str) -> list[tuple[str, Any]]:
    """The states that may follow one, with their names."""
    return [(one.value, one.label) for one in _NEXT[Seat.State(state)]]


@transaction.atomic
def answer_seat(seat: Seat, state: str, reason: str = "", by: Person | None = None) -> Seat:
    """Notes what became of a seat; told by who runs the panel (`by`), or by the person drawn.

    Raises:
        RuleBroken: that state does not follow the present one.
    """
    held = Seat.objects.select_for_update().select_related("draw__panel").get(pk=seat.pk)
    if by is not None:
        access.require_run(by, held.draw.panel)
    if state not in [one.value for one in _NEXT[Seat.State(held.state)]]:
        raise RuleBroken("This seat has already been answered. Reload the page.")
    emptied = state in (Seat.State.DECLINED, Seat.State.LEFT)
    held.state, held.reason = state, (reason or Seat.Reason.OTHER) if emptied else ""
    held.save()
    note(by, "answer_seat", f"seat:{held.pk} {state}")
    return held


@transaction.atomic
def call_substitute(by: Person, emptied: Seat) -> Seat:
    """Gives an emptied seat to the first substitute named by its draw who keeps the panel within its quotas.

    Raises:
        RuleBroken: the seat is held or was given again, a draw of replacements is frozen, no substitute fits.
    """
    held = Panel.objects.select_for_update().get(pk=emptied.draw.panel_id)
    access.require_run(by, held)
    seat = seating.emptied(held).filter(pk=emptied.pk).first()
    if seat is None:
        raise RuleBroken("This seat is not empty any more. Reload the page.")
    if held.draws.filter(drawn_at__isnull=True).exists():
        raise RuleBroken("A draw of replacements is frozen: it fills the empty seats.")
    number = seating.substitute_for(seat)
    if number is None:
        raise RuleBroken("No substitute keeps the panel within its quotas in this place. Draw replacements.")
    called = held.volunteers.get(number=number)
    made = Seat.objects.create(draw=seat.draw, volunteer=called, replaces=seat)
    note(by, "call_substitute", f"seat:{made.pk} panel:{held.pk}")
    return made


@transaction.atomic
def purge() -> tuple[int, int]:
    """Erases the data of people not drawn, and of members and substitutes, at the dates announced; gives how many.

    The public number, the sealed print, the seats and what was paid stay: the draw can still be checked.
    """
    now, today = timezone.now(), queries.today()
    counts = []
    for panels, drawn in (
        (Panel.objects.filter(pool_purge_on__lte=today), False),
        (Panel.objects.filter(members_purge_on__lte=today), True),
    ):
        old = Volunteer.objects.filter(panel__in=panels, purged_at__isnull=True)
        old = old if drawn else old.filter(seat__isnull=True)
        kept = set() if drawn else {(panel.pk, number) for panel in panels for number in seating.substitutes(panel)}
        keys = [key for key, *public in old.values_list("pk", "panel", "number") if tuple(public) not in kept]
        Contact.objects.filter(volunteer__in=keys).delete()
        for key in keys:
            Volunteer.objects.filter(pk=key).update(answers={}, reference=f"#{key}", purged_at=now)
        counts.append(len(keys))
    Draw.objects.filter(panel__members_purge_on__lte=today, secret__isnull=False).update(secret=None)
    note(None, "purge_panels", f"{counts[0]} {counts[1]}")
    return counts[0], counts[1]
