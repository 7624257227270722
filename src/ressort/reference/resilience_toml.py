"""Shocks and levers as files say them: every word known, every figure a figure, or a refusal that names the file and the word."""

from dataclasses import dataclass
from math import inf
from typing import Any

from ressort.core.errors import InputError, RuleBroken
from ressort.core.resilience import KINDS, LAWS, REBUILT
from ressort.reference.national_economy import branches
from ressort.reference.tables import table
from ressort.reference.toml_words import (
    Span,
    among,
    both,
    days,
    figure,
    flag,
    listed,
    parsed,
    span,
    tables,
    text,
    words,
)

PLACES = ("here", "rest", "world", "everywhere")
PRINCIPLES = ("governance", "solidarity", "anticipation", "learning", "robustness", "sobriety")
#: what an effect may take from local data: harvests, a local figure beside that of the country, or the largest establishment of a kind
DATA = (
    "", "worst_yield_here", "worst_yield_rest", "older_people", "car_commuters", "largest_branch", "first_employer", "hospital", "widest_flood",
)  # fmt: skip
#: what a lever may set → the words that say how
SETS = {
    "stock": ("group", "add"), "home": ("need", "add"), "psi": ("add",), "alpha_max": ("add",), "alpha_days": ("value",), "sigma": ("value",),
    "essentiality": ("group", "factor"), "classes": ("value",), "effect": ("kind", "factor"), "recovery": ("factor",),
    "jobs": ("products", "factor"), "relief": ("need", "share", "delay_days"), "use": ("products", "add"), "local_money": ("share", "days"),
    "floor": ("share",),
}  # fmt: skip
#: figures of a change → the least and the most that they may be
BOUNDS = {
    "add": (-inf, inf), "value": (-inf, inf), "factor": (0.0, inf), "share": (0.0, 1.0), "days": (0.0, inf), "delay_days": (0.0, inf),
}  # fmt: skip
#: words of the files: those that must stand, then those that may
SHOCK = (("title_fr", "title_en", "story_fr", "story_en", "status", "source"), ("effects", "then"))
EFFECT = (
    ("kind", "where", "amount", "duration_days"),
    ("products", "start_day", "recovery_days", "ramp_days", "law", "lasting", "builders", "data", "hypothesis", "attendance"),
)  # fmt: skip
THEN = (("shock", "chance_share"), ("after_days", "hypothesis"))
LEVER = (
    ("title_fr", "title_en", "story_fr", "story_en", "who_fr", "who_en", "principles", "delay_days", "cost_eur_per_people", "status",
     "source", "changes"),
    ("gradual",),
)  # fmt: skip
#: words of a change that a gradual lever moves in proportion
GROWING = ("add", "factor", "share")


@dataclass(frozen=True, slots=True)
class ShockEffect:
    """One effect of a shock, as data. `products` are branches, `all`, or `largest_industry`; `data` names a local intensity;
    `builders` are the branches that rebuild, with the share of each; `attendance` is true where hands are missing rather than machines, power or water."""

    kind: str
    products: tuple[str, ...]
    where: str
    amount: Span
    start_day: int
    duration_days: Span
    recovery_days: Span
    ramp_days: int
    law: str
    lasting: bool
    builders: tuple[tuple[str, float], ...]
    data: str
    hypothesis: str
    attendance: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """A shock that may follow another: chance, and days after."""

    shock: str
    chance: Span
    after_days: int
    hypothesis: str


