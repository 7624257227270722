"""What a user can move: the share relocated, organic, the plate, waste, who is fed, land, farm starts.

Levers are a value: equal levers give equal results, and a permalink holds them whole (`to_query`, `from_query`).
Shares run 0–1; a percentage typed as 40 is refused with a message.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, ClassVar, Literal, get_args

from ressort.core.errors import RuleBroken, UnknownCode

Population = Literal["all", "number", "pupils", "canteen", "hospital"]
Method = Literal["rations", "inventories"]
Shares = tuple[tuple[str, float], ...]

DAYS_PER_YEAR = 365
_YES, _NO = ("1", "true", "on", "yes", "oui"), ("0", "false", "off", "no", "non")


@dataclass(frozen=True, slots=True)
class Levers:
    """One scenario of the food system. The default is today's plate, grown as today, all of it near home.

    Args:
        relocated_share: part of the need that the territory grows; `relocated_shares` by family overrides it.
        organic_share: part of that grown organically, beyond what today's mean yields already hold;
            `organic_shares` by family overrides it.
        organic_set: set of organic coefficients.
        diet: a key of the diets, or "own" with `diet_kg` (product → kg per year).
        replace_protein: replace the animal protein removed by pulses; None follows the diet.
        waste_cut_share: part of the avoidable waste of shops and homes that is avoided.
        population: who is fed; `people` is the number of inhabitants or of guests when not "all".
        growth_share: growth of that population, -0.1 for a tenth less.
        meals_per_day, days_per_year: of guests ("pupils" and "canteen"; a hospital serves whole days).
        relocated_feed: grow here the soya that comes from abroad today.
        method: land of animals from rations and yields, or from life-cycle inventories.
        converted_ha: hectares gained (or lost, negative) by crop group.
        farm_starts_per_year, farm_years: market gardens started, and over how long.
    """

    relocated_share: float = 1.0
    relocated_shares: Shares = ()
    organic_share: float = 0.0
    organic_shares: Shares = ()
    organic_set: str = "survey_2022"
    diet: str = "current"
    diet_kg: Shares = ()
    replace_protein: bool | None = None
    waste_cut_share: float = 0.0
    population: Population = "all"
    people: float | None = None
    growth_share: float = 0.0
    meals_per_day: float = 1.0
    days_per_year: float = 180.0
    relocated_feed: bool = False
    method: Method = "rations"
    converted_ha: Shares = ()
    farm_starts_per_year: float = 0.0
    farm_years: float = 10.0

    #: levers that hold one value by family, product or crop group: `organic_shares.beef`
    BY_NAME: ClassVar[tuple[str, ...]] = ("relocated_shares", "organic_shares", "diet_kg", "converted_ha")

    @classmethod
    def takes(cls, word: str) -> bool:
        """True when a word of an address is a lever: `diet`, `organic_shares.beef`."""
        name, dot, key = word.partition(".")
        return name in cls.__slots__ and (bool(key) if name in cls.BY_NAME else not dot)

    @classmethod
    def strange(cls, words: Iterable[str], others: Iterable[str] = ()) -> dict[str, str]:
        """The words of an address that are neither levers nor among `others`, each with the known word it comes near, or ""."""
        known = (*cls.__slots__, *others)
        return {word: cls._near(word, known) for word in words if word not in others and not cls.takes(word)}

    @classmethod
    def _near(cls, word: str, known: tuple[str, ...]) -> str:
        name, dot, key = word.partition(".")
        found = get_close_matches(name.lower().replace("-", "_"), known, 1, 0.6)
        several = f"{name}s"
        if dot and several in cls.BY_NAME:
            found = [several]
        near = found[0] if found else ""
        return f"{near}.{key}" if key and near in cls.BY_NAME else near

    def __post_init__(self) -> None:
        shares = [(name, getattr(self, name)) for name in ("relocated_share", "organic_share", "waste_cut_share")]
        for name, share in [*shares, *self.relocated_shares, *self.organic_shares]:
            require_share(name, share)
        if self.population not in get_args(Population):
            raise UnknownCode(
                "{value} is not a population; choose among {choices}.",
                value=self.population,
                choices=get_args(Population),
            )
        if self.method not in get_args(Method):
            raise UnknownCode(
                "{value} is not a method; choose among {choices}.", value=self.method, choices=get_args(Method)
            )
        self._require_people()
        _require_range("growth_share", self.growth_share, -1, 10)
        _require_range("meals_per_day", self.meals_per_day, 0, 3)
        _require_range("days_per_year", self.days_per_year, 0, 366)
        _require_range("farm_starts_per_year", self.farm_starts_per_year, 0, 10_000)
        _require_range("farm_years", self.farm_years, 0, 100)
        for name, kg in self.diet_kg:
            _require_range(name, kg, 0, 5_000)
        for name, area_ha in self.converted_ha:
            _require_range(name, area_ha, -1e8, 1e8)

    def _require_people(self) -> None:
        if self.population != "all" and self.people is None:
            raise RuleBroken(
                "Say how many people are fed: the population {population} needs a number.", population=self.population
            )
        if self.people is not None and not 0 <= self.people < 1e10:
            raise RuleBroken("{value} people cannot be fed: give a number from 0 up.", value=self.people)

    def to_query(self) -> dict[str, str]:
        """The levers that differ from their default, as the words of an address."""
        query: dict[str, str] = {}
        for lever in fields(self):
            value = getattr(self, lever.name)
            if value == lever.default:
                continue
            if isinstance(value, tuple):
                query |= {f"{lever.name}.{key}": _word(number) for key, number in value}
            else:
                query[lever.name] = _word(value)
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Levers":
        """The levers written in an address; words that are not levers are left to others.

        Raises:
            RuleBroken: a number cannot be read, or is outside its range.
        """
        kinds = {lever.name: lever.default for lever in fields(cls)}
        single: dict[str, Any] = {}
        several: dict[str, list[tuple[str, float]]] = {}
        for word, text in query.items():
            name, _, key = word.partition(".")
            if name not in kinds or text == "":
                continue
            if key and isinstance(kinds[name], tuple):
                several.setdefault(name, []).append((key, number_in(word, text)))
            elif not key and not isinstance(kinds[name], tuple):
                single[name] = _read(name, text, kinds[name])
        many: dict[str, Any] = {name: tuple(sorted(pairs)) for name, pairs in several.items()}
        return cls(**single, **many)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _read(name: str, text: str, default: object) -> object:
    if isinstance(default, bool) or name == "replace_protein":
        return _yes_or_no(name, text)
    if isinstance(default, float) or name == "people":
        return number_in(name, text)
    return text


def _yes_or_no(name: str, text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES + _NO:
        raise RuleBroken("{name} is yes or no, 1 or 0, not “{value}”.", name=name, value=text)
    return word in _YES


def number_in(name: str, text: str) -> float:
    """The number that a person typed: a comma or a point, thin spaces between thousands.

    Raises:
        RuleBroken: it is no number.
    """
    if "share" in name and text.strip().endswith("%"):
        raise RuleBroken(
            "{name} is a share between 0 and 1, not “{value}”: for 40 %, write 0.4.", name=name, value=text
        )
    try:
        return float(text.replace(",", ".").replace("\u202f", "").replace("\u00a0", "").replace(" ", ""))
    except ValueError:
        raise RuleBroken("{name} must be a number, not “{value}”.", name=name, value=text) from None


def require_share(name: str, value: float) -> None:
    """Refuse what is not a share between 0 and 1.

    Raises:
        RuleBroken: with what to write for 40 %.
    """
    if not 0 <= value <= 1:
        raise RuleBroken("{name} is a share between 0 and 1, not {value}. For 40 %, write 0.4.", name=name, value=value)


def _require_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise RuleBroken(
            "{name} must lie between {low} and {high}, not {value}.", name=name, low=low, high=high, value=value
        )
