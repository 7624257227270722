"""What makes the wallet an application on a telephone: its manifest, what works without network, and the page shown then.

Nothing of an account is ever kept in the pages: without network, a page says so instead of showing an old balance. What pays without
network, the purse and the queue of a till, is kept by the device itself (purse.js), under pages that hold nothing of anybody.
"""

from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What the telephone needs to install the wallet."""
    home, scope = reverse("currency:mine"), reverse("currency:currencies")
    told = {
        "id": home,
        "start_url": home,
        "scope": scope,
        "name": _("Ressort: my local currency"),
        "short_name": _("My currency"),
        "lang": get_language(),
        "display": "standalone",
        "background_color": "#FBFAF6",
        "theme_color": "#1B6B4A",
        "icons": [{"src": static("ressort/wallet-icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": purpose} for purpose in ("any", "maskable")],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the wallet, at the top of what it serves."""
    kept = (
        "ressort.css",
        "ressort.js",
        "wallet.js",
        "qr.js",
        "purse.js",
        "purse_page.js",
        "queue_page.js",
        "mark.svg",
        "wallet-icon.svg",
    )
    files = [static(f"ressort/{name}") for name in kept] + [static("django_htmx/htmx-2.min.js")]
    pages = {name: reverse(f"currency:{name}") for name in ("offline", "purse", "offline_queue", "read")}
    context = {
        # what changes when a file does, so that a device takes the new ones together
        "version": sha256("\n".join((settings.VERSION, *files)).encode()).hexdigest()[:12],
        "language": get_language(),
        "kept": files,
    } | pages  # fmt: skip
    response = render(request, "currency/worker.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown when there is no network."""
    return render(request, "currency/offline.html", {"step": "act"})
