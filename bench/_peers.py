"""Peers live in environments of their own under `.bench/`, never in the project's: `python_with("pabutools==1.2")`."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".bench"


def python_with(*requirements: str, without_dependencies: tuple[str, ...] = ()) -> Path:
    """The interpreter of an environment that holds those packages, made once.

    Args:
        without_dependencies: packages whose declared dependencies are wrong or needless; installed alone, first.
    """
    name = sha256(" ".join((*requirements, "|", *without_dependencies)).encode()).hexdigest()[:12]
    home, done = FOLDER / name, FOLDER / name / "done"
    python = home / "bin" / "python"
    if not done.exists():
        print(f"Installing {' '.join((*without_dependencies, *requirements))} for comparison…", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if without_dependencies:
            subprocess.run([*pip, "--no-deps", *without_dependencies], check=True)
        subprocess.run([*pip, *requirements], check=True)
        done.touch()
    return python


def pabutools() -> Path:
    """pabutools without the commercial solver that it declares."""
    others = ("numpy", "scipy", "networkx", "gmpy2", "matplotlib", "natsort", "preflibtools>=2.0.33", "mip")
    return python_with(*others, without_dependencies=("pabutools==1.2.3",))


def run(python: Path, script: str, *arguments: str) -> str:
    """What a script run by a peer's interpreter prints; one thread, as ours."""
    alone = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ""}
    return subprocess.run(
        [str(python), "-c", script, *arguments], check=True, capture_output=True, text=True, env=alone
    ).stdout
