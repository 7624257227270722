"""How answers look in a terminal: colours that respect NO_COLOR, tables that fit, bars that a screen reader can skip."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
from textwrap import fill
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from ressort.language import current_language, number, percent, quantity, rounded
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.territory import Match
    from ressort.diagnosis import Comparison, Diagnosis
    from ressort.reference.territories import Progress as Report

console = Console(highlight=False)
BAR_WIDTH = 24
FIRST_COLUMN_WIDTH = 18
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
    shown = table(_("Territory"), _("Code"), _("Kind"))
    for match in found:
        shown.add_row(match.label, match.key, kind(match.kind))
    console.print(shown)


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
    from ressort.diagnosis.words import synthesis, with_range

    console.print(Text(moved.territory.label, style="bold"))
    console.print(
        _("Levers: {levers}").format(
            levers=", ".join(f"{k} = {v}" for k, v in moved.levers.to_query().items()) or _("none")
        )
    )
    shown = table(_("Indicator"), _("Today"), _("Scenario"), folds=True)
    for key in SHOWN[4:]:
        shown.add_row(_label(key), with_range(today.figures[key]), with_range(moved.figures[key]))
    console.print(shown)
    for sentence in synthesis(moved)[:3]:
        _sentence(sentence.text)
    choices = moved.table("choices")
    if choices.height:
        console.print(_("Under each choice of coefficients, the land needed would be:"))
        for row in choices.to_dicts():
            console.print(f"  {row['label']} : {quantity(row['land_needed_ha'], 'ha', 2)}")


def comparison(found: "Comparison") -> None:
    """Territories side by side."""
    from ressort.diagnosis.words import with_range

    shown = table(_("Indicator"), *found.names, folds=True)
    for key in SHOWN:
        shown.add_row(_label(key), *[with_range(one.figures[key]) for one in found.diagnoses])
    console.print(shown)


def kind(code: str) -> str:
    """The name of a kind of territory."""
    names = {
        "COM": _("commune"),
        "EPCI": _("intercommunality"),
        "BV": _("living area"),
        "ZE": _("employment zone"),
        "AAV": _("urban attraction area"),
        "DEP": _("département"),
        "REG": _("région"),
        "PAYS": _("country"),
        "CUSTOM": _("group of communes"),
        "BE_COM": _("Belgian municipality"),
        "BE_PROV": _("Belgian province"),
        "RING": _("ring"),
    }
    return names[code]


def status(word: str) -> str:
    """How a figure is known, in a word."""
    return {
        "observed": _("observed"),
        "derived": _("derived"),
        "estimated": _("estimated"),
        "hypothesis": _("hypothesis"),
        "missing": _("missing"),
    }[word]


def _sentence(text: str) -> None:
    """A sentence folded at plain spaces only: `3 100 m²` stays whole."""
    console.print(fill(f"• {text}", max(40, console.width), subsequent_indent="  "), soft_wrap=True)


def _figures(found: "Diagnosis") -> None:
    from ressort.diagnosis.words import with_range

    shown = table(_("Indicator"), _("Value (range)"), _("Year"), _("Status"))
    for key in SHOWN:
        figure = found.figures[key]
        shown.add_row(
            _label(key),
            with_range(figure),
            figure.year,
            status(figure.status),
            style="dim" if figure.value is None else "",
        )
    console.print(shown)


def _groups(found: "Diagnosis") -> None:
    shown = table(_("Crop group"), _("Needed, ha"), _("Available, ha"), _("Potential autonomy"))
    for row in found.table("groups").to_dicts():
        ratio = row["adequacy_ratio"]
        available = _("not known here") if row["available_ha"] is None else rounded(row["available_ha"])
        shown.add_row(
            row["label"],
            rounded(row["needed_ha"]),
            available,
            "" if ratio is None else f"{_bar(ratio)} {percent(ratio)}",
        )
    console.print(shown)


def _scales(found: "Diagnosis") -> None:
    from ressort.diagnosis.words import perimeter

    shown = table(_("Perimeter"), _("People"), _("Potential autonomy"))
    for scale in found.scales:
        share = "" if isnan(scale.capped_share) else f"{_bar(scale.capped_share)} {percent(scale.capped_share)}"
        shown.add_row(perimeter(scale), number(scale.population_people), share or _("not known"))
    console.print(shown)


def _bar(share: float) -> str:
    filled = round(min(1.0, share) * BAR_WIDTH)
    return "█" * filled + "░" * (BAR_WIDTH - filled)


def _label(key: str) -> str:
    from ressort.reference.indicators import indicators

    return indicators()[key].label(current_language())


def table(*titles: str, folds: bool = False) -> Table:
    """An empty table: words to the left, the rest to the right; `folds` where several long values stand side by side."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for i, title in enumerate(titles):
        made.add_column(
            title,
            justify="left" if i == 0 else "right",
            overflow="fold",
            no_wrap=i > 0 and not folds,
            min_width=FIRST_COLUMN_WIDTH if i == 0 else None,
        )
    return made
