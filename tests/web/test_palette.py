"""The colours of the interface can be read."""

import re
from pathlib import Path

import polars as pl
import pytest

import ressort.web
from ressort.reference import table

PALETTE = table("experience/palette")
CSS = (Path(ressort.web.__file__).parent / "static/ressort/ressort.css").read_text("utf-8")


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colour(theme: str, name: str) -> str:
    return PALETTE.filter((pl.col("theme") == theme) & (pl.col("name") == name))["hex"].item()


@pytest.mark.parametrize("row", PALETTE.rows(named=True), ids=lambda row: f"{row['theme']}-{row['name']}")
def test_the_contrast_written_is_the_contrast_computed(row: dict) -> None:
    assert contrast(row["hex"], colour(row["theme"], "paper")) == pytest.approx(
        row["contrast_on_paper_ratio"], abs=0.011
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("surface", ["paper", "card", "wash", "green_wash"])
@pytest.mark.parametrize("name", ["ink", "slate", "moss_grey", "green", "clay", "ochre_dark", "blue", "violet"])
def test_text_can_be_read_on_every_surface(theme: str, surface: str, name: str) -> None:
    assert contrast(colour(theme, name), colour(theme, surface)) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_borders_of_fields_can_be_seen(theme: str) -> None:
    assert contrast(colour(theme, "control_border"), colour(theme, "card")) >= 3
    assert contrast(colour(theme, "on_green"), colour(theme, "green")) >= 4.5


def test_the_sheet_uses_the_palette_and_nothing_else() -> None:
    light, dark = CSS.split("@media (prefers-color-scheme: dark)", 1)
    for row in PALETTE.rows(named=True):
        part = light if row["theme"] == "light" else dark
        name = row["name"].replace("_", "-")
        assert re.search(rf"--{name}: {row['hex']}", part), f"--{name} of the {row['theme']} theme is not {row['hex']}"
    known = set(PALETTE["hex"]) | {"#333333", "#000000", "#BBBBBB"}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", CSS)) <= known


def test_nothing_looks_like_the_design_system_of_the_state() -> None:
    for path in Path(ressort.web.__file__).parent.rglob("*"):
        if path.suffix in (".html", ".css", ".js", ".svg"):
            text = path.read_text("utf-8").lower()
            assert not re.search(r"dsfr|fr-btn|marianne|https?://(?!www\.w3\.org)[a-z]", text), path
