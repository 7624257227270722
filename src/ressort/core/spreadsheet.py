"""What a spreadsheet would do with the cells of a file."""

from typing import Any

import polars as pl

#: how a cell begins that a spreadsheet takes for a formula
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
#: tells a spreadsheet that a file is in UTF-8: it reads the accents
MARK = b"\xef\xbb\xbf"


def neutral(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before a text when need be.

    >>> neutral("=1+1"), neutral("Mairie"), neutral(-2)
    ("'=1+1", 'Mairie', -2)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def units(cents: int) -> str:
    """An amount of cents as a cell that French spreadsheets read as a number.

    >>> units(-5), units(123_450)
    ('-0,05', '1234,50')
    """
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02}"


def csv_of(frame: pl.DataFrame) -> bytes:
    """A table for spreadsheets: UTF-8 with a mark, and no cell that can be taken for a formula."""
    texts = pl.col(pl.String)
    safe = frame.with_columns(
        pl.when(texts.str.slice(0, 1).is_in(FORMULA_STARTS)).then("'" + texts).otherwise(texts).name.keep()
    )
    return MARK + safe.write_csv().encode()
