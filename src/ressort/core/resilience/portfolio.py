"""Under a budget, the set of levers that avoids most: every combination that was played, judged over all its runs.

Levers interact, so effects are not added up: `benefit(set)` plays the set. The greedy search buys the best avoided loss per euro
left, lazily; benefits usually fall when others are in, but this is not proven: the bound it gives is said to hold only then.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ressort.core.economy import Floats
from ressort.core.errors import NoSolution, RuleBroken

Benefit = Callable[[frozenset[str]], Floats]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A set of levers, what it costs, and what it avoids at the quantile asked for.

    Args:
        bound: what no set could exceed if benefits fall when others are in: single benefits bought in part, whatever the method.
        plays: how many sets were played to find it.
    """

    levers: tuple[str, ...]
    cost_cents: int
    avoided: float
    bound: float
    plays: int


def robust(benefits: Floats, caution_share: float) -> float:
    """Mean of the worst share of runs (CVaR): caution 1 is the plain mean, 0.2 the mean of the worst fifth.

    >>> robust(np.array([1.0, 2.0, 3.0, 4.0]), 0.5)
    1.5
    """
    kept = max(1, int(np.ceil(caution_share * len(benefits))))
    return float(np.sort(benefits)[:kept].mean())


def greedy_portfolio(
    costs_cents: dict[str, int], benefit: Benefit, budget_cents: int, caution_share: float = 1.0
) -> Portfolio:
    """Buy the best benefit per euro, again and again; or the single best lever, when that avoids more.

    Raises:
        RuleBroken: a negative cost or budget.
    """
    _check(costs_cents, budget_cents)
    chosen: frozenset[str] = frozenset()
    spent, reached, plays, bound = 0, 0.0, 0, 0.0
    gains = {name: np.inf for name in costs_cents if costs_cents[name] <= budget_cents}
    best_single, best_gain = "", 0.0
    while gains:
        fresh: set[str] = set()
        while True:
            name = max(sorted(gains), key=lambda lever: gains[lever] / max(costs_cents[lever], 1))
            if name in fresh:
                break
            gains[name] = robust(benefit(chosen | {name}), caution_share) - reached
            plays += 1
            fresh.add(name)
            if not chosen and gains[name] > best_gain:
                best_single, best_gain = name, gains[name]
        if not chosen:
            bound = _bound(gains, costs_cents, budget_cents)
        if gains[name] <= 1e-12:
            break
        chosen, spent, reached = chosen | {name}, spent + costs_cents[name], reached + gains.pop(name)
        gains = {lever: gain for lever, gain in gains.items() if costs_cents[lever] <= budget_cents - spent}
    if best_gain > reached:
        return Portfolio((best_single,), costs_cents[best_single], best_gain, max(bound, best_gain), plays)
    return Portfolio(tuple(sorted(chosen)), spent, reached, max(bound, reached), plays)


def best_portfolio(
    costs_cents: dict[str, int],
    singles: dict[str, Floats],
    pairs: dict[frozenset[str], Floats],
    budget_cents: int,
    caution_share: float = 1.0,
) -> Portfolio:
    """The best set by mixed-integer programming on the table of paired results: single effects and what each pair adds or takes away.

    Robust: the mean of the worst `caution_share` of runs is maximised (CVaR, linear).

    Raises:
        RuleBroken: a negative cost or budget; NoSolution: the solver found none.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    _check(costs_cents, budget_cents)
    names = sorted(costs_cents)
    links = sorted((tuple(sorted(pair)) for pair in pairs), key=str)
    runs = len(next(iter(singles.values()))) if singles else 1
    effects = np.array(
        [singles[name] for name in names]
        + [pairs[frozenset(link)] - singles[link[0]] - singles[link[1]] for link in links]
    ).T
    levers, extras = len(names), len(links)
    kept = max(1, int(np.ceil(caution_share * runs)))
    # unknowns: levers, pairs, the quantile, the shortfall of each run below it
    gain = np.concatenate([np.zeros(levers + extras), [-1.0], np.full(runs, 1 / kept)])
    rows = [np.concatenate([[costs_cents[name] for name in names], np.zeros(extras + 1 + runs)])]
    low, high = [-np.inf], [float(budget_cents)]
    for k, (one, two) in enumerate(links):
        for signs, limit in (((-1, 0), 0), ((0, -1), 0), ((1, 1), 1)):
            row = np.zeros(levers + extras + 1 + runs)
            row[names.index(one)], row[names.index(two)] = signs
            row[levers + k] = 1.0 if limit == 0 else -1.0
            rows.append(row)
            low.append(-np.inf)
            high.append(float(limit))
    shortfall = np.hstack([-effects, np.ones((runs, 1)), -np.eye(runs)])
    constraints = [LinearConstraint(np.array(rows), low, high), LinearConstraint(shortfall, -np.inf, 0.0)]
    free = np.concatenate([np.zeros(levers + extras), [-np.inf], np.zeros(runs)])
    top = np.concatenate([np.ones(levers + extras), np.full(1 + runs, np.inf)])
    kinds = np.concatenate([np.ones(levers + extras), np.zeros(1 + runs)])
    found = milp(gain, constraints=constraints, bounds=Bounds(free, top), integrality=kinds)
    if found.x is None:
        raise NoSolution("No set of levers was found under {budget} cents.", budget=budget_cents)
    chosen = tuple(name for i, name in enumerate(names) if found.x[i] > 0.5)
    alone = {name: robust(singles[name], caution_share) for name in names}
    best = float(-found.fun)
    bound = max(_bound(alone, costs_cents, budget_cents), best)
    return Portfolio(chosen, sum(costs_cents[name] for name in chosen), best, bound, len(names) + len(links))


def _bound(gains: dict[str, float], costs_cents: dict[str, int], budget_cents: int) -> float:
    """Single benefits bought by benefit per euro, the last one in part: no set exceeds it when benefits only fall together."""
    left, total = float(budget_cents), 0.0
    for name in sorted(gains, key=lambda lever: (-gains[lever] / max(costs_cents[lever], 1), lever)):
        if gains[name] <= 0 or not np.isfinite(gains[name]):
            continue
        part = min(1.0, left / costs_cents[name]) if costs_cents[name] > 0 else 1.0
        total += part * gains[name]
        left -= part * costs_cents[name]
    return total


def _check(costs_cents: dict[str, int], budget_cents: int) -> None:
    for name, cost in costs_cents.items():
        if cost < 0:
            raise RuleBroken("The cost of {lever} is negative ({cost} cents).", lever=name, cost=cost)
    if budget_cents < 0:
        raise RuleBroken("A budget of {budget} cents is negative.", budget=budget_cents)
