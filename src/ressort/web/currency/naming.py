"""Names of accounts: what one may be, and how it is found whatever the accents, capitals and apostrophes that were typed."""

import unicodedata
from typing import Any

from django.db.models import CharField, F, Func, QuerySet, Value

from ressort.core.errors import RuleBroken
from ressort.core.letters import ALIKE, MARKS, bare

#: signs without a shape of their own that letters of some languages need: the others turn a line, or make two names look the same
_JOINERS = "\u200c\u200d"
#: words of a search at most, and letters of one of them at least: nobody reads the list of members letter by letter
_WORDS, _LETTERS = 6, 3
#: signs of a name, as the database holds it
_MOST_SIGNS = 120


class Bare(Func):
    """A name in the database, as `bare` writes it."""

    output_field = CharField()
    template = "regexp_replace(lower(normalize(%(expressions)s, NFKD)), '[" + MARKS + "]', '', 'g')"

    def __init__(self, field: Any) -> None:
        super().__init__(_replaced(field))


class _Replaced(Func):
    function = "replace"
    arity = 3


def _replaced(field: Any) -> Any:
    told = F(field)
    for written, read in ALIKE:
        told = _Replaced(told, Value(written), Value(read), output_field=CharField())
    return told


def called(found: QuerySet[Any], field: str, words: str) -> QuerySet[Any]:
    """Those of some rows whose name holds every word, in any order."""
    found = found.annotate(bare_name=Bare(field))
    for word in bare(words).split()[:_WORDS]:
        found = found.filter(bare_name__contains=word)
    return found


def says_enough(words: str) -> bool:
    """Whether a word is long enough to look somebody up by.

    >>> [says_enough(words) for words in ("port", "a a a", "du port", "é-é-é")]
    [True, False, True, True]
    """
    return any(sum(letter.isalnum() for letter in word) >= _LETTERS for word in bare(words).split())


def _hides(sign: str) -> bool:
    """Whether a sign hides the words beside it, or turns them."""
    return unicodedata.category(sign) in ("Cc", "Cf") and sign not in _JOINERS


def legible(words: str) -> str:
    """Words to show beside an amount, without what would hide or turn them.

    >>> legible(" pain\\u202e\\x00 et  lait\\n")
    'pain et lait'
    """
    seen = (one for one in unicodedata.normalize("NFC", words) if one.isspace() or not _hides(one))
    return " ".join("".join(seen).split())


def sound(name: str) -> str:
    """A name to keep: its letters composed, its spaces single.

    Raises:
        RuleBroken: nothing of it can be seen, it holds what would turn or hide the words beside it, or it is too long.
    """
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if len(kept) > _MOST_SIGNS:
        raise RuleBroken("The name of an account is {most} signs long at most: this one has {count}.", most=_MOST_SIGNS, count=len(kept))  # fmt: skip
    if any(map(_hides, kept)) or not any(unicodedata.category(one)[0] in "LNS" for one in kept):
        raise RuleBroken("The name of an account is made of letters: this one holds none, or signs that hide or turn words.")  # fmt: skip
    return kept
