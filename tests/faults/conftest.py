"""A ledger on a server of its own, which each test module may break."""

from collections.abc import Iterator

import pytest

from tests.faults.own_server import server
from tests.faults.town import Town, founded


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with server() as one:
        yield founded(one)
