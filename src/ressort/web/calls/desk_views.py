"""Screens of the authority: preparing a call, its reviewers, its files."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError, RuleBroken
from ressort.language import told
from ressort.web.calls import access, actions, queries, rules
from ressort.web.calls.forms import KIND_WORDS, CallForm, GridForm, NewCallForm, QuestionForm
from ressort.web.calls.models import Application, Call, Reviewer
from ressort.web.people.actions import first_password_link
from ressort.web.territories.rights import label_of, places_for


def run_call(request: HttpRequest, call_id: int) -> Call:
    """A call that the person signed in runs."""
    call = get_object_or_404(Call, pk=call_id)
    access.require_run(request.user, call)
    return call


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The calls of one's territories."""
    lines = [(one, label_of(one.territory_key)) for one in queries.calls_run_by(request.user)]
    places = places_for(request.user, "run_calls")
    aids = [(*key.split(":"), name) for key, name in places]
    return render(request, "calls/desk.html", {"lines": lines, "places": places, "aids": aids, "step": "decide"})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def new_call(request: HttpRequest) -> HttpResponse:
    """Opens a draft from a template."""
    places = places_for(request.user, "run_calls")
    language = get_language() or "fr"
    form = NewCallForm(request.POST or None, places=places, language=language[:2])
    if request.method == "POST" and form.is_valid():
        kind, _colon, code = form.cleaned_data["territory"].partition(":")
        call = actions.create_call(request.user, kind, code, form.cleaned_data["template"], language[:2], **form.told())
        messages.success(request, _("The draft is open. Look at its grid and its questions, then publish it."))
        return redirect("calls:manage", call.pk)
    return render(request, "calls/new.html", {"form": form, "places": places, "step": "decide"})


@never_cache
@login_required
@require_safe
def manage(request: HttpRequest, call_id: int) -> HttpResponse:
    """A call on the desk: what is left to do, its reviewers, its files."""
    call = run_call(request, call_id)
    found = queries.files_of(call)
    context = {
        "call": call, "files": found, "twins": queries.twins(found), "grid": rules.grid_of(call),
        "others": call.applications.exclude(status=Application.Status.SUBMITTED),
        "reviewers": call.reviewers.select_related("person"), "questions": rules.questions_of(call),
        "may_decide": access.may_decide(request.user, call), "place": label_of(call.territory_key), "step": "decide",
    }  # fmt: skip
    return render(request, "calls/manage.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, call_id: int) -> HttpResponse:
    """The words, dates and money of a draft."""
    call = run_call(request, call_id)
    form = CallForm(request.POST or None, instance=call)
    if request.method == "POST" and form.is_valid():
        actions.change_call(request.user, call, **form.told())
        messages.success(request, _("The draft is saved."))
        return redirect("calls:manage", call_id)
    return render(request, "calls/change.html", {"call": call, "form": form, "step": "decide"})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, call_id: int) -> HttpResponse:
    """The criteria of a draft."""
    call = run_call(request, call_id)
    form = GridForm(request.POST or None, call=call)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_grid(request.user, call, form.grid())
            messages.success(request, _("The grid is saved."))
            return redirect("calls:grid", call_id)
        except RuleBroken as refusal:
            form.add_error(None, told(refusal))
    return render(request, "calls/grid.html", {"call": call, "form": form, "step": "decide"})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, call_id: int) -> HttpResponse:
    """The form of a draft, question by question."""
    call = run_call(request, call_id)
    held = list(rules.questions_of(call))
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_questions(request.user, call, [*held, form.question({one.code for one in held})])
            messages.success(request, _("The question is added."))
            return redirect("calls:questions", call_id)
        except RuleBroken as refusal:
            form.add_error(None, told(refusal))
    lines = [(one, KIND_WORDS[one.kind]) for one in held]
    return render(request, "calls/questions.html", {"call": call, "form": form, "lines": lines, "step": "decide"})


@login_required
@require_POST
def move_question(request: HttpRequest, call_id: int, code: str) -> HttpResponse:
    """Removes a question, or moves it up."""
    call = run_call(request, call_id)
    held = list(rules.questions_of(call))
    place = next((i for i, one in enumerate(held) if one.code == code), None)
    if place is not None:
        one = held.pop(place)
        if "remove" not in request.POST:
            held.insert(max(0, place - 1), one)
        actions.change_questions(request.user, call, held)
    return redirect("calls:questions", call_id)


@login_required
@require_POST
def publish(request: HttpRequest, call_id: int) -> HttpResponse:
    """Publishes a draft."""
    try:
        actions.publish(request.user, run_call(request, call_id))
        messages.success(request, _("The call is published: its rules no longer change."))
    except RessortError as refusal:
        messages.error(request, told(refusal))
    return redirect("calls:manage", call_id)


@login_required
@require_POST
def erase(request: HttpRequest, call_id: int) -> HttpResponse:
    """Erases a draft."""
    actions.erase_call(request.user, run_call(request, call_id))
    messages.success(request, _("The draft is erased."))
    return redirect("calls:desk")


@login_required
@require_POST
def add_reviewer(request: HttpRequest, call_id: int) -> HttpResponse:
    """Adds a reviewer by e-mail; a new account gets a one-time link, shown once."""
    call = run_call(request, call_id)
    email = request.POST.get("email", "").strip()
    if "@" not in email or len(email) > 254:
        messages.error(request, _("Write the e-mail of the reviewer."))
        return redirect("calls:manage", call_id)
    reviewer, is_new = actions.add_reviewer(request.user, call, email)
    if is_new:
        link = request.build_absolute_uri(first_password_link(reviewer.person))
        messages.success(
            request, _("The account is open. Send this one-time link to the person: {link}").format(link=link)
        )
    else:
        messages.success(request, _("The reviewer is added."))
    return redirect("calls:manage", call_id)


@login_required
@require_POST
def remove_reviewer(request: HttpRequest, reviewer_id: int) -> HttpResponse:
    """Removes a reviewer who has not marked anything."""
    reviewer = get_object_or_404(Reviewer, pk=reviewer_id)
    call_id = reviewer.call_id
    try:
        actions.remove_reviewer(request.user, reviewer)
    except RuleBroken as refusal:
        messages.error(request, told(refusal))
    return redirect("calls:manage", call_id)
