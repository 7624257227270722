"""Answers of other rules: given at once when they are quick, computed beside the page when they are not, and kept for a day.

asked ──▶ kept? ──no──▶ one at a time in each process, told step by step ──▶ kept: the answers, or why there is none
                                        └── stopped: nothing but that it was
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from ressort.core.errors import RessortError, RuleBroken
from ressort.language import current_language, language, told
from ressort.language import gettext as _
from ressort.web.exchanges.aside import Aside, Stopped, Told

#: what a reader waits for before being told how far it is
PATIENCE_S = 1.5
KEPT_S = 86_400.0
MOST_WAITING = 20
_turn = threading.Semaphore(1)

_log = logging.getLogger(__name__)
Content = dict[str, Any]


def aside_of(token: str) -> Aside:
    """The computation of a question."""
    return Aside("rules", token)


def known(token: str) -> Content | Told | None:
    """What is kept of a question, or how far it is; that it was stopped is told once."""
    path = aside_of(token).folder / f"{token}.answer"
    try:
        content: Content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return aside_of(token).told
    if content.get("is_stopped"):
        path.unlink(missing_ok=True)
    return content


def ask(token: str, work: Callable[[Aside], Content]) -> Content | Told | None:
    """What is known of a question after a moment; its computation begins unless it is known or under way.

    Raises:
        RuleBroken: too many wait.
    """
    found = known(token)
    if found is not None:
        return found
    aside, spoken = aside_of(token), current_language()
    if len(aside.others()) >= MOST_WAITING:
        raise RuleBroken("{most} questions already wait: come back in some minutes.", most=MOST_WAITING)
    _forget_old(aside)
    aside.start(lambda: _answer(aside, work, spoken)).join(PATIENCE_S)
    return known(token)


def _answer(aside: Aside, work: Callable[[Aside], Content], spoken: str) -> None:
    try:
        while not _turn.acquire(timeout=0.5):
            aside.tell(Told(0, 0.0))
        try:
            with language(spoken):
                content = _done(aside, work)
        finally:
            _turn.release()
    except Stopped:
        _keep(aside, {"is_stopped": True})
        raise
    _keep(aside, content)


def _done(aside: Aside, work: Callable[[Aside], Content]) -> Content:
    try:
        return work(aside)
    except RessortError as error:
        return {"refused": told(error)}
    except Stopped:
        raise
    except Exception:
        _log.exception("A rule could not be computed: %s", aside.name)
        return {"refused": _("The program met a fault of its own.")}


def _keep(aside: Aside, content: Content) -> None:
    draft = aside.folder / f"{aside.name}.answer-draft"
    draft.write_text(json.dumps(content), "utf-8")
    draft.replace(aside.folder / f"{aside.name}.answer")


def _forget_old(aside: Aside) -> None:
    """Answers older than a day leave the folder."""
    for path in aside.folder.glob("*.answer*"):
        try:
            if time.time() - path.stat().st_mtime > KEPT_S:
                path.unlink()
        except FileNotFoundError:  # another process was faster
            continue
