"""The pages shown when something goes wrong: each says what happened and what to do next. None needs the database."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.errors import (
    AmbiguousName,
    InputError,
    MissingData,
    NoSolution,
    RessortError,
    RuleBroken,
    UnknownCode,
)
from ressort.language import number, told
from ressort.web import pages

#: what a fault is called for programs, by status
REASONS = {
    400: "unreadable", 403: "not_allowed", 404: "unknown_address", 413: "too_large", 429: "too_many_requests", 500: "fault", 503: "no_answer",
}  # fmt: skip


def page(request: HttpRequest, status: int, title: str, advice: str, **context: Any) -> HttpResponse:
    """An error page, or the same words in JSON for a program."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"error": title, "reason": REASONS.get(status, "refused"), "advice": advice}, status=status)
    # no `request` in the context: an error page must not ask who the visitor is, the database may be down
    words = {"title": title, "advice": advice, "status": status, "path": request.path}
    frame = pages.frame(request) | {"LANGUAGE_CODE": get_language()}
    return HttpResponse(render_to_string("fault.html", frame | words | context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, 0)
    return page(
        request,
        400,
        _("This request could not be read"),
        _("Go back to the previous page, or start again from the home page."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was stale, or came from another site."""
    return page(
        request,
        403,
        _("This form has expired"),
        _("Go back, reload the page, then send the form again. If it happens again, allow cookies for this site."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    reason = str(exception) if exception and str(exception) else ""
    return page(
        request,
        403,
        _("You may not open this page"),
        reason
        or _(
            "Sign in with an account that has the right to do it, or ask an administrator of the territory for that right."
        ),
        may_sign_in=True,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return page(
        request,
        404,
        _("This page does not exist"),
        _("Check the address, or look for your territory below."),
        may_search=True,
    )


def too_large(request: HttpRequest, limit_bytes: int) -> HttpResponse:
    """413."""
    advice = _("This site accepts at most {size} MB. Split the file, or remove the columns that are not needed.")
    return page(
        request, 413, _("This file is too large"), advice.format(size=number(max(limit_bytes, 1_000_000) / 1_000_000))
    )


def too_many(request: HttpRequest, wait_s: int) -> HttpResponse:
    """429."""
    advice = _("Wait {seconds} s, then reload the page. For many figures at once, download the tables instead.")
    response = page(request, 429, _("Too many requests in a short time"), advice.format(seconds=number(max(wait_s, 1))))
    response["Retry-After"] = str(max(wait_s, 1))
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when the database is what failed."""
    if database_failed(sys.exc_info()[1]):
        return database_down(request)
    return page(
        request,
        500,
        _("Something broke on our side"),
        _(
            "Your data are safe. Try again in a moment; if it happens again, write to the contact below with the address of this page."
        ),
    )


def database_down(request: HttpRequest) -> HttpResponse:
    """503."""
    advice = _(
        "Accounts and saved data cannot be reached for now. Diagnoses, maps and scenarios do not need them: sign out or open "
        "them in a private window. Ressort starts its own database again within a minute: reload this page. A database "
        "that somebody else runs is for them to start."
    )
    response = page(request, 503, _("The database does not answer"), advice)
    response["Retry-After"] = "30"
    return response


def database_failed(error: BaseException | None) -> bool:
    """Whether an error, or one of its causes, says that the database cannot be reached."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


def status_of(error: RessortError) -> int:
    """The code of an error raised on purpose: 404 for what is not there, 400 for what cannot be used, 409 for a broken rule."""
    if isinstance(error, UnknownCode | MissingData):
        return 404
    return 400 if isinstance(error, InputError) else 409


#: what an error raised on purpose is called for programs, unless it bears a reason of its own; the narrowest kind first
KINDS: dict[type[RessortError], str] = {
    UnknownCode: "unknown_code", AmbiguousName: "ambiguous_name", MissingData: "missing_data", InputError: "bad_input", RuleBroken: "rule_broken",
    NoSolution: "no_solution", RessortError: "refused",
}  # fmt: skip


def reason_of(error: RessortError) -> str:
    """The word by which a program tells an error from the others: its own, else that of its kind."""
    own = error.facts.get("reason")
    return own if isinstance(own, str) else next(word for kind, word in KINDS.items() if isinstance(error, kind))


def explain(request: HttpRequest, error: RessortError) -> HttpResponse:
    """An error raised on purpose, in the reader's language."""
    status = status_of(error)
    title = _("We did not find it") if status == 404 else _("This cannot be done")
    return page(request, status, title, told(error), may_search=isinstance(error, UnknownCode | AmbiguousName))
