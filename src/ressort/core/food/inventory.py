"""Method A, the cross-check: land of animal products from life-cycle inventories instead of rations.

`land_ha = k × live_kg × land_m2_per_kg / 10 000`; for ruminants the land is forage, and follows the regional yields:
`× Σ w_f × yield_national[f] / yield_region[f]`, w the part of each crop in the forage area (a hypothesis of `food/parameters`).
"""

M2_PER_HA = 10_000.0
KG_PER_T = 1000.0


def forage_kg_per_kg(
    land_m2_per_kg: float, national_t_per_ha: dict[str, float], forage_shares: dict[str, float]
) -> dict[str, float]:
    """Forage that, at national yields, takes the inventory's land: kg of dry matter per kg live or of milk, by crop."""
    land_ha = land_m2_per_kg / M2_PER_HA
    return {crop: land_ha * share * KG_PER_T * national_t_per_ha[crop] for crop, share in forage_shares.items()}


def fitted_factor(target_ha: float, ruminant_ha: float, other_ha: float) -> float:
    """The ruminant factor that brings the land of one person in France to a published figure.

    A fitted figure validates nothing: it is fitted once, on France as a whole.
    """
    return (target_ha - other_ha) / ruminant_ha
