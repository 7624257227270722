"""What the tests of several folders share."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from ressort.core.errors import RessortError
from ressort.web import database
from tests.web import embedded

# tests read errors in the words of the code, whatever the reader's; `test_notebook.py` reads them as a reader does
RessortError.told_by = None

# no test depends on the clock: a busy machine is no fault of the code
settings.register_profile("ressort", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ressort")


def pytest_configure(config: pytest.Config) -> None:
    """Keeps from workers what the process that leads them learnt from the conftest of a folder named on the command line.

    Each worker has a data folder and a database of its own; it would take those of its leader for chosen by the user.
    """
    leads = bool(config.getoption("tx", None)) and not hasattr(config, "workerinput")
    if leads and os.environ.get("RESSORT_HOME") == str(embedded.HOME):
        for name in ("DJANGO_SETTINGS_MODULE", "RESSORT_HOME"):
            os.environ.pop(name, None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """The embedded server, up for the session.

    One fixture for the web and the browser tests: were there one in each folder, the first to end would stop the server
    before pytest-django drops its test database, and the last test of the run would be blamed.
    """
    with embedded.server():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The test database, left by every session before pytest-django drops it.

    Threads of the live server and of tests that play several people at once keep their connection until they die.
    """
    yield
    with psycopg.connect(database.embedded_url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test\\_%'")
