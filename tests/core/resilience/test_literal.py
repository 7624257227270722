"""Kernel and twin against the published rules written out one by one, on random economies, parameters and events."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ressort.core.economy import Economy
from ressort.core.resilience import LAWS, Behaviour, Effect, play

from .literal import Loss, World, trajectory
from .small_economies import random_economy

DAYS = 90


def odd_economy(regions: int, sectors: int, seed: int) -> Economy:
    """With a product that one region does not make, an industry that buys nothing of another, and, at times, a last region that only sells."""
    economy = random_economy(regions, sectors, seed)
    dice = np.random.default_rng(seed)
    flows, final = economy.intermediate.copy(), economy.final.copy()
    if regions > 1 and dice.random() < 0.5:
        none = (regions - 1) * sectors
        flows[none], flows[:, none], final[none] = 0.0, 0.0, 0.0
    if regions > 1 and dice.random() < 0.4:
        flows[:, (regions - 1) * sectors :] = 0.0
    flows[np.arange(regions) * sectors + sectors - 1, int(dice.integers(sectors))] = 0.0
    return replace(economy, intermediate=flows, final=final, output=flows.sum(1) + final.sum(1))


def parameters(economy: Economy, dice: np.random.Generator) -> tuple[Behaviour, World]:
    """Every parameter different in every cell, within the domain of stability."""
    sectors, n = len(economy.sectors), len(economy.output)
    stock = dice.uniform(5, 90, (sectors, n))
    restock = stock * dice.uniform(0.3, 1, (sectors, n))
    psi = dice.uniform(0.3, 0.9, (sectors, n))
    base, most, pace = 1.0, float(dice.uniform(1, 1.6)), float(dice.uniform(20, 400))
    alt = bool(dice.random() < 0.5)
    behaviour = Behaviour(
        psi_share=psi, inventory_days=stock, restock_days=restock, alpha_base=base, alpha_max=most, alpha_days=pace,
        order="alt" if alt else "noalt", capital_years=float(dice.uniform(2, 5)),
    )  # fmt: skip
    capital = np.asarray(behaviour.capital_years) * economy.value_added
    world = World(
        economy.intermediate, economy.final, economy.output, len(economy.regions), stock, restock, psi, base, most, pace, capital, alt
    )  # fmt: skip
    return behaviour, world


def events(economy: Economy, capital: np.ndarray, dice: np.random.Generator) -> tuple[list[Effect], list[Loss]]:
    """One to four losses, shares and money, from the first day to the last, several on the same industry."""
    n, sectors = len(economy.output), len(economy.sectors)
    alive = np.flatnonzero(capital > 0)
    effects, losses = [], []
    for _ in range(int(dice.integers(1, 5))):
        hit = {
            int(f): float(dice.uniform(0.05, 0.9))
            for f in dice.choice(alive, min(int(dice.integers(1, 4)), len(alive)), replace=False)
        }
        amount = np.zeros(n)
        day, duration = int(dice.choice([0, 1, 2, 7, 40, DAYS - 1])), int(dice.integers(0, 15))
        if dice.random() < 0.5:
            law, tau = str(dice.choice(LAWS)), float(dice.uniform(3, 60))
            amount[list(hit)] = list(hit.values())
            effects.append(
                Effect(kind="capital", amount=amount, start_day=day, duration_days=duration, recovery_days=tau, law=law)
            )
            losses.append(Loss(day, duration, tau, share=hit, law=law))
            continue
        made = np.flatnonzero(economy.final.reshape(-1, sectors, economy.final.shape[1]).sum((0, 2)) > 0)
        chosen = [int(p) for p in dice.choice(made, min(2, len(made)), replace=False)]
        builders, tau = {p: 1 / len(chosen) for p in chosen}, float(dice.uniform(10, 90))
        money = {f: 0.3 * share * float(capital[f]) for f, share in hit.items()}
        amount[list(money)] = list(money.values())
        shares = np.zeros(sectors)
        shares[chosen] = 1 / len(chosen)
        effects.append(
            Effect(
                kind="rebuild", amount=amount, start_day=day, duration_days=duration, recovery_days=tau, builders=shares
            )
        )
        losses.append(Loss(day, duration, tau, money=money, builders=builders))
    return effects, losses


@pytest.mark.parametrize("engine", ["kernel", "twin"])
@settings(max_examples=30, deadline=None, derandomize=True, phases=(Phase.generate,))
@given(seed=st.integers(0, 100_000), regions=st.integers(1, 3), sectors=st.integers(2, 5))
def test_a_run_is_what_the_written_rules_give(engine: str, seed: int, regions: int, sectors: int) -> None:
    economy, dice = odd_economy(regions, sectors, seed), np.random.default_rng(seed + 1)
    behaviour, world = parameters(economy, dice)
    effects, losses = events(economy, world.capital, dice)
    run = play(economy, effects, behaviour, days=DAYS, engine=engine)
    production, unmet = trajectory(world, losses, DAYS)
    scale = max(float(economy.output.max() / 365), 1e-300)
    assert np.abs(run.track.production - production).max() < 1e-9 * scale
    assert np.abs(run.track.unmet - unmet).max() < 1e-9 * scale
