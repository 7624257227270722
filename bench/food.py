"""The food model over all of France at once, and a thousand scenarios of one EPCI; cost linear in both.

The physical limit is a NumPy copy of the very arrays that the computation reads and writes.
"""

import _timing
import numpy as np

from ressort.core.food import Adequacy, Footprint, Levers, adequacy, footprints, group_land_ha, per_person
from ressort.diagnosis.food import commune_regions, people_by_region
from ressort.reference.food_system import food_system
from ressort.reference.places import Places, commune_values
from ressort.reference.production import hectares
from ressort.reference.territories import resolve, territories

LIMIT_MS, LIMIT_COPIES, LIMIT_MB, LIMIT_SCENARIOS_MS = 60.0, 12.0, 400.0, 100.0


def whole_country(rows: np.ndarray, available_ha: np.ndarray) -> tuple[Footprint, np.ndarray, Adequacy]:
    """Needs → land → jobs → impacts → autonomy of many communes, one scenario."""
    system = food_system()
    people = np.nan_to_num(commune_values("population_people"))[rows]
    one = per_person(system, [Levers(diet="minus_25", organic_share=0.3)], list(range(len(system.regions))))
    here = one.for_places(commune_regions()[rows], people)
    needed = group_land_ha(here.crop_land_ha, system.group_of, len(system.groups))
    return here, needed, adequacy(available_ha, needed)


def communes() -> None:
    """All communes × all products against a copy of what is touched, then ten times as many."""
    atoms = np.arange(territories().atoms)
    available = hectares(Places.all())[: len(atoms)]
    here, needed, balance = whole_country(atoms, available)
    arrays = [*vars(here).values(), needed, available, *vars(balance).values()]
    ours = 1000 * _timing.best_s(lambda: whole_country(atoms, available))
    copy = 1000 * _timing.best_s(lambda: [array.copy() for array in arrays])
    what = f"{len(atoms)} communes × {here.need_kg.shape[1]} products, needs to autonomy"
    _timing.tell(what, ours, "limit asked", LIMIT_MS)
    _timing.tell(what, ours, f"{LIMIT_COPIES:.0f} NumPy copies of its arrays", LIMIT_COPIES * copy)
    _timing.tell("most memory held, reference included", _timing.memory_mb(), "limit asked", LIMIT_MB, "MB")
    many, more = np.tile(atoms, 10), np.tile(available, (10, 1))
    tenfold = 1000 * _timing.best_s(lambda: whole_country(many, more), 3)
    _timing.tell("ten times the communes", tenfold, "ten times the time of once", 10 * ours)


def scenarios() -> None:
    """A thousand scenarios of one EPCI, then ten thousand."""
    system, place = food_system(), resolve("CA Pau Béarn Pyrénées")
    mix = people_by_region(place, Levers())
    assert mix is not None, "the model reaches Pau"
    regions = [int(region) for region in np.flatnonzero(mix)]

    def play(levers: list[Levers]) -> Footprint:
        return footprints(system, levers, regions, mix[regions])

    thousand = _mixed(1000)
    ours = 1000 * _timing.best_s(lambda: play(thousand))
    _timing.tell("1,000 scenarios of one EPCI", ours, "limit asked", LIMIT_SCENARIOS_MS)
    myriad = _mixed(10_000)
    _timing.tell(
        "10,000 scenarios", 1000 * _timing.best_s(lambda: play(myriad), 3), "ten times the time of 1,000", 10 * ours
    )


def _mixed(count: int) -> list[Levers]:
    """Scenarios that all differ, over diets, shares, sets and methods."""
    dice = np.random.default_rng(7)
    diets, sets = ("current", "minus_25", "minus_50", "vegetarian", "vegan"), tuple(food_system().links)
    return [
        Levers(
            diet=diets[row % len(diets)],
            organic_set=sets[row % len(sets)],
            method=("rations", "inventories")[row % 2],
            organic_share=float(organic),
            relocated_share=float(relocated),
            waste_cut_share=float(waste),
        )
        for row, (organic, relocated, waste) in enumerate(dice.random((count, 3)))
    ]


if __name__ == "__main__":
    _timing.machine()
    communes()
    scenarios()
