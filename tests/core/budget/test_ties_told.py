"""Every tie of a count is told, with what settled it: held to a plain reading of the exact prices."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.budget import Election, Rules, Tie, TieRule, compare, count, explain, outcome_facts
from tests.core.budget import reference
from tests.core.budget.conftest import election, elections, lot, utilities

ORDERED = TieRule(lot=("0", "1", "2", "3"))


def _told(of: Election, rules: Rules) -> list[Tie]:
    return list(explain(count(of, rules)).ties)


def test_a_tie_of_votes_is_settled_by_cost_then_by_lot() -> None:
    of = election([60, 40, 40], [[0], [1], [2]], 100)
    (tie,) = _told(of, Rules(rule="greedy", ties=TieRule(lot=("2", "1", "0"))))
    assert tie == Tie("rule", "greedy", ("2", "1", "0"), ("lot", "cost"), ("2", "1"))


def test_the_tie_of_the_knowledge_page_is_told_under_every_rule() -> None:
    of = election([60, 40, 30], [[0], [0], [0, 1], [1, 2]], 100)
    plain = Rules(completions=(), ties=replace(ORDERED, lot=("0", "1", "2")))
    assert _told(of, plain) == [Tie("rule", "shares", ("1", "0"), ("cost",), ("1",))]
    assert _told(of, replace(plain, rule="phragmen")) == [Tie("rule", "phragmen", ("1", "0"), ("cost",), ("1", "0"))]
    voted = replace(plain, ties=TieRule(("votes", "cost"), ("0", "1", "2")))
    assert _told(of, voted)[0].projects[0] == "0" and _told(of, voted)[0].settled_by == ("votes",)


def test_a_project_that_did_not_fit_any_more_is_in_no_tie() -> None:
    of = election([60, 30, 50], [[0], [0], [1], [2]], 100)
    assert _told(of, Rules(rule="greedy", ties=TieRule(lot=("0", "1", "2")))) == []
    assert len(_told(of, Rules(rule="greedy", skips=False, ties=TieRule(lot=("0", "1", "2"))))) == 1


def test_what_two_projects_of_one_price_borrow_is_a_tie() -> None:
    of = election([10, 10], [[0], [1], [0, 1]], 12)
    tied = _told(of, Rules(completions=("exhaustive",), ties=TieRule(lot=("1", "0"))))
    assert tied == [Tie("rule", "exhaustive", ("1", "0"), ("lot",), ("1",))]


@settings(max_examples=150, deadline=None)
@given(elections(), st.integers(0, 99), st.sampled_from(["cardinality", "cost"]))
def test_ties_of_equal_shares_are_those_of_the_exact_prices(of: Election, seed: int, utility: str) -> None:
    rules = Rules(completions=(), utility=utility, ties=TieRule(lot=lot(of, seed)))  # type: ignore[arg-type]
    outcome = count(of, rules)
    costs, votes = [one.cost_cents for one in of.projects], utilities(of, utility)
    rank, part = outcome.main.ranking.rank, outcome.main
    balances = [part.endowment if any(ballot.values()) else 0 for ballot in votes]
    open_, wanted = set(part.free.nonzero()[0].tolist()), []
    for p, rate in zip(part.bought, part.rates, strict=True):
        tied = [q for q in open_ if reference.price(q, costs[q], votes, balances) == rate]  # type: ignore[arg-type]
        wanted += [{str(q) for q in tied}] if len(tied) > 1 else []
        assert min(tied, key=lambda q: int(rank[q])) == p
        open_.discard(p)
        for i, ballot in enumerate(votes):
            balances[i] -= min(balances[i], rate * ballot.get(p, 0))  # type: ignore[operator]
    told = [set(one.projects) for one in explain(outcome).ties]
    assert all(any(held >= one for held in told) for one in wanted) and all(one in wanted for one in told)


@settings(max_examples=60, deadline=None)
@given(elections(with_points=True), st.integers(0, 99))
def test_under_every_rule_tied_projects_are_told_once_in_the_order_that_settled_them(of: Election, seed: int) -> None:
    for one in compare(of, {name: Rules(rule=name, ties=TieRule(lot=lot(of, seed))) for name in ("mes", "greedy", "phragmen", "maximin-support")}):  # type: ignore[arg-type]  # fmt: skip
        rank = {project.code: int(one.outcome.main.ranking.rank[at]) for at, project in enumerate(of.projects)}
        for tie in explain(one.outcome).ties:
            places = [rank[code] for code in tie.projects]
            assert places == sorted(places) and len(set(places)) == len(places) == len(tie.settled_by) + 1 > 1
            assert set(tie.funded) == set(tie.projects) & set(one.outcome.winners)


def test_ties_are_in_the_account_that_programs_read() -> None:
    of = election([60, 40], [[0], [1]], 100)
    assert outcome_facts(count(of, Rules(rule="greedy")))["ties"][0]["settled_by"] == ("cost",)
