"""What any count must respect, whatever the rule: money, voters, names, and proportionality by brute force."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.budget import Ballots, Election, Rules, TieRule, count, explain
from tests.core.budget.conftest import election, elections, lot, utilities

EVERY = (
    Rules(completions=()),
    Rules(),
    Rules(utility="cost"),
    Rules(completions=("add-opt", "exhaustive")),
    Rules(rule="phragmen"),
    Rules(rule="phragmen", skips=False),
    Rules(rule="maximin-support"),
    Rules(rule="greedy"),
    Rules(rule="greedy", skips=False),
)
rules = st.sampled_from(EVERY)


def _with_lot(rule: Rules, of: Election, seed: int = 3) -> Rules:
    return replace(rule, ties=TieRule(lot=lot(of, seed)))


@settings(deadline=None, max_examples=150)
@given(elections(with_points=True), rules)
def test_the_envelope_is_never_exceeded_and_each_winner_has_a_vote(of: Election, rule: Rules) -> None:
    outcome = count(of, _with_lot(rule, of))
    assert outcome.spent_cents <= of.budget_cents
    assert len(set(outcome.winners)) == len(outcome.winners)
    votes = of.votes()
    assert all(votes[of.position(code)] > 0 for code in outcome.winners)


@settings(deadline=None, max_examples=100)
@given(elections(), rules, st.randoms(use_true_random=False))
def test_neither_the_order_of_voters_nor_that_of_projects_matters(of: Election, rule: Rules, dice: object) -> None:
    places = list(range(len(of.projects)))
    voters = list(range(len(of.ballots)))
    dice.shuffle(places)  # type: ignore[attr-defined]
    dice.shuffle(voters)  # type: ignore[attr-defined]
    new = {old: at for at, old in enumerate(places)}
    starts = of.ballots.starts
    rows = [[new[int(p)] for p in of.ballots.chosen[starts[i] : starts[i + 1]]] for i in voters]
    shuffled = Election(of.budget_cents, tuple(of.projects[p] for p in places), Ballots.of(rows))
    decided = _with_lot(rule, of)
    assert set(count(of, decided).winners) == set(count(shuffled, decided).winners)


@settings(deadline=None, max_examples=100)
@given(elections(), rules, st.integers(2, 7))
def test_counting_in_another_currency_changes_nothing(of: Election, rule: Rules, factor: int) -> None:
    dearer = Election(
        of.budget_cents * factor,
        tuple(replace(project, cost_cents=project.cost_cents * factor) for project in of.projects),
        of.ballots,
    )
    one, other = _with_lot(rule, of), _with_lot(rule, of)
    if one.growth():
        one, other = replace(one, step_cents=Fraction(1)), replace(other, step_cents=Fraction(factor))
    assert count(of, one).winners == count(dearer, other).winners


@settings(deadline=None, max_examples=100)
@given(elections(), st.sampled_from(["cardinality", "cost"]))
def test_payments_make_the_cost_and_nobody_pays_more_than_the_endowment(of: Election, utility: str) -> None:
    outcome = count(of, _with_lot(Rules(completions=(), utility=utility), of))  # type: ignore[arg-type]
    endowment = Fraction(of.budget_cents, outcome.main.profile.voters)
    left = {i: endowment for i, ballot in enumerate(utilities(of, utility)) if ballot}
    for p, rho in zip(outcome.main.bought, outcome.main.rates, strict=True):
        paid = {i: min(left[i], rho * ballot[p]) for i, ballot in enumerate(utilities(of, utility)) if ballot.get(p)}
        assert sum(paid.values()) == of.projects[p].cost_cents
        for i, part in paid.items():
            left[i] -= part
    assert all(money >= 0 for money in left.values())
    for p, project in enumerate(of.projects):
        if project.code not in outcome.winners:
            held = sum((left[i] for i, ballot in enumerate(utilities(of, utility)) if ballot.get(p)), Fraction(0))
            assert held < project.cost_cents, "a project that its supporters can pay is bought"


@settings(deadline=None, max_examples=150)
@given(elections(5, 6), st.sampled_from(["cardinality", "cost"]))
def test_every_group_that_deserves_projects_has_them_up_to_one(of: Election, utility: str) -> None:
    """Extended justified representation up to one project, by every group and every set of projects."""
    outcome = count(of, _with_lot(Rules(completions=(), utility=utility), of))  # type: ignore[arg-type]
    votes = utilities(of, utility)
    voters = [i for i, ballot in enumerate(votes) if ballot]
    won = {of.position(code) for code in outcome.winners}
    for size in range(1, len(of.projects) + 1):
        for wanted in combinations(range(len(of.projects)), size):
            cost = sum(of.projects[p].cost_cents for p in wanted)
            group = [i for i in voters if all(votes[i].get(p) for p in wanted)]
            if not group or cost * len(voters) > len(group) * of.budget_cents:
                continue
            deserved = sum(votes[group[0]][p] for p in wanted)
            assert any(
                sum(u for p, u in votes[i].items() if p in won) >= deserved
                or any(sum(u for q, u in votes[i].items() if q in won | {p}) > deserved for p in wanted if p not in won)
                for i in group
            ), (wanted, group)


@settings(deadline=None, max_examples=100)
@given(elections())
def test_merging_voters_alike_or_counting_them_one_by_one_is_the_same(of: Election) -> None:
    """Points of 1 make other marks than approvals, and the same count."""
    starts = of.ballots.starts
    ones = Ballots(starts, of.ballots.chosen, np.ones(len(of.ballots.chosen), np.int64))
    pointed = Election(of.budget_cents, of.projects, ones, "cumulative")
    rule = _with_lot(Rules(utility="points"), of)
    assert count(of, _with_lot(Rules(), of)).winners == count(pointed, rule).winners


@settings(deadline=None, max_examples=100)
@given(elections(6, 8), st.sampled_from([Rules(completions=()), Rules(rule="greedy")]))
def test_a_loser_wins_with_the_votes_it_lacked_and_not_with_one_less(of: Election, rule: Rules) -> None:
    """All else equal: in equal shares, the fresh supporters bring the same endowment as the others."""
    decided = _with_lot(rule, of)
    outcome = count(of, decided)
    for loser in explain(outcome).losers:
        if loser.reason != "outvoted" or loser.missing_votes is None:
            continue
        for more, wins in ((loser.missing_votes, True), (loser.missing_votes - 1, False)):
            assert (loser.code in _recount(of, decided, loser.code, more)) is wins


def _recount(of: Election, rule: Rules, code: str, more: int) -> tuple[str, ...]:
    starts = of.ballots.starts
    rows = [of.ballots.chosen[starts[i] : starts[i + 1]].tolist() for i in range(len(of.ballots))]
    held = [*rows, *[[of.position(code)]] * more]
    if rule.rule == "greedy":
        return count(Election(of.budget_cents, of.projects, Ballots.of(held)), rule).winners
    from ressort.core.budget.equal_shares import EqualShares
    from ressort.core.budget.profile import profile
    from ressort.core.budget.ties import ranking

    before = profile(of, "cardinality")
    now = profile(Election(of.budget_cents, of.projects, Ballots.of(held)), "cardinality")
    codes = [project.code for project in of.projects]
    ranks = ranking(codes, before.costs_cents, before.votes, rule.ties)
    run = EqualShares(now, ranks, before.costs_cents <= of.budget_cents).run(Fraction(of.budget_cents, before.voters))
    return tuple(codes[p] for p in run.bought)


def test_more_money_never_hurts_a_group_that_votes_alike() -> None:
    """Proven for voters who all vote alike: equal shares buy the cheapest projects first."""
    for budget in range(1, 40):
        winners = set(count(election([3, 5, 8, 13], [[0, 1, 2, 3]] * 3, budget), Rules(completions=())).winners)
        richer = set(count(election([3, 5, 8, 13], [[0, 1, 2, 3]] * 3, budget + 1), Rules(completions=())).winners)
        assert winners <= richer


@pytest.mark.parametrize("rule", EVERY)
def test_a_tie_that_changes_the_winners_asks_for_a_lot(rule: Rules) -> None:
    from ressort.core.errors import RuleBroken

    of = election([10, 10], [[0], [1]], 10)
    if rule.completions == () and rule.rule == "mes":
        assert count(of, rule).winners == ()
        return
    with pytest.raises(RuleBroken) as refused:
        count(of, rule)
    assert refused.value.facts["projects"] == ["0", "1"]
    assert count(of, replace(rule, ties=TieRule(lot=("1", "0")))).winners == ("1",)
