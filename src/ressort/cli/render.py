"""How answers look in a terminal: colours that respect NO_COLOR, tables that fit, bars that a screen reader can skip."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
from textwrap import fill
from typing import TYPE_CHECKING

from rich import _wrap
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from ressort.language import current_language, kind_name, named, number, part, percent, quantity, rounded, status_name
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.territory import Match
    from ressort.diagnosis import Comparison, Diagnosis
    from ressort.reference.territories import Progress as Report

# the library takes no-break spaces for spaces, and would cut “1 100” in two
_wrap.re_word = re.compile(r"[ \t\n]*[^ \t\n]+[ \t\n]*")

BAR_WIDTH = 20
#: a table that leaves less than this to its labels is told line by line
LEAST_LABEL_WIDTH = 18
ROOM_FOR_BARS = 76


class _Terminal(Console):
    """A console whose reader may leave early: `ressort … | head` is no error."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


console = _Terminal(highlight=False)
SHOWN = (
    "population_people",
    "density_people_per_km2",
    "median_living_standard_eur",
    "residential_electricity_mwh_per_people",
    "land_needed_ha",
    "land_needed_m2_per_people",
    "land_available_ha",
    "adequacy_capped_share",
    "adequacy_gross_ratio",
    "actual_autonomy_share",
    "jobs_needed_fte",
    "ghg_kgco2e_per_people",
)
#: what official files bring, told once it is there
BROUGHT = (
    "poverty_share",
    "commute_out_share",
    "jobs_per_worker_ratio",
    "disaster_orders_per_communes",
    "land_take_share",
    "food_projects",
    "rural_zone_share",
)


