"""Reads about territories, for screens. No database: everything comes from the reference."""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import override

from ressort.core.errors import InputError, UnknownCode
from ressort.core.territory import MOST_GROUP_COMMUNES, Match, Territory
from ressort.language import current_language, gettext, kind_name, quantity
from ressort.reference.territories import resolve, search, territories
from ressort.web import warmth

LONGEST_NAME = 80
LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class Choice:
    """A territory a reader may mean."""

    key: str
    label: str
    kind: str
    hint: str
    url: str


def suggestions(text: str, limit: int = 8) -> list[Choice]:
    """The territories a reader may be writing the name of."""
    warmth.wait()
    return [_matched(match) for match in search(text.strip()[:LONGEST_TEXT], limit)]


def _matched(match: Match) -> Choice:
    """What a search found, under the name it was found by."""
    found = choice(territories().row(match.key))
    return replace(found, key=match.key, label=match.label, url=address_of_key(match.key))


def choice(row: int) -> Choice:
    """A territory of the table as a link."""
    known, people = territories(), _people()[row]
    key = known.key(row)
    hint = "" if people is None else quantity(people, "people")
    return Choice(key, known.labels[row], kind_name(key.partition(":")[0]), hint, address_of_key(key))


@cache
def _people() -> list[float | None]:
    return territories().table["population_people"].to_list()


@cache
def _search_keys() -> list[str]:
    return territories().table["search_key"].to_list()


def find(text: str) -> str | None:
    """The key of the territory that a text names; None when it names none, or several."""
    warmth.wait()
    try:
        return resolve(text[:LONGEST_TEXT]).key
    except InputError:
        return None


def address(territory: Territory) -> str:
    """Where the page of a territory is."""
    if territory.kind == "CUSTOM":
        return group_address(codes_of(territory), territory.label)
    return address_of_key(territory.key)


def address_of_key(key: str) -> str:
    """Where the page of a territory of the table is."""
    kind, _colon, code = key.partition(":")
    return route("diagnosis:territory", kind, code)


def route(name: str, kind: str, code: str, *args: str) -> str:
    """The address of a screen of a territory of the table; a page has hundreds, so Django is asked once a screen."""
    return at_place(anywhere(name, *args), kind, code)


def anywhere(name: str, *args: str) -> str:
    """The address of a screen, whose kind and code `at_place` writes."""
    return _pattern(name, args, current_language())


def at_place(text: str, kind: str, code: str) -> str:
    """A text that holds addresses given by `anywhere`, for a territory of the table."""
    return text.replace(_KIND, kind).replace(_CODE, code)


#: what stands for the kind and the code in the address that Django gives
_KIND, _CODE = "K_K", "C0C0C0C0C0C0"


@lru_cache(maxsize=1024)
def _pattern(name: str, args: tuple[str, ...], code: str) -> str:
    with override(code):
        return reverse(name, args=(_KIND, _CODE, *args))


def group_query(codes: list[str], name: str) -> str:
    """One's own group as the words of an address."""
    return urlencode({"communes": ",".join(codes), "nom": name}, safe=",:")


def group_address(codes: list[str], name: str) -> str:
    """The permalink of one's own group of communes: it holds the whole group."""
    return f"{reverse('diagnosis:group_territory')}?{group_query(codes, name)}"


def codes_of(territory: Territory) -> list[str]:
    """The communes of a territory as written in a permalink: their codes, with the kind when they are not French."""
    known = territories()
    return [known.key(int(row)).removeprefix("COM:") for row in territory.members]


def codes_in(text: str) -> list[str]:
    """The codes or names in a text pasted by a person, each once, in order.

    >>> codes_in("64445, 64037\\n64445")
    ['64445', '64037']
    """
    parts = (part.strip() for part in re.split(r"[,;\n\r\t]+", text))
    return list(dict.fromkeys(part for part in parts if part))


def group(codes: list[str], name: str) -> Territory:
    """One's own group of communes. Each code may be a commune or any territory, which stands for its communes.

    Raises:
        InputError: more communes than a group may hold, or none; communes of two countries; a code that nothing bears.
    """
    if len(codes) > MOST_GROUP_COMMUNES:
        raise InputError(
            "A group holds at most {most} communes; this one has {count}.", most=MOST_GROUP_COMMUNES, count=len(codes)
        )
    keys = [_key_of(code) for code in codes]
    return territories().group(keys, name.strip()[:LONGEST_NAME] or gettext("Own group"))


def _key_of(code: str) -> str:
    """The territory that a code of a group means: a commune first, for a postal code may be written like its code."""
    known = territories()
    try:
        return known.key(known.row(code if ":" in code else f"COM:{code}"))
    except UnknownCode:
        return resolve(code).key


def parents(territory: Territory) -> list[Choice]:
    """The territories that hold this one whole, as links."""
    known = territories()
    return [choice(row) for kind, row in known.parents(territory).items() if kind != territory.kind]


def communes(territory: Territory) -> list[Choice]:
    """The communes of a territory, as links, by name."""
    return [choice(row) for row in sorted(territory.members.tolist(), key=_search_keys().__getitem__)]
