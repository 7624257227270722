"""One cell of a published table: the types and patterns of its column."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from ressort.core.calls.identifiers import is_siren, is_siret
from ressort.core.errors import RuleBroken
from ressort.core.problem import Problem
from ressort.core.spreadsheet import FORMULA_STARTS

Kind = Literal[
    "text", "date", "datetime", "number", "integer", "period", "siret", "siren", "siren_list", "bearers", "url"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column: its type, and what its values may be. With a separator, which no space follows, a cell holds several choices."""

    name: str
    kind: Kind = "text"
    required: bool = False
    pattern: str = ""
    choices: tuple[str, ...] = ()
    separator: str = ""
    max_length: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    example: str = ""


def cell_problems(one: Field, line: int, text: str) -> Iterable[Problem]:
    """What is wrong with one cell."""
    if not text:
        if one.required:
            yield Problem(line, one.name, "This cell is empty; the schema asks a value.")
        return
    if text != text.strip():
        yield Problem(line, one.name, "“{given}” begins or ends with a space.", {"given": text[:80]})
        return
    if text.startswith(FORMULA_STARTS) and one.kind == "text":
        yield Problem(
            line, one.name, "“{given}” would be taken for a formula: write the text itself.", {"given": text[:80]}
        )
    if one.max_length is not None and len(text) > one.max_length:
        yield Problem(line, one.name, "{count} characters are given; at most {most} fit.", {"count": len(text), "most": one.max_length})  # fmt: skip
    if one.pattern and not re.fullmatch(one.pattern, text):
        yield Problem(line, one.name, "“{given}” does not follow the pattern {pattern}.", {"given": text[:80], "pattern": one.pattern})  # fmt: skip
        return
    # a comma followed by a space belongs to the words of a choice
    values = re.split(rf"{re.escape(one.separator)}(?! )", text) if one.separator else [text]
    for value in values:
        if one.choices and value not in one.choices:
            facts = {"given": value[:80], "choices": list(one.choices)}
            yield Problem(line, one.name, "“{given}” is not one of: {choices}.", facts)
    refusal = _KINDS[one.kind](text, one)
    if refusal:
        yield Problem(line, one.name, refusal.template, refusal.facts)


def _no_refusal(text: str, one: Field) -> RuleBroken | None:
    return None


def _date(text: str, one: Field) -> RuleBroken | None:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            date.fromisoformat(text)
            return None
    except ValueError:
        pass
    return RuleBroken("“{given}” is not a date: write YYYY-MM-DD.", given=text[:80])


def _datetime(text: str, one: Field) -> RuleBroken | None:
    shape = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
    try:
        if re.fullmatch(shape, text):
            datetime.fromisoformat(text)
            return None
    except ValueError:
        pass
    return RuleBroken(
        "“{given}” is not a day and hour: write YYYY-MM-DDThh:mm:ssZ, in universal time.", given=text[:80]
    )


def _period(text: str, one: Field) -> RuleBroken | None:
    days = text.split("/")
    if len(days) > 2 or any(_date(day, one) for day in days):
        return RuleBroken("“{given}” is neither YYYY-MM-DD nor YYYY-MM-DD/YYYY-MM-DD.", given=text[:80])
    if days != sorted(days):
        return RuleBroken("The period {given} ends before it begins.", given=text)
    return None


def _number(text: str, one: Field) -> RuleBroken | None:
    wanted = r"-?[0-9]+" if one.kind == "integer" else r"-?[0-9]+(\.[0-9]+)?"
    if not re.fullmatch(wanted, text):
        if one.kind == "integer":
            return RuleBroken("“{given}” is not a whole number.", given=text[:80])
        return RuleBroken("“{given}” is not a number: digits with a decimal point, nothing else.", given=text[:80])
    value = Decimal(text)
    if (one.low is not None and value < one.low) or (one.high is not None and value > one.high):
        low, high = ("–" if bound is None else str(bound) for bound in (one.low, one.high))
        return RuleBroken("{given} lies outside {low} to {high}.", given=text, low=low, high=high)
    return None


def _siret(text: str, one: Field) -> RuleBroken | None:
    return None if is_siret(text) else RuleBroken("“{given}” is no SIRET: 14 digits with a right key.", given=text[:80])


def _siren(text: str, one: Field) -> RuleBroken | None:
    wrong = [part for part in text.split(",") if not is_siren(part)]
    if wrong and (one.kind == "siren_list" or "," not in text):
        return RuleBroken("“{given}” is no SIREN: 9 digits with a right key.", given=wrong[0][:80])
    return (
        RuleBroken("“{given}” is no SIREN: 9 digits with a right key.", given=text[:80])
        if "," in text and one.kind == "siren"
        else None
    )


def _url(text: str, one: Field) -> RuleBroken | None:
    if re.fullmatch(r"https?://[^\s/]+(/\S*)?", text):
        return None
    return RuleBroken("“{given}” is not a web address.", given=text[:80])


_ROLES = {"diffuseur", "financeur", "instructeur"}


def _bearers(text: str, one: Field) -> RuleBroken | None:
    """A JSON list of `{nom, siren, roles}`."""
    try:
        held = json.loads(text)
        is_right = bool(held) and all(
            isinstance(b["nom"], str) and is_siren(b["siren"]) and b["roles"] and set(b["roles"]) <= _ROLES
            for b in held
        )
    except (ValueError, KeyError, TypeError):
        is_right = False
    if is_right:
        return None
    return RuleBroken("“{given}” is not a list of bodies with nom, siren and roles.", given=text[:80])


_KINDS: dict[str, Callable[[str, Field], RuleBroken | None]] = {
    "text": _no_refusal, "date": _date, "datetime": _datetime, "number": _number, "integer": _number, "period": _period,
    "siret": _siret, "siren": _siren, "siren_list": _siren, "bearers": _bearers, "url": _url,
}  # fmt: skip
