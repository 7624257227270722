"""The synthesis of a diagnosis in plain sentences, each one drawn from its figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ressort.core.figure import Figure
from ressort.core.food import Levers
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.food_choices import is_organic
from ressort.diagnosis.rows import driver_label, labels
from ressort.diagnosis.scales import Scale
from ressort.language import gettext as _
from ressort.language import ngettext, number, part, percent, quantity, rounded
from ressort.reference.food_parameters import parameter
from ressort.reference.food_system import food_system

#: of words that mean nothing, as much as a reader needs to find them
MOST_WORDS, LONGEST_WORD = 6, 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the figure it tells; `key` is an indicator, or the name of a table."""

    key: str
    text: str


def synthesis(diagnosis: Diagnosis) -> list[Sentence]:
    """The diagnosis in a few sentences, the most important first."""
    if diagnosis.food is None:
        return [
            Sentence(
                "land_needed_ha",
                _(
                    "Food is not computed overseas: no open figures on yields and diets are known for these territories."
                ),
            )
        ]
    found = [_need(diagnosis), _autonomy(diagnosis), _worst_group(diagnosis), _unknown_groups(diagnosis)]
    found += [
        _least(diagnosis),
        _right_scale(diagnosis),
        _doubt(diagnosis),
        *notes(diagnosis),
        _flows(diagnosis),
    ]
    return [sentence for sentence in found if sentence]


def strange_words(words: Iterable[str], others: Iterable[str] = ()) -> list[str]:
    """One sentence for each word of an address that nobody reads: a misspelt lever gives another answer than the one asked."""
    told = []
    for word, near in Levers.strange(words, others).items():
        text = _("“{word}” is no lever and changes nothing here.").format(word=word[:LONGEST_WORD])
        told.append(f"{text} {_('Perhaps: {word}').format(word=near)}" if near else text)
    return told[:MOST_WORDS]


def with_range(figure: Figure, significant: int = 2) -> str:
    """A figure as people read it: `52 000 ha (44 000 à 63 000)`; a missing one says so."""
    if figure.value is None:
        return _("not known")
    exact = figure.status == "observed"
    text = quantity(figure.value, figure.unit, None if exact else significant)
    if figure.low is None or figure.high is None:
        return text
    is_part = figure.unit in ("share", "ratio")
    low, high = (part(bound) if is_part else rounded(bound, significant) for bound in (figure.low, figure.high))
    return text if low == high else _("{value} ({low} to {high})").format(value=text, low=low, high=high)


def hectares_there(row: dict[str, Any], significant: int = 2) -> str:
    """The hectares available of a row of the table `groups`: "1 200", "at least 35", or "not known here"."""
    if row["available_ha"] is None:
        return _("not known here")
    text = rounded(row["available_ha"], significant)
    return _("at least {hectares}").format(hectares=text) if row["available_is_floor"] else text


def perimeter(scale: Scale) -> str:
    """The name of a perimeter: a territory, or "within 20 km"."""
    return scale.label or _("within {km} km").format(km=scale.ring_km)


def _need(diagnosis: Diagnosis) -> Sentence | None:
    food = diagnosis.food
    if food is None or food.people == 0:
        return Sentence("land_needed_ha", _("Nobody lives here: there is no need to compute."))
    land, each = diagnosis.figures["land_needed_ha"], diagnosis.figures["land_needed_m2_per_people"]
    people = ngettext("{n} person", "{n} people", food.people).format(n=number(food.people))
    text = _("Feeding {people} takes about {land}, that is {each} each.")
    return Sentence(
        "land_needed_ha", text.format(people=people, land=with_range(land), each=quantity(each.value or 0.0, "m2", 2))
    )


def _autonomy(diagnosis: Diagnosis) -> Sentence | None:
    capped, land = diagnosis.figures["adequacy_capped_share"], diagnosis.figures["land_available_ha"]
    if capped.value is None:
        return Sentence(
            "adequacy_capped_share",
            _("The farmland of this territory is not known: its potential autonomy cannot be given."),
        )
    text = _(
        "Its known farmland, about {land}, could cover {share} of this need, group by group: this is its potential autonomy."
    )
    return Sentence(
        "adequacy_capped_share", text.format(land=quantity(land.value or 0.0, "ha", 2), share=with_range(capped))
    )


def _worst_group(diagnosis: Diagnosis) -> Sentence | None:
    food = diagnosis.food
    assert food is not None
    lack = np.nan_to_num(food.needed_ha - food.available_ha)
    if not lack.max() > 0:
        return None
    group = food_system().groups[int(lack.argmax())]
    text = _("The largest lack is in {group}: about {lack} short.")
    named = labels("food/crop_groups", "crop_group")[group].lower()
    return Sentence("groups", text.format(group=named, lack=quantity(float(lack.max()), "ha", 2)))


