"""Search as you type over every territory, and the ratio to RapidFuzz over the same names (which knows neither kinds nor people)."""

import _timing
from rapidfuzz import fuzz, process

from ressort.core.territory import search_key
from ressort.reference.territories import finder, search, territories

WORDS = ("Pau", "biovallé", "st jean d’angely", "saint-dennis", "64000", "26108", "agglo bayonne", "Rochefourcha")
LIMIT_MS = 40.0


def main() -> None:
    """Mean time of a search, ours and the peer's; then the first search, which prepares the index."""
    _timing.machine()
    first = 1000 * _timing.once_s(finder)
    names = territories().table["search_key"].to_list()
    ours = 1000 * _timing.best_s(lambda: [search(text, 8) for text in WORDS], 5) / len(WORDS)
    keys = [search_key(text) for text in WORDS]
    peer = (
        1000
        * _timing.best_s(lambda: [process.extract(key, names, scorer=fuzz.WRatio, limit=8) for key in keys], 3)
        / len(WORDS)
    )
    what = f"one search among {len(names)} names"
    _timing.tell(what, ours, "RapidFuzz alone, WRatio", peer)
    _timing.tell(what, ours, "what a keystroke may cost", LIMIT_MS)
    _timing.tell("preparing the index, once a process", first, "reading the reference, as asked", 500.0)


if __name__ == "__main__":
    main()
