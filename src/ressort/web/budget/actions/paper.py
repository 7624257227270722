"""Paper ballots: keyed twice, by two people, and put in the box when both say the same."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.web.budget.actions.voting import checked
from ressort.web.budget.models import Ballot, Campaign, Method, PaperBatch, PaperEntry, Signature
from ressort.web.people import access
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@transaction.atomic
def open_batch(by: Person, campaign: Campaign, station: str) -> PaperBatch:
    """The ballots of a polling place."""
    access.require(by, "key_ballots", campaign.key)
    if campaign.stage not in ("study", "vote", "count") or campaign.sealed_at:
        raise RuleBroken("A polling place is opened from the study of ideas on, until the box is sealed.")
    batch, _made = PaperBatch.objects.get_or_create(campaign=campaign, station=station.strip())
    note(by, "open_batch", f"batch:{batch.pk}")
    return batch


@transaction.atomic
def print_series(by: Person, batch: PaperBatch, first: int, count: int) -> None:
    """Notes that ballots of these numbers are printed: none above the highest is keyed.

    Raises:
        RuleBroken: the batch is closed, or the numbers leave a gap after those printed before.
    """
    access.require(by, "key_ballots", batch.campaign.key)
    held = PaperBatch.objects.select_for_update().get(pk=batch.pk)
    if held.closed_at:
        raise RuleBroken("This batch is closed: its ballots are in the box.")
    if not 1 <= first <= held.printed + 1:
        raise RuleBroken("The next series begins at number {next}, or before to print ballots again.", next=held.printed + 1)  # fmt: skip
    held.printed = max(held.printed, first + count - 1)
    held.save(update_fields=["printed"])
    note(by, "print_series", f"batch:{held.pk} {first}-{first + count - 1}")


def key_entry(
    by: Person, batch: PaperBatch, number: int, keying: int, choices: dict[int, int], invalid: str
) -> PaperEntry:
    """One paper ballot as one person reads it; keyed again, it replaces what the same person keyed.

    Raises:
        RuleBroken: the batch is closed, the same person would key both times, a valid ballot breaks the rules.
    """
    access.require(by, "key_ballots", batch.campaign.key)
    told = [] if invalid else checked(batch.campaign, choices)
    try:
        with transaction.atomic():
            return _key(by, batch, number, keying, {"choices": told, "invalid": invalid})
    except IntegrityError as error:
        raise RuleBroken("Somebody else is keying this ballot. Open the page again.") from error


def _key(by: Person, batch: PaperBatch, number: int, keying: int, told: dict[str, Any]) -> PaperEntry:
    held = PaperBatch.objects.select_for_update().get(pk=batch.pk)
    if held.closed_at:
        raise RuleBroken("This batch is closed: its ballots are in the box.")
    if batch.campaign.stage not in ("vote", "count"):
        raise RuleBroken("Paper ballots are keyed from the opening of the vote until the box is sealed.")
    if held.printed and number > held.printed:
        raise RuleBroken("No ballot of this place bears the number {number}: they go up to {most}.", number=number, most=held.printed)  # fmt: skip
    entries = {entry.keying: entry for entry in held.entries.filter(number=number)}
    other, mine = entries.get(3 - keying), entries.get(keying)
    if (other and other.keyed_by_id == by.pk) or (mine and mine.keyed_by_id != by.pk):
        raise RuleBroken("Two different people key a ballot, each once. Ask a colleague for the other entry.")
    entry, _made = PaperEntry.objects.update_or_create(
        batch=held, number=number, keying=keying, defaults=told | {"keyed_by": by}
    )
    return entry


@transaction.atomic
def close_batch(by: Person, batch: PaperBatch) -> int:
    """Puts the valid ballots of a batch in the box; tells how many.

    Raises:
        RuleBroken: an entry is missing or differs, or there are more ballots than signatures.
    """
    access.require(by, "key_ballots", batch.campaign.key)
    held = PaperBatch.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=batch.pk)
    if held.closed_at:
        raise RuleBroken("This batch is closed: its ballots are in the box.")
    apart = differences(held)
    if apart:
        raise RuleBroken("These ballots are not keyed twice alike: {numbers}.", numbers=apart)
    entries = list(held.entries.filter(keying=1))
    signed = Signature.objects.filter(
        elector__campaign=held.campaign, method=Method.PAPER, station=held.station
    ).count()
    if len(entries) > signed:
        raise RuleBroken(
            "There are {ballots} paper ballots for {signatures} signatures in this place. Look for the difference first.",
            ballots=len(entries),
            signatures=signed,
        )
    valid = [entry for entry in entries if not entry.invalid]
    ballots = [Ballot(campaign=held.campaign, method=Method.PAPER, choices=entry.choices) for entry in valid]
    Ballot.objects.bulk_create(sorted(ballots, key=lambda one: one.pk))
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    note(by, "close_batch", f"batch:{held.pk} {len(valid)}")
    return len(valid)


def differences(batch: PaperBatch) -> list[int]:
    """Numbers of the ballots keyed once, or twice differently."""
    read: dict[int, list[Any]] = {}
    for entry in batch.entries.all():
        read.setdefault(entry.number, []).append((entry.choices, entry.invalid))
    return sorted(number for number, both in read.items() if len(both) != 2 or both[0] != both[1])
