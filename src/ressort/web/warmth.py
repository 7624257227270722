"""Reading the reference, compiling templates and kernels before the first visitor needs them.

A worker answers at once and warms itself beside: a visitor who comes early waits for what is being read, and does not read
it a second time.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings

from ressort.exchanges import balances, is_stored, known_goods
from ressort.resilience import rehearse

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]

#: what most visitors open first, in the order of their steps
PATHS = (
    "/territoire/COM/64445/",
    "/chercher/?q=Pau",
    "/",
    "/scenario/COM/64445/?diet=minus_25",
    "/territoire/COM/64445/graphique/scales.svg?theme=light",
    "/en/territoire/COM/64445/",
    "/choc/COM/64445/",
    "/carte/",
)
#: opened where the optima of its level are stored: to compute them is not for a worker that starts
PARTNERS, PARTNERS_LEVEL = "/cooperer/EPCI/200067254/", "EPCI"

THREAD = "warm-up"
#: seconds after which a worker reads the compiled model, which stops its pages for half a second: soon after its start, when few
#: are there, but after the process that plays shocks, which compiles it on the very first start, has begun
REHEARSAL_S = 4.0
#: how much is made, in objects, in small searches and in middle ones, before the next search for what nobody needs any more: a page
#: makes thousands of objects, nearly all gone with it
RUBBISH = (10_000, 20, 20)

_log = logging.getLogger(__name__)
_figures = threading.Event()
_figures.set()


def start(application: Application) -> threading.Thread:
    """Warms a worker from a thread of its own; visitors wait for the figures only, see `wait`."""
    _figures.clear()
    thread = threading.Thread(target=_warm_up, args=(application,), name=THREAD, daemon=True)
    thread.start()
    return thread


def wait() -> None:
    """Waits while the figures are being read, a minute at most; at once otherwise, and in the thread that reads them."""
    if threading.current_thread().name != THREAD:
        _figures.wait(60)


def paths() -> tuple[str, ...]:
    """What a worker opens: partners too, once the optima of their level are stored."""
    is_there = all(is_stored(PARTNERS_LEVEL, key) for key in known_goods(balances(PARTNERS_LEVEL)))
    return (*PATHS, PARTNERS) if is_there else PATHS


def _warm_up(application: Application) -> None:
    try:
        _visit(application, PATHS[0])
    finally:
        _figures.set()
    for path in paths()[1:]:
        _visit(application, path)
    time.sleep(REHEARSAL_S)
    rehearse()
    # what was read stays: to look through it for what nobody needs any more would stop every page for half a second
    gc.freeze()
    gc.set_threshold(*RUBBISH)


def _visit(application: Application, path: str) -> None:
    """Asks for a page as a visitor would, through the whole stack; a fault is logged, and left to the first visitor."""
    route, _mark, query = path.partition("?")
    hosts = [host.strip("[]") for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))]
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": route,
        "QUERY_STRING": query,
        "SERVER_NAME": hosts[0] if hosts else "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "https" if settings.HTTPS else "http",
        "wsgi.input": BytesIO(),
    }
    try:
        answer = application(environ, lambda *_told: None)
        for _part in answer:
            pass
        answer.close()
    except Exception:
        _log.exception("Could not be read beforehand: %s", path)
