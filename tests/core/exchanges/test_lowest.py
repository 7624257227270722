"""The few lowest arcs of each territory are those that sorting finds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.exchanges.pricing import worst

ARCS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(-9, 3)), max_size=60)


def _lowest(side: list[int], values: list[int], most: int) -> set[int]:
    """The places of the lowest values of each group, the first ones among equals, by sorting."""
    kept: set[int] = set()
    for one in set(side):
        inside = [at for at, group in enumerate(side) if group == one]
        kept |= set(sorted(inside, key=lambda at: (values[at], at))[:most])
    return kept


@given(ARCS, st.integers(1, 4))
def test_each_supplier_and_consumer_keeps_its_lowest_arcs_as_sorting_finds_them(
    arcs: list[tuple[int, int, int]], most: int
) -> None:
    below = [arc for arc in arcs if arc[2] < 0]
    values = [arc[2] for arc in below]
    wanted = _lowest([arc[0] for arc in below], values, most) | _lowest([arc[1] for arc in below], values, most)
    table = np.array(arcs, dtype=np.int64).reshape(-1, 3)
    supplier, consumer = worst(
        table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2].astype(float), 0.0, most
    )
    assert list(zip(supplier, consumer, strict=True)) == [below[at][:2] for at in sorted(wanted)]
