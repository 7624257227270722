"""The inverse question for programs: how many people a field feeds, how many gardens a part of the vegetables takes."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field as Described

from ressort.core.errors import RuleBroken, UnknownCode
from ressort.core.food import Levers
from ressort.core.territory import Territory
from ressort.diagnosis.inverse import ALL_FOOD, field, gardens
from ressort.web.diagnosis.queries import place_of
from ressort.web.unread import asked

Lang = Literal["fr", "en"]
router = Router(tags=["inverse question"])


class Told(Schema):
    """A value with its range, its year, its source, and how it is known."""

    value: float
    low: float
    high: float
    unit: str
    status: str
    year: str
    source: str


class Fed(Schema):
    """What a field feeds."""

    territory: str
    field_ha: float
    food: str = Described(description="the food counted: `all`, or a family of it")
    people: Told = Described(description="people fed in that food, all year")
    land_m2_per_people: Told = Described(description="what one of them takes of the field")


class Gardens(Schema):
    """Market gardens of 2 ha: at the central, the low and the high yield of a garden."""

    territory: str
    covered_share: float
    central: dict[str, float]
    low_yield: dict[str, float]
    high_yield: dict[str, float]


HECTARES = Query(..., description="size of the field, in hectares", examples=[2.5])
FOOD = Query(ALL_FOOD, description="`all`, or a family of food such as `fruit_vegetables`")
SHARE = Query(..., description="part of the vegetables, 0 to 1", examples=[0.1])


@router.get(
    "/territories/{kind}/{code}/field",
    response=Fed,
    summary="How many people a field feeds, under the levers of the address",
)
def fed_by_field(
    request: HttpRequest, kind: str, code: str, hectares: float = HECTARES, food: str = FOOD, lang: Lang | None = None
) -> dict[str, Any]:
    only_words(request, "hectares", "food", levers=True)
    return _fed(request, place_of(request, kind, code), hectares, food)


@router.get(
    "/groups/field",
    response=Fed,
    summary="How many people a field of a group of communes feeds, under the levers of the address",
)
def fed_by_field_of_group(
    request: HttpRequest,
    communes: str,
    nom: str = "",
    hectares: float = HECTARES,
    food: str = FOOD,
    lang: Lang | None = None,
) -> dict[str, Any]:
    only_words(request, "communes", "nom", "hectares", "food", levers=True)
    return _fed(request, place_of(request, "", ""), hectares, food)


@router.get(
    "/territories/{kind}/{code}/gardens",
    response=Gardens,
    summary="How many market gardens of 2 ha a part of the vegetables takes, under the levers of the address",
)
def gardens_needed(
    request: HttpRequest, kind: str, code: str, share: float = SHARE, lang: Lang | None = None
) -> dict[str, Any]:
    only_words(request, "share", levers=True)
    place = place_of(request, kind, code)
    found = under_levers(lambda: gardens(place, share, Levers.from_query(request.GET.dict())))
    return {"territory": place.key, "covered_share": share} | {name: asdict(one) for name, one in found.items()}


def only_words(request: HttpRequest, *words: str, levers: bool = False) -> None:
    """Refuse an address that holds words nobody reads: a misspelt one would give another answer than the one asked.

    Raises:
        RuleBroken: with the words that are read here.
    """
    known = {"lang", *words}
    strange = [word for word in asked(request.GET) if word not in known and not (levers and Levers.takes(word))]
    if not strange:
        return
    near = [one for one in Levers.strange(strange, known).values() if one] if levers else []
    facts = {
        "given": ", ".join(strange),
        "choices": sorted(known | (set(Levers.__slots__) if levers else set())),
    }
    if near:
        raise RuleBroken(
            "{given} means nothing here. Perhaps: {near}. The words read are {choices}.", near=", ".join(near), **facts
        )
    raise RuleBroken("{given} means nothing here; the words read are {choices}.", **facts)


def under_levers(work: Callable[[], Any]) -> Any:
    """What a question answers; a lever that names nothing breaks a rule of the question: nothing is looked for at its address.

    Raises:
        RuleBroken: instead of UnknownCode.
    """
    try:
        return work()
    except UnknownCode as error:
        raise RuleBroken(error.template, **error.facts) from error


def _fed(request: HttpRequest, place: Territory, hectares: float, food: str) -> dict[str, Any]:
    fed = under_levers(lambda: field(place, hectares, food, Levers.from_query(request.GET.dict())))
    found = asdict(fed)
    return found | {"territory": place.key, "food": found["family"]}
