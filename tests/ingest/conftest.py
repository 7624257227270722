from dataclasses import replace
from pathlib import Path

import pytest

from ressort.ingest import Connector, connectors
from ressort.ingest.clean import Codes
from ressort.ingest.sync import current_codes
from ressort.reference.territories import build


@pytest.fixture(scope="session")
def codes() -> Codes:
    return current_codes()


@pytest.fixture
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder; the territories already loaded stay in memory."""
    build()
    monkeypatch.setenv("RESSORT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("RESSORT_DATA_MIRROR", raising=False)
    monkeypatch.delenv("RESSORT_DATA_OFFLINE", raising=False)
    return tmp_path / "home"


def small(connector: Connector) -> Connector:
    """The connector with anchors that fit a file of a few rows."""
    return replace(connector, rows=(1, 1000), anchors=())


ALL = sorted(connectors())
