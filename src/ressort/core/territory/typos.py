"""Names that come near a mistyped one: whole names a keystroke away, names alike, one word of a long name, a large town."""

from collections.abc import Iterable, Sequence
from functools import cached_property

LEAST_LIKENESS = 60.0
#: letters from which one word of a long name is looked for in spite of a typo
LEAST_WORD = 6
#: points that a name of several words loses to one that is the word
WORD_PENALTY = 6.0
#: letters from which a text may be a large town mistyped, and its points: more than a word inside a name, less than a beginning
LEAST_TOWN, LARGE_TOWN = 5, 82.0


class Typos:
    """Names looked for in spite of typos.

    Args:
        names: of every row, as they are compared. towns: the rows of the large towns.
    """

    def __init__(self, names: Sequence[str], towns: Iterable[int]) -> None:
        self.names = names
        self._towns = list(towns)
        self._town_names = [names[row] for row in self._towns]

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        """The long words of names of several words."""
        found: dict[str, list[int]] = {}
        for row, name in enumerate(self.names):
            for word in name.split() if " " in name else ():
                if len(word) >= LEAST_WORD - 1:
                    found.setdefault(word, []).append(row)
        return found

    def whole(self, key: str) -> list[int]:
        """Rows whose whole name is a keystroke away (two in a long name): "palu" is Pau."""
        return [row for _, _, row in _near(key, self.names)] if len(key) >= 3 else []

    def scores(self, key: str, limit: int) -> dict[int, float]:
        """Rows alike, by likeness."""
        from rapidfuzz import fuzz, process
        from rapidfuzz.distance import DamerauLevenshtein

        likely = process.extract(key, self.names, scorer=fuzz.ratio, limit=limit * 3, score_cutoff=LEAST_LIKENESS)
        likeness = {row: 100 * DamerauLevenshtein.normalized_similarity(key, name) for name, _, row in likely}
        for row, score in self._by_misspelt_word(key).items():
            likeness[row] = max(likeness.get(row, 0.0), score)
        return {row: score * 0.75 for row, score in likeness.items() if score >= LEAST_LIKENESS}

    def large_towns(self, key: str) -> dict[int, float]:
        """The large towns that a slip turns into the text: "lyonn" is Lyon before it is a word of Cognat-Lyonne."""
        if len(key) < LEAST_TOWN:
            return {}
        return {self._towns[at]: LARGE_TOWN for _, _, at in _near(key, self._town_names)}

    def _by_misspelt_word(self, key: str) -> dict[int, float]:
        """Rows of which one word is the text but for a slip (two in a long word): "biovalee" is in "val de drome en biovallee"."""
        if " " in key or len(key) < LEAST_WORD:
            return {}
        near = _near(key, list(self._by_word))
        scores = {word: 100 * (1 - slip / len(key)) - WORD_PENALTY for word, slip, _ in near}
        return {row: score for word, score in scores.items() for row in self._by_word[word]}


def _near(key: str, names: Sequence[str]) -> list[tuple[str, int, int]]:
    """Names a slip away, two where the text is long: each with its slips and its place."""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    slips = 1 if len(key) < 8 else 2
    return process.extract(key, names, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=None)
