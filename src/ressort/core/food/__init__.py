"""Food: from plates to hectares, jobs and impacts, and back from fields to people.

levers ──▶ plate ──▶ model ──▶ footprint ──▶ balance ◀── supply ◀── areas of the département
(what moves) (kg)   (links, yields) (ha, jobs, kgCO2e)   (adequacy)   (spread over communes)
                          ▲
                     uncertainty (draws, ranges, drivers)
"""

from ressort.core.food.balance import (
    Adequacy,
    actual_autonomy,
    adequacy,
    feeding_potential,
    group_land_ha,
    people_fed_by_field,
)
from ressort.core.food.farm_starts import FarmsNeeded, FarmStarts, Garden, farms_needed, start_farms
from ressort.core.food.inventory import fitted_factor, forage_kg_per_kg
from ressort.core.food.levers import Levers, number_in, require_share
from ressort.core.food.model import Footprint, footprints, links_of, per_person
from ressort.core.food.plate import Plates, meal_share, people_fed, plates
from ressort.core.food.supply import open_land_ha, reweighted, spread_error, spread_over_communes
from ressort.core.food.system import FoodSystem, Labour, Links, Spreads
from ressort.core.food.uncertainty import Draws, Driver, Range, draw, drivers, range_of

__all__ = [
    "Adequacy",
    "Draws",
    "Driver",
    "FarmStarts",
    "FarmsNeeded",
    "FoodSystem",
    "Footprint",
    "Garden",
    "Labour",
    "Levers",
    "Links",
    "Plates",
    "Range",
    "Spreads",
    "actual_autonomy",
    "adequacy",
    "draw",
    "drivers",
    "farms_needed",
    "feeding_potential",
    "fitted_factor",
    "footprints",
    "forage_kg_per_kg",
    "group_land_ha",
    "links_of",
    "meal_share",
    "number_in",
    "open_land_ha",
    "people_fed",
    "people_fed_by_field",
    "per_person",
    "plates",
    "range_of",
    "require_share",
    "reweighted",
    "spread_error",
    "spread_over_communes",
    "start_farms",
]
