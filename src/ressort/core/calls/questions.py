"""The typed questions of a call, and the answers of an applicant checked against them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from ressort.core.calls.identifiers import is_rna, is_siret
from ressort.core.errors import RuleBroken
from ressort.core.problem import Problem

QuestionKind = Literal["line", "text", "number", "amount", "date", "yes_no", "choice", "choices", "siret", "file"]
KINDS: tuple[QuestionKind, ...] = (
    "line", "text", "number", "amount", "date", "yes_no", "choice", "choices", "siret", "file",
)  # fmt: skip
MOST_LINE, MOST_TEXT = 300, 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Args:
        code: short name, unique in the form.
        low, high: bounds of a number or an amount.
        choices: what may be chosen, for "choice" and "choices".
        most_length: most characters of a line or a text.
    """

    code: str
    label: str
    kind: QuestionKind = "line"
    required: bool = True
    help: str = ""
    choices: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    most_length: int | None = None


def check_form(questions: Sequence[Question]) -> None:
    """Refuses a form that nobody could fill.

    Raises:
        RuleBroken: a code twice or badly formed, an unknown kind, a choice without choices, bounds that cross.
    """
    codes = [one.code for one in questions]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise RuleBroken("The questions {codes} have the same code: give each its own.", codes=twice)
    for one in questions:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", one.code):
            raise RuleBroken("“{code}” is no code: small letters, digits and _ only, a letter first.", code=one.code)
        if one.kind not in KINDS:
            raise RuleBroken("The question {code} is of an unknown kind; choose among {choices}.", code=one.code, choices=list(KINDS))  # fmt: skip
        if not one.label.strip():
            raise RuleBroken("The question {code} asks nothing: write its words.", code=one.code)
        if one.kind in ("choice", "choices") and len(set(one.choices)) < 2:
            raise RuleBroken("The question {code} offers fewer than two choices.", code=one.code)
        if one.low is not None and one.high is not None and one.low > one.high:
            raise RuleBroken("The bounds of the question {code} cross.", code=one.code)


def answers(
    questions: Iterable[Question], given: Mapping[str, Any], *, complete: bool
) -> tuple[dict[str, Any], list[Problem]]:
    """The answers as values that can be kept in JSON, and what is wrong with the others.

    Args:
        given: raw answers by code: texts, lists of texts for "choices", a count of files for "file".
        complete: whether required answers must be there; a draft may lack them.
    """
    kept: dict[str, Any] = {}
    found: list[Problem] = []
    for number, one in enumerate(questions, 1):
        raw = given.get(one.code)
        is_no_file = one.kind == "file" and not raw
        if raw is None or raw == [] or is_no_file or (isinstance(raw, str) and not raw.strip()):
            if one.required and complete:
                found.append(Problem(number, one.code, "“{question}” has no answer.", {"question": one.label}))
            continue
        value = _value(one, raw)
        if isinstance(value, RuleBroken):
            found.append(Problem(number, one.code, value.template, value.facts))
        else:
            kept[one.code] = value
    return kept, found


def _value(one: Question, raw: Any) -> Any:
    if one.kind == "file":
        return int(raw)
    if one.kind == "choices":
        wrong = [text for text in raw if text not in one.choices]
        return RuleBroken("“{given}” is not one of: {choices}.", given=wrong[0][:80], choices=list(one.choices)) if wrong else list(raw)  # fmt: skip
    text = str(raw).strip()
    return {"number": _number, "amount": _number, "date": _day, "yes_no": _yes_no, "choice": _choice, "siret": _siret}.get(
        one.kind, _text
    )(one, text)  # fmt: skip


def _text(one: Question, text: str) -> str | RuleBroken:
    most = one.most_length or (MOST_TEXT if one.kind == "text" else MOST_LINE)
    if len(text) > most:
        return RuleBroken("{count} characters are given; at most {most} fit.", count=len(text), most=most)
    return text


def _number(one: Question, text: str) -> str | RuleBroken:
    plain = re.sub(r"[\s\u202f\u00a0€]", "", text).replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", plain):
        return RuleBroken("“{given}” is not a number.", given=text[:80])
    value = Decimal(plain)
    if one.kind == "amount" and (value < 0 or -int(value.as_tuple().exponent) > 2):
        return RuleBroken("“{given}” is not an amount: euros, with two decimals at most.", given=text[:80])
    if (one.low is not None and value < one.low) or (one.high is not None and value > one.high):
        low, high = ("–" if bound is None else str(bound) for bound in (one.low, one.high))
        return RuleBroken("{given} lies outside {low} to {high}.", given=text, low=low, high=high)
    return format(value, "f")


def _day(one: Question, text: str) -> str | RuleBroken:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return RuleBroken("“{given}” is not a date: write YYYY-MM-DD.", given=text[:80])


def _yes_no(one: Question, text: str) -> bool | RuleBroken:
    known = {
        "yes": True,
        "oui": True,
        "true": True,
        "on": True,
        "1": True,
        "no": False,
        "non": False,
        "false": False,
        "0": False,
    }
    return known.get(text.lower(), RuleBroken("“{given}” is neither yes nor no.", given=text[:80]))


def _choice(one: Question, text: str) -> str | RuleBroken:
    if text in one.choices:
        return text
    return RuleBroken("“{given}” is not one of: {choices}.", given=text[:80], choices=list(one.choices))


def _siret(one: Question, text: str) -> str | RuleBroken:
    digits = re.sub(r"\s", "", text)
    if is_siret(digits) or is_rna(digits):
        return digits
    return RuleBroken(
        "“{given}” is neither a SIRET (14 digits with a right key) nor an RNA (W and 9 digits).", given=text[:80]
    )
