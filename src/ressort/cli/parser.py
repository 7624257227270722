"""The words of the command line, and the help that teaches them."""

import argparse
import os
import re
from difflib import get_close_matches
from typing import NoReturn

from ressort.cli import (
    budget,
    calls,
    commands,
    compare,
    cooperate,
    currency,
    demo,
    energy,
    field,
    ledger,
    network,
    panel,
    resilience,
)
from ressort.cli.examples import examples
from ressort.cli.given import name_values
from ressort.language import LANGUAGES
from ressort.language import gettext as _


class _Parser(argparse.ArgumentParser):
    """A parser that speaks the language in force and suggests the nearest word."""

    def format_help(self) -> str:
        """The help, whose headings end as the language in force ends them: argparse writes a bare colon itself."""
        told = super().format_help()
        for group in self._action_groups:
            told = told.replace(f"\n{group.title}:\n", f"\n{group.title}{_(':')}\n")
        return told

    def error(self, message: str) -> NoReturn:
        near = self._nearest(message)
        help_line = _("See: {program} --help").format(program=self.prog)
        self.exit(2, f"{self.format_usage()}{message}\n{near}{help_line}\n")

    def _nearest(self, message: str) -> str:
        """The command or option that a mistyped word comes near, as a sentence; empty when none does."""
        known = _words(self)
        # what was typed: a word in quotes or an option; the rest of the message is ours
        typed = re.findall(r"'([^']+)'|(?<!\S)(--?[\w-]+)", message.partition(" (")[0])
        for word in [quoted or option for quoted, option in typed]:
            near = get_close_matches(word, known, 1, 0.7) if word not in known else []
            if near:
                return _("Perhaps: {word}").format(word=near[0]) + "\n"
        return ""


def _words(parser: argparse.ArgumentParser) -> list[str]:
    """Every option and command of a parser and of those under it."""
    words = [word for action in parser._actions for word in (*action.option_strings, *map(str, action.choices or ()))]
    under = [action.choices for action in parser._actions if isinstance(action.choices, dict)]
    return words + [word for parsers in under for one in parsers.values() for word in _words(one)]


def chosen_language(words: list[str]) -> str:
    """The language asked for by `--lang`, `RESSORT_LANGUAGE`, else French."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--lang" and following:
            return following
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return os.environ.get("RESSORT_LANGUAGE", "fr")


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command, in the language in force."""
    argparse._ = _  # type: ignore[attr-defined]  # argparse's own words go through our catalogue
    parser = _Parser(
        prog="ressort", description=_("Know your territory, and what would make it more resilient."), epilog=_EPILOG()
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--lang", choices=LANGUAGES, help=_("language of the answers (French by default)"))
    parser.add_argument(
        "--version", action="version", version=_version(), help=_("show program's version number and exit")
    )
    kinds = parser.add_subparsers(title=_("commands"), required=True, metavar=_("COMMAND"), parser_class=_Parser)
    _find(kinds)
    _diagnose(kinds)
    _scenario(kinds)
    _compare(kinds)
    _report(kinds)
    cooperate.add(kinds)
    network.add(kinds)
    energy.add(kinds)
    field.add(kinds)
    budget.add(kinds)
    calls.add(kinds)
    currency.add(kinds)
    demo.add(kinds)
    panel.add(kinds)
    ledger.add(kinds)
    resilience.add(kinds)
    _data(kinds)
    _serve(kinds)
    _doctor(kinds)
    name_values(parser)
    return parser


def _EPILOG() -> str:
    return _(
        "Examples:\n"
        "  ressort find biovallée\n"
        "  ressort diagnose Pau\n"
        '  ressort diagnose "CA Pau Béarn Pyrénées" --json\n'
        "  ressort diagnose Crest Die 26289             several names: one group of communes\n"
        "  ressort scenario Pau --diet minus_25 --organic 0.5\n"
        '  ressort compare Pau Bayonne "CC Fumel Vallée du Lot"\n'
        "  ressort report Pau --pdf pau.pdf\n"
        "  ressort serve"
    )


def _version() -> str:
    from ressort import __version__

    return f"ressort {__version__}"


def _add(
    kinds: "argparse._SubParsersAction[_Parser]", name: str, help_text: str, command: object
) -> argparse.ArgumentParser:
    parser = kinds.add_parser(name, help=help_text, description=help_text, epilog=examples(name))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.set_defaults(command=command)
    parser.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)
    return parser


