"""All territories in one table: communes first, then everything that is made of communes.

    row      0 … atoms−1                      atoms …
    kind     COM, BE_COM                      EPCI BV ZE AAV DEP REG PAYS BE_PROV
    membership (n, atoms): 1 where a commune belongs; any sum climbs by one sparse product

A territory is named by its key, `kind:code` (`COM:64445`, `EPCI:200067254`): a French commune and a Belgian municipality
may share a code. Codes are those of 1 January 2025.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ressort.core.errors import InputError, UnknownCode
from ressort.core.territory.geometry import EARTH_RADIUS_KM, Floats, on_sphere

Integers = NDArray[np.int64]
#: kinds that hold a commune, the smallest first
PARENT_KINDS = ("EPCI", "BV", "ZE", "AAV", "DEP", "REG", "PAYS", "BE_PROV")
#: districts of the largest towns → the town
DISTRICTS = {
    **{f"751{i:02}": "75056" for i in range(1, 21)},
    **{f"132{i:02}": "13055" for i in range(1, 17)},
    **{f"6938{i}": "69123" for i in range(1, 10)},
}
#: as they are searched: parts of France that are neither départements nor régions
OVERSEAS_COLLECTIVITIES = (
    "saint pierre et miquelon",
    "saint barthelemy",
    "saint martin",
    "wallis et futuna",
    "polynesie francaise",
    "tahiti",
    "nouvelle caledonie",
)
FRANCE_KEYS = ("PAYS:FR", "PAYS:FRM")
MOST_GROUP_COMMUNES = 2000


@dataclass(frozen=True, eq=False)
class Territory:
    """One territory, of the table or a group made by a user (kind CUSTOM).

    Args:
        members: rows of its communes, ascending.
        population_people, area_ha, lat, lon: nan where not known.
        departement, region: of the seat or of most people; "" where it spans the country.
    """

    kind: str
    code: str
    name: str
    label: str
    country: str
    departement: str
    region: str
    members: Integers
    population_people: float
    area_ha: float
    lat: float
    lon: float

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, eq=False)
class Territories:
    """Every territory known, and the matrix that binds communes to what they belong to.

    Args:
        table: one row a territory; see the columns in `reference.territory_build`.
        atoms: number of communes; they are the first rows.
        membership: (n, atoms).
        former_codes: former commune code → today's.
        former_names: name of a commune or district that another holds, as it is searched → rows of those that hold one.
        postcodes: postal code → rows of communes.
        mergers: code of an EPCI born after the perimeters in force → its name, and the EPCI it brings together.
    """

    table: pl.DataFrame
    atoms: int
    membership: csr_array
    former_codes: dict[str, str] = field(default_factory=dict)
    former_names: dict[str, list[int]] = field(default_factory=dict)
    postcodes: dict[str, list[int]] = field(default_factory=dict)
    mergers: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.table.height

    @cached_property
    def keys(self) -> list[str]:
        """Key of each row."""
        return (self.table["kind"] + ":" + self.table["code"]).to_list()

    @cached_property
    def labels(self) -> list[str]:
        """Label of each row."""
        return self.table["label"].to_list()

    @cached_property
    def rows(self) -> dict[str, int]:
        """Key → row."""
        return {key: row for row, key in enumerate(self.keys)}

    def has(self, key: str) -> bool:
        return key in self.rows

    def key(self, row: int) -> str:
        return self.keys[row]

    def row(self, key: str) -> int:
        """The row of a key; a former commune code gives today's commune, a district its town.

        Raises:
            UnknownCode: no territory bears that key.
        """
        if key in self.rows:
            return self.rows[key]
        kind, _, code = key.partition(":")
        today = f"COM:{DISTRICTS.get(code) or self.former_codes.get(code, '')}"
        if kind == "COM" and today in self.rows:
            return self.rows[today]
        raise UnknownCode("No territory has the code {key}. Search by name, postal code or INSEE code.", key=key)

    def members(self, row: int) -> Integers:
        """Rows of the communes of a territory, ascending."""
        start, end = self.membership.indptr[row : row + 2]
        return self._members[start:end]

    @cached_property
    def _members(self) -> Integers:
        """The communes of every territory, one after the other, read-only: what `members` cuts."""
        found = self.membership.indices.astype(np.int64)
        found.flags.writeable = False
        return found

    def sum(self, values: Floats) -> Floats:
        """Values by commune, (atoms, …), added up for every territory, (n, …)."""
        return np.asarray(self.membership @ values)

    @cached_property
    def parents_of_commune(self) -> dict[str, Integers]:
        """For each kind, the row that holds each commune, -1 for none, (atoms,)."""
        kinds = self.table["kind"].to_numpy()
        found = {}
        for kind in PARENT_KINDS:
            holder = np.full(self.atoms, -1)
            for row in np.flatnonzero(kinds == kind):
                if self.keys[row] != "PAYS:FRM":
                    holder[self.members(int(row))] = row
            found[kind] = holder
        return found

    def parents(self, place: Territory | int) -> dict[str, int]:
        """For each kind, the territory that holds this one whole, if there is one."""
        members = self.members(place) if isinstance(place, int) else place.members
        found = {}
        for kind, holder in self.parents_of_commune.items():
            holders = holder[members]
            if len(holders) and holders[0] >= 0 and (holders == holders[0]).all():
                found[kind] = int(holders[0])
        return found

    def territory(self, place: int | str) -> Territory:
        """One territory, by row or key; made once, for a page compares with a dozen that other pages compare with."""
        row = self.row(place) if isinstance(place, str) else place
        if row not in self._made:
            self._made[row] = self._territory(row)
        return self._made[row]

    @cached_property
    def _made(self) -> dict[int, Territory]:
        return {}

    def _territory(self, row: int) -> Territory:
        values = self.table.row(row, named=True)
        numbers: dict[str, Any] = {
            name: _number(values[name]) for name in ("population_people", "area_ha", "lat", "lon")
        }
        texts: dict[str, Any] = {
            name: values[name] for name in ("kind", "code", "name", "label", "country", "departement", "region")
        }
        return Territory(**texts, members=self.members(row), **numbers)

    def group(self, keys: list[str], name: str) -> Territory:
        """A user's own territory: the communes of several ones, each counted once.

        Raises:
            UnknownCode: a key that no territory bears. InputError: an empty group, or one of several countries.
        """
        if not keys:
            raise InputError("A group needs at least one commune: add a name or a code.")
        members = np.unique(np.concatenate([self.members(self.row(key)) for key in keys]))
        if len(members) > MOST_GROUP_COMMUNES:
            raise InputError(
                "A group holds at most {most} communes; this one has {count}.",
                most=MOST_GROUP_COMMUNES,
                count=len(members),
            )
        return self._grouped(members, "+".join(sorted(keys)), name)

    def of_members(self, members: Integers, code: str, name: str) -> Territory:
        """A territory that is not of the table, of any number of communes; members: their rows, ascending.

        Raises:
            InputError: communes of several countries.
        """
        return self._grouped(members, code, name)

    @cached_property
    def of_communes(self) -> dict[str, Floats]:
        """Population, area and point of the communes, nan where not known, read-only, (atoms,) each."""
        found = {}
        for name in ("population_people", "area_ha", "lat", "lon"):
            found[name] = self.table[name].head(self.atoms).cast(pl.Float64).to_numpy().copy()
            found[name].flags.writeable = False
        return found

    def within_km(self, place: Territory, km: float) -> Territory:
        """All communes whose point lies within a distance of the territory's point, its own communes included."""
        near = np.flatnonzero(self.rings(place, (km,))[0])
        return self._grouped(near, f"{place.code}+{km}km", place.label)

    def rings(self, place: Territory, radii_km: tuple[float, ...]) -> NDArray[np.bool_]:
        """Which communes lie within each distance, see `within_km`, (radii, atoms)."""
        # the cosine of an arc: the nearer the greater; where a point is not known, no comparison holds
        cosines = on_sphere(place.lat, place.lon) @ self._points
        cosines[place.members] = np.inf
        return np.asarray(cosines >= np.cos(np.array(radii_km, dtype=float) / EARTH_RADIUS_KM)[:, None])

    def _grouped(self, members: Integers, code: str, name: str) -> Territory:
        inside = {column: values[members] for column, values in self.of_communes.items()}
        if np.ptp(self._is_french[members]):
            raise InputError("A group must lie in one country: figures of France and Belgium do not add up.")
        people = np.nan_to_num(inside["population_people"])
        home = self.table.row(int(members[np.argmax(people)]), named=True)
        return Territory(
            kind="CUSTOM",
            code=code,
            name=name,
            label=name,
            country=home["country"],
            departement=home["departement"],
            region=home["region"],
            members=members,
            population_people=float(people.sum()),
            area_ha=float(np.nansum(inside["area_ha"])),
            lat=_weighted(inside["lat"], people),
            lon=_weighted(inside["lon"], people),
        )

    @cached_property
    def _points(self) -> Floats:
        """The points of the communes on the unit sphere, nan where not known, (3, atoms)."""
        return on_sphere(self.of_communes["lat"], self.of_communes["lon"])

    @cached_property
    def _is_french(self) -> Integers:
        return (self.table["country"].head(self.atoms) == "FR").cast(pl.Int64).to_numpy()


def _weighted(values: Floats, people: Floats) -> float:
    known = ~np.isnan(values)
    weights = people[known] + 1.0
    return float((values[known] * weights).sum() / weights.sum()) if known.any() else float("nan")


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
