"""One function a command: read the words, ask the diagnosis, print. Heavy imports wait until a command needs them."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ressort.language import current_language
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.diagnosis import Diagnosis

Options = argparse.Namespace
#: words of `ressort scenario` → levers
LEVER_WORDS = {
    "relocated": "relocated_share",
    "organic": "organic_share",
    "organic_set": "organic_set",
    "diet": "diet",
    "waste": "waste_cut_share",
    "people": "people",
    "population": "population",
    "growth": "growth_share",
    "starts": "farm_starts_per_year",
}


def find(options: Options) -> int:
    """Print the territories that answer a text; 3 when none does."""
    from ressort.cli import EXIT_INPUT, render
    from ressort.diagnosis import find as search

    prepare()
    matches = search(" ".join(options.text), options.limit)
    if options.json:
        print_json(
            [
                {"key": match.key, "label": match.label, "kind": match.kind, "score": round(match.score, 1)}
                for match in matches
            ]
        )
    else:
        render.matches(matches)
    return 0 if matches else EXIT_INPUT


def diagnose(options: Options) -> int:
    """Print the diagnosis of a territory."""
    from ressort.diagnosis import diagnose as run

    prepare()
    return _answer(run(territory_of(options.territory), _own(options.own)), options)


def scenario(options: Options) -> int:
    """Print the diagnosis with levers moved, beside today's."""
    from ressort.cli import render
    from ressort.diagnosis import Diagnosis, place

    prepare()
    levers = levers_of(options)
    territory, own = place(territory_of(options.territory)), _own(options.own)
    moved = Diagnosis(territory, levers, own)
    if options.json or options.csv or options.pdf:
        return _answer(moved, options)
    render.scenario(Diagnosis(territory, own=own), moved)
    return 0


def report(options: Options) -> int:
    """Write the PDF report, of today or of a scenario."""
    from ressort.diagnosis import Diagnosis, place

    prepare()
    diagnosis = Diagnosis(place(territory_of(options.territory)), levers_of(options), _own(options.own))
    name = options.pdf or f"ressort-{_file_name(diagnosis.territory.name)}.pdf"
    print(diagnosis.report(Path(name)))
    return 0


def data(options: Options) -> int:
    """List the figures, fetch the official ones, or give a template for one's own."""
    from ressort.cli import data as figures

    return {"list": figures.show, "sync": figures.sync, "template": figures.template}[options.action](options)


def serve(options: Options) -> NoReturn:
    """Start the web pages; stops with Ctrl-C."""
    os.environ["RESSORT_LANGUAGE"] = current_language()
    sys.stdout.flush()
    # the server takes the place of this process, so that a signal to stop reaches it
    os.execv(
        sys.executable,
        [sys.executable, "-m", "ressort.web", "serve", "--host", options.host, "--port", str(options.port)],
    )


def doctor(options: Options) -> int:
    """Say what is missing on this machine."""
    from ressort.cli import doctor as physician

    return physician.render(physician.checks())


def prepare() -> None:
    """Build the reference the first time, saying so."""
    from ressort.cli.render import building
    from ressort.reference.territories import build, build_folder

    if not (build_folder() / "codes.json").is_file():
        with building(_("First use: preparing the territories of France")) as progress:
            build(progress)


def territory_of(words: list[str]) -> str | list[str]:
    return words[0] if len(words) == 1 else words


def levers_of(options: Options) -> Any:
    """The levers moved by the words of a command.

    Raises:
        RuleBroken: a word that is no lever, or a value outside its range. InputError: a file of one's own plate that is not there.
    """
    from ressort.core.food import Levers

    levers = Levers.from_query(_lever_words(options))
    if options.plate:
        from dataclasses import replace

        from ressort.cli.own import read_plate

        levers = replace(levers, diet="own", diet_kg=read_plate(options.plate))
    return levers


def _lever_words(options: Options) -> dict[str, str]:
    from ressort.core.errors import RuleBroken
    from ressort.core.food import Levers

    query = {lever: getattr(options, word) for word, lever in LEVER_WORDS.items() if getattr(options, word) is not None}
    for pair in options.set:
        name, sign, value = pair.partition("=")
        if not sign or not Levers.takes(name):
            raise RuleBroken(
                "{pair} is not a lever: write LEVER=VALUE, and LEVER.NAME=VALUE for {several}; the levers are {choices}.",
                pair=pair,
                several=list(Levers.BY_NAME),
                choices=list(Levers.__slots__),
            )
        query[name] = value
    if options.people and not options.population:
        query["population"] = "number"
    return query


def _own(paths: list[str]) -> Any:
    from ressort.diagnosis import OwnData

    if not paths:
        return OwnData()
    from ressort.cli.own import read_own  # it brings what fetches files: not for those who give none

    return read_own(paths)


def _answer(diagnosis: "Diagnosis", options: Options) -> int:
    from ressort.cli import render

    if options.json:
        print_json(diagnosis.to_dict())
    elif options.csv:
        from ressort.diagnosis.exports import with_producers

        sys.stdout.write(with_producers(diagnosis.table(options.csv)).write_csv())
    elif options.pdf:
        print(diagnosis.report(Path(options.pdf)))
    else:
        render.diagnosis(diagnosis)
    return 0


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    print()


def _file_name(name: str) -> str:
    from ressort.core.territory import search_key

    return search_key(name).replace(" ", "-") or "territoire"
