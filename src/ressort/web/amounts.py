"""Numbers in forms, as people write them: amounts of euros kept in cents, quantities with decimals."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import localize_input
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")


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


class NumberField(forms.DecimalField):
    """A number with decimals, after a comma or a point; in English a comma before three digits separates thousands."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(localize=True, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **rest)

    def to_python(self, value: Any) -> Decimal | None:
        text = re.sub(r"[\s\u202f\u00a0]", "", str(value or ""))
        in_thousands = get_language() == "en" and THOUSANDS.fullmatch(text)
        return super().to_python(text.replace(",", "" if in_thousands else "."))

    def prepare_value(self, value: Any) -> Any:
        return localize_input(Decimal(f"{value.normalize():f}")) if isinstance(value, Decimal) else value


def euros(cents: int | None) -> str:
    """An amount for a field: no separator, no sign of currency."""
    if cents is None:
        return ""
    return str(cents // 100) if cents % 100 == 0 else f"{cents // 100},{cents % 100:02}"
