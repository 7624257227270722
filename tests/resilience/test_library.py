"""The library of shocks and levers: every one promised, plays, and is refused when badly written."""

import numpy as np
import pytest

from ressort.core.errors import InputError, RuleBroken
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import levers, read_lever, read_shock, shocks
from ressort.reference.territories import resolve
from ressort.resilience import Request, of_territory
from ressort.resilience.one_run import Player, metric_names
from tests.resilience.questions import PLACE


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


@pytest.mark.parametrize("name", ["epidemic", "supplier_failure", "fuel_shortage"])
def test_a_long_shock_leaves_the_domain_in_no_run(name: str) -> None:
    player = Player(Request(PLACE, (name,), runs=8), of_territory(resolve(PLACE)))
    assert not any(player.numbered(number).outside for number in range(8))


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
    "nothing to do": GOOD.partition("[[effects]]")[0], "a word with a typo": f"{GOOD}lastin = true",
    "a bound twice": GOOD.replace("high = 0.3", "hihg = 0.3, high = 0.3"),
    "more than all": GOOD.replace("high = 0.3", "high = 1.3"), "less than nothing": GOOD.replace("low = 0.1", "low = -0.1"),
    "no number": GOOD.replace("low = 0.1", 'low = "a"'),
    "an endless amount": GOOD.replace("high = 0.3", "high = inf"), "a day that is no day": f"{GOOD}start_day = 1.5", "a day before": f"{GOOD}start_day = -3",
    "a duration below 0": GOOD.replace("low = 1,", "low = -1,"), "a flag in words": f'{GOOD}lasting = "yes"', "one bracket": GOOD.replace("[[effects]]", "[effects]"),
    "builders of a cut": f"{GOOD}builders = {{ FZ = 1 }}", "builders that do not add up": GOOD.replace("served", "rebuild") + "builders = { FZ = 0.5, CK = 0.4 }",
    "nobody rebuilds": GOOD.replace("served", "rebuild"), "a follower without a chance": f'{GOOD}[[then]]\nshock = "drought"',
    "a title that is no text": GOOD.replace('title_fr = "a"', "title_fr = 3"), "an empty story": GOOD.replace('story_en = "a"', 'story_en = " "'),
    "a source in a list": GOOD.replace('source = "us"', 'source = ["us"]'), "a hypothesis in figures": f"{GOOD}hypothesis = 4",
    "a kind in a list": GOOD.replace('"served"', '["served"]'), "a law in figures": f"{GOOD}law = 1",
    "a follower without a name": f'{GOOD}[[then]]\nshock = 3\nchance_share = {{ low = 0, central = 0, high = 1 }}',
    "a chance above one": f'{GOOD}[[then]]\nshock = "drought"\nchance_share = {{ low = 0, central = 1, high = 2 }}',
}  # fmt: skip


@pytest.mark.parametrize("why", list(BROKEN))
def test_a_badly_written_shock_is_refused_naming_the_file(why: str) -> None:
    assert read_shock("mine", GOOD).effects[0].amount.central == 0.2
    with pytest.raises((InputError, RuleBroken)) as error:
        read_shock("mine", BROKEN[why])
    assert error.value.facts["file"] == "mine.toml"


def test_the_shares_of_those_who_rebuild_are_those_of_the_file() -> None:
    ground = of_territory(resolve(PLACE))
    made = Player(Request(ground.key, ("flood",), runs=1), ground).central().run.calendar
    names, sold = branches("a38"), np.zeros(len(branches("a38")))
    np.add.at(sold, made.supplier[made.event == 0] % len(names), made.amount[made.event == 0])
    told = dict(shocks()["flood"].effects[0].builders)
    assert {code: pytest.approx(share) for code, share in told.items()} == {
        code: float(sold[names.index(code)] / sold.sum()) for code in told
    }


LEVER = """title_fr = "a"
title_en = "a"
story_fr = "a"
story_en = "a"
who_fr = "a"
who_en = "a"
principles = ["governance"]
delay_days = 10
cost_eur_per_people = { low = 1, central = 2, high = 3 }
status = "hypothesis"
source = "us"
[[changes]]
set = "relief"
need = "food"
share = 0.2
delay_days = 2
"""
BROKEN_LEVERS = {
    "a word missing": "title_fr = 'a'", "an unknown need": LEVER.replace('"food"', '"beer"'), "a change with a typo": LEVER.replace("share =", "shaer ="),
    "a change of nothing known": LEVER.replace('"relief"', '"magic"'), "no number": LEVER.replace("share = 0.2", 'share = "a"'),
    "a cost below 0": LEVER.replace("low = 1", "low = -1"), "a delay in words": LEVER.replace("delay_days = 10", 'delay_days = "a year"'),
    "an unknown principle": LEVER.replace('"governance"', '"speed"'),
    "principles that are no list": LEVER.replace('["governance"]', '"governance"'), "a principle in figures": LEVER.replace('["governance"]', "3"),
    "no principle": LEVER.replace('["governance"]', "[]"), "a principle in a list": LEVER.replace('["governance"]', '[["governance"]]'),
    "who in figures": LEVER.replace('who_fr = "a"', "who_fr = 1"), "a status in figures": LEVER.replace('status = "hypothesis"', "status = 2026"),
    "a share above one": LEVER.replace("share = 0.2", "share = 1.2"), "a share below 0": LEVER.replace("share = 0.2", "share = -0.2"),
    "a delay below 0": LEVER.replace("\ndelay_days = 2", "\ndelay_days = -2"), "an endless share": LEVER.replace("share = 0.2", "share = nan"),
    "a factor below 0": LEVER.partition("[[changes]]")[0] + '[[changes]]\nset = "recovery"\nfactor = -1\n',
    "days below 0": LEVER.partition("[[changes]]")[0] + '[[changes]]\nset = "local_money"\nshare = 0.1\ndays = -1\n',
    "a value in days below 0": LEVER.partition("[[changes]]")[0] + '[[changes]]\nset = "alpha_days"\nvalue = -1\n',
    "an unknown group": LEVER.replace('"relief"\nneed = "food"\nshare = 0.2\ndelay_days = 2', '"stock"\ngroup = "x"\nadd = 1'),
}  # fmt: skip


@pytest.mark.parametrize("why", list(BROKEN_LEVERS))
def test_a_badly_written_lever_is_refused_naming_the_file(why: str) -> None:
    assert read_lever("mine", LEVER).delay_days == 10
    with pytest.raises((InputError, RuleBroken)) as error:
        read_lever("mine", BROKEN_LEVERS[why])
    assert error.value.facts["file"] == "mine.toml"
