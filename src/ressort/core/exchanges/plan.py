"""The optimum of one good: who supplies whom, at what distance, at what scarcity, and the proof that nothing shorter exists."""

from dataclasses import dataclass
from math import fsum

import numpy as np

from ressort.core.errors import RuleBroken
from ressort.core.exchanges.capped import capped_optimum
from ressort.core.exchanges.columns import Columns, complete_optimum
from ressort.core.exchanges.distance import GreatCircle
from ressort.core.exchanges.market import Market
from ressort.core.exchanges.order import ranks
from ressort.core.exchanges.pricing import Sides, cheapest
from ressort.core.exchanges.watch import Watch, unwatched
from ressort.core.food.system import Floats, Integers

MOST_ROUNDS = 200
#: distance of the total and its bound, over all that is priced, under which they are one
GAP = 1e-9
#: above that many territories a limit for every pair is too long to compute
MOST_WITH_LIMITS = 4_000


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why no other flows of the complete graph are shorter; `core.exchanges.verify` computes it again.

    Args:
        rounds: times that all pairs were looked at; arcs: those held at the end; pairs: all of them, each looked at.
        least_reduced_km: the lowest reduced cost met; 0 when none is negative.
        tolerance_km: under which a reduced cost counts as none.
        total, bound: cost of the flows, and what no flows can go below (strong duality makes them equal).
        proved: False when the rounds ran out first: then `bound` is all that is known.
    """

    rounds: int
    arcs: int
    pairs: int
    least_reduced_km: float
    tolerance_km: float
    total: float
    bound: float
    proved: bool


@dataclass(frozen=True, eq=False)
class Plan:
    """The flows of one good among n territories.

    Args:
        giver, receiver, quantity, km: flows between two territories, promises included; kilometres, or the matrix's unit.
        own: what each territory supplies to itself, (n,).
        imported: what comes from the rest of the world, (n,); surplus: what nobody takes, (n,).
        price_km: what one more unit needed here would cost, (n,).
        worth_km: what one more unit supplied here would save, (n,); both nan where the territory is left out.
        left_out: rows whose supply, need or place is not known.
    """

    giver: Integers
    receiver: Integers
    quantity: Floats
    km: Floats
    own: Floats
    imported: Floats
    surplus: Floats
    price_km: Floats
    worth_km: Floats
    left_out: Integers
    certificate: Certificate

    @property
    def total_km(self) -> float:
        """Quantity times kilometres of all flows between two territories (tonne-kilometres); the world left aside."""
        return float(self.quantity @ self.km)


def optimum(market: Market, most_rounds: int = MOST_ROUNDS, watch: Watch = unwatched) -> Plan:
    """The flows that meet all needs at least distance, the world as last resort, proved over all pairs of territories.

    On a great circle a territory first uses its own supply (that never costs more: `docs/methods/exchanges.md`), and only what
    is left over or lacking travels. With limits, or costs of one's own, each territory gives and receives at once.

    Args:
        most_rounds: looks at all pairs before giving the bound reached instead of a proof.
        watch: called with each round and its least reduced cost; what it raises stops the computation.

    Raises:
        NoSolution: promises that cannot be kept. RuleBroken: a limit for every pair of too many territories.
    """
    supply, demand = market.after_promises()
    sides, given, taken = _sides(market, supply, demand)
    if _is_limited(market):
        found = _with_limits(market, sides, given, taken, most_rounds, watch)
    else:
        found = complete_optimum(sides, given, taken, market.world_km, most_rounds, watch)
    return _plan(market, sides, supply, demand, found)


def _is_limited(market: Market) -> bool:
    return bool(market.limits) or market.partner_share is not None


def _nets(market: Market) -> bool:
    """Whether a territory's own supply may be set against its own need first."""
    return isinstance(market.distance, GreatCircle) and not _is_limited(market)


def _sides(market: Market, supply: Floats, demand: Floats) -> tuple[Sides, Floats, Floats]:
    if _nets(market):
        supply, demand = np.maximum(supply - demand, 0.0), np.maximum(demand - supply, 0.0)
    # on a map neighbours then stand near each other in memory: pivots walk whole regions of the tree
    rank = ranks(market)
    givers, receivers = (
        rows[np.argsort(rank[rows])] for rows in (np.flatnonzero(supply > 0), np.flatnonzero(demand > 0))
    )
    return Sides(givers, receivers, market.distance), supply[givers], demand[receivers]


