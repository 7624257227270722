"""French first, English second: the words and numbers of every face but the web's templates.

One gettext catalogue serves the command line, the notebooks, the charts, the reports and the web. Source strings are English.

>>> with language("fr"):
...     number(1234.5, digits=1)
'1\\u202f234,5'
>>> with language("en"):
...     number(1234.5, digits=1)
'1,234.5'
"""

import errno
import gettext as _gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import floor, isnan, log10

from ressort.core.errors import RessortError

LANGUAGES = ("fr", "en")
THIN = "\u202f"  # narrow no-break space: thousands
HARD = "\u00a0"  # no-break space: before units and %
#: a ratio from which whole percents would feign to be exact; a share under which a decimal is told, and one that none tells
MANY_TIMES, FEW, HARDLY_ANY = 10.0, 0.02, 0.0005
#: a share from which whole percents would say that nothing lacks
NEARLY_ALL = 0.995

_chosen: ContextVar[str | None] = ContextVar("language", default=None)


def current_language() -> str:
    """The language in force: the one chosen, else `RESSORT_LANGUAGE`, else French."""
    wanted = _chosen.get() or os.environ.get("RESSORT_LANGUAGE", "fr")[:2]
    return wanted if wanted in LANGUAGES else "fr"


@contextmanager
def language(code: str) -> Iterator[None]:
    """Speak a language inside the block."""
    token = _chosen.set(code[:2])
    try:
        yield
    finally:
        _chosen.reset(token)


def gettext(message: str) -> str:
    """The message in the language in force."""
    return _catalogue(current_language()).gettext(message)


def ngettext(one: str, several: str, count: float) -> str:
    """The singular or plural message in the language in force; in French 0 and 1.5 are singular."""
    if current_language() == "fr":
        return _catalogue("fr").ngettext(one, several, 0 if abs(count) < 2 else 2)
    return one if count == 1 else several


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    folder = str(files("ressort") / "locale")
    return _gettext.translation("django", folder, [code], fallback=True)


