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
    output = flows.sum(1) + final.sum(1)
    bought = np.where(output > 0, flows.sum(0), 0.0)
    final[:, 0] += np.maximum(1.1 * bought - output, 0.0)  # every industry keeps some value added
    return replace(economy, intermediate=flows, final=final, output=flows.sum(1) + final.sum(1))


def parameters(economy: Economy, dice: np.random.Generator) -> tuple[Behaviour, World]:
    """Every parameter different in every cell, within the domain of stability; some stocks without end, some extensions on."""
    sectors, n = len(economy.sectors), len(economy.output)
    stock = dice.uniform(5, 90, (sectors, n))
    restock = stock * dice.uniform(0.3, 1, (sectors, n))
    if dice.random() < 0.3:
        stock[dice.random((sectors, n)) < 0.3] = np.inf
    psi = dice.uniform(0.3, 0.9, (sectors, n))
    base = dice.uniform(1, 1.1, n) if dice.random() < 0.3 else np.ones(n)
    most, pace = base + dice.uniform(0, 0.5, n), dice.uniform(20, 400, n)
    alt, eager = bool(dice.random() < 0.5), bool(dice.random() < 0.2)
    eps = dice.uniform(0, 1, (sectors, n)) if dice.random() < 0.3 else None
    sigma = float(dice.uniform(0, 3)) if dice.random() < 0.3 else None
    classes = None
    if dice.random() < 0.3:
        ranks = [tuple(int(one) for one in dice.integers(0, 3, size)) for size in (n, len(economy.consumers))]
        classes = (*ranks, int(dice.integers(0, 3)))
    buyers, consumers, rebuilding = classes or ((), (), 0)
    behaviour = Behaviour(
        psi_share=psi, inventory_days=stock, restock_days=restock, alpha_base=base, alpha_max=most, alpha_days=pace, eager_decay=eager,
        order="alt" if alt else "noalt", capital_years=float(dice.uniform(2, 5)), essentiality_share=1.0 if eps is None else eps,
        sigma_ratio=sigma, buyer_class=buyers, consumer_class=consumers, rebuild_class=rebuilding,
    )  # fmt: skip
    capital = np.asarray(behaviour.capital_years) * economy.value_added
    world = World(
        economy.intermediate, economy.final, economy.output, len(economy.regions), stock, restock, psi, base, most, pace, capital, alt,
        eager=eager, add=bool(dice.random() < 0.3), eps=eps, sigma=sigma, classes=classes,
    )  # fmt: skip
    return behaviour, world


def events(economy: Economy, capital: np.ndarray, dice: np.random.Generator) -> tuple[list[Effect], list[Loss]]:
    """One to four losses, shares and money, from the first day to the last, several on the same industry."""
    n = len(economy.output)
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
        effect, loss = rebuilt(economy, capital, hit, dice)
        place = {"start_day": day, "duration_days": duration}
        effects.append(replace(effect, **place))
        losses.append(replace(loss, day=day, duration=duration))
    return effects, losses


def rebuilt(
    economy: Economy, capital: np.ndarray, hit: dict[int, float], dice: np.random.Generator
) -> tuple[Effect, Loss]:
    """A loss of money, of industries or of the homes of one consumer."""
    sectors, consumers = len(economy.sectors), len(economy.consumers)
    home = int(dice.integers(consumers))
    eaten = economy.final.reshape(-1, sectors, consumers)
    homes = bool(dice.random() < 0.4)
    made = np.flatnonzero((eaten[:, :, home] if homes else eaten.sum(2)).sum(0) > 0)
    chosen = [int(p) for p in dice.choice(made, min(2, len(made)), replace=False)]
    shares, tau = np.zeros(sectors), float(dice.uniform(10, 90))
    shares[chosen] = 1 / len(chosen)
    money = (
        {home: float(economy.final.sum() * 0.1)} if homes else {f: 0.3 * s * float(capital[f]) for f, s in hit.items()}
    )
    amount = np.zeros(consumers if homes else len(economy.output))
    amount[list(money)] = list(money.values())
    effect = Effect(
        kind="homes" if homes else "rebuild", amount=amount, start_day=0, recovery_days=tau, builders=shares
    )
    builders = {p: 1 / len(chosen) for p in chosen}
    return effect, Loss(0, 0, tau, **{"homes" if homes else "money": money}, builders=builders)


def outages(n: int, dice: np.random.Generator) -> tuple[list[Effect], np.ndarray]:
    """Labour or power that lacks: nothing, or a share of capacity for some days."""
    if dice.random() < 0.6:
        return [], np.ones((DAYS, n))
    share, day, duration = dice.uniform(0, 0.6, n), int(dice.integers(0, DAYS)), int(dice.integers(1, 20))
    kept = np.ones((DAYS, n))
    kept[day : day + duration] = 1 - share
    return [Effect(kind="capacity", amount=share, start_day=day, duration_days=duration)], kept


@pytest.mark.parametrize("engine", ["kernel", "twin"])
@settings(max_examples=60, deadline=None, derandomize=True, phases=(Phase.generate,))
@given(seed=st.integers(0, 100_000), regions=st.integers(1, 3), sectors=st.integers(2, 5))
def test_a_run_is_what_the_written_rules_give(engine: str, seed: int, regions: int, sectors: int) -> None:
    economy, dice = odd_economy(regions, sectors, seed), np.random.default_rng(seed + 1)
    behaviour, world = parameters(economy, dice)
    effects, losses = events(economy, world.capital, dice)
    short, kept = outages(len(economy.output), dice)
    world = replace(world, kept=kept)
    run = play(economy, effects + short, behaviour, days=DAYS, engine=engine, add_losses=world.add)
    production, unmet = trajectory(world, losses, DAYS)
    scale = max(float(economy.output.max() / 365), 1e-300)
    assert np.abs(run.track.production - production).max() < 1e-9 * scale
    assert np.abs(run.track.unmet - unmet).max() < 1e-9 * scale
