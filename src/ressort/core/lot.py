"""A lot drawn by public words: an order of names that nobody can choose and anybody can draw again."""

from collections.abc import Iterable
from hashlib import sha256


def drawn_order(names: Iterable[str], words: str) -> tuple[str, ...]:
    """Names sorted by the SHA-256 of `words|name`.

    >>> drawn_order(["a", "b", "c"], "4 8 15")
    ('c', 'a', 'b')
    """
    return tuple(sorted(names, key=lambda name: (sha256(f"{words}|{name}".encode()).hexdigest(), name)))
