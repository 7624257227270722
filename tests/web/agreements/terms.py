"""The parties, the terms and the lines that several tests use."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from ressort.web.exchanges import agreements
from ressort.web.exchanges.models import Agreement

PAU, OLORON = (
    agreements.Place("EPCI", "200067254", "CA Pau Béarn Pyrénées"),
    agreements.Place("EPCI", "200067262", "CC du Haut Béarn"),
)


YEAR = timezone.localdate().year


TERMS = {
    "type": "reciprocity", "title": "Bois contre soins", "purpose": "S’entraider", "first_year": YEAR - 1, "last_year": YEAR + 1, "tolerance_bp": 1000,
    "shadow_rate_cents": 10, "conditions": "", "governance": "",
}  # fmt: skip


def line_words(**more: Any) -> dict[str, Any]:
    return {
        "theme": "wood", "what": "Plaquettes", "quantity": Decimal("1000.5"), "unit": "MWh", "basis": "own", "unit_value_cents": 4_000, "good": "",
        "first_year": None, "last_year": None, "event": "", "remark": "",
    } | more  # fmt: skip


def posted(held: Agreement, **more: Any) -> dict[str, Any]:
    pau, oloron = held.parties.all()
    return {
        "version": held.version, "theme": "food", "what": "Blé", "giver": oloron.pk, "receiver": pau.pk, "quantity": "12,5", "unit": "t", "basis": "own",
        "unit_value_cents": "200", "good": "", "first_year": "", "last_year": "", "event": "", "remark": "",
    } | more  # fmt: skip


BREST, POHER = "EPCI:242900314", "EPCI:242900744"
