"""The runs of a request, on one process or several: the same numbers on any number of workers, a killed worker included."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace

import numpy as np

from ressort.core.economy import Floats
from ressort.core.errors import NoSolution
from ressort.core.resilience import Counts, levels
from ressort.reference.resilience_library import needs
from ressort.resilience import hands
from ressort.resilience.ground import Ground
from ressort.resilience.one_run import Player, metric_names
from ressort.resilience.request import Request

CHUNK = 10
#: parts that a process is given ahead, so that it never waits
AHEAD = 2
MOST_RESTARTS = 3
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Every run of a request.

    Args:
        metrics: by run number, nan where a run left the domain, (runs, M).
        outside: True where a run left the domain of stability, (runs,).
        counts: curves of the needs, weighted mean and least of the runs inside, as counts.
        chains: first stopped branch and the input it lacked, by run, "" when none, (runs,).
    """

    metrics: Floats
    outside: np.ndarray
    counts: Counts
    chains: tuple[str, ...]

    def metric(self, name: str) -> Floats:
        """One metric of the runs inside the domain, (n,)."""
        return np.asarray(self.metrics[~self.outside][:, metric_names().index(name)])


class Stopped(NoSolution):
    """The runs were cancelled from outside."""


@dataclass(frozen=True, eq=False)
class _Part:
    first: int
    metrics: Floats
    outside: np.ndarray
    levels: np.ndarray  # bins of the curves of the runs inside, (inside, K, T)
    chains: list[str]


def run_all(
    request: Request, ground: Ground, workers: int = 1, progress: Progress | None = None, scheduler: str = ""
) -> Ensemble:
    """Play every run. `progress(done, total)` may raise `Stopped` to cancel.

    Args:
        scheduler: address of a Dask scheduler; its workers need Ressort installed.
    """
    starts = list(range(0, request.runs, CHUNK))
    if scheduler:
        from ressort.resilience.cluster import parts_on_cluster

        made = parts_on_cluster(request, ground, starts, scheduler)
    elif workers > 1:
        made = _parts_of_processes(request, ground, starts, workers)
    else:
        player = Player(request, ground)
        made = (_part(player, start) for start in starts)
    return _joined(request, made, progress or (lambda done, total: None))


def _joined(request: Request, made: Iterator[_Part], progress: Progress) -> Ensemble:
    """Parts put back by run number: the order in which they came does not matter."""
    metrics = np.full((request.runs, len(metric_names())), np.nan)
    outside, chains = np.zeros(request.runs, bool), [""] * request.runs
    counts, done = Counts.empty(len(needs()) + 2, request.days), 0
    progress(0, request.runs)
    for part in made:
        rows = slice(part.first, part.first + len(part.outside))
        metrics[rows], outside[rows], chains[rows] = part.metrics, part.outside, part.chains
        for level in part.levels:
            counts.count(level)
        done += len(part.outside)
        progress(done, request.runs)
    return Ensemble(metrics, outside, counts, tuple(chains))


def _part(player: Player, start: int) -> _Part:
    numbers = range(start, min(start + CHUNK, player.request.runs))
    metrics, outside, chains, inside = [], [], [], []
    for number in numbers:
        one = player.numbered(number)
        metrics.append(np.full(len(one.metrics), np.nan) if one.outside else one.metrics)
        outside.append(one.outside)
        chains.append(f"{one.chain[0].industry.rsplit('/', 1)[1]}<{one.chain[0].product}" if one.chain else "")
        if not one.outside:
            inside.append(levels(one.curves))
    kept = np.array(inside, np.uint16).reshape(len(inside), len(needs()) + 2, player.request.days)
    return _Part(start, np.array(metrics), np.array(outside), kept, chains)


def played_part(request: Request, ground: Ground, start: int) -> _Part:
    """One part on any machine: a player is made for it."""
    return _part(Player(request, ground), start)


def _parts_of_processes(request: Request, ground: Ground, starts: list[int], workers: int) -> Iterator[_Part]:
    """Parts as they come, this process playing too; when a worker dies, what it had not given back is played again."""
    player, waiting, sent, restarts = Player(request, ground), deque(starts), dict[Future[_Part], int](), 0
    try:
        while waiting or sent:
            try:
                _send(request, ground, waiting, sent, workers - 1)
                if waiting:
                    yield _part(player, waiting.popleft())
                for one in wait(sent, 0 if waiting else None, FIRST_COMPLETED).done if sent else ():
                    part = one.result()
                    del sent[one]
                    yield part
            except BrokenProcessPool as error:
                hands.let_go()
                waiting.extend(sent.values())
                sent.clear()
                restarts += 1
                if restarts > MOST_RESTARTS:
                    raise NoSolution(
                        "Workers died {times} times: there may not be enough memory. Ask for fewer workers.",
                        times=restarts,
                    ) from error
    finally:
        for one in sent:
            one.cancel()


def _send(request: Request, ground: Ground, waiting: deque[int], sent: dict[Future[_Part], int], others: int) -> None:
    """Gives the other processes what they can take, once they are up."""
    while waiting and len(sent) < others * AHEAD and hands.are_ready(others):
        sent[hands.ask(others, request, ground, waiting[0])] = waiting[0]
        waiting.popleft()


def with_levers(request: Request, levers: tuple[str, ...]) -> Request:
    """The same question with other levers: the draws are the same."""
    return replace(request, levers=levers)
