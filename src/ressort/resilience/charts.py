"""The fan chart of a need: median, P10–P90, central run, threshold. Its twin is the table of curves."""

import altair as alt
import polars as pl

from ressort.core.errors import UnknownCode
from ressort.diagnosis.charts import color
from ressort.language import gettext as _
from ressort.reference.resilience_library import needs
from ressort.resilience.stress import Stress, need_names
from ressort.resilience.tables import need_label

WIDTH, HEIGHT = 560, 220


def fan_chart(stress: Stress, need: str = "whole") -> "alt.LayerChart | alt.FacetChart":
    """The curve of one need over the ensemble.

    Raises:
        UnknownCode: no need bears that name.
    """
    if need not in need_names():
        raise UnknownCode("No need is called {name}; the needs are {choices}.", name=need, choices=need_names())
    frame = stress.table("curves").filter(pl.col("need") == need)
    data = alt.Data(values=frame.select("day_days", "central_share", "p10_share", "p50_share", "p90_share").to_dicts())  # type: ignore[no-untyped-call]
    base = alt.Chart(data).encode(x=alt.X("day_days:Q", title=_("day"), axis=alt.Axis(format=",.0f")))
    scale = alt.Scale(domain=[0, 1.02])
    share = alt.Axis(format=".0%", tickCount=5)
    band = base.mark_area(color=color("blue"), opacity=0.3).encode(
        y=alt.Y("p10_share:Q", title=_("share served"), scale=scale, axis=share), y2="p90_share:Q"
    )
    median = base.mark_line(color=color("blue"), strokeWidth=2).encode(y=alt.Y("p50_share:Q", scale=scale))
    central = base.mark_line(color=color("ink"), strokeDash=[4, 3], strokeWidth=1).encode(
        y=alt.Y("central_share:Q", scale=scale)
    )
    layers = [band, median, central]
    vital = [one.vital_share for one in needs() if one.name == need]
    if vital:
        line = alt.Chart(alt.Data(values=[{"y": vital[0]}]))  # type: ignore[no-untyped-call]
        layers.append(line.mark_rule(color=color("clay"), strokeDash=[2, 3]).encode(y=alt.Y("y:Q", scale=scale)))
    title = need_label(need)
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=title, description=title)
