"""The secret key of an installation: made at first run, kept beside the data, never in the repository nor in a log."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def secret_key(folder: Path) -> str:
    """The key of this installation, in a file that only its owner may read. Two first runs at once agree on one key."""
    home = folder / "secret_key"
    if not home.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, home)
        draft.unlink()
    return home.read_text("utf-8").strip()
