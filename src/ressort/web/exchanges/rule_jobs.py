"""Answers of other rules: given at once when they are quick, computed beside the page when they are not, and kept for a day.

asked ──▶ kept? ──no──▶ its turn: one at a time in each process, each question at one place ──▶ kept: the answers, or why there is none
                                        └── stopped, or a fault: nothing but that it was, told once
"""

import fcntl
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from ressort.core.errors import RessortError, RuleBroken
from ressort.language import current_language, language
from ressort.web.exchanges.aside import Aside, Stopped, Told, fault_told, in_words
from ressort.whole_file import write_whole

#: what a reader waits for before being told how far it is
PATIENCE_S = 1.5
KEPT_S = 86_400.0
MOST_WAITING = 20
#: what a program waits for its turn, since it is told no steps; and a page, which is
PROGRAM_S, PAGE_S = 30.0, 900.0
#: how often who waits looks again
LOOK_S = 0.02
_turn = threading.Semaphore(1)

Content = dict[str, Any]


def aside_of(token: str) -> Aside:
    """The computation of a question."""
    return Aside("rules", token)


def known(token: str) -> Content | Told | None:
    """What is kept of a question, or how far it is; that it was stopped, or met a fault, is told once."""
    aside = aside_of(token)
    told, path = (
        aside.told,
        aside.folder / f"{token}.answer",
    )  # in this order: a computation is no longer told once its answer is kept
    try:
        content: Content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return told
    if content.get("is_told_once"):
        path.unlink(missing_ok=True)
    return content


def ask(token: str, work: Callable[[Aside], Content]) -> Content | Told:
    """What is known of a question after a moment; its computation begins unless it is known or under way.

    Raises:
        RuleBroken: too many wait.
    """
    aside, spoken = aside_of(token), current_language()
    with _alone(aside, "asking", PROGRAM_S):  # two people who ask at the same moment begin it once
        found = known(token)
        if found is None:
            if len(aside.others()) >= MOST_WAITING:
                raise RuleBroken("{most} questions already wait: come back in some minutes.", most=MOST_WAITING)
            _forget_old(aside)
            aside.start(lambda: _answer(aside, work, spoken))
    while found is None or (isinstance(found, Told) and aside.age_s < PATIENCE_S):
        time.sleep(LOOK_S)
        found = known(token) or {"refused": fault_told()}
    return found


def answered(token: str, work: Callable[[Aside], Content]) -> Content:
    """The answers of a question for a program: those that are kept, or computed when its turn comes, then kept.

    Raises:
        RuleBroken: others take too long, or somebody stopped it on a page. RessortError: as `work`.
    """
    aside, found = aside_of(token), {}

    def compute() -> None:
        found.update(_kept_answers(token) or work(aside))
        _keep(aside, found)

    with taking_turn(aside, PROGRAM_S):
        if not aside.run(compute):
            raise RuleBroken("Somebody stopped this computation on a page: ask again.")
    return found


@contextmanager
def taking_turn(aside: Aside, most_s: float, meanwhile: Callable[[], object] = lambda: None) -> Iterator[None]:
    """One computation at a time in each process, and each question at one place in all of them: who asks it too waits, then finds it kept.

    Raises:
        RuleBroken: the turn did not come in so many seconds.
    """
    until = time.monotonic() + most_s
    with _alone(aside, aside.name[:2], most_s, meanwhile):
        while not _turn.acquire(timeout=LOOK_S):
            _wait(until, meanwhile)
        try:
            yield
        finally:
            _turn.release()


@contextmanager
def _alone(aside: Aside, part: str, most_s: float, meanwhile: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Alone among the threads of every process of the server, for the questions of one part."""
    until = time.monotonic() + most_s
    with ExitStack() as held:
        file = held.enter_context((aside.folder / f"{part}.turn").open("w"))
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                _wait(until, meanwhile)
                time.sleep(LOOK_S)
        yield


def _wait(until: float, meanwhile: Callable[[], object]) -> None:
    if time.monotonic() >= until:
        raise RuleBroken("Other questions are computed before this one, and take long: ask again in some minutes.")
    meanwhile()


def _answer(aside: Aside, work: Callable[[Aside], Content], spoken: str) -> None:
    with language(spoken):
        try:
            with taking_turn(aside, PAGE_S, lambda: aside.tell(Told(0, 0.0))):
                content = _kept_answers(aside.name) or _done(aside, work)
        except Stopped:
            content = {"is_stopped": True, "is_told_once": True}
        except RuleBroken as error:  # its turn did not come
            content = {"refused": in_words(error, aside.name), "is_told_once": True}
    _keep(aside, content)


def _kept_answers(token: str) -> Content:
    """The answers that whoever asked before left, empty when there are none."""
    found = known(token)
    return found if isinstance(found, dict) and "answers" in found else {}


def _done(aside: Aside, work: Callable[[Aside], Content]) -> Content:
    try:
        return work(aside)
    except Stopped:
        raise
    except Exception as error:
        return {"refused": in_words(error, aside.name), "is_told_once": not isinstance(error, RessortError)}


def _keep(aside: Aside, content: Content) -> None:
    write_whole(aside.folder / f"{aside.name}.answer", json.dumps(content).encode())


def _forget_old(aside: Aside) -> None:
    """Answers older than a day leave the folder, and drafts of a process that was killed."""
    for path in (*aside.folder.glob("*.answer"), *aside.folder.glob("*.draft")):
        try:
            if time.time() - path.stat().st_mtime > KEPT_S:
                path.unlink()
        except FileNotFoundError:  # another process was faster
            continue
