"""The limits that an election announces for its ballots."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from ressort.core.budget.election import Problem, Project

#: each quantity, what a ballot below the least is told, and one above the most
KEYS = (
    ("length", Problem(0, "vote", "The ballot names {given} projects, at least {expected} are asked.", {}),
     Problem(0, "vote", "The ballot names {given} projects, at most {expected} are allowed.", {})),
    ("sum_points", Problem(0, "points", "The ballot gives {given} points, at least {expected} are asked.", {}),
     Problem(0, "points", "The ballot gives {given} points, at most {expected} are allowed.", {})),
    ("points", Problem(0, "points", "The ballot gives a project {given} points, at least {expected} are asked.", {}),
     Problem(0, "points", "The ballot gives a project {given} points, at most {expected} are allowed.", {})),
    ("sum_cost", Problem(0, "vote", "The projects named cost {given}, at least {expected} is asked.", {}),
     Problem(0, "vote", "The projects named cost {given}, at most {expected} is allowed.", {})),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """Lowest and highest value of each quantity of a ballot: projects, points in all, points for one, cost in all."""

    lowest: tuple[float, ...] = (-inf, -inf, -inf, -inf)
    highest: tuple[float, ...] = (inf, inf, inf, inf)

    @classmethod
    def of(cls, meta: Mapping[str, str]) -> "Limits":
        """The limits written in META; what is not a number is no limit."""
        lowest = tuple(_number(meta.get(f"min_{key}"), -inf) for key, *_told in KEYS)
        highest = tuple(_number(meta.get(f"max_{key}"), inf) for key, *_told in KEYS)
        if meta.get("vote_type") == "choose-1":
            highest = (min(highest[0], 1.0), *highest[1:])
        return cls(lowest, highest)

    def broken(
        self, places: Sequence[int], points: Sequence[int], projects: Sequence[Project]
    ) -> Iterator[tuple[Problem, str, str]]:
        """Each limit that a ballot breaks, what was given, what is expected. A blank ballot breaks none."""
        if not places:
            return
        one = max(points, default=0)
        least = min(points, default=0)
        cost = sum(projects[p].cost_cents for p in places) / 100 if self.highest[3] < inf or self.lowest[3] > 0 else 0.0
        measured = ((len(places),) * 2, (sum(points),) * 2, (least, one), (cost, cost))
        for at, (low, high) in enumerate(measured):
            if at in (1, 2) and not points:
                continue
            if low < self.lowest[at]:
                yield KEYS[at][1], f"{low:g}", f"{self.lowest[at]:g}"
            if high > self.highest[at]:
                yield KEYS[at][2], f"{high:g}", f"{self.highest[at]:g}"


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text else default
    except ValueError:
        return default
