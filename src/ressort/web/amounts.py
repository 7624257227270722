"""Amounts of euros in forms: as people write them, kept in cents."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class EuroField(forms.CharField):
    """An amount in euros, as people write it, kept in cents."""

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"[\s\u202f\u00a0€]", "", super().clean(value)).replace(",", ".")
        if not text:
            return None
        found = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?", text)
        if not found:
            raise forms.ValidationError(_("Write an amount in euros, with two decimals at most."))
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))

    def prepare_value(self, value: Any) -> Any:
        return euros(value) if isinstance(value, int) else value


def euros(cents: int | None) -> str:
    """An amount for a field: no separator, no sign of currency."""
    if cents is None:
        return ""
    return str(cents // 100) if cents % 100 == 0 else f"{cents // 100},{cents % 100:02}"
