"""Reading a territory's own files from the command line: each tells by its columns what it holds."""

from pathlib import Path
from typing import Any

from ressort.core.errors import InputError, RuleBroken
from ressort.diagnosis import Canteen, OwnData, own_areas, own_autonomy, own_figure
from ressort.ingest import OwnTable, dry_run, kind_of, refuse_heavy
from ressort.language import gettext as _

Rows = list[dict[str, Any]]


def read_own(paths: list[str]) -> OwnData:
    """The figures of the files given; of each, the last year counts.

    Raises:
        InputError: a file that is not there, or a plate, which is a lever. RuleBroken: a table with problems, each told with its line.
    """
    found: dict[str, Any] = {"areas": {}, "facts": {}, "heads": {}, "canteens": ()}
    for path in map(Path, paths):
        content = _content(path)
        kind = kind_of(content, path.name)
        if kind == "plate":
            raise InputError("{path} holds a plate: give it to `ressort scenario --plate`.", path=str(path))
        _TAKERS[kind](_rows(content, path, kind), path.name, found)
    return OwnData(**found, provenance=tuple(Path(path).name for path in paths))


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
    rows = own.frame.to_dicts()
    return sorted(rows, key=lambda row: row["year"]) if "year" in own.frame.columns else rows


def _year(row: dict[str, Any]) -> str:
    return f"{row['year']:.0f}"


def _crop_areas(rows: Rows, source: str, found: dict[str, Any]) -> None:
    last = {row["crop_group"]: row for row in rows}
    for group, row in last.items():
        found["areas"] |= own_areas({group: row["area_ha"]}, source, _year(row))
    if last and all(row["organic_ha"] is not None for row in last.values()):
        organic, whole = (sum(row[name] for row in last.values()) for name in ("organic_ha", "area_ha"))
        year = max(map(_year, last.values()))
        found["facts"]["organic_farmland_ha"] = own_figure("organic_farmland_ha", "ha", organic, source, year)
        if whole > 0:
            share = own_figure("organic_farmland_share", "share", organic / whole, source, year)
            found["facts"]["organic_farmland_share"] = share


def _purchases(rows: Rows, source: str, found: dict[str, Any]) -> None:
    found["actual_autonomy"] = own_autonomy(rows[-1]["local_eur"], rows[-1]["total_eur"], source, _year(rows[-1]))


def _livestock(rows: Rows, source: str, found: dict[str, Any]) -> None:
    for row in rows:
        found["heads"][row["species"]] = own_figure("", "heads", row["heads"], source, _year(row))


def _labour(rows: Rows, source: str, found: dict[str, Any]) -> None:
    for key, name, unit in (("present_farms", "farms", "farms"), ("farm_labour_fte", "labour_fte", "fte")):
        found["facts"][key] = own_figure(key, unit, rows[-1][name], source, _year(rows[-1]))


def _canteens(rows: Rows, source: str, found: dict[str, Any]) -> None:
    found["canteens"] += tuple(Canteen(**row) for row in rows)


_TAKERS = {
    "crop_area": _crop_areas,
    "purchases": _purchases,
    "livestock": _livestock,
    "labour": _labour,
    "canteens": _canteens,
}
