"""The chart of the energy of a territory, drawn from exactly one of its tables."""

import altair as alt
import polars as pl

from ressort.diagnosis.charts import WIDTH, _data, color
from ressort.energy.production import SOURCES
from ressort.energy.territory import EnergyOf
from ressort.energy.words import source_label
from ressort.language import gettext as _

HEIGHT = 220
MWH_PER_GWH = 1_000.0
COLOURS = {"solar": "ochre", "wind": "blue", "hydro": "violet", "bioenergy": "green"}


def production_rows(found: EnergyOf) -> pl.DataFrame:
    """Renewable electricity by year and source, in megawatt-hours: what the chart draws."""
    return found.series.filter((pl.col("side") == "production") & (pl.col("carrier") == "electricity"))


def production_chart(found: EnergyOf) -> alt.Chart:
    """Renewable electricity made, by year and source; its data are those of the table of series."""
    labels = {source: source_label(source) for source in SOURCES["electricity"]}
    rows = production_rows(found).select(
        "year",
        pl.col("source").replace_strict(labels).alias("label"),
        (pl.col("energy_mwh") / MWH_PER_GWH).alias("energy_gwh"),
    )
    scale = alt.Scale(domain=list(labels.values()), range=[color(COLOURS[source]) for source in labels])
    return (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("energy_gwh:Q", title=_("GWh a year")),
            color=alt.Color(
                "label:N", title=None, scale=scale, legend=alt.Legend(orient="top", labelLimit=0, columns=2)
            ),
        )
        .properties(width=WIDTH, height=HEIGHT, title=_("Renewable electricity made here"))
    )