def _unknown_groups(diagnosis: Diagnosis) -> Sentence | None:
    food = diagnosis.food
    assert food is not None
    named = labels("food/crop_groups", "crop_group")
    unknown = [
        named[group].lower()
        for group, area in zip(food_system().groups, food.available_ha, strict=True)
        if np.isnan(area)
    ]
    if not unknown or len(unknown) == len(named):
        return None
    known = diagnosis.figures["adequacy_known_share"].value
    text = _("Not known at this level, and left out: {groups}. What is known makes {share} of the land needed.")
    return Sentence("adequacy_known_share", text.format(groups=", ".join(unknown), share=percent(known or 0.0)))


def _least(diagnosis: Diagnosis) -> Sentence | None:
    food = diagnosis.food
    assert food is not None
    named = labels("food/crop_groups", "crop_group")
    floors = [
        named[group].lower() for group, area in zip(food_system().groups, food.areas, strict=True) if area.is_floor
    ]
    if not floors:
        return None
    text = _(
        "At least what is declared, and maybe more: {groups}. Small market gardens and orchards that ask for no aid are not in the parcel register."
    )
    return Sentence("groups", text.format(groups=", ".join(floors)))


def _right_scale(diagnosis: Diagnosis) -> Sentence | None:
    feeds_itself = parameter("feeds_itself_share")
    if (diagnosis.figures["adequacy_capped_share"].value or 0.0) >= feeds_itself:
        return None
    enough = [scale for scale in diagnosis.scales if scale.capped_share >= feeds_itself]
    if not enough:
        return None
    first = min(enough, key=lambda scale: scale.population_people)
    text = _("The smallest perimeter around it that could feed itself is: {perimeter} ({share}).")
    return Sentence("scales", text.format(perimeter=perimeter(first), share=percent(first.capped_share)))


def _doubt(diagnosis: Diagnosis) -> Sentence | None:
    food = diagnosis.food
    assert food is not None
    if not food.drivers:
        return None
    first = ", ".join(f"{driver_label(driver.name)} ({percent(driver.width_share)})" for driver in food.drivers[:3])
    return Sentence("drivers", _("What makes the range of the land needed wide: {drivers}.").format(drivers=first))


def notes(diagnosis: Diagnosis) -> list[Sentence]:
    """What a reader must know of a scenario beside its figures: a choice that was replaced, a figure that its levers do not reach."""
    return [sentence for sentence in (_organic_set_replaced(diagnosis), _gases_unmoved(diagnosis)) if sentence]


def notes_among(diagnoses: Iterable[Diagnosis]) -> list[str]:
    """What must be known of several scenarios, each thing once."""
    told = [sentence.text for one in diagnoses for sentence in notes(one)]
    return [text for text in dict.fromkeys(told) if not any(text != other and text in other for other in told)]


def _organic_set_replaced(diagnosis: Diagnosis) -> Sentence | None:
    """That another set of organic coefficients was used than the one chosen; None where it was not, or moves nothing."""
    levers, food = diagnosis.levers, diagnosis.food
    if food is None or food.levers.organic_set == levers.organic_set:
        return None
    if not (is_organic(levers) or levers.organic_set != Levers().organic_set):
        return None
    named = labels("food/organic_sets", "coefficient_set")
    text = _(
        "The organic coefficients “{asked}” do not reach Belgium, which no organic survey covers: “{used}” was used instead."
    )
    return Sentence(
        "choices",
        text.format(asked=named.get(levers.organic_set, levers.organic_set), used=named[food.levers.organic_set]),
    )


def _gases_unmoved(diagnosis: Diagnosis) -> Sentence | None:
    """Why greenhouse gases stand still under levers that do not reach them; None where no such lever moved."""
    levers = diagnosis.levers
    is_placed = levers.relocated_share != 1 or bool(levers.relocated_shares) or levers.relocated_feed
    transport = diagnosis.figures["ghg_transport_share"]
    if diagnosis.food is None or not (is_organic(levers) or is_placed):
        return None
    told = []
    if is_organic(levers):
        told.append(
            _(
                "Greenhouse gases do not move with the organic share: the open factors do not tell organic apart. "
                "Another source does for pork, chicken and eggs only, some above and some below."
            )
        )
    if is_placed and transport.value is not None:
        text = _(
            "Greenhouse gases do not move with what is grown here: no figure says how far today’s food travels. "
            "Nearness could save the transport step at most, {share} of these emissions."
        )
        told.append(text.format(share=percent(transport.value)))
    return Sentence("ghg_kgco2e_per_people", " ".join(told)) if told else None


def _flows(diagnosis: Diagnosis) -> Sentence:
    actual = diagnosis.figures["actual_autonomy_share"]
    if actual.value is None:
        text = _(
            "What is really eaten from here is not known: no public statistic tells it. "
            "On average in the 100 largest urban areas it was 2 % (Utopies, 2017)."
        )
        return Sentence("actual_autonomy_share", text)
    text = _("What is really eaten from here, in value: {share}. It answers another question than potential autonomy.")
    return Sentence("actual_autonomy_share", text.format(share=percent(actual.value, 1)))
