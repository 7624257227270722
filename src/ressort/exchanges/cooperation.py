"""One territory among the others: what it lacks, what it can offer, who fits it and why, and what joining forces changes."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from ressort.core.errors import InputError, UnknownCode
from ressort.core.exchanges import (
    FADE_KM,
    Distance,
    Fit,
    Foodshed,
    GreatCircle,
    Market,
    OwnPairs,
    Watch,
    fit,
    foodshed,
    optimum,
    unwatched,
)
from ressort.core.food.system import Floats, Integers
from ressort.core.territory import Territory
from ressort.diagnosis import place
from ressort.exchanges.goods import LEVELS, Balances, Good, balances, balances_around, good
from ressort.exchanges.national import (
    National,
    flow_table,
    known_goods,
    market_of,
    national,
    prepare_goods,
)
from ressort.exchanges.own_distances import OwnDistances
from ressort.reference.territories import territories

MOST_PARTNERS, NEIGHBOURS, TOGETHER = 12, 6, 3


@dataclass(frozen=True, eq=False)
class Line:
    """One good in one territory; quantities in the good's unit, None where not known.

    Args:
        alone, with_neighbours, with_partners: part of the need met by pooled supplies of the territory alone, with its nearest
            ones, with its best partners, 0–1.
    """

    good: Good
    supply: float | None
    need: float | None
    received: float = 0.0
    sent: float = 0.0
    imported: float = 0.0
    price_km: float | None = None
    basin: Foodshed | None = None
    alone: float | None = None
    with_neighbours: float | None = None
    with_partners: float | None = None

    @property
    def balance(self) -> float | None:
        """Supply less need."""
        return None if self.supply is None or self.need is None else self.supply - self.need


@dataclass(frozen=True, eq=False)
class Partner:
    """A territory that fits: what it could bring, what it could take, good by good, the largest first.

    Args:
        people: how many people's yearly needs the exchange covers, both ways, on average over the goods compared.
        compared: how many goods are known here, hence compared.
        gets, gives: what the territory looked at could receive from it, and send to it.
        balance_share: smaller over larger of both ways, 0–1.
    """

    territory: Territory
    km: float
    people: float
    compared: int
    score: float
    balance_share: float
    gets: list[tuple[Good, float]]
    gives: list[tuple[Good, float]]


@dataclass(frozen=True, eq=False)
class Cooperation:
    """A territory among all those of its level.

    Args:
        goods: those looked at. missing: those of which nothing is known here.
    """

    territory: Territory
    held: Balances
    at: int
    nationals: dict[str, National]
    fade_km: float
    only: Integers | None
    distance: Distance

    @property
    def level(self) -> str:
        return self.held.level

    @cached_property
    def km(self) -> Floats:
        """Distance of every territory of the level, detour included, or the cost of one's own, (n,)."""
        n = len(self.held.rows)
        return self.distance.km(np.full(n, self.at), np.arange(n))

    @cached_property
    def fit(self) -> Fit:
        """How every territory of the level fits this one."""
        chosen = [self.held.column(key) for key in self.nationals]
        surplus, lack = self.held.surplus[:, chosen], self.held.lack[:, chosen]
        weights = self.held.needs_of_people[chosen] / max(1, self.compared)
        return fit(self.at, surplus, lack, weights, self.km, self.fade_km)

    @cached_property
    def compared(self) -> int:
        """How many goods are known here: what partners bring is told as people, on average over them."""
        chosen = [self.held.column(key) for key in self.nationals]
        return int((~np.isnan(self.held.surplus[self.at, chosen])).sum())

    @cached_property
    def partners(self) -> list[Partner]:
        """The best partners, the best first; those asked for when some were."""
        order = self.fit.order if self.only is None else self.only
        return [self._partner(int(row)) for row in order[:MOST_PARTNERS]]

    def _partner(self, row: int) -> Partner:
        goods = [good(key) for key in self.nationals]
        return Partner(
            self.held.territory(row),
            float(self.km[row]),
            float(self.fit.value[row]),
            self.compared,
            float(self.fit.score[row]),
            float(self.fit.balance_share[row]),
            _largest(goods, self.fit.gets[row], self.held),
            _largest(goods, self.fit.gives[row], self.held),
        )

    @cached_property
    def lines(self) -> list[Line]:
        """Every good of which something is known at this level, then those of which nothing is."""
        return [self._line(one, column) for column, one in enumerate(self.held.goods)]

    def _line(self, one: Good, column: int) -> Line:
        supply, need = (
            None if np.isnan(values[self.at, column]) else float(values[self.at, column])
            for values in (self.held.supply, self.held.need)
        )
        found = self.nationals.get(one.key)
        if found is None or supply is None or need is None:
            return Line(one, supply, need)
        plan, nobody = found.plan, np.array([], dtype=np.int64)
        received, sent = (float(plan.quantity[ends == self.at].sum()) for ends in (plan.receiver, plan.giver))
        imported, price_km = float(plan.imported[self.at]), float(plan.price_km[self.at])
        basin = foodshed(found.market, plan, np.array([self.at]))
        pooled = (self._pooled(column, others) for others in (nobody, self.neighbours, self.best))
        return Line(one, supply, need, received, sent, imported, price_km, basin, *pooled)

    @cached_property
    def neighbours(self) -> Integers:
        """The nearest territories of the level."""
        order = np.argsort(np.where(np.isnan(self.km), np.inf, self.km), kind="stable")
        return order[order != self.at][:NEIGHBOURS]

    @cached_property
    def best(self) -> Integers:
        """The best partners, or those asked for."""
        return self.fit.order[:TOGETHER] if self.only is None else self.only

    def _pooled(self, column: int, others: Integers) -> float | None:
        """Part of the needs of a group met by its supplies put together; territories of which nothing is known stay out."""
        rows = np.append(others, self.at)
        supply, need = self.held.supply[rows, column], self.held.need[rows, column]
        both = ~np.isnan(supply) & ~np.isnan(need)
        total = float(need[both].sum())
        return min(1.0, float(supply[both].sum()) / total) if total > 0 else None

    def flows(self, key: str) -> pl.DataFrame:
        """The flows of a good from and to the territory at the optimum, the largest first."""
        plan = self.nationals[key].plan
        inside = np.flatnonzero((plan.giver == self.at) | (plan.receiver == self.at))
        inside = inside[np.argsort(-plan.quantity[inside], kind="stable")]
        return flow_table(self.held, self.nationals[key], inside)


