"""What people do in a participatory budget; each action is one transaction.

campaigns (rules, dates) · ideas (propose, study, merge) · voting (codes, ballots) · paper (double entry) · results (seal, count, publish)
"""

from ressort.web.budget.actions.campaigns import change_campaign, decide, draw_lot, open_campaign
from ressort.web.budget.actions.ideas import comment, drop_comment, merge, propose, show_comment, study
from ressort.web.budget.actions.paper import close_batch, key_entry, open_batch, print_series
from ressort.web.budget.actions.results import count_votes, forget, publish, seal
from ressort.web.budget.actions.voting import Asker, cast, checked, make_codes, receipt_state, sign_paper

__all__ = [
    "Asker",
    "cast",
    "change_campaign",
    "checked",
    "close_batch",
    "comment",
    "count_votes",
    "decide",
    "draw_lot",
    "drop_comment",
    "forget",
    "key_entry",
    "make_codes",
    "merge",
    "open_batch",
    "open_campaign",
    "print_series",
    "propose",
    "publish",
    "receipt_state",
    "seal",
    "show_comment",
    "sign_paper",
    "study",
]
