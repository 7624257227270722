"""Real Chromium, driven by Playwright, against the site as people meet it. Skipped, loudly, where there is no browser."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from tests.web import embedded

embedded.configure()

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(
                    pytest.mark.skip(
                        reason="NO BROWSER HERE: install chromium (Debian: apt install chromium) to run these tests"
                    )
                )


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser for all the tests."""
    from playwright.sync_api import sync_playwright

    # sandboxing needs a user of one's own; tests may run as root in a container
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def site(live_server: Any) -> str:
    """The address of the site."""
    return str(live_server.url)


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Opens a page as a reader would; at the end, nothing must have gone wrong in the console nor left the site."""
    contexts, faults = [], []

    def open_page(path: str, *, width: int = 1280, height: int = 900, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: faults.append(f"{path}: {message.text}") if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: faults.append(f"{path}: {error}"))
        page.on(
            "request",
            lambda request: (
                faults.append(f"{path} asks {request.url}")
                if not request.url.startswith((site, "data:", "blob:"))
                else None
            ),
        )
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def axe() -> str:
    """The axe-core file that axe-playwright-python holds."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.fixture
def violations(axe: str) -> Callable[[Any], list[str]]:
    """What axe finds wrong in a page opened with `bypass_csp=True`."""

    def look(page: Any) -> list[str]:
        page.evaluate(axe)
        found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
        return [
            f"{one['id']} ({one['impact']}): {json.dumps([node['html'][:160] for node in one['nodes']][:4], ensure_ascii=False)}"
            for one in found["violations"]
        ]

    return look
