"""Shocks on a territory, as every face shows them.

territory ──▶ ground (jobs, people, harvests) ──┐
library (shocks, levers, needs) ──▶ request ────┼──▶ player ──▶ one run ──▶ many runs (processes, cluster) ──▶ stress
                                                                                                │
                                             tables · charts · story · annex · exports ◀────────┘   portfolio
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from ressort.core.economy import NationalTable
from ressort.core.errors import InputError
from ressort.core.territory import Territory
from ressort.diagnosis import place
from ressort.resilience.ground import Ground, beside, of_territory
from ressort.resilience.many_runs import Progress, Stopped
from ressort.resilience.own_table import digest_of, own_table
from ressort.resilience.portfolios import portfolio
from ressort.resilience.rehearsal import rehearse
from ressort.resilience.request import Request
from ressort.resilience.screening import data_to_collect_first
from ressort.resilience.story import Sentence
from ressort.resilience.stress import Stress, answer, vintage

__all__ = [
    "Ground", "Progress", "Request", "Sentence", "Stopped", "Stress", "answer", "data_to_collect_first", "digest_of", "ground_for", "of_territory", "own_table",
    "place_of", "portfolio", "rehearse", "replay", "request_for", "stress", "vintage",
]  # fmt: skip


def request_for(territory: Territory, *, partners: tuple[Territory, ...] = (), **words: Any) -> Request:
    """The request about a territory and its partners; a group is written as its communes.

    Raises:
        UnknownCode, RuleBroken: see `Request.checked`.
    """
    return Request(territory=territory.key, partners=tuple(one.key for one in partners), **words).checked()


def stress(
    territory: str | list[str],
    *shocks: str,
    levers: tuple[str, ...] = (),
    days: int = 365,
    runs: int = 200,
    seed: int = 2026,
    start_day: int = 0,
    weights: tuple[float, ...] = (),
    partners: tuple[str, ...] = (),
    lead_days: int = 1095,
    table: NationalTable | None = None,
    intensity: tuple[str, ...] = (),
    reuse: tuple[float, ...] = (),
    reuse_source: str = "",
    workers: int = 1,
    progress: Progress | None = None,
    scheduler: str = "",
) -> Stress:
    """Play shocks on a territory, with and without levers.

    Args:
        territory: a name or a code; several make one group.
        shocks, levers: names of the library (`ressort.reference.resilience_library`).
        partners: names or codes of neighbours and partner territories: each becomes a region of the economy, and shows who is hit.
        table: an input-output table of one's own, from `own_table`.
        intensity: what you know of the events here: `flood=1.5` (one and a half times), `flood.2=0.3` (its third effect is 0.3).
        reuse, reuse_source: measured re-use rate of a local currency (low, central, high), and where it was measured.
        lead_days: days between the decision on levers and day 0; a lever that is not whole when the shock begins counts in part if it is gradual, else for nothing.
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
        partners=tuple(place(name) for name in partners),
        lead_days=lead_days,
        intensity=tuple(intensity),
        table=digest_of(table) if table else "",
        reuse=tuple(reuse),
        reuse_source=reuse_source,
    )
    return answer(request, ground_for(request, table), workers, progress, scheduler)


def place_of(request: Request) -> Territory:
    """The territory that a request is about.

    Raises:
        UnknownCode: nothing bears its key.
    """
    return _place_of_key(request.territory)


def _place_of_key(key: str) -> Territory:
    group = key.removeprefix("CUSTOM:")
    return place(group.split("+")) if group != key else place(key)


def ground_for(request: Request, table: NationalTable | None = None) -> Ground:
    """The territory of a request, with its partners and its own input-output table.

    Raises:
        InputError: the request was asked of another table;
        MissingData: see `of_territory`; RuleBroken: partners that share a commune with it.
    """
    given = digest_of(table) if table else ""
    if given != request.table:
        raise InputError(
            "This question was asked of the table {wanted}; the table {given} was given. Give the same file.",
            wanted=request.table or "-", given=given or "-",
        )  # fmt: skip
    ground = _ground_for(request.territory, request.partners)
    return replace(ground, nation=table, table_told="") if table else ground


@lru_cache(maxsize=32)
def _ground_for(territory: str, partners: tuple[str, ...]) -> Ground:
    here = of_territory(_place_of_key(territory))
    return beside(here, tuple(of_territory(_place_of_key(key)) for key in partners)) if partners else here


def replay(
    text: str,
    name: str = "replay",
    workers: int = 1,
    progress: Progress | None = None,
    table: NationalTable | None = None,
    scheduler: str = "",
) -> tuple[Stress, list[str]]:
    """Play again what a JSON file of `ressort stress --json` tells; and what differs: `version`, `vintage`, `digest`, then the tables that changed.

    Raises:
        InputError: the file is not such an answer.
    """
    from ressort.resilience.exports import provenance, request_of

    request, told = request_of(text, name)
    again = answer(request, ground_for(request, table), workers, progress, scheduler)
    now = provenance(again)
    differing = [word for word in ("version", "vintage", "digest") if told.get(word) != now[word]]
    return again, differing + _changed(told.get("sources"), now["sources"])


def _changed(before: Any, now: dict[str, str]) -> list[str]:
    """Tables whose content changed, came or went since an answer; none when the answer does not tell them."""
    if not isinstance(before, dict):
        return []
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
