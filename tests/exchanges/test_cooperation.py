"""Exchanges on the real figures: balances, stored optima, partners in words, files."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ressort.core.errors import InputError, MissingData, UnknownCode
from ressort.core.exchanges import verify
from ressort.exchanges import TABLES, balances, cooperate, flows_geojson, good, is_stored, known_goods, national
from ressort.exchanges.words import interest, scarcity, sentence, why
from ressort.language import language


def test_tonnes_of_france_are_of_the_size_of_its_harvest() -> None:
    held = balances("REG")
    cereals = np.nansum(held.supply[:, held.column("cereals")])
    assert 5.5e7 < cereals < 7.5e7  # 60 to 70 Mt a year
    potatoes = np.nansum(held.supply[:, held.column("potatoes")])
    assert 5e6 < potatoes < 1e7  # 7 to 8.5 Mt


def test_what_no_figure_tells_stays_missing_at_each_level() -> None:
    assert known_goods(balances("EPCI")) == ["cereals", "oilseeds", "sugar", "forage", "electricity"]
    assert "potatoes" in known_goods(balances("REG")) and "vegetables" not in known_goods(balances("REG"))
    assert "wood" not in known_goods(balances("COM"))
    with pytest.raises(MissingData):
        national("EPCI", "vegetables")
    with pytest.raises(UnknownCode) as told:
        balances("PAYS")
    assert "EPCI" in told.value.facts["choices"]


def test_communes_add_up_to_their_departement() -> None:
    small, large = balances("COM"), balances("DEP")
    column = small.column("cereals")
    assert np.nansum(small.supply[:, column]) == pytest.approx(np.nansum(large.supply[:, column]), rel=0.01)
    assert np.nansum(small.need[:, column]) == pytest.approx(np.nansum(large.need[:, column]), rel=0.01)


def test_a_national_optimum_is_proved_stored_and_read_again_the_same() -> None:
    first = national("DEP", "cereals")
    assert first.plan.certificate.proved and verify(first.market, first.plan).holds
    assert is_stored("DEP", "cereals")
    again = national("DEP", "Céréales")
    assert (again.plan.quantity == first.plan.quantity).all()


def test_a_computation_that_is_stopped_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from ressort.exchanges import national as _function  # noqa: F401

    module = sys.modules["ressort.exchanges.national"]
    monkeypatch.setattr(module, "data_folder", lambda: tmp_path)

    def stop(_round: int, _least: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        national("REG", "cereals", stop)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not is_stored("REG", "cereals")


def test_the_balance_of_each_territory_holds_at_the_optimum() -> None:
    found = cooperate("CA Pau Béarn Pyrénées")
    for line in found.lines:
        if line.basin is None:
            continue
        assert line.supply is not None and line.need is not None
        own = min(line.supply, line.need)
        assert own + line.received + line.imported == pytest.approx(line.need, rel=1e-9)
        assert line.sent <= line.supply - own + 1e-6
        assert line.alone is not None and line.with_partners is not None
    assert any(
        line.with_partners > line.alone
        for line in found.lines
        if line.alone is not None and line.with_partners is not None
    )


def test_partners_come_with_reasons_in_both_languages() -> None:
    found = cooperate("CA Pau Béarn Pyrénées")
    best = found.partners[0]
    assert best.gets and best.people > 0 and best.km < 200
    with language("fr"):
        assert "ce qui vous manque" in why(best, found.territory) and "km" in interest(best)
        assert "Céréales" in sentence(found.lines[0]) and "éviterait" in scarcity(found.lines[0])
    with language("en"):
        assert "It has what you lack" in why(best, found.territory)


def test_no_sentence_tells_nothing_for_something() -> None:
    """Brest grows 230 t of beet of the 50,000 t that it needs; what is left over saves no kilometre."""
    brest = {line.good.key: line for line in cooperate("Brest Métropole").lines}
    plain = {line.good.key: line for line in cooperate("CA Chauny Tergnier La Fère").lines}
    with language("en"):
        assert "covers 0.5%" in sentence(brest["sugar"])
        assert sentence(plain["oilseeds"]).endswith("own supply is 12 times the need.") and "537%" in sentence(
            plain["cereals"]
        )
        assert "left over already" in scarcity(plain["cereals"]) and "avoid" not in scarcity(plain["cereals"])


def test_chosen_partners_and_goods_are_the_ones_shown() -> None:
    found = cooperate("Brest Métropole", ["cereals"], ["CC Haut-Léon Communauté"])
    assert [one.territory.label for one in found.partners] == ["CC Haut-Léon Communauté"]
    assert list(found.nationals) == ["cereals"]


def test_electricity_of_pays_de_la_loire_is_balanced_by_commune() -> None:
    held = balances("COM")
    column = held.column("electricity")
    known = ~np.isnan(held.supply[:, column])
    assert 1200 < known.sum() < 1400
    assert held.supply[known, column].sum() == pytest.approx(2.9e6, rel=0.05)  # 2,899 GWh in 2019
    assert held.need[known, column].sum() == pytest.approx(2.5e7, rel=0.05)
    found = cooperate("Nantes", ["electricity"])
    assert found.nationals["electricity"].plan.quantity.sum() > 0
    city = found.lines[held.column("electricity")]
    assert city.balance is not None and city.balance < 0 < city.imported  # a city is short of energy


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("Pau", ["gold"], None, None), UnknownCode),
        (("Pau", None, None, "EPCI2"), UnknownCode),
        (("France métropolitaine", None, None, "EPCI"), InputError),
        (("CA Pau Béarn Pyrénées", None, ["CA Pau Béarn Pyrénées"], None), InputError),
        (("CA Pau Béarn Pyrénées", ["wood"], None, None), MissingData),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(words: tuple[object, ...], kind: type) -> None:
    with pytest.raises(kind) as told:
        cooperate(*words)  # type: ignore[arg-type]
    assert "{" not in str(told.value)


def test_overseas_territories_are_answered_as_not_known() -> None:
    found = cooperate("CA La Riviera du Levant")
    assert all(line.basin is None for line in found.lines)
    assert not len(found.fit.order) and not found.partners


def test_the_table_of_goods_holds_the_whole_basin() -> None:
    rows = {row["good"]: row for row in TABLES["goods"](cooperate("DEP:75", ["cereals", "sugar"])).to_dicts()}
    within = [rows["cereals"][f"within_{km}_km_share"] for km in (20, 50, 100, 250, 500)]
    assert within == sorted(within) and 0 < within[2] <= within[4] <= 1
    assert rows["cereals"]["freight_low_tco2e"] == pytest.approx(rows["cereals"]["moved_t_km"] * 0.079 / 1000)
    assert rows["vegetables"]["within_20_km_share"] is None and rows["vegetables"]["freight_low_tco2e"] is None


def test_a_good_that_does_not_move_here_leaves_the_flows_of_the_others() -> None:
    found = cooperate("DEP:29", level="DEP")
    assert any(not found.flows(key).height for key in found.nationals)
    assert TABLES["flows"](found).height == sum(found.flows(key).height for key in found.nationals) > 0


def test_every_table_and_the_map_hold_the_same_flows() -> None:
    found = cooperate("CA Pau Béarn Pyrénées", ["cereals", "sugar"])
    flows = TABLES["flows"](found)
    lines = flows_geojson(found)["features"]
    assert len(lines) == flows.height > 0
    assert sum(one["properties"]["quantity"] for one in lines) == pytest.approx(flows["quantity"].sum())
    lon, lat = lines[0]["geometry"]["coordinates"][0]
    assert -6 < lon < 10 and 41 < lat < 52
    json.dumps(lines, allow_nan=False)
    assert set(TABLES["goods"](found).filter(pl.col("supply").is_null())["status"]) == {"missing"}
    assert good("cereals").unit == "t"
    assert good("cereales").key == good("CÉRÉALES").key == "cereals" and good("bois energie").key == "wood"


@pytest.mark.parametrize("name", ["DEP:75", "EPCI:242900314", "DEP:48"])
def test_partners_feed_at_most_half_more_people_than_live_at_both_ends(name: str) -> None:
    found = cooperate(name)
    for one in found.partners:
        assert one.people <= 1.5 * (found.territory.population_people + one.territory.population_people)
        assert one.compared == sum(line.basin is not None for line in found.lines)
