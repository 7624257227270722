"""The closed table of units. The unit comes last in every name that carries one: `land_ha`, `diet_kg_per_year`.

Shares run 0–1, money is integer cents, rates are basis points. A tidy test reads this table.
"""

#: suffix → what it measures
UNITS: dict[str, str] = {
    "share": "part of a whole, 0–1",
    "ratio": "one quantity over another of the same kind",
    "index": "relative to 1",
    "bp": "basis points, 1/10 000",
    "cents": "integer euro cents",
    "eur": "euros, for statistics read from elsewhere only",
    "meur": "millions of euros, for national accounts only",
    "people": "inhabitants",
    "households": "households",
    "meals": "meals",
    "fte": "full-time equivalents (annual work units)",
    "jobs": "jobs at the place of work",
    "farms": "farms",
    "heads": "animals",
    "lsu": "livestock units",
    "sites": "delivery points or plants",
    "votes": "ballots in favour of a project",
    "projects": "projects put to the vote",
    "ha": "hectares",
    "m2": "square metres",
    "km2": "square kilometres",
    "km": "kilometres",
    "kg": "kilograms",
    "t": "tonnes",
    "g": "grams",
    "kcal": "kilocalories",
    "kgco2e": "kilograms of CO2 equivalent",
    "mwh": "megawatt-hours",
    "kw": "kilowatts",
    "m3": "cubic metres",
    "days": "days",
    "years": "years",
    "year": "calendar year",
    "degree": "degrees of longitude or latitude",
}
