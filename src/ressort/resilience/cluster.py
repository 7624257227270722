"""The same runs on a Dask cluster: a part lost with its worker is played again by Dask; the numbers are the same."""

from collections.abc import Iterator
from typing import Any

from ressort.cluster import client_of
from ressort.resilience.ground import Ground
from ressort.resilience.request import Request


def parts_on_cluster(request: Request, ground: Ground, starts: list[int], scheduler: str) -> Iterator[Any]:
    """Parts as they come from the workers of a scheduler.

    Raises:
        InputError: Dask is not installed, or nobody answers at that address.
    """
    from ressort.resilience.many_runs import played_part

    with client_of(scheduler) as client:
        from distributed import as_completed

        futures = [client.submit(played_part, request, ground, start, pure=False, retries=3) for start in starts]
        for future in as_completed(futures, loop=client.loop):  # type: ignore[no-untyped-call,unused-ignore]
            yield future.result()
