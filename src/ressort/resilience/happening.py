"""The effects of one run: the shocks of a request, at drawn sizes and moved by levers, on the arrays of an economy."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ressort.core.economy import Economy, Floats
from ressort.core.resilience import REBUILT, Effect
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import ShockEffect
from ressort.resilience.ground import HERE, LEVEL, Ground
from ressort.resilience.intensity import HARVEST
from ressort.resilience.settings import DIE, SECTORS, Planned, Settings

#: places of an effect that the territory is part of
AT_HOME = ("here", "everywhere")


def effects(plan: list[Planned], settings: Settings, ground: Ground, economy: Economy) -> list[Effect]:
    """The effects of one run, on the arrays of its economy: a follower happens when its die falls under its chance."""
    found = []
    for one in plan:
        if one.chance and settings.values[f"{DIE}{one.shock.name}"] > settings.values[one.chance]:
            continue
        for number, effect in enumerate(one.shock.effects):
            found.append(_one_effect(one, number, effect, settings, ground, economy))
    return found


def _one_effect(
    one: Planned, number: int, effect: ShockEffect, settings: Settings, ground: Ground, economy: Economy
) -> Effect:
    values, name = settings.values, f"{one.shock.name}:{number}"
    start = one.start_day + effect.start_day
    products = _products(effect, ground)
    amount = values[f"amount:{name}"]
    if effect.data.startswith(HARVEST):
        amount = _harvest(ground, values["harvest"], effect.data)
    shaped = _shaped(effect, products, amount, economy, ground)
    if amount > 0 and effect.where in AT_HOME:
        here = _shaped(replace(effect, where="here"), products, 1.0, economy, ground) > 0
        shaped = np.where(here, shaped * _eased(effect, settings), shaped)
    builders = None
    if effect.kind in REBUILT:
        shaped = shaped * (4 * economy.value_added if effect.kind == "rebuild" else economy.final.sum(0))
        builders = np.zeros(SECTORS)
        for code, share in effect.builders:
            builders[branches(LEVEL).index(code)] = share
    sooner = effect.where == "here" and not effect.lasting
    recovery = values[f"recovery:{name}"] * (settings.recovery_factor if sooner else 1.0)
    return Effect(
        kind=effect.kind, amount=shaped, start_day=start, duration_days=round(values[f"duration:{name}"]), ramp_days=effect.ramp_days,  # type: ignore[arg-type]
        recovery_days=max(recovery, 1.0 if effect.kind in REBUILT or effect.law != "linear" else 0.0), law=effect.law,  # type: ignore[arg-type]
        lasting=effect.lasting, builders=builders, cause=one.shock.name,
    )  # fmt: skip


def _eased(effect: ShockEffect, settings: Settings) -> float:
    """What the levers leave of an effect here: those on attendance where hands are missing, those on some products where they are named."""
    left = 1.0
    for kind, only, attendance, factor in settings.effect_factors:
        named = not only or bool(set(only) & set(effect.products))
        if kind == effect.kind and attendance == effect.attendance and named:
            left *= factor
    return left


def _products(effect: ShockEffect, ground: Ground) -> list[int]:
    if "all" in effect.products:
        return list(range(SECTORS))
    names = branches(LEVEL)
    return [names.index(ground.largest_industry if code == "largest_industry" else code) for code in effect.products]


def _harvest(ground: Ground, rank: float, data: str) -> float:
    """Loss of one of the worst observed years; rank 0 is the worst."""
    if not ground.harvests:
        return 0.0
    years = list(ground.harvests)
    year = years[min(int(rank * len(years)), len(years) - 1)]
    return max(ground.harvests[year][0 if data == "worst_yield_here" else 1], 0.0)


def _shaped(effect: ShockEffect, products: list[int], amount: float, economy: Economy, ground: Ground) -> Floats:
    """The amount at the shape its kind asks for."""
    elsewhere = list(range(HERE + 1, ground.world))
    regions = {"here": [HERE], "rest": elsewhere, "world": [ground.world], "everywhere": [HERE, *elsewhere]}[
        effect.where
    ]
    places = len(economy.regions)
    if effect.kind in ("capital", "rebuild", "capacity"):
        return _filled((places, SECTORS), regions, products, amount).reshape(-1)
    if effect.kind == "homes":
        households = [q for q, home in enumerate(ground.consumer_region) if home in regions and q % 2 == 0]
        return np.where(np.isin(np.arange(len(economy.consumers)), households), amount, 0.0)
    if effect.kind == "demand":
        consumers = [q for q, home in enumerate(ground.consumer_region) if home in regions]
        return _filled((len(economy.consumers), SECTORS), consumers, products, amount)
    if effect.kind == "served":
        return _filled((SECTORS, places), products, regions, amount)
    if effect.kind in ("arc", "cost"):
        arcs = np.maximum(
            _filled((places, places), regions, range(places), amount),
            _filled((places, places), range(places), regions, amount),
        )
        arcs[np.arange(places), np.arange(places)] = 0.0
        return arcs
    if effect.kind == "use":
        return _filled((1, SECTORS), [0], products, amount)[0]
    if effect.kind == "price":
        return np.array(amount)
    return np.where(np.isin(ground.consumer_region, regions), amount, 0.0)


def _filled(shape: tuple[int, int], rows: Sequence[int], columns: Sequence[int], amount: float) -> Floats:
    cells = np.zeros(shape)
    cells[np.ix_(list(rows), list(columns))] = amount
    return cells
