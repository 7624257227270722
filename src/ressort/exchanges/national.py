"""The optimum of each good over all territories of a level: computed once, kept in the data folder, read from there.

<data folder>/exchanges/<vintage>/<level>-<good>/flows.parquet, territories.parquet, certificate.json
"""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from ressort.core.errors import MissingData
from ressort.core.exchanges import Certificate, GreatCircle, Market, Plan, Watch, optimum, unwatched
from ressort.core.food.system import Integers
from ressort.exchanges.cluster import optima
from ressort.exchanges.goods import Balances, balances, good
from ressort.reference.tables import data_folder
from ressort.reference.territories import build_folder, territories

#: raise it when the way of computing changes
VINTAGE = 3


@dataclass(frozen=True, eq=False)
class National:
    """The plan of one good over a level, and the market it answers."""

    market: Market
    plan: Plan


def market_of(held: Balances, key: str) -> Market:
    """The market of one good among all territories of a level.

    Raises:
        MissingData: nothing is known of that good at that level.
    """
    column = held.column(key)
    if np.isnan(held.supply[:, column]).all():
        raise MissingData(
            "Nothing is known of {good} at this level: {level}. Choose a larger level, or bring figures.",
            good=good(key).label,
            level=held.level,
        )
    return Market(held.supply[:, column], held.need[:, column], GreatCircle(held.lat_degree, held.lon_degree))


def known_goods(held: Balances) -> list[str]:
    """The goods of which something is known at a level."""
    return [one.key for column, one in enumerate(held.goods) if not np.isnan(held.supply[:, column]).all()]


def is_stored(level: str, key: str) -> bool:
    """Whether the optimum of a good has been computed on these figures."""
    return (_folder(level, key) / "certificate.json").is_file()


@lru_cache(maxsize=16)
def _read(folder: Path, level: str, key: str) -> National:
    nodes, flows = pl.read_parquet(folder / "territories.parquet"), pl.read_parquet(folder / "flows.parquet")
    told = json.loads((folder / "certificate.json").read_text("utf-8"))
    columns = {name: nodes[name].to_numpy() for name in nodes.columns}
    arcs = {name: flows[name].to_numpy() for name in flows.columns}
    market = market_of(balances(level), key)
    left_out = np.flatnonzero(~market.known)
    return National(market, Plan(**arcs, **columns, left_out=left_out, certificate=Certificate(**told)))


def national(level: str, key: str, watch: Watch = unwatched) -> National:
    """The optimum of a good over a level, computed the first time; whole or not at all when it is stopped.

    Args:
        watch: called at each round; what it raises stops the computation and leaves nothing behind.

    Raises:
        MissingData: nothing is known of that good at that level. UnknownCode: no such level or good.
    """
    key = good(key).key
    folder = _folder(level, key)
    if not (folder / "certificate.json").is_file():
        market = market_of(balances(level), key)
        _write(folder, optimum(market, watch=watch))
    return _read(folder, level, key)


def prepare_goods(level: str, keys: list[str], scheduler: str = "") -> None:
    """The optima of goods over a level that are not kept yet, computed on the workers of a Dask scheduler when one is given.

    Raises:
        MissingData, UnknownCode: as `national`. InputError: nobody answers at the scheduler's address.
    """
    lacking = [key for key in keys if not is_stored(level, key)]
    held = balances(level)
    for key, plan in zip(lacking, optima([market_of(held, key) for key in lacking], scheduler), strict=True):
        _write(_folder(level, key), plan)


def _write(folder: Path, plan: Plan) -> None:
    """Files in a draft folder that takes its place at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        pl.DataFrame({name: getattr(plan, name) for name in ("giver", "receiver", "quantity", "km")}).write_parquet(
            draft / "flows.parquet"
        )
        names = ("own", "imported", "surplus", "price_km", "worth_km")
        pl.DataFrame({name: getattr(plan, name) for name in names}).write_parquet(draft / "territories.parquet")
        (draft / "certificate.json").write_text(json.dumps(asdict(plan.certificate)), "utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _folder(level: str, key: str) -> Path:
    """Where the optimum of a good is kept: the name changes with the figures it rests on."""
    digest = hashlib.sha256(f"{VINTAGE} {build_folder().name}".encode())
    synced = data_folder() / "synced"
    for path in sorted(synced.glob("*.parquet")) if synced.is_dir() else ():
        digest.update(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return data_folder() / "exchanges" / digest.hexdigest()[:12] / f"{level}-{key}"


def flow_table(held: Balances, found: National, which: Integers) -> pl.DataFrame:
    """Some flows of a national plan with codes, names and places."""
    table, plan = territories().table, found.plan
    columns: dict[str, object] = {}
    for side, rows in (("giver", plan.giver[which]), ("receiver", plan.receiver[which])):
        named = table[np.maximum(held.rows[rows], 0).tolist()]
        codes, names = named["code"].to_list(), named["label"].to_list()
        for at, row in enumerate(rows.tolist()) if held.own else ():
            if row in held.own:
                codes[at], names[at] = held.own[row].code, held.own[row].label
        columns |= {
            f"{side}_code": codes,
            f"{side}_name": names,
            f"{side}_lat": held.lat_degree[rows],
            f"{side}_lon": held.lon_degree[rows],
        }
    told = {f"{side}_{name}": pl.String for side in ("giver", "receiver") for name in ("code", "name")}
    columns |= {"quantity": plan.quantity[which], "distance_km": plan.km[which]}
    return pl.DataFrame(columns, schema_overrides=told)  # a table without rows keeps its types
