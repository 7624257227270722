"""The same runs on a Dask cluster: a part lost with its worker is played again by Dask; the numbers are the same."""

from collections.abc import Iterator
from typing import Any

from ressort.core.errors import InputError
from ressort.resilience.ground import Ground
from ressort.resilience.request import Request

#: how long a scheduler is waited for
PATIENCE = "10s"


def parts_on_cluster(request: Request, ground: Ground, starts: list[int], scheduler: str) -> Iterator[Any]:
    """Parts as they come from the workers of a scheduler.

    Raises:
        InputError: Dask is not installed, or nobody answers at that address.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise InputError(
            "Dask is not installed: `pip install ressort[cluster]` on this machine and on the workers."
        ) from error
    from ressort.resilience.many_runs import played_part

    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call,unused-ignore]
    except (OSError, TimeoutError) as error:
        raise InputError("Nobody answers at {address}: is the Dask scheduler started?", address=scheduler) from error
    with client:
        futures = [client.submit(played_part, request, ground, start, pure=False, retries=3) for start in starts]
        for future in as_completed(futures, loop=client.loop):  # type: ignore[no-untyped-call,unused-ignore]
            yield future.result()
