"""Shocks and levers as files say them: every word known, every figure a figure, or a refusal that names the file and the word."""

import tomllib
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from ressort.core.errors import InputError, RuleBroken
from ressort.core.resilience import KINDS, LAWS, REBUILT
from ressort.reference.national_economy import branches
from ressort.reference.tables import table

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
class Span:
    """A hypothesis with its bounds."""

    low: float
    central: float
    high: float


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


def read_shock(name: str, text: str) -> Shock:
    """A shock written in TOML.

    Raises:
        InputError: what is not TOML, a word that is missing or unknown, no figure where one is wanted; RuleBroken: a figure out of its
            bounds; the file and the word are named.
    """
    raw = _parsed(name, text, SHOCK)
    effects = tuple(_effect(name, one) for one in _tables(name, raw, "effects"))
    then = tuple(_follow(name, one) for one in _tables(name, raw, "then"))
    if not effects and not then:
        raise InputError("{file}: the shock does nothing. Give it an [[effects]] or a [[then]].", file=f"{name}.toml")
    return Shock(name, _both(raw, "title"), _both(raw, "story"), raw["status"], raw["source"], effects, then)


def read_lever(name: str, text: str) -> Lever:
    """A lever written in TOML.

    Raises:
        InputError, RuleBroken: see `read_shock`.
    """
    raw = _parsed(name, text, LEVER)
    changes = _tables(name, raw, "changes")
    for change in changes:
        _check_change(name, change)
        if raw.get("gradual") and not set(GROWING) & set(change):
            raise InputError(
                "{file}: a gradual lever moves {words}; {set} has none of them.", file=f"{name}.toml", words=list(GROWING), set=change["set"]
            )  # fmt: skip
    for principle in raw["principles"]:
        _among(name, "principles", principle, PRINCIPLES)
    return Lever(
        name, _both(raw, "title"), _both(raw, "story"), _both(raw, "who"), tuple(raw["principles"]), _days(name, raw, "delay_days"),
        _span(name, raw, "cost_eur_per_people", 0.0), raw["status"], raw["source"], changes, _flag(name, raw, "gradual"),
    )  # fmt: skip


def _effect(name: str, one: dict[str, Any]) -> ShockEffect:
    _words(name, one, EFFECT)
    _among(name, "kind", one["kind"], tuple(KINDS))
    _among(name, "where", one["where"], PLACES)
    _among(name, "law", one.get("law", "linear"), LAWS)
    _among(name, "data", one.get("data", ""), DATA)
    _axes, low, high = KINDS[one["kind"]]
    return ShockEffect(
        kind=one["kind"], products=_branches(name, one, ("all", "largest_industry")), where=one["where"],
        amount=_span(name, one, "amount", low, 1.0 if one["kind"] == "rebuild" else high), start_day=_days(name, one, "start_day"),
        duration_days=_span(name, one, "duration_days", 0.0),
        recovery_days=_span(name, one, "recovery_days", 0.0) if "recovery_days" in one else Span(0, 0, 0),
        ramp_days=_days(name, one, "ramp_days"), law=one.get("law", "linear"), lasting=_flag(name, one, "lasting"),
        builders=_builders(name, one), data=one.get("data", ""), hypothesis=one.get("hypothesis", ""),
        attendance=_flag(name, one, "attendance"),
    )  # fmt: skip


def _follow(name: str, one: dict[str, Any]) -> Follow:
    _words(name, one, THEN)
    chance = _span(name, one, "chance_share", 0.0, 1.0)
    return Follow(one["shock"], chance, _days(name, one, "after_days"), one.get("hypothesis", ""))


def _check_change(name: str, change: dict[str, Any]) -> None:
    """What a lever sets, and each word that says how."""
    _among(name, "set", change.get("set", ""), tuple(SETS))
    wanted = SETS[change["set"]]
    _words(
        name,
        change,
        (("set", *wanted), ("hypothesis", *(("products", "attendance") if change["set"] == "effect" else ()))),
    )
    if "need" in wanted:
        _among(name, "need", change["need"], tuple(table("resilience/needs")["need"]))
    if "group" in wanted:
        _among(name, "group", change["group"], tuple(table("resilience/branch_inputs")["input_group"]))
    if "kind" in wanted:
        _among(name, "kind", change["kind"], tuple(KINDS))
    if "products" in change:
        _branches(name, change, ())
    for word in set(wanted) & {"add", "value", "factor", "share", "days", "delay_days"}:
        _figure(name, word, change[word])


