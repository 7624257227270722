"""The files of a draw: read with clear refusals, written whole or not at all."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FROZEN, ROWS, NUMBERS, TRANSCRIPT, VERIFIER = (
    "engagement.json", "lignes.json", "numeros.csv", "proces-verbal.json", "verifier.py",
)  # fmt: skip


def listed(words: str) -> list[str]:
    """Words parted by commas."""
    return [word.strip() for word in words.split(",") if word.strip()]


def present(word: str) -> Path:
    """The path of a file that is there."""
    from ressort.core.errors import InputError

    if not Path(word).is_file():
        raise InputError("There is no file {path}.", path=word)
    return Path(word)


def read_json(path: Path) -> Any:
    """The value of a JSON file."""
    from ressort.core.errors import InputError

    try:
        return json.loads(present(str(path)).read_bytes())
    except ValueError as error:
        raise InputError("{path} is not JSON: {error}.", path=str(path), error=str(error)) from error


def ids_beside(frozen: Path) -> dict[int, str]:
    """The identifiers of the numbers, where the office kept them beside the frozen document."""
    from ressort.core.panel import read_table

    kept = frozen.parent / NUMBERS
    rows = read_table(kept.read_bytes()).rows if kept.is_file() else ()
    return {int(row["numero"]): row["id"] for row in rows}


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder that appears whole or not at all."""
    from shutil import rmtree
    from tempfile import mkdtemp

    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield new
        new.chmod(0o700)
        new.rename(folder)
    except BaseException:
        rmtree(new, ignore_errors=True)
        raise
