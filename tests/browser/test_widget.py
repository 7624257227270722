"""The widget inside the page of somebody else: a town hall on another address."""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

WIDGET = "/territoire/EPCI/200067254/integrer/"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_words: Any) -> None:
        """Says nothing."""


@pytest.fixture
def town_hall(tmp_path: Path, site: str) -> Iterator[str]:
    """A page of another origin that frames the widget, and a whole page of the site."""
    framed = "".join(
        f'<iframe src="{site}{path}" title="{path}" width="100%" height="420"></iframe>' for path in (WIDGET, "/")
    )
    (tmp_path / "index.html").write_text(f'<!doctype html><html lang="fr"><title>Mairie</title><body>{framed}', "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("width", [1280, 320])
def test_another_site_frames_the_widget_and_nothing_else(
    browser: Any, violations: Callable[[Any], list[str]], site: str, town_hall: str, width: int
) -> None:
    asked: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(town_hall)
    page.wait_for_load_state("networkidle")
    widget = page.frame(url=f"{site}{WIDGET}")
    assert widget.locator("h1").inner_text() == "CA Pau Béarn Pyrénées" and widget.locator(".range").count() == 3
    assert widget.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(widget) == []
    assert [url for url in asked if not url.startswith((site, town_hall))] == []
    with page.expect_navigation(url=f"{site}/territoire/EPCI/200067254/"):
        widget.locator("h1 a").click()
    page.wait_for_function("site => document.querySelector('[data-origin]').textContent === site", arg=site)
    context.close()
