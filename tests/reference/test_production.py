"""What is grown where: parcels that are known are never counted a second time by the statistics of a larger level."""

import numpy as np
import pytest

from ressort.reference.production import Production, _at_least_published, _with_extras


def _made(off_register: float) -> Production:
    """Two crop groups; potatoes are known by région only, 100 ha; the parcels of a part of the land are known."""
    nothing = np.zeros((1, 2))
    return Production(
        commune_ha=nothing,
        commune_known=nothing.astype(bool),
        region_extra_ha={"75": np.array([10.0, 100.0])},
        france_extra_ha=np.array([0.0, 0.0]),
        off_register_share={"75": np.full(2, off_register), "FR": np.full(2, off_register)},
        rule_sd=np.zeros(2),
        parcels_year="2022",
        is_floor=np.array([False, True]),
        published_ha={"REG:75": np.array([10.0, 100.0])},
    )


@pytest.mark.parametrize(
    ("off_register", "expected"),
    [(1.0, [1010.0, 100.0]), (0.0, [1000.0, 100.0]), (0.25, [1002.5, 100.0])],
)
def test_a_region_adds_its_own_posts_only_where_parcels_are_not_known(
    off_register: float, expected: list[float]
) -> None:
    cereals_summed_potatoes_unknown = np.array([1000.0, np.nan])
    assert _with_extras(_made(off_register), "REG", "75", cereals_summed_potatoes_unknown) == pytest.approx(expected)


def test_parcels_of_potatoes_take_the_place_of_the_statistics_of_the_region() -> None:
    assert _with_extras(_made(0.0), "REG", "75", np.array([1000.0, 90.0]))[1] == 90.0
    assert _with_extras(_made(0.0), "PAYS", "FR", np.array([1000.0, 90.0]))[1] == 90.0


def test_a_group_that_parcels_understate_is_never_below_the_statistics_of_its_level() -> None:
    made = _made(0.0)
    assert _at_least_published(made, "REG:75", np.array([5.0, 90.0])) == pytest.approx([5.0, 100.0])
    assert _at_least_published(made, "REG:75", np.array([5.0, 110.0])) == pytest.approx([5.0, 110.0])
    assert _at_least_published(made, "REG:84", np.array([5.0, 90.0])) == pytest.approx([5.0, 90.0])
