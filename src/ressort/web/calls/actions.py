"""What the authority does with a call, from its draft to its publication. Each action is one transaction and a line of the log."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from ressort.core.calls import KINDS, Question, check_form, drawn_order
from ressort.core.errors import RuleBroken
from ressort.reference.call_grids import grid_template
from ressort.web import effects
from ressort.web.calls import access, queries, rules
from ressort.web.calls.models import Application, Call, Reviewer
from ressort.web.people import access as people_access
from ressort.web.people.actions import add_person, note
from ressort.web.people.models import Person

MOST_QUESTIONS = 60
MOST_CRITERIA = 30
#: sums of effects stay exact in the solver
MOST_EFFECT = 1_000_000


@transaction.atomic
def create_call(by: Person, kind: str, code: str, template: str, language: str, **told: Any) -> Call:
    """A draft call, its grid, questions and commitments taken from a template."""
    people_access.require(by, "run_calls", f"{kind}:{code}")
    held = rules.from_template(grid_template(template), language)
    own = told.pop("rules", {})
    call = Call(kind=kind, code=code, created_by=by, **told, **held)
    call.rules = held["rules"] | own
    call.save()
    note(by, "create_call", f"call:{call.pk} {kind}:{code}")
    return call


@transaction.atomic
def change_call(by: Person, call: Call, **told: Any) -> Call:
    """Changes a draft."""
    held = _draft(by, call)
    held.rules = held.rules | told.pop("rules", {})
    for name, value in told.items():
        setattr(held, name, value)
    held.save()
    note(by, "change_call", f"call:{call.pk}")
    return held


@transaction.atomic
def change_grid(by: Person, call: Call, grid: dict[str, Any]) -> Call:
    """Changes the grid of a draft.

    Raises:
        RuleBroken: a grid that cannot rank, or with too many criteria.
    """
    held = _draft(by, call)
    if len(grid["criteria"]) > MOST_CRITERIA:
        raise RuleBroken("A grid holds at most {most} criteria.", most=MOST_CRITERIA)
    held.grid = held.grid | grid
    rules.grid_of(held)
    held.save(update_fields=["grid"])
    note(by, "change_grid", f"call:{call.pk}")
    return held


@transaction.atomic
def change_questions(by: Person, call: Call, questions: Sequence[Question]) -> Call:
    """Changes the form of a draft.

    Raises:
        RuleBroken: a form that nobody could fill, or too long.
    """
    held = _draft(by, call)
    if len(questions) > MOST_QUESTIONS:
        raise RuleBroken("A form holds at most {most} questions.", most=MOST_QUESTIONS)
    assert all(one.kind in KINDS for one in questions)
    check_form(questions)
    held.questions = [rules.question_kept(one) for one in questions]
    held.save(update_fields=["questions"])
    note(by, "change_questions", f"call:{call.pk}")
    return held


@transaction.atomic
def publish(by: Person, call: Call) -> Call:
    """Shows a call to everybody; from then on its rules no longer change.

    Raises:
        RuleBroken: a grid or a form that does not hold, or a closing hour already past.
    """
    held = _draft(by, call)
    rules.grid_of(held)
    check_form(rules.questions_of(held))
    rules.aid_rules_of(held)
    if held.closes_at <= timezone.now():
        raise RuleBroken("The closing hour is past: give a later one before publishing.")
    held.published_at = timezone.now()
    held.save(update_fields=["published_at"])
    note(by, "publish_call", f"call:{call.pk}")
    return held


@transaction.atomic
def erase_call(by: Person, call: Call) -> None:
    """Erases a draft."""
    held = _draft(by, call)
    note(by, "erase_call", f"call:{call.pk}")
    held.delete()


@transaction.atomic
def add_reviewer(by: Person, call: Call, email: str) -> tuple[Reviewer, bool]:
    """Adds a reviewer, opening the account if need be; tells whether it was just opened."""
    access.require_run(by, call)
    is_new = not Person.objects.filter(email__iexact=email).exists()
    reviewer, _made = Reviewer.objects.get_or_create(call=call, person=add_person(email, by=by))
    note(by, "add_reviewer", f"call:{call.pk} person:{reviewer.person_id}")
    return reviewer, is_new


@transaction.atomic
def remove_reviewer(by: Person, reviewer: Reviewer) -> None:
    """Removes a reviewer who has not marked anything.

    Raises:
        RuleBroken: the reviewer has reviews, which stay.
    """
    access.require_run(by, reviewer.call)
    if reviewer.person.reviews.filter(application__call=reviewer.call).exists():
        raise RuleBroken("This reviewer has already marked files: their reviews stay, and so does their name.")
    note(by, "remove_reviewer", f"call:{reviewer.call_id} person:{reviewer.person_id}")
    reviewer.delete()


@transaction.atomic
def judge_eligibility(by: Person, application: Application, because: str) -> Application:
    """Sets a file aside as not eligible, with the motive; an empty motive takes it back.

    Raises:
        RuleBroken: a file that is not submitted, or already decided.
    """
    access.require_run(by, application.call)
    held = Application.objects.select_for_update().get(pk=application.pk)
    if held.status not in (Application.Status.SUBMITTED, Application.Status.INELIGIBLE) or held.call.decided_at:
        raise RuleBroken("Only a submitted file of a call that is not decided yet can be set aside or taken back.")
    held.status = Application.Status.INELIGIBLE if because else Application.Status.SUBMITTED
    held.ineligible_because = because
    held.save(update_fields=["status", "ineligible_because"])
    note(by, "judge_eligibility", f"application:{held.pk}")
    return held


@transaction.atomic
def estimate_effect(by: Person, application: Application, effect: int | None, source: str = "") -> Application:
    """Keeps the effect of a file on the indicator of its call, as the services estimate it, or a simulation whose words are `source`.

    Raises:
        RuleBroken: a call already decided, or an effect below zero.
    """
    held = _undecided(by, application)
    if effect is not None and not 0 <= effect <= MOST_EFFECT:
        raise effect_refused()
    held.effect, held.effect_source = effect, source[:200]
    held.save(update_fields=["effect", "effect_source"])
    note(by, "estimate_effect", f"application:{held.pk}")
    return held


@transaction.atomic
def simulate_effect(by: Person, application: Application, levers: str, stress_token: str) -> Application:
    """Keeps the levers of a file, and the answer to a shock that plays them: its page then tells what they move.

    Raises:
        RuleBroken, UnknownCode: a call already decided, a lever or an answer that says nothing of the file.
    """
    held = _undecided(by, application)
    effects.check(held.call.territory_key, levers, stress_token)
    held.levers, held.stress_token = levers, stress_token
    if held.effect_source:  # what other levers gave is no figure of these
        held.effect, held.effect_source = None, ""
    held.save(update_fields=["levers", "stress_token", "effect", "effect_source"])
    note(by, "simulate_effect", f"application:{held.pk}")
    return held


def _undecided(by: Person, application: Application) -> Application:
    access.require_run(by, application.call)
    held = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    if held.call.decided_at:
        raise RuleBroken("This call is decided: the effect of a file no longer changes.")
    return held


def effect_refused() -> RuleBroken:
    """Why a number is no effect."""
    return RuleBroken("An effect is a whole number from 0 to {most}.", most=MOST_EFFECT)


@transaction.atomic
def draw_lot(by: Person, call: Call, words: str) -> Call:
    """Writes down, once, the public words that draw the order of files which nothing else separates; from then on no mark changes.

    Raises:
        RuleBroken: a call that is not closed or is decided, a lot already drawn, no words, a file that nobody marked yet.
    """
    access.require_decide(by, call)
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.stage != "closed":
        raise RuleBroken("The lot is drawn between the closing of a call and its decision.")
    if held.draw:
        raise RuleBroken("The lot of this call was drawn already: it is not drawn again.")
    if not words.strip():
        raise RuleBroken("Write the public words that draw the lot.")
    waiting = queries.weighing(held).unmarked
    if waiting:
        raise RuleBroken("Marks come before the lot: {names} have no final review yet.", names=list(waiting))
    held.lot_words = words.strip()
    held.draw = list(drawn_order([one.reference for one in held.applications.all()], held.lot_words))
    held.save(update_fields=["lot_words", "draw"])
    note(by, "draw_lot", f"call:{call.pk}")
    return held


def _draft(by: Person, call: Call) -> Call:
    access.require_run(by, call)
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.published_at:
        raise RuleBroken(
            "This call is published: its rules no longer change. Close it and open another one if need be."
        )
    return held
