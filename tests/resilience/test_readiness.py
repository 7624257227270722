"""Levers that grow little by little: the part that stands when the shock begins."""

import pytest

from ressort.core.errors import InputError
from ressort.language import language
from ressort.reference.resilience_library import lever, read_lever
from ressort.reference.territories import resolve
from ressort.resilience import of_territory, stress
from ressort.resilience.many_runs import run_all
from ressort.resilience.readiness import standing, standing_share
from tests.resilience.questions import PLACE, request

HALF = {"lead_days": 80}  # reserves take 180 days; the cut comes on day 10


def test_a_gradual_lever_stands_in_proportion_to_the_days_gone() -> None:
    shares = [standing_share(request("power_cut", levers=("storage",), lead_days=lead), "storage") for lead in (0, 80, 170, 1095)]  # fmt: skip
    assert shares == [10 / 180, 0.5, 1.0, 1.0]
    half = standing(request("power_cut", levers=("storage", "continuity_plan"), **HALF))
    assert [one.name for one in half] == ["storage"]
    assert [change["add"] for change in half[0].changes] == [change["add"] / 2 for change in lever("storage").changes]


def test_a_factor_in_part_lies_between_none_and_whole() -> None:
    part = standing(request("power_cut", levers=("local_food",), lead_days=0, start_day=50))[0]
    factor = next(change["factor"] for change in part.changes if "factor" in change)
    assert factor == pytest.approx(1 + 0.3 * 60 / 1095)


def test_half_a_reserve_avoids_something_and_less_than_a_whole_one() -> None:
    ground = of_territory(resolve(PLACE))
    lost = [
        run_all(request("power_cut", levers=levers, **words), ground).metric("whole.person_days").mean()
        for levers, words in (((), {}), (("storage",), HALF), (("storage",), {}))
    ]
    assert lost[0] > lost[1] > lost[2]


def test_the_story_and_the_table_say_how_much_stands() -> None:
    with language("en"):
        found = stress(PLACE, "power_cut", levers=("storage",), runs=6, days=60, lead_days=80)
        row = found.table("levers").to_dicts()[0]
        assert row["standing_share"] == 0.5 and not row["in_time"] and row["ready_day_days"] == 100
        assert any("50% of it stands" in one.text for one in found.story())


def test_a_gradual_lever_whose_change_cannot_be_parted_is_refused() -> None:
    text = """title_fr = "x"\ntitle_en = "x"\nstory_fr = "x"\nstory_en = "x"\nwho_fr = "x"\nwho_en = "x"\nprinciples = []\ndelay_days = 9
gradual = true\nstatus = "hypothesis"\nsource = "x"\ncost_eur_per_people = { low = 1, central = 1, high = 1 }\n[[changes]]\nset = "classes"\nvalue = 1\n"""
    with pytest.raises(InputError, match="gradual"):
        read_lever("x", text)
