"""The hypotheses of one run: drawn values, moved by levers, turned into the behaviour, effects and purses of the core."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from ressort.core.economy import Economy, Floats
from ressort.core.resilience import Behaviour, Law, Purses, Size, no_purses
from ressort.language import current_language
from ressort.reference import table
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import Lever, Need, Shock, Span, needs, shock
from ressort.resilience.ground import LEVEL, Ground
from ressort.resilience.inputs import hypotheses, kinds, stock_days

#: time to reach the most overproduction where no lever shortens it
UNMOVED_ALPHA_DAYS = 365.0
SECTORS = len(branches(LEVEL))
#: share of local currency spent that comes back as local income, where no currency was measured: a hypothesis
REUSE_SHARE = 0.5
#: the die of a shock that may follow another
DIE = "die:"


@dataclass(eq=False)
class Settings:
    """Everything one run takes for granted; levers move it before it is used."""

    values: dict[str, float]
    added_stock_days: dict[str, float] = field(default_factory=dict)
    added_home_days: dict[str, float] = field(default_factory=dict)
    essential_factor: dict[str, float] = field(default_factory=dict)
    psi_added: float = 0.0
    alpha_added: float = 0.0
    alpha_days: float = UNMOVED_ALPHA_DAYS
    sigma: float = 1.0
    classes: bool = False
    recovery_factor: float = 1.0
    effect_factors: list[tuple[str, tuple[str, ...], bool, float]] = field(default_factory=list)
    jobs_ratio: Floats = field(default_factory=lambda: np.ones(SECTORS))
    use_ratio: Floats = field(default_factory=lambda: np.ones(SECTORS))
    relief: list[tuple[str, float, int]] = field(default_factory=list)
    local_share: float = 0.0
    local_days: float = 0.0
    floor_share: float = 0.0
    reuse_share: float = REUSE_SHARE

    def pull(self, lever: Lever) -> None:
        """Move by one lever."""
        for change in lever.changes:
            _MOVES[change["set"]](self, change)


def _stock(settings: Settings, change: dict[str, Any]) -> None:
    group = change["group"]
    settings.added_stock_days[group] = settings.added_stock_days.get(group, 0.0) + change["add"]


def _home(settings: Settings, change: dict[str, Any]) -> None:
    need = change["need"]
    settings.added_home_days[need] = settings.added_home_days.get(need, 0.0) + change["add"]


def _essentiality(settings: Settings, change: dict[str, Any]) -> None:
    group = change["group"]
    settings.essential_factor[group] = settings.essential_factor.get(group, 1.0) * change["factor"]


def _jobs(settings: Settings, change: dict[str, Any]) -> None:
    for product in change["products"]:
        settings.jobs_ratio[branches(LEVEL).index(product)] *= change["factor"]


def _use(settings: Settings, change: dict[str, Any]) -> None:
    for product in change["products"]:
        settings.use_ratio[branches(LEVEL).index(product)] *= 1 + change["add"]


def _set(name: str, how: str) -> Any:
    def move(settings: Settings, change: dict[str, Any]) -> None:
        now = getattr(settings, name)
        moved = {
            "add": lambda: now + change["add"],
            "value": lambda: change["value"],
            "factor": lambda: now * change["factor"],
        }[how]()
        setattr(settings, name, moved)

    return move


def _local_money(settings: Settings, change: dict[str, Any]) -> None:
    settings.local_share, settings.local_days = (
        max(settings.local_share, change["share"]),
        max(settings.local_days, change["days"]),
    )


_MOVES: dict[str, Any] = {
    "stock": _stock,
    "home": _home,
    "psi": _set("psi_added", "add"),
    "alpha_max": _set("alpha_added", "add"),
    "alpha_days": _set("alpha_days", "value"),
    "sigma": _set("sigma", "value"),
    "essentiality": _essentiality,
    "classes": lambda settings, change: setattr(settings, "classes", True),
    "effect": lambda settings, change: settings.effect_factors.append(
        (change["kind"], tuple(change.get("products", ())), change.get("attendance", False), change["factor"])
    ),
    "recovery": _set("recovery_factor", "factor"),
    "jobs": _jobs,
    "relief": lambda settings, change: settings.relief.append((change["need"], change["share"], change["delay_days"])),
    "use": _use,
    "local_money": _local_money,
    "floor": lambda settings, change: setattr(settings, "floor_share", max(settings.floor_share, change["share"])),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A shock of the request and when it starts; `chance` is what it takes to happen, drawn."""

    shock: Shock
    start_day: int
    chance: str = ""


