"""The charts of a diagnosis: each is drawn from exactly one table, so that chart and table twin cannot differ.

The same chart goes to the page, the notebook and, as SVG, to the report.
"""

import re
from collections.abc import Callable
from typing import Any

import altair as alt
import polars as pl

from ressort.core.errors import UnknownCode
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.language import current_language
from ressort.language import gettext as _
from ressort.reference import table

WIDTH = 560
BAR_HEIGHT = 26
#: charts that need a vector font known to the PDF renderer
REPORT_FONT = "Libertinus Serif"
PAGE_FONT = "system-ui, sans-serif"


def build(diagnosis: Diagnosis, name: str) -> alt.Chart:
    """One chart by name.

    Raises:
        UnknownCode: no chart bears that name.
    """
    if name not in CHARTS:
        raise UnknownCode("No chart is called {name}; the charts are {choices}.", name=name, choices=list(CHARTS))
    return CHARTS[name](diagnosis)


def svg(chart: alt.Chart, font: str = PAGE_FONT) -> str:
    """The chart as SVG, numbers written in the language in force, without Vega's own descriptions, which are in English."""
    import vl_convert

    spec = chart.configure(**_theme(font)).to_dict()
    drawing = vl_convert.vegalite_to_svg(spec, format_locale=_locale(), time_format_locale=_locale())
    return re.sub(r' (?:role|aria-label|aria-roledescription)="[^"]*"', "", str(drawing))


def color(name: str) -> str:
    """A colour of the palette, light theme."""
    rows = table("experience/palette").filter((pl.col("theme") == "light") & (pl.col("name") == name))
    return str(rows["hex"][0])


def _groups(diagnosis: Diagnosis) -> alt.Chart:
    """Land needed (with range) and available, by crop group."""
    frame = diagnosis.table("groups")
    needed = frame.select(
        "label",
        low="needed_low_ha",
        high="needed_high_ha",
        area_ha="needed_ha",
        kind=pl.lit(_("Needed")),
        is_floor=pl.lit(False),
    )
    available = frame.select(
        "label",
        low="available_low_ha",
        high=pl.coalesce("available_high_ha", "available_ha"),
        area_ha="available_ha",
        kind=pl.lit(_("Available")),
        is_floor="available_is_floor",
    )
    rows = pl.concat([needed, available], how="vertical_relaxed").drop_nulls("area_ha")
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("label:N", title=None, sort=frame["label"].to_list(), axis=_label_axis()),
        yOffset=alt.YOffset("kind:N", sort=[_("Needed"), _("Available")]),
    )
    bars = base.mark_bar().encode(
        x=alt.X("area_ha:Q", title=_("hectares"), axis=alt.Axis(format=",.0f", tickCount=5)),
        color=alt.Color("kind:N", title=None, scale=_pair(), legend=alt.Legend(orient="top")),
    )
    ranges = base.mark_rule(color=color("ink"), strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    floors = base.transform_filter("datum.is_floor").mark_point(shape="triangle-right", color=color("ink"), filled=True)
    return _titled(
        bars + ranges + floors.encode(x="area_ha:Q"), _("Land needed and available, by crop group"), frame.height * 2
    )


def _autonomy(diagnosis: Diagnosis) -> alt.Chart:
    """Potential autonomy by crop group, capped at the need; 1 is enough."""
    frame = diagnosis.table("groups").select("label", "adequacy_ratio").drop_nulls()
    rows = frame.with_columns(pl.col("adequacy_ratio").clip(0, 2).alias("shown"))
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("label:N", title=None, sort=frame["label"].to_list(), axis=_label_axis())
    )
    bars = base.mark_bar(color=color("green")).encode(
        x=alt.X(
            "shown:Q", title=_("land available over land needed"), axis=_percent_axis(), scale=alt.Scale(domain=[0, 2])
        )
    )
    enough = (
        alt.Chart(_data(pl.DataFrame({"x": [1.0]}))).mark_rule(color=color("clay"), strokeDash=[5, 3]).encode(x="x:Q")
    )
    return _titled(bars + enough, _("Potential autonomy by crop group (cut at 200 %)"), frame.height)


def _scales(diagnosis: Diagnosis) -> alt.Chart:
    """Potential autonomy as the perimeter grows."""
    frame = diagnosis.table("scales").drop_nulls("capped_share")
    rows = frame.select(
        "label",
        "capped_share",
        "population_people",
        family=pl.when(pl.col("kind") == "RING").then(pl.lit(_("Ring around"))).otherwise(pl.lit(_("Territory"))),
    )
    bars = (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            y=alt.Y("label:N", title=None, sort=frame["label"].to_list(), axis=_label_axis()),
            x=alt.X(
                "capped_share:Q", title=_("potential autonomy"), axis=_percent_axis(), scale=alt.Scale(domain=[0, 1])
            ),
            color=alt.Color(
                "family:N",
                title=None,
                legend=alt.Legend(orient="top"),
                scale=alt.Scale(domain=[_("Territory"), _("Ring around")], range=[color("green"), color("blue")]),
            ),
        )
    )
    return _titled(bars, _("At which scale does it feed itself?"), frame.height)


