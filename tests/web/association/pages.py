"""Addresses and figures that several tests of the desk use."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from tests.web.association_town import Desk

from ressort.web.association import public


def page(client: Client, desk: Desk, name: str, *given: Any) -> Any:
    return client.get(reverse(f"association:{name}", args=[desk.code, *given]))


IBANS = {
    "operating_iban": "FR7630006000011234567890189",
    "paper_iban": "FR1420041010050500013M02606",
    "digital_iban": "FR7630004000031234567890143",
}


def opened(desk: Desk, **given: Any) -> Any:
    """A programme of 100 a month, 85 in local units, for 300."""
    rest = {"start": date(2026, 1, 1), "end": date(2030, 12, 31), "budget_cents": 30_000, "month_cents": 10_000} | given
    return public.open_programme(desk.staff, desk.number, name=f"Revenu {uuid4().hex[:4]}", **rest)
