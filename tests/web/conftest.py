"""Fixtures of the web tests."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.web import embedded

embedded.configure()


@pytest.fixture(autouse=True)
def french() -> None:
    """Each test begins in French: the last page that another one asked for may have been in English."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def loops_beside_that_of_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that another test opened leaves its loop of events running in this thread: others run in a thread of their own."""
    run = asyncio.run

    def run_beside(work: Coroutine[Any, Any, Any]) -> Any:
        with ThreadPoolExecutor(1) as beside:
            return beside.submit(run, work).result()

    monkeypatch.setattr(asyncio, "run", run_beside)


@pytest.fixture
def person(db: None) -> Any:
    """Someone with an account and no right."""
    from ressort.web.people.models import Person

    return Person.objects.create_user("ada@example.fr", "Correct-Horse-9-Battery", name="Ada")


@pytest.fixture
def operator(db: None) -> Any:
    """Whoever runs the site."""
    from ressort.web.people.models import Person

    return Person.objects.create_user("grace@example.fr", "Correct-Horse-9-Battery", is_superuser=True)


@pytest.fixture
def administrator(db: None, operator: Any) -> Any:
    """Someone who administers the CA Pau Béarn Pyrénées."""
    from ressort.web.people.models import Grant, Person

    person = Person.objects.create_user("maire@example.fr", "Correct-Horse-9-Battery", name="Marie")
    Grant.objects.create(person=person, kind="EPCI", code="200067254", role="administrator", granted_by=operator)
    return person


@pytest.fixture
def ledger(db: None) -> Iterator[Any]:
    """The owner's connection, whose commits stay: a ledger is not emptied between tests, each one founds its own currency."""
    from tests.web.ledger_town import connected

    with connected(autocommit=False) as raw:
        yield raw


@pytest.fixture
def tables_alone(ledger: Any) -> Any:
    """The owner's connection where neither foreign keys nor triggers look at what is written."""
    ledger.execute("SET LOCAL session_replication_role = replica")
    return ledger


@pytest.fixture
def town(ledger: Any) -> Any:
    """A currency with a reserve and three members who hold 100 each."""
    from tests.web import ledger_town

    ledger.autocommit = True
    return ledger_town.town(ledger)
