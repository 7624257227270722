import pytest

from ressort.core.food import FoodSystem
from ressort.reference.food_system import food_system


@pytest.fixture(scope="session")
def food() -> FoodSystem:
    """The food system as shipped."""
    return food_system()
