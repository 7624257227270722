"""The words of the address of a page of energy: a year, a scenario, levers in percent, figures of one's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from ressort.core.errors import InputError, RuleBroken, UnknownCode
from ressort.energy import CARRIERS, Owners, OwnTerms, Scenario, own_hypotheses, scenario

#: word of the address → lever, in percent
PERCENTS = {"toitures": "roofs_share", "vent": "wind_share", "biogaz": "biogas_share", "economie": "saved_share"}
#: word of the address → figure of the territory's own
OWN = {
    "toitures_kw": "roofs_kw",
    "vent_kw": "wind_kw",
    "biogaz_mwh": "biogas_mwh",
    "bois_mwh": "wood_mwh",
    "bois_consomme_mwh": "wood_use_mwh",
}
OWNERS = ("collectivite", "citoyens")
#: word of the address → hypothesis on who earns; those in percent
TERMS = {
    f"{word}_{french}": f"{resource}.{term}"
    for word, resource in (("toitures", "roofs"), ("vent", "wind"))
    for french, term in (("cout", "investment"), ("rendement", "return"), ("taxe", "tax"), ("loyer", "rent"))
}
TERM_PERCENTS = ("toitures_rendement", "vent_rendement")
LABELS = {
    "toitures": lazy("Roofs: part of the potential built, %"),
    "vent": lazy("Wind: part of the potential built, %"),
    "biogaz": lazy("Biogas: part of the potential built, %"),
    "economie": lazy("Energy saved, % of today's use"),
    "toitures_kw": lazy("Your own potential of roofs, kW"),
    "vent_kw": lazy("Your own potential of wind, kW"),
    "biogaz_mwh": lazy("Your own potential of biogas, MWh a year"),
    "bois_mwh": lazy("Wood that could be gathered, MWh a year"),
    "bois_consomme_mwh": lazy("Wood used, MWh a year"),
    "collectivite": lazy("Owned by the local authority, %"),
    "citoyens": lazy("Owned by inhabitants, %"),
    "toitures_cout": lazy("Roofs: what a kilowatt costs to build, €"),
    "toitures_rendement": lazy("Roofs: what owners earn in a year, % of what they invested"),
    "toitures_taxe": lazy("Roofs: taxes to local authorities, € a kilowatt and year"),
    "toitures_loyer": lazy("Roofs: rent to the owner of the roof, € a kilowatt and year"),
    "vent_cout": lazy("Wind: what a kilowatt costs to build, €"),
    "vent_rendement": lazy("Wind: what owners earn in a year, % of what they invested"),
    "vent_taxe": lazy("Wind: taxes to local authorities, € a kilowatt and year"),
    "vent_loyer": lazy("Wind: rent to the owners of the ground, € a kilowatt and year"),
}
WORDS = ("annee", "scenario", *PERCENTS, *OWN, *OWNERS, *TERMS, "vecteur")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    year: str
    levers: Scenario
    owners: Owners
    carrier: str
    own_terms: OwnTerms = ()


def read(words: dict[str, str]) -> Asked:
    """What the words of an address ask for; those that are not ours are left aside.

    Raises:
        InputError: a number that cannot be read. UnknownCode, RuleBroken: a scenario that does not exist, a lever out of its range.
    """
    percents = {lever: _share(words, word) for word, lever in PERCENTS.items()}
    own = {lever: _number(words, word) for word, lever in OWN.items()}
    owned = [_share(words, word) or 0.0 for word in OWNERS]
    levers = scenario(words.get("scenario", "") or "today", **percents, **own)
    carrier = words.get("vecteur", "") or CARRIERS[0]
    if carrier not in CARRIERS:
        raise UnknownCode(
            "{name} is not a carrier; the carriers are {choices}.", name=carrier[:40], choices=list(CARRIERS)
        )
    return Asked(
        words.get("annee", "").strip()[:20],
        levers,
        Owners(round(owned[0] * 10_000), round(owned[1] * 10_000)),
        carrier,
        _own_terms(words),
    )


def _number(words: dict[str, str], word: str) -> float | None:
    text = words.get(word, "").strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value != value:
        raise InputError("{text} is not a number ({field}).", text=words[word][:40], field=str(LABELS[word]))
    return value


def _own_terms(words: dict[str, str]) -> OwnTerms:
    """The hypotheses of one's own on who earns."""
    given = {}
    for word, name in TERMS.items():
        value = _share(words, word) if word in TERM_PERCENTS else _number(words, word)
        if value is not None:
            given[name] = value
    return own_hypotheses(given)


def _share(words: dict[str, str], word: str) -> float | None:
    value = _number(words, word)
    if value is None:
        return None
    if not 0 <= value <= 100:
        raise RuleBroken("{field}: between 0 and 100, not {value}.", field=str(LABELS[word]), value=value)
    return value / 100


def fields(words: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The fields of the form, filled with what was asked, by group."""
    groups: dict[str, Iterable[str]] = {"levers": PERCENTS, "own": OWN, "owners": OWNERS, "terms": TERMS}
    return {
        group: [{"name": word, "label": LABELS[word], "value": words.get(word, "")[:40]} for word in names]
        for group, names in groups.items()
    }
