"""When an agreement may go to another state: its balance before it is proposed, the calendar, a reason to terminate."""

from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.core.exchanges import mends
from ressort.web.exchanges import agreements
from ressort.web.exchanges.models import Agreement


def check_time(held: Agreement, to: str, why: str) -> None:
    """Checks that the agreement may go to that state today.

    Raises:
        RuleBroken: it is out of balance, it is not its time, or the reason is missing or out of place.
    """
    year = timezone.localdate().year
    if to == Agreement.State.PROPOSED:
        _check_balance(held)
    if to == Agreement.State.RUNNING and year < held.first_year:
        raise RuleBroken("The agreement starts in {year}: it is not in force before.", year=str(held.first_year))
    if to == Agreement.State.ENDED and year <= held.last_year:
        raise RuleBroken(
            "The agreement runs until the end of {year}. Terminate it to leave before, and say why.",
            year=str(held.last_year),
        )
    if to == Agreement.State.TERMINATED and not why.strip():
        raise RuleBroken("Say why the agreement is terminated.")
    if to != Agreement.State.TERMINATED and why.strip():
        raise RuleBroken("A reason is given only to terminate.")


def _check_balance(held: Agreement) -> None:
    """An agreement out of balance is not proposed: the year, the party, how much, and a line that could mend it."""
    lines = agreements.promised(held)
    if not lines:
        raise RuleBroken("The agreement promises nothing yet: add a line.")
    for balance in agreements.balances_of(held, lines):
        if balance.holds:
            continue
        side, ways = balance.worst, mends(balance, lines, held.tolerance_bp)
        facts = {
            "year": str(balance.year),
            "party": side.party,
            "gap_cents": abs(side.net_cents),
            "over_cents": side.over_cents,
        }
        if not ways:
            raise RuleBroken(
                "Out of balance in {year}: {party} gives and receives amounts {gap_cents} apart, {over_cents} beyond the tolerance. Add a line the other way.",
                **facts,
            )  # fmt: skip
        raise RuleBroken(
            "Out of balance in {year}: {party} gives and receives amounts {gap_cents} apart, {over_cents} beyond the tolerance. "
            "The line “{line}” alone would mend it with {change_cents} a year more or less.",
            line=lines[ways[0].line].name, change_cents=abs(ways[0].change_cents), **facts,
        )  # fmt: skip
