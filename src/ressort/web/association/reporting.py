"""What became of the units of a programme: its fund in the ledger, its months, the places where they were spent.

euros ─paid in─▶ fund ─paid─▶ people ─┬─ spent where they are accepted
                  ▲                   ├─ kept
                  └───────────────────┴─ not spent in time
"""

import csv
import io
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from ressort.core.spreadsheet import units
from ressort.web.association import public, queries
from ressort.web.association.euro_transfers import PAID
from ressort.web.association.models import Programme
from ressort.web.currency.models import Earmark
from ressort.web.currency.queries import held_cents

_MOVED = (
    "SELECT o.code, sum(CASE WHEN t.credit_account = %(pot)s THEN t.amount_cents ELSE -t.amount_cents END)::bigint FROM ledger.transfer t "
    "JOIN ledger.operation o ON o.id = t.operation WHERE (t.credit_account = %(pot)s OR t.debit_account = %(pot)s) AND t.state = 1 GROUP BY 1"
)
_SPENT = (
    "SELECT t.credit_account, sum(u.cents)::bigint FROM currency_earmarkuse u JOIN currency_earmark e ON e.id = u.earmark_id "
    "JOIN ledger.transfer t ON t.id = u.transfer WHERE e.purpose_id = %(purpose)s GROUP BY 1 ORDER BY 2 DESC, 1"
)


@dataclass(frozen=True, slots=True)
class Report:
    """Cents since the first day. What was reversed counts for nothing.

    Args:
        months: first day, people paid, local units, euros; the newest first. places: where units kept for a purpose were spent, and how much.
        shared: other programmes of the same fund, opened before each had its own; what the fund tells is then of all of them.
    """

    paid_in_cents: int
    paid_cents: int
    returned_cents: int
    held_cents: int
    kept_cents: int
    left_cents: int
    months: tuple[tuple[date, int, int, int], ...]
    places: tuple[tuple[str, int], ...]
    shared: tuple[str, ...]

    @property
    def spent_cents(self) -> int:
        """Spent at all these places."""
        return sum(cents for _name, cents in self.places)


def of(programme: Programme) -> Report:
    """The report of a programme, as things stand."""
    moved = dict(_rows(_MOVED, pot=programme.pot))
    spent = _rows(_SPENT, purpose=programme.purpose_id)
    names = {account: one.name for account, one in queries.named(account for account, _cents in spent).items()}
    kept = Earmark.objects.filter(purpose=programme.purpose_id or 0).aggregate(all=Sum("left_cents"))["all"] or 0
    others = Programme.objects.filter(pot=programme.pot).exclude(pk=programme.pk)
    return Report(
        moved.get("fund_allowance", 0), -moved.get("pay_allowance", 0), moved.get("expire_allowance", 0), held_cents(programme.pot), kept,
        programme.budget_cents - public.spent_cents(programme), months(programme),
        tuple((names.get(account) or _("an account closed since"), cents) for account, cents in spent),
        tuple(others.values_list("name", flat=True)),
    )  # fmt: skip


def months(programme: Programme) -> tuple[tuple[date, int, int, int], ...]:
    """The months paid, the newest first: first day, people, local units, euros."""
    found = programme.allowances.filter(PAID).values_list("period").order_by("-period")
    return tuple(found.annotate(Count("pk"), Sum("local_cents"), Sum("euro_cents")))


def table(programme: Programme) -> str:
    """The months as CSV."""
    made = io.StringIO()
    rows = csv.writer(made, delimiter=";", lineterminator="\r\n")
    rows.writerow([_("month"), _("people paid"), _("local units"), _("euros")])
    for period, people, *sums in months(programme):
        rows.writerow([period.isoformat(), people, *map(units, sums)])
    return made.getvalue()


def _rows(statement: str, **given: object) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()
