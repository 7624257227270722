"""The chance of a draw on the command line: dice, a round of the public beacon, or a seed."""

import argparse
from typing import Any


def round_to_come(number: int) -> dict[str, Any]:
    """A drand round as the source of chance, which nobody knows yet."""
    from datetime import UTC, datetime, timedelta

    from ressort.core.errors import InputError
    from ressort.core.panel import beacon

    now = datetime.now(UTC)
    if number < 1 or beacon.out_at(number) <= now:
        raise InputError(
            "Round {round} of drand (chain quicknet) is out already: whoever knows it chooses the panel. In an hour comes {next}.",
            round=number,
            next=beacon.round_at(now + timedelta(hours=1)),
        )
    return beacon.announced(number)


def chance_of(options: argparse.Namespace) -> dict[str, Any]:
    """What chance gave: digits of the dice, value of a round, or seed."""
    if options.dice is not None:
        return {"source": "digits", "digits": options.dice}
    if options.beacon is not None:
        from ressort.core.panel import beacon

        value = {"randomness": options.beacon, "signature": options.signature}
        return beacon.announced(options.round) | value
    return {"source": "seed", "seed": options.seed}
