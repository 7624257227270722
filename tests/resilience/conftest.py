"""A power cut already played, for the tests beside this file."""

import pytest

from ressort.language import language
from ressort.resilience import Stress, stress
from tests.resilience.questions import PLACE


@pytest.fixture(scope="module")
def cut() -> Stress:
    """A power cut with two levers, few runs."""
    with language("fr"):
        return stress(PLACE, "power_cut", levers=("storage", "community_energy"), runs=24, days=120)
