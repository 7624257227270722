"""A territory measured alone, as a command does, has the very figures that it has among all the others."""

import pytest

from ressort.diagnosis.atlas import atlas, measure
from ressort.reference.places import Places
from ressort.reference.territories import territories


@pytest.mark.parametrize(
    "key", ["COM:64445", "EPCI:200067254", "BV:64445", "DEP:44", "REG:52", "PAYS:FRM", "COM:97411", "BE_PROV:60000"]
)
def test_measured_alone_a_territory_has_the_figures_it_has_among_all(key: str) -> None:
    row = territories().row(key)
    alone = measure(Places.of([territories().territory(key)]))
    assert {name: column.figure(0, name) for name, column in alone.items()} == {
        name: column.figure(row, name) for name, column in atlas().items()
    }
