"""What people themselves hold: stores at home, and help that comes from elsewhere. Both work on a curve of what is served."""

import numpy as np

from ressort.core.economy import Floats


def eased_by_stores(served: Floats, store_days: float) -> Floats:
    """What people get when they hold `store_days` of a need: the store fills each lack until it is empty; it is not refilled during the crisis.

    >>> eased_by_stores(np.array([1.0, 0.0, 0.5, 0.0]), 1.2).round(3).tolist()
    [1.0, 1.0, 0.7, 0.0]
    """
    lack = np.maximum(1 - served, 0.0)
    used = np.minimum(np.cumsum(lack), store_days)
    return np.minimum(served + np.diff(used, prepend=0.0), np.maximum(served, 1.0))


def eased_by_relief(served: Floats, share: float, delay_days: int, available_share: Floats | None = None) -> Floats:
    """What people get when a partner brings a share of what lacks, some days after the lack begins.

    Args:
        available_share: the most that partners have to give each day, over what is required, (T,); None sets no limit.

    >>> eased_by_relief(np.array([1.0, 0.0, 0.0]), 0.5, 1, np.array([0.2, 0.2, 0.2])).tolist()
    [1.0, 0.0, 0.2]
    """
    lack = np.maximum(1 - served, 0.0)
    since = np.flatnonzero(lack > 1e-9)
    if not len(since):
        return served
    come = np.where(np.arange(len(served)) >= since[0] + delay_days, share * lack, 0.0)
    if available_share is not None:
        come = np.minimum(come, available_share)
    return served + come
