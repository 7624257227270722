"""Reads about territories, for screens. No database: everything comes from the reference."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ressort.core.errors import AmbiguousName, RuleBroken, UnknownCode
from ressort.core.territory import Match, Territory
from ressort.reference.territories import territories

#: most communes in one's own group
GROUP_LIMIT = 2000
#: kinds a reader may look for, with their names
KINDS = {
    "COM": _("commune"),
    "EPCI": _("intercommunality"),
    "BV": _("living area"),
    "ZE": _("employment area"),
    "AAV": _("attraction area of a town"),
    "DEP": _("département"),
    "REG": _("région"),
    "PAYS": _("country"),
    "CUSTOM": _("own group of communes"),
    "BE_COM": _("Belgian municipality"),
    "BE_PROV": _("Belgian province"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brings: the only territory meant, or those it may mean."""

    only: str | None
    matches: list[Match]


def suggestions(text: str, limit: int = 8) -> list[Match]:
    """The territories a reader may be writing the name of."""
    text = text.strip()[:120]
    return territories().search(text, limit=limit) if text else []


def find(text: str) -> Found:
    """The territory that a text names, or those it may name."""
    known = territories()
    text = text.strip()[:120]
    if not text:
        return Found(None, [])
    try:
        return Found(known.key(known.resolve(text)), [])
    except (AmbiguousName, UnknownCode):
        return Found(None, known.search(text, limit=30))


def address(territory: Territory) -> str:
    """Where the page of a territory is."""
    if territory.kind == "CUSTOM":
        return group_address([territory_code(row) for row in territory.members], territory.label)
    return reverse("territories:territory", args=(territory.kind, territory.code))


def address_of_key(key: str) -> str:
    """Where the page of a territory of the table is."""
    kind, _colon, code = key.partition(":")
    return reverse("territories:territory", args=(kind, code))


def group_address(codes: list[str], name: str) -> str:
    """The permalink of one's own group of communes: it holds the whole group."""
    return f"{reverse('territories:group')}?{urlencode({'communes': ','.join(codes), 'nom': name}, safe=',:')}"


def territory_code(row: int) -> str:
    """How a commune is written in a permalink: its code, with its kind when it is not French."""
    key = territories().key(int(row))
    return key.removeprefix("COM:")


def codes_in(text: str) -> list[str]:
    """The codes or keys in a text pasted by a person, each once, in order."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,;]+", text.strip()) if part))


def group(codes: list[str], name: str) -> Territory:
    """One's own group of communes. Each code may be a commune or any territory, which stands for its communes.

    Raises:
        RuleBroken: more communes than a group may hold, or none.
        UnknownCode: a code that nothing bears.
    """
    known = territories()
    if not codes:
        raise RuleBroken("A group needs at least one commune. Add one by its name or code.")
    if len(codes) > GROUP_LIMIT:
        raise RuleBroken(
            "A group holds at most {limit} communes; this one has {count}.", limit=GROUP_LIMIT, count=len(codes)
        )
    made = known.group([known.key(known.resolve(code)) for code in codes], name.strip()[:80])
    if len(made.members) > GROUP_LIMIT:
        raise RuleBroken(
            "A group holds at most {limit} communes; this one has {count}.", limit=GROUP_LIMIT, count=len(made.members)
        )
    return made


@lru_cache(maxsize=512)
def identity(key: str) -> dict[str, Any]:
    """What a page says of a territory before any figure: its kind, what holds it, what it holds."""
    known = territories()
    row = known.row(key)
    line = known.table.row(row, named=True)
    parents = [
        {"kind": KINDS[kind], "label": known.table["label"][parent], "url": address_of_key(known.key(parent))}
        for kind, parent in known.parents(row).items()
        if parent != row and kind in KINDS
    ]
    return {"line": line, "kind": KINDS[line["kind"]], "parents": parents}
