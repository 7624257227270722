"""The words of a TOML file that people write: each of its kind, every figure within its bounds, or a refusal that names the file and the word."""

import tomllib
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from ressort.core.errors import InputError, RuleBroken

Bounds = tuple[float, float]
ANY = (-inf, inf)


@dataclass(frozen=True, slots=True)
class Span:
    """A hypothesis with its bounds."""

    low: float
    central: float
    high: float


def parsed(name: str, text: str, known: tuple[tuple[str, ...], tuple[str, ...]]) -> dict[str, Any]:
    """The words of a file, those that must stand and no other but those that may."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("{file} is not TOML: {problem}.", file=f"{name}.toml", problem=str(error)) from error
    words(name, raw, known)
    return raw


def words(name: str, raw: dict[str, Any], known: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    """Every word that must stand does, and no other but those that may."""
    wanted, allowed = known
    for word in raw:
        among(name, "word", word, (*wanted, *allowed))
    for word in wanted:
        if word not in raw:
            raise InputError("{file}: the word {word} is missing.", file=f"{name}.toml", word=word)


def tables(name: str, raw: dict[str, Any], word: str) -> tuple[dict[str, Any], ...]:
    """The tables of one name, none when there are none."""
    found = raw.get(word, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InputError("{file}: {word} is written with two brackets: [[{word}]].", file=f"{name}.toml", word=word)
    return tuple(found)


def span(name: str, raw: dict[str, Any], word: str, bounds: Bounds = ANY) -> Span:
    """A low, a central and a high figure, in that order and within bounds."""
    given = raw[word]
    if not isinstance(given, dict) or set(given) != {"low", "central", "high"}:
        raise InputError("{file}: {word} needs a low, a central and a high figure.", file=f"{name}.toml", word=word)
    told = Span(*(figure(name, word, given[bound]) for bound in ("low", "central", "high")))
    if not told.low <= told.central <= told.high:
        raise InputError("{file}: {word} must have low ≤ central ≤ high.", file=f"{name}.toml", word=word)
    _bounded(name, word, [told.low, told.central, told.high], bounds)
    return told


def figure(name: str, word: str, given: Any, bounds: Bounds = ANY) -> float:
    """A number within bounds."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
        raise InputError(
            "{file}: {word} is a number; {given} was given.", file=f"{name}.toml", word=word, given=str(given)
        )
    _bounded(name, word, [float(given)], bounds)
    return float(given)


def _bounded(name: str, word: str, given: list[float], bounds: Bounds) -> None:
    least, most = bounds
    if not least <= min(given) <= max(given) <= most:
        told = given if len(given) > 1 else given[0]
        if most == inf:
            raise RuleBroken("{file}: {word} must be {low} or more; {given} was given.", file=f"{name}.toml", word=word, low=least, given=told)  # fmt: skip
        raise RuleBroken(
            "{file}: {word} must lie between {low} and {high}; {given} was given.",
            file=f"{name}.toml", word=word, low=least, high=most, given=told,
        )  # fmt: skip


def text(name: str, raw: dict[str, Any], word: str, default: str | None = None) -> str:
    """Words that people read, empty only where they may be left out."""
    given = raw.get(word, default)
    if not isinstance(given, str) or not (given.strip() or default is not None):
        raise InputError(
            "{file}: {word} is a text between quotes; {given} was given.", file=f"{name}.toml", word=word, given=repr(given)[:60]
        )  # fmt: skip
    return given


def listed(name: str, raw: dict[str, Any], word: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    """A list of some of the choices."""
    given = raw[word]
    if not isinstance(given, list) or not given:
        raise InputError(
            "{file}: {word} is a list between brackets, as {example}; {given} was given.",
            file=f"{name}.toml", word=word, example=f'["{choices[0]}"]', given=repr(given)[:60],
        )  # fmt: skip
    for one in given:
        among(name, word, one, choices)
    return tuple(given)


def days(name: str, raw: dict[str, Any], word: str) -> int:
    """A whole number of days, none when it is left out."""
    given = figure(name, word, raw.get(word, 0))
    if given < 0 or given != int(given):
        raise RuleBroken("{file}: {word} is a whole number of days, 0 or more; {given} was given.", file=f"{name}.toml", word=word, given=given)  # fmt: skip
    return int(given)


def flag(name: str, raw: dict[str, Any], word: str) -> bool:
    """True or false; false when it is left out."""
    given = raw.get(word, False)
    if not isinstance(given, bool):
        raise InputError(
            "{file}: {word} is true or false; {given} was given.", file=f"{name}.toml", word=word, given=str(given)
        )
    return given


def among(name: str, word: str, given: Any, choices: tuple[str, ...]) -> None:
    """Refuses what is none of the choices."""
    if given not in choices:
        raise InputError(
            "{file}: {word} cannot be {given}; choose among {choices}.", file=f"{name}.toml", word=word, given=str(given), choices=list(choices)
        )  # fmt: skip


def both(name: str, raw: dict[str, Any], word: str) -> dict[str, str]:
    """A text in both languages."""
    return {language: text(name, raw, f"{word}_{language}") for language in ("fr", "en")}
