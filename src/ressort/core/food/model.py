"""Needs → land → jobs → impacts, for scenarios or draws side by side.

    plate (kg per person)
      × local share          what the territory grows
      ÷ (1 − losses)         from field to shop
      × crop kg per kg       a row of `Links` for each crop behind the product
      × ruminant factor      grass that statistics count and rations do not (milk, beef, sheep)
      ÷ yield                of the region, conventional or organic
      = hectares             by product, by crop; × labour = jobs

Everything is per person and per region first; a territory is the sum of its people by region, so that parts
always add up to their whole.
"""

from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from ressort.core.errors import UnknownCode
from ressort.core.food.levers import Levers
from ressort.core.food.plate import Plates, plates
from ressort.core.food.system import Floats, FoodSystem, Integers, Links

KG_PER_T = 1000.0
#: scenarios worked out at a time: their arrays stay near the processor, so that ten times as many take ten times as long
AT_A_TIME = 128


@dataclass(frozen=True, eq=False)
class Footprint:
    """What a plate takes. Leading axes: scenarios or draws, then regions unless summed over people.

    Args:
        need_kg, local_kg: food supplied in a year, and the part grown here, (…, P).
        land_ha, organic_land_ha, land_abroad_ha: hectares here, of which organic, and abroad for imported feed, (…, P).
        crop_land_ha, organic_crop_land_ha: hectares here by crop, of which organic, (…, K).
        jobs_fte: direct farm work here, (…, P).
        ghg_kgco2e: greenhouse gases from field to plate; 0 where no coefficient is known, (…, P).
    """

    need_kg: Floats
    local_kg: Floats
    land_ha: Floats
    organic_land_ha: Floats
    land_abroad_ha: Floats
    crop_land_ha: Floats
    organic_crop_land_ha: Floats
    jobs_fte: Floats
    ghg_kgco2e: Floats

    def for_people(self, people: Floats) -> "Footprint":
        """The sum over people by region (R,): the region axis goes."""
        return Footprint(**{f.name: np.einsum("r,...rx->...x", people, getattr(self, f.name)) for f in fields(self)})

    def for_places(self, region_of: Integers, people: Floats) -> "Footprint":
        """One row a place: the footprint per person of its region (index in `regions`) times its people, (T, X).

        A place whose region is -1 has no figure: its row is nan.
        """
        return Footprint(**{f.name: _spread_over(getattr(self, f.name), region_of, people) for f in fields(self)})


class Multipliers(Protocol):
    """What a draw multiplies; see `uncertainty.Draws`. Leading axis N, then R, then the last."""

    @property
    def diet(self) -> Floats: ...
    @property
    def organic(self) -> Floats: ...
    @property
    def labour(self) -> Floats: ...
    @property
    def organic_labour(self) -> Floats: ...
    @property
    def ghg(self) -> Floats: ...

    def of_links(self, system: FoodSystem, links: Links, regions: list[int]) -> Floats:
        """What the draws multiply the land of each link by, (N, R, L)."""
        ...


def per_person(
    system: FoodSystem, scenarios: list[Levers], regions: list[int], draws: Multipliers | None = None
) -> Footprint:
    """The footprint of one person, (S, R, …); with draws, of one scenario, (N, R, …).

    Scenarios of one call share their organic set, method and feed origin (see `footprints` for any mix).

    Raises:
        UnknownCode, RuleBroken: see `plate.plates`.
    """
    links = links_of(system, scenarios[0])
    plate = plates(system, scenarios, regions)
    need = plate.diet_kg_per_year * (draws.diet if draws else 1.0)
    local = need * plate.local_share
    base = local[..., links.product] * _ha_per_kg(system, scenarios[0], links, regions)
    if draws:
        base *= draws.of_links(system, links, regions)
    organic_share = plate.organic_share[..., links.product]
    # draws times links is the large array here: what is small is multiplied first
    conventional = base * (links.conventional * (1 - organic_share))
    organic = base * (_organic_weight(system, plate, links) * organic_share)
    if draws:
        organic *= draws.organic[..., links.product]
    return _summed(system, links, scenarios[0], need, local, conventional, organic, draws)


