"""Who may stop a question: whoever asked it from this browser, and whoever runs the site. Anybody who has its address may read it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ressort.web.resilience.models import StressRun

MOST_REMEMBERED = 30


def remember(request: HttpRequest, run: StressRun) -> None:
    """Keeps in this browser's session that it asked this question."""
    tokens = [token for token in request.session.get("stress_runs", []) if token != run.token]
    request.session["stress_runs"] = [*tokens, run.token][-MOST_REMEMBERED:]


def may_stop(request: HttpRequest, run: StressRun) -> bool:
    """Whether this browser asked the question, or the person runs the site."""
    return run.token in request.session.get("stress_runs", []) or bool(getattr(request.user, "is_superuser", False))


def require_stop(request: HttpRequest, run: StressRun) -> None:
    """Lets through whoever may stop a question.

    Raises:
        PermissionDenied: anybody else.
    """
    if not may_stop(request, run):
        raise PermissionDenied(_("Only whoever asked this question can stop it."))
