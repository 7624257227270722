"""Keeping what was fetched: the raw file by its digest, the clean table and its card swapped in whole."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from ressort.core.errors import SourceRefused
from ressort.ingest.connector import Connector
from ressort.reference import data_folder
from ressort.reference.tables import CARD, write_table


def raw_folder(source: str) -> Path:
    """Where the files of a source are kept as published."""
    return data_folder() / "raw" / source


def keep_raw(connector: Connector, path: Path) -> str:
    """Keep the raw file under its digest and give that digest; a file already there is never overwritten."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    home = raw_folder(connector.id) / digest
    kept = home / connector.file_name
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f".{connector.file_name}.draft"
        try:
            shutil.copyfile(path, draft)
            os.replace(draft, kept)
        except OSError:
            shutil.rmtree(home, ignore_errors=True)
            raise
    return digest


def drop_download(connector: Connector, path: Path) -> None:
    """Forget a file that was downloaded, once kept or refused; a mirror's file is left where it is."""
    if path.parent == raw_folder(connector.id):
        path.unlink(missing_ok=True)


@contextmanager
def lock(source: str) -> Iterator[None]:
    """One sync of a source at a time; the lock dies with its process.

    Raises:
        SourceRefused: another process holds it.
    """
    import fcntl

    home = data_folder() / "synced"
    home.mkdir(parents=True, exist_ok=True)
    path = home / f".{source}.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise SourceRefused(
                "{source}: another sync is under way (process {holder}); wait for it.",
                source=source,
                holder=file.read() or "?",
            ) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def swap_in(connector: Connector, frame: pl.DataFrame, digest: str, day: date, accepted: str) -> None:
    """Put the clean table in place, its card inside: one file, so a reader sees the old pair or the new one, never a mix."""
    home = data_folder() / "synced"
    for left in home.glob(f".draft-{connector.id}-*"):  # of a sync that was killed; the lock says that it is over
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".draft-{connector.id}-", dir=home) as draft:
        table = Path(draft) / "table.parquet"
        write_table(frame, table, {CARD: _card(connector, digest, day, accepted)})
        with table.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(table, home / f"{connector.id}.parquet")


def _card(connector: Connector, digest: str, day: date, accepted: str) -> str:
    """The card of a synced table, as TOML; the same fields as the cards of the figures shipped."""
    facts = {
        "title": connector.title_fr,
        "title_en": connector.title_en,
        "producer": connector.producer,
        "upstream": connector.file_name,
        "url": connector.page,
        "licence": connector.licence,
        "year": connector.year,
        "retrieved": day.isoformat(),
        "unit_notes": connector.unit_notes,
        "status": "observed",
        "sha256": digest,
    }
    if accepted:
        facts["accepted_change"] = accepted
    lines = [f"{key} = {_quoted(value)}" for key, value in facts.items()]
    return (
        "\n".join([*lines, "", "[columns]", *(f"{name} = {_quoted(text)}" for name, text in connector.columns.items())])
        + "\n"
    )


def _quoted(value: Any) -> str:
    return json.dumps(str(value), ensure_ascii=False)
