"""A whole diagnosis: facts, food, comparisons, scales, of one territory under some levers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.core.figure import Figure
from ressort.core.food import Levers
from ressort.core.territory import Territory
from ressort.diagnosis.atlas import atlas, is_at_hand, measure, similar
from ressort.diagnosis.food import FoodDiagnosis, diagnose_food
from ressort.diagnosis.food_figures import food_figures
from ressort.diagnosis.own import OwnData
from ressort.diagnosis.scales import Scale, scales
from ressort.reference.indicators import indicators
from ressort.reference.places import Places
from ressort.reference.territories import territories

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

COMPARED_WITH = ("EPCI", "DEP", "REG")
FRANCE = "PAYS:FRM"


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What Ressort knows of a territory. Everything heavy is worked out when first asked for.

    Example:
        >>> import ressort
        >>> pau = ressort.diagnose("CA Pau Béarn Pyrénées")          # doctest: +SKIP
        >>> pau.figures["adequacy_capped_share"].value               # doctest: +SKIP
        >>> pau.table("groups")                                      # doctest: +SKIP
    """

    territory: Territory
    levers: Levers = field(default_factory=Levers)
    own: OwnData = field(default_factory=OwnData)

    @cached_property
    def food(self) -> FoodDiagnosis | None:
        """Plate, land, jobs, autonomy; None overseas, where the model does not reach."""
        return diagnose_food(self.territory, self.levers, self.own.areas)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every indicator, known or missing with its reason, by id."""
        facts = figures_of(self.territory)
        known = {**facts, **food_figures(self.food, self.own.actual_autonomy), **self.own.facts}
        return {key: known[key] for key in indicators()}

    @cached_property
    def comparison(self) -> list[tuple[Territory, Mapping[str, Figure]]]:
        """The same indicators, levers at rest, for the EPCI, the département, the région and metropolitan France."""
        known = territories()
        larger = known.parents(self.territory)
        rows = [larger[kind] for kind in COMPARED_WITH if kind in larger and kind != self.territory.kind]
        if self.territory.country == "FR" and self.territory.kind != "PAYS":
            rows.append(known.row(FRANCE))
        return [(known.territory(row), _RowFigures(row)) for row in rows]

    @cached_property
    def similar(self) -> list[tuple[Territory, Mapping[str, Figure]]]:
        """The ten most similar territories of the same kind, with their indicators."""
        known = territories()
        return [(known.territory(row), _RowFigures(row)) for row in similar(self.territory)]

    @cached_property
    def scales(self) -> list[Scale]:
        """Autonomy as the perimeter grows; levers at rest."""
        return scales(self.territory)

    def tables(self) -> list[str]:
        """Names of the tables that `table` gives."""
        from ressort.diagnosis.tables import TABLES

        return list(TABLES)

    def table(self, name: str = "figures") -> "pl.DataFrame":
        """One table of the diagnosis, as a polars frame.

        Raises:
            UnknownCode: no table bears that name.
        """
        from ressort.diagnosis.tables import build

        return build(self, name)

    def rows(self, name: str = "figures") -> list[dict[str, Any]]:
        """The rows of a table, for a page that shows them: the same values, without a frame.

        Raises:
            UnknownCode: no table bears that name.
        """
        from ressort.diagnosis.tables import rows

        return rows(self, name)

    def charts(self) -> list[str]:
        """Names of the charts that `chart` gives."""
        from ressort.diagnosis.charts import CHARTS

        return list(CHARTS)

    def chart(self, name: str = "autonomy") -> "alt.Chart":
        """One chart; its data are exactly a table of the same diagnosis."""
        from ressort.diagnosis.charts import build

        return build(self, name)

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis as plain values, for JSON."""
        from ressort.diagnosis.exports import as_dict

        return as_dict(self)

    def report(self, path: Path | str, address: str = "") -> Path:
        """Write the PDF report and give its path; with the address of a live page, it ends with a code that leads there."""
        from ressort.diagnosis.report import write_report

        return write_report(self, Path(path), address)

    def _repr_html_(self) -> str:
        from ressort.diagnosis.exports import as_html

        return as_html(self)


def figures_of(territory: Territory) -> Mapping[str, Figure]:
    """The indicators of a territory, levers at rest, each made when it is asked for.

    Where those of all territories are not at hand, as in a command, they are worked out for this one alone: the same figures.
    """
    if territory.kind != "CUSTOM" and is_at_hand():
        return _RowFigures(territories().row(territory.key))
    return {key: column.figure(0, key) for key, column in measure(Places.of([territory])).items()}


class _RowFigures(Mapping[str, Figure]):
    """The figures of one territory of the table, each made when it is asked for: a comparison shows few of them."""

    def __init__(self, row: int) -> None:
        self._row = row

    def __getitem__(self, key: str) -> Figure:
        return atlas()[key].figure(self._row, key)

    def __iter__(self) -> Iterator[str]:
        return iter(atlas())

    def __len__(self) -> int:
        return len(atlas())
