"""`ressort stress` and `ressort replay`: play shocks on a territory, compare levers, write the story and the annex."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.language import LANGUAGES, current_language
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.core.resilience import Portfolio
    from ressort.resilience import Progress, Stress

Options = argparse.Namespace


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort stress` and `ressort replay`."""
    text = _("play a shock on a territory, and what levers change")
    stress = kinds.add_parser("stress", help=text, description=text)
    stress.set_defaults(command=play)
    stress.add_argument("territory", nargs="*", help=_("a name or a code; several make one group"))
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
    stress.add_argument("--days", type=int, default=365, help=_("days played (365)"))
    stress.add_argument("--runs", type=int, default=200, help=_("draws of the hypotheses (200)"))
    stress.add_argument("--seed", type=int, default=2026, help=_("same seed, same numbers (2026)"))
    stress.add_argument("--start", type=int, default=0, help=_("days before the shock, added to its own start"))
    stress.add_argument(
        "--weight",
        action="append",
        default=[],
        metavar=_("NEED=W"),
        help=_("weight of a need in the mean (1 each by default)"),
    )
    _purse(stress)
    _shapes(stress)
    text = _("play again an answer of `ressort stress --json`, and say whether it is the same")
    again = kinds.add_parser("replay", help=text, description=text)
    again.set_defaults(command=replay)
    again.add_argument("file", help=_("JSON file"))
    _shapes(again)


def _purse(stress: argparse.ArgumentParser) -> None:
    stress.add_argument(
        "--budget", type=float, metavar="EUR", help=_("find the levers that avoid most under this budget")
    )
    stress.add_argument(
        "--method", choices=["greedy", "milp"], default="greedy", help=_("how the levers are chosen (greedy)")
    )
    stress.add_argument(
        "--caution",
        type=float,
        default=1.0,
        metavar="0-1",
        help=_("judge on the worst share of runs (1: the mean of all)"),
    )


def _shapes(parser: argparse.ArgumentParser) -> None:
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=_("answer in JSON"))
    shape.add_argument(
        "--csv", nargs="?", const="needs", metavar=_("TABLE"), help=_("answer one table in CSV (needs by default)")
    )
    shape.add_argument("--pdf", metavar=_("FILE"), help=_("write the annex of the safeguard plan (PDF)"))
    parser.add_argument("--workers", type=int, default=1, help=_("processes; the numbers do not depend on it (1)"))
    parser.add_argument("--scheduler", default="", metavar="tcp://…", help=_("address of a Dask scheduler"))
    parser.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)


def play(options: Options) -> int:
    """Play a shock, or list the library."""
    if options.list:
        return _library()
    from ressort.cli import EXIT_USAGE
    from ressort.cli.commands import prepare, territory_of

    if not options.territory or not options.shock:
        print(_("Give a territory and --shock NAME; `ressort stress --list` lists the shocks."), file=sys.stderr)
        return EXIT_USAGE
    from ressort.resilience import stress

    prepare()
    if options.budget is not None:
        return _portfolio(options)
    with _progress() as progress:
        found = stress(
            territory_of(options.territory), *options.shock, levers=tuple(options.lever), days=options.days, runs=options.runs, seed=options.seed,
            start_day=options.start, weights=_weights(options.weight), workers=_workers(options), progress=progress, scheduler=options.scheduler,
        )  # fmt: skip
    return _answer(found, options)


def replay(options: Options) -> int:
    """Play an answer again; 4 when the numbers differ."""
    from ressort.cli import EXIT_RULE
    from ressort.cli.commands import prepare
    from ressort.core.errors import InputError
    from ressort.resilience import replay as again

    try:
        text = Path(options.file).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("{file} is not text in UTF-8.", file=options.file) from error
    prepare()
    with _progress() as progress:
        found, differing = again(text, options.file, _workers(options), progress)
    code = _answer(found, options)
    if not differing:
        print(_("The same numbers, to the last bit."), file=sys.stderr)
        return code
    print(_("Differs by: {words}.").format(words=", ".join(differing)), file=sys.stderr)
    return EXIT_RULE if "digest" in differing else code


