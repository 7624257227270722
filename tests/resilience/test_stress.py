"""A shock on a real territory: library, runs, levers, story, annex, replay; the same bits on any number of workers."""

import json
import os
import signal
import threading

import numpy as np
import polars as pl
import psutil
import pytest

from ressort.core.errors import InputError, MissingData, RuleBroken, UnknownCode
from ressort.language import language
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import lever, levers, needs, read_lever, read_shock, shock, shocks
from ressort.reference.territories import resolve
from ressort.resilience import (
    Request,
    Stopped,
    Stress,
    answer,
    ground_for,
    hands,
    many_runs,
    of_territory,
    portfolio,
    replay,
    stress,
)
from ressort.resilience.annex import annex, annex_csv
from ressort.resilience.exports import as_dict, request_of
from ressort.resilience.many_runs import run_all, with_levers
from ressort.resilience.one_run import Player, metric_names
from ressort.resilience.reuse import reuse_told
from ressort.resilience.tables import TABLES, lacking

PLACE = "CC Fumel Vallée du Lot"


@pytest.fixture(scope="module")
def cut() -> Stress:
    """A power cut with two levers, few runs."""
    with language("fr"):
        return stress(PLACE, "power_cut", levers=("storage", "community_energy"), runs=24, days=120)


def request(*names: str, **words: object) -> Request:
    return Request(of_territory(resolve(PLACE)).key, names, **({"runs": 12, "days": 120} | words)).checked()  # type: ignore[arg-type]


def test_the_library_holds_every_event_and_lever_promised() -> None:
    wanted = {
        "flood", "drought", "heatwave", "power_cut", "fuel_shortage", "road_cut", "employer_closure", "hospital_closure", "cyber_attack",
        "epidemic", "supplier_failure", "price_credit", "euro_run", "water_pollution", "slow_decline",
    }  # fmt: skip
    assert wanted <= set(shocks())
    promised = {
        "storage", "diversification", "mutualisation", "local_food", "community_energy", "continuity_plan", "local_currency", "autonomy_income",
        "reciprocity", "low_tech", "insertion",
    }  # fmt: skip
    assert promised <= set(levers())
    tags = {tag for one in levers().values() for tag in one.principles}
    assert len(tags) == 6
    for one in shocks().values():
        assert one.source and one.status == "hypothesis" and all(effect.hypothesis for effect in one.effects)


@pytest.mark.parametrize("name", sorted(shocks()))
def test_every_shock_plays_centrally_and_harms_something(name: str) -> None:
    ground = of_territory(resolve(PLACE))
    one = Player(Request(ground.key, (name,), runs=2), ground).central()
    assert np.isfinite(one.curves).all() and one.curves.min() >= 0
    assert one.run is not None and (one.curves.min() < 0.9999 or name == "price_credit")
    assert len(one.metrics) == len(metric_names())


@pytest.mark.parametrize("name", sorted(levers()))
def test_every_lever_plays(name: str) -> None:
    ground = of_territory(resolve(PLACE))
    one = Player(Request(ground.key, ("heatwave",), (name,), runs=2, days=60), ground).central()
    assert np.isfinite(one.curves).all() and not one.outside


def test_nothing_moves_where_nothing_happens() -> None:
    ground = of_territory(resolve(PLACE))
    player = Player(Request(ground.key, ("power_cut",), runs=4, days=400), ground)
    player.plan = []
    for one in (player.central(), player.numbered(0), player.numbered(3)):
        assert np.abs(one.curves - 1).max() < 1e-9 and one.chain == []


def test_worst_harvests_are_those_of_the_great_droughts() -> None:
    harvests = of_territory(resolve(PLACE)).harvests
    assert {"2003", "2016"} <= set(harvests) and all(0 < here < 0.9 for here, _ in harvests.values())


def test_a_drought_takes_the_worst_observed_harvest_from_farms() -> None:
    ground = of_territory(resolve(PLACE))
    one = Player(Request(ground.key, ("drought",), runs=2), ground).central()
    assert one.run is not None
    farm = branches("a38").index("AZ")
    assert 1 - one.run.calendar.kept[200, farm] == pytest.approx(next(iter(ground.harvests.values()))[0])


def test_the_same_seed_gives_the_same_bits_on_one_or_two_workers_and_another_seed_does_not() -> None:
    ground = of_territory(resolve(PLACE))
    one = run_all(request("flood"), ground)
    two = run_all(request("flood"), ground, workers=2)
    other = run_all(request("flood", seed=1), ground)
    assert one.metrics.tobytes() == two.metrics.tobytes() and one.counts.bins.tobytes() == two.counts.bins.tobytes()
    assert one.chains == two.chains and one.metrics.tobytes() != other.metrics.tobytes()


