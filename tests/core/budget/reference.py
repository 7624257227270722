"""The rules written plainly with fractions, voter by voter: slow, and what the fast ones are held to."""

from collections.abc import Callable, Sequence
from fractions import Fraction

Votes = Sequence[dict[int, int]]
Order = Callable[[int], tuple[int, ...]]


def price(p: int, cost: int, votes: Votes, balances: Sequence[Fraction]) -> Fraction | None:
    """The smallest ρ at which the supporters of p pay its cost; None when they cannot."""
    able = sorted((balances[i] / ballot[p], ballot[p], balances[i]) for i, ballot in enumerate(votes) if ballot.get(p))
    left, units = Fraction(cost), sum(worth for _able, worth, _balance in able)
    for most, worth, balance in able:
        if left <= most * units:
            return left / units
        left, units = left - balance, units - worth
    return None


def equal_shares(
    costs: Sequence[int], votes: Votes, endowment: Fraction, order: Order, rivals: Sequence[Sequence[int]] = ()
) -> tuple[list[int], list[Fraction], list[Fraction]]:
    """Purchases in order, their ρ, and what each voter holds at the end."""
    balances = [endowment if any(ballot.values()) else Fraction(0) for ballot in votes]
    bought: list[int] = []
    rates: list[Fraction] = []
    aside: set[int] = set()
    while True:
        prices = {
            p: price(p, cost, votes, balances) for p, cost in enumerate(costs) if p not in bought and p not in aside
        }
        known = {p: rho for p, rho in prices.items() if rho is not None}
        if not known:
            return bought, rates, balances
        p = min(known, key=lambda q: (known[q], *order(q)))
        for i, ballot in enumerate(votes):
            if ballot.get(p):
                balances[i] -= min(balances[i], known[p] * ballot[p])
        bought.append(p)
        rates.append(known[p])
        aside.update(rivals[p] if rivals else ())


def add1(
    costs: Sequence[int], votes: Votes, budget: int, step: Fraction, order: Order, start: Fraction | None = None
) -> tuple[list[int], Fraction]:
    """The plain loop: endowment after endowment, until an exhaustive outcome or the first that costs too much."""
    voters = sum(1 for ballot in votes if any(ballot.values()))
    endowment = Fraction(budget, voters) if start is None else start
    possible = [p for p, cost in enumerate(costs) if cost <= budget]
    kept: list[int] = []
    while True:
        bought = [
            possible[q]
            for q in equal_shares(
                [costs[p] for p in possible],
                [{possible.index(p): u for p, u in ballot.items() if p in possible} for ballot in votes],
                endowment,
                lambda q: order(possible[q]),
            )[0]
        ]
        if sum(costs[p] for p in bought) > budget:
            return kept, endowment - step
        kept, left = bought, budget - sum(costs[p] for p in bought)
        supported = {p for ballot in votes for p, worth in ballot.items() if worth}
        if not any(p in supported and p not in kept and costs[p] <= left for p in possible):
            return kept, endowment
        endowment += step


def phragmen(costs: Sequence[int], votes: Votes, budget: int, order: Order, *, skip: bool) -> list[int]:
    """Sequential Phragmén: voters earn at unit speed, a project is bought as soon as its supporters hold its cost."""
    last = [Fraction(0)] * len(votes)
    bought: list[int] = []
    aside: set[int] = set()
    left = budget
    while True:
        times = {}
        for p, cost in enumerate(costs):
            fans = [i for i, ballot in enumerate(votes) if ballot.get(p)]
            if fans and p not in bought and p not in aside and cost <= budget:
                times[p] = (cost + sum((last[i] for i in fans), Fraction(0))) / len(fans)
        if not times:
            return bought
        p = min(times, key=lambda q: (times[q], *order(q)))
        if costs[p] > left:
            if not skip:
                return bought
            aside.add(p)
            continue
        for i, ballot in enumerate(votes):
            if ballot.get(p):
                last[i] = times[p]
        left -= costs[p]
        bought.append(p)