def _with_limits(market: Market, sides: Sides, given: Floats, taken: Floats, most_rounds: int, watch: Watch) -> Columns:
    if market.partner_share is not None and market.known.sum() > MOST_WITH_LIMITS:
        raise RuleBroken(
            "The most part taken from one partner is computed for at most {most} territories; there are {count}. Choose a larger level.",
            most=MOST_WITH_LIMITS,
            count=int(market.known.sum()),
        )
    n, count = len(market), len(taken)
    pair_of = np.array([one.giver * n + one.receiver for one in market.limits], dtype=np.int64)
    order = np.argsort(pair_of, kind="stable")
    most = np.array([one.quantity for one in market.limits])[order]
    share = market.partner_share

    def caps(codes: Integers) -> Floats:
        giver, receiver = sides.givers[codes // count], sides.receivers[codes % count]
        cap = (
            np.full(len(codes), np.inf)
            if share is None
            else np.where(giver == receiver, np.inf, share * market.demand[receiver])
        )
        if len(most):
            at = np.minimum(np.searchsorted(pair_of[order], giver * n + receiver), len(most) - 1)
            cap = np.where(pair_of[order][at] == giver * n + receiver, np.minimum(cap, most[at]), cap)
        return np.asarray(cap)

    codes = _codes(market, sides, [(one.giver, one.receiver) for one in market.limits])
    return capped_optimum(sides, given, taken, caps, codes, market.world_km, most_rounds, watch)


def _codes(market: Market, sides: Sides, pairs: list[tuple[int, int]]) -> Integers:
    """Arcs to hold from the start: those that a limit names, and each territory with itself."""
    place_giver, place_receiver = (np.full(len(market), -1) for _ in range(2))
    place_giver[sides.givers], place_receiver[sides.receivers] = (
        np.arange(len(sides.givers)),
        np.arange(len(sides.receivers)),
    )
    every = np.arange(len(market))
    left = place_giver[np.append(np.array([i for i, _ in pairs], dtype=np.int64), every)]
    right = place_receiver[np.append(np.array([j for _, j in pairs], dtype=np.int64), every)]
    both = (left >= 0) & (right >= 0)
    return np.unique(left[both] * len(sides.receivers) + right[both])


def _plan(market: Market, sides: Sides, supply: Floats, demand: Floats, found: Columns) -> Plan:
    solved, n = found.solved, len(market)
    giver, receiver = sides.givers[solved.supplier], sides.receivers[solved.consumer]
    here = giver == receiver
    own = (
        np.minimum(supply, demand)
        if _nets(market)
        else np.bincount(giver[here], solved.quantity[here], n).astype(float)
    )
    promised = [(one.giver, one.receiver, one.quantity) for one in market.promises if one.quantity > 0]
    giver, receiver, quantity = _merged(
        n,
        np.append(giver[~here], [p[0] for p in promised]),
        np.append(receiver[~here], [p[1] for p in promised]),
        np.append(solved.quantity[~here], [p[2] for p in promised]),
    )
    km = market.distance.km(giver, receiver)
    imported = np.zeros(n)
    imported[sides.receivers] = solved.imported
    price, worth = _prices(market, sides, found)
    sent = np.bincount(giver, quantity, n) + own
    surplus = np.where(market.known, np.maximum(np.nan_to_num(market.supply) - sent, 0.0), 0.0)
    total = _total(market, quantity, km, own, imported)
    bound = _bound(market, found, supply, demand)
    is_tight = abs(total - bound) <= GAP * max(abs(total), _at_prices(found, supply, demand, sides))
    certificate = Certificate(
        found.rounds,
        found.arcs,
        found.pairs,
        found.least_reduced_km,
        found.tolerance,
        total,
        bound,
        found.proved and is_tight,
    )
    return Plan(
        giver, receiver, quantity, km, own, imported, surplus, price, worth, np.flatnonzero(~market.known), certificate
    )


def _total(market: Market, quantity: Floats, km: Floats, own: Floats, imported: Floats) -> float:
    """Cost of all flows, summed without rounding: the order of territories changes no digit."""
    every = np.arange(len(own))
    own_km = 0.0 if _nets(market) else fsum(own * np.where(own > 0, market.distance.km(every, every), 0.0))
    return fsum(quantity * km) + own_km + market.world_km * fsum(imported)


def _bound(market: Market, found: Columns, supply: Floats, demand: Floats) -> float:
    """What no flows can go below: the dual, less what pairs still violated could save, plus the promises, which are due."""
    due = sum(
        one.quantity * float(market.distance.km(np.array([one.giver]), np.array([one.receiver]))[0])
        for one in market.promises
    )
    return found.solved.dual + found.least_reduced_km * min(fsum(supply), fsum(demand)) + due


def _at_prices(found: Columns, supply: Floats, demand: Floats, sides: Sides) -> float:
    """All supplies and needs at their prices: what rounding of the bound is measured by."""
    return float(-found.solved.u @ supply[sides.givers] + found.solved.v @ demand[sides.receivers])


def _prices(market: Market, sides: Sides, found: Columns) -> tuple[Floats, Floats]:
    """What one more unit needed costs, and what one more supplied saves, for every territory known, (n,) and (n,)."""
    u, v, n = found.solved.u, found.solved.v, len(market)
    price, worth = np.full(n, np.nan), np.full(n, np.nan)
    price[sides.receivers], worth[sides.givers] = v, -u
    if _nets(market):
        price[sides.givers], worth[sides.receivers] = -u, v
    rows = np.flatnonzero(market.known & np.isnan(price))
    price[rows] = np.minimum(market.world_km, cheapest(market.distance, sides.givers, -u, rows))
    if _nets(market):  # a territory that serves itself: one price on both sides
        return price, np.where(np.isnan(worth), price, worth)
    rows = np.flatnonzero(market.known & np.isnan(worth))
    worth[rows] = np.maximum(0.0, -cheapest(market.distance, sides.receivers, -v, rows, towards=True))
    return price, worth


def _merged(n: int, giver: Floats, receiver: Floats, quantity: Floats) -> tuple[Integers, Integers, Floats]:
    """Flows of the same pair added up, in the order of giver and receiver."""
    code, place = np.unique(giver.astype(np.int64) * n + receiver.astype(np.int64), return_inverse=True)
    return code // n, code % n, np.bincount(place, quantity, len(code)).astype(float)