def cooperate(
    territory: str | list[str] | Territory,
    goods: list[str] | None = None,
    partners: list[str | Territory] | None = None,
    level: str | None = None,
    fade_km: float = FADE_KM,
    watch: Watch = unwatched,
    scheduler: str = "",
    distances: OwnDistances | None = None,
) -> Cooperation:
    """A territory among those of its level, or of a larger level that holds it whole.

    Args:
        territory: a name, a code, a Territory; several names make one group of communes, which takes its place among the others.
        goods: keys or names; all that are known by default. partners: those to look at instead of the best.
        level: COM, EPCI, BV, DEP or REG; the territory's own by default, EPCI for a group.
        fade_km: distance over which the interest of a partner fades.
        scheduler: address of a Dask scheduler whose workers compute the goods not kept yet.
        distances: costs of one's own between territories of the level, see `read_distances`; computed anew, not kept.

    Raises:
        UnknownCode: no such good or level, or a partner of another level. InputError: a territory of which no level holds one.
        MissingData: nothing is known of a good asked for.
    """
    territory = place(territory)
    level = level or (territory.kind if territory.kind in LEVELS else "EPCI")
    held, at = _among(territory, level)
    only = (
        None
        if partners is None
        else np.array([_at(held, _raised(place(one), level)) for one in partners], dtype=np.int64)
    )
    if only is not None and (only == at).any():
        raise InputError("{name} cannot be its own partner: give another territory.", name=territory.label)
    keys = known_goods(held) if goods is None else [good(name).key for name in goods]
    distance: Distance = GreatCircle(held.lat_degree, held.lon_degree)
    if distances is not None:
        distance = distances.among(held, at)
    if distances is not None or held.own:
        found = {key: _computed(market_of(held, key), distance, watch) for key in keys}
    else:
        if scheduler:
            prepare_goods(level, keys, scheduler)
        found = {key: national(level, key, watch) for key in keys}
    return Cooperation(held.territory(at), held, at, found, fade_km, only, distance)


def _among(territory: Territory, level: str) -> tuple[Balances, int]:
    """The territories of a level and the place of this one among them; a group of communes joins them."""
    if territory.kind != "CUSTOM":
        held = balances(level)
        return held, _at(held, _raised(territory, level))
    if level == "COM":
        raise InputError(
            "{name} is a group of communes: compare it among larger territories than communes.", name=territory.label
        )
    held = balances_around(level, tuple(territory.members.tolist()), territory.code, territory.label)
    return held, len(held.rows) - 1


def _computed(market: Market, distance: Distance, watch: Watch) -> National:
    """The optimum of a market that is not kept; distances of one's own leave out who is on no line, unless the great circle tells the rest."""
    if isinstance(distance, OwnPairs):
        named = np.full(len(market), distance.elsewhere is not None)
        between = distance.giver != distance.receiver
        named[distance.giver[between]] = named[distance.receiver[between]] = True
        market = replace(market, supply=np.where(named, market.supply, np.nan), distance=distance)
    return National(market, optimum(market, watch=watch))


def _raised(territory: Territory, level: str) -> Territory:
    """The territory of a level that holds this one."""
    if territory.kind == level:
        return territory
    if territory.country != "FR":
        raise InputError(
            "Exchanges are computed among territories of France; {name} is not one of them: the program knows neither supplies nor needs of its neighbours. "
            "An agreement can still be written, with figures of the parties.",
            name=territory.label,
        )
    row = territories().parents(territory).get(level)
    if row is None:
        raise InputError(
            "{name} lies in no single territory of the level {level}: choose a smaller territory, or another level.",
            name=territory.label,
            level=level,
        )
    return territories().territory(row)


def _at(held: Balances, territory: Territory) -> int:
    found = np.flatnonzero(held.rows == territories().row(territory.key))
    if not len(found) or int(found[0]) in held.own:
        raise UnknownCode(
            "{name} is not among the territories of the level {level}.", name=territory.label, level=held.level
        )
    return int(found[0])


def _largest(goods: list[Good], amounts: Floats, held: Balances) -> list[tuple[Good, float]]:
    """Goods with what moves of them, those that meet the needs of most people first."""
    people = amounts * np.array([held.needs_of_people[held.column(one.key)] for one in goods])
    return [(goods[i], float(amounts[i])) for i in np.argsort(-people, kind="stable") if amounts[i] > 0]
