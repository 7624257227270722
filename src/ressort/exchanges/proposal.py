"""A draft of an agreement drawn from the figures: what each of two territories lacks and the other has, balanced at shadow prices.

surplus of one, lack of the other ─▶ balanced exchange (core) ─▶ a part of it, good by good; one way only ─▶ a counterpart to agree on
"""

from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

import numpy as np

from ressort.core.errors import InputError, MissingData, NoSolution, RuleBroken
from ressort.core.exchanges import balanced_exchange
from ressort.core.territory import Territory
from ressort.exchanges.cooperation import _at, _raised, cooperate
from ressort.exchanges.energy_lines import WOOD, EnergyTerms, LeftOut, energy_moves, left_out
from ressort.exchanges.goods import Good, balances, good
from ressort.exchanges.national import is_stored, known_goods, national
from ressort.reference.territories import territories

#: levels whose optima are computed while people wait
QUICK = ("EPCI", "BV", "DEP", "REG")
#: under that tolerance, quantities are not rounded
ROUND_FROM = 0.02


@dataclass(frozen=True, slots=True)
class Offer:
    """A good that one gives the other each year, and the kilometres that a unit of it saves the receiver.

    Args:
        value_cents: what the parties agree that a unit is worth, instead of kilometres.
    """

    good: Good
    giver: Territory
    receiver: Territory
    quantity: Decimal
    price_km: int
    value_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Offers balanced at shadow prices, then energy at the value agreed.

    Args:
        one_way: the territory that gives all goods, when nothing can come back in goods.
        left_out: goods that could move but that the draft does not price, and why.
    """

    offers: list[Offer]
    one_way: Territory | None
    left_out: tuple[LeftOut, ...] = ()


def shadow_price_km(key: str, receiver: Territory) -> int:
    """What a unit of a good saves where it arrives, in kilometres of all chains of supply: from the stored national optimum.

    A commune has its intercommunality's while communes are not computed.

    Raises:
        MissingData: no optimum knows that good there. UnknownCode: no such good.
    """
    key = good(key).key
    level = receiver.kind if receiver.kind in QUICK else "COM" if _has_communes(key, receiver) else "EPCI"
    held = balances(level)
    try:
        at = _at(held, _raised(receiver, level))
    except InputError:
        at = -1
    price = float(national(level, key).plan.price_km[at]) if at >= 0 and key in known_goods(held) else np.nan
    if np.isnan(price):
        raise MissingData(
            "No shadow price is known of {good} in {name}: agree on a value of your own.", good=good(key).label, name=receiver.label
        )  # fmt: skip
    return round(price)


def _has_communes(key: str, receiver: Territory) -> bool:
    return receiver.kind == "COM" and is_stored("COM", key)


def proposal(
    first: Territory, second: Territory, share: float, tolerance_share: float, energy: EnergyTerms | None = None
) -> Proposal:
    """The balanced exchange of two territories, and a part of it.

    Args:
        share: of what could be exchanged, above 0 up to 1; tolerance_share: of the agreement.
        energy: what a megawatt-hour is worth to both, and the wood that would move; none for no line of energy.

    A good that the country lacks is left out: its price rests on the convention that the world is 5,000 km away, and would
    outweigh all others.

    Raises:
        InputError: they are not of one level. NoSolution: neither has what the other lacks. RuleBroken: a share outside 0–1.
    """
    if first.kind != second.kind or first.kind not in QUICK:
        raise InputError(
            "A draft is drawn between two intercommunalities, living areas, départements or régions; {first} and {second} are not of one level. "
            "Start an empty agreement instead.",
            first=first.label, second=second.label,
        )  # fmt: skip
    if not 0 < share <= 1:
        raise RuleBroken("The part of the possible exchange lies above 0 up to 1, not {value}.", value=share)
    found = cooperate(first, None, [second], first.kind)
    keys = list(found.nationals)
    columns = np.array([found.held.column(key) for key in keys], dtype=np.int64)
    rows = np.array([found.at, int(found.only[0]) if found.only is not None else found.at])
    surplus, lack = found.held.surplus[np.ix_(rows, columns)], found.held.lack[np.ix_(rows, columns)]
    prices = np.array([[float(found.nationals[key].plan.price_km[row]) for key in keys] for row in rows])
    receives = np.where(np.nan_to_num(lack) > 0, prices, np.nan)
    values = np.where(np.isnan(receives[0]), receives[1], receives[0])
    terms = energy or EnergyTerms()
    moves = energy_moves(found.held, rows, terms, share)
    unpriced = left_out(found.nationals, values)
    kept = np.array([key not in unpriced and key not in {move[0] for move in moves} for key in keys], dtype=bool)
    drawn = _drawn(
        (first, second), np.array(keys)[kept].tolist(), surplus[:, kept], lack[:, kept], np.round(np.nan_to_num(values[kept])),
        share, tolerance_share,
    )  # fmt: skip
    return _whole((first, second), drawn, moves, terms, _could_move(unpriced, keys, surplus, lack))


def _could_move(
    unpriced: dict[str, LeftOut], keys: list[str], surplus: np.ndarray, lack: np.ndarray
) -> tuple[LeftOut, ...]:
    """Of the goods left out, those that one has and the other lacks."""
    moves = (np.minimum(np.nan_to_num(surplus), np.nan_to_num(lack[::-1])) > 0).any(0)
    return tuple(one for key, one in unpriced.items() if moves[keys.index(key)])


def _whole(
    places: tuple[Territory, Territory], drawn: Proposal, moves: list[tuple[str, int, float]], energy: EnergyTerms,
    unpriced: tuple[LeftOut, ...],
) -> Proposal:  # fmt: skip
    """A draft with its lines of energy and what it leaves out.

    Raises:
        NoSolution: it has no line at all.
    """
    names = {one.good.key for one in unpriced}
    lines = [
        Offer(
            good(key),
            places[a],
            places[1 - a],
            _told(mwh, 0 if key == WOOD and energy.tells_wood else 3),
            0,
            energy.cents_per_mwh,
        )
        for key, a, mwh in moves
    ]
    agreed = [one for one in lines if one.quantity > 0]
    offers = [*drawn.offers, *agreed]
    priced = {one.good.key for one in agreed}
    if not offers and names:
        raise NoSolution(
            "{first} and {second} could only exchange what the whole country lacks ({goods}): its price rests on a convention. "
            "Start an empty agreement, with a value of your own.",
            first=places[0].label, second=places[1].label, goods=[one.good.label for one in unpriced],
        )  # fmt: skip
    if not offers:
        raise NoSolution(
            "{first} and {second} have nothing that the other lacks among the goods known: start an empty agreement, with services or expertise.",
            first=places[0].label, second=places[1].label,
        )  # fmt: skip
    return Proposal(offers, drawn.one_way, tuple(one for one in unpriced if one.good.key not in priced))


def _drawn(
    places: tuple[Territory, Territory], keys: list[str], surplus: np.ndarray, lack: np.ndarray, values: np.ndarray,
    share: float, tolerance_share: float,
) -> Proposal:  # fmt: skip
    """The balanced exchange of goods at shadow prices; without offers when there is none."""
    one_way: Territory | None = None
    try:
        flow = balanced_exchange(surplus, lack, values, tolerance_share / 2).flow
    except NoSolution:
        flow = balanced_exchange(surplus, lack, values, 1.0).flow
        one_way = places[int(flow[1, 0].sum() > 0)]
    significant = 3 if tolerance_share >= ROUND_FROM else 0
    offers = [
        Offer(good(key), places[a], places[1 - a], quantity, int(values[p]))
        for a in (0, 1)
        for p, key in enumerate(keys)
        if (quantity := _told(float(flow[a, 1 - a, p]) * share, significant)) > 0
    ]
    return Proposal(offers, one_way)


def _told(quantity: float, significant: int) -> Decimal:
    if quantity < 0.0005:
        return Decimal(0)
    digits = significant - 1 - floor(log10(quantity)) if significant else 3
    return round(Decimal(quantity), min(3, digits)).quantize(Decimal("0.001"))


def territory_today(kind: str, code: str) -> Territory:
    """The territory that a stored code names now: a commune that merged gives the one it is in.

    Raises:
        UnknownCode: nothing bears that code any more.
    """
    return territories().territory(f"{kind}:{code}")
