"""Why a project is funded or not, in plain words, for every face."""

from collections.abc import Mapping
from typing import Any

from ressort.core.budget import Loser, Winner
from ressort.language import HARD, number
from ressort.language import gettext as _


def sentence(about: Winner | Loser) -> str:
    """The reason of a result, in a sentence or two."""
    return _won(about) if isinstance(about, Winner) else _lost(about)


def phase(label: str, stage: str) -> str:
    """How a project was funded, in a word."""
    stages = {
        "shares": _("equal shares"),
        "exhaustive": _("exhaustive completion"),
        "greedy": _("number of votes"),
        "phragmen": "Phragmén",
        "maximin-support": _("maximin support"),
        "decision": _("decision"),
        "minimum": _("minimum of its group"),
    }
    kind, _colon, name = label.partition(":")
    words = stages.get(stage, stage)
    return f"{words} ({name})" if kind == "envelope" else words


def rule_words(facts: Mapping[str, Any]) -> str:
    """A rule of count in plain words."""
    rules = {
        "mes": _("equal shares: each voter holds an equal part of the envelope, and pays a part of what they chose"),
        "phragmen": _(
            "Phragmén: every voter earns at the same pace, a project is funded once its supporters can pay for it"
        ),
        "maximin-support": _("maximin support: projects are added so that no voter bears more than needed"),
        "greedy": _("number of votes: the most voted projects first, as long as they fit"),
    }
    return rules.get(str(facts.get("rule", "mes")), "")


def money(amount_cents: float) -> str:
    """An amount in euros, with its cents when it has some."""
    euros = amount_cents / 100
    return f"{number(euros, 0 if euros == int(euros) else 2)}{HARD}€"


def _won(about: Winner) -> str:
    if about.stage == "decision":
        return _("Funded by decision of the authority.")
    if about.stage == "minimum":
        return _("Funded so that its group has the winners that the rules ask for.")
    if about.price_cents is not None and about.givers is not None:
        words = _("Funded by {givers} of its supporters, who paid at most {price} each.").format(
            givers=number(about.givers), price=money(about.price_cents)
        )
        if about.drained:
            words += " " + _("{drained} of them gave all they had left.").format(drained=number(about.drained))
        return words
    if about.stage == "exhaustive":
        return _("Funded at the end: its supporters gave all they had left, the others lent the rest.")
    return _("Funded by its {votes} votes, the money left being enough when its turn came.").format(
        votes=number(about.votes)
    )


def _lost(about: Loser) -> str:
    reasons = {
        "excluded": _("Set aside by decision of the authority: {why}"),
        "no_vote": _("Nobody voted for it."),
        "below_threshold": _("Below the {asked} votes that the rules ask for."),
        "incompatible": _("Incompatible with {with}, which is funded."),
        "dearer_than_budget": _("It costs more than the whole envelope."),
        "group_only": _("It competed for its reserved envelope only, and lost there."),
        "replaced": _("The rule funded it, but the minimum asked in another group took its place."),
        "outvoted": _("The money left, {left}, or that of its supporters was not enough."),
    }
    facts = {key: ", ".join(value) if isinstance(value, list) else value for key, value in about.facts.items()}
    facts["left"] = money(about.facts.get("left_cents", 0))
    words = reasons[about.reason].format(**facts)
    if about.held_cents is not None:
        words = _("Its supporters still held {held} together, for a cost of {cost}.").format(
            held=money(round(about.held_cents)), cost=money(about.cost_cents)
        )
    if about.missing_votes is not None:
        words += " " + _("With {count} more votes it would have passed.").format(count=number(about.missing_votes))
    return words
