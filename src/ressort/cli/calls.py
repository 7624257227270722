"""`ressort call`: rank the files of a call for projects, choose under an envelope, check the files to publish."""

import argparse
import csv
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.actions import actions_of
from ressort.cli.calls_answers import print_csv, print_json, tell_problems
from ressort.language import current_language
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.calls import Grid, Ranked
    from ressort.ingest import FileRow

Options = argparse.Namespace


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort call`."""
    action = actions_of(kinds, "call", _("calls for projects"))
    grid = action("grid", _("list the template grids, or print one to adapt"), show_grid)
    grid.add_argument("name", nargs="?", help=_("name of a template"))
    template = action("template", _("print a table to fill: scores or applications"), show_template)
    template.add_argument("table", choices=["scores", "applications"])
    _grid_option(template)
    check = action("validate", _("check a file to publish against its schema"), validate)
    check.add_argument("file", help=_("CSV file"))
    check.add_argument(
        "--schema", required=True, help="subventions, deliberations, dispositif-aide, dispositif-aide-0.0.1"
    )
    check.add_argument("--json", action="store_true", help=_("answer in JSON"))
    ranking = action("rank", _("rank files from the marks of their reviewers"), rank)
    _scores_options(ranking)
    ranking.add_argument("--applications", metavar=_("FILE"), help=_("table of the files, for ties and funding"))
    _shapes(ranking)
    choice = action("portfolio", _("choose files under an envelope, beside the ranking"), choose)
    _scores_options(choice)
    choice.add_argument(
        "--applications", metavar=_("FILE"), required=True, help=_("table of the files: what each asks")
    )
    _purse_options(choice)
    _shapes(choice)
    share = action("share", _("the share of aid under resilience criteria, year by year"), share_of_aid)
    share.add_argument("file", help=_("published file of subsidies (CSV)"))
    share.add_argument(
        "--under", required=True, metavar=_("SCHEMES"), help=_("schemes under criteria, comma-separated")
    )
    share.add_argument("--target", type=int, metavar=_("YEAR"), help=_("year by which all aid is to be under criteria"))
    _shapes(share)


def _grid_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--grid", default="resilience", help=_("template grid, or a TOML file of one's own (resilience)")
    )


def _scores_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scores", help=_("table of marks (CSV or XLSX): file, reviewer, conflict, one column a criterion")
    )
    _grid_option(parser)
    parser.add_argument(
        "--normalise", choices=["none", "severity"], default="none", help=_("take the severity of each reviewer out")
    )
    drawn = parser.add_mutually_exclusive_group()
    drawn.add_argument("--draw", metavar=_("FILE"), help=_("result of a public draw: one file a line, in order"))
    drawn.add_argument("--lot", metavar=_("WORDS"), help=_("public words that draw the order of files (SHA-256)"))
    parser.add_argument("--span", default="0.2", metavar="0-1", help=_("how far weights may move for the ranges (0.2)"))


def _purse_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--envelope", required=True, metavar=_("EUROS"), help=_("money to share"))
    parser.add_argument(
        "--follow", choices=["skip", "stop"], default="skip", help=_("at the first file that does not fit")
    )
    parser.add_argument("--each-area", type=int, default=0, metavar="N", help=_("at least N files in each area"))
    parser.add_argument("--area-most", metavar="0-1", help=_("at most this share of the envelope in one area"))
    for name, text in (
        ("reserve", _("at least these euros for a theme")),
        ("cap", _("at most these euros for a theme")),
    ):
        parser.add_argument(f"--{name}", action="append", default=[], metavar=_("THEME=EUROS"), help=text)
    parser.add_argument("--force", action="append", default=[], metavar=_("CASE"), help=_("a file to fund anyway"))
    parser.add_argument("--bar", action="append", default=[], metavar=_("CASE"), help=_("a file not to fund"))


def _shapes(parser: argparse.ArgumentParser) -> None:
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=_("answer in JSON"))
    shape.add_argument("--csv", action="store_true", help=_("answer in CSV"))


def show_grid(options: Options) -> int:
    """List the templates, or print one."""
    from importlib.resources import files

    from ressort.reference.call_grids import grid_template, grid_templates

    if options.name:
        grid_template(options.name)
        print((files("ressort.reference") / "calls" / f"{options.name}.toml").read_text("utf-8"), end="")
        return 0
    for name, template in grid_templates().items():
        print(f"{name:<18} {template.title(current_language())}")
    return 0


def show_template(options: Options) -> int:
    """Print a table to fill."""
    from ressort.ingest import application_lines, review_lines

    lines = application_lines() if options.table == "applications" else review_lines(_grid(options.grid))
    csv.writer(sys.stdout, delimiter=";", lineterminator="\n").writerows(lines)
    return 0


def validate(options: Options) -> int:
    """Check a file against a schema; 4 when it does not conform."""
    from ressort.cli import EXIT_RULE
    from ressort.core.calls import problems
    from ressort.ingest.call_files import published_lines
    from ressort.reference.scdl import schema

    wanted = schema(options.schema)
    with published_lines(_path(options.file)) as (header, rows):
        found = problems(wanted, header, rows)
    if options.json:
        told = [{"line": p.line, "column": p.column, "problem": p.say(_)} for p in found]
        print_json({"schema": wanted.name, "version": wanted.version, "conforms": not found, "problems": told})
    elif found:
        print(_("{file} does not conform to {schema} {version}:").format(file=options.file, schema=wanted.name, version=wanted.version))  # fmt: skip
        tell_problems(found)
    else:
        print(_("{file} conforms to {schema} {version}.").format(file=options.file, schema=wanted.name, version=wanted.version))  # fmt: skip
    return EXIT_RULE if found else 0


def rank(options: Options) -> int:
    """Print the ranking, its ranges, and the weights that would change it."""
    from ressort.cli import calls_render
    from ressort.core.calls import rank_ranges, severities, weight_intervals

    grid = _grid(options.grid)
    rows = {row.application: row for row in _applications(options.applications)} if options.applications else {}
    reviews = _reviews(options.scores, grid)
    ranked = _ranked(options, grid, reviews, rows)
    compared = rank_ranges(ranked, grid, _share(options.span)) if len(ranked) <= calls_render.MOST_COMPARED else []
    ranges = {one.application: one for one in compared}
    intervals = weight_intervals(ranked, grid, lambda order: order[:1]) if compared else []
    lines = calls_render.ranking_rows(ranked, grid, ranges, rows)
    if options.json:
        print_json({"files": lines, "weights": calls_render.order_rows(intervals)})
    elif options.csv:
        print_csv(lines)
    else:
        calls_render.ranking(ranked, grid, ranges, rows)
        calls_render.order(intervals)
        if options.normalise == "severity":
            calls_render.severity(severities(reviews, grid))
    return 0


def choose(options: Options) -> int:
    """Print who is funded: the ranking followed, the best score, the best effect."""
    from ressort.cli import calls_render
    from ressort.cli.calls_purse import purse_of
    from ressort.core.calls import deliberate, portfolio

    grid = _grid(options.grid)
    rows = {row.application: row for row in _applications(options.applications)}
    ranked = _ranked(options, grid, _reviews(options.scores, grid), rows)
    purse = purse_of(options, rows, [one.application for one in ranked if one.is_fundable])
    amounts = {name: row.requested_cents for name, row in rows.items()}
    effects = {name: row.effect or 0 for name, row in rows.items()}
    has_effects = any(row.effect is not None for row in rows.values())
    found = deliberate(
        ranked, grid, amounts, purse, options.follow, effects if has_effects else None, _share(options.span)
    )
    imposed = None
    if options.force or options.bar:
        imposed = portfolio(found.candidates, purse, forced=options.force, barred=options.bar)
    lines = calls_render.choice_rows(ranked, found, rows, imposed)
    if options.json:
        print_json(calls_render.choice_summary(found, imposed) | {"files": lines})
    elif options.csv:
        print_csv(lines)
    else:
        calls_render.choice(ranked, grid, found, rows, imposed)
    return 0


def share_of_aid(options: Options) -> int:
    """Print the share of aid under resilience criteria."""
    from ressort.cli import calls_render
    from ressort.core.calls import Target, aid_under_criteria
    from ressort.ingest.call_aid import read_aid

    schemes = {name.strip() for name in options.under.split(",") if name.strip()}
    aids = _told(options.file, lambda _content, _name: read_aid(_path(options.file), schemes))
    found = aid_under_criteria(aids, Target(year=options.target) if options.target else None)
    lines = calls_render.aid_rows(found)
    if options.json:
        print_json(lines)
    elif options.csv:
        print_csv(lines)
    else:
        calls_render.aid(found)
    return 0


def _ranked(options: Options, grid: "Grid", reviews: list[Any], rows: dict[str, "FileRow"]) -> list["Ranked"]:
    from ressort.core.calls import drawn_order, reviewed
    from ressort.core.calls import rank as ranking
    from ressort.core.errors import UnknownCode

    files = reviewed(reviews, grid, options.normalise)
    unknown = [one.application for one in files if rows and one.application not in rows]
    if unknown:
        raise UnknownCode("The table of the files lacks {names}, which reviewers marked.", names=unknown)
    amounts = {name: row.requested_cents for name, row in rows.items()}
    draw = [line.strip() for line in _path(options.draw).read_text("utf-8").splitlines()] if options.draw else []
    if options.lot:
        draw = list(drawn_order([one.application for one in files], options.lot))
    return ranking(files, grid, amounts, draw=[name for name in draw if name])


def _grid(given: str) -> "Grid":
    from ressort.reference.call_grids import grid_template, read_grid

    if given.endswith(".toml"):
        return read_grid(_path(given).read_text("utf-8"), current_language())
    return grid_template(given).grid(current_language())


def _reviews(given: str, grid: "Grid") -> list[Any]:
    from ressort.ingest import read_reviews

    return _told(given, lambda content, name: read_reviews(content, name, grid))


def _applications(given: str) -> list["FileRow"]:
    from ressort.ingest import read_applications

    return _told(given, read_applications)


def _told(given: str, read: Any) -> Any:
    """What a reader makes of a file; its problems are printed one a line before it is refused."""
    from ressort.core.errors import RuleBroken

    path = _path(given)
    try:
        return read(path.read_bytes(), path.name)
    except RuleBroken as error:
        tell_problems(error.facts.get("problems", []), sys.stderr)
        raise


def _path(given: str) -> Path:
    from ressort.core.errors import InputError

    path = Path(given)
    if not path.is_file():
        raise InputError("There is no file {path}.", path=given)
    return path


def _share(given: str) -> Fraction:
    from ressort.core.errors import InputError

    try:
        return Fraction(given.replace(",", "."))
    except (ValueError, ZeroDivisionError) as error:
        raise InputError("“{given}” is not a number.", given=given) from error
