"""`ressort cooperate France`: each good over the whole country, at least distance, among the territories of a level."""

import argparse
import json
import math
import sys
from typing import TYPE_CHECKING, Any

from ressort.cli.flows import write_flows
from ressort.cli.progress import Progress
from ressort.language import gettext as _

if TYPE_CHECKING:
    import polars as pl

    from ressort.exchanges import Country

#: among which territories, when nothing is said
LEVEL = "EPCI"


def national_view(options: argparse.Namespace) -> int:
    """Answer for the country in the shape asked for.

    Raises:
        RuleBroken: words that speak of one territory, or a file of flows for several goods.
    """
    from ressort.exchanges import good, national

    level = options.level or LEVEL
    _refuse_words_of_one_territory(options)
    keys = _goods(level, options.good)
    with Progress() as progress:
        for key in keys:
            national(level, key, progress.of(good(key).label))
    if options.json:
        print(json.dumps(_as_dict(level, keys), ensure_ascii=False, indent=2, allow_nan=False))
    elif options.csv:
        sys.stdout.write(_table("territories" if options.csv == "goods" else options.csv, level, keys).write_csv())
    elif not write_flows(options, lambda: _geojson(level, keys), lambda: _table("flows", level, keys)):
        _show(level, keys)
    return 0


def _refuse_words_of_one_territory(options: argparse.Namespace) -> None:
    from ressort.core.errors import RuleBroken
    from ressort.exchanges import NAMES

    given = [
        f"--{name.replace('_', '-')}"
        for name in (*NAMES, "distances", "great_circle_elsewhere")
        if getattr(options, name)
    ]
    if given or options.partners:
        words = [*given, *(["--with"] if options.partners else [])]
        raise RuleBroken("For the whole country, leave out what is about one territory: {words}.", words=words)


def _goods(level: str, asked: list[str] | None) -> list[str]:
    from ressort.exchanges import balances, good, known_goods

    return [good(one).key for one in asked] if asked else known_goods(balances(level))


def _table(name: str, level: str, keys: list[str]) -> "pl.DataFrame":
    """One table of the country, all the goods asked for one below the other."""
    import polars as pl

    from ressort.core.errors import UnknownCode
    from ressort.exchanges import COUNTRY_TABLES

    if name not in COUNTRY_TABLES:
        raise UnknownCode("{name} is not a table; the tables are {choices}.", name=name, choices=list(COUNTRY_TABLES))
    return pl.concat(COUNTRY_TABLES[name](level, key).with_columns(pl.lit(key).alias("good")) for key in keys)


def _geojson(level: str, keys: list[str]) -> dict[str, Any]:
    from ressort.exchanges import country_geojson

    parts = [country_geojson(level, key) for key in keys]
    return {"type": "FeatureCollection", "features": [one for part in parts for one in part["features"]]}


def _as_dict(level: str, keys: list[str]) -> dict[str, Any]:
    from ressort.core.exchanges import RINGS_KM
    from ressort.exchanges import countrywide, good

    goods = []
    for key in keys:
        told = countrywide(level, key)
        names = ("need", "own", "moved", "imported", "surplus", "mean_km", "moved_km", "unknown")
        values = {name: _plain(getattr(told, name)) for name in names}
        within = {f"{km} km": _plain(share) for km, share in zip(RINGS_KM, told.within.tolist(), strict=True)}
        goods.append({"good": key, "unit": good(key).unit} | values | {"within_share": within})
    return {"territory": {"key": "PAYS:FR", "label": "France"}, "level": level, "goods": goods}


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def _show(level: str, keys: list[str]) -> None:
    from ressort.cli.render import console, grid
    from ressort.core.exchanges import RINGS_KM
    from ressort.exchanges import countrywide, good
    from ressort.language import percent

    found = {key: countrywide(level, key) for key in keys}
    grid(
        [_("Good"), _("Need"), _("Met by own supply"), _("Moved between territories"), _("From the rest of the world"), _("Surplus")],
        [[good(key).label, *_amounts(key, one)] for key, one in found.items()],
    )  # fmt: skip
    grid(
        [_("Part of all needs met within"), *[f"{km} km" for km in RINGS_KM]],
        [
            [good(key).label, *["–" if math.isnan(share) else percent(share) for share in one.within]]
            for key, one in found.items()
        ],
    )
    for key, one in found.items():
        if one.moved:
            console.print(_moved(key, one))
    console.print(_("What could be, at least distance, on estimated figures: not the flows of today."))


def _amounts(key: str, one: "Country") -> list[str]:
    from ressort.exchanges import good
    from ressort.exchanges.words import amount

    return [amount(good(key), value) for value in (one.need, one.own, one.moved, one.imported, one.surplus)]


def _moved(key: str, one: "Country") -> str:
    """How far a good travels, what it emits by lorry, of how many territories nothing is known."""
    from ressort.exchanges import freight_t, good
    from ressort.language import number, rounded

    low, high = freight_t(one.moved_km)
    text = _("{good}: {km} km on average.").format(good=good(key).label, km=rounded(one.mean_km))
    if good(key).unit == "t":
        told = _("{low} to {high} t CO₂e a year by lorry, empty returns not counted.")
        text += " " + told.format(low=rounded(low), high=rounded(high))
    if one.unknown:
        text += " " + _("Territories not known: {count}.").format(count=number(one.unknown))
    return text
