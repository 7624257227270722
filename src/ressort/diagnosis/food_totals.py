"""What a footprint adds up to: hectares, work, gases, nitrogen, and the proxies of pressure on water and nature.

The same sums serve the central result, the draws and the other choices of coefficients, so that a range surrounds its centre.
"""

import numpy as np

from ressort.core.food import Footprint
from ressort.core.food.system import Floats
from ressort.reference.food_system import food_system

DAYS_PER_YEAR = 365
G_PER_KG = 1000.0
NITROGEN_PER_PROTEIN = 1 / 6.25
THIRSTY = ("maize_grain", "maize_silage", "vegetables_mix", "tree_fruit_mix", "potato")


def totals(footprint: Footprint, regions: list[int]) -> dict[str, Floats]:
    """Sums over products and crops, any leading axes; the last axis but one is `regions`."""
    system = food_system()
    grass = system.crops.index("grass_permanent")
    thirsty = [system.crops.index(crop) for crop in THIRSTY]
    mineral = footprint.crop_land_ha - footprint.organic_crop_land_ha
    transport = system.transport_kgco2e_per_kg
    moved = np.where(np.isnan(transport), 0.0, system.ghg_kgco2e_per_kg)
    return {
        "land_ha": footprint.land_ha.sum(-1),
        "land_abroad_ha": footprint.land_abroad_ha.sum(-1),
        "jobs_fte": footprint.jobs_fte.sum(-1),
        "ghg_kgco2e": footprint.ghg_kgco2e.sum(-1),
        "nitrogen_kg": (footprint.need_kg * nitrogen_per_kg(regions)).sum(-1),
        "mineral_arable_ha": mineral.sum(-1) - mineral[..., grass],
        "thirsty_crops_ha": footprint.crop_land_ha[..., thirsty].sum(-1),
        "permanent_grass_ha": footprint.crop_land_ha[..., grass],
        "transport_kgco2e": footprint.need_kg @ np.nan_to_num(transport),
        "transported_kgco2e": footprint.need_kg @ np.nan_to_num(moved),
    }


def nitrogen_per_kg(regions: list[int]) -> Floats:
    """Nitrogen in a kilogram of each product, (R, P): protein ÷ 6.25."""
    system = food_system()
    today, protein = system.diet_kg_per_year[regions], system.protein_g_per_day[regions]
    per_kg = np.divide(protein, today, out=np.zeros_like(today), where=today > 0) * DAYS_PER_YEAR / G_PER_KG
    return np.asarray(per_kg * NITROGEN_PER_PROTEIN)
