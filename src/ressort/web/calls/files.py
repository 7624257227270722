"""Attached files: judged by their content, renamed, kept in the data folder, served as downloads that nothing runs."""

import hashlib
import io
import re
import unicodedata
import uuid
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import FileResponse

from ressort.core.errors import RuleBroken
from ressort.web.calls.models import Attachment

MOST_BYTES = 5_000_000
MOST_FILES = 10
#: all the files of a call: whoever finds the page can attach, so that the disk must not depend on their good will
MOST_CALL_BYTES = 5_000_000_000
MOST_GROWN_BYTES = 200_000_000
#: extension → media type
MEDIA = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}
_SAME = {"jpeg": "jpg", "txt": "csv"}
_STARTS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_OPEN = {"odt": MEDIA["odt"], "ods": MEDIA["ods"]}


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that may be kept: its safe name, its media type, its digest."""

    name: str
    media: str
    sha256: str


def folder() -> Path:
    """Where the bytes lie: under the data folder, which the web server never serves."""
    return Path(settings.HOME) / "files" / "calls"


def accepted(given_name: str, content: bytes) -> Accepted:
    """Judges a file by its size, its extension and its first bytes, which must agree.

    Raises:
        RuleBroken: an empty or large file, another type, a content that is not what the name says, a macro.
    """
    if not content:
        raise RuleBroken("The file {name} is empty.", name=safe_name(given_name))
    if len(content) > MOST_BYTES:
        raise RuleBroken(
            "The file weighs {size} MB; at most {most} MB are read.",
            size=-(-len(content) // 1_000_000),
            most=MOST_BYTES // 1_000_000,
        )
    extension = given_name.rsplit(".", 1)[-1].lower() if "." in given_name else ""
    extension = _SAME.get(extension, extension)
    if extension not in MEDIA:
        raise RuleBroken(
            "A file .{extension} is not accepted: attach one of {choices}.",
            extension=extension[:10] or "?",
            choices=list(MEDIA),
        )
    if not _is_what_it_says(extension, content):
        raise RuleBroken(
            "{name} is not what its name says, is broken, or holds macros: save it again, as PDF for instance.",
            name=safe_name(given_name),
        )
    return Accepted(safe_name(given_name), MEDIA[extension], hashlib.sha256(content).hexdigest())


def safe_name(given: str) -> str:
    """A name that holds no folder, no control character, no trick of direction; never empty.

    >>> safe_name("../../etc/Devis n°1 .pdf")
    'Devis n°1 .pdf'
    """
    base = unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(char for char in base if unicodedata.category(char)[0] not in "CZ" or char == " ")
    kept = re.sub(r'[<>:"|?*]', "", kept).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    return (f"{stem[:100]}{dot}{extension[:10]}" if dot else kept[:100]) or "piece"


def keep(content: bytes) -> str:
    """Writes the bytes whole or not at all, under a new name; gives that name."""
    folder().mkdir(parents=True, exist_ok=True)
    name = uuid.uuid4().hex
    part = folder() / f"{name}.part"
    part.write_bytes(content)
    part.replace(folder() / name)
    return name


def erase(stored_as: str) -> None:
    """Erases the bytes of a file that nobody refers to any more."""
    with suppress(FileNotFoundError):
        (folder() / stored_as).unlink()


def served(attachment: Attachment) -> FileResponse:
    """The file as a download: never opened inside the site, never run, never cached."""
    response = FileResponse(
        (folder() / attachment.stored_as).open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _is_what_it_says(extension: str, content: bytes) -> bool:
    if extension in _STARTS:
        return content.startswith(_STARTS[extension])
    if extension == "csv":
        return _is_text(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            grown = sum(info.file_size for info in archive.infolist())
            has_macro = any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names)
            if grown > MOST_GROWN_BYTES or has_macro:
                return False
            if extension in _OFFICE:
                return _OFFICE[extension] in names
            return "mimetype" in names and archive.read("mimetype").decode("ascii", "replace") == _OPEN[extension]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return False


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
