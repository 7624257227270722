"""One entry of the register of what the site keeps about people."""

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Processing:
    """Why some personal fields are kept, on which legal ground, for how long, and who sees them."""

    model: str
    fields: tuple[str, ...]
    purpose: Text
    ground: Text
    kept: Text
    seen_by: Text
