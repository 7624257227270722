"""When levers are in place; for those that grow little by little, the part that stands when the shock begins."""

from dataclasses import replace
from typing import Any

from ressort.reference.resilience_library import Lever, lever
from ressort.reference.resilience_toml import GROWING
from ressort.resilience.request import Request
from ressort.resilience.settings import Planned, planned


def first_day(plan: list[Planned]) -> int:
    """The first day on which something happens."""
    return min((one.start_day + effect.start_day for one in plan for effect in one.shock.effects), default=0)


def ready_day(request: Request, name: str) -> int:
    """The day on which a lever is whole, from the day it was decided."""
    return max(0, lever(name).delay_days - request.lead_days)


def standing_share(request: Request, name: str) -> float:
    """The part of a lever that stands when the shock begins: 1 after its delay; before, days gone over delay if it is gradual, else 0."""
    gone_days, known = request.lead_days + first_day(planned(request.shocks, request.start_day)), lever(name)
    if gone_days >= known.delay_days:
        return 1.0
    return gone_days / known.delay_days if known.gradual else 0.0


def standing(request: Request) -> list[Lever]:
    """The levers of a question as they stand when the shock begins, without those that count for nothing."""
    shares = {name: standing_share(request, name) for name in request.levers}
    return [_part(lever(name), share) for name, share in shares.items() if share > 0]


def _part(known: Lever, share: float) -> Lever:
    return known if share == 1 else replace(known, changes=tuple(_moved(change, share) for change in known.changes))


def _moved(change: dict[str, Any], share: float) -> dict[str, Any]:
    """A change, in part: what it adds or shares in proportion, a factor nearer to 1."""
    moved = {word: 1 + (change[word] - 1) * share if word == "factor" else change[word] * share for word in GROWING if word in change}  # fmt: skip
    return change | moved
