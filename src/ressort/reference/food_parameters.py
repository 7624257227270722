"""Single figures of the food model, each with its unit, status and source."""

import polars as pl

from ressort.core.errors import MissingData
from ressort.core.food import Garden
from ressort.reference.tables import table


def parameter(name: str) -> float:
    """A single figure of `food/parameters`.

    Raises:
        MissingData: nothing bears that name.
    """
    rows = table("food/parameters").filter(pl.col("parameter") == name)
    if rows.is_empty():
        raise MissingData("No parameter is called {name}. Add a row to reference/food/parameters.csv.", name=name)
    return float(rows["value"][0])


def market_garden() -> Garden:
    """The turnkey market garden of the farm starts."""
    first_years = (parameter("market_garden_first_year_share"), parameter("market_garden_second_year_share"))
    return Garden(parameter("market_garden_farm_area"), first_years, parameter("market_garden_retention_share"))
