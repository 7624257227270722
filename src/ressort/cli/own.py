"""Reading a territory's own files from the command line."""

from pathlib import Path

from ressort.core.errors import InputError, RuleBroken
from ressort.diagnosis import OwnData
from ressort.diagnosis.own import own_areas
from ressort.ingest import OwnTable, dry_run
from ressort.language import gettext as _


def read_own(paths: list[str]) -> OwnData:
    """The crop areas of the files given; the last year of each group counts.

    Raises:
        InputError: a file that is not there. RuleBroken: a table with problems, each told with its line.
    """
    areas = {}
    for path in map(Path, paths):
        if not path.is_file():
            raise InputError("There is no file {path}.", path=str(path))
        own = dry_run(path.read_bytes(), path.name, "crop_area")
        _refuse_problems(own, path)
        last = own.frame.sort("year").group_by("crop_group", maintain_order=True).last()
        for row in last.to_dicts():
            areas |= own_areas({row["crop_group"]: row["area_ha"]}, path.name, f"{row['year']:.0f}")
    return OwnData(areas=areas, provenance=tuple(paths))


def problems_told(own: OwnTable) -> list[str]:
    """Each problem of a table as a sentence with its line, in the language in force."""
    return [
        _("line {line}, {column}: {problem}").format(
            line=p.line, column=p.column, problem=RuleBroken(p.template, **p.facts).say(_)
        )
        for p in own.problems
    ]


def _refuse_problems(own: OwnTable, path: Path) -> None:
    if own.problems:
        raise RuleBroken("{path} was not read:\n{problems}", path=str(path), problems="\n".join(problems_told(own)))
