"""Fixtures of the web tests."""

import asyncio
from collections.abc import Iterator
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
def no_loop_of_the_browser() -> Iterator[None]:
    """A browser that another test opened leaves its loop of events running in this thread, where no other could then run."""
    left = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(left)


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
def town(ledger: Any) -> Any:
    """A currency with a reserve and three members who hold 100 each."""
    from tests.web import ledger_town

    ledger.autocommit = True
    return ledger_town.town(ledger)
