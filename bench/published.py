"""Published results of food and land, beside what this program says: program, published, tolerance, in one table.

The published values are read from the table of anchors (`food/anchors.csv`, each with its source) and from the sentences quoted here;
the cases of `tests/cases/food.toml` are not read. No constant is fitted to any of them but the first line, which says so.
It prints, and ends with 1 when a case that is held to a tolerance leaves it.

    make published
"""

import sys
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

import ressort
from ressort.core.food import Levers, per_person
from ressort.reference import table
from ressort.reference.food_system import food_system

M2_PER_HA = 10_000
MEATS = ("beef", "sheep_goat", "pork", "poultry")
MEAT_KG = 0.107 * 365  # of the average plate, on the scale of the published diets
#: families → m² for one person at national yields without any fitted factor, by rations and by inventories (method note, within 1 %)
FAMILIES = {
    ("field_crops",): (291, 291),
    ("fruit_vegetables",): (70, 70),
    ("dairy",): (359, 276),
    ("beef",): (1415, 876),
    ("sheep_goat",): (168, 230),
    ("pork",): (128, 124),
    ("poultry",): (143, 100),
    ("eggs",): (51, 29),
}


@dataclass(frozen=True)
class Case:
    """One published value. `tolerance` is a share of it; None where perimeters differ too much to hold it: shown only."""

    title: str
    program: float
    published: float
    tolerance: float | None
    note: str

    @property
    def gap(self) -> float:
        return self.program / self.published - 1

    @property
    def verdict(self) -> str:
        if self.tolerance is None:
            return "shown"
        return "holds" if abs(self.gap) <= self.tolerance else "FAILS"


def anchor(publisher: str, quantity: str, scenario: str = "") -> float:
    """A published value of the table of anchors; exactly one row must answer."""
    rows = table("food/anchors").filter(
        pl.col("publisher").str.starts_with(publisher)
        & (pl.col("quantity") == quantity)
        & pl.col("scenario").str.contains(scenario, literal=True)
    )
    assert rows.height == 1, (publisher, quantity, scenario, rows.height)
    return float(rows["value"][0])


def land_ha(families: tuple[str, ...] = (), fitted: bool = True, **levers: Any) -> float:
    """Hectares for one person at national yields, imported feed counted here, all food or some families of it."""
    system = food_system() if fitted else replace(food_system(), ruminant_factor=1.0, inventory_factor=1.0)
    one = per_person(system, [Levers(relocated_feed=True, **levers)], [system.region_index["FR"]])
    kept = [not families or system.families[f] in families for f in system.family_of]
    return float(one.land_ha[0, 0][kept].sum())


def with_meat(grams_a_day: float) -> float:
    """Hectares for the plate of the day with another weight of meat, nothing else moved."""
    system = food_system()
    eaten = dict(zip(system.products, system.diet_kg_per_year[system.region_index["FR"]], strict=True))
    of_meat = [p for p, f in zip(system.products, system.family_of, strict=True) if system.families[f] in MEATS]
    kg = tuple((product, float(eaten[product]) * grams_a_day / 107) for product in of_meat)
    return land_ha(diet="own", diet_kg=kg)


def without_factor() -> list[Case]:
    """The land of each family before the factor fitted on France, by both methods; the note prints whole m²."""
    printed = [*FAMILIES.items(), ((), (2624, 1997))]
    return [
        Case(
            title=f"Method note: {', '.join(families) or 'all food'}, by {method}, before the factor (m²)",
            program=land_ha(families, fitted=False, method=method) * M2_PER_HA,
            published=published,
            tolerance=max(0.01, 1 / published),
            note="±1 % or 1 m²",
        )
        for families, both in printed
        for method, published in zip(("rations", "inventories"), both, strict=True)
    ]


