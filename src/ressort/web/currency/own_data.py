"""What a currency holds of a person, given whole to that person: accounts with every movement, purses, seats, keys, telephones."""

from typing import Any

from ressort.web.currency import earmarks, queries
from ressort.web.currency.models import Wallet
from ressort.web.people.models import Person

#: movements of an account in one file
_MOST = 1_000_000


def of_person(person: Person) -> list[dict[str, Any]]:
    """The accounts of a person, then those where it holds a seat, of which it is told the role only."""
    mine = [_whole(one) for one in Wallet.objects.filter(owner=person)]
    seats = [
        {"account": one.wallet.alias, "role": one.role, "given_at": one.given_at.isoformat()}
        for one in person.seats.select_related("wallet")
    ]
    return mine + seats


def _whole(wallet: Wallet) -> dict[str, Any]:
    held_cents, available_cents = queries.balance_cents(wallet)
    return {
        "account": wallet.alias, "name": wallet.name, "kind": wallet.kind, "currency": queries.code_of(wallet.currency),
        "opened_at": wallet.opened_at.isoformat(), "balance_cents": held_cents, "available_cents": available_cents,
        "movements": [
            {
                "transfer": line.transfer, "at": line.at.isoformat(), "operation": line.operation, "amount_cents": line.amount_cents,
                "balance_after_cents": line.after_cents, "with": line.other.name if line.other else None, "label": line.label,
            }
            for line in queries.statement(wallet, count=_MOST)
        ],
        "purses": [
            {
                "opened_at": one.opened_at.isoformat(), "loaded_cents": one.cap_cents, "state": one.state, "expires_on": str(one.expires_on),
                "device_key": one.device_key, "debt_cents": one.debt_cents,
            }
            for one in wallet.purses.all()
        ],
        "kept_for": [
            {"purpose": one.purpose.name, "amount_cents": one.cents, "until": str(one.expires_on)} for one in earmarks.kept(wallet)
        ],
        "keys": [
            {
                "label": one.label, "made_at": one.made_at.isoformat(), "scope": one.scope, "most_cents": one.most_cents,
                "most_day_cents": one.most_day_cents, "until": str(one.until or ""),
            }
            for one in wallet.keys.all()
        ],
        "telephones": [one.number for one in wallet.telephones.all()],
    }  # fmt: skip
