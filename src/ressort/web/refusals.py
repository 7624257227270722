"""What the API answers when it does not do what is asked: a sentence for people, a reason for programs, in one shape."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import NinjaJSONEncoder

from ressort.core.errors import RessortError
from ressort.language import told
from ressort.web import faults

CONFLICT, UNANSWERABLE = 409, 422

#: what any question may be answered instead of figures, and when
SAID = {
    "400": "The address or the body cannot be read.",
    "404": "Nothing bears that name or number.",
    "422": "A word of the address, or a field of the body, breaks a rule.",
}
SAID_IN_POST = {"409": "What is sent breaks a rule, or was sent before with other words."}


class Api(NinjaAPI):
    """The API, whose description tells of the errors that every question may meet."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for kind, handler in _HANDLERS.items():
            self.add_exception_handler(kind, handler)

    def get_openapi_schema(self, **given: Any) -> Any:
        schema = super().get_openapi_schema(**given)
        words = {
            "type": "object",
            "properties": {
                "error": {"type": "string", "description": "For people, in French, or in English with Accept-Language: en."},
                "reason": {"type": "string", "description": "For programs: a word that does not change with the language."},
                "facts": {"type": "object"}, "detail": {}, "advice": {"type": "string"},
            },
            "required": ["error", "reason"],
        }  # fmt: skip
        schema["components"]["schemas"]["Said"] = words
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Said"}}}
        for ways in schema["paths"].values():
            for name, way in ways.items():
                for status, when in SAID.items() if name == "get" else (SAID | SAID_IN_POST).items():
                    if int(status) not in way["responses"]:  # what a question says of its own answers counts
                        way["responses"][status] = {"description": when, "content": content}
        return schema


def _answer(body: dict[str, Any], status: int) -> HttpResponse:
    return JsonResponse(body, status=status, encoder=NinjaJSONEncoder)


def body_of(error: RessortError) -> dict[str, Any]:
    """An error in words, with its facts."""
    kept = {name: fact for name, fact in error.facts.items() if isinstance(fact, str | int | float | list | tuple)}
    facts = {name: fact for name, fact in kept.items() if name != "reason"}
    return {"error": told(error), "reason": faults.reason_of(error), "facts": facts}


def _said(request: HttpRequest, error: RessortError) -> HttpResponse:
    """What an error is answered. A question whose words break a rule cannot be answered: 422; only a write meets a 409."""
    status = faults.status_of(error)
    if status == CONFLICT and request.method == "GET":
        status = UNANSWERABLE
    return _answer(body_of(error), status=status)


def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A word of the address or a field of the body that is missing, or is not what it must be."""
    names = [str(one["loc"][-1]) for one in error.errors]
    words = _("These words cannot be read: {names}.").format(names=", ".join(names))
    body = {"error": words, "reason": "unreadable", "detail": error.errors}
    return _answer(body, status=UNANSWERABLE)


def _refused(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """A key whose terms do not let this be done."""
    body = {"error": _("The terms of this key do not let that be done."), "reason": "key_scope"}
    return _answer(body, status=403)


def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No key, or none that opens anything today."""
    words = _("This question asks for a key in force: send “Authorization: Bearer” and the key. It may be withdrawn, or over.")  # fmt: skip
    return _answer({"error": words, "reason": "no_key"}, status=401)


def _no_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is not JSON: the only such error that is not ours."""
    body = {"error": _("The body of the question cannot be read: send it as JSON."), "reason": "unreadable"}
    return _answer(body, status=error.status_code)


def _unkept(request: HttpRequest, error: DataError) -> HttpResponse:
    """A word that the database cannot hold: a NUL, a number beyond its type."""
    body = {"error": _("The question holds a sign or a number that cannot be kept."), "reason": "unreadable"}
    return _answer(body, status=UNANSWERABLE)


def _unknown(request: HttpRequest, error: Http404) -> HttpResponse:
    """A number that nothing bears, or that is not for everybody."""
    body = {"error": _("Nothing bears that number here."), "reason": "unknown_code"}
    return _answer(body, status=404)


_HANDLERS: dict[type[Exception], Any] = {
    RessortError: _said,
    ValidationError: _unreadable,
    PermissionDenied: _refused,
    AuthenticationError: _no_key,
    HttpError: _no_json,
    Http404: _unknown,
    DataError: _unkept,
}
