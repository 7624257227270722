"""Template grids of calls for projects: criteria, commitments and questions to start from, each with its status and source."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from ressort.core.calls import Criterion, Grid, Question
from ressort.core.errors import InputError, UnknownCode

#: a template grid is a file of this folder that is no published schema
_SCHEMA_PREFIX = "scdl_"
#: the largest weight, scale or count of reviews that makes sense in a grid
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class GridTemplate:
    """A template: what its file says, read in a language."""

    name: str
    raw: dict[str, Any]

    def title(self, language: str) -> str:
        """Its title."""
        return str(self.raw[f"title_{language}"])

    def about(self, language: str) -> str:
        """What it is for."""
        return str(self.raw[f"about_{language}"])

    @property
    def source(self) -> str:
        """Where its ideas come from."""
        return str(self.raw["source"])

    @property
    def statuses(self) -> dict[str, str]:
        """How each kind of number in it is known."""
        return dict(self.raw["statuses"])

    @property
    def bonus_bp(self) -> int:
        """The bonus for commitments, in basis points of the grant; 0 when there is none."""
        return int(self.raw.get("bonus", {}).get("rate_bp", 0))

    @property
    def most_cents(self) -> int | None:
        """The ceiling of the aid, if any."""
        ceiling = self.raw.get("aid", {}).get("most_cents")
        return None if ceiling is None else int(ceiling)

    def grid(self, language: str) -> Grid:
        """The grid, with its words in a language."""
        return grid_from(self.raw, language)

    def questions(self, language: str) -> tuple[Question, ...]:
        """The questions of the form."""
        return tuple(_question(one, language) for one in self.raw.get("questions", ()))

    def commitments(self, language: str) -> list[dict[str, Any]]:
        """The commitments that give the bonus: code, label, evidence, rate_bp."""
        return [
            {
                "code": one["code"],
                "label": one[f"label_{language}"],
                "evidence": one[f"evidence_{language}"],
                "rate_bp": one["rate_bp"],
            }
            for one in self.raw.get("commitments", ())
        ]


@cache
def grid_templates() -> dict[str, GridTemplate]:
    """The templates, by name."""
    home = files("ressort.reference") / "calls"
    found = {}
    for file in home.iterdir():
        name = file.name.removesuffix(".toml")
        if file.name.endswith(".toml") and not name.startswith(_SCHEMA_PREFIX):
            found[name] = GridTemplate(name, tomllib.loads(file.read_text("utf-8")))
    return dict(sorted(found.items()))


def grid_template(name: str) -> GridTemplate:
    """One template.

    Raises:
        UnknownCode: no template bears that name.
    """
    known = grid_templates()
    if name not in known:
        raise UnknownCode("No template grid is called {name}; there are {choices}.", name=name, choices=list(known))
    return known[name]


def read_grid(text: str, language: str) -> Grid:
    """A grid written by hand, in the form of the templates.

    Raises:
        InputError: no TOML, or a criterion without code or weight. RuleBroken: a grid that cannot rank.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("The grid cannot be read: {problem}.", problem=str(error)) from error
    return grid_from(raw, language)


def grid_from(raw: dict[str, Any], language: str) -> Grid:
    """The grid of a table read from TOML.

    Raises:
        InputError: a criterion without code or weight, a weight that is no whole number, a threshold that is no number.
    """
    criteria = []
    for number, one in enumerate(_criteria(raw), 1):
        if (
            not isinstance(one, dict)
            or not one.get("code")
            or type(one.get("weight")) is not int
            or one["weight"] > _MOST
        ):
            raise InputError("The criterion number {number} of the grid lacks a code or a whole weight.", number=number)
        label = one.get(f"label_{language}") or one.get("label") or one["code"]
        help_text = one.get(f"help_{language}") or one.get("help") or ""
        criteria.append(
            Criterion(
                code=str(one["code"]),
                label=str(label),
                weight=one["weight"],
                top=_whole(one.get("top", 5)),
                threshold=_fraction(one.get("threshold")),
                evidence=bool(one.get("evidence", False)),
                help=str(help_text),
            )
        )
    missing = raw.get("missing", "renormalise")
    if missing not in ("renormalise", "zero"):
        raise InputError("“{given}” is no rule for missing marks: write renormalise or zero.", given=str(missing))
    return Grid(
        criteria=tuple(criteria), score_threshold=_fraction(raw.get("score_threshold")), missing=missing,
        least_reviews=_whole(raw.get("least_reviews", 1)),
    )  # fmt: skip


def _criteria(raw: dict[str, Any]) -> list[Any]:
    held = raw.get("criteria", [])
    return held if isinstance(held, list) else [None]


def _fraction(value: Any) -> Fraction | None:
    if value is None:
        return None
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        raise InputError("“{given}” is not a number.", given=str(value)[:60]) from error


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise InputError("“{given}” is not a whole number.", given=str(value)[:60])
    return int(value)


def _question(one: dict[str, Any], language: str) -> Question:
    return Question(
        code=one["code"], label=one[f"label_{language}"], kind=one["kind"], required=one.get("required", True),
        help=one.get(f"help_{language}", ""), choices=tuple(one.get(f"choices_{language}", ())),
        low=Decimal(one["low"]) if "low" in one else None, most_length=one.get("most_length"),
    )  # fmt: skip
