"""The library of shocks, levers and needs: TOML files an officer can read and correct.

resilience/shocks/<name>.toml   what happens, to whom, how long, with ranges     resilience/levers/<name>.toml   what it changes, cost, delay, who acts
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ressort.core.errors import InputError, UnknownCode
from ressort.core.resilience import KINDS, LAWS
from ressort.reference.national_economy import branches
from ressort.reference.tables import table

PLACES = ("here", "rest", "world", "everywhere")
PRINCIPLES = ("governance", "solidarity", "anticipation", "learning", "robustness", "sobriety")
#: what an effect may take from local data: harvests, a local figure beside that of the country, or the largest establishment of a kind
DATA = (
    "", "worst_yield_here", "worst_yield_rest", "older_people", "car_commuters", "largest_branch", "first_employer", "hospital", "widest_flood",
)  # fmt: skip
SETS = (
    "stock", "home", "psi", "alpha_max", "alpha_days", "sigma", "essentiality", "classes", "effect", "recovery", "jobs", "relief", "use",
    "local_money", "floor",
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
    `attendance` is true where hands are missing rather than machines, power or water."""

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
    builders: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class Need:
    """A vital need: what serves it, its threshold, what people keep at home."""

    name: str
    labels: dict[str, str]
    products: tuple[str, ...]
    vital_share: float
    store_days: Span


@cache
def shocks() -> dict[str, Shock]:
    """Every shock of the library, by name."""
    return {name: read_shock(name, text) for name, text in _texts("shocks")}


@cache
def levers() -> dict[str, Lever]:
    """Every lever of the library, by name."""
    return {name: read_lever(name, text) for name, text in _texts("levers")}


@cache
def needs() -> tuple[Need, ...]:
    """The vital needs, in the order of every array."""
    return tuple(
        Need(
            row["need"], {"fr": row["label_fr"], "en": row["label_en"]}, tuple(row["branches"].split("|")), row["vital_share"],
            Span(row["store_low_days"], row["store_central_days"], row["store_high_days"]),
        )
        for row in table("resilience/needs").to_dicts()
    )  # fmt: skip


def shock(name: str) -> Shock:
    """One shock.

    Raises:
        UnknownCode: no shock bears that name.
    """
    if name not in shocks():
        raise UnknownCode("No shock is called {name}; the shocks are {choices}.", name=name, choices=list(shocks()))
    return shocks()[name]


def lever(name: str) -> Lever:
    """One lever.

    Raises:
        UnknownCode: no lever bears that name.
    """
    if name not in levers():
        raise UnknownCode("No lever is called {name}; the levers are {choices}.", name=name, choices=list(levers()))
    return levers()[name]


def read_shock(name: str, text: str) -> Shock:
    """A shock written in TOML.

    Raises:
        InputError: what is not TOML, a word that is missing or unknown; the file and the word are named.
    """
    raw = _parsed(name, text, ("title_fr", "title_en", "story_fr", "story_en", "status", "source"))
    effects = tuple(_effect(name, one) for one in raw.get("effects", ()))
    then = tuple(
        Follow(one["shock"], _span(name, one, "chance_share"), int(one.get("after_days", 0)), one.get("hypothesis", ""))
        for one in raw.get("then", ())
    )
    if not effects and not then:
        raise InputError("{file}: the shock does nothing. Give it an [[effects]] or a [[then]].", file=f"{name}.toml")
    return Shock(name, _both(raw, "title"), _both(raw, "story"), raw["status"], raw["source"], effects, then)


def read_lever(name: str, text: str) -> Lever:
    """A lever written in TOML.

    Raises:
        InputError: what is not TOML, a word that is missing or unknown; the file and the word are named.
    """
    wanted = (
        "title_fr",
        "title_en",
        "story_fr",
        "story_en",
        "who_fr",
        "who_en",
        "principles",
        "delay_days",
        "status",
        "source",
        "changes",
    )
    raw = _parsed(name, text, wanted)
    for change in raw["changes"]:
        _among(name, "set", change.get("set", ""), SETS)
        if raw.get("gradual") and not set(GROWING) & set(change):
            raise InputError(
                "{file}: a gradual lever moves {words}; {set} has none of them.", file=f"{name}.toml", words=list(GROWING), set=change["set"]
            )  # fmt: skip
    for principle in raw["principles"]:
        _among(name, "principles", principle, PRINCIPLES)
    return Lever(
        name, _both(raw, "title"), _both(raw, "story"), _both(raw, "who"), tuple(raw["principles"]), int(raw["delay_days"]),
        _span(name, raw, "cost_eur_per_people"), raw["status"], raw["source"], tuple(raw["changes"]),
        bool(raw.get("gradual", False)),
    )  # fmt: skip


def _effect(name: str, one: dict[str, Any]) -> ShockEffect:
    _among(name, "kind", one.get("kind", ""), tuple(KINDS))
    _among(name, "where", one.get("where", ""), PLACES)
    _among(name, "law", one.get("law", "linear"), LAWS)
    _among(name, "data", one.get("data", ""), DATA)
    products = tuple(one.get("products", ("all",)))
    for product in products:
        _among(name, "products", product, ("all", "largest_industry", *branches("a38")))
    return ShockEffect(
        kind=one["kind"], products=products, where=one["where"], amount=_span(name, one, "amount"), start_day=int(one.get("start_day", 0)),
        duration_days=_span(name, one, "duration_days"),
        recovery_days=_span(name, one, "recovery_days") if "recovery_days" in one else Span(0, 0, 0),
        ramp_days=int(one.get("ramp_days", 0)), law=one.get("law", "linear"), lasting=bool(one.get("lasting", False)),
        builders=tuple(one.get("builders", ())), data=one.get("data", ""), hypothesis=one.get("hypothesis", ""),
        attendance=bool(one.get("attendance", False)),
    )  # fmt: skip


def _parsed(name: str, text: str, wanted: tuple[str, ...]) -> dict[str, Any]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("{file} is not TOML: {problem}.", file=f"{name}.toml", problem=str(error)) from error
    for word in wanted:
        if word not in raw:
            raise InputError("{file}: the word {word} is missing.", file=f"{name}.toml", word=word)
    return raw


def _span(name: str, raw: dict[str, Any], word: str) -> Span:
    try:
        span = Span(*(float(raw[word][bound]) for bound in ("low", "central", "high")))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "{file}: {word} needs a low, a central and a high figure.", file=f"{name}.toml", word=word
        ) from error
    if not span.low <= span.central <= span.high:
        raise InputError("{file}: {word} must have low ≤ central ≤ high.", file=f"{name}.toml", word=word)
    return span


def _among(name: str, word: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise InputError(
            "{file}: {word} cannot be {given}; choose among {choices}.",
            file=f"{name}.toml",
            word=word,
            given=given,
            choices=list(choices),
        )


def _both(raw: dict[str, Any], word: str) -> dict[str, str]:
    return {"fr": raw[f"{word}_fr"], "en": raw[f"{word}_en"]}


def _texts(folder: str) -> list[tuple[str, str]]:
    home = files("ressort.reference") / "resilience" / folder
    found = [
        (one.name.removesuffix(".toml"), one.read_text("utf-8")) for one in home.iterdir() if one.name.endswith(".toml")
    ]
    return sorted(found)
