"""What a reciprocity agreement can really bring: what a named partner makes beyond its own use, day by day."""

import numpy as np
import polars as pl

from ressort.core.economy import Economy, Floats
from ressort.core.resilience import Run
from ressort.language import current_language
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import Need, needs
from ressort.resilience.ground import LEVEL, Ground

DAYS_PER_YEAR = 365
SCHEMA = {
    "partner": pl.String, "need": pl.String, "label": pl.String, "required_eur_per_day": pl.Float64, "surplus_eur_per_day": pl.Float64,
    "cover_share": pl.Float64, "status": pl.String,
}  # fmt: skip


def surplus_rows(ground: Ground, economy: Economy) -> pl.DataFrame:
    """One row a partner and a need: what it sells beyond its own use at rest, beside what is required here."""
    rows = []
    for place, partner in enumerate(ground.partners, 1):
        for need in needs():
            products = _products(need)
            required = _required(economy, products)
            surplus = float((_made(economy, place, products) - _own_use(economy, place, products)).clip(0).sum())
            rows.append({
                "partner": partner.name, "need": need.name, "label": need.labels[current_language()], "required_eur_per_day": required,
                "surplus_eur_per_day": surplus, "cover_share": surplus / required if required > 0 else None, "status": "estimated",
            })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def available_share(run: Run, ground: Ground, need: Need, required: Floats) -> Floats | None:
    """Share of what is required here that partners make beyond their own use, day by day, (T,); None when no partner is named.

    A partner hit by the same shock makes less, and keeps first what it uses itself.
    """
    if not ground.partners:
        return None
    products = _products(need)
    total = np.zeros(len(run.track.production))
    for place in range(1, 1 + len(ground.partners)):
        made = run.track.production[:, place * len(run.economy.sectors) + products]
        total += np.maximum(made - _own_use(run.economy, place, products), 0.0).sum(1)
    return np.divide(total, required, out=np.zeros_like(total), where=required > 0)


def _products(need: Need) -> np.ndarray:
    return np.array([branches(LEVEL).index(code) for code in need.products])


def _made(economy: Economy, place: int, products: np.ndarray) -> Floats:
    return np.asarray(economy.output[place * len(economy.sectors) + products] / DAYS_PER_YEAR)


def _own_use(economy: Economy, place: int, products: np.ndarray) -> Floats:
    """What a place uses of its own products at rest, by its industries, households and public bodies, money a day, (P,)."""
    sectors = len(economy.sectors)
    sellers, inside = place * sectors + products, slice(place * sectors, (place + 1) * sectors)
    used = economy.intermediate[sellers, inside].sum(1) + economy.final[sellers, 2 * place : 2 * place + 2].sum(1)
    return np.asarray(used / DAYS_PER_YEAR)


def _required(economy: Economy, products: np.ndarray) -> float:
    by_product = economy.final.reshape(len(economy.regions), len(economy.sectors), -1)[:, products, :2]
    return float(by_product.sum() / DAYS_PER_YEAR)
