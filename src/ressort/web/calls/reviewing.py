"""What reviewers do: declare an interest, or give marks. Two saves at once never lose one."""

from collections.abc import Mapping
from fractions import Fraction

from django.db import transaction

from ressort.core.errors import RuleBroken
from ressort.web.calls import access, rules
from ressort.web.calls.applying import Stale
from ressort.web.calls.models import Application, Review
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@transaction.atomic
def declare_conflict(by: Person, application: Application) -> Review:
    """Says that one has an interest in a file: the marks given are erased and none can be given any more."""
    held, _locked = _held(by, application)
    held = held or Review(application=application, reviewer=by, version=0)
    held.has_conflict, held.marks, held.comments, held.advice, held.is_final = True, {}, "", "", True
    held.version += 1
    held.save()
    note(by, "declare_conflict", f"application:{application.pk}")
    return held


@transaction.atomic
def save_review(
    by: Person,
    application: Application,
    version: int,
    marks: Mapping[str, str],
    comments: str = "",
    advice: str = "",
    is_final: bool = False,
) -> Review:
    """Saves marks, unless the review was saved by another window since this one was opened.

    Args:
        version: 0 for a first save, else that of the review when its form was opened.
        marks: by criterion: a number, or "na" when it does not apply.

    Raises:
        Stale: saved meanwhile; `current` holds what is kept. RuleBroken: a mark outside its scale, a review that is final.
    """
    held, locked = _held(by, application)
    if (held.version if held else 0) != version:
        raise Stale(held)
    held = held or Review(application=locked, reviewer=by, version=0)
    if held.has_conflict:
        raise RuleBroken("You declared an interest in this file: no mark can be given.")
    if held.is_final:
        raise RuleBroken("This review is final.")
    held.marks, held.comments, held.advice = _checked(locked, marks), comments, advice
    if is_final and len(held.marks) < len(locked.call.grid["criteria"]):
        raise RuleBroken(
            "Give a mark for each criterion, or say that it does not apply, before making the review final."
        )
    held.is_final = is_final
    held.version += 1
    held.save()
    note(by, "save_review", f"application:{application.pk}")
    return held


@transaction.atomic
def reopen_review(by: Person, application: Application) -> Review:
    """Makes one's final review open again, until the decision."""
    held, _locked = _held(by, application)
    if held is None or held.has_conflict:
        raise RuleBroken("There is no review of yours to open again.")
    held.is_final = False
    held.version += 1
    held.save()
    return held


def _held(by: Person, application: Application) -> tuple[Review | None, Application]:
    """The review as it stands, its file locked so that two saves of the same review come one after the other."""
    locked = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    access.require_review(by, locked)
    if locked.call.stage not in ("open", "closed"):
        raise RuleBroken("Files are marked between the opening of a call and its decision.")
    if locked.call.lot_words:
        raise RuleBroken("The lot between equal files is drawn: no mark changes any more.")
    return Review.objects.filter(application=locked, reviewer=by).first(), locked


def _checked(application: Application, marks: Mapping[str, str]) -> dict[str, str]:
    grid = rules.grid_of(application.call)
    kept = {}
    for code, mark in marks.items():
        one = grid.criterion(code)
        if mark == "na":
            kept[code] = mark
        elif mark:
            try:
                value = Fraction(mark.replace(",", "."))
            except (ValueError, ZeroDivisionError):
                value = Fraction(-1)
            if not 0 <= value <= one.top or (2 * value).denominator != 1:
                raise RuleBroken(
                    "The mark {mark} for {criterion} is not on its scale: 0 to {top}, by half points.",
                    mark=mark[:20], criterion=one.label, top=one.top,
                )  # fmt: skip
            kept[code] = str(float(value)) if value.denominator != 1 else str(int(value))
    return kept
