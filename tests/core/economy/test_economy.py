"""Tables and what is read from them: refusals that name the cell, quotients, RAS, multipliers, networks, DIIM."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.economy import (
    Economy,
    NationalTable,
    checked,
    constant_retention,
    cross_quotients,
    dynamic_inoperability,
    fitted_fitness,
    flow_network,
    lm3,
    local_multipliers,
    location_quotients,
    output_multipliers,
    ras,
    recovery_rates,
    regional_shares,
    size_factor,
    spectral_radius,
    split_region,
    static_inoperability,
)  # fmt: skip
from ressort.core.errors import InputError, MissingData, NoSolution, RuleBroken

from ..resilience.small_economies import random_economy, sample

SEEDS = st.integers(0, 10_000)
NAMES = ("food", "steel", "care")


def nation(seed: int, sectors: int = 5) -> tuple[NationalTable, np.ndarray]:
    """A random nation and its jobs."""
    dice = np.random.default_rng(seed)
    made = random_economy(1, sectors, seed, eaten=0.35)
    output = made.output
    imported = dice.random((sectors, sectors)) * 0.03 * output
    parts = made.final[:, 0][:, None] * dice.dirichlet(np.ones(3), sectors)
    table = NationalTable(
        made.sectors,
        made.intermediate,
        imported,
        parts[:, 0],
        parts[:, 1],
        parts[:, 2],
        dice.random(sectors) * 5,
        dice.random(sectors),
    )
    return table, dice.uniform(50, 500, sectors)


def broken(**changes: object) -> Economy:
    """A balanced table of one region and three sectors, with something wrong."""
    good = random_economy(1, 3, 0, links=1.0)
    parts = {
        "regions": ("here",),
        "sectors": NAMES,
        "consumers": ("all",),
        "intermediate": good.intermediate.copy(),
        "final": good.final.copy(),
        "output": good.output.copy(),
    }
    return Economy(**(parts | changes))  # type: ignore[arg-type]


def test_a_balanced_table_passes() -> None:
    assert checked(broken()).value_added.min() > 0


def test_a_negative_flow_is_refused_with_its_cell() -> None:
    economy = broken()
    economy.intermediate[1, 2] = -3.0
    with pytest.raises(RuleBroken) as error:
        checked(economy)
    assert (error.value.facts["row"], error.value.facts["column"]) == ("here/steel", "here/care")


def test_a_cell_that_is_no_number_is_refused_with_its_name() -> None:
    economy = broken()
    economy.final[2, 0] = np.nan
    with pytest.raises(InputError) as error:
        checked(economy)
    assert (error.value.facts["row"], error.value.facts["column"]) == ("here/care", "all")


def test_an_unbalanced_row_is_refused_with_its_name_and_both_sums() -> None:
    economy = broken()
    economy.output[0] *= 1.01
    with pytest.raises(RuleBroken) as error:
        checked(economy)
    assert error.value.facts["industry"] == "here/food" and error.value.facts["output"] != error.value.facts["sold"]


def test_a_branch_without_output_that_buys_is_refused() -> None:
    economy = broken()
    economy.output[1] = 0.0
    with pytest.raises(RuleBroken) as error:
        checked(economy)
    assert error.value.facts["industry"] == "here/steel"


def test_a_branch_without_value_added_is_refused() -> None:
    economy = broken()
    economy.intermediate[0, 1] += 10 * economy.output[1]
    balanced = Economy(
        economy.regions,
        NAMES,
        ("all",),
        economy.intermediate,
        economy.final,
        economy.intermediate.sum(1) + economy.final.sum(1),
    )
    with pytest.raises(RuleBroken) as error:
        checked(balanced)
    assert error.value.facts["industry"] == "here/steel"


def test_names_that_stand_twice_and_wrong_shapes_are_refused() -> None:
    with pytest.raises(InputError):
        checked(broken(sectors=("food", "food", "care")))
    with pytest.raises(InputError):
        checked(broken(output=np.ones(2)))


def test_location_quotients_are_those_of_a_hand_calculation() -> None:
    here, france = np.array([20.0, 10.0, 70.0]), np.array([100.0, 300.0, 600.0])
    slq = location_quotients(here, france, NAMES)
    assert slq == pytest.approx([2.0, 1 / 3, 70 / 60])
    cross = cross_quotients(slq)
    assert cross[1, 0] == pytest.approx((1 / 3) / 2) and cross[0, 0] == pytest.approx(2.0)
    assert size_factor(here, france, 0.25) == pytest.approx(np.log2(1.1) ** 0.25)
    assert (regional_shares(here, france, NAMES, 0.0) == regional_shares(here, france, NAMES, 0.0, "cilq")).all()
    assert size_factor(france, france, 0.3) == 1.0
    assert size_factor(np.array([1e-5]), np.array([1.0]), 0.25) == pytest.approx(0.0616, abs=1e-3)


def test_a_secret_job_figure_an_empty_region_and_an_unknown_method_are_refused() -> None:
    france = np.array([100.0, 300.0, 600.0])
    with pytest.raises(MissingData) as error:
        location_quotients(np.array([1.0, np.nan, 2.0]), france, NAMES)
    assert error.value.facts["sector"] == "steel"
    with pytest.raises(RuleBroken):
        location_quotients(np.zeros(3), france, NAMES)
    with pytest.raises(RuleBroken) as rule:
        location_quotients(np.ones(3), np.array([0.0, 1.0, 1.0]), NAMES)
    assert rule.value.facts["sector"] == "food"
    with pytest.raises(InputError):
        regional_shares(np.ones(3), france, NAMES, method="gravity")
    with pytest.raises(RuleBroken):
        size_factor(np.ones(3), france, -0.1)


@given(seed=SEEDS)
@settings(max_examples=30, deadline=None)
def test_ras_reaches_its_totals_and_keeps_zeros(seed: int) -> None:
    dice = np.random.default_rng(seed)
    start = dice.random((4, 5)) + 0.1
    start[2, 3] = 0.0
    goal = start * dice.uniform(0.5, 2, (4, 5))
    found = ras(start, goal.sum(1), goal.sum(0), tuple("abcd"), tuple("vwxyz"))
    assert (
        np.abs(found.sum(1) - goal.sum(1)).max() <= 1e-9 * goal.sum()
        and np.abs(found.sum(0) - goal.sum(0)).max() <= 1e-9 * goal.sum()
    )
    assert found[2, 3] == 0.0 and (found >= 0).all()


def test_ras_names_the_row_or_column_that_cannot_reach_its_total() -> None:
    with pytest.raises(NoSolution) as error:
        ras(np.array([[1.0, 1.0], [0.0, 0.0]]), np.array([1.0, 1.0]), np.array([1.0, 1.0]), ("a", "b"), ("c", "d"))
    assert error.value.facts["name"] == "b"
    with pytest.raises(NoSolution) as stuck:
        ras(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([2.0, 1.0]), np.array([1.0, 2.0]), ("a", "b"), ("c", "d"))
    assert stuck.value.facts["row"] in ("a", "b")
    with pytest.raises(RuleBroken):
        ras(np.ones((2, 2)), np.array([1.0, 1.0]), np.array([1.0, 2.0]), ("a", "b"), ("c", "d"))
    with pytest.raises(RuleBroken):
        ras(np.array([[1.0, -1.0]]), np.array([1.0]), np.array([0.5, 0.5]), ("a",), ("c", "d"))


@given(seed=SEEDS, territories=st.integers(1, 3), delta=st.floats(0.1, 0.4))
@settings(max_examples=30, deadline=None)
def test_a_split_nation_is_balanced_and_adds_up_to_itself(seed: int, territories: int, delta: float) -> None:
    whole, nation_jobs = nation(seed)
    dice = np.random.default_rng(seed + 1)
    part = dice.uniform(0, 0.2, (territories, 5)) * nation_jobs
    names = (*(f"t{k}" for k in range(territories)), "rest", "world")
    economy = checked(split_region(whole, part, nation_jobs, np.full(territories, 0.1), names, delta))
    flows = economy.intermediate.reshape(territories + 2, 5, territories + 2, 5)
    assert np.abs(flows[:-1, :, :-1].sum((0, 2)) - whole.domestic).max() < 1e-7 * whole.domestic.max()
    assert np.abs(flows[-1, :, :-1].sum(1) - whole.imported).max() < 1e-7 * whole.imported.max()
    made = economy.output.reshape(territories + 2, 5)
    assert made[:-1].sum(0) == pytest.approx(whole.output)
    assert made[0] == pytest.approx(whole.output * part[0] / nation_jobs, rel=1e-6)


def test_the_smaller_the_region_the_more_it_buys_elsewhere() -> None:
    whole, nation_jobs = nation(3)
    kept = []
    for size in (0.001, 0.01, 0.1):
        economy = split_region(
            whole, (nation_jobs * size)[None], nation_jobs, np.array([size]), ("here", "rest", "world")
        )
        here = economy.coefficients[:, :5].reshape(3, 5, 5).sum((1, 2))
        kept.append(here[0] / here.sum())
    assert kept[0] < kept[1] < kept[2]


def test_more_jobs_than_the_nation_are_refused() -> None:
    whole, nation_jobs = nation(3)
    with pytest.raises(RuleBroken) as error:
        split_region(whole, (nation_jobs * 1.1)[None], nation_jobs, np.array([0.5]), ("here", "rest", "world"))
    assert error.value.facts["sector"] in whole.sectors


def test_multipliers_have_their_closed_forms() -> None:
    kept = np.full((2, 2), 0.2)
    found = local_multipliers(kept * 1.5, kept, np.array([0.1, 0.1]), np.array([0.1, 0.2]))
    assert found[0].leakage_share == pytest.approx(1 - 1 / 1.5)
    assert found[0].lm3_ratio == pytest.approx(1 + 0.5 + 0.09 + 0.10 + 0.04)
    assert output_multipliers(np.array([[0.0]]))[0] == 1.0
    assert lm3((100.0, 50.0, 25.0)) < constant_retention(0.5)
    with pytest.raises(RuleBroken):
        constant_retention(1.0)
    with pytest.raises(RuleBroken):
        output_multipliers(np.array([[1.2]]))
    with pytest.raises(RuleBroken):
        lm3((0.0, 1.0, 1.0))


def test_the_flow_network_sample_gives_the_published_indicators() -> None:
    rows = [
        line.split(",")
        for line in sample("flow_network", "marine_coprophagy_extended.csv").read_text("utf-8").splitlines()[1:]
    ]
    names = sorted({row[0] for row in rows} | {row[1] for row in rows})
    flows = np.zeros((len(names), len(names)))
    for source, target, flow in rows:
        flows[names.index(source), names.index(target)] = float(flow)
    found = flow_network(flows)
    expected = {
        "total": 932.9, "ascendency": 966.0506547, "capacity": 2571.1746600, "overhead": 1605.1240053, "efficiency_share": 0.37572347,
        "fitness": 0.99977428, "link_density": 1.81539977, "roles": 2.04987375,
    }  # fmt: skip
    for name, value in expected.items():
        assert getattr(found, name) == pytest.approx(value, abs=5e-9 if value < 10 else 5e-8), name


def test_a_second_path_adds_reserve_and_an_empty_network_is_undefined() -> None:
    one, two = np.zeros((4, 4)), np.zeros((4, 4))
    one[0, 1] = one[1, 3] = 10.0
    two[0, 1] = two[0, 2] = two[1, 3] = two[2, 3] = 5.0
    assert (
        flow_network(two).overhead > flow_network(one).overhead
        and flow_network(two).efficiency_share < flow_network(one).efficiency_share
    )
    with pytest.raises(RuleBroken):
        flow_network(np.zeros((3, 3)))
    with pytest.raises(RuleBroken):
        flow_network(np.array([[0.0, -1.0], [0.0, 0.0]]))
    assert fitted_fitness(0.4596) == pytest.approx(1.0, abs=1e-4)


def test_inoperability_settles_where_the_static_form_says() -> None:
    economy = random_economy(1, 4, 2)
    coefficients, output = economy.coefficients, economy.output
    demand = np.array([0.01, 0.0, 0.02, 0.0])
    static = static_inoperability(coefficients, output, demand)
    lost = np.linalg.solve(np.eye(4) - coefficients, demand * output)
    assert static * output == pytest.approx(lost)
    fading = dynamic_inoperability(coefficients, output, static, np.full(4, 0.1), np.array([0.0, 50.0, 400.0]))
    assert fading[0] == pytest.approx(static) and fading[2].max() < 1e-6 * static.max() + 1e-12
    assert recovery_rates(np.array([0.5]), np.array([0.05]), np.array([0.0]), 10.0)[0] == pytest.approx(np.log(10) / 10)


def test_the_spectral_radius_of_a_productive_economy_is_below_one() -> None:
    assert spectral_radius(random_economy(2, 4, 1).coefficients) == pytest.approx(0.5, abs=1e-9)
