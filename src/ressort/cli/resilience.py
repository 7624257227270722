"""`ressort stress` and `ressort replay`: play shocks on a territory, compare levers, write the story and the annex."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.resilience_currency import reuse
from ressort.cli.resilience_words import draws, purse, shapes
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.economy import NationalTable
    from ressort.resilience import Ground, Progress, Request, Stress

Options = argparse.Namespace


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort stress` and `ressort replay`."""
    text = _("play a shock on a territory, and what levers change")
    stress = kinds.add_parser("stress", help=text, description=text)
    stress.set_defaults(command=play)
    stress.add_argument("territory", nargs="*", help=_("a name or a code; several make one group"))  # fmt: skip
    stress.add_argument(
        "--shock",
        action="append",
        default=[],
        metavar=_("NAME"),
        help=_("a shock of the library; several compound (see --list)"),
    )
    stress.add_argument(
        "--lever",
        action="append",
        default=[],
        metavar=_("NAME"),
        help=_("a lever of the library; several are compared"),
    )
    stress.add_argument("--list", action="store_true", help=_("list the shocks, levers and needs"))
    draws(stress)
    stress.add_argument(
        "--table-template", action="store_true", help=_("write the national input-output table, to change it")
    )
    purse(stress)
    stress.add_argument(
        "--sensitivity",
        nargs="?",
        const=64,
        type=int,
        metavar=_("RUNS"),
        help=_(
            "tell the data to collect first: Morris, then total Sobol indices of the first ten on samples of so many runs (64)"
        ),
    )
    shapes(stress)
    text = _("play again an answer of `ressort stress --json`, and say whether it is the same")
    again = kinds.add_parser("replay", help=text, description=text)
    again.set_defaults(command=replay)
    again.add_argument("file", help=_("JSON file"))
    shapes(again)


def play(options: Options) -> int:
    """Play a shock, or list the library."""
    if options.list:
        from ressort.cli.resilience_render import library

        return library()
    if options.table_template:
        from ressort.resilience.own_table import template

        sys.stdout.buffer.write(template())
        return 0
    from ressort.cli import EXIT_USAGE
    from ressort.cli.commands import prepare, territory_of

    if not options.territory or not options.shock:
        print(_("Give a territory and --shock NAME; `ressort stress --list` lists the shocks."), file=sys.stderr)
        return EXIT_USAGE
    from ressort.resilience import stress

    _check_files(options)
    prepare()
    if options.budget is not None:
        return _portfolio(options)
    if options.sensitivity is not None:
        return _sensitivity(options)
    with _progress() as progress:
        found = stress(
            territory_of([*map(_code, options.territory)]), *options.shock, levers=tuple(options.lever), days=options.days, runs=options.runs, seed=options.seed,
            start_day=options.start, weights=_weights(options.weight), partners=tuple(map(_code, options.partners)), lead_days=options.lead, table=_table(options),
            intensity=tuple(options.intensity),
            workers=_workers(options), progress=progress, scheduler=options.scheduler, **reuse(options),
        )  # fmt: skip
    return _answer(found, options)


def _check_files(options: Options) -> None:
    """Refuse a file that cannot be written, before the runs."""
    from ressort.whole_file import writable

    for name in (options.pdf, options.continuity):
        if name:
            writable(Path(name))


def replay(options: Options) -> int:
    """Play an answer again; 4 when the numbers differ."""
    from ressort.cli import EXIT_RULE
    from ressort.cli.commands import prepare
    from ressort.core.errors import InputError
    from ressort.resilience import replay as again

    _check_files(options)
    try:
        text = Path(options.file).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("{file} is not text in UTF-8.", file=options.file) from error
    prepare()
    with _progress() as progress:
        found, differing = again(text, options.file, _workers(options), progress, _table(options), options.scheduler)
    code = _answer(found, options)
    if not differing:
        print(_("The same numbers, to the last bit."), file=sys.stderr)
        return code
    print(_("Differs by: {words}.").format(words=", ".join(differing)), file=sys.stderr)
    return EXIT_RULE if "digest" in differing else code


