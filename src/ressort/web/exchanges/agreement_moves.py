"""When an agreement may go to another state: its balance before it is proposed, the calendar, a reason to terminate."""

from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.core.exchanges import Promised, mends
from ressort.web.exchanges import agreements
from ressort.web.exchanges.models import Agreement


def check_time(held: Agreement, to: str, why: str) -> None:
    """Checks that the agreement may go to that state today.

    Raises:
        RuleBroken: it is out of balance, it is not its time, or the reason is missing or out of place.
    """
    year = timezone.localdate().year
    if to == Agreement.State.PROPOSED:
        lines = agreements.promised(held)
        _check_agreed(lines)
        _check_balance(held, lines)
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


def _check_agreed(lines: list[Promised]) -> None:
    """What is signed says what is given: nothing stays to be agreed on."""
    if not lines:
        raise RuleBroken("The agreement promises nothing yet: add a line.")
    open_words = agreements.to_agree_on()
    still_open = [line.name for line in lines if line.name in open_words]
    if still_open:
        raise RuleBroken(
            "The line “{line}” is still to be agreed on: write what is given, then propose the agreement.", line=still_open[0]
        )  # fmt: skip


def _check_balance(held: Agreement, lines: list[Promised]) -> None:
    """An agreement out of balance is not proposed: the year, the party, how much, and a line that could mend it."""
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
        facts |= {"line": lines[ways[0].line].name, "change_cents": abs(ways[0].change_cents)}
        if ways[0].change_cents > 0:
            raise RuleBroken(
                "Out of balance in {year}: {party} gives and receives amounts {gap_cents} apart, {over_cents} beyond the tolerance. "
                "The line “{line}” alone would mend it with {change_cents} more a year.", **facts,
            )  # fmt: skip
        raise RuleBroken(
            "Out of balance in {year}: {party} gives and receives amounts {gap_cents} apart, {over_cents} beyond the tolerance. "
            "The line “{line}” alone would mend it with {change_cents} less a year.", **facts,
        )  # fmt: skip
