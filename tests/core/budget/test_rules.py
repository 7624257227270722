"""Envelopes, minima of groups, rivals, thresholds, decisions against the rule, ties: on elections worked out by hand."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from ressort.core.budget import (
    Ballots,
    Election,
    Envelope,
    Minimum,
    Override,
    Project,
    Rules,
    TieRule,
    compare,
    count,
    drawn_order,
    explain,
    rules_facts,
    rules_from,
)
from ressort.core.errors import NoSolution, RuleBroken
from tests.core.budget.conftest import election, elections, lot

GREEDY = Rules(rule="greedy")


def _grouped(groups: list[str], costs: list[int], named: list[list[int]], budget: int) -> Election:
    projects = tuple(Project(str(at), cost, groups=(groups[at],)) for at, cost in enumerate(costs))
    return Election(budget, projects, Ballots.of(named))


CANTONS = _grouped(["north", "north", "south", "south"], [40, 40, 30, 60], [[0, 1]] * 9 + [[2]] * 2 + [[3]] * 3, 100)


def test_each_canton_has_its_winner_when_the_rules_ask_for_one() -> None:
    assert set(count(CANTONS, GREEDY).winners) == {"0", "1"}
    asked = replace(GREEDY, minima=(Minimum("north"), Minimum("south")))
    outcome = count(CANTONS, asked)
    assert set(outcome.winners) == {"0", "3"}, "inside the south, the most voted project wins first"
    assert {win.stage for win in outcome.wins} == {"minimum"}


def test_a_result_is_repaired_with_the_least_loss_of_votes() -> None:
    asked = replace(GREEDY, minima=(Minimum("south"),), minima_rule="repair")
    outcome = count(CANTONS, asked)
    assert set(outcome.winners) == {"0", "3"} or set(outcome.winners) == {"1", "3"}
    assert len(outcome.dropped) == 1
    assert {one.reason for one in explain(outcome).losers} >= {"replaced"}


def test_minima_that_cannot_be_had_name_the_groups_in_the_way() -> None:
    with pytest.raises(NoSolution) as refused:
        count(CANTONS, replace(GREEDY, minima=(Minimum("north", 2), Minimum("south", 1))))
    assert set(refused.value.facts["groups"]) == {"north", "south"}
    with pytest.raises(NoSolution) as refused:
        count(CANTONS, replace(GREEDY, minima=(Minimum("north"), Minimum("south", 3))))
    assert refused.value.facts["groups"] == ["south"]


@pytest.mark.parametrize("rule", [GREEDY, Rules(), Rules(rule="phragmen"), Rules(rule="maximin-support")])
def test_a_reserved_envelope_is_spent_on_its_projects_first(rule: Rules) -> None:
    youth = Envelope("jeunes", 60, "south")
    outcome = count(CANTONS, replace(rule, envelopes=(youth,), ties=TieRule(lot=("0", "1", "2", "3"))))
    assert any(win.phase == "envelope:jeunes" for win in outcome.wins)
    assert outcome.spent_cents <= 100


def test_what_an_envelope_does_not_spend_comes_back_or_is_kept() -> None:
    youth = Envelope("jeunes", 50, "south", losers_compete=False)
    drawn = replace(GREEDY, ties=TieRule(lot=("0", "1", "2", "3")))
    back = count(CANTONS, replace(drawn, envelopes=(youth,)))
    kept = count(CANTONS, replace(drawn, envelopes=(replace(youth, leftover_returns=False),)))
    assert (back.kept_cents, kept.kept_cents) == (0, 20)
    assert back.main.budget_cents == 70
    assert kept.main.budget_cents == 50


def test_an_envelope_may_listen_to_some_voters_only() -> None:
    of = Election(
        100,
        (Project("a", 50, groups=("young",)), Project("b", 50, groups=("young",))),
        Ballots(
            Ballots.of([[0], [0], [1]]).starts, Ballots.of([[0], [0], [1]]).chosen, columns={"age": ["40", "50", "15"]}
        ),
    )
    young = Envelope("jeunes", 50, "young", losers_compete=False, voters=("age", ("15",)))
    assert count(of, replace(GREEDY, envelopes=(young,))).winners == ("b",)


def test_of_incompatible_projects_one_at_most_is_funded_even_in_a_ring() -> None:
    of = election([10, 10, 10], [[0, 1, 2]] * 5 + [[0]], 100)
    for rule in (
        GREEDY,
        Rules(),
        Rules(completions=("add1", "exhaustive")),
        Rules(rule="phragmen"),
        Rules(rule="maximin-support"),
    ):
        ring = replace(rule, rivals=(("0", "1"), ("1", "2"), ("2", "0")), ties=TieRule(lot=("0", "1", "2")))
        assert count(of, ring).winners == ("0",)
    told = {one.code: one for one in explain(count(of, ring)).losers}
    assert told["1"].reason == "incompatible"
    assert told["1"].facts["with"] == ["0"]


def test_below_the_least_number_of_votes_no_project_wins() -> None:
    of = election([10, 10], [[0]] * 5 + [[1]] * 2, 100)
    outcome = count(of, replace(GREEDY, least_votes=3))
    assert outcome.winners == ("0",)
    lost = explain(outcome).losers[0]
    assert (lost.reason, lost.missing_votes) == ("below_threshold", 1)


def test_the_authority_may_decide_otherwise_with_its_reason() -> None:
    of = election([60, 50, 50], [[1, 2]] * 5 + [[0]], 110)
    decided = replace(
        GREEDY, overrides=(Override("0", True, "Mise en sécurité"), Override("1", False, "Terrain vendu"))
    )
    outcome = count(of, decided)
    assert outcome.winners == ("0", "2")
    assert explain(outcome).losers[0].facts == {"why": "Terrain vendu"}
    with pytest.raises(RuleBroken):
        replace(GREEDY, overrides=(Override("0", True, "  "),))
    with pytest.raises(RuleBroken):
        count(
            of,
            replace(GREEDY, overrides=(Override("0", True, "x"), Override("1", True, "y"), Override("2", True, "z"))),
        )


@pytest.mark.parametrize(
    "wrong",
    [
        Rules(rivals=(("0", "9"),)),
        Rules(rivals=(("0", "0"),)),
        Rules(envelopes=(Envelope("x", 10, "nowhere"),)),
        Rules(envelopes=(Envelope("x", 1000, "north"),)),
        Rules(envelopes=(Envelope("x", -5, "north"),)),
        Rules(minima=(Minimum("nowhere"),)),
        Rules(overrides=(Override("9", True, "why"),)),
        Rules(ties=TieRule(lot=("0", "1"))),
        Rules(envelopes=(Envelope("x", 10, "north", voters=("age", ("15",))),)),
    ],
)
def test_rules_that_the_election_cannot_follow_are_refused(wrong: Rules) -> None:
    with pytest.raises(RuleBroken):
        count(CANTONS, wrong)


@pytest.mark.parametrize(
    "facts",
    [
        {"rule": "dictator"},
        {"utility": "happiness"},
        {"completions": ["magic"]},
        {"step_cents": "0"},
        {"step_cents": "a lot"},
        {"least_votes": -1},
        {"nonsense": 1},
        {"ties": {"criteria": ["age"]}},
        {"envelopes": [{"name": "x"}]},
    ],
)
def test_rules_written_wrongly_are_refused(facts: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        rules_from(facts)


def test_rules_are_read_back_as_they_were_written() -> None:
    import json

    rules = Rules(
        completions=("add-opt",),
        ties=TieRule(("votes",), ("2", "0", "1", "3")),
        envelopes=(Envelope("jeunes", 50, "south", voters=("age", ("15", "16"))),),
        minima=(Minimum("north", 2),),
        overrides=(Override("0", True, "Sécurité"),),
        rivals=(("0", "1"),),
    )
    assert rules_from(json.loads(json.dumps(rules_facts(rules)))) == rules


def test_the_lot_can_be_drawn_again_by_anybody() -> None:
    assert drawn_order(["a", "b", "c", "d"], "loto 2026-03-14") == drawn_order(["d", "c", "b", "a"], "loto 2026-03-14")
    assert len({drawn_order(map(str, range(9)), f"seed {seed}") for seed in range(20)}) == 20


@settings(deadline=None, max_examples=40)
@given(elections())
def test_rules_are_compared_on_the_same_votes(of: Election) -> None:
    ties = TieRule(lot=lot(of, 2))
    told = compare(of, {"one": Rules(ties=ties), "same": Rules(ties=ties), "other": replace(GREEDY, ties=ties)})
    assert told[0].outcome.winners == told[1].outcome.winners
    assert told[1].shared == len(told[0].outcome.winners)
    assert 0 <= told[2].voters.none_share <= 1


@pytest.mark.parametrize(("budget", "costs"), [(0, [5]), (-5, [5]), (10, [0]), (10, [-3])])
def test_no_election_has_a_budget_or_a_cost_that_is_not_positive(budget: int, costs: list[int]) -> None:
    with pytest.raises(RuleBroken):
        election(costs, [[0]], budget)


def test_a_ballot_that_names_a_project_twice_or_a_stranger_is_refused() -> None:
    for rows in ([[0, 0]], [[7]], [[-1]]):
        with pytest.raises(RuleBroken):
            election([5, 5], rows, 10)


def test_blank_ballots_dilute_the_shares_only_if_the_rules_say_so() -> None:
    of = election([10], [[0], [], []], 30)
    assert count(of, Rules(completions=())).main.endowment == 30
    assert count(of, Rules(completions=(), blank_counts=True)).main.endowment == 10


def test_a_project_dearer_than_the_envelope_cannot_win_and_is_told_so() -> None:
    lost = explain(count(election([50, 5], [[0, 1]], 10))).losers[0]
    assert (lost.code, lost.reason) == ("0", "dearer_than_budget")
