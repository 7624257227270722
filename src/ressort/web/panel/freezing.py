"""Freezing beside the pages: a large pool with tight quotas takes up to a minute, and a page answers at once."""

import logging
import threading
from datetime import datetime

from django.db import Error, IntegrityError, transaction
from django.utils.translation import gettext_noop as lazy

from ressort.core.errors import RessortError, RuleBroken
from ressort.core.panel import Progress
from ressort.language import current_language, language, told
from ressort.web import jobs
from ressort.web.jobs import Stopped
from ressort.web.panel import access, drawing
from ressort.web.panel.models import Freezing, Panel
from ressort.web.people.models import Person

State = Freezing.State
queue = jobs.Queue(Freezing)

_log = logging.getLogger(__name__)


def start(stop: threading.Event) -> threading.Thread:
    """Freezes what is asked until told to stop, in a thread of its own."""
    return jobs.start(queue, once, stop)


def ask(by: Person, panel: Panel, source: str, draw_at: datetime, drand_round: int | None = None) -> Freezing:
    """Asks for a freeze; refused at once when its time has not come.

    Raises:
        RuleBroken: registrations are still open, a draw waits for its dice, a freeze is going on.
    """
    drawing.require_freezable(by, panel, draw_at, drand_round)
    try:
        with transaction.atomic():
            return Freezing.objects.create(
                panel=panel,
                asked_by=by,
                source=source,
                draw_at=draw_at,
                drand_round=drand_round,
                language=current_language(),
            )
    except IntegrityError as error:
        raise RuleBroken("A freeze is already going on for this panel. Wait for its end, or stop it.") from error


def cancel(by: Person, freezing: Freezing) -> None:
    """Stops a freeze: nothing is sealed."""
    access.require_draw(by, freezing.panel)
    queue.stop(freezing)


def once(stop: threading.Event | None = None) -> bool:
    """Does one freeze; False when none waits."""
    job = queue.take()
    if job is None:
        return False

    def progress(rounds: int, _missing: float) -> None:
        if stop is not None and stop.is_set():
            raise Stopped(by_server=True)
        if not queue.goes_on(job, rounds=rounds):
            raise Stopped(by_server=False)

    try:
        with language(job.language):
            _freeze(job, progress)
    except Stopped as stopped:
        queue.leave(job, stopped)
    except RessortError as refusal:
        with language(job.language):
            queue.end(job, State.FAILED, told(refusal))
    except Error:
        raise
    except Exception:
        _log.exception("A panel could not be frozen: %s", job.panel_id)
        queue.end(job, State.FAILED, lazy("The program met a fault of its own."))
    return True


def _freeze(job: Freezing, progress: Progress) -> None:
    """Searches without any lock, then seals and ends the job in one transaction."""
    if job.asked_by is None:
        raise RuleBroken("The person who asked for this freeze has left. Ask again.")
    ready = drawing.prepare(job.panel, job.source, job.drand_round, progress)
    with transaction.atomic():
        made = drawing.keep(job.asked_by, job.panel, ready, job.source, job.draw_at)
        if not queue.end(job, State.DONE, draw=made):
            raise Stopped(by_server=False)


def latest(panel: Panel) -> Freezing | None:
    """The last freeze asked for, when it goes on or did not end well; None once it gave its draw."""
    found = panel.freezings.first()
    return None if found is None or found.state in (State.DONE, State.CANCELLED) else found