@dataclass(frozen=True, slots=True)
class Shock:
    """An event of the library."""

    name: str
    titles: dict[str, str]
    stories: dict[str, str]
    status: str
    source: str
    effects: tuple[ShockEffect, ...]
    then: tuple[Follow, ...]


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever of the library: changes of parameters, cost by inhabitant, delay, who acts, principles of CEREMA's compass.

    A `gradual` lever grows evenly over its delay: a part of it stands before. The others count for nothing until they are whole.
    """

    name: str
    titles: dict[str, str]
    stories: dict[str, str]
    who: dict[str, str]
    principles: tuple[str, ...]
    delay_days: int
    cost_eur_per_people: Span
    status: str
    source: str
    changes: tuple[dict[str, Any], ...]
    gradual: bool = False


def read_shock(name: str, content: str) -> Shock:
    """A shock written in TOML.

    Raises:
        InputError: what is not TOML, a word that is missing or unknown, no figure where one is wanted; RuleBroken: a figure out of its
            bounds; the file and the word are named.
    """
    raw = parsed(name, content, SHOCK)
    effects = tuple(_effect(name, one) for one in tables(name, raw, "effects"))
    then = tuple(_follow(name, one) for one in tables(name, raw, "then"))
    if not effects and not then:
        raise InputError("{file}: the shock does nothing. Give it an [[effects]] or a [[then]].", file=f"{name}.toml")
    return Shock(
        name, both(name, raw, "title"), both(name, raw, "story"), text(name, raw, "status"), text(name, raw, "source"), effects, then
    )  # fmt: skip


def read_lever(name: str, content: str) -> Lever:
    """A lever written in TOML.

    Raises:
        InputError, RuleBroken: see `read_shock`.
    """
    raw = parsed(name, content, LEVER)
    changes = tables(name, raw, "changes")
    for change in changes:
        _check_change(name, change)
        if raw.get("gradual") and not set(GROWING) & set(change):
            raise InputError(
                "{file}: a gradual lever moves {words}; {set} has none of them.", file=f"{name}.toml", words=list(GROWING), set=change["set"]
            )  # fmt: skip
    return Lever(
        name, both(name, raw, "title"), both(name, raw, "story"), both(name, raw, "who"), listed(name, raw, "principles", PRINCIPLES),
        days(name, raw, "delay_days"), span(name, raw, "cost_eur_per_people", (0.0, inf)), text(name, raw, "status"), text(name, raw, "source"),
        changes, flag(name, raw, "gradual"),
    )  # fmt: skip


def _effect(name: str, one: dict[str, Any]) -> ShockEffect:
    words(name, one, EFFECT)
    among(name, "kind", one["kind"], tuple(KINDS))
    among(name, "where", one["where"], PLACES)
    among(name, "law", one.get("law", "linear"), LAWS)
    among(name, "data", one.get("data", ""), DATA)
    _axes, low, high = KINDS[one["kind"]]
    return ShockEffect(
        kind=one["kind"], products=_branches(name, one, ("all", "largest_industry")), where=one["where"],
        amount=span(name, one, "amount", (low, 1.0 if one["kind"] == "rebuild" else high)), start_day=days(name, one, "start_day"),
        duration_days=span(name, one, "duration_days", (0.0, inf)),
        recovery_days=span(name, one, "recovery_days", (0.0, inf)) if "recovery_days" in one else Span(0, 0, 0),
        ramp_days=days(name, one, "ramp_days"), law=one.get("law", "linear"), lasting=flag(name, one, "lasting"),
        builders=_builders(name, one), data=one.get("data", ""), hypothesis=text(name, one, "hypothesis", ""),
        attendance=flag(name, one, "attendance"),
    )  # fmt: skip


def _follow(name: str, one: dict[str, Any]) -> Follow:
    words(name, one, THEN)
    chance = span(name, one, "chance_share", (0.0, 1.0))
    return Follow(text(name, one, "shock"), chance, days(name, one, "after_days"), text(name, one, "hypothesis", ""))


def _check_change(name: str, change: dict[str, Any]) -> None:
    """What a lever sets, and each word that says how."""
    among(name, "set", change.get("set", ""), tuple(SETS))
    wanted = SETS[change["set"]]
    words(
        name,
        change,
        (("set", *wanted), ("hypothesis", *(("products", "attendance") if change["set"] == "effect" else ()))),
    )
    if "need" in wanted:
        among(name, "need", change["need"], tuple(table("resilience/needs")["need"]))
    if "group" in wanted:
        among(name, "group", change["group"], tuple(table("resilience/branch_inputs")["input_group"]))
    if "kind" in wanted:
        among(name, "kind", change["kind"], tuple(KINDS))
    if "products" in change:
        _branches(name, change, ())
    for word in set(wanted) & set(BOUNDS):
        figure(name, word, change[word], BOUNDS[word])
    if change["set"].endswith("_days"):
        figure(name, "value", change["value"], (0.0, inf))
    text(name, change, "hypothesis", "")


def _builders(name: str, one: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    """Who rebuilds, and the share of each."""
    given = one.get("builders", {})
    if not isinstance(given, dict) or (one["kind"] in REBUILT) != bool(given):
        raise InputError(
            "{file}: builders give the share of each branch that rebuilds, as {example}, for {kinds} and for nothing else.",
            file=f"{name}.toml", example="{ FZ = 0.7, CK = 0.3 }", kinds=list(REBUILT),
        )  # fmt: skip
    for branch in given:
        among(name, "builders", branch, branches("a38"))
    shares = [(branch, figure(name, "builders", share)) for branch, share in given.items()]
    total = sum(share for _branch, share in shares)
    if given and not (abs(total - 1) < 1e-6 and all(share > 0 for _branch, share in shares)):
        raise RuleBroken(
            "{file}: the shares of the builders are above 0 and sum to 1, not to {given}.",
            file=f"{name}.toml",
            given=total,
        )
    return tuple(shares)


def _branches(name: str, raw: dict[str, Any], also: tuple[str, ...]) -> tuple[str, ...]:
    given = raw.get("products", ["all"])
    given = given if isinstance(given, list) else [given]
    for product in given:
        among(name, "products", product, (*also, *branches("a38")))
    return tuple(given)
