"""Calls for projects: a published grid, several reviewers, an exact ranking, a choice under an envelope, payments.

questions ──▶ answers          grid ──▶ reviews ──▶ ranking ──▶ funding (in order)   ──▶ money (grant, bonus,
(typed form)  (checked)       (weights)  (means,     (exact,  ├▶ portfolio (optimal)      instalments, claw-back)
                                         severity)   tie rule) └▶ sensitivity                  │
                                                     (would it change?)      scdl (published files) ◀┘ aid (share over years)
"""

from ressort.core.calls.aid import Aid, Target, YearOfAid, aid_under_criteria
from ressort.core.calls.deliberation import Deliberation, Standing, deliberate, worth
from ressort.core.calls.funding import Bound, Candidate, Choice, Following, Purse, follow_ranking
from ressort.core.calls.grid import Criterion, Grid, Marks
from ressort.core.calls.identifiers import is_rna, is_siren, is_siret
from ressort.core.calls.money import (
    AidRules,
    ClawBack,
    Commitment,
    Grant,
    Instalment,
    Step,
    claw_back,
    granted,
    instalments,
    recovered_cents,
)
from ressort.core.calls.portfolio import MILLIONTHS, Portfolio, explained, portfolio
from ressort.core.calls.questions import KINDS, Question, answers, check_form
from ressort.core.calls.ranking import TIE_RULE, Ranked, TieStep, left_to_the_lot, rank
from ressort.core.calls.reviews import Normalisation, Review, Reviewed, Severity, reviewed, severities
from ressort.core.calls.scdl import Schema, problems, written
from ressort.core.calls.scdl_cells import Field
from ressort.core.calls.sensitivity import RankRange, Turn, WeightInterval, rank_ranges, weight_intervals
from ressort.core.cents import split_cents
from ressort.core.lot import drawn_order
from ressort.core.problem import Problem

__all__ = [
    "KINDS", "MILLIONTHS", "TIE_RULE", "Aid", "AidRules", "Bound", "Candidate", "Choice", "ClawBack", "Commitment",
    "Criterion", "Deliberation", "Field", "Following", "Grant", "Grid", "Instalment", "Marks", "Normalisation", "Portfolio", "Problem",
    "Purse", "Question", "RankRange", "Ranked", "Review", "Reviewed", "Schema", "Severity", "Standing", "Step", "Target", "TieStep",
    "Turn", "WeightInterval", "YearOfAid", "aid_under_criteria", "answers", "check_form", "claw_back", "deliberate", "drawn_order", "explained",
    "follow_ranking", "granted", "instalments", "is_rna", "is_siren", "is_siret", "left_to_the_lot", "portfolio", "problems",
    "rank", "rank_ranges", "recovered_cents", "reviewed", "severities", "split_cents", "weight_intervals", "worth", "written",
]  # fmt: skip
