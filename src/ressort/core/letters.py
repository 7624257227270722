"""Letters as they compare: whatever the accents, capitals, ligatures and apostrophes that somebody typed.

L’Épicerie du Cœur ── bare ──▶ l'epicerie du coeur        each reader then keeps of it what it needs
"""

import re
import unicodedata

#: letters that decompose into none, and the apostrophes of print and of telephones
ALIKE = (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"), ("ß", "ss"), ("ẞ", "ss"), ("’", "'"), ("‘", "'"), ("ʼ", "'"))  # fmt: skip
#: the accents that a letter leaves behind when it decomposes
MARKS = "\u0300-\u036f"
_ALIKE = str.maketrans(dict(ALIKE))
_ACCENTS = re.compile(f"[{MARKS}]+")


def bare(text: str) -> str:
    """A text without accents nor capitals, whichever way its letters are composed.

    >>> bare("L’Épicerie du Cœur"), bare("E\u0301picerie"), bare("STRASSE") == bare("Straße")
    ("l'epicerie du coeur", 'epicerie', True)
    """
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_ALIKE)).lower())
