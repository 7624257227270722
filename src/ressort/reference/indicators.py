"""The indicators of a diagnosis, in words: label, unit, how it is computed, what it leaves out."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ressort.core.errors import UnknownCode


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of `reference/diagnosis/indicators.toml`."""

    id: str
    label_fr: str
    label_en: str
    unit: str
    domain: str
    how_fr: str
    how_en: str
    limits_fr: str
    limits_en: str

    def label(self, language: str) -> str:
        return self.label_en if language == "en" else self.label_fr

    def how(self, language: str) -> str:
        return self.how_en if language == "en" else self.how_fr

    def limits(self, language: str) -> str:
        return self.limits_en if language == "en" else self.limits_fr


@cache
def indicators() -> dict[str, Indicator]:
    """All indicators by id, in the order of the screens."""
    text = (files("ressort.reference") / "diagnosis" / "indicators.toml").read_text("utf-8")
    return {key: Indicator(id=key, **row) for key, row in tomllib.loads(text).items()}


def indicator(key: str) -> Indicator:
    """One indicator.

    Raises:
        UnknownCode: no indicator bears that id.
    """
    if key not in indicators():
        raise UnknownCode(
            "No indicator is called {key}. The indicators are: {choices}.", key=key, choices=list(indicators())
        )
    return indicators()[key]
