"""The levers as fields of a form, and a scenario in words."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ressort.core.food import Levers
from ressort.diagnosis.rows import labels
from ressort.diagnosis.scenario_words import method_labels
from ressort.language import percent
from ressort.web.scenarios.plate import FIELD, Kilograms, written

Text = str | Promise
#: levers of the whole that those of each family follow until they are moved apart, and what they are at rest
WHOLES = {"relocated_share": "1", "organic_share": "0"}
#: what stands before such a lever in the form, for its value when the form was shown
WAS = "etait."


@dataclass(frozen=True, slots=True)
class Field:
    """One lever on screen: `sort` is share, number, choice, yes or table."""

    name: str
    label: Text
    sort: str
    hint: Text = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 0.05
    choices: tuple[tuple[str, Text], ...] = field(default=())


POPULATIONS: tuple[tuple[str, Text], ...] = (
    ("all", lazy("all the inhabitants")),
    ("number", lazy("so many inhabitants")),
    ("pupils", lazy("so many pupils, at the canteen")),
    ("canteen", lazy("so many guests of company canteens")),
    ("hospital", lazy("so many people in hospitals and homes, all day")),
)


def chapters() -> list[tuple[str, list[Field], bool]]:
    """The form: title, fields, whether it is open from the start."""
    diets = tuple(labels("food/diets", "diet").items())
    sets = tuple(labels("food/organic_sets", "coefficient_set").items())
    plate = Field("diet", _("On the plate"), "choice", choices=diets)
    own = Field(
        FIELD,
        _("Your own plate, in kg per person and year"),
        "table",
        _("One line a product: name ; kilograms. Counted when “{own}” is chosen above.").format(own=dict(diets)["own"]),
    )
    waste = Field("waste_cut_share", _("Avoidable waste that is avoided"), "share")
    relocated = Field(
        "relocated_share",
        _("Part of the food grown here"),
        "share",
        _("Today nobody measures it; 100% shows the whole need."),
    )
    organic = Field("organic_share", _("Organic part of what is grown here"), "share")
    feed = Field("relocated_feed", _("Grow here the soya that comes from abroad"), "yes")
    return [
        (_("The plate"), [plate, own, waste], True),
        (_("The fields"), [relocated, organic, feed], True),
        (_("Who is fed"), _people(), False),
        (_("New market gardens"), _gardens(), False),
        (_("Land converted"), _converted(), False),
        (_("By family of food"), _families(), False),
        (
            _("Methods"),
            [
                Field("organic_set", _("Organic yields from"), "choice", choices=sets),
                Field("method", _("Land of animals from"), "choice", choices=tuple(method_labels().items())),
            ],
            False,
        ),
    ]


def _people() -> list[Field]:
    return [
        Field("population", _("Who is fed"), "choice", choices=POPULATIONS),
        Field("people", _("How many (for any choice but “all”)"), "number", high=1e9, step=1),
        Field("growth_share", _("Growth of the population"), "share", low=-0.5),
        Field("meals_per_day", _("Meals a day (canteens)"), "number", high=3, step=0.5),
        Field("days_per_year", _("Days a year (canteens)"), "number", high=366, step=1),
    ]


def _gardens() -> list[Field]:
    return [
        Field("farm_starts_per_year", _("Market gardens started each year"), "number", high=1000, step=1),
        Field("farm_years", _("For how many years"), "number", high=50, step=1),
    ]


def _converted() -> list[Field]:
    named = list(labels("food/crop_groups", "crop_group").items())
    hint = _("Hectares gained; a minus sign for those lost.")
    return [
        Field(f"converted_ha.{key}", label, "number", hint if not index else "", -1e7, 1e7, 1)
        for index, (key, label) in enumerate(named)
    ]


def _families() -> list[Field]:
    named = [(key, label) for key, label in labels("food/families", "family").items() if key != "excluded"]
    here = [
        Field(f"relocated_shares.{key}", _("Grown here: {family}").format(family=label.lower()), "share")
        for key, label in named
    ]
    return here + [
        Field(f"organic_shares.{key}", _("Organic: {family}").format(family=label.lower()), "share")
        for key, label in named
    ]


def filled(levers: Levers, here: Kilograms, typed: dict[str, str]) -> list[dict[str, Any]]:
    """The form with the values of a scenario; or with what was typed, when it could not be read.

    Args:
        here: kilograms of each product eaten today.
    """
    own = written(levers, here)
    return [
        {
            "title": title,
            "fields": [_filled(one, levers, own, typed.get(one.name)) for one in fields],
            "open": is_open or any(_moved(one, levers) for one in fields),
        }
        for title, fields, is_open in chapters()
    ]


def _filled(one: Field, levers: Levers, own: str, typed: str | None) -> dict[str, Any]:
    value = own if one.sort == "table" else _value(one.name, levers)
    shown = "" if value is None else f"{value:g}" if isinstance(value, float) else value
    if typed is not None and one.sort in ("table", "number", "choice"):
        shown = typed
    is_share = one.sort == "share"
    return {
        "field": one,
        "was": f"{WAS}{one.name}" if one.name in WHOLES else "",
        "id": one.name.replace(".", "-"),
        "value": shown,
        "told": percent(value) if is_share else "",
        "steps": "|".join(percent(one.low + one.step * i) for i in range(round((one.high - one.low) / one.step) + 1))
        if is_share
        else "",
    }


def _value(name: str, levers: Levers) -> Any:
    if name == "diet" and levers.diet_kg:
        return "own"
    lever, _dot, key = name.partition(".")
    value = getattr(levers, lever)
    if not key:
        return value
    whole = {"relocated_shares": levers.relocated_share, "organic_shares": levers.organic_share}
    return dict(value).get(key, whole.get(lever))


def _moved(one: Field, levers: Levers) -> bool:
    lever, _dot, key = one.name.partition(".")
    if one.sort == "table":
        return bool(levers.diet_kg)
    if key:
        return key in dict(getattr(levers, lever))
    return getattr(levers, lever) != Levers.__dataclass_fields__[lever].default


def read(words: dict[str, str]) -> Levers:
    """The levers written in an address. What a family shares with the whole, or shared with it when the form was shown, is no lever of its own.

    Raises:
        RuleBroken, UnknownCode: a lever outside its range, a diet that does not exist.
    """
    kept = dict(words)
    for whole, rest in WHOLES.items():
        followed = ("", kept.get(whole) or rest, kept.pop(f"{WAS}{whole}", ""))
        for word in [word for word in kept if word.startswith(f"{whole}s.") and kept[word] in followed]:
            del kept[word]
    for word in [word for word in kept if word.startswith("converted_ha.") and kept[word] in ("", "0")]:
        del kept[word]
    return Levers.from_query(kept)
