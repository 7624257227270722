"""The public beacon drand, chain “quicknet”: a round every three seconds, whose value nobody knows before.

Round r comes out at `genesis + 3 (r − 1)` seconds of Unix time (api.drand.sh, /info of the chain).
"""

from datetime import UTC, datetime, timedelta

CHAIN = "quicknet"
CHAIN_HASH = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
GENESIS = datetime.fromtimestamp(1_692_803_367, UTC)
PERIOD = timedelta(seconds=3)


def round_at(moment: datetime) -> int:
    """The first round that comes out at a moment or after it.

    >>> round_at(datetime(2026, 4, 20, tzinfo=UTC))
    27946612
    """
    return max(0, -((GENESIS - moment) // PERIOD)) + 1


def out_at(number: int) -> datetime:
    """When a round comes out; the end of time for numbers beyond it.

    >>> out_at(27946612).isoformat()
    '2026-04-20T00:00:00+00:00'
    """
    try:
        return GENESIS + (number - 1) * PERIOD
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def published_at(number: int) -> str:
    """The address where anyone reads the value of a round."""
    return f"https://api.drand.sh/{CHAIN_HASH}/public/{number}"


def announced(number: int) -> dict[str, object]:
    """A round as the source of chance of a draw."""
    return {"source": "drand", "chain": CHAIN, "round": number}
