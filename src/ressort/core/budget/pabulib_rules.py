"""The rule that a `.pb` file announces: ours whole, under a key of its own, or the word that Pabulib has for it."""

import json
from dataclasses import replace

from ressort.core.budget.election import Election
from ressort.core.budget.rules import Override, Rules, rules_from
from ressort.core.errors import RuleBroken

#: META key under which the rules of a count are published with its file
RULES_KEY = "ressort_rules"
#: the META key of the votes (points where ballots give some) under which a project is not funded
THRESHOLD_KEY = "min_project_score_threshold"
#: Pabulib's equal shares give a project the utility of its cost, as equalshares.net does, and fund nothing after the growth
WORDS = {
    "greedy": Rules(rule="greedy"),
    "greedy-no-skip": Rules(rule="greedy", skips=False),
    "greedy-threshold": Rules(rule="greedy"),
    "equalshares": Rules(utility="cost", completions=()),
    "equalshares-comparison": Rules(utility="cost", completions=(), greedy_challenges=True),
    "equalshares/add1": Rules(utility="cost", completions=("add1",)),
    "equalshares/add1-comparison": Rules(utility="cost", completions=("add1",), greedy_challenges=True),
}


def rules_in(election: Election) -> Rules | None:
    """The rules published with a file by Ressort, if it holds some.

    Raises:
        RuleBroken: they cannot be read.
    """
    text = election.meta.get(RULES_KEY)
    if not text:
        return None
    try:
        return rules_from(json.loads(text))
    except json.JSONDecodeError as error:
        raise RuleBroken("The rules of the count cannot be read: {error}.", error=str(error)) from error


def announced(election: Election) -> Rules:
    """The rules that a file announces, in whole or in Pabulib's word, its threshold of votes included.

    Every ballot of the file holds a share, as in Pabulib's own counts.

    Raises:
        RuleBroken: no rule is announced, or one that its word does not define.
    """
    held = rules_in(election)
    if held is not None:
        return held
    word = election.meta.get("rule", "").strip()
    if word not in WORDS:
        raise RuleBroken(
            "The file announces the rule “{given}”, which does not say how to count. Known words: {known}. "
            "Give the rules to “ressort budget count”.",
            given=word or "unknown",
            known=sorted(WORDS),
        )
    utility = "points" if election.ballots.points is not None and WORDS[word].rule == "mes" else WORDS[word].utility
    least = _threshold(election)
    if election.points is None:
        return replace(WORDS[word], utility=utility, blank_counts=True, least_votes=least)
    scores = zip(election.projects, election.scores().tolist(), strict=True)
    below = tuple(Override(one.code, False, f"score {score} < {least}") for one, score in scores if score < least)
    return replace(WORDS[word], utility=utility, blank_counts=True, overrides=below)


def pabulib_word(rules: Rules) -> str:
    """What Pabulib calls these rules; `unknown` where it has no word for them."""
    plain = not (rules.minima or rules.envelopes or rules.overrides or rules.rivals or rules.least_votes)
    if not plain or rules.rule not in ("mes", "greedy"):
        return "unknown"
    if rules.rule == "greedy":
        return "greedy" if rules.skips else "greedy-no-skip"
    word = "equalshares/add1" if rules.completions[:1] == ("add1",) else "equalshares"
    return f"{word}-comparison" if rules.greedy_challenges else word


def _threshold(election: Election) -> int:
    text = election.meta.get(THRESHOLD_KEY, "").strip()
    if not text:
        return 0
    if not text.removesuffix(".0").isdigit():
        raise RuleBroken(
            "The file asks for {given} as {key}: a whole number of votes or points is needed to count again.",
            given=text,
            key=THRESHOLD_KEY,
        )
    return int(text.removesuffix(".0"))
