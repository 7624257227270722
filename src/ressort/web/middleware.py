"""What happens before a view: too much is refused early, and a refusal says what to do."""

import math
import os
import secrets
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, override
from django.utils.translation.trans_real import parse_accept_lang_header
from isal import isal_zlib

from ressort.core.errors import RessortError
from ressort.language import LANGUAGES, language
from ressort.web import faults
from ressort.web.limits import Buckets

View = Callable[[HttpRequest], HttpResponse]

#: seconds that a page waits for those asked of this worker before it; then it goes on beside them, for one of them is long
PATIENCE_S = 0.1
#: how thorough the compression of pages is, of 3; and the words of zlib for a gzip file
GZIP_LEVEL, GZIP_FILE = 2, 31
#: the mark, in the head of a gzip file, that a name follows
HAS_NAME = 8
#: pages from this size up are compressed here, below by Django
SMALL_BYTES = 1000


def take_turns(get_response: View) -> View:
    """Makes the pages asked of a worker one after the other: those made together are all late, for the interpreter makes one at a time."""
    turn = threading.Lock()

    def middleware(request: HttpRequest) -> HttpResponse:
        if kind_of(request) not in ("page", "search", "vote"):
            return get_response(request)
        has_turn = turn.acquire(timeout=PATIENCE_S)
        try:
            return get_response(request)
        finally:
            if has_turn:
                turn.release()

    return middleware


def speak(get_response: View) -> View:
    """Speaks the language of the address outside Django's templates too: figures, charts, reports.

    Programs have no address per language: `lang` says it, else what they accept.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            with language(get_language() or "fr"):
                return get_response(request)
        asked = language_asked(request)
        with override(asked), language(asked):
            response = get_response(request)
        response["Content-Language"] = asked
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return middleware


def language_asked(request: HttpRequest) -> str:
    """The language that a program asks for: `lang=` in the address, else the first that it accepts of ours, else French."""
    said = request.GET.get("lang", "")
    accepted = (
        code.split("-")[0] for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    )
    return next((code for code in (said, *accepted) if code in LANGUAGES), LANGUAGES[0])


class Compress(GZipMiddleware):
    """Django's compression by another program: pages are a little heavier, and the server works less for them (decision 0018)."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.streaming or len(response.content) < SMALL_BYTES or response.has_header("Content-Encoding"):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.content = _gzipped(response.content, self.max_random_bytes)
            response["Content-Length"] = str(len(response.content))
            response["Content-Encoding"] = "gzip"
            if etag := response.get("ETag"):
                response["ETag"] = etag if etag.startswith("W/") else f"W/{etag}"
        return response


def _gzipped(content: bytes, most_random_bytes: int) -> bytes:
    """A gzip file whose name has a random length, so that the weight of a page tells nothing of a secret inside (BREACH)."""
    packed = isal_zlib.compress(content, GZIP_LEVEL, GZIP_FILE)
    head = bytearray(packed[:10])
    head[3] = HAS_NAME
    return bytes(head) + b"a" * secrets.randbelow(most_random_bytes) + b"\0" + packed[10:]


def refuse_large_bodies(get_response: View) -> View:
    """Refuses a body over the limit before reading it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        size = request.META.get("CONTENT_LENGTH") or "0"
        is_upload = request.META.get("CONTENT_TYPE", "").startswith("multipart/form-data")
        limit = settings.UPLOAD_LIMIT_BYTES if is_upload else settings.FORM_LIMIT_BYTES
        if not size.isdigit() or int(size) > limit:
            response = faults.too_large(request, limit)
            # what remains of the body must not be read as the next request
            response["Connection"] = "close"
            return response
        return get_response(request)

    return middleware


def limit_rates(get_response: View) -> View:
    """Asks a visitor in too much of a hurry to wait, and says how long."""
    is_one_of_several = "RESSORT_SUPERVISED" in os.environ
    key = salted_hmac("ressort.limits", "", algorithm="sha256").digest()
    buckets = Buckets(key, settings.RATE_LIMIT, settings.HOME / "limits" if is_one_of_several else None)

    def middleware(request: HttpRequest) -> HttpResponse:
        wait_s = buckets.wait_s(kind_of(request), visitor(request))
        return faults.too_many(request, math.ceil(wait_s)) if wait_s else get_response(request)

    return middleware


def kind_of(request: HttpRequest) -> str:
    """The limit that applies to a request."""
    path = request.path_info.removeprefix("/en")
    if path == "/api/budgets/count":
        return "compute"
    if path.startswith("/api/"):
        return "api"
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        if path.startswith("/echanges/calcul/"):
            return "compute"
        return "vote" if path.startswith("/budget/") and path.endswith("/voter/") else "write"
    if path.startswith("/chercher/"):
        return "search"
    if path == "/monnaies/lire/" and request.GET:
        return "code"
    return "report" if path.endswith(".pdf") else "page"


def visitor(request: HttpRequest) -> str:
    """The address of the visitor. A proxy is believed only when the operator said that one stands in front."""
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if forwarded:
            return forwarded[:45]
    return str(request.META.get("REMOTE_ADDR", ""))


class ExplainErrors:
    """Turns an error that Ressort raises on purpose into a page that says it in the reader's language."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError):  # a NUL, a number beyond its type: somebody sent it
            return faults.bad_request(request)
        return faults.explain(request, exception) if isinstance(exception, RessortError) else None
