"""`ressort currency opening`: what another system held, tried, then brought into the database of this machine."""

import argparse
import subprocess
import sys

from ressort.cli.currency_files import content_of
from ressort.language import gettext as _

Options = argparse.Namespace


def add_opening(parser: argparse.ArgumentParser) -> None:
    """The words of `ressort currency opening`."""
    parser.add_argument("code", metavar=_("CODE"), help=_("code of the currency, such as ABE"))
    parser.add_argument("file", help=_("table (CSV: compte, nom, sorte, solde; courriel, branche, iban if known)"))
    parser.add_argument("--digital", default="", metavar=_("EUROS"), help=_("what the bank says of the digital reserve"))  # fmt: skip
    parser.add_argument("--paper", default="", metavar=_("EUROS"), help=_("what the bank says of the reserve of notes"))
    parser.add_argument("--do", action="store_true", help=_("keep it (else everything is tried, told and taken back)"))


def bring_in(options: Options) -> int:
    """Try, or keep, opening balances; faults are told with their lines, and nothing is kept by halves."""
    from ressort.core.currency import balance_of

    content_of(options.file)
    euros = [f"--{name}={getattr(options, name)}" for name in ("digital", "paper") if getattr(options, name)]
    for word in euros:
        balance_of(word.partition("=")[2])
    words = [sys.executable, "-m", "ressort.web", "manage", "association_import", options.code, options.file, *euros]
    return subprocess.run([*words, *(["--do"] if options.do else [])], check=False).returncode
