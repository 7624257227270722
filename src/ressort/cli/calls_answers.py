"""How `ressort call` answers: problems with their lines, JSON, CSV."""

import csv
import json
import sys
from typing import TYPE_CHECKING, Any

from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.calls import Problem


def tell_problems(found: list["Problem"], stream: Any = None) -> None:
    """Each problem of a table, with its line."""
    for one in found:
        place = _("line {line}, {column}: {problem}") if one.column else _("line {line}: {problem}")
        print(place.format(line=one.line, column=one.column, problem=one.say(_)), file=stream or sys.stdout)


def print_json(value: Any) -> None:
    """An answer for programs."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    print()


def print_csv(lines: list[dict[str, Any]]) -> None:
    """A table whose cells no spreadsheet takes for formulas."""
    from ressort.core.spreadsheet import neutral

    writer = csv.writer(sys.stdout, lineterminator="\n")
    if lines:
        writer.writerow(lines[0])
        writer.writerows([neutral(cell) for cell in line.values()] for line in lines)
