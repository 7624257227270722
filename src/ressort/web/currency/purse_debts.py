"""What purses made the association lose: paid back by members, watched by the staff."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from ressort.core.currency import Leg, Request, operation
from ressort.core.errors import RuleBroken
from ressort.web.currency import access, actions, queries
from ressort.web.currency.models import Wallet
from ressort.web.currency.purse_models import Purse
from ressort.web.people.actions import note
from ressort.web.people.models import Person

_PAY = operation("pay_member")


@transaction.atomic
def repay(by: Person, wallet: Wallet, purse_id: int) -> int:
    """Pays back what a purse made the association lose: the member, from the account; tells the cents, which are set aside again.

    Raises:
        RuleBroken: nothing is owed, or the account does not hold that much.
    """
    access.require(by, "load_purse", wallet)
    purse = Purse.objects.select_for_update().filter(pk=purse_id, wallet=wallet, debt_cents__gt=0).first()
    if purse is None:
        raise RuleBroken("Nothing is owed for this purse.")
    owed_cents = purse.debt_cents
    leg = Leg(_PAY, wallet.account, queries.sole_account(wallet.currency, "offline_guarantee"), owed_cents)
    actions.require(actions.submit(Request(uuid4(), (leg,), by.pk)))
    purse.debt_cents = 0
    purse.save(update_fields=["debt_cents"])
    note(by, "repay_purse", f"wallet:{wallet.pk}")
    return owed_cents


def at_desk(currency: int) -> dict[str, Any]:
    """What the staff watches of purses: how many are out, what is held and set aside, what is owed, and those that are revoked."""
    all_of_it = Purse.objects.filter(currency=currency)
    out = list(all_of_it.filter(closed_at__isnull=True).values_list("hold_account", flat=True))
    ended = (Purse.State.CAUGHT, Purse.State.LOST, Purse.State.SURRENDERED)
    revoked_ones = all_of_it.filter(Q(state__in=ended) | Q(debt_cents__gt=0)).select_related("wallet")
    return {
        "in_use": all_of_it.filter(state=Purse.State.IN_USE).count(),
        "held_cents": sum(queries.held_cents(one) for one in out),
        "guarantee_cents": queries.held_cents(queries.sole_account(currency, "offline_guarantee")),
        "debt_cents": all_of_it.aggregate(all=Sum("debt_cents"))["all"] or 0,
        "rows": revoked_ones.annotate(
            forks=Count("payments", filter=Q(payments__is_forked=True)),
            covered_cents=Coalesce(Sum("payments__from_guarantee_cents"), 0),
        )[:200],
    }
