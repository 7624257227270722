"""Finding a territory by what a person types: name with or without accents, typos, postal code, INSEE code, former code."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ressort.core.errors import AmbiguousName, InputError, UnknownCode
from ressort.core.territory.names import kinds_named, search_key, without_kind
from ressort.core.territory.territories import DISTRICTS, OVERSEAS_COLLECTIVITIES, Territories
from ressort.core.territory.typos import Typos

#: the kind offered first when names are equal
KIND_ORDER = ("COM", "BE_COM", "EPCI", "DEP", "REG", "PAYS", "BV", "BE_PROV", "ZE", "AAV")
#: a name that several kinds bear is the first of these, without asking
BARE_NAME_KINDS = ("COM", "BE_COM", "DEP", "REG", "PAYS", "EPCI", "BE_PROV", "BV", "ZE", "AAV")
#: points of a commune that holds one so named
FORMER_NAME = 85.0
#: people from which a town is large
LARGE_PEOPLE = 50_000
_CODE = re.compile(r"^(?:\d[\dAB]\d{3}|\d{2,3}|2[AB]|\d{9})$", re.IGNORECASE)
_IN_DEPARTEMENT = re.compile(r"^(.*?)\s*\((\d{2,3}|2[AB]|BE)\)$", re.IGNORECASE)
_KEY = re.compile(r"^([A-Z_]+):([0-9A-Za-z+]+)$")


@dataclass(frozen=True, slots=True)
class Match:
    """A territory that answers a search; `score` 0–100."""

    row: int
    key: str
    label: str
    kind: str
    score: float


class Finder:
    """Search over all territories; built once; what a keystroke costs then is in `bench/search.py`."""

    def __init__(self, territories: Territories) -> None:
        self.territories = territories
        self.names: list[str] = territories.table["search_key"].to_list()

    @cached_property
    def _kinds(self) -> list[str]:
        return self.territories.table["kind"].to_list()

    @cached_property
    def _people(self) -> np.ndarray:
        return self.territories.table["population_people"].fill_null(0).to_numpy()

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        return _rows_of(self.names)

    @cached_property
    def _by_label(self) -> dict[str, list[int]]:
        return _rows_of(map(search_key, self.territories.labels))

    @cached_property
    def _typos(self) -> Typos:
        large = np.flatnonzero(self._people >= LARGE_PEOPLE).tolist()
        return Typos(self.names, [row for row in large if self._kinds[row] in ("COM", "BE_COM")])

    @cached_property
    def _by_code(self) -> dict[str, list[int]]:
        return _rows_of(self.territories.table["code"])

    def search(self, text: str, limit: int = 10, kinds: tuple[str, ...] | None = None) -> list[Match]:
        """The territories that answer a text, the best first; an empty list when nothing comes near."""
        text = text.strip()
        coded = self._keyed(text) or self._coded(text)
        key = search_key(text)
        if not key and not coded:
            return []
        wanted = kinds or kinds_named(key) if " " in key else kinds
        scores = dict.fromkeys(coded, 100.0) | self._merging(key)
        for word, penalty in ((key, 0.0), (without_kind(key), 1.0)):
            for row, score in self._named(word, limit).items():
                other_kind = 25.0 if wanted and self._kinds[row] not in wanted else 0.0
                scores[row] = max(scores.get(row, 0.0), score - penalty - other_kind)
        ranked = sorted(scores, key=lambda row: self._rank(row, scores[row], wanted))
        return [self._match(row, scores[row]) for row in ranked if kinds is None or self._kinds[row] in kinds][:limit]

    def resolve(self, text: str) -> int:
        """The one territory that a text names.

        Accepts a key (`EPCI:200067254`), a code, a former code, a postal code, a name, a name with its département
        in brackets (`Saint-Denis (974)`). A name that a commune and a larger territory share is the commune's.

        Raises:
            AmbiguousName: several answer; `facts["choices"]`. UnknownCode: none; `facts["suggestions"]`.
        """
        text = text.strip()
        if not text:
            raise InputError("Give the name or the code of a territory.")
        if len(text) > 200:
            raise InputError(
                "This name is too long ({length} characters): give the name or the code of a territory.",
                length=len(text),
            )
        if found := _KEY.match(text.upper()):
            return self.territories.row(f"{found[1]}:{found[2]}")
        rows = self._coded(text) or self._exact(text)
        if len(rows) == 1:
            return rows[0]
        if rows:
            raise AmbiguousName(
                "{text} may be {choices}. Say which one, with its code.",
                text=text,
                choices=[self._told(row) for row in rows[:12]],
            )
        raise self._unknown(text)

    def _unknown(self, text: str) -> UnknownCode:
        if search_key(text) in OVERSEAS_COLLECTIVITIES or re.fullmatch(r"9(?:7[578]|8[4678])\d{0,2}", text):
            return UnknownCode(
                "{text}: overseas collectivities are not covered, only the départements and régions (971 to 974, 976).",
                text=text,
                suggestions=[],
            )
        found = self._misspelt(search_key(text))[:2] + [match.row for match in self.search(text, 5)]
        near = [self._told(row) for row in dict.fromkeys(found)][:5]
        if near:
            return UnknownCode("No territory is called {text}. Perhaps: {suggestions}.", text=text, suggestions=near)
        if re.fullmatch(r"\d{4}", text):
            return UnknownCode(
                "No territory has the code {text}. A commune code has five characters: did a spreadsheet drop the first zero (0{text})?",
                text=text,
                suggestions=[],
            )
        return UnknownCode(
            "No territory is called {text}. Search by name, postal code or INSEE code.", text=text, suggestions=[]
        )

    def _misspelt(self, key: str) -> list[int]:
        """Rows whose whole name is a keystroke away (two in a long name), the most peopled first: "palu" is Pau."""
        rows = self._typos.whole(key)
        return sorted(rows, key=lambda row: (KIND_ORDER.index(self._kinds[row]), -self._people[row]))

    def _keyed(self, text: str) -> list[int]:
        """The row of a whole key such as `REG:75`."""
        row = self.territories.rows.get(text.upper())
        return [] if row is None else [row]

    def _merging(self, key: str) -> dict[int, float]:
        """The EPCI that merge into one whose name holds the text."""
        names = self.territories.mergers.items()
        found = [code for code, (name, _) in names if len(key) > 3 and key in search_key(name)]
        return {row: 90.0 for code in found for row in self._parts(code)}

    def _coded(self, text: str) -> list[int]:
        """Rows that a code names: communes, former communes, districts of the largest towns, postal codes, EPCI."""
        code = text.upper().replace(" ", "")
        if not _CODE.match(code):
            return []
        known = self.territories
        if code in known.mergers:
            return self._parts(code)
        rows = [row for row in self._by_code.get(code, []) if self._kinds[row] not in ("BV", "ZE", "AAV")]
        if len(code) <= 3:
            regions = [row for row in rows if self._kinds[row] == "REG"]
            return [row for row in rows if row not in regions] or regions
        if all(self._kinds[row] == "BE_COM" for row in rows) and self._is_former(code):
            rows = [known.row(f"COM:{code}"), *rows]
        posted = [row for row in known.postcodes.get(code, []) if row not in rows]
        return rows + sorted(posted, key=lambda row: -self._people[row])

    def _is_former(self, code: str) -> bool:
        """True for a district or a former code; but a postal code in force wins over one of a département left in 1968."""
        today = self.territories.former_codes.get(code, "")
        left = today[:2] != code[:2] and code in self.territories.postcodes
        return code in DISTRICTS or (bool(today) and not left)

    def _parts(self, merger: str) -> list[int]:
        return [self.territories.row(f"EPCI:{part}") for part in self.territories.mergers[merger][1]]

    def merger(self, text: str) -> str | None:
        """The code of the EPCI of next perimeters that a text names, by its code or its whole name."""
        code, key, known = text.strip().upper().removeprefix("EPCI:"), search_key(text), self.territories.mergers
        return next((one for one, (name, _) in known.items() if code == one or key == search_key(name)), None)

    def _exact(self, text: str) -> list[int]:
        """Rows that bear exactly that name; the first kind of `BARE_NAME_KINDS` wins."""
        inside = _IN_DEPARTEMENT.match(text)
        key = search_key(inside[1] if inside else text)
        rows = self._by_name.get(key, [])
        if not rows:
            rows = self.territories.former_names.get(key, [])
        if not rows:
            rows = [row for row in self._by_name.get(without_kind(key), []) if self._kinds[row] in kinds_named(key)]
        if inside:
            homes = self.territories.table["country" if inside[2].upper() == "BE" else "departement"]
            rows = [row for row in rows if homes[row] == inside[2].upper()]
        for kind in BARE_NAME_KINDS:
            same = [row for row in rows if self._kinds[row] == kind]
            if same:
                return sorted(same + self._elsewhere(same, rows), key=lambda row: -self._people[row])
        return self._by_label.get(search_key(text)) or self._only_of_kind(key)

    def _elsewhere(self, chosen: list[int], rows: list[int]) -> list[int]:
        """Départements and régions of the same name that do not hold the commune chosen: Vienne (38) is not in Vienne (86)."""
        larger = [row for row in rows if row not in chosen and self._kinds[row] in ("DEP", "REG")]
        held = {row for place in chosen for row in self.territories.parents(place).values()}
        apart = [row for row in larger if row not in held]
        return apart[:1] if self._kinds[chosen[0]] in ("COM", "BE_COM") else []

    def _only_of_kind(self, key: str) -> list[int]:
        """The one territory of the kind that the text names whose name holds the rest: "agglo pau"."""
        rest, kinds = without_kind(key), kinds_named(key)
        if rest == key:
            return []
        named = (row for row, name in enumerate(self.names) if f" {rest} " in f" {name} ")
        holding = [row for row in named if self._kinds[row] in kinds]
        return holding if len(holding) == 1 else []

    def _named(self, key: str, limit: int) -> dict[int, float]:
        """Rows by name: exact 100, beginning 90, former name 85, a large town mistyped 82, a word's beginning 80, inside the less the longer, else by likeness."""
        if not key:
            return {}
        scores: dict[int, float] = dict.fromkeys(self._by_name.get(key, []), 100.0)
        for row, name in enumerate(self.names):
            if key in name:
                inside = 40.0 + 35.0 * len(key) / len(name) if len(key) > 3 else 0.0
                scores.setdefault(row, 90.0 if name.startswith(key) else 80.0 if f" {key}" in name else inside)
        for row, score in self._formerly(key).items():
            scores[row] = max(scores.get(row, 0.0), score)
        for row, score in self._typos.large_towns(key).items():
            scores[row] = max(scores.get(row, 0.0), score)
        if len(scores) < limit and len(key) >= 3:
            scores |= {row: score for row, score in self._typos.scores(key, limit).items() if row not in scores}
        return {row: score for row, score in scores.items() if score > 0}

    def _formerly(self, key: str) -> dict[int, float]:
        """Rows that hold a commune or a district so named, or whose name so begins."""
        return {
            row: FORMER_NAME if name == key else FORMER_NAME - 10
            for name, rows in self.territories.former_names.items()
            if name.startswith(key)
            for row in rows
        }

    def _rank(self, row: int, score: float, wanted: tuple[str, ...] | None) -> tuple[float, int, int, float]:
        band = round(score) if score < 75 else score
        return (
            -band,
            0 if wanted and self._kinds[row] in wanted else 1,
            KIND_ORDER.index(self._kinds[row]),
            -float(self._people[row]),
        )

    def _match(self, row: int, score: float) -> Match:
        return Match(row, self.territories.key(row), self.territories.table["label"][row], self._kinds[row], score)

    def _told(self, row: int) -> str:
        return f"{self.territories.table['label'][row]} [{self.territories.key(row)}]"


def _rows_of(words: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, word in enumerate(words):
        found.setdefault(word, []).append(row)
    return found
