"""The purse that the words of `ressort call portfolio` describe."""

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ressort.core.errors import InputError, RuleBroken

if TYPE_CHECKING:
    from ressort.core.calls import Bound, Purse
    from ressort.ingest import FileRow


def purse_of(options: argparse.Namespace, rows: Mapping[str, "FileRow"], fundable: Sequence[str]) -> "Purse":
    """The envelope and its limits, over the files that may be funded.

    Raises:
        InputError: an amount or a share that cannot be read. RuleBroken: an area or a theme that no file bears.
    """
    from ressort.core.calls import Purse

    envelope = _cents(options.envelope)
    kept = {name: rows[name] for name in fundable}
    pairs = {
        word: tuple((name, other) for name, row in kept.items() for other in getattr(row, word) if other in kept)
        for word in ("excludes", "requires")
    }
    lost = [name for name, row in kept.items() if any(other not in kept for other in row.requires)]
    if lost:
        raise RuleBroken("{names} depend on files that may not be funded: bar them, or mend the table.", names=lost)
    bounds = [*_areas(options, kept, envelope), *_themes(options, kept)]
    return Purse(envelope_cents=envelope, bounds=tuple(bounds), **pairs)


def _areas(options: argparse.Namespace, rows: Mapping[str, "FileRow"], envelope: int) -> list["Bound"]:
    from ressort.core.calls import Bound

    if not options.each_area and not options.area_most:
        return []
    areas = sorted({row.area for row in rows.values() if row.area})
    if not areas:
        raise RuleBroken("No file bears an area: fill the column “secteur” of the table.")
    most = None
    if options.area_most:
        share = re.fullmatch(r"(0?[.,][0-9]{1,6}|[01])", options.area_most)
        if not share:
            raise InputError("“{given}” is not a share between 0 and 1: for 40 %, write 0.4.", given=options.area_most)
        most = int(envelope * float(options.area_most.replace(",", ".")))
    return [
        Bound(
            code=area, members=frozenset(n for n, row in rows.items() if row.area == area),
            least_count=options.each_area, most_cents=most,
        )
        for area in areas
    ]  # fmt: skip


def _themes(options: argparse.Namespace, rows: Mapping[str, "FileRow"]) -> list["Bound"]:
    from ressort.core.calls import Bound

    bounds = []
    for pair, is_floor in [*((p, True) for p in options.reserve), *((p, False) for p in options.cap)]:
        theme, sign, amount = pair.partition("=")
        members = frozenset(name for name, row in rows.items() if row.theme == theme.strip())
        if not sign:
            raise InputError("“{given}” is no limit: write THEME=EUROS.", given=pair)
        if not members:
            known = sorted({row.theme for row in rows.values() if row.theme})
            raise RuleBroken("No file bears the theme {theme}; there are {choices}.", theme=theme, choices=known)
        cents = _cents(amount)
        floor, ceiling = (cents, None) if is_floor else (0, cents)
        bounds.append(Bound(code=theme.strip(), members=members, least_cents=floor, most_cents=ceiling))
    return bounds


def _cents(given: str) -> int:
    text = re.sub(r"[\s\u202f\u00a0€]", "", given).replace(",", ".")
    found = re.fullmatch(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?", text)
    if not found or not int(found[1] + (found[2] or "")):
        raise InputError("“{given}” is not an amount above zero, in euros with two decimals at most.", given=given)
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
