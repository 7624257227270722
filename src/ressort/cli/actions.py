"""Commands of several actions: `ressort ledger verify`, `ressort panel draw`."""

import argparse
from collections.abc import Callable
from typing import Any

from ressort.language import LANGUAGES
from ressort.language import gettext as _

#: name, help, command → the parser of an action
Action = Callable[[str, str, object], argparse.ArgumentParser]


def actions_of(kinds: "argparse._SubParsersAction[Any]", name: str, told: str) -> Action:
    """Adds a command of several actions, and gives what adds one action to it."""
    parser = kinds.add_parser(name, help=told, description=told)
    actions = parser.add_subparsers(title=_("actions"), required=True, metavar=_("ACTION"))

    def action(name: str, told: str, command: object) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(name, help=told, description=told)
        made.set_defaults(command=command)
        made.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)
        return made

    return action
