"""An agreement between Pau and Oloron, for every test beside this file."""

from decimal import Decimal
from typing import Any

import pytest
from tests.web.agreements.terms import OLORON, PAU, TERMS, line_words

from ressort.web.exchanges import actions
from ressort.web.exchanges.models import Agreement


@pytest.fixture
def agreement(administrator: Any) -> Agreement:
    """A draft with wood one way and care the other, balanced."""
    held = actions.create_agreement(administrator, [PAU, OLORON], **TERMS)
    pau, oloron = held.parties.all()
    wood = line_words(giver=oloron, receiver=pau)
    actions.write_line(administrator, held, 1, **wood)
    care = line_words(
        theme="care",
        what="Consultations",
        giver=pau,
        receiver=oloron,
        quantity=Decimal(400),
        unit="demi-journées",
        unit_value_cents=10_000,
    )
    actions.write_line(administrator, held, 2, **care)
    held.refresh_from_db()
    return held


@pytest.fixture
def mayor_of_brest(administrator: Any) -> Any:
    from ressort.web.people.models import Grant

    Grant.objects.create(person=administrator, kind="EPCI", code="242900314", role="administrator")
    return administrator
