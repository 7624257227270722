"""What the help calls the value of each argument: a word of the reader's language, not the name it bears in the code."""

import argparse

from ressort.language import gettext as _


def name_values(parser: argparse.ArgumentParser) -> None:
    """Names the value of every argument of a parser and of those under it, where the argument did not name it itself."""
    _name(parser, {
        "acceptors": _("ACCEPTORS"), "file": _("FILE"), "files": _("FILE"), "folder": _("FOLDER"), "name": _("NAME"), "names": _("NAME"),
        "opening": _("FILE"), "payments": _("PAYMENTS"), "population": _("POPULATION"), "quotas": _("QUOTAS"), "scores": _("SCORES"),
        "table": _("TABLE"), "territory": _("TERRITORY"), "transcript": _("TRANSCRIPT"), "volunteers": _("VOLUNTEERS"), "": _("VALUE"),
    })  # fmt: skip


def _name(parser: argparse.ArgumentParser, words: dict[str, str]) -> None:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for under in action.choices.values():
                _name(under, words)
        elif action.nargs != 0 and action.metavar is None and action.choices is None:
            action.metavar = "N" if action.type in (int, float) else words.get(action.dest, words[""])
