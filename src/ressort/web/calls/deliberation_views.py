"""Screens of the deliberation, of what follows it, and of the share of aid under criteria."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.calls import Target
from ressort.core.errors import NoSolution, RessortError, RuleBroken
from ressort.language import told
from ressort.reference.territories import territories
from ressort.web.calls import access, actions, aid, deciding, exports, letters, queries, rules
from ressort.web.calls.desk_views import run_call
from ressort.web.calls.file_forms import AgreementForm, CallUpForm, DecisionsForm, advised
from ressort.web.calls.models import Application, Call, Decision, Payment, Pledge
from ressort.web.calls.queries import Weighing
from ressort.web.people import access as people_access


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def deliberate(request: HttpRequest, call_id: int) -> HttpResponse:
    """The ranking, how firm it is, the choices under the envelope; and the decisions to record."""
    call = run_call(request, call_id)
    if call.stage not in ("closed", "decided"):
        raise RuleBroken("The deliberation opens when the call is closed, so that no file is judged before another.")
    weighed = queries.weighing(call)
    found = queries.files_of(call)
    form = DecisionsForm(
        request.POST or None, files=_in_order(found, weighed), advice=_advice(weighed, request.GET.get("choix", ""))
    )
    if request.method == "POST" and form.is_valid():
        told_ = form.cleaned_data
        try:
            made = deciding.decide(request.user, call, told_["reference"], told_["decided_on"], form.outcomes())
            letters.decided(call, made)
            messages.success(request, _("The decisions are recorded and published."))
            return redirect("calls:deliberate", call_id)
        except RuleBroken as refusal:
            form.add_error(None, told(refusal))
    context = {
        "call": call, "form": form, "effect": (rules.DEFAULTS | call.rules)["effect"], "weighed": weighed, "lines": _lines(found, weighed),
        "choices": _choices(call, weighed),
        "turns": _turns(weighed), "may_decide": access.may_decide(request.user, call), "step": "decide",
        "waiting": [one for one in found if one.reference in weighed.unmarked],
        "override": _override(weighed, found) if call.decided_at else None,
        "lots": queries.left_to_lot(call), "lot_source": (rules.DEFAULTS | call.rules)["lot_source"],
    }  # fmt: skip
    return render(request, "calls/deliberation.html", context)


def _in_order(found: list[Application], weighed: Weighing) -> list[Application]:
    """Files in the order of the ranking, those without marks last."""
    place = {one.application: i for i, one in enumerate(weighed.ranked)}
    return sorted(found, key=lambda one: (place.get(one.reference, 10**6), one.number))


def _advice(weighed: Weighing, choice: str) -> dict[str, tuple[str, str]]:
    """What the decisions would be if the committee followed a choice."""
    choices = {"score": weighed.advice.best_score, "effet": weighed.advice.best_effect}
    chosen = choices.get(choice) or weighed.advice.in_order
    if isinstance(chosen, NoSolution):
        chosen = weighed.advice.in_order
    motives = {name: told(why) for name, why in chosen.refusals.items()}
    for one in weighed.ranked:
        if one.application in chosen.funded:
            words = _("Ranked {place}, {score} out of 100.")
            motives[one.application] = words.format(
                place=one.place, score=f"{float(100 * one.score):.2f}".replace(".", ",")
            )
        elif one.failed:
            motives[one.application] = " ".join(told(why) for why in one.failed)
    return advised(weighed.ranked, chosen.funded, motives)


def _lines(found: list[Application], weighed: Weighing) -> list[dict[str, Any]]:
    files = {one.reference: one for one in found}
    advice = weighed.advice
    best = () if isinstance(advice.best_score, NoSolution) else advice.best_score.funded
    standings = {"funded": _("always funded"), "refused": _("never funded"), "open": _("may change")}
    lines = []
    for one in weighed.ranked:
        span = advice.ranges.get(one.application)
        why_not = advice.in_order.refusals.get(one.application)
        lines.append(
            {
                "one": one, "file": files[one.application], "score": float(100 * one.score), "grant": weighed.grants[one.application],
                "marks": [None if mark is None else float(mark) for mark in one.marks],
                "gaps": [weighed.grid.criterion(code).label for code in one.disagreements],
                "span": span, "standing": standings.get(advice.standings.get(one.application, ""), ""),
                "in_order": one.application in advice.in_order.funded, "best": one.application in best,
                "why_not": [told(why) for why in one.failed] or ([told(why_not)] if why_not else []),
                "cost": _cost(one.application, advice.best_score),
            }
        )  # fmt: skip
    return lines


def _cost(name: str, choice: Any) -> str:
    why = getattr(choice, "refusals", {}).get(name)
    return told(why) if why else ""


def _choices(call: Call, weighed: Weighing) -> list[dict[str, Any]]:
    """Totals of each choice, side by side."""
    effects = {one.reference: one.effect for one in queries.files_of(call)}
    rows = []
    for key, title, choice in (
        ("rang", _("The ranking, followed"), weighed.advice.in_order),
        ("score", _("The best total score"), weighed.advice.best_score),
        ("effet", _("The best effect"), weighed.advice.best_effect),
    ):
        if choice is None:
            continue
        if isinstance(choice, NoSolution):
            rows.append({"key": key, "title": title, "impossible": told(choice)})
        else:
            score = float(weighed.advice.score_of(choice.funded))
            rows.append(
                {
                    "key": key, "title": title, "count": len(choice.funded), "spent": choice.spent_cents, "score": score,
                    "left": call.envelope_cents - choice.spent_cents,
                    "effect": sum(effects[name] or 0 for name in choice.funded), "is_proven": getattr(choice, "is_proven", True),
                }
            )  # fmt: skip
    return rows


def _turns(weighed: Weighing) -> list[dict[str, Any]]:
    """How far each weight may move before the files funded change."""
    return [
        {
            "label": weighed.grid.criterion(one.criterion).label, "share": float(one.weight_share),
            "low": float(one.down.weight_share) if one.down else 0.0, "high": float(one.up.weight_share) if one.up else 1.0,
            "down": one.down, "up": one.up,
        }
        for one in weighed.advice.intervals
    ]  # fmt: skip


def _override(weighed: Weighing, found: list[Application]) -> dict[str, Any] | None:
    """What deciding otherwise than the ranking costs in total score."""
    decided = [one.reference for one in found if getattr(one, "decision", None) and one.decision.outcome == "funded"]
    if set(decided) == set(weighed.advice.in_order.funded):
        return None
    lost = weighed.advice.score_of(weighed.advice.in_order.funded) - weighed.advice.score_of(decided)
    return {"lost": float(lost)}


@never_cache
@login_required
@require_safe
def ranking_file(request: HttpRequest, call_id: int) -> HttpResponse:
    """The ranking as a table, for those who run the call."""
    call = run_call(request, call_id)
    if call.stage not in ("closed", "decided"):
        raise RuleBroken("The deliberation opens when the call is closed, so that no file is judged before another.")
    response = HttpResponse(exports.ranking(call, queries.weighing(call)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="classement-{call.pk}.csv"'
    return response


@login_required
@require_POST
def draw(request: HttpRequest, call_id: int) -> HttpResponse:
    """Writes down the public words that draw the lot."""
    try:
        actions.draw_lot(request.user, run_call(request, call_id), request.POST.get("words", "")[:120])
        messages.success(request, _("The lot is written down."))
    except RuleBroken as refusal:
        messages.error(request, told(refusal))
    return redirect("calls:deliberate", call_id)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, application_id: int) -> HttpResponse:
    """A funded file: agreement, payments, commitments, recoveries, report."""
    decision = get_object_or_404(
        Decision.objects.select_related("application__call"), application_id=application_id, outcome="funded"
    )
    call = decision.application.call
    access.require_run(request.user, call)
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.agree(request.user, decision, form.cleaned_data["agreed_on"], form.parts())
            messages.success(request, _("The payments are planned; they sum to the grant."))
            return redirect("calls:follow", application_id)
        except RuleBroken as refusal:
            form.add_error(None, told(refusal))
    due = {one.code: one for one in deciding.due_back(decision, timezone.localdate())}
    context = queries.progress_of(decision.application) | {
        "file": decision.application, "call": call, "form": form, "today": timezone.localdate(), "step": "decide",
        "may_decide": access.may_decide(request.user, call),
    }  # fmt: skip
    context["due"] = [one for one in context["pledges"] if one.code in due and not hasattr(one, "recovery")]
    context["due_cents"] = sum(due[one.code].amount_cents for one in context["due"])
    return render(request, "calls/follow.html", context)


@login_required
@require_POST
def call_up(request: HttpRequest, application_id: int) -> HttpResponse:
    """Funds a file of the reserve list."""
    decision = get_object_or_404(Decision.objects.select_related("application__call"), application_id=application_id)
    form = CallUpForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the reference, the day and the motive of the new decision."))
        return redirect("calls:file", application_id)
    try:
        made = deciding.call_up(request.user, decision, **form.cleaned_data)
        letters.decided(decision.application.call, [made])
        messages.success(request, _("The file is funded."))
    except RuleBroken as refusal:
        messages.error(request, told(refusal))
    return redirect("calls:file", application_id)


@login_required
@require_POST
def pay(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Records that an instalment was paid today."""
    payment = get_object_or_404(Payment.objects.select_related("decision"), pk=payment_id)
    deciding.pay(request.user, payment, timezone.localdate())
    messages.success(request, _("The payment is recorded."))
    return redirect("calls:follow", payment.decision.application_id)


