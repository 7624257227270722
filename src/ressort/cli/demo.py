"""`ressort demo`: made-up data, marked as such, so that every screen lives."""

import argparse
import subprocess
import sys
from typing import Any

from ressort.cli.actions import actions_of
from ressort.core.errors import RuleBroken
from ressort.language import gettext as _

Options = argparse.Namespace


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort demo`."""
    told = _("simulated data, marked as such, to see every screen live")
    text = _("a simulated association and a year of payments in its currency")
    made = actions_of(kinds, "demo", told)("currency", text, demo_currency)
    made.add_argument(
        "--seed", type=int, default=1, metavar="N", help=_("seed of the draws (1): the same gives the same year")
    )
    made.add_argument("--territory", default="EPCI:200068930", help=_("where it lives (CC Fumel Vallée du Lot)"))
    made.add_argument("--beside", action="store_true", help=_("even where a real currency is kept: it stays apart"))
    made.add_argument("--remove", action="store_true", help=_("withdraw it: accounts closed, names erased"))


def demo_currency(options: Options) -> int:
    """Found or withdraw the simulated currency; the web's side does it, as this one speaks to no database."""
    words = [
        sys.executable,
        "-m",
        "ressort.web",
        "manage",
        "demo_currency",
        f"--seed={options.seed}",
        f"--territory={options.territory}",
    ]
    words += [f"--{name}" for name in ("beside", "remove") if getattr(options, name)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuleBroken(
            "The demonstration was not made: {cause}", cause=(done.stderr.strip().splitlines() or ["?"])[-1]
        )
    print(done.stdout, end="")
    return 0
