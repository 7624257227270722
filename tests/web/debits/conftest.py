"""The desk of an association with its accounts at the bank, for every test beside this file."""

import pytest
from tests.web import association_town
from tests.web.association.pages import IBANS
from tests.web.association_town import Desk

from ressort.web.association import members


@pytest.fixture
def desk(db: None) -> Desk:
    made = association_town.desk()
    members.set_rules(made.admin, made.number, creditor_identifier="FR72ZZZ123456", **IBANS)
    return made
