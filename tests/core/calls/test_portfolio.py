"""Choosing under an envelope: never a cent over, never worse than the ranking, and each refusal explained."""

from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.calls import MILLIONTHS, Bound, Candidate, Purse, explained, follow_ranking, portfolio
from ressort.core.errors import InputError, NoSolution, UnknownCode


def files(*lines: tuple[int, float]) -> list[Candidate]:
    """Amount and score on 100 of files a, b, c… in the order of the ranking."""
    return [
        Candidate(application=name, amount_cents=cents, score=Fraction(str(score)) / 100)
        for name, (cents, score) in zip("abcdefghij", lines, strict=False)
    ]


def test_following_the_ranking_stops_or_skips() -> None:
    line = files((60, 90), (50, 80), (40, 70), (1, 60))
    purse = Purse(envelope_cents=100)
    skip, stop = follow_ranking(line, purse, "skip"), follow_ranking(line, purse, "stop")
    assert skip.funded == ("a", "c") and skip.spent_cents == 100 and skip.refusals["b"].facts["missing_cents"] == 10
    assert stop.funded == ("a",) and stop.refusals["c"].facts == {"stopped_at": "b"}


def test_the_portfolio_beats_the_ranking_when_a_costly_leader_crowds_out_others() -> None:
    line = files((100, 90), (50, 80), (50, 79))
    found = portfolio(line, Purse(envelope_cents=100))
    assert found.funded == ("b", "c") and found.is_proven and found.value == 1_590_000


def test_equal_values_go_to_the_cheaper_choice_then_to_the_better_places() -> None:
    assert portfolio(files((60, 50), (40, 50)), Purse(envelope_cents=60)).funded == ("b",)
    assert portfolio(files((50, 50), (50, 50), (50, 50)), Purse(envelope_cents=100)).funded == ("a", "b")


def test_a_canton_gets_its_winner_and_a_theme_keeps_under_its_ceiling() -> None:
    line = files((50, 90), (50, 80), (50, 40))
    north = Bound(code="north", members=frozenset("c"), least_count=1)
    assert portfolio(line, Purse(envelope_cents=100, bounds=(north,))).funded == ("a", "c")
    theme = Bound(code="theme", members=frozenset("ab"), most_cents=50)
    assert portfolio(line, Purse(envelope_cents=150, bounds=(theme,))).funded == ("a", "c")
    assert follow_ranking(line, Purse(envelope_cents=150, bounds=(theme,))).refusals["b"].facts["group"] == "theme"


def test_exclusions_and_dependencies_hold() -> None:
    line = files((10, 90), (10, 80), (10, 70))
    assert portfolio(line, Purse(envelope_cents=30, excludes=(("a", "b"),))).funded == ("a", "c")
    assert portfolio(line, Purse(envelope_cents=10, requires=(("a", "c"),))).funded == ("b",)
    with pytest.raises(UnknownCode):
        portfolio(line, Purse(envelope_cents=10, requires=(("a", "z"),)))


def test_minimums_that_cannot_be_met_are_named_and_no_other() -> None:
    line = files((80, 90), (80, 80), (10, 70))
    bounds = (
        Bound(code="north", members=frozenset("a"), least_count=1),
        Bound(code="south", members=frozenset("b"), least_count=1),
        Bound(code="east", members=frozenset("c"), least_count=1),
    )
    with pytest.raises(NoSolution) as refusal:
        portfolio(line, Purse(envelope_cents=100, bounds=bounds))
    assert refusal.value.facts["groups"] == ["north", "south"]


def test_each_refusal_says_what_it_would_cost() -> None:
    line = files((100, 90), (50, 80), (50, 79))
    purse = Purse(envelope_cents=100)
    found = explained(portfolio(line, purse), line, purse)
    assert found.refusals["a"].facts == {"pushed": ["b", "c"], "lost": 69.0}


def test_an_override_is_counted_and_an_impossible_one_refused() -> None:
    line = files((100, 90), (50, 80), (50, 79))
    assert portfolio(line, Purse(envelope_cents=100), forced=["a"]).funded == ("a",)
    assert portfolio(line, Purse(envelope_cents=100), barred=["b"]).funded == ("a",)
    with pytest.raises(NoSolution):
        portfolio(line, Purse(envelope_cents=100), forced=["a", "b"])


def test_an_effect_may_be_maximised_instead_of_the_score() -> None:
    line = files((50, 90), (50, 10))
    assert portfolio(line, Purse(envelope_cents=50), {"a": 1, "b": 2}).funded == ("b",)


def test_a_cent_over_is_over() -> None:
    big = 10**11 + 1
    line = files((big, 50), (big, 50))
    assert len(portfolio(line, Purse(envelope_cents=2 * big - 1)).funded) == 1
    assert len(portfolio(line, Purse(envelope_cents=2 * big)).funded) == 2


