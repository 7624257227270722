"""What a measured local currency brings to `ressort stress --currency`."""

import argparse
import json
from pathlib import Path
from typing import Any

from ressort.cli.currency_files import content_of
from ressort.core.errors import InputError, MissingData, RuleBroken


def reuse(options: argparse.Namespace) -> dict[str, Any]:
    """What a file of `ressort currency statistics --json` measured of a local currency, as words of a request."""
    if not options.currency:
        return {}
    try:
        raw = json.loads(content_of(options.currency))
        found = next(one for one in raw["measures"] if one.get("measure", one.get("key")) == "reuse")
        source = f"{Path(options.currency).name}, {raw.get('since', '?')} – {raw['until']}"
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise InputError(
            "{file} is not an answer of `ressort currency statistics --json`: it holds no re-use rate.",
            file=options.currency,
        ) from error
    if raw.get("nature", "real") != "real":
        raise RuleBroken(
            "{file} tells of a currency that is not real ({nature}): its re-use rate says nothing of a territory.",
            file=options.currency,
            nature=raw["nature"],
        )
    if not isinstance(found.get("value"), int | float) or found.get("secret"):
        raise MissingData(
            "{file} tells no re-use rate: no professional received anything, or it would tell the business of a few.",
            file=options.currency,
        )
    central = float(found["value"])
    low, high = (central if found.get(end) is None else float(found[end]) for end in ("low", "high"))
    return {"reuse": (min(low, central), central, max(high, central)), "reuse_source": source}
