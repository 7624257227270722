"""Why a project is funded or not, in plain words, for every face."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ressort.core.budget import Loser, Tie, Winner
from ressort.language import HARD, ngettext, number
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


def usual_words(name: str) -> str:
    """A rule of a comparison in a few words."""
    words = {
        "mes": _("equal shares alone"),
        "mes/add1": _("equal shares that grow"),
        "mes/add1+greedy": _("equal shares that grow, then number of votes"),
        "mes-cost/add1+greedy": _("equal shares that grow, then number of votes, each project counting for its cost"),
        "phragmen": "Phragmén",
        "greedy": _("number of votes"),
        "greedy-no-skip": _("number of votes, stopping at the first that does not fit"),
    }
    return words.get(name, name)


def rules_told(facts: Mapping[str, Any]) -> list[str]:
    """All the rules of a count, a sentence each: what anybody needs to count again by hand."""
    told = [rule_words(facts) + "."] if rule_words(facts) else []
    if facts.get("utility") == "cost":
        told.append(_("A project counts for its cost to each voter who chose it."))
    elif facts.get("utility") == "points":
        told.append(_("A project counts for the points each voter gave it."))
    if facts.get("rule", "mes") == "mes":
        told.append(_completion(facts))
        if facts.get("whole_start"):
            told.append(_("Shares start from whole euros."))
        if facts.get("greedy_challenges"):
            told.append(_("If more voters prefer what the number of votes alone would fund, that is funded instead."))
    if facts.get("skips") is False:
        told.append(_("The count stops at the first project that does not fit."))
    if facts.get("blank_counts"):
        told.append(_("Blank ballots hold a share of the envelope."))
    if facts.get("least_votes"):
        told.append(_("A project needs {count} votes to win.").format(count=number(facts["least_votes"])))
    told += [_envelope(one) for one in facts.get("envelopes", ())]
    told += [_minimum(one) for one in facts.get("minima", ())]
    if facts.get("minima") and facts.get("minima_rule") == "repair":
        told.append(_("These minimums are had by mending the result, with the fewest votes lost."))
    elif facts.get("minima"):
        told.append(_("These minimums are taken first, group by group."))
    for one in facts.get("rivals", ()):
        told.append(_("One at most of the projects {projects}.").format(projects=", ".join(one)))
    return [*told, _ties(facts.get("ties", {}).get("criteria", ("cost", "votes")))]


def _completion(facts: Mapping[str, Any]) -> str:
    held = list(facts.get("completions", ("add1", "greedy")))
    words = {
        "add1": _("shares grow by {step} at a time"),
        "add-opt": _("shares grow by {step} at a time"),
        "exhaustive": _("supporters give all they hold, the others lend the rest"),
        "greedy": _("then by number of votes") if len(held) > 1 else _("by number of votes"),
    }
    if not held:
        return _("What is left of the envelope stays unspent.")
    steps = {"add1": 100, "add-opt": 10}
    step = facts.get("step_cents")
    told = [words[one].format(step=money(float(Fraction(step)) if step else steps.get(one, 0))) for one in held]
    return _("What is left: {how}.").format(how=", ".join(told))


def _envelope(facts: Mapping[str, Any]) -> str:
    told = [_("{amount} reserved for “{name}”").format(amount=money(facts["amount_cents"]), name=facts["name"])]
    if not facts.get("leftover_returns", True):
        told.append(_("what it does not spend is kept for later"))
    if not facts.get("losers_compete", True):
        told.append(_("its projects do not compete for the rest"))
    return ", ".join(told) + "."


def _minimum(facts: Mapping[str, Any]) -> str:
    name = facts["group"].partition(":")[2] or facts["group"]
    return _("At least {count} in “{name}”.").format(count=number(facts["winners"]), name=name)


def _ties(criteria: Sequence[str]) -> str:
    words = {"cost": _("the cheaper first"), "votes": _("the more voted first")}
    told = [words[one] for one in criteria] + [_("then by lot") if criteria else _("by lot")]
    return _("Projects that come equal: {how}.").format(how=", ".join(told))


def tie_told(tie: Tie) -> str:
    """Which projects came equal, what put one before the other, and which are funded."""
    words = {"cost": _("cheaper"), "votes": _("more voted"), "lot": _("by lot")}
    order = [tie.projects[0]] + [
        _("then {project} ({how})").format(project=project, how=words[by])
        for project, by in zip(tie.projects[1:], tie.settled_by, strict=True)
    ]
    told = _("Projects that came equal ({step}): {order}.").format(
        step=phase(tie.phase, tie.stage), order=", ".join(order)
    )
    if len(tie.funded) == len(tie.projects):
        return f"{told} {_('All are funded.')}"
    return f"{told} " + (
        _("Funded: {projects}.").format(projects=", ".join(tie.funded)) if tie.funded else _("None is funded.")
    )


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
        words = ngettext(
            "Funded by {givers} of its supporters, who paid {price}.",
            "Funded by {givers} of its supporters, who paid at most {price} each.",
            about.givers,
        ).format(givers=number(about.givers), price=money(about.price_cents))
        if about.drained:
            gave = ngettext(
                "One of them gave all they had left.", "{drained} of them gave all they had left.", about.drained
            )
            words += " " + gave.format(drained=number(about.drained))
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
