"""When someone drops out: the substitutes that the draw named, then the question that is left, drawn again."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import sha256

from ressort.core.errors import InputError, RuleBroken
from ressort.core.panel.pool import Pool
from ressort.core.panel.quotas import Quota
from ressort.core.panel.types import Types, merged


def substitutes(panels: Sequence[Sequence[int]], drawn: int, seal: str, count: int) -> list[int]:
    """The first `count` people out of the panel drawn, in the order in which the numbered panels after it name them.

    The panel after the one drawn is as likely as any: its people are drawn by the very same lottery. Within a panel
    hashes give the order. The last panel is followed by the first.

    Args:
        seal: root of the numbered panels, known before the draw.

    >>> substitutes([[1, 2], [1, 3], [2, 4]], 0, "", 9)
    [3, 4]
    """
    found: dict[int, None] = dict.fromkeys(panels[drawn])
    wanted = len(found) + count
    for step in range(1, len(panels)):
        place = (drawn + step) % len(panels)
        mark = f"{seal}\0reserve\0{place}\0"
        found.update(dict.fromkeys(sorted(panels[place], key=lambda who: sha256(f"{mark}{who}".encode()).digest())))
        if len(found) >= wanted:
            break
    return list(found)[len(panels[drawn]) : wanted]


def first_fit(
    pool: Pool,
    quotas: Sequence[Quota],
    seated: Collection[int],
    leaver: int,
    reserves: Sequence[int],
    household_limit: int | None = None,
) -> int | None:
    """The first of the reserves who, in the place of one that leaves, breaks no quota and no household limit.

    Args:
        seated: public numbers of one person a seat, whoever leaves included.
    """
    place_of = {number: place for place, number in enumerate(pool.numbers)}
    others = [place_of[number] for number in seated if number != leaver]
    held = Counter(pair for place in others for pair in zip(pool.criteria, pool.answers[place], strict=True))
    homes = Counter(pool.households[place] for place in others if pool.households)

    def fits(number: int) -> bool:
        place = place_of[number]
        counts = held + Counter(zip(pool.criteria, pool.answers[place], strict=True))
        home = pool.households[place] if pool.households else ""
        crowded = household_limit is not None and home and homes[home] >= household_limit
        within = all(quota.least <= counts[quota.criterion, quota.value] <= quota.most for quota in quotas)
        return within and not crowded

    return next((number for number in reserves if number in place_of and number not in seated and fits(number)), None)


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