def problem(error: OSError) -> str:
    """What stood in the way of a file, in the language in force where people meet it often."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return gettext("the disk is full, free some space")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return gettext("writing or reading there is not allowed")
    if error.errno == errno.ENOENT:
        return gettext("there is no such file or folder")
    if error.errno in (errno.EISDIR, errno.ENOTDIR):
        return gettext("a folder stands where a file is wanted, or the other way round")
    return error.strerror or str(error)


def number(value: float, digits: int = 0) -> str:
    """A number as people write it: `1 234,5` in French, `1,234.5` in English."""
    text = f"{value:,.{digits}f}"
    if text[0] == "-":
        text = f"−{text[1:]}" if float(text.replace(",", "")) else text[1:]
    return text.replace(",", THIN).replace(".", ",") if current_language() == "fr" else text


def rounded(value: float, significant: int = 2) -> str:
    """A number to so many significant digits: 12 345 → `12 000`; small ones keep their decimals."""
    if value == 0 or isnan(value):
        return number(0)
    digits = significant - 1 - floor(log10(abs(value)))
    return number(round(value, digits), max(0, digits))


def about(count: float) -> str:
    """A count that a model gives: whole, and to two significant digits from a hundred on: 12 345 → `12 000`."""
    return rounded(count) if abs(count) >= 100 else number(count)


def percent(share: float, digits: int = 0) -> str:
    """A share 0–1 as a percentage: `40 %`; from ten times on, to two significant digits: `8 400 %`."""
    text = rounded(share * 100) if abs(share) >= MANY_TIMES else number(share * 100, digits)
    return f"{text}{HARD}%" if current_language() == "fr" else f"{text}%"


def part(share: float) -> str:
    """A part as people read it: whole percents, a decimal under 2 % and where hardly anything lacks, `< 0,1 %` or `> 99,9 %` at the ends."""
    if 0 < abs(share) < HARDLY_ANY:
        return f"< {percent(0.001, 1)}"
    if NEARLY_ALL <= share < 1:
        return percent(share, 1) if share < 1 - HARDLY_ANY else f"> {percent(0.999, 1)}"
    return percent(share) if abs(share) >= FEW or share == 0 else percent(share, 1)


def named(name: str, value: object) -> str:
    """A name and what it is: `Terres : 490 ha`, the colon kept on the line of the name."""
    return f"{name}{HARD if current_language() == 'fr' else ''}: {value}"


def money(cents: int, *, always_cents: bool = False) -> str:
    """An amount as people write it: `1 234,50 €`, without decimals when it is whole euros, unless a column wants them."""
    digits = 2 if always_cents or cents % 100 else 0
    text = number(cents / 100, digits) if abs(cents) < 10**15 else number(cents // 100)
    return f"{text}{HARD}€" if current_language() == "fr" else f"€{text}"


def told(error: RessortError) -> str:
    """The message of an error in the language in force, its amounts and fractions written as people write them."""
    return type(error)(error.template, **{name: _fact(name, value) for name, value in error.facts.items()}).say(gettext)


def _fact(name: str, value: object) -> object:
    if name.endswith("_cents") and isinstance(value, int):
        return money(value)
    if isinstance(value, Fraction):
        return number(float(value), 0 if value.denominator == 1 else 2)
    return value


#: unit → how it is written after a number, French and English
_WRITTEN = {
    "people": ("hab.", "people"),
    "ha": ("ha", "ha"),
    "km2": ("km²", "km²"),
    "m2": ("m²", "m²"),
    "kg": ("kg", "kg"),
    "t": ("t", "t"),
    "fte": ("ETP", "FTE"),
    "mwh": ("MWh", "MWh"),
    "kw": ("kW", "kW"),
    "eur": ("€", "€"),
    "kgco2e": ("kg éq. CO₂", "kg CO₂e"),
    "lsu": ("UGB", "LSU"),
    "heads": ("têtes", "heads"),
    "farms": ("fermes", "farms"),
    "km": ("km", "km"),
    "jobs": ("emplois", "jobs"),
    "orders": ("reconnaissances", "orders"),
    "communes": ("commune", "commune"),
    "projects": ("projets", "projects"),
}


def unit(name: str) -> str:
    """How a unit is written: `ha`, `m²/hab.`, `kg éq. CO₂/hab.`; nothing for shares.

    >>> with language("en"):
    ...     unit("m2_per_people")
    'm²/person'
    """
    english = current_language() == "en"
    parts = [_WRITTEN.get(part, (part, part))[english] for part in name.split("_per_")]
    if english and parts[1:] == ["people"]:
        parts[1] = "person"
    return "" if name in ("share", "ratio") else "/".join(parts)


def quantity(value: float, name: str, significant: int | None = None) -> str:
    """A value with its unit: shares as percentages, others rounded to significant digits when asked."""
    if name in ("share", "ratio"):
        return part(value)
    is_told_whole = significant is None and (abs(value) >= 100 or value % 1 == 0)
    text = number(value) if is_told_whole else rounded(value, significant or 3)
    return f"{text}{HARD}{unit(name)}"


def kind_name(kind: str) -> str:
    """What every face calls a kind of territory; a kind without a name is its own.

    >>> with language("en"):
    ...     kind_name("ZE")
    'employment area'
    """
    return {
        "COM": gettext("commune"), "EPCI": gettext("intercommunality"), "BV": gettext("living area"), "ZE": gettext("employment area"),
        "AAV": gettext("attraction area of a town"), "DEP": gettext("département"), "REG": gettext("région"), "PAYS": gettext("country"),
        "CUSTOM": gettext("group of communes"), "RING": gettext("ring"), "BE_COM": gettext("Belgian municipality"),
        "BE_PROV": gettext("Belgian province"),
    }.get(kind, kind)  # fmt: skip


def status_name(status: str) -> str:
    """How a figure is known, in a word."""
    return {
        "observed": gettext("observed"), "derived": gettext("derived"), "estimated": gettext("estimated"),
        "hypothesis": gettext("hypothesis"), "missing": gettext("missing"),
    }[status]  # fmt: skip
