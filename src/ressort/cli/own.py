"""Reading a territory's own files from the command line: each tells by its columns what it holds."""

from pathlib import Path
from typing import Any

from ressort.core.errors import InputError, RuleBroken
from ressort.diagnosis import OwnData, OwnRows, own_data
from ressort.ingest import OwnTable, dry_run, kind_of, refuse_heavy
from ressort.language import gettext as _

Rows = list[dict[str, Any]]


def read_own(paths: list[str]) -> OwnData:
    """The figures of the files given; of each, the last year counts.

    Raises:
        InputError: a file that is not there, or a plate, which is a lever. RuleBroken: a table with problems, each told with its line.
    """
    tables = []
    for path in map(Path, paths):
        content = _content(path)
        kind = kind_of(content, path.name)
        if kind == "plate":
            raise InputError("{path} holds a plate: give it to `ressort scenario --plate`.", path=str(path))
        tables.append(OwnRows(kind, tuple(_rows(content, path, kind)), path.name))
    return own_data(tables, tuple(Path(path).name for path in paths))


def read_plate(path: str) -> tuple[tuple[str, float], ...]:
    """A plate of one's own: product → kg per person and year.

    Raises:
        InputError: a file that is not there. RuleBroken: a table with problems.
    """
    rows = _rows(_content(Path(path)), Path(path), "plate")
    return tuple(sorted((row["product"], row["kg_per_year"]) for row in rows))


def problems_told(own: OwnTable) -> list[str]:
    """Each problem of a table as a sentence with its line, in the language in force."""
    return [
        _("line {line}, {column}: {problem}").format(
            line=p.line, column=p.column, problem=RuleBroken(p.template, **p.facts).say(_)
        )
        for p in own.problems
    ]


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise InputError("There is no file {path}.", path=str(path))
    refuse_heavy(path.stat().st_size)
    return path.read_bytes()


def _rows(content: bytes, path: Path, kind: str) -> Rows:
    own = dry_run(content, path.name, kind)
    if own.problems:
        raise RuleBroken("{path} was not read:\n{problems}", path=str(path), problems="\n".join(problems_told(own)))
    return own.frame.to_dicts()
