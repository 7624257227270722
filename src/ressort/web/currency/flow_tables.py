"""Who pays whom, by sector and by commune, as anybody may read it: whole months, masked cells, two digits.

Tables are made once a month and kept as they were: two days compared would tell a single payment, a payment reversed would show by
what it takes away. Two digits hide what one more payment adds from a month to the next.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ressort.core.currency.measures import LEAST_MERCHANTS, Flows, Role, flows_between, two_digits_cents
from ressort.web.currency.models import Listing, Measurement

WINDOW_DAYS = 365
FIELDS = ("branch", "commune")


def of_months(currency: int, flows: Flows, accounts: NDArray[np.int64], first: date, until: date) -> dict[str, Any]:
    """The tables of the year that ends with the last whole month; those made before for that month, if they were.

    Args:
        first: day 0 of the flows. until: the day before which all is known.
    """
    month = until.replace(day=1)
    made = Measurement.objects.filter(currency=currency, content__flows__until=str(month)).first()
    if made is not None:
        kept: dict[str, Any] = made.content["flows"]
        return kept
    end = (month - first).days
    start = max(end - WINDOW_DAYS, int(flows.day[0]))
    if start >= end:
        return {}
    days = {"since": str(first + timedelta(days=start)), "until": str(month)}
    return days | {field: _table(flows, accounts, field, start, end) for field in FIELDS}


def tables(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The tables of some measures, by what they group holders by; none before a whole month."""
    flows = content.get("flows", {})
    return {field: flows[field] for field in FIELDS} if "until" in flows else {}


def _table(flows: Flows, accounts: NDArray[np.int64], field: str, start: int, end: int) -> dict[str, Any]:
    """Payments between groups of holders, those that would tell the business of a few masked."""
    known = dict(Listing.objects.filter(wallet__account__in=accounts.tolist()).values_list("wallet__account", field))
    names = np.array([known.get(one, "") or "" for one in accounts.tolist()])
    if field == "branch":
        people = np.isin(flows.role, [Role.PERSON, Role.PUBLIC])
        names = np.where(people, "people", np.where(names == "", "other", names))
    else:
        # communes where too few stand to tell anything are one
        codes, counts = np.unique(names[flows.role == Role.PROFESSIONAL], return_counts=True)
        names = np.where(np.isin(names, codes[(counts >= LEAST_MERCHANTS) & (codes != "")]), names, "")
    groups, group = np.unique(names, return_inverse=True)
    found = flows_between(flows, group.astype(np.int32), start, end)
    shown = [
        at for at in range(len(groups)) if found.cents[at, -1] or found.cents[-1, at]
    ]  # where nobody paid or was paid, nothing is told
    kept = [*shown, len(groups)]
    cells = [[two_digits_cents(int(found.cents[i, j])) if found.published[i, j] else None for j in kept] for i in kept]
    return {"groups": groups[shown].tolist(), "cents": cells}
