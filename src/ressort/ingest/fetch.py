"""Bringing a file to this machine: from a mirror folder, or from its producer with tries, resume and limits."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from ressort.core.errors import SourceRefused
from ressort.ingest.connector import MB, Connector
from ressort.language import gettext as _

CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
TRIES = 3
GONE = (403, 404, 410)
#: progress: source, bytes done, bytes in all (0 when not told)
Progress = Callable[[str, int, int], None]


def _silent(source: str, done: int, total: int) -> None:
    """A progress that nobody watches."""


def fetch(
    connector: Connector,
    folder: Path,
    progress: Progress = _silent,
    mirror: str | None = None,
    offline: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> Path:
    """The published file, in `folder` or in the mirror.

    With a mirror (`RESSORT_DATA_MIRROR`), no network call is made. A download cut short resumes where it stopped.

    Raises:
        SourceRefused: the file is not in the mirror, cannot be reached, has moved, or is too large.
    """
    mirror = mirror or os.environ.get("RESSORT_DATA_MIRROR", "")
    if mirror:
        return _mirrored(connector, Path(mirror))
    if offline or os.environ.get("RESSORT_DATA_OFFLINE") == "1":
        raise SourceRefused(
            "{source}: the network is switched off (RESSORT_DATA_OFFLINE) and no mirror folder is set.",
            source=connector.id,
        )
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / connector.file_name
    part = target.with_name(target.name + ".part")
    problem = ""
    for attempt in range(TRIES):
        if attempt:
            pause(2.0**attempt)
        try:
            _download(connector, part, progress)
            os.replace(part, target)
            return target
        except httpx.HTTPError as error:
            problem = _cause(error)
    raise SourceRefused(
        "{source}: {address} could not be reached ({problem}). Try later, or put {file} in a mirror folder.",
        source=connector.id,
        address=connector.address,
        problem=problem,
        file=connector.file_name,
    )


def _cause(error: httpx.HTTPError) -> str:
    """What went wrong on the way, in the language in force where people meet it often."""
    if isinstance(error, httpx.TimeoutException):
        return _("no answer in time")
    if isinstance(error, httpx.ConnectError):
        return _("no connection, {detail}").format(detail=error)
    if isinstance(error, httpx.HTTPStatusError):
        return _("answer {status}").format(status=error.response.status_code)
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return _("cut short")
    return str(error) or type(error).__name__


def _mirrored(connector: Connector, mirror: Path) -> Path:
    path = mirror / connector.id / connector.file_name
    if not path.is_file() and (other := _other_vintage(connector, path.parent)):
        return other
    if not path.is_file():
        raise SourceRefused("{source}: the mirror has no file {path}.", source=connector.id, path=str(path))
    return path


def _other_vintage(connector: Connector, folder: Path) -> Path | None:
    """The one file of a folder whose name differs from the published one by its years only; None when none does, or several."""
    named = re.compile(re.sub(r"\d+", r"\\d+", re.escape(connector.file_name)))
    found = [path for path in folder.glob("*") if named.fullmatch(path.name)] if folder.is_dir() else []
    return found[0] if len(found) == 1 else None


def _download(connector: Connector, part: Path, progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    tag = part.with_name(part.name + ".etag")
    headers = {"Accept-Encoding": "identity"}  # a range counts bytes as stored, not as packed on the way
    if have and tag.exists():
        headers |= {"Range": f"bytes={have}-", "If-Range": tag.read_text()}
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    with httpx.stream("GET", connector.address, headers=headers, timeout=timeout, follow_redirects=True) as answer:
        if answer.status_code in GONE:
            raise _moved(connector, answer.status_code)
        answer.raise_for_status()
        resumed = answer.status_code == 206
        if entity := answer.headers.get("etag"):
            tag.write_text(entity)
        done = have if resumed else 0
        total = done + int(answer.headers.get("content-length", 0))
        _write(connector, answer, part, "ab" if resumed else "wb", done, total, progress)
    tag.unlink(missing_ok=True)


def _write(
    connector: Connector, answer: httpx.Response, part: Path, mode: str, done: int, total: int, progress: Progress
) -> None:
    limit = connector.size_limit_mb * MB
    with part.open(mode) as file:
        for chunk in answer.iter_bytes():
            done += len(chunk)
            if done > limit:
                part.unlink()
                raise SourceRefused(
                    "{source}: the file is larger than {limit} MB.", source=connector.id, limit=connector.size_limit_mb
                )
            file.write(chunk)
            progress(connector.id, done, total)
        file.flush()
        os.fsync(file.fileno())
    if total and "content-encoding" not in answer.headers and done < total:
        raise httpx.RemoteProtocolError(f"{done} bytes of {total}")


def _moved(connector: Connector, status: int) -> SourceRefused:
    return SourceRefused(
        "{source}: the producer answers {status}: the file has moved. Find {file} on {page} and put it in the mirror folder, "
        "under {source}/{file}.",
        source=connector.id,
        status=status,
        file=connector.file_name,
        page=connector.page,
    )