def _builders(name: str, one: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    """Who rebuilds, and the share of each."""
    given = one.get("builders", {})
    if not isinstance(given, dict) or (one["kind"] in REBUILT) != bool(given):
        raise InputError(
            "{file}: builders give the share of each branch that rebuilds, as {example}, for {kinds} and for nothing else.",
            file=f"{name}.toml", example="{ FZ = 0.7, CK = 0.3 }", kinds=list(REBUILT),
        )  # fmt: skip
    for branch in given:
        _among(name, "builders", branch, branches("a38"))
    shares = [(branch, _figure(name, "builders", share)) for branch, share in given.items()]
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
        _among(name, "products", product, (*also, *branches("a38")))
    return tuple(given)


def _parsed(name: str, text: str, words: tuple[tuple[str, ...], tuple[str, ...]]) -> dict[str, Any]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("{file} is not TOML: {problem}.", file=f"{name}.toml", problem=str(error)) from error
    _words(name, raw, words)
    return raw


def _words(name: str, raw: dict[str, Any], words: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    """Every word that must stand does, and no other but those that may."""
    wanted, allowed = words
    for word in raw:
        _among(name, "word", word, (*wanted, *allowed))
    for word in wanted:
        if word not in raw:
            raise InputError("{file}: the word {word} is missing.", file=f"{name}.toml", word=word)


def _tables(name: str, raw: dict[str, Any], word: str) -> tuple[dict[str, Any], ...]:
    found = raw.get(word, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InputError("{file}: {word} is written with two brackets: [[{word}]].", file=f"{name}.toml", word=word)
    return tuple(found)


def _span(name: str, raw: dict[str, Any], word: str, least: float = -inf, most: float = inf) -> Span:
    given = raw[word]
    if not isinstance(given, dict) or set(given) != {"low", "central", "high"}:
        raise InputError("{file}: {word} needs a low, a central and a high figure.", file=f"{name}.toml", word=word)
    span = Span(*(_figure(name, word, given[bound]) for bound in ("low", "central", "high")))
    if not span.low <= span.central <= span.high:
        raise InputError("{file}: {word} must have low ≤ central ≤ high.", file=f"{name}.toml", word=word)
    if not least <= span.low <= span.high <= most:
        raise RuleBroken(
            "{file}: {word} must lie between {low} and {high}; {given} was given.",
            file=f"{name}.toml", word=word, low=least, high=most, given=[span.low, span.central, span.high],
        )  # fmt: skip
    return span


def _figure(name: str, word: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
        raise InputError(
            "{file}: {word} is a number; {given} was given.", file=f"{name}.toml", word=word, given=str(given)
        )
    return float(given)


def _days(name: str, raw: dict[str, Any], word: str) -> int:
    given = _figure(name, word, raw.get(word, 0))
    if given < 0 or given != int(given):
        raise RuleBroken("{file}: {word} is a whole number of days, 0 or more; {given} was given.", file=f"{name}.toml", word=word, given=given)  # fmt: skip
    return int(given)


def _flag(name: str, raw: dict[str, Any], word: str) -> bool:
    given = raw.get(word, False)
    if not isinstance(given, bool):
        raise InputError(
            "{file}: {word} is true or false; {given} was given.", file=f"{name}.toml", word=word, given=str(given)
        )
    return given


def _among(name: str, word: str, given: Any, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise InputError(
            "{file}: {word} cannot be {given}; choose among {choices}.", file=f"{name}.toml", word=word, given=str(given), choices=list(choices)
        )  # fmt: skip


def _both(raw: dict[str, Any], word: str) -> dict[str, str]:
    return {"fr": raw[f"{word}_fr"], "en": raw[f"{word}_en"]}