def test_a_worker_killed_in_the_middle_loses_nothing() -> None:
    ground, killed = of_territory(resolve(PLACE)), []
    asked = request("power_cut", runs=60)

    def kill_one(done: int, total: int) -> None:
        if done and not killed:
            workers = [
                child for child in psutil.Process(os.getpid()).children() if "spawn_main" in " ".join(child.cmdline())
            ]
            os.kill(workers[0].pid, signal.SIGKILL)
            killed.append(workers[0].pid)

    again = run_all(asked, ground, workers=2, progress=kill_one)
    assert killed and again.metrics.tobytes() == run_all(asked, ground).metrics.tobytes()


def test_processes_are_kept_from_one_question_to_the_next_and_end_when_let_go() -> None:
    ground = of_territory(resolve(PLACE))
    asked = request("power_cut", runs=40)
    alone = run_all(asked, ground)
    while not hands.are_ready(1):
        threading.Event().wait(0.05)
    before = _hands()
    met = [run_all(asked, ground, workers=2).metrics.tobytes() for _question in range(2)]
    assert met == [alone.metrics.tobytes()] * 2
    assert _hands() == before and len(before) == 1
    hands.let_go()
    assert psutil.wait_procs([psutil.Process(pid) for pid in before], timeout=30)[1] == []


def _hands() -> set[int]:
    """The processes that play runs for this one."""
    return {child.pid for child in psutil.Process(os.getpid()).children() if "spawn_main" in " ".join(child.cmdline())}


def test_processes_end_by_themselves_when_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "IDLE_S", 0.2)
    hands.let_go()
    psutil.wait_procs([psutil.Process(pid) for pid in _hands()], timeout=60)
    hands.are_ready(1)
    begun = [psutil.Process(pid) for pid in _hands()]
    assert len(begun) == 1
    assert psutil.wait_procs(begun, timeout=60)[1] == []


def test_runs_can_be_stopped_from_outside() -> None:
    def stop(done: int, total: int) -> None:
        if done:
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        answer(request("power_cut"), of_territory(resolve(PLACE)), progress=stop)


def test_a_run_outside_the_domain_is_counted_and_never_averaged(monkeypatch: pytest.MonkeyPatch) -> None:
    ground, played = of_territory(resolve(PLACE)), Player.numbered

    def half(self: Player, number: int, keep: bool = False) -> object:
        one = played(self, number, keep)
        object.__setattr__(one, "outside", number % 2 == 0)
        return one

    monkeypatch.setattr(Player, "numbered", half)
    found = answer(request("power_cut"), ground)
    assert found.ensemble.outside.mean() == 0.5 and not found.publishable
    assert np.isnan(found.ensemble.metrics[::2]).all() and len(found.ensemble.metric("whole.low")) == 6
    assert found.ensemble.counts.bins[0, 0].sum() == 6
    assert "50" in found.story()[-1].text


def test_levers_are_compared_on_the_same_draws(cut: Stress) -> None:
    assert set(cut.lever_effects) == {"storage", "community_energy", "together"}
    energy = cut.lever_effects["community_energy"]
    assert energy.median > 0 and energy.helps_share > 0.9 and energy.low <= energy.median <= energy.high
    assert cut.cost_cents("together") == cut.cost_cents("storage") + cut.cost_cents("community_energy")
    assert cut.relieved is not None and cut.relieved.curves[-2].sum() > cut.central.curves[-2].sum()


def test_each_sentence_of_the_story_is_traced_to_numbers_that_exist(cut: Stress) -> None:
    names, days = {*metric_names(), "population", "medoid", "outside", "days_under"}, cut.request.days
    with language("fr"):
        told = cut.story()
    assert len(told) >= 8 and "11 juin 2035" in told[0].heading and PLACE.split()[1] in told[0].text
    for sentence in told:
        assert sentence.ids
        for one in sentence.ids:
            name, _sign, day = one.partition("@")
            if day:
                assert 0 <= int(day) < days and name.rsplit("/", 1)[-1] in {
                    *(need.name for need in needs()),
                    "whole",
                    *branches("a38"),
                }
            else:
                kind, _sign, which = name.partition(":")
                sizes = set(cut.table("intensities")["effect"])
                assert name in names or kind in ("event", "lever") or (kind == "intensity" and which in sizes)


def test_the_story_tells_the_numbers_of_its_run(cut: Stress) -> None:
    assert not cut.ensemble.outside[cut.medoid]
    assert cut.told.metrics.tobytes() == cut.ensemble.metrics[cut.medoid].tobytes()


