"""Shocks on a territory, as every face shows them.

territory ──▶ ground (jobs, people, harvests) ──┐
library (shocks, levers, needs) ──▶ request ────┼──▶ player ──▶ one run ──▶ many runs (processes, cluster) ──▶ stress
                                                                                                │
                                             tables · charts · story · annex · exports ◀────────┘   portfolio
"""

from typing import Any

from ressort.core.territory import Territory
from ressort.diagnosis import place
from ressort.resilience.ground import Ground, of_territory
from ressort.resilience.many_runs import Progress, Stopped
from ressort.resilience.portfolios import portfolio
from ressort.resilience.rehearsal import rehearse
from ressort.resilience.request import Request
from ressort.resilience.story import Sentence
from ressort.resilience.stress import Stress, answer, vintage

__all__ = [
    "Ground", "Progress", "Request", "Sentence", "Stopped", "Stress", "answer", "of_territory", "place_of", "portfolio", "rehearse", "replay", "request_for",
    "stress", "vintage",
]  # fmt: skip


def request_for(territory: Territory, **words: Any) -> Request:
    """The request about a territory; a group is written as its communes.

    Raises:
        UnknownCode, RuleBroken: see `Request.checked`.
    """
    return Request(territory=territory.key, **words).checked()


def stress(
    territory: str | list[str],
    *shocks: str,
    levers: tuple[str, ...] = (),
    days: int = 365,
    runs: int = 200,
    seed: int = 2026,
    start_day: int = 0,
    weights: tuple[float, ...] = (),
    workers: int = 1,
    progress: Progress | None = None,
    scheduler: str = "",
) -> Stress:
    """Play shocks on a territory, with and without levers.

    Args:
        territory: a name or a code; several make one group.
        shocks, levers: names of the library (`ressort.reference.resilience_library`).
        workers: processes; the numbers do not depend on it.

    Raises:
        UnknownCode, AmbiguousName: no such territory, shock or lever, or several; MissingData: no jobs are known there.
    """
    where = place(territory)
    request = request_for(
        where,
        shocks=shocks,
        levers=tuple(levers),
        days=days,
        runs=runs,
        seed=seed,
        start_day=start_day,
        weights=tuple(weights),
    )
    return answer(request, of_territory(where), workers, progress, scheduler)


def place_of(request: Request) -> Territory:
    """The territory that a request is about.

    Raises:
        UnknownCode: nothing bears its key.
    """
    group = request.territory.removeprefix("CUSTOM:")
    return place(group.split("+")) if group != request.territory else place(request.territory)


def replay(
    text: str, name: str = "replay", workers: int = 1, progress: Progress | None = None
) -> tuple[Stress, list[str]]:
    """Play again what a JSON file of `ressort stress --json` tells; and what differs: `version`, `vintage`, `digest`.

    Raises:
        InputError: the file is not such an answer.
    """
    from ressort.resilience.exports import provenance, request_of

    request, told = request_of(text, name)
    again = answer(request, of_territory(place_of(request)), workers, progress)
    now = provenance(again)
    return again, [word for word in ("version", "vintage", "digest") if told.get(word) != now[word]]
