"""Plays the questions that wait, beside the pages: one at a time, in a thread of the server. It survives a restart: rows wait in the database."""

import io
import logging
import threading
import time

import numpy as np
from django.db import Error, connection
from django.utils.translation import gettext_noop as lazy

from ressort.core.errors import RessortError
from ressort.reference import forget, synced_stamp
from ressort.resilience import Stopped, Stress, answer, rehearse
from ressort.resilience.many_runs import Ensemble
from ressort.web.resilience import actions
from ressort.web.resilience.models import StressRun

PAUSE_S = 0.5
#: looks without any question before the model is made ready: the pages come first
IDLE_LOOKS = 20
TELL_S = 0.5

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
        request = run.request
        found = answer(request, actions.ground_of(run), progress=told)
        actions.finish(run, packed(found), found.digest)
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


class _Teller:
    """Writes progress from time to time, and stops the runs when asked."""

    def __init__(self, run: StressRun, stop: threading.Event | None) -> None:
        self.run, self.stop, self.last, self.server_stops = run, stop, 0.0, False

    def __call__(self, done: int, total: int) -> None:
        if self.stop is not None and self.stop.is_set():
            self.server_stops = True
            raise Stopped("The server stops.")
        now = time.monotonic()
        if now - self.last >= TELL_S or done == total:
            self.last = now
            if not actions.progress(self.run, done):
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
