"""Fields of the forms of calls: amounts in euros kept in cents, days and hours of Paris, lines that describe themes and commitments."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ressort.core.territory import search_key
from ressort.web.amounts import EuroField, euros

MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and an hour, in the time of Paris. An hour that the change of time skips or doubles is refused."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)

    def __init__(self, **rest: Any) -> None:
        super().__init__(input_formats=[MOMENT, f"{MOMENT}:%S"], **rest)


class DayField(forms.DateField):
    """A day."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **rest: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **rest)


def code_of(label: str, taken: set[str]) -> str:
    """A short code that nothing else bears."""
    stem = re.sub(r"[^a-z0-9]+", "_", search_key(label)).strip("_")[:30]
    stem = stem if re.match(r"[a-z]", stem) else f"q_{stem}".rstrip("_")
    return next(code for code in (stem, *(f"{stem}_{i}" for i in range(2, 999))) if code not in taken and code != "new")


def theme_line(one: dict[str, Any]) -> str:
    amounts = [euros(one["least_cents"] or None), euros(one["most_cents"])]
    return "; ".join([one["name"], *amounts]) if any(amounts) else str(one["name"])


def theme(line: str) -> dict[str, Any]:
    name, *amounts = (part.strip() for part in line.split(";"))
    if not name or len(amounts) > 2:
        raise forms.ValidationError(_("Write a theme as: name; minimum; maximum."))
    read = [EuroField(required=False).clean(text) for text in amounts] + [None, None]
    if read[0] is not None and read[1] is not None and read[0] > read[1]:
        raise forms.ValidationError(_("The minimum of a theme exceeds its maximum."))
    return {"name": name[:80], "least_cents": read[0] or 0, "most_cents": read[1]}


def commitment_line(one: dict[str, Any]) -> str:
    return f"{one['label']}; {one['evidence']}; {one['rate_bp'] / 100:g}"


def commitment(line: str, known: dict[str, str], taken: set[str]) -> dict[str, Any]:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) != 3 or not all(parts) or not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,2})?", parts[2].rstrip(" %")):
        raise forms.ValidationError(_("Write a commitment as: name; evidence asked; bonus in %."))
    rate_bp = int(float(parts[2].rstrip(" %").replace(",", ".")) * 100 + 0.5)
    if not 0 < rate_bp <= 10_000:
        raise forms.ValidationError(_("The bonus of a commitment lies between 0 and 100 %."))
    label = parts[0][:160]
    code = known.get(label) or code_of(label, taken | set(known.values()))
    return {"code": code, "label": label, "evidence": parts[1][:400], "rate_bp": rate_bp}
