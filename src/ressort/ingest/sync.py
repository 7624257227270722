"""Syncing official files: fetch → read → clean → swap, one source after the other; a failure of one never stops the others."""

import errno
import time
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from ressort.core.errors import RessortError, SourceRefused, UnknownCode
from ressort.ingest import store
from ressort.ingest.clean import Codes, Findings, clean
from ressort.ingest.connector import Connector
from ressort.ingest.fetch import Progress, _silent, fetch
from ressort.ingest.read import read_text
from ressort.ingest.register import connectors
from ressort.language import problem
from ressort.reference import synced, synced_cards
from ressort.reference.territories import territories


@dataclass(frozen=True)
class SyncReport:
    """What happened to one source."""

    source: str
    error: RessortError | None
    rows_before: int = 0
    rows: int = 0
    seconds: float = 0.0
    findings: Findings = field(default_factory=Findings)


@dataclass(frozen=True)
class SourceStatus:
    """One official source: fetched or not, how old; `is_checked` when a real file was read, not its documentation only."""

    source: str
    title_fr: str
    title_en: str
    producer: str
    year: str
    retrieved: str
    age_days: int | None
    is_old: bool
    is_checked: bool


def sync(
    sources: list[str] | None = None,
    *,
    progress: Progress = _silent,
    mirror: str | None = None,
    offline: bool = False,
    accept_change: str = "",
) -> list[SyncReport]:
    """Fetch some sources (all by default) and give a report for each.

    Args:
        mirror: folder to read instead of the network.
        accept_change: a reason to take a file whose total moved by more than its anchor allows; written in its card.

    Raises:
        UnknownCode: no source bears that name.
    """
    known = connectors()
    for name in sources or []:
        if name not in known:
            raise UnknownCode("No source is called {name}; the sources are {choices}.", name=name, choices=list(known))
    codes = current_codes()
    return [sync_one(known[name], codes, progress, mirror, offline, accept_change) for name in sources or known]


def sync_one(
    connector: Connector,
    codes: Codes,
    progress: Progress = _silent,
    mirror: str | None = None,
    offline: bool = False,
    accept_change: str = "",
) -> SyncReport:
    """Fetch one source; a refusal is reported and leaves the previous version as it was."""
    start, before = time.monotonic(), synced(connector.id)
    rows_before = 0 if before is None else before.height
    try:
        with store.lock(connector.id):
            path = fetch(connector, store.raw_folder(connector.id), progress, mirror, offline)
            try:
                frame, findings = _cleaned(connector, read_text(path, connector), codes, accept_change)
                digest = store.keep_raw(connector, path)
            finally:
                store.drop_download(connector, path)
            store.swap_in(connector, frame, digest, date.today(), accept_change)
    except RessortError as error:
        return SyncReport(connector.id, error, rows_before, rows_before, time.monotonic() - start)
    except OSError as error:
        return SyncReport(
            connector.id, _stopped(connector.id, error), rows_before, rows_before, time.monotonic() - start
        )
    return SyncReport(connector.id, None, rows_before, frame.height, time.monotonic() - start, findings)


def _stopped(source: str, error: OSError) -> SourceRefused:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SourceRefused(
            "{source}: the disk is full. Free some space and sync again; what was there before is kept.", source=source
        )
    return SourceRefused("{source}: the machine stood in the way ({problem}).", source=source, problem=problem(error))


def status(today: date) -> list[SourceStatus]:
    """Every official source: when it was fetched, and whether that is long ago."""
    cards = synced_cards()
    rows = []
    for connector in connectors().values():
        card = cards.get(connector.id)
        age = (today - date.fromisoformat(card.retrieved)).days if card else None
        rows.append(
            SourceStatus(
                source=connector.id,
                title_fr=connector.title_fr,
                title_en=connector.title_en,
                producer=connector.producer,
                year=card.year if card else connector.year,
                retrieved=card.retrieved if card else "",
                age_days=age,
                is_old=age is not None and age > connector.oldest_days,
                is_checked=connector.checked,
            )
        )
    return rows


def current_codes() -> Codes:
    """The codes in force, from the territories."""
    known = territories()
    rows = known.table.filter(pl.col("kind").is_in(["COM", "EPCI", "DEP"])).select("kind", "code")
    by_kind = {kind: frozenset(rows.filter(pl.col("kind") == kind)["code"]) for kind in ("COM", "EPCI", "DEP")}
    return Codes(known=by_kind, former=known.former_codes)


def _cleaned(
    connector: Connector, text: pl.DataFrame, codes: Codes, accept_change: str
) -> tuple[pl.DataFrame, Findings]:
    return clean(text, replace(connector, anchors=()) if accept_change else connector, codes)
