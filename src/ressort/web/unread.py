"""Words of an address that a page does not read: a misspelt one must not pass for what was asked."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from django.utils.translation import gettext as _

#: words shown, and letters of each
MOST_WORDS, LONGEST_WORD = 12, 40
#: words that every page of a territory or a group reads
EVERYWHERE = ("lang", "communes", "nom")
#: what mailings and networks hang on an address to count visits: no question of the reader's
COUNTED = ("utm_", "mtm_", "pk_", "fbclid", "gclid")


def asked(words: Iterable[str]) -> list[str]:
    """The words of an address but those that only count visits."""
    return [word for word in words if not word.startswith(COUNTED)]


def unread(words: Iterable[str], known: Collection[str]) -> list[str]:
    """One sentence for each word of an address that is not among those read, with the one it comes near."""
    told = []
    for word in asked(words):
        if word in known or word in EVERYWHERE:
            continue
        text = _("“{word}” means nothing on this page and changes nothing.").format(word=word[:LONGEST_WORD])
        near = get_close_matches(word.lower(), known, 1, 0.6)
        told.append(f"{text} {_('Perhaps: {word}').format(word=near[0])}" if near else text)
    return told[:MOST_WORDS]
