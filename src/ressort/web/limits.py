"""Rate limits: a token bucket per visitor and kind of request, in one small table that the workers of a server share.

    limits (a file of the data folder, mapped in memory): 4,096 rows of 8 places, then a mark; a visitor has its row by a digest
    place ── digest of (kind, visitor), under a key · tokens left · when it was seen     8 bytes each

Nothing tells who a visitor is: every address of the Internet could be digested in minutes, but not without the key, which the
table does not hold. A table written under another key is emptied, its mark tells. A row that is full forgets the visitor seen
longest ago. Where the file cannot be written, and outside a server, each process counts alone. Tries of passwords and codes are limited apart, by allauth, per account
and per address, in the database.
"""

import errno
import fcntl
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests per second in the long run, after a burst."""

    per_second: float
    burst: int


#: kind of request → what one visitor may do
LIMITS = {
    "page": Limit(per_second=10, burst=120),
    "search": Limit(per_second=10, burst=60),
    "api": Limit(per_second=5, burst=60),
    "report": Limit(per_second=0.2, burst=10),
    "compute": Limit(per_second=0.01, burst=8),
    "write": Limit(per_second=0.5, burst=30),
    # names of accounts are not tried one after the other
    "code": Limit(per_second=1, burst=60),
    # a polling place, a school or a telephone network shares one address
    "vote": Limit(per_second=5, burst=300),
}
_PLACE = struct.Struct("<8sdd")
_ROW_BYTES = 8 * _PLACE.size
_TABLE_BYTES = 4096 * _ROW_BYTES
_MARK_BYTES = 8


class Buckets:
    """The tokens that each visitor has left, for the threads and processes that map the same file.

    Args:
        key: 16 to 64 bytes that only this installation knows.
    """

    def __init__(self, key: bytes, factor: float = 1.0, shared: Path | None = None) -> None:
        self.factor = factor
        self._key = key
        self._lock = threading.Lock()
        self._file = _opened(shared, self._digest("", "")) if shared else -1
        self._table = mmap.mmap(self._file, _TABLE_BYTES)

    def wait_s(self, kind: str, visitor: str, now_s: float | None = None) -> float:
        """Seconds to wait before the next request is welcome: zero when this one is, and a token is taken."""
        if self.factor <= 0:
            return 0.0
        rate, burst = LIMITS[kind].per_second * self.factor, max(1.0, LIMITS[kind].burst * self.factor)
        digest = self._digest(kind, visitor)
        with self._held():
            now = (
                time.monotonic() if now_s is None else now_s
            )  # read in turn: who waited for the table has an older one
            at, level, seen = self._place(digest, burst)
            # the clock of another start of the machine says nothing
            level = min(burst, level + (now - seen) * rate) if seen <= now else burst
            allowed = level >= 1
            _PLACE.pack_into(self._table, at, digest, level - 1 if allowed else level, now)
        return 0.0 if allowed else (1 - level) / rate

    def _digest(self, kind: str, visitor: str) -> bytes:
        return blake2b(f"{kind} {visitor}".encode(), digest_size=_MARK_BYTES, key=self._key).digest()

    def _place(self, digest: bytes, burst: float) -> tuple[int, float, float]:
        """Where a visitor stands in the table, its tokens and when it was seen; a new one takes the oldest place of its row."""
        row = int.from_bytes(digest, "little") % (_TABLE_BYTES // _ROW_BYTES) * _ROW_BYTES
        oldest, forgotten = row, float("inf")
        for at in range(row, row + _ROW_BYTES, _PLACE.size):
            holder, level, seen = _PLACE.unpack_from(self._table, at)
            if holder == digest:
                return at, level, seen
            if seen < forgotten:
                oldest, forgotten = at, seen
        return oldest, burst, 0.0

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The table for one thread of one process; the system lets it go if the process dies."""
        with self._lock:
            if self._file < 0:
                yield
                return
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


def _opened(path: Path, mark: bytes) -> int:
    """The file, with all its room on the disk: a table that lacked some would end the process at its first writing."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return -1
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        empty = bytes(_TABLE_BYTES) + mark
        if os.pread(file, _MARK_BYTES, _TABLE_BYTES) != mark and os.pwrite(file, empty, 0) < len(empty):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fcntl.flock(file, fcntl.LOCK_UN)
    except OSError:
        os.close(file)
        return -1
    return file
