"""A clock that moves and a panel already drawn, for every test beside this file."""

from typing import Any

import pytest
from django.utils import timezone
from tests.web.panel.clock import HOUR, Later
from tests.web.panels import closed_panel

from ressort.web.panel import drawing
from ressort.web.panel.models import Draw


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the clock of the draw two hours forward."""
    return lambda: monkeypatch.setattr(drawing, "timezone", Later(2 * HOUR))


@pytest.fixture
def drawn(administrator: Any, later: Any) -> Draw:
    """A panel of ten, frozen then drawn."""
    frozen = drawing.freeze(administrator, closed_panel(administrator), "trois dés", timezone.now() + HOUR)
    later()
    return drawing.draw(administrator, frozen, {"source": "digits", "digits": "417"})
