"""Questions that a stress test refuses, or plays with a word of caution: bounds, events, partners, places."""

import json

import numpy as np
import polars as pl
import pytest

from ressort.core.economy import checked
from ressort.core.errors import InputError, MissingData, RuleBroken, UnknownCode
from ressort.language import language
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import lever, shock
from ressort.reference.territories import resolve
from ressort.resilience import Request, many_runs, of_territory, portfolio, stress
from ressort.resilience.exports import request_of
from ressort.resilience.ground import beside, economy
from ressort.resilience.many_runs import run_all, with_levers
from ressort.resilience.one_run import Player
from tests.resilience.questions import PLACE, request


@pytest.mark.parametrize(
    "words",
    [{"days": 10}, {"runs": 0}, {"runs": 10**7}, {"start_day": 400}, {"weights": (1.0,)}, {"seed": -5}, {"days": 90.5}],
)
def test_requests_out_of_bounds_are_refused(words: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        Request("EPCI:1", ("flood",), **words).checked()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        {"seed": "abc"},
        {"runs": 2.5},
        {"territory": 5},
        {"shocks": "flood"},
        {"levers": [1]},
        {"weights": ["a"] * 12},
        {"intensity": {}},
    ],
)
def test_an_answer_to_replay_whose_words_are_not_of_their_kind_is_refused(words: dict[str, object]) -> None:
    told = {"request": {"territory": "EPCI:1", "shocks": ["flood"]} | words, "provenance": {}}
    with pytest.raises((InputError, RuleBroken)):
        request_of(json.dumps(told), "mine.json")


def test_unknown_shocks_levers_and_repeated_ones_are_refused() -> None:
    with pytest.raises(UnknownCode):
        Request("EPCI:1", ("meteor",)).checked()
    with pytest.raises(UnknownCode):
        Request("EPCI:1", ("flood",), ("magic",)).checked()
    with pytest.raises(RuleBroken):
        Request("EPCI:1", ("flood", "flood")).checked()
    with pytest.raises(RuleBroken):
        Request("EPCI:1", ()).checked()
    with pytest.raises(UnknownCode):
        shock("meteor")
    with pytest.raises(UnknownCode):
        lever("magic")


def test_an_event_that_begins_after_the_last_day_is_refused_and_named() -> None:
    with pytest.raises(RuleBroken, match="begins on day 370") as caught:
        Request("EPCI:200067254", ("power_cut", "flood"), start_day=360).checked()
    assert (caught.value.facts["event"], caught.value.facts["last"]) == ("power_cut.0", 364)
    Request("EPCI:200067254", ("flood",), start_day=340).checked()


def test_a_part_of_an_event_that_begins_after_the_last_day_is_refused_though_another_begins_before() -> None:
    with pytest.raises(RuleBroken, match="begins on day 150") as caught:
        Request("EPCI:200067254", ("epidemic",), days=120).checked()
    assert caught.value.facts["event"] == "epidemic.1"
    with pytest.raises(RuleBroken, match="begins on day 367") as caught:
        Request("EPCI:200067254", ("flood",), start_day=354).checked()
    assert caught.value.facts["event"] == "water_pollution.0"


def test_a_commune_where_nobody_lives_is_refused_with_its_name() -> None:
    with pytest.raises(MissingData, match="Nobody lives") as caught:
        of_territory(resolve("COM:55039"))
    assert caught.value.facts["name"] == "Beaumont-en-Verdunois"


def test_a_portfolio_keeps_to_its_budget_and_avoids_something() -> None:
    ground = of_territory(resolve(PLACE))
    asked, names = (
        request("power_cut", runs=6, days=60),
        ("storage", "community_energy", "continuity_plan", "reciprocity"),
    )
    budget = 100.0 * ground.people
    greedy = portfolio(asked, ground, budget, names=names)
    exact = portfolio(asked, ground, budget, names=names, method="milp", caution=0.5)
    for found in (greedy, exact):
        assert found.cost_cents <= budget * 100 and found.avoided >= 0
    assert greedy.levers and portfolio(asked, ground, 0.0, names=names).levers == ()


def test_following_shocks_come_by_chance_and_compound_ones_together() -> None:
    ground = of_territory(resolve(PLACE))
    player = Player(Request(ground.key, ("summer_2035",), runs=40, days=120), ground)
    assert {one.shock.name for one in player.plan} == {"summer_2035", "drought", "heatwave", "power_cut"}
    cuts = [player.numbered(number, keep=True).run for number in range(8)]
    came = [
        bool(
            run is not None
            and len(run.calendar.served)
            and (run.calendar.served[:, branches("a38").index("DZ"), 0] < 1).any()
        )
        for run in cuts
    ]
    assert any(came)
    assert with_levers(player.request, ("storage",)).shocks == ("summer_2035",)
    assert many_runs.CHUNK > 0


NEIGHBOUR = "CC du Haut Béarn"