def _scale_groups(diagnosis: Diagnosis) -> alt.Chart:
    """Autonomy by crop group and perimeter, as a heat table."""
    frame = diagnosis.table("scales")
    named = dict(
        zip(
            table("food/crop_groups")["crop_group"],
            table("food/crop_groups")[f"label_{current_language()}"],
            strict=True,
        )
    )
    columns = [
        column for column in frame.columns if column.endswith("_ratio") and column.removesuffix("_ratio") in named
    ]
    rows = (
        frame.select("label", *columns).unpivot(index="label", variable_name="group", value_name="ratio").drop_nulls()
    )
    rows = rows.with_columns(
        pl.col("group").str.strip_suffix("_ratio").replace_strict(named), pl.col("ratio").clip(0, 1).alias("shown")
    )
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("label:N", title=None, sort=frame["label"].to_list(), axis=_label_axis()),
        x=alt.X("group:N", title=None, sort=list(named.values()), axis=alt.Axis(labelAngle=-30, labelLimit=0)),
    )
    cells = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "shown:Q",
            title=_("covered"),
            scale=alt.Scale(scheme="yellowgreen", domain=[0, 1]),
            legend=alt.Legend(format=".0%"),
        )
    )
    ink = alt.condition("datum.shown > 0.6", alt.value("white"), alt.value(color("ink")))
    words = base.mark_text(fontSize=11).encode(text=alt.Text("ratio:Q", format=".0%"), color=ink)
    return _titled(cells + words, _("Group by group, as the perimeter grows"), frame.height)


def _families(diagnosis: Diagnosis) -> alt.Chart:
    """Land needed by family of food, with its range."""
    frame = diagnosis.table("families").filter(pl.col("land_ha") > 0)
    base = alt.Chart(_data(frame.select("label", "land_ha", "land_low_ha", "land_high_ha"))).encode(
        y=alt.Y("label:N", title=None, sort="-x", axis=_label_axis())
    )
    bars = base.mark_bar(color=color("green")).encode(
        x=alt.X("land_ha:Q", title=_("hectares"), axis=alt.Axis(format=",.0f", tickCount=5))
    )
    ranges = base.mark_rule(color=color("ink"), strokeWidth=1.5).encode(x="land_low_ha:Q", x2="land_high_ha:Q")
    return _titled(bars + ranges, _("Land needed by family of food"), frame.height)


def _farm_starts(diagnosis: Diagnosis) -> alt.Chart:
    """Share of the vegetables covered by the market gardens started, year by year."""
    frame = diagnosis.table("farm_starts")
    line = (
        alt.Chart(_data(frame))
        .mark_line(point=True, color=color("green"))
        .encode(
            x=alt.X("year_of_plan:O", title=_("year")),
            y=alt.Y(
                "covered_share:Q", title=_("share of the vegetables"), axis=_percent_axis(), scale=alt.Scale(zero=True)
            ),
        )
    )
    return _titled(line, _("Vegetables covered by the gardens started"), 8)


CHARTS: dict[str, Callable[[Diagnosis], alt.Chart]] = {
    "autonomy": _autonomy,
    "groups": _groups,
    "families": _families,
    "scales": _scales,
    "scale_groups": _scale_groups,
    "farm_starts": _farm_starts,
}
#: the table each chart is drawn from: its twin
TWINS = {
    "autonomy": "groups",
    "groups": "groups",
    "families": "families",
    "scales": "scales",
    "scale_groups": "scales",
    "farm_starts": "farm_starts",
}


def _data(frame: pl.DataFrame) -> alt.Data:
    return alt.Data(values=frame.to_dicts())  # type: ignore[no-untyped-call]


def _titled(chart: Any, title: str, bars: int) -> alt.Chart:
    """The chart with its title and size; a notebook writes its numbers as the reader does."""
    height = max(90, bars * BAR_HEIGHT)
    return chart.properties(width=WIDTH, height=height, title=title, description=title, usermeta=_embedded())  # type: ignore[no-any-return]


def _embedded() -> dict[str, Any]:
    import vl_convert

    return {"embedOptions": {"formatLocale": vl_convert.get_format_locale(_locale())}}


def _locale() -> Any:
    return "fr-FR" if current_language() == "fr" else "en-GB"


def _label_axis() -> alt.Axis:
    return alt.Axis(labelLimit=0, ticks=False, domain=False)


def _percent_axis() -> alt.Axis:
    return alt.Axis(format=".0%", tickCount=5)


def _pair() -> alt.Scale:
    return alt.Scale(domain=[_("Needed"), _("Available")], range=[color("ochre"), color("green")])


def _theme(font: str) -> dict[str, Any]:
    ink = color("ink")
    # `aria=False`: Vega would describe each axis, mark and legend in English; the page has a text and a table for the whole drawing
    return {
        "background": "transparent",
        "font": font,
        "axis": alt.AxisConfig(
            labelColor=ink, titleColor=ink, labelFontSize=13, titleFontSize=13, gridColor=color("rule"), aria=False
        ),
        "legend": alt.LegendConfig(labelColor=ink, titleColor=ink, labelFontSize=13, titleFontSize=13, aria=False),
        "mark": alt.MarkConfig(aria=False),
        "title": alt.TitleConfig(color=ink, fontSize=16, anchor="start"),
        "view": alt.ViewConfig(stroke=None),
    }
