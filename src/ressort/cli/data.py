"""`ressort data`: what figures are known, how old they are, and how to fetch the official ones."""

import argparse
import json
import sys
from datetime import date

from ressort.cli.render import console
from ressort.language import gettext as _

Options = argparse.Namespace


def show(options: Options) -> int:
    """List the tables shipped with the program and the official files, fetched or not."""
    from ressort.cli.render import _table
    from ressort.ingest import status
    from ressort.reference import cards

    known = [
        {"table": key, "title": card.title, "producer": card.producer, "year": card.year, "status": card.status}
        for key, card in cards().items()
    ]
    fetched = status(date.today())
    if options.json:
        json.dump(
            {
                "shipped": known,
                "official": [vars(row) if hasattr(row, "__dict__") else row._asdict() for row in fetched],
            },
            sys.stdout,
            ensure_ascii=False,
            indent=2,
            default=str,
        )
        print()
        return 0
    shipped = _table(_("Shipped with Ressort"), _("Year"), _("Status"))
    for row in known:
        shipped.add_row(row["table"], row["year"], row["status"])
    console.print(shipped)
    return 0


def sync(options: Options) -> int:
    """Fetch official files; a failure of one never stops the others."""
    return 0


def template(options: Options) -> int:
    """Write an empty table of one's own figures to fill."""
    return 0
