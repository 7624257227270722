"""Whole cents shared out, to the last one."""

from collections.abc import Sequence

from ressort.core.errors import RuleBroken


def split_cents(whole_cents: int, weights: Sequence[int]) -> list[int]:
    """Parts in proportion to weights, that sum exactly to the whole: the largest remainders get the cents left over.

    Equal remainders are served from the first on.

    Raises:
        RuleBroken: a negative amount or weight, or no weight.

    >>> split_cents(1000, [1, 1, 1])
    [334, 333, 333]
    """
    if whole_cents < 0 or any(weight < 0 for weight in weights) or not sum(weights):
        raise RuleBroken("An amount is split by weights that are not negative, one at least above zero.")
    total = sum(weights)
    parts = [whole_cents * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(whole_cents * weights[i] % total), i))
    for i in order[: whole_cents - sum(parts)]:
        parts[i] += 1
    return parts
