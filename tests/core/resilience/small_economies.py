"""Small random economies, balanced by construction, and the shared oracle when it is beside the tree."""

import csv
from pathlib import Path

import numpy as np
import pytest

from ressort.core.economy import Economy

SHARED = Path(__file__).parents[3].parent / "shared" / "samples" / "resilience"


def random_economy(regions: int, sectors: int, seed: int, links: float = 0.7, eaten: float = 0.5) -> Economy:
    """Every industry buys `eaten` of its output from a share `links` of the others."""
    dice, n = np.random.default_rng(seed), regions * sectors
    coefficients = dice.random((n, n)) * (dice.random((n, n)) < links) + np.eye(n) * 0.01
    coefficients *= eaten / coefficients.sum(0)
    final = dice.random((n, regions)) * 100 + 10
    output = np.linalg.solve(np.eye(n) - coefficients, final.sum(1))
    names = tuple(f"r{i}" for i in range(regions))
    return Economy(names, tuple(f"s{i}" for i in range(sectors)), names, coefficients * output, final, output)


def beside_a_country(economy: Economy, size_share: float) -> Economy:
    """The same economy, made small, beside itself whole: two regions that buy nothing from each other but for a tenth of final demand."""
    n, sizes = len(economy.output), (size_share, 1.0)
    flows, output = np.zeros((2 * n, 2 * n)), np.concatenate([economy.output * size for size in sizes])
    final = np.zeros((2 * n, 2))
    for place, size in enumerate(sizes):
        rows = slice(place * n, place * n + n)
        flows[rows, rows] = economy.intermediate * size
        final[rows, place] = economy.final.sum(1) * size * 0.9
        final[rows, 1 - place] = economy.final.sum(1) * size * 0.1
    return Economy(("small", "country"), economy.sectors, ("small", "country"), flows, final, output)


def sample(*parts: str) -> Path:
    """A shared sample, or a skip that says why."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the shared sample {'/'.join(parts)} is not beside this tree")
    return path


def cells(path: Path, skip: int, index: int) -> np.ndarray:
    """The numbers of a CSV below its headers and right of its index."""
    with path.open(encoding="utf-8") as file:
        return np.array([[float(cell) for cell in row[index:]] for row in list(csv.reader(file))[skip:]])


def oracle_economy() -> Economy:
    """Three regions of five sectors."""
    folder = sample("oracle")
    output = cells(folder / "x.csv", 1, 2)[:, 0]
    regions, sectors = ("r000", "r001", "r002"), tuple(f"s0{i}" for i in range(5))
    return Economy(regions, sectors, regions, cells(folder / "Z.csv", 3, 2), cells(folder / "Y.csv", 3, 2), output)
