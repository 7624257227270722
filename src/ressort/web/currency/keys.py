"""What a key of a program may do: pay or be paid, how much at once and in a day, until when. Without terms, all its wallet may."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.web.currency.models import Key, KeySpending


@dataclass(frozen=True, slots=True)
class Terms:
    """What the holder of an account lets a program do."""

    scope: str = Key.Scope.ALL
    most_cents: int | None = None
    most_day_cents: int | None = None
    until: date | None = None

    def require_sound(self) -> None:
        """Lets sensible terms through.

        Raises:
            RuleBroken: they end before today, or let a day pay less than one payment.
        """
        if self.until is not None and self.until < timezone.localdate():
            raise RuleBroken("The last day of a key is today at the earliest: {day} is past.", day=str(self.until))
        if self.most_cents and self.most_day_cents and self.most_day_cents < self.most_cents:
            raise RuleBroken("A day lets at least one payment through: the most of a day is under the most of one payment.")  # fmt: skip


@contextmanager
def spending(key: Key, request: UUID, amount_cents: int) -> Iterator["Spending"]:
    """Counts a payment of a key before it is made, under a lock; what the ledger refused is given back. Sent again, it counts once.

    Raises:
        RuleBroken: above what the key may pay at once, or in a day.
    """
    if key.most_cents is not None and amount_cents > key.most_cents:
        raise RuleBroken("This key pays {most_cents} at most at once.", reason="key_most", most_cents=key.most_cents)
    spent = Spending(_counted(key, request, amount_cents) if key.most_day_cents is not None else None)
    yield spent
    if spent.counted is not None and not spent.was_paid:
        KeySpending.objects.filter(pk=spent.counted).delete()


@dataclass(slots=True)
class Spending:
    """A payment under way: the caller tells when the ledger accepted it. `counted` is None when it needs no count of its own."""

    counted: int | None
    was_paid: bool = False


@transaction.atomic
def _counted(key: Key, request: UUID, amount_cents: int) -> int | None:
    """The number of the line just written; None when this very request was counted before."""
    Key.objects.select_for_update().get(pk=key.pk)
    if KeySpending.objects.filter(key=key, request=request).exists():
        return None
    today = timezone.localdate()
    so_far = KeySpending.objects.filter(key=key, day=today).aggregate(cents=Sum("amount_cents"))["cents"] or 0
    assert key.most_day_cents is not None
    if so_far + amount_cents > key.most_day_cents:
        raise RuleBroken(
            "This key pays {most_cents} at most in a day, and has paid {paid_cents} today.",
            reason="key_most_day", most_cents=key.most_day_cents, paid_cents=so_far,
        )  # fmt: skip
    return KeySpending.objects.create(key=key, request=request, day=today, amount_cents=amount_cents).pk
