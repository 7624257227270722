"""Other rules than least distance on a page: the form that the address holds, a matrix of one's own, the answers."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.errors import InputError, RuleBroken
from ressort.core.territory import Territory
from ressort.exchanges import Answer, Cooperation, Rules, answers, cooperate, good, goods_shocks, read_distances
from ressort.language import current_language, number, percent
from ressort.reference.resilience_library import shock
from ressort.web.exchanges import queries
from ressort.web.territories.queries import codes_of, group_query

#: a matrix of all pairs of 1,255 intercommunalities takes some 35 MB; neighbours alone far less
MOST_BYTES = 40_000_000
MOST_ROWS = 40
#: rule → word of the address
WORDS = {
    "most_from_one": "part", "fair_km": "equite", "shock": "choc", "present": "actuels", "balance": "solde", "promise": "promesse",
}  # fmt: skip


def rules_of(words: Mapping[str, str]) -> Rules:
    """The rules that an address holds, in its French words.

    Raises:
        RuleBroken, UnknownCode: see `Rules.of`.
    """
    return Rules.of(_named(words))


def _named(words: Mapping[str, str]) -> dict[str, str]:
    """The words of an address under the names that programs use, empty ones aside."""
    given = {name: words.get(word, "").strip() for name, word in WORDS.items()}
    for name in ("most_from_one", "balance"):  # people write percentages
        if given[name]:
            given[name] = str(_percent(given[name]))
    return {name: text for name, text in given.items() if text}


def _for_programs(place: Territory, level: str, partners: list[str], key: str, words: Mapping[str, str]) -> str:
    """Where programs read the same answers."""
    told = {"good": key, "level": level, "with": partners, **_named(words)}
    if place.kind == "CUSTOM":
        return f"/api/exchanges/groups/rules?{group_query(codes_of(place), place.label)}&{urlencode(told, doseq=True)}"
    return f"/api/exchanges/{place.kind}/{place.code}/rules?{urlencode(told, doseq=True)}"


def _percent(text: str) -> float:
    try:
        return float(text.replace(",", ".").replace("%", "").strip()) / 100
    except ValueError as error:
        raise RuleBroken("{value} is not a percentage.", value=text[:20]) from error


class _Question:
    """A cooperation, a good, rules and a language: what makes an answer one and the same."""

    def __init__(self, found: Cooperation, key: str, rules: Rules) -> None:
        self.found, self.key, self.rules = found, key, rules
        only = () if found.only is None else tuple(found.only.tolist())
        self.words = (found.territory.key, found.territory.label, found.level, only, key, rules, get_language())

    def __hash__(self) -> int:
        return hash(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and other.words == self.words


@lru_cache(maxsize=64)
def _kept(question: _Question) -> list[Answer]:
    return answers(question.found, question.key, question.rules)


def with_matrix(place: Territory, level: str, partners: list[str], keys: list[str], content: bytes) -> Cooperation:
    """A territory among others at distances of one's own, nothing of which is kept; all goods known when none is asked.

    Raises:
        InputError, RuleBroken: what a line holds and should hold, with its number.
    """
    if len(content) > MOST_BYTES:
        raise RuleBroken("A file of distances holds at most {most} megabytes.", most=MOST_BYTES // 10**6)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("{path} is not a text in UTF-8: save it as CSV UTF-8.", path=_("the file")) from error
    return cooperate(place, keys or None, list(partners) or None, level, distances=read_distances(text))


def page(
    place: Territory, level: str, partners: list[str], words: Mapping[str, str], content: bytes | None = None
) -> dict[str, Any]:
    """What the page of other rules shows."""
    stored = queries.cooperation(place, level, partners)
    known = [key for key, one in stored.nationals.items() if one.market.known[stored.at]]
    asked = good(words["bien"]).key if words.get("bien") else ""
    chosen = asked if asked in known else (known[0] if known else "")
    is_unknown = bool(asked) and chosen != asked
    rules = Rules() if is_unknown else rules_of(words)
    found = stored if content is None or not chosen else with_matrix(place, level, partners, [chosen], content)
    given = [] if not chosen or not rules.any else (
        _kept(_Question(found, chosen, rules)) if found is stored else answers(found, chosen, rules)
    )  # fmt: skip
    return {
        "place": place, "here": stored.territory, "level": level, "level_name": queries.level_names()[level],
        "levels": {name: label for name, label in queries.level_names().items() if name in queries.QUICK},
        "choices": [(key, good(key).label) for key in known], "chosen": chosen, "only": partners, "step": "plan",
        "shocks": list(shock_names().items()), "asked": {name: words.get(name, "") for name in WORDS.values()},
        "unknown_good": good(asked).label if is_unknown else "", "answers": [_shown(one) for one in given], "own": _own(found, chosen) if found is not stored else None,
        "programs": _for_programs(place, level, partners, chosen, words) if given and found is stored else "",
    }  # fmt: skip


def _own(found: Cooperation, key: str) -> dict[str, Any]:
    """The flows at distances of one's own."""
    line = next(line for line in found.lines if line.good.key == key)
    flows = found.flows(key)
    rows = [row | {"amount": queries.amount(good(key), row["quantity"])} for row in flows.head(MOST_ROWS).to_dicts()]
    named = int(found.nationals[key].market.known.sum())
    return {"flows": rows, "named": named, "imported": queries.amount(good(key), line.imported)}


def shock_names() -> dict[str, str]:
    """The shocks that touch goods, as people call them."""
    apart = {"supplier_failure": _("each supplier fails in turn"), "drought": _("the worst harvest observed")}
    return {name: apart.get(name) or shock(name).titles[current_language()] for name in goods_shocks()}


def measures() -> dict[str, str]:
    """What the figures of an answer are called."""
    return {
        "measure": _("What is measured"), "least_distance": _("At least distance"), "with_the_rule": _("With this rule"), "suppliers": _("Suppliers"),
        "mean_km": _("Mean distance, km"), "imported": _("From the rest of the world"), "largest_partner_share": _("Largest part from one partner"),
        "total": _("Quantity × km, the country"), "coverage_here_share": _("Need covered here"), "least_coverage_share": _("Least covered territory"),
        "mean_coverage_share": _("Mean coverage"), "quantity_km": _("Quantity × km, the country"), "covered_share": _("Need covered"), "price_km": _("Scarcity, km"),
        "code": _("Code"), "name": _("Territory"), "stands": _("Stands"), "more_imported": _("More from the world, the country"), "more_km": _("More quantity × km"),
        "quantity": _("Quantity"), "share": _("Part"), "distance_km": _("Distance, km"), "giver_code": _("Code"), "giver_name": _("From"),
        "receiver_code": _("Code"), "receiver_name": _("To"), "good": _("Good"),
    }  # fmt: skip


def _shown(answer: Answer) -> dict[str, Any]:
    """An answer with its table in words."""
    names, columns = measures(), [name for name in answer.table.columns if not name.endswith("code")]
    rows = [
        [_cell(name, value, row, names) for name, value in row.items() if name in columns]
        for row in answer.table.head(MOST_ROWS).to_dicts()
    ]
    return {"answer": answer, "columns": [names[name] for name in columns], "rows": rows}


def _cell(name: str, value: Any, row: dict[str, Any], names: dict[str, str]) -> str:
    if isinstance(value, str):
        return good(value).label if name == "good" else names.get(value, value)
    is_share = name.endswith("share") or str(row.get("measure", "")).endswith("share")
    return percent(value, 1) if is_share else number(value, 0 if abs(value) >= 100 or value == round(value) else 1)
