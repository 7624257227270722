"""An order of territories that depends on what they are, never on how they are numbered: among flows that cost the same, the same ones are
chosen however a market is written."""

import numpy as np
from numpy.typing import NDArray

from ressort.core.exchanges.distance import GreatCircle, OwnMatrix
from ressort.core.exchanges.market import Market
from ressort.core.exchanges.pairs import OwnPairs
from ressort.core.food.system import Floats, Integers

#: costs looked at together
BLOCK = 256
_Marks = NDArray[np.uint64]


def ranks(market: Market) -> Integers:
    """The place of each territory: along the curve on a map, by supply, need, then name (or costs, where names do not tell) in a matrix, (n,).

    Two territories that nothing tells apart keep the order of their numbers.
    """
    keys: list[np.ndarray] = [market.demand, market.supply]
    if market.names:
        keys.insert(0, np.unique(np.array(market.names), return_inverse=True)[1].astype(float))
    own = market.distance
    places = own.elsewhere if isinstance(own, OwnPairs) and own.elsewhere is not None else own
    if isinstance(places, GreatCircle):
        keys += [places.lon_degree, places.lat_degree, places.curve]
    elif not market.names or len(set(market.names)) < len(market):
        keys.append(_marks(market, places))
    rank = np.empty(len(market), dtype=np.int64)
    rank[np.lexsort(keys)] = np.arange(len(market))
    return rank


def _marks(market: Market, costs: OwnMatrix | OwnPairs) -> _Marks:
    """A number by territory, that tells it from the others by supply, need, then by the costs to and from those already told apart."""
    mark = _mixed(_mixed(_bits(market.supply)) + _bits(market.demand))
    apart = len(np.unique(mark))
    while apart < len(mark):
        mark = _mixed(mark + (_seen(costs.cost, mark) if isinstance(costs, OwnMatrix) else _seen_on_pairs(costs, mark)))
        before, apart = apart, len(np.unique(mark))
        if apart == before:
            break
    return mark


def _seen(cost: Floats, mark: _Marks) -> _Marks:
    """What each territory sees of all: sums of mixed bits, which no order changes, (n,)."""
    seen = np.zeros(len(mark), dtype=np.uint64)
    other = _mixed(mark)
    for start in range(0, len(mark), BLOCK):
        rows = slice(start, start + BLOCK)
        seen[rows] += _mixed(_bits(cost[rows]) + mark).sum(axis=1)
        seen[rows] += _mixed(_bits(cost[:, rows]) + other[:, None]).sum(axis=0)
    return seen


def _seen_on_pairs(pairs: OwnPairs, mark: _Marks) -> _Marks:
    """The same where few pairs are written."""
    seen, cost, other = np.zeros(len(mark), dtype=np.uint64), _bits(pairs.cost), _mixed(mark)
    np.add.at(seen, pairs.giver, _mixed(cost + mark[pairs.receiver]))
    np.add.at(seen, pairs.receiver, _mixed(cost + other[pairs.giver]))
    return seen


def _bits(values: Floats) -> _Marks:
    return np.ascontiguousarray(values + 0.0).view(np.uint64)  # -0 is 0


def _mixed(mark: _Marks) -> _Marks:
    """Bits stirred, so that sums of them say nothing by chance (splitmix64)."""
    mark = (mark ^ (mark >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mark = (mark ^ (mark >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mark ^ (mark >> np.uint64(31))
