"""Work too long for a page: a row waits, a thread of the server takes it, tells how far it is, ends it.

    waiting ──take──> running ──> done
       ^                 ├─────> failed       a refusal, a fault, three silences
       └─ put back, ─────┘─────> cancelled    somebody stopped it
          silent too long

Rows wait in the database: a restart, or a worker that is killed, loses nothing.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Generic, TypeVar

from django.db import Error, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as lazy

PAUSE_S = 0.5
#: the longest step of a job that says nothing
SILENT_S = 90
MOST_ATTEMPTS = 3

_log = logging.getLogger(__name__)


class Stopped(Exception):
    """Raised by who tells progress, to leave a job at once; `by_server` when the server stops and the job is to wait again."""

    def __init__(self, *, by_server: bool) -> None:
        super().__init__("the server stops" if by_server else "somebody stopped the job")
        self.by_server = by_server


class Job(models.Model):
    """What waits, and how far it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    PENDING = (State.WAITING, State.RUNNING)

    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    message = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed", "cancelled"]),
                name="%(app_label)s_%(class)s_state_known",
            ),
        )

    @property
    def is_over(self) -> bool:
        """Nothing more will come."""
        return self.state not in self.PENDING


J = TypeVar("J", bound=Job)


class Queue(Generic[J]):
    """What is done with the rows of one kind of job. One transaction each; two workers never take the same."""

    def __init__(self, kind: type[J]) -> None:
        self.kind = kind

    @transaction.atomic
    def take(self) -> J | None:
        """The oldest job that waits, now running; None when nothing waits."""
        waiting = self.kind._default_manager.filter(state=Job.State.WAITING).order_by("asked_at", "pk")
        job = waiting.select_for_update(skip_locked=True).first()
        if job is not None:
            job.state, job.seen_at, job.attempts = Job.State.RUNNING, timezone.now(), job.attempts + 1
            job.save(update_fields=["state", "seen_at", "attempts"])
        return job

    def goes_on(self, job: J, **told: object) -> bool:
        """Tells how far a job is; False when somebody asked to stop it, or when it is no longer ours."""
        return self._ours(job).filter(cancel_asked=False).update(seen_at=timezone.now(), **told) == 1

    @transaction.atomic
    def end(self, job: J, state: Job.State, message: str = "", **told: object) -> bool:
        """Ends a job, if it is still ours."""
        return self._ours(job).update(state=state, message=message, ended_at=timezone.now(), **told) == 1

    def leave(self, job: J, stopped: Stopped) -> None:
        """Leaves a job that was stopped: it waits again when the server stops, else it is over."""
        if stopped.by_server:
            self.put_back(job)
        else:
            self.end(job, Job.State.CANCELLED)

    def put_back(self, job: J) -> None:
        """Lets a job wait again, as the server stops."""
        self._ours(job).update(state=Job.State.WAITING, attempts=job.attempts - 1)

    @transaction.atomic
    def stop(self, job: J) -> None:
        """Stops a job: at once when it waits, at its next word when it runs."""
        held = self.kind._default_manager.filter(pk=job.pk)
        held.filter(state=Job.State.WAITING).update(state=Job.State.CANCELLED, ended_at=timezone.now())
        held.filter(state=Job.State.RUNNING).update(cancel_asked=True)

    @transaction.atomic
    def revive(self) -> int:
        """Puts back the jobs whose worker fell silent; after three times they fail. Gives how many."""
        silent = self.kind._default_manager.filter(
            state=Job.State.RUNNING, seen_at__lt=timezone.now() - timedelta(seconds=SILENT_S)
        )
        lost = silent.filter(attempts__gte=MOST_ATTEMPTS).update(
            state=Job.State.FAILED, message=lazy("The work was interrupted three times."), ended_at=timezone.now()
        )
        return lost + silent.update(state=Job.State.WAITING)

    def _ours(self, job: J) -> models.QuerySet[J]:
        return self.kind._default_manager.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def start(queue: Queue[J], once: Callable[[threading.Event], bool], stop: threading.Event) -> threading.Thread:
    """Does what waits until told to stop, in a thread of its own; `once` does one job, and says whether there was one."""

    def work() -> None:
        while not stop.wait(PAUSE_S):
            try:
                queue.revive()
                while not stop.is_set() and once(stop):
                    pass
            except Error as error:  # the database restarts: the next look does it
                _log.warning("Jobs cannot be done now: %s", error)
                connection.close()
        connection.close()

    thread = threading.Thread(target=work, name=f"{queue.kind.__name__.lower()}-worker", daemon=True)
    thread.start()
    return thread
