"""One's own plate as a table typed or pasted on the form: one line a product, in kilograms per person and year.

text of the form ──▶ `diet_kg.beef=12` in the address ──▶ text of the form
Lines that say what is eaten today are left out of the address, so that it stays short.
"""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.errors import RuleBroken
from ressort.core.food import Levers
from ressort.core.territory import Territory
from ressort.diagnosis.food import commune_regions
from ressort.ingest import dry_run
from ressort.reference import table
from ressort.reference.food_system import food_system

FIELD = "plate"
HEADER = ("product", "kg_per_year")
DECIMALS = 1
MOST_CHARACTERS = 10_000
Kilograms = dict[str, float]


def today(place: Territory) -> Kilograms:
    """Product → kilograms that one inhabitant is supplied with today, as they are shown; the largest region's."""
    regions = commune_regions()[place.members]
    inside = regions[regions >= 0]
    system = food_system()
    kg = system.diet_kg_per_year[int(inside[0]) if inside.size else 0]
    return {product: round(float(one), DECIMALS) for product, one in zip(system.products, kg, strict=True)}


def written(levers: Levers, here: Kilograms) -> str:
    """The plate of a scenario as the text of the form; today's where the scenario has none."""
    kilograms = here | dict(levers.diet_kg)
    return "\n".join(f"{label} ; {_said(kilograms[product])}" for product, label in _labels() if product in kilograms)


def into_levers(words: dict[str, str], here: Kilograms) -> dict[str, str]:
    """The words of a form with the text of the plate brought to levers; it counts when the plate chosen is one's own.

    Raises:
        RuleBroken: a table that cannot be read; each problem with its line.
    """
    kept = {word: text for word, text in words.items() if word != FIELD}
    text = words.get(FIELD, "").strip()
    if kept.get("diet") != "own" or not text:
        return kept
    kept = {word: one for word, one in kept.items() if not word.startswith("diet_kg.")}
    told = {product: kg for product, kg in _read(text).items() if kg != here.get(product)}
    return kept | {f"diet_kg.{product}": f"{kg:.10g}" for product, kg in told.items()}


def _read(text: str) -> Kilograms:
    if len(text) > MOST_CHARACTERS:
        raise RuleBroken(
            "This plate holds {count} characters, more than {most}: give one line a product.",
            count=len(text),
            most=MOST_CHARACTERS,
        )
    lines = text.splitlines()
    mark = next((one for one in (";", "\t", ",") if one in text), ";")
    named = lines[0].split(mark)[0].strip().lower() == HEADER[0]
    whole = "\n".join(lines if named else [mark.join(HEADER), *lines])
    found = dry_run(whole.encode(), "plate.csv", "plate")
    if found.problems:
        shift = 0 if named else 1
        told = [
            _("line {line}, {column}: {problem}").format(
                line=one.line - shift, column=one.column, problem=RuleBroken(one.template, **one.facts).say(_)
            )
            for one in found.problems
        ]
        raise RuleBroken("Your own plate was not read: {problems}", problems=" ".join(told))
    return dict(found.frame.select(HEADER).iter_rows())


def _labels() -> list[tuple[str, str]]:
    code = "en" if (get_language() or "fr").startswith("en") else "fr"
    return list(table("food/products").select("food_group", f"label_{code}").iter_rows())


def _said(kg: float) -> str:
    """A number as it is typed: `12,5`."""
    text = f"{kg:.10g}"
    return text if (get_language() or "fr").startswith("en") else text.replace(".", ",")
