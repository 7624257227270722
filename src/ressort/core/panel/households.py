"""People chosen from households alike, so many of each type, no household above its limit: a flow, always whole.

Source → each type (so many wanted) → each household (as many as live there) → sink (the limit). Kept simple: people
enter by rank, and when a type finds no household with room, a chain of exchanges makes some.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any


def spread(
    wanted: dict[int, int],
    homes: Sequence[Sequence[int]],
    kind_of: dict[int, int],
    limit: int,
    rank: Callable[[int], Any],
) -> list[int]:
    """The people chosen: `wanted` of each kind, at most `limit` of one household, lowest ranks first where possible."""
    home_of = {person: home for home, people in enumerate(homes) for person in people}
    by_kind: dict[int, list[int]] = defaultdict(list)
    for person in sorted(home_of, key=rank):
        by_kind[kind_of[person]].append(person)
    chosen: dict[int, set[int]] = {home: set() for home in range(len(homes))}
    # the kinds asked most in proportion enter first: fewer exchanges
    for kind in sorted(wanted, key=lambda k: (-wanted[k] / max(1, len(by_kind[k])), k)):
        for _place in range(wanted[kind]):
            assert _enter(kind, by_kind, home_of, kind_of, chosen, limit, set()), "a panel no household can hold"
    return sorted(person for people in chosen.values() for person in people)


def _enter(
    kind: int,
    by_kind: dict[int, list[int]],
    home_of: dict[int, int],
    kind_of: dict[int, int],
    chosen: dict[int, set[int]],
    limit: int,
    visited: set[int],
) -> bool:
    """Seats one more person of a kind, moving others of the households in the way if need be."""
    candidates = [person for person in by_kind[kind] if person not in chosen[home_of[person]]]
    for person in candidates:
        if len(chosen[home_of[person]]) < limit:
            chosen[home_of[person]].add(person)
            return True
    for person in candidates:
        home = home_of[person]
        if home in visited:
            continue
        visited.add(home)
        for other in sorted(chosen[home]):
            chosen[home].remove(other)
            chosen[home].add(person)
            if _enter(kind_of[other], by_kind, home_of, kind_of, chosen, limit, visited):
                return True
            chosen[home].remove(person)
            chosen[home].add(other)
    return False
