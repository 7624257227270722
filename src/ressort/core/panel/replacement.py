"""When someone drops out: the question that is left, drawn again with the same guarantees."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from ressort.core.errors import InputError, RuleBroken
from ressort.core.panel.pool import Pool
from ressort.core.panel.quotas import Quota
from ressort.core.panel.types import Types, merged


def vacancy(
    pool: Pool,
    quotas: Sequence[Quota],
    seats: int,
    seated: Collection[int],
    gone: Collection[int] = (),
    household_limit: int | None = None,
) -> tuple[Pool, Types]:
    """Who may still enter, and the question for the empty seats; public numbers stay what they were.

    Args:
        seated: public numbers of those who stay. gone: of those who refused, left or may not sit.

    Raises:
        InputError: a number that nobody bears, or that is in both lists. RuleBroken: no seat is empty.
    """
    place_of = {number: place for place, number in enumerate(pool.numbers)}
    unknown = sorted({*seated, *gone} - place_of.keys())
    if unknown:
        raise InputError("No volunteer bears the number {number}.", number=unknown[0])
    both = sorted(set(seated) & set(gone))
    if both:
        raise InputError("Number {number} cannot both stay and leave.", number=both[0])
    if len(set(seated)) >= seats:
        raise RuleBroken("All {seats} seats are taken: nobody is to be replaced.", seats=seats)
    held: Counter[tuple[str, str]] = Counter()
    homes: Counter[str] = Counter()
    for number in set(seated):
        held.update(zip(pool.criteria, pool.answers[place_of[number]], strict=True))
        if pool.households and pool.households[place_of[number]]:
            homes[pool.households[place_of[number]]] += 1
    left = [place for place, number in enumerate(pool.numbers) if number not in seated and number not in gone]
    if not left:
        raise RuleBroken("Nobody is left in the pool. Invite more people.")
    rest = replace(
        pool,
        ids=tuple(pool.ids[place] for place in left),
        answers=tuple(pool.answers[place] for place in left),
        households=tuple(pool.households[place] for place in left) if pool.households else (),
        numbers=tuple(pool.numbers[place] for place in left),
    )
    still = [
        replace(
            quota,
            least=max(0, quota.least - held[quota.criterion, quota.value]),
            most=max(0, quota.most - held[quota.criterion, quota.value]),
        )
        for quota in quotas
    ]
    return rest, merged(rest, still, seats - len(set(seated)), household_limit, homes)
