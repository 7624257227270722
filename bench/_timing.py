"""How the benches measure and tell: the best of several runs, our figure, the peer's or the limit's, and the ratio."""

import os
import platform
import resource
import time
from collections.abc import Callable
from typing import Any

# one thread each: a figure that does not depend on who else runs
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(variable, "1")


def best_s(run: Callable[[], Any], runs: int = 9) -> float:
    """Seconds of the quickest of several runs, after one that does not count."""
    run()
    return min(once_s(run) for _ in range(runs))


def once_s(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def tell(what: str, ours: float, against: str, other: float, unit: str = "ms") -> None:
    """One line: ours, the other, and ours over the other."""
    ratio = ours / other if other else float("inf")
    print(f"{what:<62} {ours:>10.2f} {unit:<4} {against:<34} {other:>10.2f} {unit:<4} ratio {ratio:.3f}")


def memory_mb() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def machine() -> None:
    """What the figures below were measured on."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
