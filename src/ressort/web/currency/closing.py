"""The loop's first closing: what a real currency measured of a territory becomes a fact of its diagnosis and a hypothesis of its stress test.

A currency counts where its area holds the whole place, once ninety days were measured, and only for what may be published (five professionals
at least, none above 85 %). Sandboxes and simulations never count.
"""

from datetime import date
from functools import lru_cache

import numpy as np
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ressort.core.errors import RessortError
from ressort.core.territory import Territory
from ressort.reference.territories import resolve
from ressort.web.currency import measurements, queries
from ressort.web.currency.models import Measurement, Standing
from ressort.web.currency.templatetags.money_words import measured
from ressort.web.diagnosis.beside import Measured, Panel
from ressort.web.resilience.beside import Reuse

#: days of payments under which a measure says too little (hypothesis)
LEAST_DAYS = 90
_SHOWN = ("reuse", "leak", "multiplier", "lm3", "velocity")


@lru_cache(maxsize=64)
def _members(key: str) -> frozenset[int]:
    try:
        return frozenset(np.asarray(resolve(key).members).tolist())
    except RessortError:
        return frozenset()


def _standing_at(place: Territory) -> list[tuple[int, str, Measurement]]:
    """Real currencies whose area holds a place, with their last measures."""
    if not Standing.objects.any_circulates():
        return []
    here = set(np.asarray(place.members).tolist())
    found = []
    for one in Standing.objects.filter(nature="real", withdrawn_at__isnull=True).exclude(territory="").order_by("pk"):
        last = measurements.latest(one.currency) if here <= _members(one.territory) else None
        if last is not None and last.content["measures"] and last.content["days"] >= LEAST_DAYS:
            found.append((one.currency, queries.name_of(one.currency), last))
    return found


def _days(last: Measurement) -> str:
    since = date.fromisoformat(last.content["since"])
    return _("from {since} to {until}").format(
        since=date_format(since, "SHORT_DATE_FORMAT"), until=date_format(last.until, "SHORT_DATE_FORMAT")
    )


def panels(place: Territory) -> list[Panel]:
    """A panel for each currency of a place."""
    return [
        Panel(
            title=_("A local currency circulates here: {name}").format(name=name),
            measures=tuple(_shown(one) for one in measurements.told(last) if one["key"] in _SHOWN),
            vintage=_("Measured on the ledger, {days}").format(days=_days(last)),
            status=_("derived"),
            note=_(
                "Measured on the whole area of the currency, units only: euros spent locally are not seen. The stress test takes this re-use rate with its lever."
            ),
            url=reverse("currency:statistics", args=[queries.code_of(number).lower()]),
        )
        for number, name, last in _standing_at(place)
    ]


def _shown(one: dict[str, object]) -> Measured:
    if one["secret"]:
        return Measured(str(one["label"]), _("secret"))
    words = [measured(one[part], str(one["unit"])) for part in ("value", "low", "high")]  # type: ignore[arg-type]
    return Measured(str(one["label"]), words[0], f"{words[1]} – {words[2]}" if one["low"] is not None else "")


def reuse(place: Territory) -> Reuse | None:
    """The re-use rate of the first currency of a place that may be told."""
    for _number, name, last in _standing_at(place):
        found = next((one for one in measurements.told(last) if one["key"] == "reuse"), None)
        if found is not None and found["value"] is not None:
            low, high = (found["value"] if found[end] is None else found[end] for end in ("low", "high"))
            shares = (max(0.0, min(low, found["value"])), found["value"], min(1.0, max(high, found["value"])))
            return Reuse(shares, f"{name}, {_days(last)}")
    return None
