"""The criteria grid of a call: what counts, how much, and below which mark nothing is funded."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ressort.core.errors import RuleBroken, UnknownCode

#: what a criterion that does not apply to a file does: leaves the others to share its weight, or counts as nothing
MissingRule = Literal["renormalise", "zero"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion.

    Args:
        code: short name, the title of its column in a table of marks.
        weight: integer points, so that the published grid is exact; the share is `weight / sum of weights`.
        top: the best mark; marks run from 0 to `top`.
        threshold: a mean mark below it makes a file not fundable whatever the rest.
        evidence: whether the applicant must bring evidence.
    """

    code: str
    label: str
    weight: int
    top: int = 5
    threshold: Fraction | None = None
    evidence: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Criteria and the rules that go with them; refused when it cannot rank anything.

    Args:
        score_threshold: a total on 100 below it makes a file not fundable.
        missing: the rule for marks "does not apply".
        least_reviews: a file with fewer reviews that count is not ranked yet.

    Raises:
        RuleBroken: no weight, a negative weight, a threshold above its scale, a code twice.
    """

    criteria: tuple[Criterion, ...]
    score_threshold: Fraction | None = None
    missing: MissingRule = "renormalise"
    least_reviews: int = 1

    def __post_init__(self) -> None:
        codes = [one.code for one in self.criteria]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise RuleBroken("The criteria {codes} stand twice in the grid: give each its own code.", codes=twice)
        negative = [one.code for one in self.criteria if one.weight < 0]
        if negative:
            raise RuleBroken("The weights of {codes} are negative: a weight is zero or more.", codes=negative)
        if not any(one.weight for one in self.criteria):
            raise RuleBroken("No criterion of the grid has a weight: give at least one criterion points.")
        flat = [one.code for one in self.criteria if one.top < 1]
        if flat:
            raise RuleBroken("The scales of {codes} hold no mark above zero: let them run to 1 or more.", codes=flat)
        above = [one.code for one in self.criteria if one.threshold is not None and not 0 <= one.threshold <= one.top]
        if above:
            raise RuleBroken("The thresholds of {codes} lie outside their scales.", codes=above)
        if self.score_threshold is not None and not 0 <= self.score_threshold <= 100:
            raise RuleBroken("The threshold of the total, {given}, is not on 100.", given=str(self.score_threshold))

    @property
    def weights(self) -> tuple[int, ...]:
        """Points by criterion."""
        return tuple(one.weight for one in self.criteria)

    def criterion(self, code: str) -> Criterion:
        """The criterion of that code.

        Raises:
            UnknownCode: the grid has no such criterion.
        """
        for one in self.criteria:
            if one.code == code:
                return one
        known = [one.code for one in self.criteria]
        raise UnknownCode("No criterion is called {code}; the grid holds {choices}.", code=code, choices=known)

    def score(self, marks: "Marks") -> Fraction:
        """The total of a file, 0–1: `Σ w·mark/top` over the weights that apply; 0 when none does.

        >>> grid = Grid(criteria=(Criterion(code="a", label="A", weight=3), Criterion(code="b", label="B", weight=1)))
        >>> grid.score((Fraction(5), Fraction(0))), grid.score((Fraction(5), None))
        (Fraction(3, 4), Fraction(1, 1))
        """
        gained, applied = Fraction(0), 0
        for one, mark in zip(self.criteria, marks, strict=True):
            if mark is not None:
                gained += one.weight * mark / one.top
            if mark is not None or self.missing == "zero":
                applied += one.weight
        return gained / applied if applied else Fraction(0)


#: mean mark by criterion of the grid, None where the criterion does not apply
Marks = tuple[Fraction | None, ...]
