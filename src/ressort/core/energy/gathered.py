"""Sums over parts some of which are hidden or absent: a total only when nearly all is known, else what is known, said so."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from ressort.core.territory.geometry import Floats
from ressort.core.territory.territories import Integers

#: part of the people that must live in known parts for their sum to be called the total
ENOUGH_SHARE = 0.995


@dataclass(frozen=True, eq=False)
class Gathered:
    """Sums over the parts of n wholes.

    Args:
        total: nan where too much is missing, (n,).
        at_least: sum of the known parts, whatever is missing; nan where none is known, (n,).
        known_share: part of the people who live in known parts, 0–1; nan where nobody lives there, (n,).
        parts, missing: how many parts there are, how many are not known, (n,).
    """

    total: Floats
    at_least: Floats
    known_share: Floats
    parts: Integers
    missing: Integers


def gathered(values: Floats, membership: csr_array, people: Floats) -> Gathered:
    """The sums of a quantity that is never negative over the parts of each whole; a missing part is never counted as zero.

    Args:
        values: by part, nan where not known, (m,). membership: 1 where a part belongs to a whole, (n, m). people: by part, (m,).
    """
    known = ~np.isnan(values)
    parts = np.asarray(membership.sum(axis=1)).ravel().astype(np.int64)
    counted = np.asarray(membership @ known.astype(float)).astype(np.int64)
    everyone = np.asarray(membership @ people)
    covered = np.asarray(membership @ np.where(known, people, 0.0))
    share = np.divide(covered, everyone, out=np.full(len(parts), np.nan), where=everyone > 0)
    at_least = np.where(counted > 0, membership @ np.where(known, values, 0.0), np.nan)
    whole = (counted > 0) & ((counted == parts) | (np.nan_to_num(share) >= ENOUGH_SHARE))
    return Gathered(np.where(whole, at_least, np.nan), at_least, share, parts, parts - counted)