@pytest.mark.parametrize("name", list(TABLES))
def test_every_table_is_made_in_both_languages(cut: Stress, name: str) -> None:
    for code in ("fr", "en"):
        with language(code):
            assert cut.table(name).width > 0
    with pytest.raises(UnknownCode):
        cut.table("weather")


def test_curves_are_arrays_and_the_fan_is_in_order(cut: Stress) -> None:
    low, median, high = (cut.curves(name) for name in ("low", "median", "high"))
    assert low.shape == (len(needs()) + 2, 120) and (low <= median).all() and (median <= high).all()
    assert cut.chart("electricity").to_dict()["layer"]
    with pytest.raises(UnknownCode):
        cut.chart("gold")


def test_who_lacks_what_adds_up_to_the_lack_of_the_territory(cut: Stress) -> None:
    frame = lacking(cut, 11)
    electricity = [need.name for need in needs()].index("electricity")
    expected = cut.ground.people * (1 - cut.told.curves[electricity, 11])
    assert frame["electricity"].sum() == pytest.approx(expected, abs=len(frame))


def test_the_annex_is_a_tagged_pdf_and_a_csv(cut: Stress, tmp_path: object) -> None:
    with language("fr"):
        pdf = annex(cut)
    assert pdf[:5] == b"%PDF-" and b"StructTreeRoot" in pdf
    assert annex_csv(cut).splitlines()[0].startswith("need,label")
    with pytest.raises(RuleBroken):
        cut.report("/nowhere/at/all.pdf")


def test_an_answer_is_played_again_to_the_last_bit(cut: Stress) -> None:
    with language("fr"):
        text = json.dumps(as_dict(cut), ensure_ascii=False)
        _again, differing = replay(text)
        assert differing == []
        told = json.loads(text)
        told["provenance"]["digest"] = "0" * 12
        assert replay(json.dumps(told))[1] == ["digest"]


NO_ANSWERS = (
    "",
    "[]",
    "{}",
    '{"request": {"shocks": ["flood"]}, "provenance": {}}',
    '{"request": {"territory": "x", "shocks": ["flood"], "days": "many"}, "provenance": {}}',
    '{"request": {"territory": "x", "shocks": ["flood"], "moon": 1}, "provenance": {}}',
)


def test_a_group_is_played_again_from_its_communes() -> None:
    first = stress(["Crest", "Die"], "heatwave", runs=4, days=60)
    assert first.request.territory.startswith("CUSTOM:") and replay(json.dumps(as_dict(first)))[1] == []


@pytest.mark.parametrize("text", NO_ANSWERS)
def test_what_is_not_an_answer_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        request_of(text, "file.json")


