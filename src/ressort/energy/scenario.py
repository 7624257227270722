"""Scenarios of energy: which part of each potential is built, how much use is saved, and the territory's own figures."""

from dataclasses import dataclass, fields, replace

import polars as pl

from ressort.core.errors import RuleBroken, UnknownCode
from ressort.language import current_language
from ressort.reference import table

TABLE = "energy/scenarios"
RESOURCES = ("roofs", "wind", "biogas")
SHARES = ("roofs_share", "wind_share", "biogas_share", "saved_share")
#: figures of the territory itself, that stand for the potential lent to it
OWN = ("roofs_kw", "wind_kw", "biogas_mwh", "wood_mwh", "wood_use_mwh")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Levers of energy.

    Args:
        roofs_share, wind_share, biogas_share: part of what is left of each potential that is built, 0–1.
        saved_share: part of today's use that is saved, 0–1.
        roofs_kw, wind_kw, biogas_mwh: the territory's own potential, what it has today in it, instead of the one lent to it.
        wood_mwh, wood_use_mwh: wood that could be gathered, and wood used, in a year, instead of the estimate.

    Raises:
        RuleBroken: a share outside 0–1, or a quantity below 0.
    """

    name: str = "today"
    label_fr: str = ""
    label_en: str = ""
    roofs_share: float = 0.0
    wind_share: float = 0.0
    biogas_share: float = 0.0
    saved_share: float = 0.0
    roofs_kw: float | None = None
    wind_kw: float | None = None
    biogas_mwh: float | None = None
    wood_mwh: float | None = None
    wood_use_mwh: float | None = None

    def __post_init__(self) -> None:
        for name in SHARES:
            if not 0 <= getattr(self, name) <= 1:
                raise RuleBroken(
                    "{name} lies between 0 and 1, not {value}: 0.25 is a quarter.", name=name, value=getattr(self, name)
                )
        for name in OWN:
            value = getattr(self, name)
            if value is not None and not 0 <= value < float("inf"):
                raise RuleBroken("{name} is a quantity from 0 up, not {value}.", name=name, value=value)

    @property
    def label(self) -> str:
        """Its name in the language in force."""
        return self.label_fr if current_language() == "fr" else self.label_en

    @property
    def is_today(self) -> bool:
        """Whether nothing is built nor saved."""
        return not any(getattr(self, name) for name in SHARES)

    def share(self, resource: str) -> float:
        """The part of a resource that is built, 0–1."""
        return float(getattr(self, f"{resource}_share"))

    def own(self, resource: str) -> float | None:
        """The territory's own potential of a resource, in kilowatts or megawatt-hours."""
        found = getattr(self, "biogas_mwh" if resource == "biogas" else f"{resource}_kw")
        return None if found is None else float(found)

    @property
    def without_own(self) -> "Scenario":
        """The same levers, without figures of the territory itself."""
        return replace(self, roofs_kw=None, wind_kw=None, biogas_mwh=None, wood_mwh=None, wood_use_mwh=None)


def scenarios() -> list[Scenario]:
    """The scenarios shipped, to start from."""
    rows = table(TABLE).rename({"scenario": "name"}).select("name", "label_fr", "label_en", *SHARES)
    floats = rows.with_columns(pl.col(*SHARES).cast(pl.Float64))
    return [Scenario(**row) for row in floats.to_dicts()]


def scenario(name: str = "today", **moved: float | None) -> Scenario:
    """A scenario shipped, with levers moved: `scenario("shared", wind_share=0.2, wind_kw=12_000)`.

    Raises:
        UnknownCode: no scenario bears that name, or no such lever. RuleBroken: a lever out of its range.
    """
    known = {one.name: one for one in scenarios()}
    if name not in known:
        raise UnknownCode("{name} is not a scenario; the scenarios are {choices}.", name=name, choices=list(known))
    levers = {one.name for one in fields(Scenario)} - {"name", "label_fr", "label_en"}
    wrong = [lever for lever in moved if lever not in levers]
    if wrong:
        raise UnknownCode(
            "{name} is not a lever of energy; the levers are {choices}.", name=wrong[0], choices=[*SHARES, *OWN]
        )
    given = {lever: value for lever, value in moved.items() if value is not None}
    if given:
        given |= {"name": "own", "label_fr": "Vos hypothèses", "label_en": "Your own levers"}  # type: ignore[dict-item]
    return replace(known[name], **given)  # type: ignore[arg-type]
