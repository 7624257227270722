"""What is worked out once for all territories gives what each would get alone."""

import numpy as np
import pytest

from ressort.core.territory import Peers, distances_km, most_similar, peers
from ressort.diagnosis import diagnose, scales
from ressort.diagnosis.food_figures import _centiles
from ressort.reference.places import Places, Ready
from ressort.reference.production import hectares, production
from ressort.reference.territories import territories

KEYS = ("EPCI:200067254", "COM:75056", "COM:97411", "COM:64445", "DEP:64", "BE_COM:62063")
RADII = (10, 50, 400)


@pytest.mark.parametrize("key", KEYS)
def test_rings_hold_the_communes_within_their_distance(key: str) -> None:
    known = territories()
    place = known.territory(key)
    away = distances_km(place.lat, place.lon, known.of_communes["lat"], known.of_communes["lon"])
    away[place.members] = 0.0
    for inside, km in zip(known.rings(place, RADII), RADII, strict=True):
        assert set(np.flatnonzero(inside)) == set(np.flatnonzero(away <= km))


@pytest.mark.parametrize("key", KEYS)
def test_sums_ring_by_ring_are_those_of_the_communes_they_hold(key: str) -> None:
    known, areas = territories(), production().commune_ha
    rings = known.rings(known.territory(key), RADII)
    alone = np.array([_alone(areas, np.flatnonzero(inside)) for inside in rings])
    together = Ready.of(areas).totals(rings)
    assert together == pytest.approx(alone, rel=1e-9, nan_ok=True)


def _alone(values: np.ndarray, members: np.ndarray) -> np.ndarray:
    """The rule of `Places.total`, written for one perimeter."""
    people = np.nan_to_num(territories().of_communes["population_people"])[members]
    known = ~np.isnan(values[members])
    covered = (known * people[:, None]).sum(0)
    enough = (covered >= 0.995 * people.sum()) & known.any(0)
    return np.where(enough, np.nan_to_num(values[members]).sum(0), np.nan)


@pytest.mark.parametrize("key", [*KEYS, "REG:75", "PAYS:FRM"])
def test_a_territory_read_from_the_whole_table_is_the_one_measured_alone(key: str) -> None:
    known = territories()
    place = known.territory(key)
    alone = scales._balances(Places.of([place])).scale(0, place.kind, place.label)
    shared = scales._measured([place])[0]
    assert shared.by_group == pytest.approx(alone.by_group, nan_ok=True)
    for name in ("population_people", "capped_share", "gross_ratio", "known_share"):
        assert getattr(shared, name) == pytest.approx(getattr(alone, name), nan_ok=True)
    row = hectares(Places.all())[known.row(key)]
    assert row == pytest.approx(hectares(Places.of([place]))[0], nan_ok=True)


def test_a_feature_that_varies_by_rounding_only_ranks_nobody() -> None:
    rows = np.arange(4)
    noise = np.array([0.1, 0.1 + 1e-17, 0.1 - 2e-17, 0.1 + 3e-17])
    features = np.column_stack([np.array([1.0, 9.0, 2.0, 3.0]), noise])
    known = territories()
    towns = [known.row(key) for key in ("BE_COM:62063", "BE_COM:62096", "BE_COM:63079", "BE_COM:62079")]
    every = np.full((len(known), 1), np.nan)
    every[:, 0] = 0.5
    every[towns, 0] += np.array([0.0, 1e-16, -1e-16, 2e-16])
    found = peers(known, towns[0], every)
    assert np.isinf(found.spread[-1])
    plain = Peers(rows, features, np.array([1.0, np.inf]))
    assert most_similar(plain, 0, 3) == [2, 3, 1]


def test_nobody_is_similar_to_itself_and_all_are_of_its_kind() -> None:
    for key in ("EPCI:200067254", "COM:64445", "BE_COM:62063", "DEP:971"):
        found = diagnose(key).similar
        assert found
        assert {place.kind for place, _figures in found} == {key.partition(":")[0]}
        assert key not in {place.key for place, _figures in found}


def test_figures_made_when_asked_are_those_of_the_territory() -> None:
    for place, figures in diagnose("EPCI:200067254").comparison:
        alone = diagnose(place.key).figures
        assert figures["population_people"] == alone["population_people"]
        assert set(figures) <= set(alone)
        assert len(figures) == len(list(figures))


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_centiles_are_those_of_numpy(count: int) -> None:
    drawn = np.random.default_rng(count).lognormal(size=count)
    with_gaps = np.append(drawn, [np.nan, np.nan])
    for values in (drawn, with_gaps):
        assert _centiles(values) == pytest.approx(tuple(np.nanquantile(values, [0.05, 0.95])))
    assert np.isnan(_centiles(np.array([np.nan]))).all()


@pytest.mark.parametrize("key", [*KEYS, "PAYS:FRM"])
def test_a_page_shows_the_rows_of_the_files(key: str) -> None:
    found = diagnose(key)
    for name in found.tables():
        frame = found.table(name)
        rows = found.rows(name)
        assert repr(rows) == repr(frame.to_dicts()), name
        assert not rows or list(rows[0]) == frame.columns
