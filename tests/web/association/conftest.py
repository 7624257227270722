"""The desk of an association, for every test beside this file."""

import pytest
from tests.web import association_town
from tests.web.association_town import Desk


@pytest.fixture
def desk(db: None) -> Desk:
    return association_town.desk()