def footprints(system: FoodSystem, scenarios: list[Levers], regions: list[int], people: Floats) -> Footprint:
    """The footprints of any scenarios for people by region (R,), in the order given, (S, …)."""
    order: dict[tuple[str, str, bool], list[int]] = {}
    for row, levers in enumerate(scenarios):
        order.setdefault((levers.organic_set, levers.method, levers.relocated_feed), []).append(row)
    alike = [part[at : at + AT_A_TIME] for part in order.values() for at in range(0, len(part), AT_A_TIME)]
    whole: dict[str, Floats] = {}
    for part in alike:
        made = per_person(system, [scenarios[row] for row in part], regions).for_people(people)
        for name, values in vars(made).items():
            whole.setdefault(name, np.empty((len(scenarios), values.shape[1])))[part] = values
    return Footprint(**whole)


def links_of(system: FoodSystem, levers: Levers) -> Links:
    """The links of a scenario: its organic set and its method."""
    books = system.links if levers.method == "rations" else system.inventory_links
    if levers.organic_set not in books:
        raise UnknownCode(
            "{value} is not a set of organic coefficients; choose among {choices}.",
            value=levers.organic_set,
            choices=list(books),
        )
    return books[levers.organic_set]


def _ha_per_kg(system: FoodSystem, levers: Levers, links: Links, regions: list[int]) -> Floats:
    """Hectares behind one kg at the shop, conventional, (R, L)."""
    factor = system.ruminant_factor if levers.method == "rations" else system.inventory_factor
    ruminant = np.where(system.ruminant, factor, 1.0)[links.product]
    arrived = 1 - system.supply_loss_share[regions][:, links.product]
    yields = system.yield_t_per_ha[regions][:, links.crop]
    return links.crop_kg_per_kg * ruminant / arrived / (KG_PER_T * yields)


def _organic_weight(system: FoodSystem, plate: Plates, links: Links) -> Floats:
    """Organic over conventional land of each link, (S, R, L) or (L,)."""
    if not links.whole_diet:
        return links.organic
    meat, ratio = system.whole_diet_ratios
    return 1 / np.interp(plate.meat_g_per_day, meat, ratio)[..., None]


def _summed(
    system: FoodSystem,
    links: Links,
    levers: Levers,
    need: Floats,
    local: Floats,
    conventional: Floats,
    organic: Floats,
    draws: Multipliers | None,
) -> Footprint:
    here = np.ones(len(links.product)) if levers.relocated_feed else 1.0 - links.abroad
    onto_product = links.onto(links.product, len(system.products))
    by_product, by_product_abroad = here[:, None] * onto_product, (1 - here)[:, None] * onto_product
    by_crop = here[:, None] * links.onto(links.crop, len(system.crops))
    conventional_land = conventional @ by_product
    organic_land = organic @ by_product
    both = conventional + organic
    labour = draws.labour if draws else system.labour.conventional
    organic_labour = draws.organic_labour if draws else system.labour.organic
    farm = system.farm_system_of
    jobs = (conventional_land * labour[..., farm] + organic_land * organic_labour[..., farm]) * (farm >= 0)
    ghg = np.nan_to_num(system.ghg_kgco2e_per_kg) * (draws.ghg if draws else 1.0)
    return Footprint(
        need_kg=need,
        local_kg=local,
        land_ha=conventional_land + organic_land,
        organic_land_ha=organic_land,
        land_abroad_ha=both @ by_product_abroad,
        crop_land_ha=both @ by_crop,
        organic_crop_land_ha=organic @ by_crop,
        jobs_fte=jobs,
        ghg_kgco2e=need * ghg,
    )


def _spread_over(per_person_values: Floats, region_of: Integers, people: Floats) -> Floats:
    """Rows of the region table times people; the table gets a row of nan for places without region."""
    table = per_person_values.reshape(-1, per_person_values.shape[-1])
    table = np.vstack([table, np.full((1, table.shape[1]), np.nan)])
    rows = np.take(table, region_of, axis=0)
    rows *= people[:, None]
    return rows