def planned(names: tuple[str, ...], start_day: int) -> list[Planned]:
    """The shocks asked for, and those that may follow, each one once."""
    found: dict[str, Planned] = {}
    waiting = [Planned(shock(name), start_day) for name in names]
    while waiting:
        one = waiting.pop(0)
        if one.shock.name in found:
            continue
        found[one.shock.name] = one
        for number, follow in enumerate(one.shock.then):
            waiting.append(
                Planned(shock(follow.shock), one.start_day + follow.after_days, f"chance:{one.shock.name}:{number}")
            )
    return list(found.values())


def laws(plan: list[Planned], reuse: tuple[float, ...] = ()) -> list[Law]:
    """Every hypothesis that is drawn, with the words people read, in a fixed order; last, the measure of a local currency."""
    language = current_language()
    found = [
        Law("delta", 0.1, 0.4, None, "δ"), Law("psi", 0.5, 0.9, 0.8, "ψ"), Law("restock", 0.3, 1.0, 0.67),
        Law("alpha_max", 1.0, 1.5, 1.25), Law("purse_days", 10, 90, 30),
    ]  # fmt: skip
    for row in hypotheses().values():
        if row["shelf"] == "stock":
            found.append(
                Law(
                    f"stock:{row['input_group']}",
                    row["inventory_days_low"],
                    row["inventory_days_high"],
                    row["inventory_days_central"],
                )
            )
        found.append(
            Law(f"essential:{row['input_group']}", row["essentiality_low_share"], row["essentiality_high_share"])
        )
    found += [_law(f"home:{need.name}", need.store_days, need.labels[language]) for need in needs()]
    for one in plan:
        title = one.shock.titles[language]
        for number, effect in enumerate(one.shock.effects):
            found.append(_law(f"amount:{one.shock.name}:{number}", effect.amount, title))
            found.append(_law(f"duration:{one.shock.name}:{number}", effect.duration_days, title))
            found.append(_law(f"recovery:{one.shock.name}:{number}", effect.recovery_days, title))
        for number, follow in enumerate(one.shock.then):
            found.append(_law(f"chance:{one.shock.name}:{number}", follow.chance, shock(follow.shock).titles[language]))
    found += [Law(f"{DIE}{one.shock.name}", 0.0, 1.0) for one in plan if one.chance]
    measured = [Law("reuse", reuse[0], reuse[2], reuse[1])] if reuse and reuse[0] < reuse[2] else []
    return [*found, Law("harvest", 0.0, 1.0), *measured]


def correlations(plan: list[Planned], names: list[str]) -> tuple[list[int], Floats]:
    """Which laws go together, by place, and the correlation of their normal scores: sizes of effects and dice of followers.

    A large size goes with a low die: a follower comes more often after a strong event.
    """
    pairs, places, owners, signs = dependence(), [], [], []
    for place, name in enumerate(names):
        kind, _sign, rest = name.partition(":")
        if kind == "amount" or name.startswith(DIE):
            places.append(place)
            owners.append(rest.rpartition(":")[0] if kind == "amount" else rest)
            signs.append(1.0 if kind == "amount" else -1.0)
    wanted = np.array(
        [[pairs.get((a, b), pairs.get((b, a), 0.0)) if a != b else pairs["*", "*"] for b in owners] for a in owners]
    )
    wanted = wanted.reshape(len(owners), len(owners)) * np.outer(signs, signs)
    np.fill_diagonal(wanted, 1.0)
    return places, wanted


@cache
def dependence() -> dict[tuple[str, str], float]:
    """Correlation of the sizes of two shocks, where one is known or supposed."""
    rows = table("resilience/dependence").select("shock", "with_shock", "correlation_ratio").iter_rows()
    return {(str(one), str(other)): float(ratio) for one, other, ratio in rows}


def _law(name: str, span: Span, label: str) -> Law:
    return Law(name, span.low, span.high, span.central, label)


