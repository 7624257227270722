"""Fractions where floating numbers cannot decide.

A voter's balance after k purchases is `e − Σ ρ_j u_ij` over the purchases they paid in full, or 0 once exhausted. So the money
of a group is `N e − Σ ρ_j W_j` with integers N and W: only one fraction per purchase is ever needed,

    ρ_k = (cost_k − money of those who pay all they have) / utility of the others
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ressort.core.budget import kernel
from ressort.core.budget.election import Integers
from ressort.core.budget.profile import Flags, Profile

#: how many times the proven error of a float a comparison must clear before it is trusted here
CAUTION = 8.0


class Ledger:
    """The exact accounts of a run, worked out from who was exhausted when."""

    def __init__(self, profile: Profile, table: kernel.Table, state: kernel.State, endowment: Fraction) -> None:
        self._profile, self._table, self._state, self._endowment = profile, table, state, endowment
        self._rates: list[Fraction] = []
        self._round_of = np.full(len(profile.costs_cents), -1, np.int64)

    def rate(self, bought: int) -> Fraction:
        """The exact price per unit of utility of a purchase."""
        while len(self._rates) <= bought:
            now = len(self._rates)
            p = int(self._state.order[now])
            types, worths = self._supporters(p)
            spent = self._state.spent_round[types]
            gone, paying = spent == now, (spent < 0) | (spent > now)
            units = self._units(types[paying], worths[paying])
            if units:
                rest = self._cost(p) - self.held(types[gone], now)
                self._rates.append(rest / units)
            else:
                self._rates.append(self._dearest(types[gone], worths[gone], now))
            self._round_of[p] = now
        return self._rates[bought]

    def held(self, types: Integers, now: int) -> Fraction:
        """The money that voters of some types hold together before a purchase."""
        spent = self._state.spent_round[types]
        types = types[(spent < 0) | (spent >= now)]
        total = self._endowment * int(self._profile.size[types].sum())
        for bought, weight in enumerate(self._paid(types, now)):
            if weight:
                total -= self.rate(bought) * int(weight)
        return total

    def balance(self, one: int, now: int) -> Fraction:
        """What one voter of a type holds before a purchase."""
        return self.held(np.array([one]), now) / int(self._profile.size[one])

    def price(self, p: int) -> Fraction | None:
        """The exact price of a project per unit of utility now; None when its supporters cannot pay."""
        now = int(self._state.counts[kernel.ROUND])
        types, worths = self._alive(p)
        cost, total = self._cost(p), self.held(types, now)
        if total < cost:
            return None
        if total == cost:
            return self._dearest(types, worths, now)
        gone, unsure = self._sorted_out(p, types, worths, self._guess(p, types, worths))
        waiting = list(self._histories(types[unsure], worths[unsure], now))
        left, units = cost - self.held(types[gone], now), self._units(types[~gone], worths[~gone])
        while True:
            rho = left / units
            poor = [one for one in waiting if one[0] < rho * one[1]]
            if not poor:
                return rho
            for balance, worth, size in poor:
                left, units = left - balance * size, units - worth * size
            waiting = [one for one in waiting if one not in poor]

    def pay(self, p: int, rho: Fraction) -> None:
        """Makes the supporters of p pay their exact part."""
        state, now = self._state, int(self._state.counts[kernel.ROUND])
        types, worths = self._alive(p)
        near = float(rho)
        gone, unsure = self._sorted_out(p, types, worths, near)
        for at in np.flatnonzero(unsure):
            gone[at] = self.balance(int(types[at]), now) <= rho * int(worths[at])
        poor, others = types[gone], types[~gone]
        size, units = self._profile.size, float(self._units(others, worths[~gone])) or 1.0
        steep = float((state.purse[poor, 1] * size[poor]).sum()) / units
        state.purse[others, 0] -= near * worths[~gone]
        state.purse[others, 1] += steep * worths[~gone]
        state.purse[poor] = 0.0
        state.spent_round[poor] = now
        state.bound[p] = near

    def _guess(self, p: int, types: Integers, worths: Integers) -> float:
        """The price in floating numbers: supporters by what they can pay per unit, those who can pay least first."""
        size, balance = self._profile.size[types].astype(float), self._state.purse[types, 0]
        able = balance / worths
        order = np.argsort(able)
        paid = np.concatenate([[0.0], np.cumsum((size * balance)[order])])[:-1]
        units = np.cumsum((size * worths)[order][::-1])[::-1]
        rho = (float(self._table.cost[p]) - paid) / units
        reached = np.flatnonzero(rho <= able[order])
        return float(rho[reached[0]] if len(reached) else able[order][-1])

    def _sorted_out(self, p: int, types: Integers, worths: Integers, rho: float) -> tuple[Flags, Flags]:
        """Who surely cannot pay a price, and who perhaps cannot."""
        state = self._state
        far = 3.0 * state.numbers[kernel.ENDOWMENT] * state.numbers[kernel.EPSILON] * (state.counts[kernel.ROUND] + 1)
        balance, share = state.purse[types, 0], rho * worths
        slopes = float((state.purse[types, 1] * self._profile.size[types]).sum())
        rest = balance >= share * (1 - 1e-9)
        units = max(self._units(types[rest], worths[rest]), int(worths.min(initial=1)))
        doubt = CAUTION * (state.purse[types, 1] * far + worths * (slopes / units * far) + 1e-12 * share)
        return balance < share - doubt, np.abs(balance - share) <= doubt

    def _histories(self, types: Integers, worths: Integers, now: int) -> Iterator[tuple[Fraction, int, int]]:
        """Balance, utility and number of voters, for voters who paid alike."""
        seen: dict[tuple[object, ...], list[int]] = {}
        for one, worth in zip(types.tolist(), worths.tolist(), strict=True):
            seen.setdefault((worth, *self._paid_each(one, now)), []).append(one)
        for (worth, *_paid), ones in seen.items():
            yield self.balance(ones[0], now), int(str(worth)), int(self._profile.size[ones].sum())

    def _dearest(self, types: Integers, worths: Integers, now: int) -> Fraction:
        """The most that one of these voters holds per unit of utility."""
        return max(balance / worth for balance, worth, _size in self._histories(types, worths, now))

    def _paid(self, types: Integers, now: int) -> Integers:
        """(now,) utility that some types together bought in each purchase."""
        weights = np.zeros(now, np.int64)
        if now:
            self.rate(now - 1)
        starts = self._profile.starts
        lengths = starts[types + 1] - starts[types]
        entries = np.repeat(starts[types] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        entries = (entries + np.arange(len(entries))).astype(np.int64)
        rounds = self._round_of[self._profile.projects[entries]]
        bought = (rounds >= 0) & (rounds < now)
        sizes = np.repeat(self._profile.size[types], lengths)
        np.add.at(weights, rounds[bought], (sizes * self._profile.worths[entries])[bought])
        return weights

    def _paid_each(self, one: int, now: int) -> tuple[tuple[int, int], ...]:
        row = slice(self._profile.starts[one], self._profile.starts[one + 1])
        rounds = self._round_of[self._profile.projects[row]].tolist()
        return tuple(
            sorted(pair for pair in zip(rounds, self._profile.worths[row].tolist(), strict=True) if 0 <= pair[0] < now)
        )

    def _supporters(self, p: int) -> tuple[Integers, Integers]:
        starts, types, worths = self._profile.by_project
        row = slice(starts[p], starts[p + 1])
        return types[row].astype(np.int64), worths[row]

    def _alive(self, p: int) -> tuple[Integers, Integers]:
        types, worths = self._supporters(p)
        alive = self._state.spent_round[types] < 0
        return types[alive], worths[alive]

    def _units(self, types: Integers, worths: Integers) -> int:
        return int((self._profile.size[types] * worths).sum())

    def _cost(self, p: int) -> int:
        return int(self._profile.costs_cents[p])