@pytest.mark.parametrize("words", [{"days": 10}, {"runs": 0}, {"runs": 10**7}, {"start_day": 400}, {"weights": (1.0,)}])
def test_requests_out_of_bounds_are_refused(words: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        Request("EPCI:1", ("flood",), **words).checked()  # type: ignore[arg-type]


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
    assert (caught.value.facts["event"], caught.value.facts["last"]) == ("power_cut", 364)
    Request("EPCI:200067254", ("flood",), start_day=350).checked()


def test_a_commune_where_nobody_lives_is_refused_with_its_name() -> None:
    with pytest.raises(MissingData, match="Nobody lives") as caught:
        of_territory(resolve("COM:55039"))
    assert caught.value.facts["name"] == "Beaumont-en-Verdunois"


GOOD = """title_fr = "a"
title_en = "a"
story_fr = "a"
story_en = "a"
status = "hypothesis"
source = "us"
[[effects]]
kind = "served"
products = ["DZ"]
where = "here"
amount = { low = 0.1, central = 0.2, high = 0.3 }
duration_days = { low = 1, central = 2, high = 3 }
"""
BROKEN = {
    "not TOML": "title_fr = ", "a word missing": GOOD.replace('source = "us"', ""), "an unknown kind": GOOD.replace("served", "eaten"),
    "an unknown branch": GOOD.replace('"DZ"', '"ZZ"'), "an unknown place": GOOD.replace('"here"', '"moon"'),
    "bounds out of order": GOOD.replace("high = 0.3", "high = 0.1"), "a bound missing": GOOD.replace("central = 0.2, ", ""),
    "nothing to do": GOOD.partition("[[effects]]")[0],
}  # fmt: skip


@pytest.mark.parametrize("why", list(BROKEN))
def test_a_badly_written_shock_is_refused_naming_the_file(why: str) -> None:
    assert read_shock("mine", GOOD).effects[0].amount.central == 0.2
    with pytest.raises(InputError) as error:
        read_shock("mine", BROKEN[why])
    assert error.value.facts["file"] == "mine.toml"


def test_a_badly_written_lever_is_refused() -> None:
    with pytest.raises(InputError):
        read_lever("mine", "title_fr = 'a'")


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


def test_a_partner_that_shares_a_commune_is_refused() -> None:
    with pytest.raises(RuleBroken, match="a partner is another territory") as refused:
        stress(PLACE, "power_cut", partners=("Fumel",), runs=2)
    assert refused.value.facts["commune"] == "Fumel"
    with pytest.raises(UnknownCode):
        stress(PLACE, "power_cut", partners=("Nowhere at all",), runs=2)


def test_a_lever_that_is_not_ready_when_the_shock_begins_counts_for_nothing() -> None:
    ground = of_territory(resolve(PLACE))
    wanted = {"levers": ("storage",), "runs": 6, "days": 120}

    def lost(**words: object) -> np.ndarray:
        return run_all(request("power_cut", **(wanted | words)), ground).metric("whole.person_days")  # type: ignore[arg-type]

    without = lost(levers=())
    assert np.array_equal(lost(lead_days=0), without) and np.array_equal(lost(lead_days=169), without)
    assert lost(lead_days=170).mean() < without.mean()  # the cut comes on day 10, the reserves take 180 days
    assert np.array_equal(lost(lead_days=170), lost(lead_days=1095))
    with language("en"):
        late = stress(PLACE, "power_cut", levers=("storage",), lead_days=0, runs=6, days=120)
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
    assert set(food) == {"Belgian food balance, at the plate"}
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


def test_what_lacks_is_told_in_cubic_metres_kilograms_and_megawatt_hours(cut: Stress) -> None:
    rows = {row["flow"]: row for row in cut.table("quantities").to_dicts()}
    served = dict(zip((need.name for need in needs()), cut.told.curves, strict=False))
    people = cut.ground.people
    water, power = rows["drinking_water"], rows["electricity"]
    assert water["unit"] == "m³" and water["required_per_day"] == pytest.approx(0.148 * people)
    assert power["unit"] == "MWh" and power["lacking"] == pytest.approx(
        power["required_per_day"] * (1 - served["electricity"]).sum()
    )
    assert 3 < power["required_per_day"] / people * 1000 < 12  # kilowatt-hours a day and person
    food = [row for row in rows.values() if row["need"] == "food"]
    assert len(food) >= 5 and 1.2 < sum(row["required_per_day"] for row in food) / people < 3.5
    assert (
        power["lacking_worst_day"] <= power["required_per_day"]
        and power["worst_day_days"] == served["electricity"].argmin()
    )
    for missing in ("fuels", "health", "mobility"):
        assert (
            rows[missing]["required_per_day"] is None
            and rows[missing]["status"] == "missing"
            and rows[missing]["source"]
        )
    risk = {row["need"]: row for row in cut.table("needs").to_dicts()}["electricity"]
    assert risk["under_person_days_p50_days"] == pytest.approx(risk["days_under_p50_days"] * people)


def test_a_measured_reuse_rate_replaces_the_hypothesis_and_moves_what_the_currency_saves() -> None:
    """A freeze of the euro with a local currency: units of which little is spent again run out before the end; at one half nothing changes."""
    low, half, high, unknown = (
        Player(one, ground_for(one)).central()
        for one in (
            *(request("euro_run", levers=("local_currency",), reuse=(c, c, c), reuse_source="Abeille") for c in (0.1, 0.5, 0.9)),
            request("euro_run", levers=("local_currency",)),
        )
    )  # fmt: skip
    assert np.array_equal(half.curves, unknown.curves)
    assert low.curves.sum() < min(half.curves.sum(), high.curves.sum())


def test_a_measured_range_is_drawn_and_told_as_derived_the_default_as_a_hypothesis() -> None:
    asked = request("euro_run", levers=("local_currency",), reuse=(0.3, 0.4, 0.6), reuse_source="Abeille, 2026")
    player = Player(asked, ground_for(asked))
    assert player.laws[-1].name == "reuse" and 0.3 <= player.numbered(3).settings.values["reuse"] <= 0.6
    with language("en"):
        assert "Abeille, 2026" in reuse_told(asked) and "hypothesis" in reuse_told(
            request("euro_run", levers=("local_currency",))
        )
    assert reuse_told(request("euro_run", reuse=(0.3, 0.4, 0.6))) == ""
    for wrong in ((0.4,), (0.5, 0.4, 0.6), (-0.1, 0.4, 0.6), (0.3, 0.4, 1.2)):
        with pytest.raises(RuleBroken):
            request("euro_run", reuse=wrong)
