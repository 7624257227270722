"""A call for projects, for every test beside this file."""

from typing import Any

import pytest
from django.test import Client
from tests.web.call_town import open_call


@pytest.fixture
def call(administrator: Any) -> Any:
    return open_call(administrator)


@pytest.fixture
def desk(client: Client, administrator: Any) -> Client:
    client.force_login(administrator)
    return client
