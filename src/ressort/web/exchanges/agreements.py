"""Reads about agreements: what the screens, the texts and the files show."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from ressort.core.errors import InputError, UnknownCode
from ressort.core.exchanges import (
    Kept,
    Promised,
    YearBalance,
    delivered_balance,
    follow_up,
    mends,
    together,
    yearly_balance,
)
from ressort.core.territory import Territory
from ressort.diagnosis import merged, place
from ressort.exchanges import good, territory_today
from ressort.language import current_language, kind_name, unit
from ressort.reference.resilience_library import shocks
from ressort.reference.territories import territories
from ressort.web.exchanges.models import Agreement, Line, Party
from ressort.web.people import access as rights
from ressort.web.people.models import Grant, Person

MOST_MENDS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A territory as an agreement keeps it: the code given, and its name."""

    kind: str
    code: str
    name: str

    @property
    def key(self) -> str:
        """Its key."""
        return f"{self.kind}:{self.code}"


def place_named(text: str) -> Place:
    """The territory that a person names, by name or code; a former code is kept, and the agreement says what it is today.

    Raises:
        AmbiguousName, UnknownCode: several, or none. InputError: no lasting code bears it.
    """
    text = text.strip()
    bare = text.upper().removeprefix("COM:")
    if bare in territories().former_codes and not territories().has(f"BE_COM:{text}"):
        return Place("COM", bare, territory_today("COM", bare).label)
    found = merged(text)
    if found is not None:
        raise InputError(
            "{name} has no lasting code yet: name each intercommunality that it brings together as a party.", name=found.label
        )  # fmt: skip
    there = place(text)
    if there.kind == "CUSTOM":
        raise InputError("A party is one territory, with a code: {name} is a group.", name=there.label)
    return Place(there.kind, there.code, there.label)


def became(party: Party) -> str:
    """What a party's code names today, when it is no longer what it was; else nothing."""
    try:
        now = territory_today(party.kind, party.code)
    except UnknownCode:
        return _("The code {code} names nothing any more.").format(code=party.code)
    if now.code != party.code:
        return _("The code {code} is today {name} ({now}).").format(code=party.code, name=now.label, now=now.code)
    for name, parts in territories().mergers.values():
        if party.kind == "EPCI" and party.code in parts:
            return _("Since 2026 within {name}; figures are those of its perimeter of 2025.").format(name=name)
    return ""


def of_place(found: QuerySet[Agreement], place: Territory) -> QuerySet[Agreement]:
    """Those to which a territory is a party, under today's code or a former one."""
    former = territories().former_codes
    codes = [place.code, *(old for old, now in former.items() if place.kind == "COM" and now == place.code)]
    ids = Party.objects.filter(kind=place.kind, code__in=codes).values("agreement")
    return found.filter(pk__in=ids)


def visible(person: Any) -> QuerySet[Agreement]:
    """The agreements that a visitor may see: public ones, and those of the territories where it may write."""
    found = Agreement.objects.prefetch_related("parties")
    if isinstance(person, Person) and person.is_superuser:
        return found
    seen = Q(is_public=True)
    former = territories().former_codes
    for grant in person.grants.all() if isinstance(person, Person) else ():
        codes = [grant.code, *(old for old, now in former.items() if grant.kind == "COM" and now == grant.code)]
        seen |= Q(parties__kind=grant.kind, parties__code__in=codes)
    return found.filter(seen).distinct()


def writes_for(person: Any) -> list[tuple[str, str]]:
    """The territories in whose name a person may start an agreement, by key and label."""
    if not isinstance(person, Person):
        return []
    grants = Grant.objects.all() if person.is_superuser else person.grants.all()
    keys = dict.fromkeys(grant.key for grant in grants if rights.may(person, "write_agreements", grant.key))
    places = {key: territory_today(*key.split(":")) for key in keys}
    alike = Counter(place.label for place in places.values())
    return [
        (key, place.label if alike[place.label] == 1 else f"{place.label} – {kind_name(place.kind)}")
        for key, place in places.items()
    ]


def promised(held: Agreement, lines: list[Line] | None = None) -> list[Promised]:
    """The lines as the core weighs them."""
    found = held.lines.select_related("giver", "receiver") if lines is None else lines
    return [
        Promised(
            line.what, names_of(held)[line.giver_id], names_of(held)[line.receiver_id], line.quantity, line.value_cents,
            line.first_year or held.first_year, line.last_year or held.last_year, line.basis == Line.Basis.GIFT, not line.event,
        )
        for line in found
    ]  # fmt: skip


