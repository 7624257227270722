"""The compiled kernel is kept on disk; its file must change whenever a module compiled into it does."""

import hashlib
from pathlib import Path

from ressort.core.resilience import kernel

COMPILED = ("calendar", "kernel_clients", "kernel_flows", "kernel_money", "kernel_rules", "plan", "twin")


def test_the_kernel_bears_the_digest_of_the_modules_compiled_into_it() -> None:
    folder = Path(kernel.__file__).parent
    digest = hashlib.sha256(b"".join((folder / f"{name}.py").read_bytes() for name in COMPILED)).hexdigest()[:12]
    assert digest == kernel.SOURCES, f'write SOURCES = "{digest}" in core/resilience/kernel.py'
