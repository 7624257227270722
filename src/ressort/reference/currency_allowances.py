"""Poverty lines as published, with the day of their publication."""

import calendar
from datetime import date

from ressort.core.currency.allowances import PovertyLine
from ressort.reference.tables import table


def poverty_lines() -> list[PovertyLine]:
    """The line at 60 % of the median of each year; a month of publication counts from its last day, a year without one is left out."""
    rows = table("currency/poverty_line_fr").drop_nulls(["published", "line_60_eur_per_month"]).to_dicts()
    return [
        PovertyLine(int(row["year"]), round(row["line_60_eur_per_month"] * 100), _last_day(row["published"]), row["status"])
        for row in rows
    ]  # fmt: skip


def _last_day(text: str) -> date:
    year, month, *day = map(int, text.split("-"))
    return date(year, month, day[0] if day else calendar.monthrange(year, month)[1])
