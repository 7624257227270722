"""The operations as people call them on a statement; what marks a file of a currency that is not real."""

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ressort.web.currency.models import Standing
from ressort.web.currency.queries import Line, standing

OPERATIONS = {
    "pay_member": lazy("payment"),
    "exchange_to_digital_online": lazy("exchange of euros"),
    "exchange_to_digital_at_office": lazy("exchange of euros at an office"),
    "redeem_digital": lazy("redemption in euros"),
    "deposit_notes": lazy("deposit of notes"),
    "withdraw_notes": lazy("withdrawal in notes"),
    "dues_digital": lazy("dues"),
    "donation_in_local": lazy("donation"),
    "public_payment": lazy("payment by a public body"),
    "pay_allowance": lazy("allowance"),
    "expire_allowance": lazy("allowance that expired"),
    "demurrage": lazy("demurrage"),
    "load_purse": lazy("purse loaded"),
    "settle_purse_payment": lazy("payment without network"),
    "cover_double_spend": lazy("payment without network, from the guarantee"),
    "close_purse": lazy("rest of a purse"),
}


def line_name(line: Line) -> str:
    """What an entry of a statement is called: what gives back a payment is no payment."""
    if not line.is_reversal:
        return operation_name(line.operation)
    if line.operation == "pay_member":
        return _("refund of a payment")
    return _("taken back: {operation}").format(operation=operation_name(line.operation))


def operation_name(code: str) -> str:
    """What an operation is called."""
    return str(OPERATIONS.get(code) or _("movement"))


def file_mark(currency: int) -> str:
    """What begins the name of a file of a currency, which leaves the screens that say it; nothing when it is real."""
    nature = Standing.Nature(standing(currency).nature)
    return "" if nature == Standing.Nature.REAL else f"{slugify(nature.label)}-"
