"""Processes kept between questions leave with whoever started them."""

import subprocess
import sys

import psutil

ASKING = """
from ressort.resilience import hands
import time

if __name__ == "__main__":
    hands.are_ready(2)
    print("asked", flush=True)
    time.sleep(60)
"""


def test_processes_leave_when_their_parent_is_killed_before_they_are_up() -> None:
    asking = subprocess.Popen(
        [sys.executable, "-c", ASKING], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert asking.stdout is not None
    assert asking.stdout.readline() == "asked\n"
    family = psutil.Process(asking.pid).children(recursive=True)
    asking.kill()
    asking.wait()
    asking.stdout.close()
    _gone, left = psutil.wait_procs(family, timeout=30)
    assert len(family) >= 2
    assert left == []
