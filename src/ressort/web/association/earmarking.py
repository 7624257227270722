"""The units of an allowance, kept for the purpose of its programme once the ledger has paid them."""

from datetime import timedelta

from django.utils import timezone

from ressort.web.association.models import Allowance, Deed
from ressort.web.currency import earmarks
from ressort.web.currency.models import Wallet


def keep(deed: Deed) -> None:
    """Keeps what a deed paid, if it is an allowance for a purpose."""
    paid = Allowance.objects.filter(deed=deed).select_related("programme__purpose").first()
    if paid is None or paid.programme.purpose is None or not hasattr(deed, "decision"):
        return
    wallet = Wallet.objects.get(account=paid.account)
    until = timezone.localdate() + timedelta(days=paid.programme.expiry_days or 0)
    earmarks.set_aside(paid.programme.purpose, wallet, deed.decision.first_transfer, paid.local_cents, until)


def forget(deed: Deed) -> None:
    """Forgets the month that a deed would have paid: it was refused, and may be asked for again."""
    Allowance.objects.filter(deed=deed).delete()


def let_go(deed: Deed) -> None:
    """Lets go of what a deed had paid, when it is about to be reversed."""
    if deed.reverses is not None and deed.operation == "pay_allowance":
        earmarks.release(deed.reverses.decision.first_transfer)
