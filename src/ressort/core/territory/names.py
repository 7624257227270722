"""Names as people type them: no accents, no capitals, no hyphens, "st" for "saint"."""

import re

from ressort.core.letters import bare

_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_NOT_WORDS = re.compile(r"[^a-z0-9]+")

#: words that name a kind of territory, and the kinds they stand for
KIND_WORDS = {
    "commune": ("COM", "BE_COM"),
    "agglo": ("EPCI",),
    "agglomeration": ("EPCI",),
    "epci": ("EPCI",),
    "ca": ("EPCI",),
    "cc": ("EPCI",),
    "cu": ("EPCI",),
    "metropole": ("EPCI",),
    "communaute": ("EPCI",),
    "departement": ("DEP",),
    "region": ("REG",),
    "bassin": ("BV",),
    "province": ("BE_PROV",),
}


def search_key(text: str) -> str:
    """A name reduced to what matters when searching.

    >>> search_key("Saint-Étienne-du-Grès")
    'saint etienne du gres'
    >>> search_key("St Jean d’Angély")
    'saint jean d angely'
    """
    return " ".join(_SHORT.get(word, word) for word in _NOT_WORDS.split(bare(text)) if word)


def kinds_named(key: str) -> tuple[str, ...]:
    """The kinds that the first word of a search names, if any."""
    first = key.partition(" ")[0]
    return KIND_WORDS.get(first, ())


def without_kind(key: str) -> str:
    """A search without the word that names a kind: "agglo pau" → "pau"."""
    words = key.split()
    if len(words) > 1 and words[0] in KIND_WORDS:
        words = words[1:]
        while len(words) > 1 and words[0] in (
            "de",
            "du",
            "des",
            "d",
            "la",
            "le",
            "les",
            "l",
            "communes",
            "agglomeration",
            "vie",
        ):
            words = words[1:]
    return " ".join(words)
