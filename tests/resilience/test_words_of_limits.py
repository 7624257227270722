"""What no local figure tells is said in plain words; weights that mean nothing are refused."""

from math import nan

import pytest

from ressort.core.errors import RuleBroken
from ressort.language import language
from ressort.reference.territories import resolve
from ressort.resilience import of_territory
from ressort.resilience.places import gaps
from tests.resilience.questions import PLACE, request


def test_hospitals_roads_and_the_first_employer_are_told_as_not_known() -> None:
    ground = of_territory(resolve(PLACE))
    with language("en"):
        told = gaps(ground, ("hospital_closure", "road_cut", "employer_closure", "power_cut"))
    assert [word in one for word, one in zip(("hospitals", "roads", "not known by name"), told[-3:], strict=True)] == [True] * 3  # fmt: skip
    for one in told[-3:]:
        word = one.rpartition(" with ")[2].rstrip(".")
        request(word.partition(".")[0], intensity=(word,))  # what the sentence says to write is read


@pytest.mark.parametrize("weights", [(0.0,) * 12, (-1.0, *(1.0,) * 11), (nan, *(1.0,) * 11)])
def test_weights_that_mean_nothing_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(RuleBroken, match="Weights"):
        request("power_cut", weights=weights)
