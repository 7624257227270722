"""What every answer carries, and what is refused before a view is reached."""

import gzip
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings

from ressort.web import faults, middleware


@pytest.mark.parametrize("path", ["/", "/en/", "/nowhere/", "/mentions-legales/"])
def test_every_page_is_locked(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "style-src": "'self'",
        "script-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Referrer-Policy"] == "same-origin"


def test_a_page_seen_again_costs_nothing(client: Client) -> None:
    first = client.get("/")
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_pages_are_compressed(client: Client) -> None:
    assert client.get("/", headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(("path", "at_once"), [("/", 1), ("/chercher/?q=Pau", 1), ("/rapport.pdf", 3)])
def test_pages_asked_together_are_made_one_after_the_other_and_reports_beside(
    rf, monkeypatch: pytest.MonkeyPatch, path: str, at_once: int
) -> None:
    monkeypatch.setattr(middleware, "PATIENCE_S", 60.0)
    inside: list[HttpRequest] = []
    seen, together = [], threading.Barrier(3)

    def view(request: HttpRequest) -> HttpResponse:
        inside.append(request)
        with suppress(threading.BrokenBarrierError):
            together.wait(30 if at_once == 3 else 0.05)
        seen.append(len(inside))
        inside.remove(request)
        return HttpResponse()

    take = middleware.take_turns(view)
    _all_at_once([lambda: take(rf.get(path))] * 3)
    assert max(seen) == at_once and len(seen) == 3


def test_a_page_does_not_wait_for_one_that_is_long(rf) -> None:
    answered = threading.Event()

    def view(request: HttpRequest) -> HttpResponse:
        if request.path == "/long/":
            assert answered.wait(30), "the other page waited for this one"
        else:
            answered.set()
        return HttpResponse()

    take = middleware.take_turns(view)
    _all_at_once([lambda: take(rf.get("/long/")), lambda: take(rf.get("/short/"))])


def _all_at_once(calls: list[Callable[[], HttpResponse]]) -> None:
    with ThreadPoolExecutor(len(calls)) as pool:
        assert all(done.result().status_code == 200 for done in [pool.submit(call) for call in calls])


def test_the_address_decides_the_language(client: Client) -> None:
    assert client.get("/", headers={"Accept-Language": "en"})["Content-Language"] == "fr"
    page = client.get("/en/")
    assert page["Content-Language"] == "en" and 'hreflang="fr" lang="fr"' in page.content.decode()


def test_no_inline_script_nor_style(client: Client) -> None:
    import re

    for path in ("/", "/compte/login/", "/donnees-personnelles/", "/accessibilite/", "/contact/", "/code-source/"):
        html = client.get(path).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", html), path
        assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", html)), path


def test_a_200_mb_file_is_refused_before_it_is_read(client: Client) -> None:
    answer = client.generic(
        "POST", "/compte/login/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="200000000"
    )
    assert answer.status_code == 413 and answer["Connection"] == "close"


@pytest.mark.parametrize("size", ["-1", "abc", "99999999999999999999"])
def test_a_size_that_means_nothing_is_refused(client: Client, size: str) -> None:
    assert client.generic("POST", "/compte/login/", b"", CONTENT_LENGTH=size).status_code == 413


@override_settings(RATE_LIMIT=0.05)
def test_too_many_requests_are_told_when_to_come_back() -> None:
    client = Client()
    answers = [client.get("/hello") for _ in range(20)]
    assert answers[0].status_code == 200 and answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1


def test_a_forwarded_address_is_believed_only_behind_a_proxy(rf) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "1.2.3.4, 5.6.7.8"})
    assert middleware.visitor(request) == "127.0.0.1"
    with override_settings(BEHIND_PROXY=True):
        assert middleware.visitor(request) == "5.6.7.8", "the proxy of the operator writes the last one"


def test_a_strange_host_is_refused(client: Client) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_forms_from_elsewhere_are_refused(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/compte/login/", {"login": "a@b.fr", "password": "x"})
    assert answer.status_code == 403


def test_a_program_gets_its_errors_in_json(rf) -> None:
    answer = faults.not_found(rf.get("/api/nowhere"))
    assert answer["Content-Type"] == "application/json" and answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["/\x00", "/%00/", "/territoire/%F0%9F%92%A9/", "/territoire/../../etc/passwd", "/en/%2e%2e/"]
)
def test_hostile_paths_get_a_page_and_no_crash(client: Client, path: str) -> None:
    assert client.get(path).status_code in (301, 302, 400, 404)


def test_a_host_that_is_not_served_is_refused_without_a_line_in_the_log(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert capfd.readouterr().err == ""


def test_a_page_is_compressed_for_who_takes_it_and_its_weight_tells_nothing(client: Client, db: None) -> None:
    plain = client.get("/territoire/REG/75/")
    packed = [client.get("/territoire/REG/75/", headers={"Accept-Encoding": "gzip"}) for _ in range(12)]
    assert "Content-Encoding" not in plain
    assert {answer["Content-Encoding"] for answer in packed} == {"gzip"}
    assert {gzip.decompress(answer.content) for answer in packed} == {plain.content}
    assert len({len(answer.content) for answer in packed}) > 1
    assert all(int(answer["Content-Length"]) == len(answer.content) < len(plain.content) / 3 for answer in packed)
    assert "Accept-Encoding" in plain["Vary"]
