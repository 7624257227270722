"""Levers are those of a territory: they move what its industries do and what hits it, nothing elsewhere."""

from dataclasses import replace

import numpy as np
import pytest

from ressort.core.economy import checked
from ressort.reference.resilience_library import levers, shocks
from ressort.reference.territories import resolve
from ressort.resilience import Request, of_territory
from ressort.resilience.ground import Ground, economy
from ressort.resilience.happening import effects
from ressort.resilience.one_run import Player, _economy
from ressort.resilience.settings import SECTORS, Settings, behaviour
from tests.resilience.questions import PLACE

ARRAYS = ("psi_share", "inventory_days", "restock_days", "alpha_max", "alpha_days", "essentiality_share")


@pytest.fixture(scope="module")
def ground() -> Ground:
    return of_territory(resolve(PLACE))


def values(ground: Ground, name: str) -> dict[str, float]:
    player = Player(Request(PLACE, (name,), runs=2, days=400), ground)
    return {law.name: law.central for law in player.laws} | {"harvest": 0.0}


def moved(ground: Ground, shock: str, lever: str) -> tuple[Settings, Settings]:
    plain, other = Settings(values(ground, shock)), Settings(values(ground, shock))
    other.pull(levers()[lever])
    return plain, other


@pytest.mark.parametrize("lever", sorted(levers()))
def test_a_lever_moves_no_parameter_of_an_industry_elsewhere(ground: Ground, lever: str) -> None:
    plain, other = (behaviour(one, ground) for one in moved(ground, "power_cut", lever))
    for name in ARRAYS:
        before, after = np.asarray(getattr(plain, name)), np.asarray(getattr(other, name))
        assert np.array_equal(before[..., SECTORS:], after[..., SECTORS:]), name
    assert plain.buyer_class[SECTORS:] == other.buyer_class[SECTORS:] and plain.consumer_class == other.consumer_class


@pytest.mark.parametrize("lever", ["storage", "medicine_stock", "continuity_plan", "mutualisation", "low_tech"])
def test_what_a_lever_moves_here_does_move(ground: Ground, lever: str) -> None:
    plain, other = (behaviour(one, ground) for one in moved(ground, "power_cut", lever))
    assert any(not np.array_equal(getattr(plain, name), getattr(other, name)) for name in ARRAYS)


@pytest.mark.parametrize("name", sorted(shocks()))
def test_what_hits_elsewhere_hits_as_hard_and_as_long_with_every_lever(ground: Ground, name: str) -> None:
    player, made = Player(Request(PLACE, (name,), runs=2, days=400), ground), economy(ground, 0.25)
    plan = [replace(one, chance="") for one in player.plan]
    plain, other = Settings(values(ground, name)), Settings(values(ground, name))
    for lever in levers().values():
        other.pull(lever)
    sources = [effect for one in plan for effect in one.shock.effects]
    for source, one, eased in zip(
        sources, effects(plan, plain, ground, made), effects(plan, other, ground, made), strict=True
    ):
        if source.where in ("rest", "world"):
            assert np.array_equal(one.amount, eased.amount) and one.recovery_days == eased.recovery_days
        elif source.where == "everywhere" and source.kind == "capacity":
            assert np.array_equal(one.amount[SECTORS:], eased.amount[SECTORS:])
            assert one.recovery_days == eased.recovery_days


def test_hands_that_come_back_open_no_closed_hospital_and_make_no_power(ground: Ground) -> None:
    for name, number, share in (
        ("hospital_closure", 0, 1.0),
        ("heatwave", 3, 1.0),
        ("heatwave", 0, 0.85),
        ("epidemic", 0, 0.85),
    ):
        plain, other = moved(ground, name, "insertion")
        plan = [replace(one, chance="") for one in Player(Request(PLACE, (name,), runs=2), ground).plan[:1]]
        before, after = (effects(plan, one, ground, economy(ground, 0.25))[number].amount for one in (plain, other))
        assert after[:SECTORS].max() == pytest.approx(share * before[:SECTORS].max())


def test_less_use_is_an_economy_at_rest_not_a_shock(ground: Ground) -> None:
    _plain, other = moved(ground, "power_cut", "low_tech")
    made = checked(_economy(ground, 0.25, np.ones(SECTORS).tobytes(), other.use_ratio.tobytes()))
    before = economy(ground, 0.25)
    chemicals = made.sectors.index("CE")
    bought = [one.intermediate[chemicals::SECTORS].sum(0) / one.output for one in (before, made)]
    assert np.allclose(bought[1][:SECTORS], 0.8 * bought[0][:SECTORS]) and np.allclose(
        bought[1][SECTORS:], bought[0][SECTORS:]
    )
    assert np.array_equal(made.final, before.final)