@contextmanager
def building(title: str) -> Iterator["Report"]:
    """A progress bar on the error stream, so that answers can be piped."""
    with Progress(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda step, done, total: bar.update(task, completed=done, total=total)


def matches(found: list["Match"]) -> None:
    """The answers to a search."""
    if not found:
        Console(stderr=True).print(_("Nothing comes near. Search by name, postal code or INSEE code."))
        return
    grid([_("Territory"), _("Code"), _("Kind")], [[match.label, match.key, kind_name(match.kind)] for match in found])


def diagnosis(found: "Diagnosis") -> None:
    """A diagnosis on one or two screens: sentences, figures, crop groups, scales."""
    from ressort.diagnosis.words import synthesis

    console.print(Text(found.territory.label, style="bold"))
    for sentence in synthesis(found):
        _sentence(sentence.text)
    console.print()
    _figures(found)
    if found.food is not None:
        _groups(found)
        _scales(found)
    console.print(
        _("Everything, with sources: --json, --csv TABLE ({tables}), or `ressort report`.").format(
            tables=", ".join(found.tables())
        ),
        style="dim",
    )


def scenario(today: "Diagnosis", moved: "Diagnosis") -> None:
    """Today and the scenario side by side."""
    from ressort.diagnosis.words import notes, synthesis

    figures = moved.figures  # worked out before a word is printed: a lever may be refused
    assert figures
    console.print(Text(moved.territory.label, style="bold"))
    console.print(
        _("Levers: {levers}").format(
            levers=", ".join(f"{k} = {v}" for k, v in moved.levers.to_query().items()) or _("none")
        )
    )
    _side_by_side(SHOWN[4:], {_("Today"): today, _("Scenario"): moved})
    for sentence in (*synthesis(moved)[:3], *notes(moved)):
        _sentence(sentence.text)
    _gardens(moved)
    choices = moved.table("choices")
    if choices.height:
        console.print(_("Under each choice of coefficients, the land needed would be:"))
        for row in choices.to_dicts():
            console.print(f"  {named(row['label'], quantity(row['land_needed_ha'], 'ha', 2))}")


def _gardens(found: "Diagnosis") -> None:
    """Market gardens year by year, where some are started."""
    rows = found.table("farm_starts").to_dicts()
    if not rows:
        return
    console.print(_("Market gardens, year by year:"))
    told = [
        [
            str(row["year_of_plan"]),
            number(row["active_farms"], 1),
            rounded(row["land_ha"]),
            _("{value} ({low} to {high})").format(
                value=percent(row["covered_share"], 1),
                low=percent(row["covered_low_share"], 1),
                high=percent(row["covered_high_share"], 1),
            ),
        ]
        for row in rows
    ]
    grid([_("Year"), _("Farms"), _("Land (ha)"), _("Vegetables covered")], told)


def comparison(found: "Comparison") -> None:
    """Territories side by side."""
    _side_by_side(SHOWN, dict(zip(found.names, found.diagnoses, strict=True)))


def scenarios(found: "Comparison") -> None:
    """The scenarios of a territory side by side."""
    from ressort.diagnosis.words import notes_among

    told = dict(zip(found.names, found.diagnoses, strict=True))
    assert all(one.figures for one in told.values())  # worked out before a word is printed: a lever may be refused
    console.print(Text(found.diagnoses[0].territory.label, style="bold"))
    for name, one in told.items():
        levers = ", ".join(f"{lever} = {value}" for lever, value in one.levers.to_query().items())
        console.print(f"  {named(name, levers or _('today’s plate, grown as today'))}", markup=False)
    _side_by_side(SHOWN[4:], told)
    for text in notes_among(found.diagnoses):
        _sentence(text)


def _side_by_side(keys: tuple[str, ...], found: dict[str, "Diagnosis"]) -> None:
    """One column a diagnosis."""
    from ressort.diagnosis.words import with_range

    told = [[_label(key), *[with_range(one.figures[key]) for one in found.values()]] for key in keys]
    grid([_("Indicator"), *found], told)


def _sentence(text: str) -> None:
    """A sentence folded at plain spaces only: `3 100 m²` stays whole."""
    console.print(fill(f"• {text}", max(20, console.width), subsequent_indent="  "), soft_wrap=True)


def _figures(found: "Diagnosis") -> None:
    from ressort.diagnosis.words import with_range

    known = [(key, found.figures[key]) for key in SHOWN]
    known += [(key, found.figures[key]) for key in BROUGHT if found.figures[key].known]
    rows = [[_label(key), with_range(figure), figure.year, status_name(figure.status)] for key, figure in known]
    dim = [figure.value is None for _key, figure in known]
    grid([_("Indicator"), _("Value (range)"), _("Year"), _("Status")], rows, dim)


def _groups(found: "Diagnosis") -> None:
    from ressort.diagnosis.words import hectares_there

    rows = []
    for row in found.table("groups").to_dicts():
        told = _barred(row["adequacy_ratio"])
        if row["next_level"]:
            told = _("{place}: {share}").format(
                place=kind_name(row["next_level_kind"]), share=percent(row["next_level_ratio"])
            )
        rows.append([row["label"], rounded(row["needed_ha"]), hectares_there(row), told])
    grid([_("Crop group"), _("Needed, ha"), _("Available, ha"), _("Potential autonomy")], rows)


def _scales(found: "Diagnosis") -> None:
    from ressort.diagnosis.words import perimeter

    rows = [
        [perimeter(scale), number(scale.population_people), _barred(scale.capped_share) or _("not known")]
        for scale in found.scales
    ]
    grid([_("Perimeter"), _("People"), _("Potential autonomy")], rows)


def _barred(share: float | None) -> str:
    """A share as a bar and a number where there is room for both; nothing when it is not known."""
    if share is None or isnan(share):
        return ""
    return f"{_bar(share)} {part(share)}" if console.width >= ROOM_FOR_BARS else part(share)


def _bar(share: float) -> str:
    filled = round(min(1.0, share) * BAR_WIDTH)
    return "█" * filled + "░" * (BAR_WIDTH - filled)


def _label(key: str) -> str:
    from ressort.reference.indicators import indicators

    return indicators()[key].label(current_language())


def grid(titles: list[str], rows: list[list[str]], dim: list[bool] | None = None) -> None:
    """A table where the terminal is wide enough for it, else each row as lines of its own: nothing is cut."""
    dim = dim or [False] * len(rows)
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)][1:]
    if console.width - sum(widths) - 2 * len(widths) >= LEAST_LABEL_WIDTH:
        shown = table(*titles)
        for row, faint in zip(rows, dim, strict=True):
            shown.add_row(*row, style="dim" if faint else "")
        console.print(shown)
        return
    for row in rows:
        console.print(Text(row[0], style="bold"))
        for title, value in zip(titles[1:], row[1:], strict=True):
            if value:
                console.print(Text(f"  {named(title, value)}"))


def table(*titles: str, folds: bool = False) -> Table:
    """An empty table: words to the left, the rest to the right; `folds` where several long values stand side by side."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for i, title in enumerate(titles):
        made.add_column(title, justify="left" if i == 0 else "right", overflow="fold", no_wrap=i > 0 and not folds)
    return made
