"""What a spreadsheet would do with the cells of a file."""

#: how a cell begins that a spreadsheet takes for a formula
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before it when need be.

    >>> neutral("=1+1"), neutral("Mairie")
    ("'=1+1", 'Mairie')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
