"""How wide the floods of a territory were, from the official list of natural disasters: how much a flood drowns."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ressort.diagnosis import place
from ressort.language import language
from ressort.reference import floods
from ressort.reference.places import commune_rows, commune_values
from ressort.reference.tables import write_table
from ressort.reference.territories import resolve
from ressort.resilience import Request, _ground_for
from ressort.resilience.ground import Ground, ground_of, of_territory
from ressort.resilience.intensity import at_home
from ressort.resilience.intensity_words import intensity_rows
from ressort.resilience.settings import planned

PAU, FUMEL, LYON = "EPCI:200067254", "EPCI:200068930", "EPCI:200046977"
FLOOD, DROUGHT = "Inondations et/ou Coulées de Boue", "Sécheresse"
#: Pau and Billère on following days, Lons a month later; Fumel once, a drought in Lyon
ROWS = [
    ("64445", FLOOD, "2018-06-12 00:00:00"), ("64129", FLOOD, "14/06/2018"), ("64129", FLOOD, "2018-06-12 00:00:00"),
    ("64348", FLOOD, "2018-07-20"), ("47106", FLOOD, "2021-02-03"), ("69123", DROUGHT, "2019-07-01"), ("64445", FLOOD, "soon"),
]  # fmt: skip


def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, str, str]]) -> None:
    (tmp_path / "synced").mkdir(exist_ok=True)
    orders = pl.DataFrame(rows, orient="row", schema=["commune_code", "hazard", "start"])
    write_table(orders.with_row_index("order_id"), tmp_path / "synced" / "hazard_orders.parquet")
    of_territory(resolve(PAU))  # the territories are read before the data folder changes
    monkeypatch.setenv("RESSORT_HOME", str(tmp_path))
    forget()


def forget() -> None:
    for kept in (floods._orders, floods.widest_floods, ground_of, _ground_for):
        kept.cache_clear()


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The list of natural disasters is fetched."""
    told(tmp_path, monkeypatch, ROWS)
    yield
    forget()


def ground(key: str) -> Ground:
    return of_territory(resolve(key))


def people(place: Ground, *codes: str) -> float:
    return sum(count for code, _name, count in place.communes if code in codes)


def test_the_widest_flood_is_that_of_days_that_follow_not_the_sum_of_all(listed: None) -> None:
    pau, fumel = ground(PAU), ground(FUMEL)
    fact = pau.facts["widest_flood"]
    assert fact.here_share == pytest.approx(people(pau, "64445", "64129") / pau.people)
    assert fact.year == "2018–2021" and fact.producer == "GASPAR"
    everyone = np.nansum(commune_values("population_people")[list(commune_rows().values())])
    reached = people(pau, "64445", "64129") + people(fumel, "47106")
    assert fact.nation_share == pytest.approx(reached / everyone, rel=0.01)  # a few communes are in no intercommunality


def test_a_commune_and_its_intercommunality_are_told_the_same_flood(listed: None) -> None:
    whole = ground(PAU).facts["widest_flood"]
    for commune in ("COM:64445", "COM:64348"):  # drowned by the widest flood, and spared by it
        told = ground(commune).facts["widest_flood"]
        assert (told.here_share, told.nation_share) == pytest.approx((whole.here_share, whole.nation_share))


def test_several_intercommunalities_have_the_mean_of_theirs_weighted_by_inhabitants(listed: None) -> None:
    pau, fumel = ground(PAU), ground(FUMEL)
    both = of_territory(place([PAU, FUMEL]))
    mean = (people(pau, "64445", "64129") + people(fumel, "47106")) / (pau.people + fumel.people)
    assert both.facts["widest_flood"].here_share == pytest.approx(mean)
    assert both.facts["widest_flood"].nation_share == pau.facts["widest_flood"].nation_share


def test_a_flood_is_as_strong_here_as_its_extent_against_the_mean_one(listed: None) -> None:
    pau = ground(PAU)
    before, after = planned(("flood",), 0), at_home(planned(("flood",), 0), pau, ())
    for number in (0, 1):
        plain, moved = before[0].shock.effects[number].amount, after[0].shock.effects[number].amount
        most = 1.0 if before[0].shock.effects[number].kind == "rebuild" else float("inf")
        assert moved.central == pytest.approx(min(plain.central * pau.facts["widest_flood"].ratio, most))
    assert after[0].shock.effects[2] == before[0].shock.effects[2]  # roads: nothing local is known


def test_the_answer_says_where_the_size_comes_from_or_why_it_is_not_known(listed: None) -> None:
    with language("en"):
        here = intensity_rows(Request(PAU, ("flood",)), ground(PAU)).to_dicts()
        lyon = intensity_rows(Request(LYON, ("flood",)), ground(LYON)).to_dicts()
    assert here[0]["origin"] == "local" and "GASPAR, 2018–2021" in here[0]["source"]
    assert lyon[0]["origin"] == "national" and "no flood was recognised" in lyon[0]["source"]


def test_while_the_list_is_not_fetched_the_hypothesis_says_what_would_replace_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_territory(resolve(PAU))
    monkeypatch.setenv("RESSORT_HOME", str(tmp_path))
    forget()
    with language("en"):
        rows = intensity_rows(Request(PAU, ("flood",)), ground(PAU)).to_dicts()
    forget()
    assert rows[0]["origin"] == "national" and "data sync hazard_orders" in rows[0]["source"]


def test_the_orders_of_a_storm_over_the_country_are_no_flood_of_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere = list(commune_rows())
    storm = [(code, FLOOD, "1999-12-25") for code in everywhere[: len(everywhere) // 2]] + [
        ("64445", FLOOD, "1999-12-25")
    ]
    told(tmp_path, monkeypatch, [*storm, ("64129", FLOOD, "2018-06-12")])
    pau = ground(PAU)
    forget()
    assert pau.facts["widest_flood"].here_share == pytest.approx(people(pau, "64129") / pau.people)