def _outputs(parser: argparse.ArgumentParser) -> None:
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=_("answer in JSON"))
    shape.add_argument(
        "--csv", nargs="?", const="figures", metavar=_("TABLE"), help=_("answer one table in CSV (figures by default)")
    )
    shape.add_argument("--pdf", metavar=_("FILE"), help=_("write the PDF report"))


def _own(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--own",
        metavar=_("FILE"),
        action="append",
        default=[],
        help=_("your own figures (CSV or XLSX, see `ressort data template`); several files may be given"),
    )


def levers(parser: argparse.ArgumentParser) -> None:
    """The words that move the levers of a scenario."""
    parser.add_argument("--relocated", type=str, metavar="0-1", help=_("share of the food grown by the territory"))
    parser.add_argument("--organic", type=str, metavar="0-1", help=_("share grown organically"))
    parser.add_argument("--organic-set", help=_("organic coefficients: survey_2022, lca, ration, ademe_whole_diet"))
    parser.add_argument("--diet", help=_("current, minus_25, minus_50, pnns, vegetarian, vegan"))
    parser.add_argument(
        "--plate",
        metavar=_("FILE"),
        help=_("your own plate in kg per person and year (see `ressort data template plate`)"),
    )
    parser.add_argument("--waste", type=str, metavar="0-1", help=_("share of the avoidable waste avoided"))
    parser.add_argument("--people", type=str, help=_("number of people or guests instead of the inhabitants"))
    parser.add_argument("--population", help=_("all, number, pupils, canteen, hospital"))
    parser.add_argument("--growth", type=str, help=_("growth of the population: 0.1 for a tenth more"))
    parser.add_argument("--starts", type=str, help=_("market gardens started each year"))
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="LEVER=VALUE",
        help=_("any other lever, as in the address of a scenario page"),
    )


def _at_least_one(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(_("{value} is no number from 1 up").format(value=text))
    return number


def _find(kinds: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(kinds, "find", _("find a territory by name, postal code or code"), commands.find)
    parser.add_argument("text", nargs="+", metavar=_("TEXT"), help=_("what you are looking for"))
    parser.add_argument("--limit", type=_at_least_one, default=10, help=_("most answers (10)"))
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))


def _diagnose(kinds: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(kinds, "diagnose", _("what a territory is, and how it feeds itself"), commands.diagnose)
    parser.add_argument("territory", nargs="+", help=_("a name or a code; several make one group"))
    _own(parser)
    _outputs(parser)


def _scenario(kinds: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(kinds, "scenario", _("what changes when levers move"), commands.scenario)
    parser.add_argument("territory", nargs="+", help=_("a name or a code; several make one group"))
    levers(parser)
    _own(parser)
    _outputs(parser)


def _compare(kinds: "argparse._SubParsersAction[_Parser]") -> None:
    help_text = _("up to four territories side by side, or up to four scenarios of each")
    compare.words(_add(kinds, "compare", help_text, compare.compare))


def _report(kinds: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(kinds, "report", _("write the PDF report of a territory"), commands.report)
    parser.add_argument("territory", nargs="+", help=_("a name or a code; several make one group"))
    parser.add_argument("--pdf", metavar=_("FILE"), help=_("where to write (the name of the territory by default)"))
    levers(parser)
    _own(parser)


def _data(kinds: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(
        kinds, "data", _("what figures are known, how old, and how to fetch the official ones"), commands.data
    )
    parser.add_argument(
        "action",
        nargs="?",
        choices=["list", "sync", "template"],
        default="list",
        help=_("list (default), sync, template"),
    )
    parser.add_argument("names", nargs="*", help=_("sources to fetch (all by default), or the template wanted"))
    parser.add_argument(
        "--accept-change",
        default="",
        metavar=_("REASON"),
        help=_("accept a total that moved by more than 5 %%, saying why"),
    )
    parser.add_argument("--mirror", metavar=_("FOLDER"), help=_("read files from this folder, without network"))
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))


def _serve(kinds: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(kinds, "serve", _("start the web pages on this machine"), commands.serve)
    parser.add_argument("--host", default="127.0.0.1", help=_("address to listen on (this machine only by default)"))
    parser.add_argument("--port", type=int, default=8000, help=_("port (8000)"))


def _doctor(kinds: "argparse._SubParsersAction[_Parser]") -> None:
    _add(kinds, "doctor", _("what is missing on this machine, and how to mend it"), commands.doctor)
