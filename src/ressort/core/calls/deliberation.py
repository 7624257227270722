"""What the committee looks at: the ranking followed, the best portfolio beside it, and what could still turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ressort.core.calls.funding import Candidate, Choice, Following, Purse, follow_ranking
from ressort.core.calls.grid import Grid
from ressort.core.calls.portfolio import MILLIONTHS, Portfolio, explained, portfolio
from ressort.core.calls.ranking import Ranked
from ressort.core.calls.sensitivity import SPAN, RankRange, WeightInterval, rank_ranges, weight_intervals
from ressort.core.errors import MissingData, NoSolution

#: funded, or not, for every set of weights within the span; or open: the weights decide
Standing = Literal["funded", "refused", "open"]
#: beyond so many files, pairs are too many to compare one by one: ask for it
MOST_COMPARED = 400


@dataclass(frozen=True, slots=True)
class Deliberation:
    """Advice to the committee, which stays free to decide otherwise and say why.

    Args:
        in_order: the ranking followed until the money is gone.
        best_score, best_effect: the portfolios of greatest total score and effect; or why there is none.
        ranges, standings: by file, within ± span on all weights; intervals: one weight at a time.
    """

    candidates: tuple[Candidate, ...]
    in_order: Choice
    best_score: Portfolio | NoSolution
    best_effect: Portfolio | NoSolution | None
    ranges: Mapping[str, RankRange]
    standings: Mapping[str, Standing]
    intervals: tuple[WeightInterval, ...]

    def score_of(self, names: Sequence[str]) -> Fraction:
        """Total score, on 100 a file, of a choice."""
        return sum((100 * one.score for one in self.candidates if one.application in set(names)), Fraction(0))


def deliberate(
    ranked: Sequence[Ranked],
    grid: Grid,
    amounts_cents: Mapping[str, int],
    purse: Purse,
    following: Following = "skip",
    effects: Mapping[str, int] | None = None,
    span: Fraction = SPAN,
) -> Deliberation:
    """The three choices side by side, and how firm the first is.

    Args:
        amounts_cents: what each fundable file would receive.
        effects: what each file is worth on an indicator, whole numbers, for the third choice.

    Raises:
        MissingData: a fundable file without amount.
    """
    lacking = [one.application for one in ranked if one.is_fundable and one.application not in amounts_cents]
    if lacking:
        raise MissingData("The amounts of {names} are not known: give what each file asks.", names=lacking)
    line = tuple(
        Candidate(application=one.application, amount_cents=amounts_cents[one.application], score=one.score)
        for one in ranked
        if one.is_fundable
    )
    in_order = follow_ranking(line, purse, following)
    compared = rank_ranges(ranked, grid, span) if len(line) <= MOST_COMPARED else []
    known = {one.application: one for one in ranked}

    def choose(order: Sequence[str]) -> tuple[str, ...]:
        here = [
            Candidate(application=name, amount_cents=amounts_cents[name], score=known[name].score)
            for name in order
            if name in amounts_cents
        ]
        return follow_ranking(here, purse, following).funded

    return Deliberation(
        line,
        in_order,
        _best(line, purse, None),
        None if effects is None else _best(line, purse, effects),
        {one.application: one for one in compared},
        {one.application: _standing(one, compared, in_order, amounts_cents, purse) for one in compared},
        tuple(weight_intervals(ranked, grid, choose)) if compared else (),
    )


def worth(candidates: Sequence[Candidate], effects: Mapping[str, int] | None = None) -> dict[str, int]:
    """What a portfolio sums: millionths of score, or the effect given."""
    return {
        one.application: int(one.score * MILLIONTHS) if effects is None else effects[one.application]
        for one in candidates
    }


def _best(line: Sequence[Candidate], purse: Purse, effects: Mapping[str, int] | None) -> Portfolio | NoSolution:
    try:
        return explained(portfolio(line, purse, effects), line, purse, effects)
    except NoSolution as error:
        return error


def _standing(
    one: RankRange, ranges: Sequence[RankRange], followed: Choice, amounts: Mapping[str, int], purse: Purse
) -> Standing:
    """Whether any weights of the box could change the fate of a file when the ranking is followed."""
    now: Standing = "funded" if one.application in followed.funded else "refused"
    if all(other.best == other.worst for other in ranges):
        return now
    if purse.bounds or purse.excludes or purse.requires:
        return "open"
    own = amounts[one.application]
    before = sum(amounts[name] for name in one.before)
    if before + sum(amounts[name] for name in one.maybe_before) + own <= purse.envelope_cents:
        return "funded"
    # if a file always before it was skipped, less than that file's amount was left: too little for a dearer one
    if before + own > purse.envelope_cents and all(amounts[name] <= own for name in one.before):
        return "refused"
    return "open"
