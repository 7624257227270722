"""Several diagnoses side by side: territories, or scenarios of one territory."""

from dataclasses import dataclass
from urllib.parse import urlencode

import polars as pl

from ressort.core.errors import RuleBroken
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.language import current_language
from ressort.reference.indicators import indicators

MOST_SIDE_BY_SIDE = 4


@dataclass(frozen=True, eq=False)
class Comparison:
    """Up to four diagnoses, in the order given."""

    diagnoses: tuple[Diagnosis, ...]
    names: tuple[str, ...]

    def table(self) -> pl.DataFrame:
        """One row an indicator; for each diagnosis its value, low and high bound."""
        rows = []
        for key, indicator in indicators().items():
            row: dict[str, object] = {
                "indicator": key,
                "label": indicator.label(current_language()),
                "unit": indicator.unit,
            }
            for name, diagnosis in zip(self.names, self.diagnoses, strict=True):
                figure = diagnosis.figures.get(key)
                row |= {
                    name: figure and figure.value,
                    f"{name} (low)": figure and figure.low,
                    f"{name} (high)": figure and figure.high,
                }
            rows.append(row)
        texts: dict[str, type[pl.DataType]] = {"indicator": pl.String, "label": pl.String, "unit": pl.String}
        numbers: dict[str, type[pl.DataType]] = {
            f"{name}{part}": pl.Float64 for name in self.names for part in ("", " (low)", " (high)")
        }
        return pl.DataFrame(rows, schema={**texts, **numbers})

    def _repr_html_(self) -> str:
        from ressort.diagnosis.exports import comparison_as_html

        return comparison_as_html(self)

    def tall(self) -> pl.DataFrame:
        """One row an indicator and a diagnosis, named, with its levers; for scenarios, and for programs."""
        rows = [
            [one.territory.key, one.territory.label, name, urlencode(one.levers.to_query()), key, indicator.label(current_language())]
            + [getattr(one.figures[key], part) for part in ("value", "low", "high", "unit", "status", "year", "source")]
            for name, one in zip(self.names, self.diagnoses, strict=True)
            for key, indicator in indicators().items()
        ]  # fmt: skip
        texts = ("territory", "territory_label", "scenario", "levers", "indicator", "label")
        schema: dict[str, type[pl.DataType]] = dict.fromkeys(texts, pl.String)
        schema |= dict.fromkeys(("value", "low", "high"), pl.Float64)
        schema |= dict.fromkeys(("unit", "status", "year", "source"), pl.String)
        return pl.DataFrame(rows, schema, orient="row")


def compare(*diagnoses: Diagnosis, names: list[str] | None = None) -> Comparison:
    """Diagnoses side by side; names default to those of the territories.

    Raises:
        RuleBroken: none, more than four, or two with the same name.
    """
    if not 1 <= len(diagnoses) <= MOST_SIDE_BY_SIDE:
        raise RuleBroken(
            "Compare from one to {most} diagnoses; {count} were given.", most=MOST_SIDE_BY_SIDE, count=len(diagnoses)
        )
    told = names or [diagnosis.territory.label for diagnosis in diagnoses]
    if len(set(told)) != len(diagnoses):
        raise RuleBroken("Each diagnosis needs its own name: {names}.", names=told)
    return Comparison(diagnoses, tuple(told))
