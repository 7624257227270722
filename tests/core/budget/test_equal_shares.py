"""Equal shares, Phragmén, maximin support and their completions, held to plain references in fractions."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.budget import Election, Rules, TieRule, count
from ressort.core.budget.completion import grown
from ressort.core.budget.equal_shares import EqualShares
from ressort.core.budget.maximin_support import MaximinSupport
from ressort.core.budget.phragmen import Phragmen
from ressort.core.budget.profile import Profile, profile
from ressort.core.budget.ties import Ranking, ranking
from tests.core.budget import reference
from tests.core.budget.conftest import election, elections, lot, toulouse, utilities

EXAMPLE = election([6000, 4000, 3000], [[0], [0], [0, 1], [1, 2]], 10000)


def _ready(of: Election, utility: str, seed: int = 0) -> tuple[Profile, Ranking]:
    seen = profile(of, utility)  # type: ignore[arg-type]
    codes = [project.code for project in of.projects]
    return seen, ranking(codes, seen.costs_cents, seen.votes, TieRule(lot=lot(of, seed)))


@pytest.mark.parametrize(
    ("rules", "winners", "endowment"),
    [
        (Rules(rule="greedy"), ("0", "1"), None),
        (Rules(completions=()), ("1",), 2500),
        (Rules(completions=(), utility="cost"), ("0",), 2500),
        (Rules(completions=("add1",)), ("1", "0"), 2700),
        (Rules(completions=("add1",), utility="cost"), ("0", "1"), 3000),
        (Rules(rule="phragmen"), ("1", "0"), None),
    ],
)
def test_the_example_worked_out_by_hand_comes_out(
    rules: Rules, winners: tuple[str, ...], endowment: int | None
) -> None:
    outcome = count(EXAMPLE, rules)
    assert outcome.winners == winners
    assert outcome.main.endowment == endowment


@settings(deadline=None, max_examples=300)
@given(elections(8, 10, with_points=True), st.sampled_from(["cardinality", "cost", "points"]), st.integers(0, 9))
def test_winners_prices_and_balances_are_those_of_exact_arithmetic(of: Election, utility: str, seed: int) -> None:
    seen, ranks = _ready(of, utility, seed)
    if seen.voters == 0:
        return
    endowment = Fraction(of.budget_cents, seen.voters) * [1, 2, Fraction(3, 2)][seed % 3]
    method = EqualShares(seen, ranks, np.ones(len(of.projects), bool))
    run = method.run(endowment)
    votes, costs = utilities(of, utility), of.costs_cents.tolist()
    bought, rates, balances = reference.equal_shares(costs, votes, endowment, lambda p: (int(ranks.rank[p]),))
    assert list(run.bought) == bought
    assert run.rates() == rates
    held = method.balances()
    for ballot, one in enumerate(seen.type_of):
        if one >= 0:
            assert held[one] == pytest.approx(float(balances[ballot]), abs=1e-6 * float(endowment))


@pytest.mark.parametrize("year", [2019, 2022])
@pytest.mark.parametrize("utility", ["cardinality", "cost"])
def test_real_elections_have_the_winners_and_prices_of_exact_arithmetic(year: int, utility: str) -> None:
    of = toulouse(year)
    seen, ranks = _ready(of, utility)
    for growth in (1, 2):
        endowment = Fraction(of.budget_cents, seen.voters) * growth
        run = EqualShares(seen, ranks, seen.costs_cents <= of.budget_cents).run(endowment)
        alike, names = _merged(utilities(of, utility))
        bought, rates = _weighted(of.costs_cents.tolist(), alike, names, endowment, ranks, of.budget_cents)
        assert list(run.bought) == bought
        assert run.rates() == rates


def _merged(votes: list[dict[int, int]]) -> tuple[list[dict[int, int]], list[int]]:
    """Ballots alike counted once, with their number: a reference for a whole city in seconds."""
    counted: dict[tuple[tuple[int, int], ...], int] = {}
    for ballot in votes:
        key = tuple(sorted(ballot.items()))
        counted[key] = counted.get(key, 0) + 1
    return [dict(key) for key in counted if key], [size for key, size in counted.items() if key]


def _weighted(
    costs: list[int], votes: list[dict[int, int]], sizes: list[int], endowment: Fraction, ranks: Ranking, budget: int
) -> tuple[list[int], list[Fraction]]:
    """The reference rule over merged ballots, prices kept as long as no supporter paid."""
    balances = [endowment] * len(votes)
    fans = [[i for i, ballot in enumerate(votes) if ballot.get(p)] for p in range(len(costs))]
    prices: dict[int, Fraction | None] = {}
    stale = {p for p, cost in enumerate(costs) if cost <= budget and fans[p]}
    bought: list[int] = []
    rates: list[Fraction] = []
    while True:
        for p in stale:
            prices[p] = _price(costs[p], [(balances[i], votes[i][p], sizes[i]) for i in fans[p]])
        known = {p: rho for p, rho in prices.items() if rho is not None and p not in bought}
        if not known:
            return bought, rates
        p = min(known, key=lambda q: (known[q], int(ranks.rank[q])))
        touched = set()
        for i in fans[p]:
            balances[i] -= min(balances[i], known[p] * votes[i][p])
            touched.update(votes[i])
        bought.append(p)
        rates.append(known[p])
        stale = {q for q in touched & prices.keys() if q not in bought}


def _price(cost: int, supporters: list[tuple[Fraction, int, int]]) -> Fraction | None:
    left, units = Fraction(cost), sum(worth * size for _balance, worth, size in supporters)
    for balance, worth, size in sorted(supporters, key=lambda one: one[0] / one[1]):
        if left <= balance / worth * units:
            return left / units
        left, units = left - balance * size, units - worth * size
    return None


@settings(deadline=None, max_examples=80)
@given(
    elections(6, 7),
    st.sampled_from(["cardinality", "cost"]),
    st.sampled_from(["1", "2", "1/3", "1/10"]),
    st.integers(0, 9),
)
def test_growing_by_jumps_or_step_by_step_gives_the_plain_loop(
    of: Election, utility: str, step: str, seed: int
) -> None:
    seen, ranks = _ready(of, utility, seed)
    costs = of.costs_cents.tolist()
    expected = reference.add1(
        costs, utilities(of, utility), of.budget_cents, Fraction(step), lambda p: (int(ranks.rank[p]),)
    )
    for by_jumps in (False, True):
        method = EqualShares(seen, ranks, seen.costs_cents <= of.budget_cents)
        done = grown(method, seen, of.budget_cents, Fraction(step), by_jumps=by_jumps)
        assert (list(done.shares.bought), done.shares.endowment) == expected


@settings(deadline=None, max_examples=200)
@given(elections(), st.booleans(), st.integers(0, 9))
def test_phragmen_is_that_of_exact_arithmetic(of: Election, skips: bool, seed: int) -> None:
    seen, ranks = _ready(of, "cardinality", seed)
    done = Phragmen(seen, ranks, np.ones(len(of.projects), bool), [], skips=skips).run(of.budget_cents)
    votes = utilities(of, "cardinality")
    expected = reference.phragmen(
        of.costs_cents.tolist(), votes, of.budget_cents, lambda p: (int(ranks.rank[p]),), skip=skips
    )
    assert list(done.bought) == expected


@settings(deadline=None, max_examples=60)
@given(elections(5, 6), st.booleans(), st.integers(0, 9))
def test_maximin_support_adds_what_keeps_the_highest_charge_lowest(of: Election, skips: bool, seed: int) -> None:
    seen, ranks = _ready(of, "cardinality", seed)
    done = MaximinSupport(seen, ranks, np.ones(len(of.projects), bool), [], skips=skips).run(of.budget_cents)
    votes, costs = utilities(of, "cardinality"), of.costs_cents.tolist()
    bought, aside, left = [], set[int](), of.budget_cents
    while True:
        open_ = [
            p
            for p in range(len(costs))
            if p not in bought and p not in aside and seen.votes[p] and costs[p] <= of.budget_cents
        ]
        if not open_:
            break
        p = min(open_, key=lambda q: (_charge([*bought, q], costs, votes), int(ranks.rank[q])))
        if costs[p] > left:
            if not skips:
                break
            aside.add(p)
            continue
        bought.append(p)
        left -= costs[p]
    assert list(done.bought) == bought


def _charge(projects: list[int], costs: list[int], votes: list[dict[int, int]]) -> Fraction:
    """The least highest charge, by every subset."""
    return max(
        Fraction(sum(costs[p] for p in some), sum(1 for ballot in votes if ballot.keys() & set(some)))
        for size in range(1, len(projects) + 1)
        for some in combinations(projects, size)
    )


@settings(deadline=None, max_examples=80)
@given(elections(6, 7))
def test_the_exhaustive_completion_leaves_nothing_that_fits(of: Election) -> None:
    outcome = count(of, Rules(completions=("add1", "exhaustive"), ties=TieRule(lot=lot(of, 1))))
    left = of.budget_cents - outcome.spent_cents
    assert left >= 0
    votes = of.votes()
    assert [
        p.code
        for at, p in enumerate(of.projects)
        if votes[at] and p.code not in outcome.winners and p.cost_cents <= left
    ] == []


def test_identical_voters_in_the_middle_of_a_tie_are_told_apart_by_fractions() -> None:
    """Thirds do not fit in floats: both projects cost their supporters exactly a third each, the cheaper comes first."""
    of = election([3000, 1000], [[0]] * 9 + [[1]] * 3, 12000)
    assert count(of, Rules(completions=())).winners == ("1", "0")


def test_a_long_chain_of_purchases_stays_exact() -> None:
    """Forty purchases that each leave odd fractions behind: prices are still those of the reference."""
    dice = np.random.default_rng(5)
    costs = [int(cost) for cost in dice.integers(1, 10**7, 60)]
    rows = [sorted({int(p) for p in dice.integers(0, 60, 9)}) for _ in range(120)]
    of = election(costs, rows, 10**8)
    seen, ranks = _ready(of, "cardinality")
    endowment = Fraction(10**8, 120)
    run = EqualShares(seen, ranks, np.ones(60, bool)).run(endowment)
    bought, rates, _held = reference.equal_shares(
        costs, utilities(of, "cardinality"), endowment, lambda p: (int(ranks.rank[p]),)
    )
    assert len(bought) > 25
    assert (list(run.bought), run.rates()) == (bought, rates)


def test_when_everything_fits_the_growth_goes_straight_to_where_everything_is_bought() -> None:
    """A hamlet alone behind a dear project: a plain loop would climb cent by cent to its whole cost."""
    of = election([5_000_00, 10_000_00, 1_00], [[0]] * 5 + [[1]] + [[2]], 20_000_00)
    seen, ranks = _ready(of, "cardinality")
    method = EqualShares(seen, ranks, np.ones(3, bool))
    done = grown(method, seen, of.budget_cents, Fraction(1))
    plain = grown(EqualShares(seen, ranks, np.ones(3, bool)), seen, of.budget_cents, Fraction(1000), by_jumps=False)
    assert set(done.shares.bought) == set(plain.shares.bought) == {0, 1, 2}
    assert done.runs <= 3
    assert done.shares.endowment >= 10_000_00 > done.shares.endowment - 1
