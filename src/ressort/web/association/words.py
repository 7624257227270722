"""The desk in words: places of notes, clocks, accounts of the ledger."""

from functools import cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ressort.reference.tables import table

PLACES: dict[str, Promise] = {
    "notes_safe": _("safe"),
    "notes_transit": _("on their way"),
    "notes_circulation": _("in circulation"),
    "office_notes_stock": _("stock"),
    "office_notes_till": _("till"),
    "office_notes_returns": _("returns"),
}
CLOCKS: dict[str, Promise] = {
    "payments": _("Payments of the last twelve months"),
    "outstanding": _("Digital units outstanding"),
}
FUNDS: dict[str, Promise] = {"paper": _("Notes"), "digital": _("Digital units")}


def account_name(code: str) -> str:
    """What a kind of account of the ledger is called, in the language of the reader."""
    return _account_names()[code][get_language() == "en"]


@cache
def _account_names() -> dict[str, tuple[str, str]]:
    """French and English name of each kind."""
    rows = table("currency/chart_of_accounts").select("code", "name_fr", "name_en").rows()
    return {code: (french.replace("'", "’"), english) for code, french, english in rows}
