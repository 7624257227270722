"""Goods and scenarios spread over the workers of a Dask cluster: one market a task, the same numbers as on one machine."""

from collections.abc import Sequence

from ressort.cluster import client_of
from ressort.core.exchanges import Market, Plan, optimum


def optima(markets: Sequence[Market], scheduler: str = "") -> list[Plan]:
    """The optimum of each market, in their order: here one after the other, or on the workers of a scheduler.

    A market is a good, or the same good in another scenario. A part lost with its worker is computed again by Dask.

    Raises:
        InputError: Dask is not installed, or nobody answers at that address.
    """
    if not scheduler:
        return [optimum(market) for market in markets]
    with client_of(scheduler) as client:
        futures = [client.submit(optimum, market, pure=False, retries=3) for market in markets]
        return [future.result() for future in futures]
