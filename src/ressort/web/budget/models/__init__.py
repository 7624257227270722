"""A participatory budget, from ideas to a vote where nobody can tell who chose what.

Campaign ──▶ Idea ──▶ Comment                     Elector ──▶ Signature        who voted
    └──────▶ PaperBatch ──▶ PaperEntry            Ballot                       what was voted
                                                  Receipt                      that some ballot was counted
                                                  Result                       the published file and its account

Ballots and receipts bear random numbers and no date. The database itself refuses a second signature, a ballot outside the opening
hours, and any change of a ballot.
"""

from ressort.web.budget.models.campaign import Campaign, Comment, Idea
from ressort.web.budget.models.vote import (
    Ballot,
    Elector,
    Method,
    PaperBatch,
    PaperEntry,
    Receipt,
    Result,
    Signature,
)

__all__ = [
    "Ballot",
    "Campaign",
    "Comment",
    "Elector",
    "Idea",
    "Method",
    "PaperBatch",
    "PaperEntry",
    "Receipt",
    "Result",
    "Signature",
]
