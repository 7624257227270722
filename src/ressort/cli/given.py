"""What the help calls the value of each argument: a word of the reader's language, not the name it bears in the code."""

import argparse
from collections.abc import Callable

from ressort.language import gettext as _


def name_values(parser: argparse.ArgumentParser) -> None:
    """Names the value of every argument of a parser and of those under it, where the argument did not name it itself."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for under in action.choices.values():
                name_values(under)
        elif action.nargs != 0 and action.metavar is None and action.choices is None:
            action.metavar = _value(action)


def _value(action: argparse.Action) -> str:
    if action.type in (int, float):
        return "N"
    return _WORDS.get(action.dest, lambda: _("VALUE"))()


_WORDS: dict[str, Callable[[], str]] = {
    "acceptors": lambda: _("ACCEPTORS"),
    "file": lambda: _("FILE"),
    "files": lambda: _("FILE"),
    "folder": lambda: _("FOLDER"),
    "name": lambda: _("NAME"),
    "names": lambda: _("NAME"),
    "opening": lambda: _("FILE"),
    "payments": lambda: _("PAYMENTS"),
    "population": lambda: _("POPULATION"),
    "quotas": lambda: _("QUOTAS"),
    "scores": lambda: _("SCORES"),
    "table": lambda: _("TABLE"),
    "territory": lambda: _("TERRITORY"),
    "transcript": lambda: _("TRANSCRIPT"),
    "volunteers": lambda: _("VOLUNTEERS"),
}
