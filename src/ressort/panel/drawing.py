"""From a question to its fairest lottery, its frozen document, its drawn panel."""

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files
from secrets import token_bytes
from typing import Any

import numpy as np
import polars as pl

from ressort.core.errors import InputError, NoSolution
from ressort.core.panel import (
    Announcement,
    Bounds,
    Lottery,
    NumberedPanels,
    Portrait,
    Progress,
    Relaxed,
    Rule,
    bounds,
    draw,
    fairest,
    freeze,
    number_panels,
    portrait,
    relaxations,
)
from ressort.language import gettext as _
from ressort.panel.question import Given, Question, ask
from ressort.panel.words import changes_told, seats_told


@dataclass(frozen=True)
class Drawn:
    """A drawn panel and all that explains it."""

    question: Question
    lottery: Lottery
    transcript: dict[str, Any]

    @property
    def numbers(self) -> list[int]:
        """Public numbers of the people drawn."""
        return list(self.transcript["result"])

    @property
    def ids(self) -> list[str]:
        """Identifiers of the people drawn, as the file gives them."""
        return self._ids(self.numbers)

    @property
    def reserve_ids(self) -> list[str]:
        """Identifiers of the substitutes, the first to call first."""
        return self._ids(self.transcript["reserves"])

    def _ids(self, numbers: list[int]) -> list[str]:
        id_of = dict(zip(self.question.pool.numbers, self.question.pool.ids, strict=True))
        return [id_of[number] for number in numbers]

    @cached_property
    def chances(self) -> pl.DataFrame:
        """Each volunteer: number, identifier, answers, chance under the fairest lottery, chance under the numbered panels."""
        pool, count = self.question.pool, len(self.transcript["panels"])
        answers = {name: [person[place] for person in pool.answers] for place, name in enumerate(pool.criteria)}
        return pl.DataFrame(
            {"number": pool.numbers, "id": pool.ids}
            | answers
            | {
                "fairest_chance_share": self.lottery.chance_of_each(len(pool)),
                "chance_share": [held / count for _number, held in self.transcript["counts"]],
                "drawn": [number in set(self.numbers) for number in pool.numbers],
            }
        )

    @property
    def portrait(self) -> Portrait:
        """How the panel stands beside the pool and the population."""
        pool = self.question.pool
        return portrait(pool, self.question.quotas, self.lottery.chance_of_each(len(pool)), self.numbers)


def lottery_of(question: Question, rule: Rule = "leximin", progress: Progress | None = None) -> Lottery:
    """The fairest lottery; when there is none, says which quotas to loosen.

    Raises:
        NoSolution: no panel keeps to all the quotas; `facts["relaxations"]` holds the smallest ways out.
    """
    try:
        return fairest(question.types, rule, progress)
    except NoSolution as error:
        ways = relaxations(question.types)
        told = [f"– {problem}" for problem in seats_told(question.pool, question.quotas, question.types.seats)]
        told += [f"– {_('loosen {changes}').format(changes=changes_told(way))}" for way in ways]
        raise NoSolution(
            "No panel keeps to all the quotas at once. The smallest ways out:\n{told}",
            told="\n".join(told) or _("none: fewer seats, or more volunteers, are needed"),
            relaxations=ways,
        ) from error


@dataclass(frozen=True)
class Feasibility:
    """What any draw could give; without bounds, no panel exists, and relaxations say what to loosen.

    Args:
        forced, impossible: identifiers of the people of every panel, and of no panel.
    """

    seats_told: tuple[str, ...]
    bounds: Bounds | None
    forced: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()
    relaxations: tuple[Relaxed, ...] = ()


def feasibility(question: Question) -> Feasibility:
    """The report to read before anything is drawn."""
    told = tuple(seats_told(question.pool, question.quotas, question.types.seats))
    try:
        found = bounds(question.types)
    except NoSolution:
        return Feasibility(told, None, relaxations=relaxations(question.types))
    ids = question.pool.ids
    forced, impossible = (
        tuple(ids[place] for place in some(question.types)) for some in (found.forced, found.impossible)
    )
    return Feasibility(told, found, forced, impossible)


def chances_table(question: Question, lottery: Lottery) -> pl.DataFrame:
    """Each volunteer: its chance under the lottery, and the lowest and highest that any lottery could give it."""
    pool, reach = question.pool, bounds(question.types)
    low, high = np.zeros(len(pool)), np.zeros(len(pool))
    for kind, members in enumerate(question.types.members):
        low[list(members)], high[list(members)] = reach.chance_share[kind]
    return pl.DataFrame(
        {"number": pool.numbers, "id": pool.ids}
        | {name: [person[place] for person in pool.answers] for place, name in enumerate(pool.criteria)}
        | {
            "chance_share": lottery.chance_of_each(len(pool)),
            "lowest_possible_share": low,
            "highest_possible_share": high,
        }
    )


def sealed(
    question: Question,
    lottery: Lottery,
    *,
    title: str = "",
    source: str = "",
    chance: dict[str, Any] | None = None,
    panels: int = 1000,
    seed: str = "",
    rule: Rule = "leximin",
    secret: bytes | None = None,
    disclose: bool = False,
    reserves: int | None = None,
) -> dict[str, Any]:
    """The document to publish before the draw (`core.panel.freeze`).

    Args:
        reserves: substitutes to name with the panel; as many as seats when not told.

    Raises:
        InputError: less than none.
    """
    if reserves is not None and reserves < 0:
        raise InputError("A panel cannot have {count} substitutes. Give none, or more.", count=reserves)
    words = Announcement(
        title=title,
        source=source,
        chance=chance or {"source": "digits"},
        software=f"ressort {version('ressort')}",
        rule=rule,
        household_limit=question.household_limit,
        seated=question.seated,
        gone=question.gone,
        reserves=question.types.seats if reserves is None else reserves,
    )
    numbered: NumberedPanels = number_panels(lottery, panels, seed)
    return freeze(
        question.pool, question.quotas, lottery, numbered, words, secret or token_bytes(32), disclose=disclose
    )


def draw_panel(
    volunteers: Given, quotas: Given, seats: int, *, seed: str, rule: Rule = "leximin", panels: int = 1000, **more: Any
) -> Drawn:
    """A panel drawn in one call; the same seed and the same tables give the same panel, on any machine.

    A seed proves nothing to the public: for a public draw, freeze first and throw dice (`ressort panel --help`).

    Args:
        more: words of `ask`, such as `household`.
    """
    question = ask(volunteers, quotas, seats, **more)
    lottery = lottery_of(question, rule)
    frozen = sealed(question, lottery, panels=panels, seed=seed, rule=rule, source="seed", chance={"source": "seed"})
    return Drawn(question, lottery, draw(frozen, {"source": "seed", "seed": seed}))


def verifier() -> str:
    """The source of the program with which a stranger checks a transcript."""
    return (files("ressort.verifiers") / "panel_draw.py").read_text("utf-8")
