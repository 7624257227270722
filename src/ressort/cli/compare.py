"""`ressort compare`: up to four territories side by side, or up to four scenarios of each."""

import argparse
import re
import sys
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from ressort.cli.commands import LEVER_WORDS, prepare, print_json
from ressort.core.errors import RuleBroken
from ressort.language import gettext as _

#: words of the address of a scenario page that are not levers
OF_PAGES = ("communes", "nom", "avec", "envoi", "lang")

if TYPE_CHECKING:
    from ressort.core.food import Levers
    from ressort.diagnosis import Comparison

Options = argparse.Namespace


def words(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument("territory", nargs="+", help=_("names or codes"))
    parser.add_argument(
        "--scenario",
        action="append",
        default=[],
        metavar="[NAME:] LEVER=VALUE …",
        help=_("a scenario beside today: its levers, or the address of its page; up to four"),
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=_("answer in JSON"))
    shape.add_argument("--csv", action="store_true", help=_("answer in CSV"))


def compare(options: Options) -> int:
    """Print up to four territories side by side, or the scenarios of each."""
    import polars as pl

    from ressort.cli import render

    prepare()
    found = _of_scenarios(options) if options.scenario else [_of_territories(options)]
    told = pl.concat([one.tall() if options.scenario else one.table() for one in found])
    if options.json:
        print_json(told.to_dicts())
    elif options.csv:
        sys.stdout.write(told.write_csv())
    elif options.scenario:
        for one in found:
            render.scenarios(one)
    else:
        render.comparison(found[0])
    return 0


def _of_territories(options: Options) -> "Comparison":
    from ressort.diagnosis import compare as side_by_side
    from ressort.diagnosis import diagnose

    return side_by_side(*[diagnose(text) for text in options.territory])


def _of_scenarios(options: Options) -> "list[Comparison]":
    """For each territory, its scenarios; today first where there is room."""
    from ressort.core.food import Levers
    from ressort.diagnosis import Diagnosis, place
    from ressort.diagnosis import compare as side_by_side
    from ressort.diagnosis.comparison import MOST_SIDE_BY_SIDE

    named = [scenario_in(text) for text in options.scenario]
    if len(named) < MOST_SIDE_BY_SIDE and all(levers != Levers() for _name, levers in named):
        named.insert(0, (_("Today"), Levers()))
    if not 1 <= len(options.territory) <= MOST_SIDE_BY_SIDE:
        raise RuleBroken(
            "Compare from one to {most} territories; {count} were given.",
            most=MOST_SIDE_BY_SIDE,
            count=len(options.territory),
        )
    names = [name for name, _levers in named]
    places = [place(text) for text in options.territory]
    return [side_by_side(*[Diagnosis(here, levers) for _name, levers in named], names=names) for here in places]


def scenario_in(text: str) -> "tuple[str, Levers]":
    """The name and the levers of a scenario: `mine: diet=vegan organic=0.5`, or the address of a page.

    Raises:
        RuleBroken: a word that is no lever, or a value outside its range.
    """
    from ressort.core.food import Levers
    from ressort.diagnosis.words import strange_words

    query = urlsplit(text).query if "?" in text else ""
    if query:
        given = dict(parse_qsl(query))
        held = {word: value for word, value in given.items() if Levers.takes(word)}
        if strange := strange_words(given, OF_PAGES):
            raise RuleBroken("This address was not understood. {problems}", problems=" ".join(strange))
        return (", ".join(f"{word} = {value}" for word, value in held.items()) or _("Today")), Levers.from_query(held)
    name, colon, rest = text.partition(":")
    if not colon or "=" in name:
        name, rest = "", text
    pairs = [part for part in re.split(r"[\s;&]+", rest.strip()) if part]
    held = dict(_lever_of(pair) for pair in pairs)
    if "people" in held and "population" not in held:
        held["population"] = "number"
    return name.strip() or " ".join(pairs) or _("Today"), Levers.from_query(held)


def _lever_of(pair: str) -> tuple[str, str]:
    from ressort.core.food import Levers

    word, sign, value = pair.partition("=")
    lever = LEVER_WORDS.get(word.replace("-", "_"), word)
    if not sign or not Levers.takes(lever):
        raise RuleBroken(
            "{pair} is not a lever: write LEVER=VALUE, and LEVER.NAME=VALUE for {several}; the levers are {choices}.",
            pair=pair,
            several=list(Levers.BY_NAME),
            choices=list(Levers.__slots__),
        )
    return lever, value
