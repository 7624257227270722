"""Notes by series: where they are, and that none leaves a place where it is not."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Sum
from django.utils.translation import gettext_noop as _

from ressort.core.errors import RuleBroken
from ressort.web.association import queries
from ressort.web.association.models import Decision, Deed, NoteMove, Series
from ressort.web.association.operations import plan
from ressort.web.currency.queries import sole_account

#: kinds of accounts that notes lie in, other than those of offices
PLACES = ("notes_safe", "notes_transit", "notes_circulation")


def write(deed: Deed, counts: Mapping[Series, int]) -> None:
    """The notes that a deed moves, series after series."""
    made = plan(deed.operation)
    if made.notes_leg is None:
        return
    source, target, _amount = made.legs[made.notes_leg]
    accounts = queries.accounts_for(deed.currency, {source, target}, deed.office)
    if any(series.currency != deed.currency for series in counts):
        raise RuleBroken(_("A series of another currency cannot move here."))
    NoteMove.objects.bulk_create(
        NoteMove(deed=deed, series=series, from_account=accounts[source], to_account=accounts[target], count=count)
        for series, count in counts.items()
        if count
    )


def check(deed: Deed) -> None:
    """Every note is where the deed takes it from.

    Raises:
        RuleBroken: a place holds fewer notes of a series.
    """
    moves = list(deed.notes.select_related("series"))
    list(Series.objects.select_for_update().filter(pk__in=[one.series_id for one in moves]).order_by("pk"))
    printed = sole_account(deed.currency, "notes_issue") if moves else 0
    for one in moves:
        held = count_at(one.series_id, one.from_account)
        if one.from_account != printed and held < one.count:
            raise RuleBroken(
                _("{count} notes of the series {series} are not there: {held} are."),
                count=one.count, series=one.series.name, held=held,
            )  # fmt: skip


def count_at(series: int, account: int) -> int:
    """Notes of a series in a place."""
    done = NoteMove.objects.filter(series=series, deed__decision__outcome=Decision.Outcome.DONE)
    came = done.filter(to_account=account).aggregate(n=Sum("count"))["n"] or 0
    left = done.filter(from_account=account).aggregate(n=Sum("count"))["n"] or 0
    return int(came - left)


def stocks(currency: int) -> dict[int, dict[int, int]]:
    """Notes of each series in each account: series → account → count."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    done = NoteMove.objects.filter(series__currency=currency, deed__decision__outcome=Decision.Outcome.DONE)
    for series, source, target, count in done.values_list("series", "from_account", "to_account").annotate(
        n=Sum("count")
    ):
        found[series][source] -= count
        found[series][target] += count
    return found
