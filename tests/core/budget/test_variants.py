"""Variants that real elections announce: shares in whole units, the challenge of the most voted, Pabulib's words."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.budget import (
    Ballots,
    Election,
    Project,
    Rules,
    TieRule,
    announced,
    count,
    read_election,
    rules_facts,
    rules_from,
    write_pb,
)
from ressort.core.budget.ties import Criterion
from ressort.core.errors import RuleBroken
from tests.core.budget import reference
from tests.core.budget.conftest import election, elections, lot, utilities


def _order(of: Election, drawn: tuple[str, ...]) -> reference.Order:
    return lambda p: (drawn.index(of.projects[p].code),)


@settings(deadline=None, max_examples=80)
@given(elections(), st.sampled_from(["cardinality", "cost"]), st.integers(0, 5))
def test_shares_in_whole_units_grow_as_in_the_plain_loop(of: Election, utility: str, seed: int) -> None:
    euros = replace(
        of,
        budget_cents=of.budget_cents * 100,
        projects=tuple(replace(p, cost_cents=p.cost_cents * 100) for p in of.projects),
    )
    drawn, votes = lot(euros, seed), utilities(euros, utility)
    start = Fraction(euros.budget_cents, sum(1 for ballot in votes if ballot)) // 100 * Fraction(100)
    costs = [p.cost_cents for p in euros.projects]
    plain, _end = reference.add1(costs, votes, euros.budget_cents, Fraction(100), _order(euros, drawn), start)
    rules = Rules(utility=utility, completions=("add1",), whole_start=True, ties=TieRule((), drawn))  # type: ignore[arg-type]
    outcome = count(euros, rules)
    assert sorted(outcome.winners) == sorted(euros.projects[p].code for p in plain)
    assert outcome.main.start in (start, None), "none when no project fits"


@settings(deadline=None, max_examples=80)
@given(elections(), st.sampled_from(["cardinality", "cost"]))
def test_the_most_voted_take_the_place_of_equal_shares_only_if_more_voters_prefer_them(
    of: Election, utility: str
) -> None:
    ties = TieRule((), lot(of, 1))
    shares = count(of, Rules(utility=utility, completions=("add1",), ties=ties)).winners  # type: ignore[arg-type]
    greedy = count(of, Rules(rule="greedy", ties=ties)).winners
    kept = count(of, Rules(utility=utility, completions=("add1",), ties=ties, greedy_challenges=True)).winners  # type: ignore[arg-type]

    def gain(ballot: dict[int, int]) -> int:
        worth = {of.projects[p].code: units for p, units in ballot.items()}
        return sum(worth.get(code, 0) for code in greedy) - sum(worth.get(code, 0) for code in shares)

    gains = [gain(ballot) for ballot in utilities(of, utility)]
    challenged = sum(one > 0 for one in gains) > sum(one < 0 for one in gains)
    assert set(kept) == set(greedy if challenged else shares)


def test_a_price_that_comes_down_to_a_tie_ends_the_jump() -> None:
    """The price of p5 falls to that of p6 while shares grow; the order of ties then buys p5 first, and costs too much."""
    costs = [11900, 29800, 29600, 49800, 77400, 89900, 49700]
    named = [[0, 1, 2, 3, 4, 5, 6], [6], [0, 1, 2, 3, 5, 6], [0, 2, 3, 4], [0, 5]]
    of = election(costs, named, 202_500)
    ties = TieRule((), tuple(project.code for project in of.projects))
    outcome = count(of, Rules(utility="cost", completions=("add1",), ties=ties))
    plain, end = reference.add1(costs, utilities(of, "cost"), 202_500, Fraction(100), lambda p: (p,))
    assert [of.position(code) for code in outcome.winners] == plain == [0, 2, 3, 6]
    assert outcome.main.endowment == end == 59_400
    assert outcome.spent_cents <= of.budget_cents


def test_a_majority_takes_all_when_challenged_and_only_then() -> None:
    of = election([60, 60, 40], [[0, 1]] * 6 + [[2]] * 4, 120)
    ties = TieRule(lot=("0", "1", "2"))
    assert set(count(of, Rules(completions=(), ties=ties)).winners) == {"0", "2"}
    outcome = count(of, Rules(completions=(), ties=ties, greedy_challenges=True))
    assert set(outcome.winners) == {"0", "1"}
    assert {win.stage for win in outcome.wins} == {"greedy"}


@pytest.mark.parametrize(
    ("word", "rules"),
    [
        ("greedy-no-skip", Rules(rule="greedy", skips=False, blank_counts=True)),
        ("equalshares", Rules(utility="cost", completions=(), blank_counts=True)),
        ("equalshares/add1", Rules(utility="cost", completions=("add1",), blank_counts=True)),
        ("equalshares/add1-comparison", Rules(utility="cost", completions=("add1",), blank_counts=True, greedy_challenges=True)),
    ],
)  # fmt: skip
def test_the_word_of_pabulib_is_the_rule_announced(word: str, rules: Rules) -> None:
    of = replace(election([60, 40], [[0], [1]], 100), meta={"rule": word})
    assert announced(of) == rules
    assert announced(replace(of, meta={"rule": word, "min_project_score_threshold": "2"})).least_votes == 2


@pytest.mark.parametrize("meta", [{}, {"rule": "unknown"}, {"rule": "greedy-custom"}, {"rule": "greedy-threshold", "min_project_score_threshold": "many"}])  # fmt: skip
def test_a_rule_that_does_not_say_how_to_count_is_refused(meta: dict[str, str]) -> None:
    with pytest.raises(RuleBroken):
        announced(replace(election([60, 40], [[0], [1]], 100), meta=meta))


def test_the_variants_are_published_with_the_file() -> None:
    rules = Rules(completions=("add1",), whole_start=True, greedy_challenges=True)
    assert rules_from(rules_facts(rules)) == rules
    written = "".join(write_pb(election([60, 40], [[0], [1]], 100), ["0"], rules))
    assert "rule;equalshares/add1-comparison" in written
    assert announced(read_election(written.splitlines())) == rules


@pytest.mark.parametrize(("ties", "winner"), [(("votes",), "large"), (("cost",), "small")])
def test_two_projects_of_one_price_are_told_apart_by_the_declared_order_before_anybody_lends(
    ties: tuple[Criterion, ...], winner: str
) -> None:
    """Two voters hold 100 each; both can buy `large` (140) at 70, one alone `small` (70) at 70; no money for both.

    An infinitesimal utility for those who do not support `small` would lower its price below 70 and always fund it, whatever
    order was declared: a tie is equality of prices, and lending comes after equal shares.
    """
    projects = (Project("large", 14000), Project("small", 7000))
    of = Election(20000, projects, Ballots.of([[0, 1], [0]]))
    rules = Rules(completions=("exhaustive",), ties=TieRule(ties, ("small", "large")))
    outcome = count(of, rules)
    assert outcome.winners == (winner,)
    assert [str(rate) for rate in outcome.main.rates] == ["7000"]
