"""How hard each event hits, and where that figure comes from: the user, a local figure, or a hypothesis for the whole country."""

from dataclasses import dataclass, replace

from ressort.core.errors import InputError, RuleBroken
from ressort.core.resilience import KINDS
from ressort.reference.resilience_library import ShockEffect, Span
from ressort.resilience.ground import Ground
from ressort.resilience.settings import Planned, planned

#: what a user may multiply an event by
MOST_FACTOR = 10.0
HARVEST = "worst_yield"


@dataclass(frozen=True, slots=True)
class Intensity:
    """How hard one effect of an event hits.

    Args:
        shock, number: which effect; `shock.number` is how a user names it.
        span: low, central, high; for a harvest, the mildest, middle and worst of the years drawn.
        origin: `user`, `local` or `national`.
    """

    shock: str
    number: int
    effect: ShockEffect
    span: Span
    origin: str


def at_home(plan: list[Planned], ground: Ground, given: tuple[str, ...]) -> list[Planned]:
    """The same events, as hard as local figures and the user say.

    Args:
        given: what the user knows: `flood=1.5` (one and a half times), `flood.2=0.3` (its third effect is 0.3).

    Raises:
        InputError, RuleBroken: a word that names no event of the question, or a figure out of its bounds.
    """
    factors, pinned = _read(given, plan)
    return [
        replace(one, shock=replace(one.shock, effects=tuple(
            _moved(effect, ground, factors.get(one.shock.name, 1.0), pinned.get((one.shock.name, place)))
            for place, effect in enumerate(one.shock.effects)
        )))
        for one in plan
    ]  # fmt: skip


def check_intensity(given: tuple[str, ...], shocks: tuple[str, ...]) -> None:
    """Refuse a word that names no event, or a figure out of its bounds; see `at_home`."""
    plan = planned(shocks, 0)
    _factors, pinned = _read(given, plan)
    for one in plan:
        for place, effect in enumerate(one.shock.effects):
            _pinned(effect, pinned.get((one.shock.name, place)))


def intensities(plan: list[Planned], ground: Ground, given: tuple[str, ...]) -> list[Intensity]:
    """One row for each effect of the events as the library holds them, once moved by `at_home`, with its origin."""
    factors, pinned = _read(given, plan)
    rows = []
    for before, after in zip(plan, at_home(plan, ground, given), strict=True):
        name = before.shock.name
        for place, effect in enumerate(after.shock.effects):
            span, origin = effect.amount, "national"
            if effect.data.startswith(HARVEST) and ground.harvests:
                losses = sorted(years[effect.data != f"{HARVEST}_here"] for years in ground.harvests.values())
                span, origin = Span(losses[0], losses[len(losses) // 2], losses[-1]), "local"
            elif effect.data in ground.facts or effect.data in ground.largest:
                origin = "local"
            if name in factors or (name, place) in pinned:
                origin = "user"
            rows.append(Intensity(name, place, effect, span, origin))
    return rows


def _moved(effect: ShockEffect, ground: Ground, factor: float, pinned: float | None) -> ShockEffect:
    if pinned is not None:
        return _pinned(effect, pinned)
    least, most = _bounds(effect)
    ratio = factor * _ratio(effect, ground)
    bounds = (effect.amount.low, effect.amount.central, effect.amount.high)
    if effect.data in ground.largest:
        bounds = ground.largest[effect.data].shares
    elif ratio == 1:
        return effect
    sizes = (min(max(size * ratio, least), most) for size in bounds)
    return replace(effect, amount=Span(*sizes))


def _ratio(effect: ShockEffect, ground: Ground) -> float:
    """The local figure over that of the country; nothing is spent less where no employer closes."""
    if effect.data == "largest_branch" and "first_employer" in ground.largest and not ground.largest["first_employer"].branch:  # fmt: skip
        return 0.0
    return ground.facts[effect.data].ratio if effect.data in ground.facts else 1.0


def _pinned(effect: ShockEffect, size: float | None) -> ShockEffect:
    least, most = _bounds(effect)
    if size is None:
        return effect
    if not least <= size <= most:
        raise RuleBroken(
            "The size {given} is out of bounds for {kind}: {low} to {high}.", given=size, kind=effect.kind, low=least, high=most
        )  # fmt: skip
    return replace(effect, amount=Span(size, size, size), data="")


def _bounds(effect: ShockEffect) -> tuple[float, float]:
    """The least and the most of a size of the library, where capital to rebuild is a share and not yet money."""
    _axes, least, most = KINDS[effect.kind]
    return least, 1.0 if effect.kind == "rebuild" else most


def _read(given: tuple[str, ...], plan: list[Planned]) -> tuple[dict[str, float], dict[tuple[str, int], float]]:
    """Factors by event, and sizes by effect."""
    factors: dict[str, float] = {}
    pinned: dict[tuple[str, int], float] = {}
    known = {one.shock.name: len(one.shock.effects) for one in plan}
    for word in given:
        name, sign, text = word.partition("=")
        shock, dot, place = name.strip().partition(".")
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = float("nan")
        if (
            not sign
            or value != value
            or shock not in known
            or (dot and not (place.isdigit() and int(place) < known[shock]))
        ):
            raise InputError(
                "{word} is not an intensity: write EVENT=FACTOR or EVENT.NUMBER=SIZE; the events are {choices}.",
                word=word, choices=[f"{one} (0–{count - 1})" if count else one for one, count in known.items()],
            )  # fmt: skip
        if dot:
            pinned[shock, int(place)] = value
        elif 0 <= value <= MOST_FACTOR:
            factors[shock] = value
        else:
            raise RuleBroken(
                "The factor of {event} must lie between 0 and {most}; {given} was given.",
                event=shock,
                most=MOST_FACTOR,
                given=value,
            )
    return factors, pinned
