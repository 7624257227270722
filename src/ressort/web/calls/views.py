"""What everybody sees of the calls, and what an applicant does with a file by its secret link."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError, RuleBroken
from ressort.language import told
from ressort.web.calls import access, applying, exports, files, letters, queries, rules
from ressort.web.calls.applying import Stale
from ressort.web.calls.file_forms import (
    ApplicationForm,
    EvidenceForm,
    LostForm,
    ReportForm,
    StartForm,
    open_calls_first,
)
from ressort.web.calls.models import Application, Attachment, Call, Pledge
from ressort.web.territories.rights import label_of


def shown(request: HttpRequest, call_id: int) -> Call:
    """A published call, or a draft for those who run it."""
    call = get_object_or_404(Call, pk=call_id)
    if call.published_at is None:
        access.require_run(request.user, call)
    return call


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """The calls, those that can be answered first."""
    found = open_calls_first(list(queries.shown_calls()[:200]))
    lines = [(one, label_of(one.territory_key)) for one in found]
    return render(request, "calls/calls.html", {"lines": lines, "step": "decide"})


@require_safe
def call_page(request: HttpRequest, call_id: int) -> HttpResponse:
    """A call: who may apply, until when, how files are judged; its results once decided."""
    call = shown(request, call_id)
    context = {
        "call": call,
        "grid": rules.grid_of(call),
        "total_weight": sum(rules.grid_of(call).weights),
        "commitments": rules.commitments_of(call),
        "questions": rules.questions_of(call),
        "options": rules.DEFAULTS | call.rules,
        "place": label_of(call.territory_key),
        "results": queries.results_of(call) if call.decided_at else [],
        "lots": queries.left_to_lot(call) if call.decided_at else [],
        "may_run": access.may_run(request.user, call),
        "step": "decide",
    }
    context["granted_cents"] = sum(one.total_cents for one in context["results"])
    return render(request, "calls/call.html", context)


@require_safe
def published_file(request: HttpRequest, call_id: int, name: str) -> HttpResponse:
    """A file of a call in a published schema; grants once decided only."""
    call = get_object_or_404(queries.shown_calls(), pk=call_id)
    if not name.startswith("dispositif-aide") and call.decided_at is None:
        raise RuleBroken("This file comes with the decision of the call.")
    response = HttpResponse(exports.file_of(call, name), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{call.pk}.csv"'
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, call_id: int) -> HttpResponse:
    """Opens a draft: its secret link is shown and sent."""
    call = get_object_or_404(queries.shown_calls(), pk=call_id)
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        application, token = applying.start(call, **form.cleaned_data)
        letters.links(request, application.email, [(application, token)])
        messages.success(
            request,
            _("Your draft is open. Keep its address: it is the only key to your file. It was also sent to you."),
        )
        return redirect("calls:application", token)
    return render(request, "calls/start.html", {"call": call, "form": form, "step": "decide"})


@never_cache
@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest, call_id: int) -> HttpResponse:
    """Sends new links to an address; the answer is the same whether it is known or not."""
    call = get_object_or_404(queries.shown_calls(), pk=call_id)
    form = LostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        found = applying.renew_links(call, email)
        if found:
            letters.links(request, email, found)
        messages.success(
            request,
            _(
                "If files of this call bear that address, new links are on their way to it; the old ones die when the new ones are used."
            ),
        )
        return redirect("calls:call", call.pk)
    return render(request, "calls/lost.html", {"call": call, "form": form, "step": "decide"})


@never_cache
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, token: str) -> HttpResponse:
    """A file, for its applicant: the draft to fill, or where it stands."""
    held = access.application_of(token)
    if held.status == Application.Status.DRAFT and held.call.stage == "open":
        return _draft(request, held, token)
    grid = rules.grid_of(held.call)
    progress = queries.progress_of(held)
    context = progress | {
        "file": held, "call": held.call, "token": token, "grid": grid, "answers": answered(held), "step": "decide",
        "evidence": EvidenceForm(), "report": ReportForm(), "marks": _marks(grid, progress.get("place")),
        "total": 100 * progress["place"].score if progress.get("place") else None,
    }  # fmt: skip
    return render(request, "calls/standing.html", context)


def _draft(request: HttpRequest, held: Application, token: str) -> HttpResponse:
    form = ApplicationForm(request.POST or None, application=held)
    context: dict[str, Any] = {"file": held, "call": held.call, "token": token, "form": form, "step": "decide"}
    if request.method == "POST" and form.is_valid():
        try:
            saved = applying.save(held, form.cleaned_data["version"], form.told(), form.raw())
            if "submit" in request.POST:
                applying.submit(saved)
                messages.success(
                    request, _("Your file is handed in. You can take it back and change it until the call closes.")
                )
            else:
                messages.success(request, _("Your draft is saved."))
            return redirect("calls:application", token)
        except Stale as stale:
            context |= {
                "form": _rebased(form, stale.current, held),
                "stale": stale.current,
                "saved_answers": answered(stale.current),
            }
        except RuleBroken as refusal:
            _tell(form, refusal)
            # what was typed is shown again, on top of what is saved
            form.data = form.data.copy()
            form.data["version"] = Application.objects.get(pk=held.pk).version
    asked = [one for one in rules.questions_of(held.call) if one.kind == "file"]
    context["uploads"] = [(one, held.attachments.filter(question=one.code)) for one in asked]
    context["accepted"] = ", ".join(files.MEDIA)
    return render(request, "calls/draft.html", context)


def _rebased(form: ApplicationForm, current: Application, held: Application) -> ApplicationForm:
    """The same words typed, ready to be saved over what someone else saved meanwhile."""
    data = form.data.copy()
    data["version"] = current.version
    return ApplicationForm(data, application=held)


def _tell(form: ApplicationForm, refusal: RuleBroken) -> None:
    problems = refusal.facts.get("problems", [])
    if not problems:
        form.add_error(None, told(refusal))
    for one in problems:
        name = f"q_{one.column}"
        form.add_error(name if name in form.fields else None, one.say(_))


def answered(held: Application) -> list[tuple[str, Any, list[Attachment]]]:
    """Each question with its answer and its files."""
    attached = list(held.attachments.all())
    words = {True: _("yes"), False: _("no")}
    lines = []
    for one in rules.questions_of(held.call):
        value = held.answers.get(one.code, "") if one.kind != "file" else ""
        value = words[value] if isinstance(value, bool) else ", ".join(value) if isinstance(value, list) else value
        lines.append((one.label, value, [file for file in attached if file.question == one.code]))
    return lines


def _marks(grid: Any, ranked: Any) -> list[tuple[Any, Any]]:
    return list(zip(grid.criteria, ranked.marks, strict=True)) if ranked else []


@require_POST
def take_back(request: HttpRequest, token: str) -> HttpResponse:
    """Makes a submitted file a draft again."""
    applying.take_back(access.application_of(token))
    messages.success(request, _("Your file is a draft again: hand it in before the call closes."))
    return redirect("calls:application", token)


@require_POST
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Gives a file up."""
    applying.withdraw(access.application_of(token))
    messages.success(request, _("Your file is withdrawn."))
    return redirect("calls:application", token)


