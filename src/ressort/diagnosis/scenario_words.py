"""A scenario in words: what its levers say, as a person reads them on a page, in a report, beside another one."""

from ressort.core.food import Levers
from ressort.diagnosis.rows import labels
from ressort.language import gettext as _
from ressort.language import ngettext, number, percent, quantity

#: kilograms of one's own plate that are told, the largest first
MOST_TOLD = 3


def method_labels() -> dict[str, str]:
    """How the land of animals is worked out, by method, in words."""
    return {
        "rations": _("animals: rations and yields"),
        "inventories": _("animals: life-cycle inventories"),
    }


def in_words(levers: Levers) -> str:
    """A scenario in a few words, such as “30 % organic, vegetarian”."""
    diets, families = labels("food/diets", "diet"), labels("food/families", "family")
    parts = []
    if levers.diet != "current":
        parts.append(diets.get(levers.diet, levers.diet).lower())
    parts += _kilograms(levers)
    if levers.relocated_share != 1.0:
        parts.append(_("{share} grown here").format(share=percent(levers.relocated_share)))
    if levers.organic_share:
        parts.append(_("{share} organic").format(share=percent(levers.organic_share)))
    parts += [
        _("{family}: {share} grown here").format(family=families.get(k, k).lower(), share=percent(v))
        for k, v in levers.relocated_shares
    ]
    parts += [
        _("{family}: {share} organic").format(family=families.get(k, k).lower(), share=percent(v))
        for k, v in levers.organic_shares
    ]
    if levers.replace_protein is not None:
        parts.append(_("protein replaced by pulses") if levers.replace_protein else _("protein not replaced"))
    if levers.waste_cut_share:
        parts.append(_("{share} of waste avoided").format(share=percent(levers.waste_cut_share)))
    return ", ".join(parts + _others(levers)) or _("today’s plate")


def _kilograms(levers: Levers) -> list[str]:
    """What one's own plate holds, the three largest first."""
    products = labels("food/products", "food_group")
    largest = sorted(levers.diet_kg, key=lambda pair: -pair[1])
    told = [f"{products.get(k, k).lower()} {quantity(v, 'kg')}" for k, v in largest[:MOST_TOLD]]
    return [*told, "…"] if len(largest) > MOST_TOLD else told


def _fed(population: str, people: float) -> str:
    """Who is fed, with their number."""
    told = {
        "number": ngettext("{people} inhabitant", "{people} inhabitants", people),
        "pupils": ngettext("{people} pupil at the canteen", "{people} pupils at the canteen", people),
        "canteen": ngettext("{people} guest of company canteens", "{people} guests of company canteens", people),
        "hospital": ngettext(
            "{people} person in hospitals and homes", "{people} people in hospitals and homes", people
        ),
    }
    return told[population].format(people=number(people))


def _meals(levers: Levers) -> list[str]:
    """How often guests eat, where it is not as often as they do by default."""
    usual, parts = Levers(), list[str]()
    if levers.population not in ("pupils", "canteen"):
        return parts
    if levers.meals_per_day != usual.meals_per_day:
        meals = ngettext("{meals} meal a day", "{meals} meals a day", levers.meals_per_day)
        parts.append(meals.format(meals=number(levers.meals_per_day, 0 if levers.meals_per_day % 1 == 0 else 1)))
    if levers.days_per_year != usual.days_per_year:
        days = ngettext("{days} day a year", "{days} days a year", levers.days_per_year)
        parts.append(days.format(days=number(levers.days_per_year)))
    return parts


def _others(levers: Levers) -> list[str]:
    groups = labels("food/crop_groups", "crop_group")
    parts = []
    if levers.population != "all":
        parts.append(_fed(levers.population, levers.people or 0))
    parts += _meals(levers)
    if levers.growth_share:
        parts.append(
            _("population {change}").format(
                change=f"{'+' if levers.growth_share > 0 else ''}{percent(levers.growth_share)}"
            )
        )
    if levers.relocated_feed:
        parts.append(_("soya grown here"))
    if levers.farm_starts_per_year:
        parts.append(_("{count} market gardens a year").format(count=number(levers.farm_starts_per_year)))
        if levers.farm_years != Levers().farm_years:
            parts.append(
                ngettext("for {years} year", "for {years} years", levers.farm_years).format(
                    years=number(levers.farm_years)
                )
            )
    parts += [f"{groups.get(k, k).lower()} {'+' if v > 0 else ''}{number(v)} ha" for k, v in levers.converted_ha]
    if levers.method != "rations":
        parts.append(method_labels()[levers.method])
    if levers.organic_set != "survey_2022":
        parts.append(labels("food/organic_sets", "coefficient_set").get(levers.organic_set, levers.organic_set).lower())
    return parts
