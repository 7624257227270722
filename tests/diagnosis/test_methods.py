"""The methods pages give the numbers of the program: each is written from the program and looked for in the page."""

import numpy as np
import pytest

from ressort.diagnosis import food, scales
from ressort.ingest import connectors
from ressort.language import language, number
from ressort.reference.areas import ONE_SIDED_95
from ressort.reference.food_parameters import market_garden, parameter
from ressort.reference.food_system import food_system, table_of_spreads
from ressort.reference.places import ENOUGH
from ressort.reference.production import production
from ressort.reference.tables import table
from ressort.reference.territories import territories
from tests.tidy.sources import ROOT, modules


def _page(name: str) -> str:
    return " ".join((ROOT / "docs" / "methods" / f"{name}.md").read_text("utf-8").split())


def _food_facts() -> list[str]:
    system, spread, garden = food_system(), table_of_spreads(), market_garden()
    maturity = [f"{share:.0%}".removesuffix("%") for share in (*garden.maturity_share, 1)]
    return [
        f"**Ruminant factor {system.ruminant_factor:.3f}.**",
        f"its own factor, fitted the same way, is {system.inventory_factor:.3f}",
        f"waste cut × {system.avoidable_share:.3f}",
        f"{parameter('forage_permanent_grass_share'):.2f} permanent grass, "
        f"{parameter('forage_temporary_grass_share'):.2f} temporary grass, "
        f"{parameter('forage_green_maize_share'):.2f} green maize",
        f"{food.DRAWS:,} draws, always the same (Latin hypercube, seed {food.SEED})",
        f"diet (±{spread['diet']:.0%} each product), rations (±{spread['ration']:.0%}), losses (±{spread['losses']:.0%})".replace(
            "%", " %"
        ),
        f"±{spread['observed']:.0%}, {spread['derived']:.0%} or {spread['recalled']:.0%} as observed".replace(
            "%, ", ", "
        )
        .replace("% or", " or")
        .replace("%", " %"),
        f"(log sd {spread['ruminant_factor']:.2f})",
        f"gardens of {garden.land_ha:.0f} ha give {maturity[0]}, {maturity[1]}, then {maturity[2]} % of "
        f"{system.parameters['market_garden_organic_yield']:.0f} t/ha",
        f"active × {garden.retention_share} + starts",
        f"{system.parameters['least_energy_kcal_per_day']:,.0f} kcal a day",
        f"meals a day × {system.parameters['lunch_share_of_daily_food']:.2f}",
        f"rings of {scales.RINGS_KM[0]} to {scales.RINGS_KM[-1]} km",
        f"“Could feed itself” starts at {parameter('feeds_itself_share'):.0%}".replace("%", " %")
        .replace("“", '"')
        .replace("”", '"'),
    ]


@pytest.mark.parametrize("fact", _food_facts())
def test_the_page_on_food_gives_the_numbers_of_the_model(fact: str) -> None:
    assert fact in _page("food")


def test_the_page_on_territories_gives_the_widths_of_the_table() -> None:
    rows = table("agriculture/area_ranges").select("basis", "low_ratio", "high_ratio").iter_rows()
    width = {basis: (round(100 * (1 - low)), round(100 * (high - 1))) for basis, low, high in rows}
    assert all(low == high for low, high in width.values()), "the page writes them ±"
    assert width["region_summed"] == width["country_only"]
    page = _page("territory")
    assert (
        f"Département: ±{width['departement_downscaled'][0]} %; région and France: ±{width['region_summed'][0]} %"
        in page
    )
    assert f"crop by crop (±{width['official_table'][0]} %)" in page
    assert f"told partly by parcels has ±{width['parcels'][0]} % on that part" in page


def test_the_page_on_territories_counts_them_and_gives_the_error_of_the_rule() -> None:
    known, page = territories(), _page("territory")
    counts = dict(known.table.group_by("kind").len().iter_rows())
    with language("en"):
        for kind in ("COM", "EPCI", "BV", "ZE", "AAV", "DEP", "REG", "BE_COM"):
            assert number(counts[kind]) in page, kind
        assert f"{number(len(known.former_codes))} former commune codes" in page
    factors = np.exp(ONE_SIDED_95 * production().rule_sd)
    groups = list(food_system().groups)
    told = {name: factors[groups.index(name)] for name in ("forage", "cereals", "oilseeds", "sugar")}
    assert (
        f"a factor of {told['forage']:.1f} for grass, {told['cereals']:.0f} for cereals, {told['oilseeds']:.0f} for oilseeds, "
        f"{told['sugar']:.0f} for beet"
    ) in page
    assert f"at least {ENOUGH:.1%} of the population".replace("%", " %") in page


def test_every_official_file_changes_something_and_the_page_on_data_says_what() -> None:
    read = "".join(path.read_text("utf-8") for path in modules("diagnosis", "energy", "exchanges", "reference", "core"))
    told = _page("data").partition("what the producer hides is *secret*.")[0].partition("What 3 changes")[2]
    for name in connectors():
        assert f'"{name}"' in read and f"`{name}`" in told, name