def test_a_file_twice_or_without_amount_is_refused() -> None:
    with pytest.raises(InputError):
        portfolio(files((0, 50)), Purse(envelope_cents=1))
    one = files((1, 50))
    with pytest.raises(InputError):
        portfolio([*one, *one], Purse(envelope_cents=1))


CASES = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 100)), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(CASES, st.integers(0, 200), st.data())
def test_the_portfolio_is_the_best_of_all_choices(lines: list[tuple[int, int]], envelope: int, data: Any) -> None:
    line = sorted(files(*lines), key=lambda one: -one.score)
    names = [one.application for one in line]
    group = frozenset(data.draw(st.lists(st.sampled_from(names), unique=True)))
    most = data.draw(st.one_of(st.none(), st.integers(0, 100)))
    bound = Bound(code="g", members=group, most_cents=most, least_count=data.draw(st.integers(0, 1)))
    purse = Purse(envelope_cents=envelope, bounds=(bound,))
    amounts = {one.application: one.amount_cents for one in line}
    worth = {one.application: int(one.score * MILLIONTHS) for one in line}
    allowed = [
        chosen
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
        if not purse.broken_by(chosen, amounts)
    ]
    if not allowed:
        with pytest.raises(NoSolution):
            portfolio(line, purse)
        return
    place = {name: i for i, name in enumerate(names)}
    best = min((-sum(worth[n] for n in c), sum(amounts[n] for n in c), sum(place[n] for n in c)) for c in allowed)
    found = portfolio(line, purse)
    assert not purse.broken_by(found.funded, amounts)
    assert (-found.value, found.spent_cents, sum(place[n] for n in found.funded)) == best
    usual = follow_ranking(line, purse)
    if not purse.broken_by(usual.funded, amounts):
        assert found.value >= sum(worth[name] for name in usual.funded)


def crowd(files: int, seed: int) -> tuple[list[Candidate], Purse]:
    """Files whose scores and amounts are often equal, over five cantons with a ceiling and one winner each."""
    dice = np.random.default_rng(seed)
    scores = sorted((Fraction(int(n), 20) for n in dice.integers(6, 20, files)), reverse=True)
    line = [
        Candidate(application=f"f{at:03}", amount_cents=100 * int(dice.integers(20, 500)), score=score)
        for at, score in enumerate(scores)
    ]
    asked = sum(one.amount_cents for one in line)
    bounds = tuple(
        Bound(
            code=f"c{k}",
            members=frozenset(f"f{at:03}" for at in range(k, files, 5)),
            least_count=1,
            most_cents=asked // 12,
        )
        for k in range(5)
    )
    return line, Purse(envelope_cents=asked // 3, bounds=bounds)


@pytest.mark.parametrize("seed", range(6))
def test_the_search_and_the_solver_agree_on_crowds_of_files(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    line, purse = crowd(70 + 30 * seed, seed)
    found = portfolio(line, purse)
    place = {one.application: at for at, one in enumerate(line)}
    monkeypatch.setattr("ressort.core.calls.branching.search", lambda *_given: (None, False))
    solved = portfolio(line, purse)
    assert found.is_proven
    assert solved.is_proven
    assert found.value == solved.value
    ours, theirs = ((p.spent_cents, sum(place[name] for name in p.funded)) for p in (found, solved))
    assert ours <= theirs
    assert not purse.broken_by(found.funded, {one.application: one.amount_cents for one in line})


def test_a_search_too_long_leaves_the_answer_to_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    line, purse = crowd(90, 11)
    found = portfolio(line, purse)
    from ressort.core.calls import branching

    whole = branching.search
    monkeypatch.setattr(branching, "search", lambda question, groups, floor: whole(question, groups, floor, 5))
    assert portfolio(line, purse).value == found.value


def test_no_file_is_decided_before_the_search_that_the_best_choice_decides_otherwise() -> None:
    from ressort.core.calls.narrowing import narrowed

    line, purse = crowd(200, 3)
    best = portfolio(line, purse)
    cents = np.array([one.amount_cents for one in line])
    values = np.array([int(one.score * MILLIONTHS) for one in line])
    members = [np.array([one.application in bound.members for one in line], dtype=np.int64) for bound in purse.bounds]
    rows = [(cents, 0.0, float(purse.envelope_cents)), *((m, 1.0, np.inf) for m in members)]
    rows += [(cents * m, 0.0, float(b.most_cents or 0)) for m, b in zip(members, purse.bounds, strict=True)]
    told = narrowed(values, cents, rows, np.zeros(200, dtype=np.int64), np.ones(200, dtype=np.int64))
    taken = np.array([one.application in best.funded for one in line])
    assert ((told.lows <= taken) & (taken <= told.highs)).all()
    assert (told.lows < told.highs).sum() < 150
