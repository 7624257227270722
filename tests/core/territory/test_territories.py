"""The table of territories against what is known of France: areas, counts, membership, places without EPCI or people."""

import numpy as np
import polars as pl
import pytest

from ressort.core.errors import InputError, UnknownCode
from ressort.core.territory import equal_area_m
from ressort.diagnosis import place
from ressort.reference.territories import territories


@pytest.mark.parametrize(
    ("key", "km2", "tolerance_km2"),
    [
        ("COM:64445", 31.386, 0.001),
        ("COM:75056", 105.264, 0.001),
        ("DEP:01", 5_771.0, 1),
        ("DEP:33", 10_376.0, 1),
        ("DEP:64", 7_681.8, 1),
        ("DEP:26", 6_537.8, 1),
        ("DEP:971", 1_632.9, 1),
        ("DEP:973", 83_129.3, 1),
        ("DEP:974", 2_503.4, 1),
        ("DEP:976", 366.1, 0.2),
        ("EPCI:200067254", 343.6, 0.1),
        ("EPCI:242600252", 594.0, 0.1),
        ("EPCI:200068930", 452.8, 0.1),
        ("EPCI:200046977", 538.8, 0.1),
        ("PAYS:FRM", 548_194 + 325, 10),  # four communes drawn again from their delegated ones
    ],
)
def test_areas_are_those_that_were_measured(key: str, km2: float, tolerance_km2: float) -> None:
    known = territories()
    assert known.table["area_ha"][known.row(key)] / 100 == pytest.approx(km2, abs=tolerance_km2)


def test_the_plane_keeps_the_area_of_the_ellipsoid() -> None:
    """The whole ellipsoid measures 510,065,622 km2 (GRS80)."""
    corners = equal_area_m(np.array([[-180.0, -90.0], [180.0, 90.0]]))
    width, height = corners[1] - corners[0]
    assert width * height / 1e6 == pytest.approx(510_065_622, rel=1e-6)


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("COM", 34_875),
        ("BE_COM", 84),
        ("EPCI", 1_255),
        ("DEP", 101),
        ("REG", 18),
        ("BV", 1_707),
        ("ZE", 306),
        ("AAV", 699),
    ],
)
def test_every_territory_is_there(kind: str, count: int) -> None:
    assert territories().table.filter(pl.col("kind") == kind).height == count


def test_each_level_is_made_of_whole_communes_and_none_is_counted_twice() -> None:
    known = territories()
    for kind in ("EPCI", "DEP", "REG", "BV", "ZE"):
        rows = np.flatnonzero((known.table["kind"] == kind).to_numpy())
        counted = np.asarray(known.membership[rows].sum(axis=0)).ravel()
        assert counted.max() == 1, kind
        french = (known.table["kind"].head(known.atoms) == "COM").to_numpy()
        without = known.table["code"].head(known.atoms).to_numpy()[french & (counted == 0)]
        assert set(without) == ({"22016", "29083", "29155", "85113"} if kind == "EPCI" else set()), kind


def test_people_of_the_communes_make_those_of_every_larger_territory() -> None:
    known = territories()
    people = known.table["population_people"].fill_null(0).to_numpy()
    np.testing.assert_allclose(known.sum(people[: known.atoms]), people)


def test_the_province_of_liege_has_people_and_no_area() -> None:
    liege = place("Province de Liège")
    assert liege.population_people == pytest.approx(1_109_800, rel=0.001)
    assert np.isnan(liege.area_ha)


def test_a_group_counts_each_commune_once_and_stays_in_one_country() -> None:
    both = place(["CA Pau Béarn Pyrénées", "Pau", "Lescar"])
    assert both.population_people == place("CA Pau Béarn Pyrénées").population_people
    with pytest.raises(InputError, match="one country"):
        place(["Pau", "Liège"])
    with pytest.raises(UnknownCode):
        territories().group(["COM:99999"], "x")


def test_communes_that_nobody_lives_in_are_there() -> None:
    empty = territories().table.filter((pl.col("kind") == "COM") & (pl.col("population_people") == 0))
    assert empty.height >= 4
