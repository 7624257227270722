"""Whether a programme is guaranteed by local production: what the places that take its units sold for local units, as the ledger measured it.

places that take the units ─payments they received, a year─▶ sold a month ≥ local units paid a month ?
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from ressort.core.currency.allowances import parts
from ressort.core.currency.association import part_cents
from ressort.web.association.models import Programme
from ressort.web.association.public import month_cents, stays
from ressort.web.currency.closing import LEAST_DAYS
from ressort.web.currency.days import RECEIVED
from ressort.web.currency.earmarks import TAKERS, accepted_shares
from ressort.web.currency.models import Wallet
from ressort.web.currency.public import commune_name

WINDOW_DAYS = 365
#: what was reversed was not sold
_SALES = (
    "SELECT t.credit_account, sum(t.amount_cents), min(t.effective_on) FROM ledger.transfer t WHERE t.credit_account = ANY(%s) AND t.state = 1 "
    "AND t.operation = ANY(%s) AND t.effective_on >= %s AND t.effective_on < %s AND t.reverses IS NULL "
    "AND NOT EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses = t.id) GROUP BY t.credit_account"
)


@dataclass(frozen=True, slots=True)
class Seller:
    """A place that takes the units of a programme: its commune where it is told, what it sold a month as far as these units may pay it."""

    name: str
    place: str
    cents: int


@dataclass(frozen=True, slots=True)
class Paid:
    """People of a commune, and the local units that a month pays them in all."""

    place: str
    people: int
    cents: int


@dataclass(frozen=True, slots=True)
class Cover:
    """What was sold a month over so many days, by those who sold most first; what a month pays in local units, by commune."""

    sellers: tuple[Seller, ...]
    days: int
    paid: tuple[Paid, ...]

    @property
    def paid_cents(self) -> int:
        """Local units that a month pays."""
        return sum(one.cents for one in self.paid)

    @property
    def people(self) -> int:
        """People whom a month pays."""
        return sum(one.people for one in self.paid)

    @property
    def sold_cents(self) -> int:
        """Sold a month for local units, as far as these units may pay it."""
        return sum(one.cents for one in self.sellers)

    @property
    def missing_cents(self) -> int:
        """What a month lacks to be covered; 0 when it is."""
        return max(self.paid_cents - self.sold_cents, 0)

    #: days of payments that mean something
    least_days = LEAST_DAYS

    @property
    def is_short(self) -> bool:
        """Whether the ledger is too young for a month of sales to mean something."""
        return self.days < self.least_days

    @property
    def times(self) -> float | None:
        """Sales over payments; None when nobody is paid."""
        return self.sold_cents / self.paid_cents if self.paid_cents else None


def measured(programme: Programme, today: date) -> Cover:
    """The cover of a month of a programme, by the payments of the year before a day, or since the first of them."""
    takers = Wallet.objects.filter(currency=programme.currency, kind__in=TAKERS)
    taken = accepted_shares(programme.purpose_id, takers)
    since = today - timedelta(WINDOW_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_SALES, [list(taken), RECEIVED, since, today])
        rows = cursor.fetchall()
    days = max((today - min((row[2] for row in rows), default=today)).days, 1)
    known = Wallet.objects.filter(account__in=[row[0] for row in rows]).select_related("listing")
    where = {one.account: (one.name, _place(one)) for one in known}
    sold = [
        Seller(*where[account], part_cents(int(cents) * WINDOW_DAYS // (12 * days), taken[account]))
        for account, cents, _first in rows
    ]
    return Cover(
        tuple(sorted(sold, key=lambda one: (-one.cents, one.name))), days if rows else 0, _paid(programme, today)
    )


def _paid(programme: Programme, today: date) -> tuple[Paid, ...]:
    """Those whom a month pays, by commune; those of whom none is told last."""
    found: dict[str, list[int]] = defaultdict(list)
    for one in stays(programme, today):
        if one.left_on is None or one.left_on > today:
            found[_place(one.wallet)].append(parts(month_cents(programme, one), programme.local_bp).local_cents)
    return tuple(
        Paid(place, len(cents), sum(cents)) for place, cents in sorted(found.items(), key=lambda row: (not row[0], row))
    )


def _place(wallet: Wallet) -> str:
    """The commune of an account, by its name; empty when it is not told."""
    listing = getattr(wallet, "listing", None)
    return commune_name(listing.commune) if listing is not None and listing.commune else ""
