"""Reads about calls: what everybody sees, what the committee looks at, where an applicant stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from ressort.core.calls import (
    Aid,
    Deliberation,
    Grant,
    Grid,
    Ranked,
    Review,
    Target,
    YearOfAid,
    aid_under_criteria,
    deliberate,
    left_to_the_lot,
    rank,
    reviewed,
)
from ressort.language import language
from ressort.web.calls import rules
from ressort.web.calls.models import AidYear, Application, Call, Decision, Recovery
from ressort.web.calls.models import Review as Given
from ressort.web.people.access import ROLES
from ressort.web.people.models import Person


def shown_calls() -> QuerySet[Call]:
    """The calls that everybody sees."""
    return Call.objects.filter(published_at__isnull=False)


def calls_run_by(person: Person) -> QuerySet[Call]:
    """The calls that a person runs: all of them for an operator."""
    if person.is_superuser:
        return Call.objects.all()
    mine = Q(pk__in=[])
    for kind, code in person.grants.filter(role__in=ROLES["run_calls"]).values_list("kind", "code"):
        mine |= Q(kind=kind, code=code)
    return Call.objects.filter(mine)


def files_of(call: Call) -> list[Application]:
    """The submitted files of a call, in the order of their numbers."""
    return list(
        call.applications.filter(status=Application.Status.SUBMITTED)
        .select_related("call", "decision")
        .annotate(
            review_count=Count("reviews", filter=Q(reviews__is_final=True, reviews__has_conflict=False), distinct=True),
            conflict_count=Count("reviews", filter=Q(reviews__has_conflict=True), distinct=True),
        )
        .order_by("number")
    )


def twins(files: Sequence[Application]) -> set[str]:
    """References of files whose SIRET stands in another file of the same call."""
    seen: dict[str, list[str]] = {}
    for one in files:
        seen.setdefault(one.identifier, []).append(one.reference)
    return {name for names in seen.values() if len(names) > 1 for name in names}


@dataclass(frozen=True)
class Weighing:
    """A call weighed: its grid, ranking, amounts, and the advice that follows."""

    grid: Grid
    ranked: tuple[Ranked, ...]
    grants: dict[str, Grant]
    advice: Deliberation
    unmarked: tuple[str, ...]


def weighing(call: Call) -> Weighing:
    """The ranking of a call and the choices under its envelope; kept in memory until something changes."""
    return _weighed(call.pk, _stamp(call))


def _stamp(call: Call) -> str:
    reviews = Given.objects.filter(application__call=call).aggregate(Max("saved_at"), Count("id"), Sum("version"))
    files = call.applications.aggregate(Max("saved_at"), Count("id"), Sum("version"))
    statuses = sorted(call.applications.values_list("pk", "status", "effect"), key=lambda row: row[0])
    return repr((reviews, files, statuses, call.draw))


@lru_cache(maxsize=32)
def _weighed(call_id: int, stamp: str) -> Weighing:
    call = Call.objects.get(pk=call_id)
    with language("fr"):
        grid = rules.grid_of(call)
    files = {one.reference: one for one in files_of(call)}
    held = reviewed(_reviews(call, files), grid, (rules.DEFAULTS | call.rules)["normalise"])
    grants = {name: rules.grant_of(one) for name, one in files.items()}
    amounts = {name: one.total_cents for name, one in grants.items()}
    ranked = tuple(rank(held, grid, amounts, draw=call.draw if set(call.draw) >= _tied(held, grid, amounts) else ()))
    fundable = {one.application: files[one.application] for one in ranked if one.is_fundable}
    purse = rules.purse_of(call, fundable)
    known = {name: one.effect for name, one in files.items()}
    effects = (
        {name: effect or 0 for name, effect in known.items()} if any(e is not None for e in known.values()) else None
    )
    advice = deliberate(ranked, grid, amounts, purse, (rules.DEFAULTS | call.rules)["following"], effects)
    marked = {one.application for one in held}
    return Weighing(grid, ranked, grants, advice, tuple(name for name in files if name not in marked))


def left_to_lot(call: Call) -> list[dict[str, Any]]:
    """Groups of files that only the lot separates, the first drawn first once it is; whether it tells who is funded."""
    weighed = weighing(call)
    funded = set(weighed.advice.in_order.funded)
    groups = left_to_the_lot(weighed.ranked)
    return [{"names": names, "matters": 0 < len(funded.intersection(names)) < len(names)} for names in groups]


def _tied(held: Sequence[Any], grid: Grid, amounts: dict[str, int]) -> set[str]:
    return {one.application for one in rank(held, grid, amounts) if one.tied_with}


def _reviews(call: Call, files: dict[str, Application]) -> list[Review]:
    given = Given.objects.filter(application__in=files.values(), is_final=True).select_related("application")
    return [
        Review(
            application=one.application.reference,
            # the marks of someone who left stay; without a name, each review counts as a reviewer of its own
            reviewer=str(one.reviewer_id) if one.reviewer_id else f"left:{one.pk}",
            marks={code: None if mark == "na" else Fraction(mark) for code, mark in one.marks.items()},
            conflict=one.has_conflict,
        )
        for one in given
    ]


def reviews_of(application: Application) -> list[dict[str, Any]]:
    """Every review of a file, for those who run the call: marks in the order of the grid, comments, advice, interests."""
    grid = rules.grid_of(application.call)
    return [
        {"review": one, "marks": [(c.label, one.marks.get(c.code, "")) for c in grid.criteria]}
        for one in application.reviews.select_related("reviewer")
    ]


def results_of(call: Call) -> list[Decision]:
    """What was decided, funded files first; names of applicants who lost are not published."""
    decisions = Decision.objects.filter(application__call=call).select_related("application__call")
    order = {"funded": 0, "reserve": 1, "refused": 2}
    return sorted(decisions, key=lambda one: (order[one.outcome], one.application.number))


def progress_of(application: Application) -> dict[str, Any]:
    """Where an applicant stands: what was decided, what is paid, what is owed."""
    decision = Decision.objects.filter(application=application).first()
    if decision is None:
        return {"decision": None}
    payments = list(decision.payments.all())
    return {
        "decision": decision,
        "grant": rules.grant_of(application) if decision.outcome == Decision.Outcome.FUNDED else None,
        "payments": payments,
        "paid_cents": sum(one.amount_cents for one in payments if one.paid_on),
        "pledges": list(decision.pledges.select_related("recovery")),
        "recovered_cents": Recovery.objects.filter(pledge__decision=decision).aggregate(s=Sum("amount_cents"))["s"]
        or 0,
        "place": _place(application),
    }


def _place(application: Application) -> Ranked | None:
    for one in weighing(application.call).ranked:
        if one.application == application.reference:
            return one
    return None


def aid_years(kind: str, code: str, target: Target | None) -> list[YearOfAid]:
    """The aid of a territory year by year: the published file where there is one, else the grants of the calls made here."""
    imported = {one.year: one for one in AidYear.objects.filter(kind=kind, code=code)}
    aids = []
    for one in imported.values():
        aids += _lumps(one)
    here = Decision.objects.filter(application__call__kind=kind, application__call__code=code, outcome="funded")
    for decision in here.select_related("application__call"):
        if decision.decided_on.year not in imported:
            under = decision.application.call.under_criteria
            aids.append(Aid(year=decision.decided_on.year, amount_cents=decision.total_cents, under_criteria=under))
    return aid_under_criteria(aids, target)


def _lumps(one: AidYear) -> list[Aid]:
    """As many grants as the year counts, the first of each sort holding its whole sum."""
    under = [Aid(year=one.year, amount_cents=0, under_criteria=True)] * max(0, one.under_count - 1)
    over = [Aid(year=one.year, amount_cents=0, under_criteria=False)] * max(0, one.count - one.under_count - 1)
    if one.under_count:
        under.append(Aid(year=one.year, amount_cents=one.under_cents, under_criteria=True))
    if one.count > one.under_count:
        over.append(Aid(year=one.year, amount_cents=one.total_cents - one.under_cents, under_criteria=False))
    return under + over