def test_partners_are_regions_of_their_own_and_the_shock_shows_who_else_is_hit() -> None:
    found = stress(PLACE, "power_cut", partners=(NEIGHBOUR,), runs=8, days=120)
    with language("en"):
        rows = found.table("places").to_dicts()
    assert [row["role"] for row in rows] == ["territory", "partner", "elsewhere", "elsewhere"]
    here, beside, rest, world = rows
    assert beside["place"] == NEIGHBOUR and world["population_people"] is None
    assert here["least_share"] < 0.9 < beside["least_share"] and here["output_lost_days"] > beside["output_lost_days"]
    people = found.ground.people / found.ground.people_share
    assert sum(row["population_people"] for row in (here, beside, rest)) == pytest.approx(people)
    assert request_of(json.dumps(found.to_dict()), "file")[0] == found.request
    alone = stress(PLACE, "power_cut", runs=8, days=120)
    assert np.abs(alone.central.curves - found.central.curves).max() < 0.02


def test_places_of_one_name_and_the_whole_country_are_regions_told_apart() -> None:
    one, other = (of_territory(resolve(key)) for key in ("COM:65392", "COM:32389"))
    assert one.name == other.name == "Saint-Martin"
    assert economy(beside(one, (other,)), 0.25).regions[:2] == ("Saint-Martin", "Saint-Martin (32389)")
    country = of_territory(resolve("PAYS:FR"))
    regions = checked(economy(country, 0.25)).regions
    assert regions[0] == country.name and len(set(regions)) == 3


def test_a_partner_that_shares_a_commune_is_refused() -> None:
    with pytest.raises(RuleBroken, match="a partner is another territory") as refused:
        stress(PLACE, "power_cut", partners=("Fumel",), runs=2)
    assert refused.value.facts["commune"] == "Fumel"
    with pytest.raises(UnknownCode):
        stress(PLACE, "power_cut", partners=("Nowhere at all",), runs=2)


def test_a_lever_that_is_not_ready_when_the_shock_begins_counts_for_nothing() -> None:
    ground = of_territory(resolve(PLACE))
    wanted = {"levers": ("continuity_plan",), "runs": 6, "days": 120}

    def lost(**words: object) -> np.ndarray:
        return run_all(request("power_cut", **(wanted | words)), ground).metric("whole.person_days")  # type: ignore[arg-type]

    without = lost(levers=())
    assert np.array_equal(lost(lead_days=0), without) and np.array_equal(lost(lead_days=169), without)
    assert lost(lead_days=170).mean() < without.mean()  # the cut comes on day 10, the plan takes 180 days
    assert np.array_equal(lost(lead_days=170), lost(lead_days=1095))
    with language("en"):
        late = stress(PLACE, "power_cut", levers=("continuity_plan",), lead_days=0, runs=6, days=120)
        assert not late.table("levers")["in_time"][0] and any("Not ready in time" in one.text for one in late.story())


def test_a_strong_heatwave_brings_a_strong_drought_and_more_power_cuts() -> None:
    player = Player(request("heatwave", runs=400), of_territory(resolve(PLACE)))
    place = {law.name: number for number, law in enumerate(player.laws)}

    def together(one: str, other: str) -> float:
        return float(np.corrcoef(player.ranks[:, place[one]], player.ranks[:, place[other]])[0, 1])

    assert together("amount:heatwave:0", "amount:heatwave:1") == pytest.approx(0.48, abs=0.07)
    assert together("amount:heatwave:0", "amount:drought:0") == pytest.approx(0.58, abs=0.07)
    assert together("amount:heatwave:0", "die:power_cut") == pytest.approx(-0.38, abs=0.07)
    assert abs(together("psi", "amount:heatwave:0")) < 0.15
    ranks = player.ranks[:, place["amount:drought:0"]]
    assert (np.sort(np.floor(ranks * 400)) == np.arange(400)).all()  # the design is still a Latin one


def test_an_overseas_departement_plays_and_says_what_its_figures_do_not_allow() -> None:
    with language("en"):
        island = stress("DEP:974", "drought", runs=4, days=90)
        assert any(
            "2 from national hypotheses. Not counted, since no series of harvests is held here: 2." in one.text
            for one in island.story()
        )
        told = " ".join(one.text for one in island.story())
    assert island.ground.is_overseas and "first sketch" in told and "is not counted" in told


def test_a_belgian_municipality_plays_with_its_arrondissement_and_a_stand_in_that_is_named() -> None:
    with language("en"):
        here = stress("Liège", "power_cut", runs=4, days=90)
        told = " ".join(one.text for one in here.story())
        places = here.table("places")["place"].to_list()
        food = here.table("quantities").filter(pl.col("need") == "food")["source"].to_list()
    ground = here.ground
    assert ground.country == "BE" and ground.departements == ("BE:Liège",)
    assert 0.3 < ground.jobs.sum() / ground.people < 0.6  # 240,000 jobs for 620,000 people in the arrondissement
    assert "stand-in" in told and "io_table_be" in told and "Rest of Belgium" in places
    assert len(set(food)) == 1 and food[0].startswith("Belgian food balance")
    energy = here.table("quantities").filter(pl.col("need") == "electricity")
    assert energy["required_per_day"].null_count() == energy.height  # not held, never 0
    with pytest.raises(InputError, match="one country"):
        stress(["Liège", "Pau"], "power_cut", runs=2)
    with pytest.raises(RuleBroken, match="two countries"):
        stress("Liège", "power_cut", runs=2, partners=("Pau",))


def test_a_commune_of_two_inhabitants_plays_and_is_told_to_look_wider() -> None:
    with language("en"):
        told = " ".join(one.text for one in stress("Rochefourchat", "power_cut", runs=4, days=90).story())
    assert "Fewer than 2,000 inhabitants" in told and "as if" not in told
