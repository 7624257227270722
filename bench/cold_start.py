"""A cold process: `import ressort`, the reference, `ressort diagnose Pau`; with the ratio to what was asked and to a bare interpreter."""

import subprocess
import sys

import _timing

LIMIT_IMPORT_MS, LIMIT_REFERENCE_MS, LIMIT_DIAGNOSE_MS = 250.0, 500.0, 1200.0
REFERENCE = """
import time
import polars, numpy, scipy.sparse
start = time.perf_counter()
from ressort.reference.food_system import food_system
from ressort.reference.territories import territories
territories(); food_system()
print(1000 * (time.perf_counter() - start))
"""


def run(*words: str) -> str:
    """A command in a process of its own; what it prints."""
    return subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Each figure beside its limit, then beside an interpreter that does nothing."""
    _timing.machine()
    bare = 1000 * _timing.best_s(lambda: run("-c", "pass"))
    imported = 1000 * _timing.best_s(lambda: run("-c", "import ressort"))
    reference = min(float(run("-c", REFERENCE)) for _ in range(5))
    diagnosed = 1000 * _timing.best_s(lambda: run("-m", "ressort.cli", "diagnose", "Pau"), 5)
    _timing.tell("import ressort, interpreter included", imported, "limit asked", LIMIT_IMPORT_MS)
    _timing.tell("import ressort, interpreter included", imported, "bare interpreter", bare)
    _timing.tell("loading the reference (territories, food system)", reference, "limit asked", LIMIT_REFERENCE_MS)
    _timing.tell("ressort diagnose Pau, cold process", diagnosed, "limit asked", LIMIT_DIAGNOSE_MS)
    _timing.tell("ressort diagnose Pau, cold process", diagnosed, "bare interpreter", bare)


if __name__ == "__main__":
    main()