def behaviour(settings: Settings, ground: Ground) -> Behaviour:
    """How industries behave in one run: levers move those of the territory, not those of its partners, of the country or of the world."""
    groups, travels, rank, material, _billed = kinds()
    rows, values, regions = hypotheses(), settings.values, ground.world + 1
    same_day = tuple(rows[group]["shelf"] == "same-day" for group in groups)
    held = [stock_days(values, group) for group in groups]
    more = [stock_days(values, group, settings.added_stock_days.get(group, 0.0)) for group in groups]
    stock = _here(np.array(held), np.array(more), regions)
    psi = _here(values["psi"], np.clip(values["psi"] + settings.psi_added, 0.2, 0.9), regions)
    needed = np.array([values[f"essential:{group}"] for group in groups])
    eased = needed * [settings.essential_factor.get(group, 1.0) for group in groups]
    users = np.where(
        np.array(travels)[:, None], material[None, :], 1.0
    )  # an office stops less for lack of parts than a workshop
    decay = np.array(
        [0.0 if same else rows[group]["decay_share_per_day"] for group, same in zip(groups, same_day, strict=True)]
    )
    networks = tuple(0 if one == 0 else 1 for one in rank)
    first = tuple(0 if one <= 1 else 1 for one in rank) if settings.classes else networks
    return Behaviour(
        psi_share=np.clip(psi, 1 / stock + 1e-9, 0.9), inventory_days=stock,
        restock_days=stock * values["restock"],
        alpha_max=_here(values["alpha_max"], values["alpha_max"] + settings.alpha_added, regions)[0],
        alpha_days=_here(UNMOVED_ALPHA_DAYS, settings.alpha_days, regions)[0], same_day=same_day,
        essentiality_share=np.minimum(_here(needed, eased, regions), 1.0) * np.tile(users, (1, regions)),
        decay_share=np.minimum(decay, 0.8 / (stock.max(1) + 1)), buyer_class=first + networks * (regions - 1),
        consumer_class=(1,) * len(ground.consumer_region), rebuild_class=2 if settings.classes else 1,
        consumer_region=ground.consumer_region, sigma_ratio=settings.sigma, mu_per_cost=1.0, portable=travels,
    )  # fmt: skip


def _here(elsewhere: float | Floats, here: float | Floats, regions: int) -> Floats:
    """A parameter by product and user, (S, n): one value for the users of the territory, another for all others."""
    columns = [np.broadcast_to(np.reshape(one, (-1, 1)), (SECTORS, SECTORS)) for one in (here, elsewhere)]
    return np.hstack([columns[0], *[columns[1]] * (regions - 1)])


def purses(settings: Settings, ground: Ground, economy: Economy) -> Purses:
    """The purse of the households here: level at rest, since transfers are what wages do not pay."""
    consumers = len(economy.consumers)
    spend = economy.final.sum(0) / 365
    wages = np.zeros((len(economy.output), consumers))
    wages[:SECTORS, 0] = ground.wages
    earned = (economy.output / 365) @ wages
    held = np.arange(consumers) == 0
    accepted = np.zeros((len(economy.output), consumers))
    accepted[:SECTORS, 0] = settings.local_share
    local = np.eye(consumers)[0] * settings.local_share * settings.local_days * economy.final[:SECTORS, 0].sum() / 365
    # at rest, local currency spent is issued again in exchange for euros: the purse stays level
    spent_local = settings.local_share * economy.final[:SECTORS, 0].sum() / 365
    issued = np.zeros(consumers)
    reuse_share = settings.values.get("reuse", settings.reuse_share)
    issued[0] = spent_local * (1 - reuse_share) if settings.local_share else 0.0
    return no_purses(Size(1, 1, SECTORS, consumers))._replace(
        on=True, held=held, euro=settings.values["purse_days"] * spend, local=local, wages=wages,
        transfers=spend - earned - (spent_local if settings.local_share else 0.0) * np.eye(consumers)[0], local_transfers=issued,
        accepted=accepted, billed=np.tile(kinds().billed, len(economy.regions)), recirculated_share=reuse_share,
        floor=settings.floor_share * (spend - spent_local) * held,
    )  # fmt: skip


def home_days(settings: Settings, need: Need) -> float:
    """What people keep of a need, in days."""
    return settings.values[f"home:{need.name}"] + settings.added_home_days.get(need.name, 0.0)
