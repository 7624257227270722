"""The synthesis of a diagnosis: a card is one number, one sentence, one comparison, one action."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_noop as _

from ressort.core.figure import Figure
from ressort.core.territory import Territory
from ressort.diagnosis import Diagnosis
from ressort.language import current_language, gettext
from ressort.reference.indicators import indicator
from ressort.web.diagnosis import queries
from ressort.web.templatetags.wording import UNKNOWN, bare_quantity


@dataclass(frozen=True, slots=True)
class Plan:
    """What a card shows.

    Args:
        key: the indicator; its value begins the sentence, where {other} is the value of `other`.
        action: words; target: a screen (`scenarios:scenario`, `own`) or a chapter of the page (`#…`); query: levers to start from.
        compared: the indicator that is compared; per_people: or this one, for so many people, in that unit, so said.
    """

    key: str
    sentence: str
    action: str
    target: str
    compared: str = ""
    per_people: tuple[float, str, str] | None = None
    other: str = ""
    query: tuple[tuple[str, str], ...] = ()


PLANS = (
    Plan(
        "adequacy_capped_share",
        _("of what inhabitants eat could be grown on the known farmland, if all of it were eaten here."),
        _("See at which scale it would be enough"),
        "#scale",
        compared="adequacy_capped_share",
    ),
    Plan(
        "land_needed_ha",
        _("of land are needed to feed everybody, that is {other} each."),
        _("Change what is on the plate"),
        "scenarios:scenario",
        compared="land_needed_m2_per_people",
        other="land_needed_m2_per_people",
    ),
    Plan(
        "land_available_ha",
        _("of farmland are known here. Vegetables and fruit are often missing from official figures."),
        _("Give your own areas"),
        "own",
        compared="feeding_potential_ratio",
    ),
    Plan(
        "jobs_needed_fte",
        _("on farms would grow all that inhabitants eat."),
        _("Start market gardens"),
        "scenarios:scenario",
        per_people=(1000, "fte", _("For 1,000 inhabitants")),
        query=(("farm_starts_per_year", "5"),),
    ),
    Plan(
        "ghg_kgco2e_per_people",
        _("a year come from what each inhabitant eats. Transport makes {other} of it."),
        _("Compare plates"),
        "scenarios:scenario",
        compared="ghg_kgco2e_per_people",
        other="ghg_transport_share",
    ),
    Plan(
        "land_abroad_ha",
        _("abroad grow feed for the animals eaten here."),
        _("Grow that feed here"),
        "scenarios:scenario",
        per_people=(10_000, "m2", _("For each inhabitant")),
        query=(("relocated_feed", "1"),),
    ),
    Plan(
        "residential_electricity_mwh_per_people",
        _("of electricity are used at home in a year."),
        _("See energy and daily life"),
        "#life",
        compared="residential_electricity_mwh_per_people",
    ),
    Plan(
        "commute_car_share",
        _("of the residents who work go there by car."),
        _("See energy and daily life"),
        "#life",
        compared="commute_car_share",
    ),
    Plan(
        "median_living_standard_eur",
        _("a year: half of the inhabitants live with less."),
        _("See the most similar territories"),
        "#compare",
        compared="median_living_standard_eur",
    ),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """A value shown beside another, with the length of its bar (0–1)."""

    label: str
    figure: Figure
    length: float
    is_here: bool = False


def cards(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    """The cards of the synthesis, in order."""
    return [_card(diagnosis, plan) for plan in PLANS if plan.key in diagnosis.figures]


def _card(diagnosis: Diagnosis, plan: Plan) -> dict[str, Any]:
    return {
        "key": plan.key,
        "figure": diagnosis.figures[plan.key],
        "label": _label(plan.key),
        "sentence": _filled(plan, diagnosis.figures),
        "compared_label": _compared_label(plan),
        "beside": beside(diagnosis, plan),
        "action": gettext(plan.action),
        "url": target(diagnosis.territory, plan),
    }


def _label(key: str) -> str:
    return indicator(key).label(current_language())


def _compared_label(plan: Plan) -> str:
    if plan.per_people:
        return gettext(plan.per_people[2])
    return _label(plan.compared) if plan.compared != plan.key else ""


def _filled(plan: Plan, figures: dict[str, Figure]) -> str:
    other = figures.get(plan.other)
    known = other is not None and other.value is not None
    return gettext(plan.sentence).format(other=bare_quantity(other.value, other.unit, 2) if known else UNKNOWN)


def target(place: Territory, plan: Plan) -> str:
    """Where the action of a card leads; nowhere when a group cannot do it."""
    if plan.target.startswith("#"):
        return plan.target
    if plan.target == "own" and place.kind == "CUSTOM":
        return ""
    return queries.link(place, plan.target, query=dict(plan.query))


def beside(diagnosis: Diagnosis, plan: Plan) -> list[Beside]:
    """The value of the territory and of the larger ones that hold it, on one scale that begins at zero."""
    rows = [(diagnosis.territory, diagnosis.figures, True)]
    rows += [(place, figures, False) for place, figures in diagnosis.comparison]
    found = [
        (gettext("Here") if is_here else place.name, _compared(figures, plan), is_here)
        for place, figures, is_here in rows
    ]
    top = max((figure.value for _place, figure, _here in found if figure.value is not None), default=0.0)
    return [
        Beside(label, figure, 0.0 if figure.value is None or top <= 0 else max(0.0, figure.value / top), is_here)
        for label, figure, is_here in found
    ]


def _compared(figures: dict[str, Figure], plan: Plan) -> Figure:
    if not plan.per_people:
        return figures[plan.compared]
    factor, unit, _words = plan.per_people
    one = figures[plan.key].over(figures["population_people"], unit)
    return one if one.value is None else replace(one, value=one.value * factor, low=None, high=None)
