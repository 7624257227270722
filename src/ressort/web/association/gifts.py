"""Gifts: a part of what members convert goes to the associations that they sponsor.

euros turned into units, day after day ─part─▶ the association sponsored, if enough members sponsor it
                                       └─────▶ else a common fund, shared among those by their sponsors; it waits while there are none
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency import operation
from ressort.core.currency.association import COMMON_POT, Conversion, gifts_cents, pot_shared_cents
from ressort.core.errors import RuleBroken
from ressort.web.association import access, deeds, queries
from ressort.web.association.models import Decision, Deed, Gifts, Member, Rules
from ressort.web.currency.models import Wallet
from ressort.web.people.actions import note
from ressort.web.people.models import Person

_CONVERTED = [operation("exchange_to_digital_online"), operation("exchange_to_digital_at_office")]
#: what was reversed was not converted
_CONVERSIONS = (
    "SELECT t.credit_account, t.effective_on, t.amount_cents::bigint FROM ledger.transfer t "
    "JOIN ledger.account a ON a.id = t.credit_account JOIN ledger.kind k ON k.id = a.kind AND k.code = 'member' "
    "WHERE a.currency = %s AND t.state = 1 AND t.operation = ANY(%s) AND t.effective_on >= %s AND t.effective_on < %s "
    "AND t.credit_account <> %s AND t.reverses IS NULL AND NOT EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses = t.id)"
)


@dataclass(frozen=True, slots=True)
class Owed:
    """What the conversions of some days owe: to each association, with its sponsors; and what waits in the common fund."""

    since: date
    until: date
    shares: tuple[tuple[Wallet, int, int], ...]
    left_cents: int

    @property
    def total_cents(self) -> int:
        """What would be given."""
        return sum(cents for _wallet, _sponsors, cents in self.shares)


def last(currency: int) -> Gifts | None:
    """The last days for which gifts were decided."""
    return Gifts.objects.filter(currency=currency).first()


def _back_cents(before: Gifts | None) -> int:
    """What the last gifts left in the common fund: what waited, and what somebody refused."""
    if before is None:
        return 0
    refused = before.deeds.filter(decision__outcome=Decision.Outcome.REFUSED)
    return before.left_cents + (refused.aggregate(cents=Sum("amount_cents"))["cents"] or 0)


def owed(currency: int, since: date, until: date) -> Owed:
    """What is owed for the days from one to another, the last left out."""
    rules, before = queries.rules(currency), last(currency)
    chosen = {
        one.wallet.account: one.sponsors
        for one in Member.objects.filter(wallet__currency=currency, sponsors__isnull=False).select_related("wallet", "sponsors")
    }  # fmt: skip
    sponsored = {str(one.pk): one for one in chosen.values() if one}
    sponsors = Counter(str(one.pk) for one in chosen.values() if one)
    with connection.cursor() as cursor:
        cursor.execute(
            _CONVERSIONS, [currency, _CONVERTED, since, until, rules.association.account if rules.association else 0]
        )
        made = [Conversion(day, cents, str(one.pk) if (one := chosen.get(account)) else "") for account, day, cents in cursor.fetchall()]  # fmt: skip
    found = gifts_cents(made, sponsors, rules.gift_bp, rules.gift_least_sponsors)
    pot = found.pop(COMMON_POT, 0) + _back_cents(before)
    weights = {key: count for key, count in sorted(sponsors.items()) if count >= rules.gift_least_sponsors}
    more = pot_shared_cents(pot, weights) if weights else {}
    shares = [(sponsored[key], sponsors[key], found.get(key, 0) + more[key]) for key in weights]
    return Owed(since, until, tuple(one for one in shares if one[2]), 0 if weights else pot)


@transaction.atomic
def give(by: Person, currency: int, since: date, until: date) -> list[Deed]:
    """Asks for the gifts of some days, each an operation of the journal, once.

    Raises:
        RuleBroken: these days are not over or were decided already; gifts before wait for somebody; the association does not hold as much.
    """
    access.require(by, "operate", currency)
    Rules.objects.select_for_update().filter(currency=currency).first()
    before = last(currency)
    if until > timezone.localdate() or until <= since or (before is not None and since != before.until):
        raise RuleBroken(_("Gifts are decided once for days that are over, from where the last ones ended."))
    if before is not None and before.deeds.filter(decision__isnull=True).exists():
        raise RuleBroken(
            _(
                "Gifts of the days before still wait for somebody else to agree or refuse: what is refused is shared again."
            )
        )
    found = owed(currency, since, until)
    reason = f"{since} – {until}"
    made = [deeds.ask(by, currency, deeds.Asked("donation_in_local", uuid4(), cents, wallet=one, reason=reason)) for one, _count, cents in found.shares]  # fmt: skip
    days = Gifts.objects.create(currency=currency, since=since, until=until, left_cents=found.left_cents, made_by=by)
    days.deeds.set(made)
    note(by, "give", f"currency:{currency} {reason} {found.total_cents}")
    return made
