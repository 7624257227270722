"""Rate limits: a token bucket per visitor and kind of request, in the memory of each worker.

No table and no shared cache: a limit holds per worker, so that with two workers a visitor may get twice the figure
below before being told to wait. That is enough to keep one careless script from slowing everybody down.
Tries of passwords and codes are limited apart, by allauth, per account and per address, in a table that all workers share.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests per second in the long run, after a burst."""

    per_second: float
    burst: int


#: kind of request → what one visitor may do in one worker
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
_VISITORS_KEPT = 20_000


@dataclass(slots=True)
class Buckets:
    """The tokens that each visitor has left. Thread-safe; forgets the visitors seen longest ago."""

    factor: float = 1.0
    _levels: OrderedDict[tuple[str, str], tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_s(self, kind: str, visitor: str, now_s: float | None = None) -> float:
        """Seconds to wait before the next request is welcome: zero when this one is, and a token is taken."""
        if self.factor <= 0:
            return 0.0
        now = time.monotonic() if now_s is None else now_s
        rate, burst = LIMITS[kind].per_second * self.factor, max(1.0, LIMITS[kind].burst * self.factor)
        with self._lock:
            level, seen = self._levels.pop((kind, visitor), (burst, now))
            level = min(burst, level + (now - seen) * rate)
            allowed = level >= 1
            self._levels[kind, visitor] = (level - 1 if allowed else level, now)
            if len(self._levels) > _VISITORS_KEPT:
                self._levels.popitem(last=False)
        return 0.0 if allowed else (1 - level) / rate