def _sensitivity(options: Options) -> int:
    from ressort.cli.commands import print_json
    from ressort.resilience import data_to_collect_first

    request, ground = _asked(options)
    with _progress() as progress:
        found = data_to_collect_first(request, ground, sample=options.sensitivity, progress=progress)
    if options.json:
        print_json(found.to_dicts())
    elif options.csv:
        sys.stdout.write(found.write_csv())
    else:
        from ressort.cli.resilience_render import show_sensitivity

        show_sensitivity(found)
    return 0


def _asked(options: Options) -> "tuple[Request, Ground]":
    """The question without levers, and its territory."""
    from ressort.cli.commands import territory_of
    from ressort.diagnosis import place
    from ressort.resilience import digest_of, ground_for, request_for

    where = place(territory_of([*map(_code, options.territory)]))
    words = {
        "days": options.days,
        "runs": options.runs,
        "seed": options.seed,
        "start_day": options.start,
        "lead_days": options.lead,
        "intensity": tuple(options.intensity),
    }
    partners = tuple(place(name) for name in map(_code, options.partners))
    table = _table(options)
    request = request_for(
        where,
        shocks=tuple(options.shock),
        partners=partners,
        table=digest_of(table) if table else "",
        **words,
        **reuse(options),
    )
    return request, ground_for(request, table)


def _portfolio(options: Options) -> int:
    from ressort.cli import render
    from ressort.core.errors import RuleBroken
    from ressort.resilience import portfolio

    if not 0 < options.caution <= 1:
        raise RuleBroken("The share of worst runs must lie between 0 and 1; {given} was given.", given=options.caution)
    request, ground = _asked(options)
    with render.building(_("Sets of levers played")) as bar:
        found = portfolio(
            request, ground, options.budget, names=tuple(options.lever), method=options.method, caution=options.caution,
            workers=_workers(options), progress=lambda done: bar("", done, 0),
        )  # fmt: skip
    from ressort.cli.resilience_render import show_portfolio

    return show_portfolio(found, ground.people, options)


def _answer(found: "Stress", options: Options) -> int:
    if options.json:
        from ressort.cli.commands import print_json

        print_json(found.to_dict())
    elif options.csv:
        sys.stdout.write(found.table(options.csv).write_csv())
    elif options.pdf:
        print(found.report(Path(options.pdf)))
    elif options.continuity:
        print(found.continuity_plan(Path(options.continuity)))
    else:
        from ressort.cli.resilience_render import show
        from ressort.resilience.reuse import reuse_told

        show(found)
        if told := reuse_told(found.request):
            print(told)
    return 0


def _table(options: Options) -> "NationalTable | None":
    """The input-output table of one's own, when a file is given."""
    from ressort.core.errors import InputError

    if not options.table:
        return None
    from ressort.resilience import own_table

    path = Path(options.table)
    if not path.is_file():
        raise InputError("{file} is not a file: give the path of a table (CSV or XLSX).", file=str(path))
    return own_table(path.read_bytes(), path.name)


def _code(name: str) -> str:
    """A name or a code as it is; `EPCI/200067254` is `EPCI:200067254`."""
    kind, sign, code = name.partition("/")
    return f"{kind}:{code}" if sign and kind.isalpha() and code.isalnum() else name


def _weights(words: list[str]) -> tuple[float, ...]:
    from ressort.core.errors import InputError
    from ressort.reference.resilience_library import needs

    if not words:
        return ()
    known = {need.name: 1.0 for need in needs()}
    for word in words:
        name, _sign, value = word.partition("=")
        try:
            weight = float(value.replace(",", "."))
        except ValueError:
            weight = -1.0
        if name not in known or not 0 <= weight < float("inf"):
            raise InputError(
                "{word} is not a weight: write NEED=W with W of 0 or more; the needs are {choices}.",
                word=word,
                choices=list(known),
            )
        known[name] = weight
    return tuple(known.values())


def _workers(options: Options) -> int:
    from ressort.core.errors import RuleBroken

    if not 1 <= options.workers <= 64:
        raise RuleBroken("Ask for 1 to 64 processes; {given} were asked.", given=options.workers)
    return int(options.workers)


@contextmanager
def _progress() -> "Iterator[Progress]":
    from ressort.cli.render import building

    with building(_("Runs played")) as bar:
        yield lambda done, total: bar("", done, total)
