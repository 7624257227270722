"""What is done with questions: ask, stop, take, tell progress, end, put back. One transaction each."""

from datetime import timedelta
from hashlib import sha256
from json import dumps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop as lazy

from ressort.core.errors import RuleBroken
from ressort.resilience import Ground, Request, ground_for, own_table, vintage
from ressort.web.resilience.models import StressRun

State = StressRun.State
MOST_WAITING = 40
MOST_RUNS = 500
MOST_ATTEMPTS = 3
SILENT_S = 45
#: runs on which each set of levers is judged when a budget is given, and about how many sets are
SEARCH_RUNS = 50
SEARCH_SETS = 40


def token_of(request: Request, more: dict[str, Any] | None = None) -> str:
    """Sixteen signs for a question asked of this program and these data."""
    words = dumps(request.as_dict(), sort_keys=True) + settings.VERSION + vintage()
    search = [(more or {}).get(name) for name in ("budget_eur", "method", "caution_share")]
    if search[0]:
        words += dumps(search)
    return sha256(words.encode()).hexdigest()[:16]


@transaction.atomic
def ask(request: Request, place_name: str, **more: Any) -> StressRun:
    """The row of a question; asked before, it is the same one; stopped or failed before, it waits again.

    Args:
        more: `table` and `table_name` of a table of one's own; `budget_eur`, `method` and `caution_share` of a search of levers.

    Raises:
        RuleBroken: too many questions wait, or more runs than a page may ask.
    """
    if request.runs > MOST_RUNS:
        raise RuleBroken("A page may ask for {most} runs at most; the command line has no such limit.", most=MOST_RUNS)
    token = token_of(request, more)
    held = StressRun.objects.select_for_update().filter(token=token).first()
    if held is not None:
        if held.state in (State.FAILED, State.CANCELLED):
            StressRun.objects.filter(pk=held.pk).update(
                state=State.WAITING, cancel_asked=False, done=0, attempts=0, message="", asked_at=timezone.now()
            )
            held.refresh_from_db()
        return held
    if StressRun.objects.waiting().count() >= MOST_WAITING:
        raise RuleBroken("{most} questions already wait: come back in some minutes.", most=MOST_WAITING)
    return StressRun.objects.create(
        token=token, territory=request.territory, place_name=place_name, question=request.as_dict(), seed=request.seed,
        version=settings.VERSION, vintage=vintage(), total=request.runs * sets_of(request) + SEARCH_RUNS * SEARCH_SETS * bool(more.get("budget_eur")),
        **more,
    )  # fmt: skip


def ground_of(run: StressRun) -> Ground:
    """The territory of a question, with its partners and the table that came with it."""
    table = own_table(bytes(run.table), run.table_name) if run.table else None
    return ground_for(run.request, table)


def sets_of(request: Request) -> int:
    """How many ensembles a question plays: none, each lever, all of them."""
    levers = len(request.levers)
    return 1 if levers == 0 else 2 if levers == 1 else levers + 2


@transaction.atomic
def stop(run: StressRun) -> None:
    """Stops a question: at once when it waits, at the next progress when it runs."""
    StressRun.objects.filter(pk=run.pk, state=State.WAITING).update(state=State.CANCELLED, ended_at=timezone.now())
    StressRun.objects.filter(pk=run.pk, state=State.RUNNING).update(cancel_asked=True)


@transaction.atomic
def take() -> StressRun | None:
    """The next question to play, now running; None when nothing waits. Two workers never take the same."""
    run = StressRun.objects.waiting().select_for_update(skip_locked=True).first()
    if run is None:
        return None
    run.state, run.seen_at, run.done, run.attempts = State.RUNNING, timezone.now(), 0, run.attempts + 1
    run.save(update_fields=["state", "seen_at", "done", "attempts"])
    return run


def progress(run: StressRun, done: int) -> bool:
    """Tells how far a question is; False when somebody asked to stop it, or when it is no longer ours."""
    held = StressRun.objects.filter(pk=run.pk, state=State.RUNNING, attempts=run.attempts, cancel_asked=False)
    return held.update(done=min(done, run.total), seen_at=timezone.now()) == 1


@transaction.atomic
def finish(run: StressRun, answer: bytes, digest: str, portfolio: dict[str, Any] | None = None) -> None:
    """Keeps the answer, if the question is still ours."""
    StressRun.objects.filter(pk=run.pk, state=State.RUNNING, attempts=run.attempts).update(
        state=State.DONE, answer=answer, digest=digest, portfolio=portfolio, done=F("total"), ended_at=timezone.now()
    )


@transaction.atomic
def give_up(run: StressRun, message: str = "") -> None:
    """Ends a question without answer: stopped when somebody asked for it, else failed with its reason."""
    held = StressRun.objects.filter(pk=run.pk, state=State.RUNNING, attempts=run.attempts)
    state = State.FAILED if message else State.CANCELLED
    held.update(state=state, message=message[:400], ended_at=timezone.now())


@transaction.atomic
def put_back(run: StressRun) -> None:
    """Lets a question wait again, as the server stops."""
    StressRun.objects.filter(pk=run.pk, state=State.RUNNING, attempts=run.attempts).update(state=State.WAITING)


@transaction.atomic
def revive() -> int:
    """Puts back the questions whose worker fell silent; after three times they fail. Gives how many."""
    silent = StressRun.objects.filter(state=State.RUNNING, seen_at__lt=timezone.now() - timedelta(seconds=SILENT_S))
    lost = silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED, message=lazy("The runs were interrupted three times."), ended_at=timezone.now()
    )
    return lost + silent.filter(attempts__lt=MOST_ATTEMPTS).update(state=State.WAITING)
