"""The key that signs the certificates of a currency."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ressort.web.association.keeping import signing_key


def test_everybody_who_needs_the_first_key_at_once_gets_the_same_one_and_nobody_else_reads_it(settings: Any, tmp_path: Path) -> None:  # fmt: skip
    settings.HOME = tmp_path
    crowd = 8
    together = threading.Barrier(crowd)

    def key(currency: int) -> bytes:
        together.wait()
        return signing_key(currency).public_key().public_bytes_raw()

    with ThreadPoolExecutor(crowd) as threads:
        for currency in range(20):
            assert len(set(threads.map(key, [currency] * crowd))) == 1
    kept = list((tmp_path / "keys").iterdir())
    assert sorted(one.name for one in kept) == sorted(f"reserve-{currency}.pem" for currency in range(20))
    assert {one.stat().st_mode & 0o777 for one in kept} == {0o600}
