"""A reciprocity agreement brings what a named partner really makes beyond its own use; and a replay says which table changed."""

import json

import numpy as np
import pytest

from ressort.core.resilience import eased_by_relief, effectiveness
from ressort.language import language
from ressort.reference.resilience_library import needs
from ressort.resilience import Stress, replay, stress
from ressort.resilience.agreement import available_share, surplus_rows
from ressort.resilience.ground import economy

PAU, LANDES = "EPCI:200067254", "DEP:40"
FOOD = next(need for need in needs() if need.name == "food")


@pytest.fixture(scope="module")
def agreed() -> Stress:
    return stress(PAU, "road_cut", levers=("reciprocity",), partners=(LANDES,), runs=6, days=90)


def test_the_surplus_of_a_partner_is_what_it_sells_beyond_itself(agreed: Stress) -> None:
    made = economy(agreed.ground, 0.25)
    rows = {row["need"]: row for row in surplus_rows(agreed.ground, made).to_dicts()}
    sectors = len(made.sectors)
    products = np.array([made.sectors.index(code) for code in FOOD.products])
    sellers = sectors + products
    elsewhere = made.intermediate[sellers].sum() - made.intermediate[sellers][:, sectors : 2 * sectors].sum()
    elsewhere += made.final[sellers].sum() - made.final[sellers][:, 2:4].sum()
    assert rows["food"]["surplus_eur_per_day"] == pytest.approx(elsewhere / 365)
    assert rows["food"]["cover_share"] > 0.05  # the Landes feed more than themselves


def test_relief_never_exceeds_what_partners_have_that_day(agreed: Stress) -> None:
    run = agreed.told.run
    assert run is not None
    required = sum(
        run.required(q, np.array([run.economy.sectors.index(code) for code in FOOD.products])) for q in (0, 1)
    )
    share = available_share(run, agreed.ground, FOOD, np.asarray(required))
    assert share is not None and (share >= 0).all()
    served = np.array([1.0, 0.2, 0.2, 0.2])
    eased = eased_by_relief(served, 0.5, 1, np.array([9.0, 9.0, 0.1, 0.0]))
    assert eased.tolist() == pytest.approx([1.0, 0.2, 0.3, 0.2])


def test_a_partner_that_makes_little_brings_less_than_a_hypothesis_and_the_story_names_it(agreed: Stress) -> None:
    alone = stress(PAU, "road_cut", levers=("reciprocity",), runs=6, days=90)
    tiny = stress(PAU, "road_cut", levers=("reciprocity",), partners=("COM:26274",), runs=6, days=90)
    hypothesis, real = (one.lever_effects["reciprocity"].median for one in (alone, tiny))
    assert 0 <= real < 0.2 * hypothesis
    with language("en"):
        named, unnamed = (" ".join(one.text for one in told.story()) for told in (agreed, alone))
        lever = agreed.table("levers").to_dicts()[0]
    assert "Beyond its own use, Landes makes" in named and "no partner is named" in unnamed
    assert "cohesion and solidarity" in lever["principles"]


def test_the_price_of_a_person_day_has_quantiles_in_order() -> None:
    found = effectiveness(np.array([10.0, 20.0, 30.0, 40.0, 50.0]), np.zeros(5), 1000)
    assert found.price_low_cents <= found.price_cents <= found.price_high_cents
    assert (found.price_low_cents, found.price_high_cents) == (1000 / 50, 1000 / 10)
    none = effectiveness(np.zeros(5), np.zeros(5), 1000)
    assert np.isinf([none.price_cents, none.price_low_cents, none.price_high_cents]).all()


def test_a_replay_with_other_data_names_the_tables_that_changed() -> None:
    told = stress(PAU, "power_cut", runs=2, days=60).to_dict()
    assert replay(json.dumps(told))[1] == []
    told["provenance"] |= {"vintage": "000000000000"}
    told["provenance"]["sources"] |= {"resilience/needs.csv": "00000000", "io_table_fr": "11111111"}
    assert replay(json.dumps(told))[1] == ["vintage", "io_table_fr", "resilience/needs.csv"]
    del told["provenance"]["sources"]  # an answer of before
    assert replay(json.dumps(told))[1] == ["vintage"]
