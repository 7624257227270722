"""Maps: contours that touch, classes that hold, a list that says the same."""

import json
import re

import numpy as np
import pytest
import shapely
from django.test import Client

from ressort.reference.territories import territories
from ressort.reference.territory_shapes import contour, drawn
from ressort.web.diagnosis import maps
from ressort.web.territories import shapes

pytestmark = pytest.mark.django_db


def features(client: Client, level: str) -> dict[str, shapely.Geometry]:
    answer = client.get(f"/carte/{level}/contours.json")
    assert answer.status_code == 200 and "max-age" in answer["Cache-Control"]
    found = json.loads(answer.content)["features"]
    return {one["id"]: shapely.from_geojson(json.dumps(one["geometry"])) for one in found}


def test_every_epci_with_a_contour_is_drawn_once(client: Client) -> None:
    known = territories()
    epci = known.table.filter(known.table["kind"] == "EPCI")
    assert set(features(client, "epci")) <= {f"EPCI:{code}" for code in epci["code"]}
    assert len(features(client, "epci")) >= epci.height - 1


def test_neighbours_still_touch_once_simplified() -> None:
    known = territories()
    places = [known.territory(int(row)) for row in known.members(known.row("EPCI:200067254"))]
    whole = shapely.union_all([shape for shape in drawn(places, 0.003) if shape is not None])
    assert sum(len(part.interiors) for part in shapely.get_parts(whole)) == 0
    assert whole.area == pytest.approx(contour(known.territory("EPCI:200067254")).area, rel=0.03)


def test_a_place_smaller_than_the_detail_keeps_its_shape() -> None:
    known = territories()
    smallest = min(range(known.atoms), key=lambda row: known.table["area_ha"][row] or np.inf)
    (shape,) = drawn([known.territory(smallest)], 0.5)
    assert shape is not None and shape.area > 0


def test_belgium_has_no_contour_and_says_nothing_false(client: Client) -> None:
    place = territories().territory("BE_PROV:60000")
    assert contour(place) is None and shapes.geometry(place) is None and shapes.locator(place) is None
    assert b'<svg class="locator"' not in client.get("/territoire/BE_PROV/60000/").content


@pytest.mark.parametrize(
    ("key", "pieces"), [("COM:64445", 31), ("EPCI:200067254", 31), ("REG:75", 12), ("PAYS:FR", 13), ("PAYS:FRM", 13)]
)
def test_the_small_map_shows_the_pieces_of_a_territory(key: str, pieces: int) -> None:
    found = shapes.locator(territories().territory(key))
    assert found is not None and len(found.pieces) == pieces
    assert sum(piece.is_here for piece in found.pieces) == (1 if key.startswith("COM") else 0)
    assert all(re.fullmatch(r"(M[-\d L]+Z)+", piece.path) for piece in found.pieces)


def test_classes_hold_every_known_territory_and_read_differently(client: Client) -> None:
    for level in ("epci", "departements", "64"):
        for key, _label in maps.offered(level):
            found, legend = maps.drawing(level, key)
            assert sum(one.count for one in legend) == len(found)
            assert len({one.words for one in legend}) == len(legend), (level, key)


def test_the_bounds_of_classes_rise_and_hold_the_extremes() -> None:
    values = np.array([np.nan, 0.0, 0.001, 0.5, 0.9, 0.99, 0.99, 1.0, 1.0])
    bounds = maps.class_bounds(values)
    assert maps.class_bounds(np.array([2.0, 2.0])).tolist() == [2.0, 2.0]
    assert (np.diff(bounds) > 0).all() and bounds[0] == 0.0 and bounds[-1] == 1.0
    assert maps.class_bounds(np.array([np.nan])).size == 0


def test_the_list_says_what_the_map_shows(client: Client) -> None:
    html = client.get("/carte/64/", {"indicateur": "commute_car_share"}).content.decode()
    groups = dict(re.findall(r'data-key="([^"]+)" data-group="([^"]+)"', html))
    found, _legend = maps.drawing("64", "commute_car_share")
    assert groups == {one.key: one.group for one in found}


@pytest.mark.parametrize("path", ["/carte/zz/", "/carte/99/contours.json", "/carte/64/?indicateur=nothing"])
def test_a_map_that_does_not_exist_says_so(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_geojson_of_a_table_has_contours(client: Client) -> None:
    found = json.loads(client.get("/territoire/EPCI/200067254/tableau/comparison.geojson").content)
    kinds = {one["geometry"]["type"] for one in found["features"]}
    assert kinds <= {"Polygon", "MultiPolygon"}