def names_of(held: Agreement) -> dict[int, str]:
    """The names of the parties, told apart by their code when two bear the same."""
    parties = list(held.parties.all())
    names = [party.name for party in parties]
    return {
        party.pk: party.name if names.count(party.name) == 1 else f"{party.name} ({party.code})" for party in parties
    }


def balances_of(held: Agreement, lines: list[Promised]) -> list[YearBalance]:
    """The balance of each year."""
    return yearly_balance(list(names_of(held).values()), lines, held.years, held.tolerance_bp)


def balance_told(held: Agreement, lines: list[Promised]) -> dict[str, Any]:
    """The balance, and each year out of it with what would mend it: years alike are told once."""
    told = balances_of(held, lines)
    broken: dict[Any, dict[str, Any]] = {}
    for one in told:
        if not one.holds:
            fault = broken.setdefault(one.sides, {"years": [], "side": one.worst, "mends": _mends(held, one, lines)})
            fault["years"].append(one.year)
    groups: dict[Any, dict[str, Any]] = {}
    for one in told:
        groups.setdefault(one.sides, {"years": [], "sides": one.sides, "holds": one.holds})["years"].append(one.year)
    return {"groups": [group | {"label": span(group["years"])} for group in groups.values()],
            "broken": [fault | {"label": span(fault["years"])} for fault in broken.values()],
            "holds": not broken, "volume_cents": sum(one.volume_cents for one in told), "is_empty": not lines}  # fmt: skip


def span(years: list[int]) -> str:
    """Years as people write them: 2027–2029, 2031.

    >>> span([2027, 2028, 2029, 2031])
    '2027–2029, 2031'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _mends(held: Agreement, balance: YearBalance, lines: list[Promised]) -> list[dict[str, Any]]:
    return [
        {"line": lines[one.line].name, "cents": abs(one.change_cents), "quantity": abs(float(one.quantity)), "is_more": one.change_cents > 0, "at": one.line}
        for one in mends(balance, lines, held.tolerance_bp)[:MOST_MENDS]
    ]  # fmt: skip


def kept(held: Agreement, lines: list[Line], years: list[int]) -> list[Kept]:
    """What was delivered beside what was promised."""
    position = {line.pk: at for at, line in enumerate(lines)}
    told = {
        (position[record.line_id], record.year): record.quantity
        for line in lines
        for record in line.records.all()
        if record.line_id in position
    }
    return follow_up(promised(held, lines), told, years)


def delivered_told(held: Agreement, lines: list[Line], found: list[Kept]) -> list[dict[str, Any]]:
    """The balance of what was delivered, year by year, then of all these years together when there are several."""
    names = list(names_of(held).values())
    balances = delivered_balance(names, promised(held, lines), found, held.tolerance_bp)
    told = []
    for one in balances:
        asked = [each for each in found if each.year == one.year and not lines[each.line].event]
        open_lines = sum(each.delivered is None for each in asked)
        told.append({"label": str(one.year), "sides": one.sides, "open": open_lines})
    if len(balances) > 1:
        whole = together(balances, held.tolerance_bp)
        told.append(
            {"label": span([one.year for one in balances]), "sides": whole, "open": sum(one["open"] for one in told)}
        )
    return told


def theme_of(key: str) -> str:
    """The theme that a good belongs to."""
    return {"electricity": Line.Theme.ENERGY, "wood": Line.Theme.WOOD}.get(key, Line.Theme.FOOD)


def unit_of(key: str) -> str:
    """The unit of a good, as people write it."""
    return unit(good(key).unit)


def counterpart() -> str:
    """The words of a counterpart still to be agreed on."""
    return _("In return, to agree on: expertise, service, care, money…")


def care_counterpart() -> str:
    """The words of a counterpart of care still to be agreed on."""
    return _("Care kept open for the inhabitants: consultations, beds, to agree on")


def to_agree_on() -> set[str]:
    """What the lines of a draft say, in every language, while their counterpart is still to be agreed on."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            found |= {counterpart(), care_counterpart()}
    return found


def lump() -> str:
    """The unit of what is given as a whole each year."""
    return _("lump sum")


def events() -> list[tuple[str, str]]:
    """The shocks that may trigger a line, by name and title."""
    return sorted(((name, one.titles[current_language()]) for name, one in shocks().items()), key=lambda pair: pair[1])


def event_title(name: str) -> str:
    """The title of a shock of the library."""
    found = shocks().get(name)
    return found.titles[current_language()] if found else name
