"""Pages that belong to no domain: the legal ones, and the health of the server."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ressort.web.operator import operator


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows: the version and the operator."""
    return {"version": settings.VERSION, "operator": operator(), "full_path": request.get_full_path()}


@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Who publishes and hosts the site."""
    return render(request, "legal/notice.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement: without an audit it says that the site does not conform."""
    return render(request, "legal/accessibility.html")


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """How to write to whoever runs the site."""
    return render(request, "legal/contact.html")


@require_safe
def source_code(request: HttpRequest) -> HttpResponse:
    """Where the source code of this version is, as the licence asks."""
    return render(request, "legal/source.html")


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when all is well, 503 when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return JsonResponse({"status": "degraded", "database": False, "version": settings.VERSION}, status=503)
    return JsonResponse({"status": "ok", "database": True, "version": settings.VERSION})


@require_safe
def hello(request: HttpRequest) -> HttpResponse:
    """A bare word through the whole stack: the least that any page can cost, for measurements."""
    return HttpResponse("hello", content_type="text/plain")
