"""The one door between a person, or a program with a key, and a wallet.

Its owner sees it, pays from it and gives keys; that of a public body only receives. Operators of the installation, who stand for the association until roles of its own
exist, open wallets and exchange euros; they never pay from somebody's wallet, nor give a key or link a telephone that would: a key of
theirs asks for payments only. A key pays from its wallet and reads its balance, asks for payments, or both, as its terms say; one that does
both also gives back what was asked and paid.
Those to whom the owner gave a seat take payments in its name: a manager also reads its statement and refunds, a cashier does not.
"""

import re
from hashlib import sha256

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ressort.web.currency.models import Key, Seat, Wallet
from ressort.web.currency.queries import prepared
from ressort.web.people.models import Person

#: what others pay to
ALIAS = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")
OWNER, OPERATOR, MANAGER, CASHIER = "owner", "operator", "manager", "cashier"
KEY_ALL, KEY_PAY, KEY_ASK = "key_all", "key_pay", "key_ask"
#: action → who may do it
WHO: dict[str, tuple[str, ...]] = {
    "see": (OWNER, OPERATOR, KEY_ALL, KEY_PAY, MANAGER),
    "pay": (OWNER, KEY_ALL, KEY_PAY),
    "load_purse": (OWNER,),
    "ask": (OWNER, MANAGER, CASHIER, KEY_ALL, KEY_ASK),
    "refund": (OWNER, MANAGER, KEY_ALL),
    "seat": (OWNER,),
    "give_key": (OWNER, OPERATOR),
    "give_key_that_pays": (OWNER,),
    "exchange": (OPERATOR,),
}


#: what nobody does with the account of a public body: the law lets it receive, its units are turned into euros
_SPENDS = frozenset(("pay", "load_purse"))


def may(who: Person | AnonymousUser | Key, action: str, wallet: Wallet) -> bool:
    """Whether somebody may do something with a wallet."""
    if action in _SPENDS and wallet.kind == Wallet.Kind.PUBLIC_BODY:
        return False
    return bool(_parts(who, wallet) & set(WHO[action]))


def _parts(who: Person | AnonymousUser | Key, wallet: Wallet) -> set[str]:
    if isinstance(who, Key):
        return {f"key_{who.scope}"} if who.is_in_force and who.wallet_id == wallet.pk else set()
    if not isinstance(who, Person) or not who.is_active:
        return set()
    parts = ({OWNER} if wallet.owner_id == who.pk else set()) | ({OPERATOR} if who.is_superuser else set())
    return parts | set(Seat.objects.filter(wallet=wallet, person=who).values_list("role", flat=True))


def may_name(who: Person | AnonymousUser, wallet: Wallet) -> bool:
    """Whether somebody may read the name behind an alias: that of an individual is for who holds an account or a till of the currency."""
    if wallet.kind != Wallet.Kind.INDIVIDUAL:
        return True
    if not isinstance(who, Person) or not who.is_active:
        return False
    mine = Wallet.objects.filter(owner=who, currency=wallet.currency)
    return who.is_superuser or mine.exists() or who.seats.filter(wallet__currency=wallet.currency).exists()


def require(who: Person | AnonymousUser | Key, action: str, wallet: Wallet) -> None:
    """Lets through, or refuses.

    Raises:
        PermissionDenied: this is neither theirs nor their role.
    """
    if not may(who, action, wallet):
        raise PermissionDenied(_("This account is not yours. Sign in with the right one, or ask the association."))


def require_operator(who: Person | AnonymousUser) -> None:
    """Lets those who run the installation through.

    Raises:
        PermissionDenied: the person does not.
    """
    if not (isinstance(who, Person) and who.is_active and who.is_superuser):
        raise PermissionDenied(_("Only those who run this site may do this."))


def digest(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode()).hexdigest()


_KEY_FIELDS = (
    "id", "wallet_id", "digest", "label", "made_by_id", "made_at", "revoked_at", "scope", "most_cents", "most_day_cents", "until",
)  # fmt: skip
_WALLET_FIELDS = ("id", "account", "currency", "alias", "name", "kind", "owner_id", "opened_at")
_KEY = (
    f"SELECT {', '.join([*(f'k.{name}' for name in _KEY_FIELDS), *(f'w.{name}' for name in _WALLET_FIELDS)])} "
    "FROM currency_key k JOIN currency_wallet w ON w.id = k.wallet_id WHERE k.digest = %s AND k.revoked_at IS NULL"
)


def key_of(given: str) -> Key | None:
    """The key that a program presents, if it is in force, with its wallet. One prepared statement: each payment begins here."""
    for row in prepared(_KEY, digest(given)):
        key = Key.from_db("default", _KEY_FIELDS, row[: len(_KEY_FIELDS)])
        key.wallet = Wallet.from_db("default", _WALLET_FIELDS, row[len(_KEY_FIELDS) :])
        return key if key.is_in_force else None
    return None


def payee_of(wallet: Wallet, alias: str) -> Wallet | None:
    """Whom an alias names, in the currency of a wallet; prepared too."""
    found = prepared(_PAYEE, alias, wallet.currency)
    return Wallet.from_db("default", _WALLET_FIELDS, found[0]) if found else None


_PAYEE = (
    "SELECT w.id, w.account, w.currency, w.alias, w.name, w.kind, w.owner_id, w.opened_at FROM currency_wallet w "
    "WHERE w.alias = %s AND w.currency = %s"
)
