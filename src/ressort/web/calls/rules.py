"""The rules of a call as its columns hold them, read as the objects of the models."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from ressort.core.calls import (
    AidRules,
    Bound,
    Commitment,
    Grant,
    Grid,
    Purse,
    Question,
    granted,
)
from ressort.reference.call_grids import GridTemplate, grid_from
from ressort.web.calls.models import Application, Call

TARGETS = ("secteur public", "associations", "professionnels", "particuliers")
#: what the rules of a call hold when its template says nothing
DEFAULTS: dict[str, Any] = {
    "rate_bp": 8000, "most_cents": None, "overall_cents": None, "overall_rate_bp": 8000, "bonus_cap_bp": 2000,
    "least_commitments": 1, "following": "skip", "normalise": "none", "areas": [], "each_area": 0, "area_most_bp": None,
    "themes": [], "targets": ["associations", "secteur public"], "effect": "", "lot_source": "", "grace_days": 30, "evidence_months": 12,
}  # fmt: skip


def from_template(template: GridTemplate, language: str) -> dict[str, Any]:
    """The grid, questions, commitments and rules that a new call starts from, with the words of a language."""
    grid = template.grid(language)
    return {
        "grid": {
            "template": template.name,
            "score_threshold": None if grid.score_threshold is None else str(grid.score_threshold),
            "missing": grid.missing,
            "least_reviews": grid.least_reviews,
            "criteria": [
                {
                    "code": one.code, "label": one.label, "help": one.help, "weight": one.weight, "top": one.top,
                    "threshold": None if one.threshold is None else str(one.threshold), "evidence": one.evidence,
                }
                for one in grid.criteria
            ],
        },
        "questions": [question_kept(one) for one in template.questions(language)],
        "commitments": template.commitments(language),
        "rules": DEFAULTS | {"most_cents": template.most_cents, "bonus_cap_bp": template.bonus_bp},
    }  # fmt: skip


def question_kept(one: Question) -> dict[str, Any]:
    """A question as a column keeps it."""
    return {
        "code": one.code, "label": one.label, "kind": one.kind, "required": one.required, "help": one.help,
        "choices": list(one.choices), "low": None if one.low is None else str(one.low),
        "high": None if one.high is None else str(one.high), "most_length": one.most_length,
    }  # fmt: skip


def questions_of(call: Call) -> tuple[Question, ...]:
    """The questions of a call."""
    return tuple(
        Question(
            code=one["code"], label=one["label"], kind=one["kind"], required=one["required"], help=one["help"],
            choices=tuple(one["choices"]), low=_decimal(one["low"]), high=_decimal(one["high"]),
            most_length=one["most_length"],
        )
        for one in call.questions
    )  # fmt: skip


def grid_of(call: Call) -> Grid:
    """The grid of a call."""
    return grid_from(call.grid, get_language() or "fr")


@dataclass(frozen=True, slots=True)
class Pledged:
    """A commitment offered by a call, as its page shows it."""

    code: str
    label: str
    evidence: str
    rate_bp: int


def commitments_of(call: Call, chosen: Iterable[str] | None = None) -> list[Pledged]:
    """The commitments of a call; only those chosen, when given."""
    held = [Pledged(one["code"], one["label"], one["evidence"], one["rate_bp"]) for one in call.commitments]
    wanted = None if chosen is None else set(chosen)
    return [one for one in held if wanted is None or one.code in wanted]


def aid_rules_of(call: Call) -> AidRules:
    """Rates and ceilings of the aid."""
    rules = DEFAULTS | call.rules
    return AidRules(
        rate_bp=rules["rate_bp"], most_cents=rules["most_cents"], overall_cents=rules["overall_cents"],
        overall_rate_bp=max(rules["rate_bp"], rules["overall_rate_bp"]), bonus_cap_bp=rules["bonus_cap_bp"],
        least_commitments=rules["least_commitments"],
    )  # fmt: skip


def grant_of(application: Application) -> Grant:
    """What a file would receive, step by step."""
    pledges = [
        Commitment(code=one.code, rate_bp=one.rate_bp, due_on=date.max)
        for one in commitments_of(application.call, application.pledges)
    ]
    rules = aid_rules_of(application.call)
    return granted(application.requested_cents or 0, application.eligible_cents or 0, rules, pledges)


def purse_of(call: Call, files: Mapping[str, Application]) -> Purse:
    """The envelope and its limits by area and theme, over the files that may be funded."""
    rules = DEFAULTS | call.rules
    bounds = []
    most = rules["area_most_bp"]
    for area in rules["areas"]:
        members = frozenset(name for name, one in files.items() if one.area == area)
        if rules["each_area"] or most is not None:
            ceiling = None if most is None else call.envelope_cents * most // 10_000
            bounds.append(Bound(code=area, members=members, least_count=rules["each_area"], most_cents=ceiling))
    for theme in rules["themes"]:
        members = frozenset(name for name, one in files.items() if one.theme == theme["name"])
        if theme["least_cents"] or theme["most_cents"] is not None:
            bounds.append(
                Bound(
                    code=theme["name"],
                    members=members,
                    least_cents=theme["least_cents"],
                    most_cents=theme["most_cents"],
                )
            )
    return Purse(envelope_cents=call.envelope_cents, bounds=tuple(bounds))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
