"""Which levers to buy under a budget, for a territory and its shocks: every set is played, on the same draws."""

from collections.abc import Callable
from typing import Literal

from ressort.core.economy import Floats
from ressort.core.errors import RuleBroken
from ressort.core.resilience import Portfolio, best_portfolio, greedy_portfolio
from ressort.reference.resilience_library import lever, levers
from ressort.resilience.ground import Ground
from ressort.resilience.many_runs import run_all, with_levers
from ressort.resilience.one_run import metric_names
from ressort.resilience.request import Request
from ressort.resilience.stress import AVOIDED, CENTS

#: far above what any territory spends: more is a slip of the hand
MOST_BUDGET_EUR = 10**12


def portfolio(
    request: Request, ground: Ground, budget_eur: float, *, names: tuple[str, ...] = (), method: Literal["greedy", "milp"] = "greedy",
    caution: float = 1.0, workers: int = 1, progress: Callable[[int], None] | None = None,
) -> Portfolio:  # fmt: skip
    """The set of levers that avoids most person-days under a budget.

    Args:
        names: levers to choose among; all by default.
        method: `greedy` plays sets one after the other; `milp` plays each lever and each pair, then solves exactly on that table.
        caution: share of the worst runs that is averaged; 1 is the mean of all, 0.2 of the worst fifth.
        progress: told how many sets were played.

    Raises:
        RuleBroken: a budget that is negative, or no number.
    """
    if not 0 <= budget_eur <= MOST_BUDGET_EUR:
        raise RuleBroken(
            "{word} must lie between {low} and {high}; {given} was given.",
            word="budget", low=0, high=MOST_BUDGET_EUR, given=budget_eur,
        )  # fmt: skip
    names = names or tuple(levers())
    costs = {name: round(lever(name).cost_eur_per_people.central * ground.people * CENTS) for name in names}
    column, played = metric_names().index(AVOIDED), {}
    base = run_all(with_levers(request, ()), ground, workers)

    def benefit(chosen: frozenset[str]) -> Floats:
        """Person-days avoided by a set, run by run; a run outside the domain avoids nothing."""
        key = tuple(sorted(chosen))
        if key not in played:
            other = run_all(with_levers(request, key), ground, workers)
            saved = base.metrics[:, column] - other.metrics[:, column]
            saved[base.outside | other.outside] = 0.0
            played[key] = saved
            if progress:
                progress(len(played))
        return played[key]

    budget_cents = round(budget_eur * CENTS)
    if method == "greedy":
        return greedy_portfolio(costs, benefit, budget_cents, caution)
    bought = [name for name in sorted(names) if costs[name] <= budget_cents]
    singles = {name: benefit(frozenset([name])) for name in bought}
    pairs = {
        frozenset([one, two]): benefit(frozenset([one, two]))
        for i, one in enumerate(bought)
        for two in bought[i + 1 :]
        if costs[one] + costs[two] <= budget_cents
    }
    return best_portfolio({name: costs[name] for name in bought}, singles, pairs, budget_cents, caution)