def _portfolio(options: Options) -> int:
    from ressort.cli import render
    from ressort.cli.commands import territory_of
    from ressort.core.errors import RuleBroken
    from ressort.diagnosis import place
    from ressort.resilience import of_territory, portfolio, request_for

    if not 0 < options.caution <= 1:
        raise RuleBroken("The share of worst runs must lie between 0 and 1; {given} was given.", given=options.caution)
    where = place(territory_of(options.territory))
    ground, words = (
        of_territory(where),
        {"days": options.days, "runs": options.runs, "seed": options.seed, "start_day": options.start},
    )
    request = request_for(where, shocks=tuple(options.shock), **words)
    with render.building(_("Sets of levers played")) as bar:
        found = portfolio(
            request, ground, options.budget, names=tuple(options.lever), method=options.method, caution=options.caution,
            workers=_workers(options), progress=lambda done: bar("", done, 0),
        )  # fmt: skip
    return _show_portfolio(found, ground.people, options)


def _show_portfolio(found: "Portfolio", people: float, options: Options) -> int:
    from ressort.cli.commands import print_json
    from ressort.cli.render import grid
    from ressort.language import number
    from ressort.reference.resilience_library import lever

    if options.json:
        told = {"levers": list(found.levers), "cost_eur": found.cost_cents / 100, "avoided_person_days": found.avoided}
        print_json(told | {"bound_person_days": found.bound, "sets_played": found.plays})
        return 0
    chosen = [lever(name) for name in found.levers]
    grid(
        [_("Lever"), _("Cost, €")],
        [[one.titles[current_language()], number(one.cost_eur_per_people.central * people)] for one in chosen],
    )
    text = _(
        "{avoided} person-days avoided for {cost} €; no set is above {bound} if effects only fall together (not proven); {plays} sets played."
    )
    print(
        text.format(
            avoided=number(found.avoided),
            cost=number(found.cost_cents / 100),
            bound=number(found.bound),
            plays=found.plays,
        )
    )
    return 0


def _answer(found: "Stress", options: Options) -> int:
    if options.json:
        from ressort.cli.commands import print_json

        print_json(found.to_dict())
    elif options.csv:
        sys.stdout.write(found.table(options.csv).write_csv())
    elif options.pdf:
        print(found.report(Path(options.pdf)))
    else:
        _show(found)
    return 0


def _show(found: "Stress") -> None:
    """The story, then needs at risk and levers."""
    from rich.text import Text

    from ressort.cli.render import console, grid
    from ressort.core.resilience import MOST_OUTSIDE_SHARE
    from ressort.language import number, percent

    if not found.publishable:
        text = _("{share} of the runs left the model's domain, more than {most}: this ensemble must not be published.")
        console.print(
            Text(
                text.format(share=percent(found.ensemble.outside.mean()), most=percent(MOST_OUTSIDE_SHARE)),
                style="bold",
            )
        )
    for one in found.story():
        if one.heading:
            console.print(Text(one.heading, style="bold"))
        console.print(Text(one.text))
    rows = [
        [row["label"], percent(row["low_p50_share"]), percent(row["low_p10_share"]), number(row["days_under_p50_days"]), percent(row["crossed_share"] or 0)]
        for row in found.table("needs").to_dicts() if row["low_p10_share"] < 0.995
    ]  # fmt: skip
    grid(
        [_("Need"), _("Lowest (P50)"), _("Lowest (P10)"), _("Days under its threshold"), _("Runs that cross it")], rows
    )
    levers = found.table("levers").to_dicts()
    if levers:
        grid([_("Lever"), _("Person-days avoided"), _("Helps in"), _("Cost, €")],
             [[row["label"], number(row["avoided_p50_days"]), percent(row["helps_share"]), number(row["cost_eur"])] for row in levers])  # fmt: skip
    weights = found.table("sensitivity").to_dicts()
    if weights:
        grid(
            [_("Data to collect first"), _("Weight in the loss")],
            [[row["label"], percent(row["weight_share"])] for row in weights],
        )
    if not found.converged:
        console.print(Text(_("The medians of two halves of the runs still differ: ask for more runs.")))


def _library() -> int:
    from ressort.cli.render import grid
    from ressort.reference.resilience_library import levers, needs, shocks

    language = current_language()
    grid(
        [_("Shock"), _("What it is")],
        [[name, f"{one.titles[language]}: {one.stories[language]}"] for name, one in shocks().items()],
    )
    grid(
        [_("Lever"), _("What it is")],
        [[name, f"{one.titles[language]}: {one.stories[language]}"] for name, one in levers().items()],
    )
    grid([_("Need"), _("What it is")], [[need.name, need.labels[language]] for need in needs()])
    return 0


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
