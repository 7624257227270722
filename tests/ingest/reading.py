"""A connector run on a small file."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from ressort.ingest import connectors
from ressort.ingest.clean import Codes, Findings, clean
from ressort.ingest.read import read_text

from .conftest import ALL, small

ZIPPED = [name for name in ALL if connectors()[name].layout.member]


def run(name: str, content: bytes, tmp_path: Path, codes: Codes, **changes: object) -> tuple[pl.DataFrame, Findings]:
    connector = replace(small(connectors()[name]), **changes)
    path = tmp_path / connector.file_name
    path.write_bytes(content)
    return clean(read_text(path, connector), connector, codes)
