"""What every screen of the desk begins with: the currency, who asks, and what they may do there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ressort.core.errors import RessortError
from ressort.core.spreadsheet import MARK
from ressort.language import told
from ressort.web.association import access
from ressort.web.association.models import Office
from ressort.web.currency.queries import currency_number, standing

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of a currency, as one person finds it."""

    request: HttpRequest
    code: str
    number: int
    parts: access.Parts

    def may(self, action: str) -> bool:
        """Whether the person may do something here."""
        return bool(self.parts.roles & set(access.WHO[action]))

    @property
    def offices(self) -> list[Office]:
        """The offices that the person may act for."""
        found = Office.objects.filter(currency=self.number)
        return list(found if access.STAFF in self.parts.roles else found.filter(pk__in=self.parts.offices))

    def page(self, template: str, **context: Any) -> HttpResponse:
        """A page of the desk."""
        rights = {action for action in access.WHO if self.may(action)}
        frame = {"step": "act", "desk": self, "rights": rights, "desk_standing": standing(self.number)}
        return render(self.request, f"association/{template}.html", frame | context)

    def say(self, words: str) -> None:
        """Words for the next page."""
        messages.success(self.request, words)

    def complain(self, words: str) -> None:
        """What was refused, for the next page."""
        messages.error(self.request, words)

    def done(self, form: Form | None, what: Callable[[], Any], success: str) -> bool:
        """Does something; a refusal is told in the form, or on the next page where there is none."""
        try:
            what()
        except RessortError as error:
            if form is None:
                messages.error(self.request, told(error))
            else:
                form.add_error(None, told(error))
            return False
        messages.success(self.request, success)
        return True


def desk_view(action: str) -> Callable[[View], View]:
    """A screen for those who may do something; to strangers, the desk of a currency is as one that does not exist."""

    def guarded(view: View) -> View:
        @never_cache
        @login_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def asked(request: HttpRequest, code: str, *given: Any, **named: Any) -> HttpResponse:
            number = currency_number(code)
            held = access.parts(request.user, number)
            if not held.roles & set(access.WHO["see_desk"] if action != "hold" else access.WHO["hold"]):
                raise Http404
            access.require(request.user, action, number)
            return view(Desk(request, code.upper(), number, held), *given, **named)

        return asked

    return guarded


def file_answer(name: str, content: str | bytes, kind: str) -> HttpResponse:
    """A file to keep; a table in CSV bears the mark by which a spreadsheet reads its accents."""
    told = content.encode() if isinstance(content, str) else content
    response = HttpResponse(MARK + told if kind.startswith("text/csv") else told, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
