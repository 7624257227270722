"""The run on the euro at home: what people lose while their money is set apart, and what a local currency carries meanwhile."""

import numpy as np

from ressort.language import language
from ressort.resilience import stress
from tests.resilience.questions import PLACE

START, RUNS = 10, 24


def test_households_lack_money_for_days_and_a_local_currency_pays_its_part_in_most_runs() -> None:
    with language("en"):
        run = stress(PLACE, "euro_run", levers=("local_currency",), runs=RUNS, days=120)
    lost = run.ensemble.metric("whole.lost_days")
    assert np.median(lost) > 1  # of full service: money set apart is not spent again each morning
    helped = run.lever_effects["local_currency"]
    assert helped.helps_share > 0.8 and helped.median > 0
    # a tenth of local purchases: never more than that part of what is lost
    assert helped.high < 0.1 * np.quantile(lost, 0.9) * run.ground.people


def test_a_harder_freeze_costs_more_and_withdrawals_ease_it() -> None:
    def lost(*intensity: str) -> float:
        return float(
            np.median(
                stress(PLACE, "euro_run", runs=8, days=120, intensity=intensity).ensemble.metric("whole.lost_days")
            )
        )

    nothing_out, half, all_out = (lost(f"euro_run.1={share}") for share in (1.0, 0.5, 0.0))
    assert nothing_out > half > all_out
    assert lost("euro_run.0=0.9") <= lost("euro_run.0=0.99")
