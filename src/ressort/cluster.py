"""A Dask scheduler asked for work: the same parts as on one machine, the same numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ressort.core.errors import InputError

if TYPE_CHECKING:
    from distributed import Client

#: how long a scheduler is waited for
PATIENCE = "10s"


@contextmanager
def client_of(scheduler: str) -> "Iterator[Client]":
    """A client of the scheduler at that address, closed at the end.

    Raises:
        InputError: Dask is not installed, or nobody answers at that address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            "Dask is not installed: `pip install ressort[cluster]` on this machine and on the workers."
        ) from error
    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call,unused-ignore]
    except (OSError, TimeoutError) as error:
        raise InputError("Nobody answers at {address}: is the Dask scheduler started?", address=scheduler) from error
    with client:
        yield client
