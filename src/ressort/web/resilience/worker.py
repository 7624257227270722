"""Plays the questions that wait, beside the pages: one at a time, in a thread of the server. It survives a restart: rows wait in the database."""

import io
import logging
import os
import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
from django.db import Error, connection
from django.utils.translation import gettext_noop as lazy

from ressort.core.errors import RessortError
from ressort.reference import forget, synced_stamp
from ressort.resilience import Ground, Request, Stopped, Stress, answer, portfolio, rehearse
from ressort.resilience.many_runs import Ensemble, with_levers
from ressort.web.resilience import actions
from ressort.web.resilience.models import StressRun

PAUSE_S = 0.5
#: looks without any question before the model is made ready: the pages come first
IDLE_LOOKS = 8
TELL_S = 0.5
#: processes that play a question of many runs, this one included: both cores of a small machine
HANDS = min(2, os.cpu_count() or 1)
MANY_RUNS = 100

_log = logging.getLogger(__name__)


def start(stop: threading.Event) -> threading.Thread:
    """Plays questions until told to stop, in a thread of its own."""
    thread = threading.Thread(target=_keep, args=(stop,), name="stress-worker", daemon=True)
    thread.start()
    return thread


def _keep(stop: threading.Event) -> None:
    stamp, looks = synced_stamp(), 0
    while not stop.wait(PAUSE_S):
        looks += 1
        if looks == IDLE_LOOKS:
            rehearse()
        if stamp != (now := synced_stamp()):
            stamp = now
            forget()
        try:
            actions.revive()
            while not stop.is_set() and once(stop):
                pass
        except Error as error:  # the database restarts: the next look does it
            _log.warning("Questions cannot be played now: %s", error)
            connection.close()
    connection.close()


def once(stop: threading.Event | None = None) -> bool:
    """Plays one question; False when nothing waits."""
    run = actions.take()
    if run is None:
        return False
    told = _Teller(run, stop)
    try:
        request, ground = run.request, actions.ground_of(run)
        bought = _bought(run, request, ground, told) if run.budget_eur else None
        request = with_levers(request, tuple(bought["levers"])) if bought else request
        found = answer(request, ground, workers=HANDS if request.runs >= MANY_RUNS else 1, progress=told)
        actions.finish(run, packed(found), found.digest, bought)
    except Stopped:
        if told.server_stops:
            actions.put_back(run)
        else:
            actions.give_up(run)
    except RessortError as error:
        actions.give_up(run, str(error))
    except Error:
        raise
    except Exception:
        _log.exception("A question could not be played: %s", run.token)
        actions.give_up(run, lazy("The program met a fault of its own."))
    return True


def _bought(run: StressRun, request: Request, ground: Ground, told: "_Teller") -> dict[str, Any]:
    """The levers that avoid most under the budget, found on fewer runs; and what they cost and avoid there."""
    fewer = replace(request, runs=min(request.runs, actions.SEARCH_RUNS), levers=())
    found = portfolio(
        fewer, ground, float(run.budget_eur), names=request.levers, method="milp" if run.method == "milp" else "greedy",
        caution=run.caution_share, progress=lambda sets: told(min(sets, actions.SEARCH_SETS) * fewer.runs, run.total + 1),
    )  # fmt: skip
    told.begun = actions.SEARCH_SETS * actions.SEARCH_RUNS
    return {
        "levers": list(found.levers), "cost_eur": found.cost_cents / 100, "avoided_person_days": found.avoided, "bound_person_days": found.bound,
        "sets": found.plays, "runs": fewer.runs,
    }  # fmt: skip


class _Teller:
    """Writes progress from time to time, and stops the runs when asked."""

    def __init__(self, run: StressRun, stop: threading.Event | None) -> None:
        self.run, self.stop, self.last, self.server_stops, self.begun = run, stop, 0.0, False, 0

    def __call__(self, done: int, total: int) -> None:
        if self.stop is not None and self.stop.is_set():
            self.server_stops = True
            raise Stopped("The server stops.")
        now = time.monotonic()
        if now - self.last >= TELL_S or done == total:
            self.last = now
            if not actions.progress(self.run, self.begun + done):
                raise Stopped("Somebody stopped the runs.")


def packed(found: Stress) -> bytes:
    """The ensembles of an answer as compressed arrays; everything else is made again from them and from the question."""
    sets = {"base": found.ensemble} | {f"alone.{name}": one for name, one in found.alone.items()}
    if found.together is not None:
        sets["together"] = found.together
    arrays: dict[str, np.ndarray] = {}
    for name, one in sets.items():
        arrays |= {f"{name}/metrics": one.metrics, f"{name}/outside": one.outside, f"{name}/bins": one.counts.bins}
        arrays[f"{name}/chains"] = np.array(one.chains)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, Ensemble]:
    """The ensembles by name: `base`, `together`, `alone.<lever>`."""
    from ressort.core.resilience import Counts

    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        names = dict.fromkeys(key.rpartition("/")[0] for key in held.files)
        return {
            name: Ensemble(
                held[f"{name}/metrics"],
                held[f"{name}/outside"],
                Counts(held[f"{name}/bins"]),
                tuple(map(str, held[f"{name}/chains"])),
            )
            for name in names
        }
