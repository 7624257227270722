"""Reads for the screens of a diagnosis. The figures come from the reference; only own data ask the database."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ressort.core.errors import UnknownCode
from ressort.core.food import Levers
from ressort.core.territory import Territory
from ressort.diagnosis import Diagnosis, OwnData, OwnRows, merged
from ressort.diagnosis import own_data as from_tables
from ressort.diagnosis.words import strange_words
from ressort.reference import Card, card
from ressort.reference.territories import territories
from ressort.web import warmth
from ressort.web.diagnosis.models import OwnTable
from ressort.web.territories.queries import codes_in, codes_of, group, group_query, route
from ressort.web.unread import asked, unread


def place_of(request: HttpRequest, kind: str, code: str) -> Territory:
    """The territory that an address names: one of the table, or the group that its words hold.

    Raises:
        UnknownCode: nothing bears that code. InputError: the group cannot be made.
    """
    warmth.wait()
    if kind:
        key = f"{kind.upper()}:{code.upper()}"
        return merged(key) or territories().territory(key)
    return group(codes_in(request.GET.get("communes", "")), request.GET.get("nom", ""))


def link(place: Territory, name: str, *args: str, query: Mapping[str, str | list[str]] | None = None) -> str:
    """The address of a screen of a territory: `territory`, `table`, `chart`…, or `scenarios:compare`, with its words."""
    app, _colon, screen = name.rpartition(":")
    words = urlencode(query, doseq=True) if query else ""
    if place.kind == "CUSTOM":
        address = reverse(f"{app or 'diagnosis'}:group_{screen}", args=args)
        held = group_query(codes_of(place), place.label)
        return f"{address}?{held}&{words}" if words else f"{address}?{held}"
    address = route(f"{app or 'diagnosis'}:{screen}", place.kind, place.code, *args)
    return f"{address}?{words}" if words else address


def own_tables(place: Territory) -> tuple[list[OwnTable], bool]:
    """The tables that the territory provided, the newest first, and whether the database answered."""
    if place.kind == "CUSTOM":
        return [], True
    try:
        held = OwnTable.objects.are_there(place.kind, place.code)
        return list(OwnTable.objects.of(place.kind, place.code)) if held else [], True
    except DatabaseError:
        return [], False


def own_data(tables: list[OwnTable]) -> OwnData:
    """What the newest table of each sort says, for the calculation; of each row, its last year."""
    newest = list({held.sort: held for held in reversed(tables)}.values())
    words = _("{sort}: {source}, {year}")
    told = [words.format(sort=held.get_sort_display(), source=held.source, year=held.years) for held in newest]
    return from_tables([OwnRows(held.sort, tuple(held.rows), held.source) for held in newest], tuple(told))


def diagnosis_of(place: Territory, levers: Levers | None = None, tables: list[OwnTable] | None = None) -> Diagnosis:
    """The diagnosis of a territory, kept in memory for the next reader."""
    held = tuple(tables or ())
    return _diagnosis(_Asked(place, levers or Levers(), held))


def asked_diagnosis(request: HttpRequest, place: Territory) -> Diagnosis:
    """The diagnosis under the levers written in the address, if any.

    Raises:
        RuleBroken, UnknownCode: a lever cannot be read, or lies outside its range.
    """
    return diagnosis_of(place, Levers.from_query(request.GET.dict()), own_tables(place)[0])


def not_read(request: HttpRequest, place: Territory) -> dict[str, Any]:
    """Levers in the address of the page of today, which reads none: the scenario that they ask for, and those misspelt."""
    held = {word: text for word, text in request.GET.items() if Levers.takes(word)}
    near = Levers.strange(asked(request.GET), ("communes", "nom", "lang"))
    strange = strange_words([word for word, lever in near.items() if lever])
    strange += unread([word for word, lever in near.items() if not lever], ())
    return {"strange": strange, "scenario_url": link(place, "scenarios:scenario", query=held) if held else ""}


class _Asked:
    """What a diagnosis is asked for; equal when territory, levers and own tables are."""

    __slots__ = ("levers", "place", "tables", "words")

    def __init__(self, place: Territory, levers: Levers, tables: tuple[OwnTable, ...]) -> None:
        self.place, self.levers, self.tables = place, levers, tables
        self.words = (place.key, place.label, levers, tuple(held.pk for held in tables))

    def __hash__(self) -> int:
        return hash(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.words == other.words


@lru_cache(maxsize=128)
def _diagnosis(asked: _Asked) -> Diagnosis:
    return Diagnosis(asked.place, asked.levers, own_data(list(asked.tables)))


@lru_cache(maxsize=256)
def source_card(key: str) -> Card | None:
    """The card of the table a figure comes from, if the program ships it."""
    try:
        return card(key)
    except UnknownCode:
        return None


def sources(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    """Every source that a page shows figures of, once."""
    keys = dict.fromkeys(figure.source for figure in diagnosis.figures.values() if figure.source)
    return [{"key": key, "card": source_card(key)} for key in keys]