@login_required
@require_POST
def check(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """Accepts or refuses the evidence of a commitment."""
    pledge = get_object_or_404(Pledge.objects.select_related("decision"), pk=pledge_id)
    deciding.check_pledge(request.user, pledge, "accept" in request.POST)
    return redirect("calls:follow", pledge.decision.application_id)


@login_required
@require_POST
def recover(request: HttpRequest, application_id: int) -> HttpResponse:
    """Records what is taken back of the bonus."""
    made = deciding.recover(request.user, get_object_or_404(Decision, application_id=application_id))
    messages.success(request, _("Recoveries recorded: {count}.").format(count=len(made)))
    return redirect("calls:follow", application_id)


@never_cache
@require_http_methods(["GET", "POST"])
def aid_share(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The share of a territory's aid under resilience criteria, year by year; its people bring the published file of all its aid."""
    place = territories().territory(f"{kind}:{code}")
    may_write = people_access.may(request.user, "run_calls", place.key)
    problems: list[str] = []
    if request.method == "POST":
        people_access.require(request.user, "run_calls", place.key)
        problems = _import(request, place.kind, place.code)
        if not problems:
            return redirect("calls:aid", kind, code)
    years = queries.aid_years(place.kind, place.code, Target(year=aid.TARGET_YEAR))
    schemes = sorted(
        set(Call.objects.filter(kind=kind, code=code, under_criteria=True).values_list("scheme", flat=True))
    )
    context = {
        "place": place, "years": years, "problems": problems, "may_write": may_write, "schemes": ", ".join(schemes),
        "target": str(aid.TARGET_YEAR), "step": "decide",
    }  # fmt: skip
    return render(request, "calls/aid.html", context)


def _import(request: HttpRequest, kind: str, code: str) -> list[str]:
    given = request.FILES.get("file")
    schemes = [name.strip() for name in request.POST.get("schemes", "").split(",") if name.strip()]
    if given is None:
        return [_("Choose a file first.")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "subventions.csv"
        path.write_bytes(given.read())
        try:
            count = aid.provide(request.user, kind, code, path, schemes, (given.name or "")[:160])
        except RessortError as refusal:
            lines = refusal.facts.get("problems", [])
            words = _("line {line}, {column}: {problem}")
            return [words.format(line=p.line, column=p.column, problem=p.say(_)) for p in lines[:50]] or [told(refusal)]
    messages.success(request, _("Years read: {count}.").format(count=count))
    return []
