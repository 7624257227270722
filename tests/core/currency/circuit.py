"""A year of a small currency, worked out on paper."""

import numpy as np

from ressort.core.currency.measures import OUTSIDE, Flow, Flows, Role

PERSON, SHOP, FARM, TOWN, HOUSE = range(5)


ROLES = [Role.PERSON, Role.PROFESSIONAL, Role.PROFESSIONAL, Role.PUBLIC, Role.ASSOCIATION]


def flows(*moves: tuple[int, Flow, int, int, int], opening: list[int] | None = None, roles: list[Role] = ROLES) -> Flows:  # fmt: skip
    """Movements told as (day, what, payer, payee, cents)."""
    columns = list(zip(*moves, strict=True)) or [()] * 5
    types = (np.int32, np.uint8, np.int32, np.int32, np.int64)
    return Flows(
        *(np.array(column, kind) for column, kind in zip(columns, types, strict=True)),
        np.array(roles, np.uint8), np.array(opening or [0] * len(roles), np.int64),
    )  # fmt: skip


#: ten days: 100 issued to a person, who pays 60 to a shop; it pays 25 to a farm, 10 of wages, 5 to the town, redeems 15, owes 2 of dues
YEAR = flows(
    (0, Flow.ISSUE, OUTSIDE, PERSON, 10_000),
    (2, Flow.PAYMENT, PERSON, SHOP, 6_000),
    (4, Flow.PAYMENT, SHOP, FARM, 2_500),
    (4, Flow.PAYMENT, SHOP, PERSON, 1_000),
    (4, Flow.PAYMENT, SHOP, TOWN, 500),
    (6, Flow.REDEMPTION, SHOP, OUTSIDE, 1_500),
    (6, Flow.OTHER, SHOP, HOUSE, 200),
)