def cases() -> list[Case]:
    """Every published case, recomputed by asking the program as a user does, or the model for one person."""
    france = ressort.diagnose("PAYS:FRM")
    gross = france.figures["adequacy_gross_ratio"].value or 0.0
    each = france.figures["land_needed_m2_per_people"].value or 0.0
    fte = france.figures["jobs_needed_fte_per_ha"].value or 0.0
    pau = ressort.gardens("CA Pau Béarn Pyrénées", 0.1)
    people = ressort.diagnose("CA Pau Béarn Pyrénées").figures["population_people"].value or 0.0
    ademe = "ADEME 2020"
    area = "agricultural_area_per_person"
    today, vegan = anchor(ademe, area, "107 g"), anchor(ademe, area, "vegan; conventional")
    organic_vegan = anchor(ademe, area, "vegan; organic")
    lean, rich = anchor(ademe, area, "30 g/day; conv"), anchor(ademe, area, "170 g/day; conv")
    slope = (rich - lean) * M2_PER_HA / (0.14 * 365)
    fitted = anchor("PARCEL", "agricultural_area_needed") / 64.6e6
    crops, grass = anchor("Gaigne", "cropland_per_person"), anchor("Gaigne", "permanent_grassland_per_person")
    work = anchor("Agreste RA2020", "agricultural_work") / anchor("Agreste RA2020", "SAU")
    tenth = anchor("Ceinture Verte (IDDRI", "share_of_vegetable_consumption")
    organic = land_ha(diet="vegan", organic_share=1.0, organic_set="ademe_whole_diet")
    gardens = pau["low_yield"].farms * 162_000 / people
    return [
        Case(
            "PARCEL: land of one person, France (m²)",
            land_ha() * M2_PER_HA,
            fitted * M2_PER_HA,
            0.001,
            "the one figure that the ruminant factor is fitted on: it validates nothing",
        ),
        Case(
            "PARCEL: the same, at the yields of each région (m²)",
            each,
            fitted * M2_PER_HA,
            0.10,
            "imported soya counted apart",
        ),
        Case(
            "CRATer: gross adequacy of France",
            gross,
            anchor("CRATer", "theoretical_adequacy"),
            0.15,
            "their parcels of one year, our statistics",
        ),
        Case(
            "CRATer: land needed by one person (m²)",
            each,
            anchor("CRATer", "needed_area_per_inhabitant"),
            None,
            "all farmland, vines and idle land included",
        ),
        Case("ADEME: average plate (ha)", land_ha(), today, None, "theirs counts imports, drinks and exotic products"),
        Case(
            "ADEME: plate of 30 g of meat a day (ha)",
            with_meat(30),
            lean,
            None,
            "only the meat of ours is cut; theirs holds more pulses and less milk",
        ),
        Case(
            "ADEME: plate of 170 g of meat a day (ha)",
            with_meat(170),
            rich,
            None,
            "theirs counts imports, drinks and exotic products",
        ),
        Case(
            "ADEME: vegan plate (ha)", land_ha(diet="vegan"), vegan, None, "ours leaves exotic products and drinks out"
        ),
        Case(
            "ADEME: vegan over average plate",
            land_ha(diet="vegan") / land_ha(),
            vegan / today,
            0.25,
            "a ratio leaves most of the perimeter out",
        ),
        Case(
            "ADEME: organic over conventional, vegan plate",
            organic / land_ha(diet="vegan"),
            organic_vegan / vegan,
            0.05,
            "with their own set of ratios: it checks the reading of them",
        ),
        Case(
            "ADEME: land of one kilogram of meat (m²)",
            land_ha(MEATS) * M2_PER_HA / MEAT_KG,
            slope,
            0.15,
            "slope between plates of 30 and 170 g a day",
        ),
        Case(
            "Gaigné 2011: cropland and permanent grass (ha)",
            land_ha(),
            crops + grass,
            0.15,
            "another year, another method",
        ),
        Case(
            "Ceinture Verte: gardens for a tenth of the vegetables of Pau",
            gardens,
            100 * tenth / 0.1,
            0.05,
            "at 8 t/ha, brought to the 162,000 people of their statement",
        ),
        Case(
            "Census 2020: farm work of one hectare, Loire-Atlantique (FTE)",
            fte,
            work,
            None,
            "dairy and market gardens weigh more there than in France",
        ),
        *without_factor(),
    ]


def lines(found: list[Case]) -> list[str]:
    """The table, in Markdown."""
    head = ["| case | program | published | gap | tolerance | verdict | note |", "|---|---|---|---|---|---|---|"]
    rows = [
        [one.title, _told(one.program), _told(one.published), f"{round(one.gap, 3) + 0.0:+.1%}",
         "–" if one.tolerance is None else f"±{one.tolerance:.1%}", one.verdict, one.note]
        for one in found
    ]  # fmt: skip
    return head + [f"| {' | '.join(row)} |" for row in rows]


def _told(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.3g}"


def main() -> int:
    found = cases()
    print("\n".join(lines(found)))
    return int(any(one.verdict == "FAILS" for one in found))


if __name__ == "__main__":
    sys.exit(main())
