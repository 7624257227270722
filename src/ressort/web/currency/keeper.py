"""What the server does by itself for the ledger: seal what is decided, release the holds whose deadline has passed,
erase what payers wrote once its day has come, take what melted once a month, measure each currency once a day."""

import logging
import threading
from collections.abc import Callable

import psycopg
from django.db import Error, connection

from ressort.web.currency import (
    actions,
    codes,
    demurrage,
    earmarks,
    measurements,
    postman,
    purses,
    text_channel,
    wallets,
)

#: between two looks; the head published lags by no more
PAUSE_S = 2.0

#: what others add to a look: each catches up with what was sealed
CHORES: list[Callable[[], object]] = []

_log = logging.getLogger(__name__)


def start(stop: threading.Event) -> threading.Thread:
    """Keeps the ledger until told to stop, in a thread of its own."""
    thread = threading.Thread(target=_keep, args=(stop,), name="ledger-keeper", daemon=True)
    thread.start()
    postman.start(stop)
    return thread


def _keep(stop: threading.Event) -> None:
    while not stop.wait(PAUSE_S):
        try:
            once()
        except (Error, psycopg.Error) as error:  # the database restarts, or has no room: the next look does it
            _log.warning("The ledger could not be sealed now: %s", error)
            connection.close()
        except Exception:  # a chore at fault must not end the sealing: it is told whole, and the next look goes on
            _log.exception("A chore of the ledger failed")
    connection.close()


def once() -> int:
    """One look; tells how many accounts and transfers were sealed."""
    while actions.end_late_holds():
        pass
    wallets.purge_labels()
    codes.purge()
    text_channel.purge()
    purses.close_late()
    earmarks.return_late()
    demurrage.melt_months()
    sealed = actions.seal()
    measurements.measure_the_day()
    for chore in CHORES:
        chore()
    return sealed
