"""Who looks at a computation under way, and may stop it: whatever a watch raises ends the computation, and nothing of it is kept."""

from collections.abc import Callable

#: told at each step of a computation: how many steps are done, and the lowest reduced cost met, nan where a step has none
Watch = Callable[[int, float], None]


def unwatched(_step: int, _least_km: float) -> None:
    """A watch that looks away."""