@require_POST
def attach(request: HttpRequest, token: str, question: str) -> HttpResponse:
    """Attaches a file."""
    held = access.application_of(token)
    given = request.FILES.get("file")
    if given is None:
        messages.error(request, _("Choose a file first."))
    else:
        try:
            applying.attach(held, question, given.name or "", given.read())
            messages.success(request, _("The file is attached."))
        except RessortError as refusal:
            messages.error(request, told(refusal))
    return redirect("calls:application", token)


@require_POST
def detach(request: HttpRequest, token: str, attachment_id: int) -> HttpResponse:
    """Removes an attached file."""
    held = access.application_of(token)
    applying.detach(held, get_object_or_404(held.attachments, pk=attachment_id))
    messages.success(request, _("The file is removed."))
    return redirect("calls:application", token)


@require_safe
def own_attachment(request: HttpRequest, token: str, attachment_id: int) -> HttpResponse:
    """An attached file, for its applicant."""
    return files.served(get_object_or_404(access.application_of(token).attachments, pk=attachment_id))


@require_POST
def evidence(request: HttpRequest, token: str, pledge_id: int) -> HttpResponse:
    """Brings the evidence of a commitment."""
    held = access.application_of(token)
    form = EvidenceForm(request.POST)
    if form.is_valid():
        pledge = get_object_or_404(Pledge, pk=pledge_id, decision__application=held)
        applying.bring_evidence(held, pledge, form.cleaned_data["evidence"])
        messages.success(request, _("Your evidence is received; the authority will check it."))
    else:
        messages.error(request, _("Say what shows that the commitment is kept."))
    return redirect("calls:application", token)


@require_POST
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Tells what was done with the grant."""
    held = access.application_of(token)
    form = ReportForm(request.POST)
    if form.is_valid():
        applying.report(held, form.cleaned_data["spent_cents"], form.cleaned_data["text"])
        messages.success(request, _("Your report is received."))
    else:
        messages.error(request, _("Give the amount spent and tell what was done."))
    return redirect("calls:application", token)
