"""The desk in words: places of notes, clocks, standings."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
