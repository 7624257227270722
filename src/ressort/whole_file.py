"""Files that appear whole or not at all."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ressort.core.errors import RuleBroken


def writable(path: Path) -> Path:
    """The same path, asked about before a long work.

    Raises:
        RuleBroken: the folder does not exist, or the path is a folder.
    """
    if not path.parent.is_dir() or path.is_dir():
        raise RuleBroken("{path} cannot be written: give a file in a folder that exists.", path=str(path))
    return path


def write_whole(path: Path, content: bytes | Callable[[Path], Any]) -> Path:
    """The path of a file that appears whole or not at all, in place of the one there.

    Args:
        content: its bytes, or what writes it where it is told.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.draft")
    try:
        if isinstance(content, bytes):
            draft.write_bytes(content)
        else:
            content(draft)
        os.replace(draft, path)
    except OSError as error:  # told with the name that was asked for, not that of the draft
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        draft.unlink(missing_ok=True)
    return path
