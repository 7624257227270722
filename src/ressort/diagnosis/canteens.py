"""What the canteens of a territory take: meals, kilograms, land, and the gardens of their vegetables."""

import polars as pl

from ressort.core.food import Levers, farms_needed
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.food import GARDEN_YIELDS, VEGETABLES, diagnose_food
from ressort.reference.food_parameters import market_garden
from ressort.reference.food_system import food_system

SCHEMA = {
    "name": pl.String,
    "meals": pl.Float64,
    "food_kg": pl.Float64,
    "land_needed_ha": pl.Float64,
    "land_low_ha": pl.Float64,
    "land_high_ha": pl.Float64,
    "organic_share": pl.Float64,
    "vegetables_kg": pl.Float64,
    "gardens_farms": pl.Int64,
}


def canteens(diagnosis: Diagnosis) -> pl.DataFrame:
    """One row a canteen; empty when the territory gave none, or where the model does not reach."""
    system = food_system()
    vegetables = [system.product_index[name] for name in VEGETABLES]
    rows = []
    for canteen in diagnosis.own.canteens:
        levers = Levers(
            population="canteen",
            people=canteen.guests_people,
            meals_per_day=canteen.meals_per_day,
            days_per_year=canteen.days_per_year,
            organic_share=canteen.organic_share or 0.0,
        )
        food = diagnose_food(diagnosis.territory, levers)
        if food is None:
            continue
        vegetables_kg = float(food.central.need_kg[vegetables].sum())
        land = Diagnosis(diagnosis.territory, levers).figures["land_needed_ha"]
        rows.append(
            {
                "name": canteen.name,
                "meals": canteen.guests_people * canteen.meals_per_day * canteen.days_per_year,
                "food_kg": float(food.central.need_kg.sum()),
                "land_needed_ha": land.value,
                "land_low_ha": land.low,
                "land_high_ha": land.high,
                "organic_share": canteen.organic_share,
                "vegetables_kg": vegetables_kg,
                "gardens_farms": farms_needed(
                    vegetables_kg, 1.0, system.parameters[GARDEN_YIELDS[0]], market_garden().land_ha
                ).farms,
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA)
