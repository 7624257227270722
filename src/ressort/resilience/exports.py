"""A stress as plain values, and what is needed to replay it."""

import json
from math import isfinite
from typing import Any

import numpy as np

from ressort import __version__
from ressort.core.errors import InputError
from ressort.resilience.request import Request
from ressort.resilience.stress import Stress, need_names, sources, vintage


def as_dict(stress: Stress) -> dict[str, Any]:
    """Request, provenance, tables, curves, story: plain values; `inf` is written "never", undefined is null."""
    return {
        "territory": {"key": stress.ground.key, "name": stress.ground.name, "population_people": stress.ground.people},
        "request": stress.request.as_dict(),
        "provenance": provenance(stress),
        "publishable": stress.publishable,
        "converged": stress.converged,
        "outside_share": float(stress.ensemble.outside.mean()),
        "tables": {name: plain(stress.table(name).to_dicts()) for name in stress.tables() if name != "curves"},
        "curves": {
            "rows": need_names(),
            "central": np.round(stress.central.curves, 4).tolist(),
            **{name: np.round(stress.curves(name), 4).tolist() for name in ("low", "median", "high")},
        },
        "story": [{"heading": one.heading, "text": one.text, "ids": list(one.ids)} for one in stress.story()],
    }


def provenance(stress: Stress) -> dict[str, Any]:
    """What makes the same numbers come again: seed, version, vintage of the data, and the digest of every run."""
    return {
        "seed": stress.request.seed,
        "version": __version__,
        "vintage": vintage(),
        "digest": stress.digest,
        "sources": dict(sources()),
    }


def request_of(text: str, name: str) -> tuple[Request, dict[str, Any]]:
    """The request and the provenance written in a JSON file of `ressort stress --json`.

    Raises:
        InputError: not JSON, or not such a file.
    """
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            "{file}: line {line} is not JSON ({problem}).", file=name, line=error.lineno, problem=error.msg
        ) from error
    if (
        not isinstance(raw, dict)
        or not isinstance(raw.get("request"), dict)
        or not isinstance(raw.get("provenance"), dict)
    ):
        raise InputError(
            "{file} is not an answer of `ressort stress --json`: it holds no request and no provenance.", file=name
        )
    told = raw["request"]
    unknown = sorted(set(told) - set(Request.__dataclass_fields__))
    if unknown or "territory" not in told or "shocks" not in told:
        raise InputError(
            "{file}: the request holds words that are not known or lacks some: {words}.",
            file=name,
            words=unknown or ["territory", "shocks"],
        )
    told = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    try:
        _check_words(told)
        return Request(**told).checked(), raw["provenance"]
    except TypeError as error:
        raise InputError("{file}: a word of the request is not of its kind.", file=name) from error


def _check_words(told: dict[str, Any]) -> None:
    """Texts are texts, and lists of names hold texts; numbers are checked with their bounds."""
    lists = [told.get(word, ()) for word in ("shocks", "levers", "partners", "intensity")]
    texts = [told.get(word, "") for word in ("territory", "table", "reuse_source")]
    if not all(isinstance(one, tuple) for one in lists) or not all(
        isinstance(one, str) for one in [*texts, *sum(lists, ())]
    ):
        raise TypeError


def plain(value: Any) -> Any:
    """Values that JSON knows: what has no end is `never`, what is not defined is null."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, float) and not isfinite(value):
        return "never" if value > 0 else None
    return value
