"""Other rules than least distance on a page: the form that the address holds, a matrix of one's own, the answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from ressort.core.errors import RuleBroken
from ressort.core.territory import Territory
from ressort.exchanges import (
    Cooperation,
    OwnDistances,
    Play,
    Rules,
    cooperate,
    good,
    goods_shocks,
    plays,
    read_distances,
    rule_told,
)
from ressort.language import current_language, number, percent
from ressort.reference.resilience_library import shock
from ressort.reference.territories import territories
from ressort.web.exchanges import queries, rule_jobs
from ressort.web.exchanges.aside import Aside, Told
from ressort.web.exchanges.rule_jobs import Content
from ressort.web.kept import vintage
from ressort.web.territories.queries import codes_of, group_query

#: all pairs of 1,255 intercommunalities take some 35 MB, 30 neighbours of every commune some 20
MOST_BYTES = 40_000_000
MOST_ROWS = 40
#: rule → word of the address
WORDS = {
    "most_from_one": "part", "fair_km": "equite", "shock": "choc", "present": "actuels", "balance": "solde", "promise": "promesse",
}  # fmt: skip
#: word of the address under which an answer at distances of one's own is kept, and what it looks like
SENT, TOKEN = "calcul", re.compile(r"[0-9a-f]{32}")
#: box of the form: pairs that are not written run along the great circle
ELSEWHERE = "ailleurs"


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


def with_matrix(
    place: Territory, level: str, partners: list[str], keys: list[str], distances: OwnDistances
) -> Cooperation:
    """A territory among others at distances of one's own, nothing of which is kept; all goods known when none is asked.

    Raises:
        UnknownCode, InputError: a code that is none of the level, with its line; nothing on this territory.
        RuleBroken: other questions take too long.
    """
    with rule_jobs.taking_turn(rule_jobs.aside_of(distances.digest[:32]), rule_jobs.PROGRAM_S):
        return cooperate(place, keys or None, list(partners) or None, level, distances=distances)


def distances_of(content: bytes, elsewhere: bool) -> OwnDistances:
    """The distances of a file that was sent.

    Raises:
        InputError, RuleBroken: what a line holds and should hold, with its number.
    """
    if len(content) > MOST_BYTES:
        raise RuleBroken("A file of distances holds at most {most} megabytes.", most=MOST_BYTES // 10**6)
    return read_distances(content, elsewhere, _("The file"))


def page(
    place: Territory, level: str, partners: list[str], words: Mapping[str, str], content: bytes | None = None
) -> dict[str, Any]:
    """What the page of other rules shows: the answers, or how far their computation is."""
    stored = queries.cooperation(place, level, partners)
    known = [key for key, one in stored.nationals.items() if one.market.known[stored.at]]
    asked = good(words["bien"]).key if words.get("bien") else ""
    chosen = asked if asked in known else (known[0] if known else "")
    is_unknown = bool(asked) and chosen != asked
    rules = Rules() if is_unknown else rules_of(words)
    sent = words.get(SENT, "") if TOKEN.fullmatch(words.get(SENT, "")) else ""
    state: Content | Told | None = None
    if chosen and content is not None:
        sent, state = _at_distances(
            _Question(place, level, partners, chosen, rules), distances_of(content, bool(words.get(ELSEWHERE)))
        )
    elif sent:
        state = rule_jobs.known(sent) or {"refused": _("This answer is no longer kept: send the file again.")}
    elif chosen and rules.any:
        sent, state = _at_least_distance(_Question(place, level, partners, chosen, rules), stored)
    return {
        "place": place, "here": stored.territory, "level": level, "level_name": queries.level_names()[level],
        "levels": {name: label for name, label in queries.level_names().items() if name in queries.QUICK},
        "choices": [(key, good(key).label) for key in known], "chosen": chosen, "only": partners, "step": "plan",
        "shocks": list(shock_names().items()), "asked": {name: words.get(name, "") for name in WORDS.values()},
        "unknown_good": good(asked).label if is_unknown else "", "token": sent,
        "programs": _for_programs(place, level, partners, chosen, words) if state and rules.any and content is None else "",
    } | _told(state)  # fmt: skip


def _told(state: Content | Told | None) -> dict[str, Any]:
    """What the page shows of a question."""
    if isinstance(state, Told):
        return {"job": state}
    held = state or {}
    own = held.get("own")
    return held | {"answers": [_shown(one) for one in held.get("answers", ())], "own": own}


@dataclass(frozen=True, slots=True)
class _Question:
    """What makes an answer one and the same, beside the language and the figures in force."""

    place: Territory
    level: str
    partners: list[str]
    key: str
    rules: Rules

    def token(self, sent: str = "") -> str:
        """The name of its answer."""
        words = (
            self.place.key,
            self.place.label,
            self.level,
            self.partners,
            self.key,
            self.rules,
            sent,
            current_language(),
            vintage(),
        )
        return sha256(repr(words).encode()).hexdigest()[:32]  # fmt: skip


def _at_least_distance(question: _Question, stored: Cooperation) -> tuple[str, Content | Told | None]:
    """The rules asked, beside the optimum that is kept."""
    asked = plays(stored, question.key, question.rules)
    token = question.token()
    return token, rule_jobs.ask(token, lambda aside: {"answers": _played(asked, aside)})


def _at_distances(question: _Question, distances: OwnDistances) -> tuple[str, Content | Told | None]:
    """The flows at distances of one's own, and the rules asked there; the file is forgotten, the answer kept a day."""
    title = _("Flows at your distances")

    def work(aside: Aside) -> Content:
        known = territories()
        partners = [known.territory(one) for one in question.partners]
        found = cooperate(
            question.place, [question.key], partners or None, question.level, watch=aside.watch(title), distances=distances
        )  # fmt: skip
        return {"answers": _played(plays(found, question.key, question.rules), aside), "own": _own(found, question.key)}

    token = question.token(f"{distances.digest} {distances.elsewhere}")
    return token, rule_jobs.ask(token, work)


def answered(place: Territory, found: Cooperation, partners: list[str], key: str, rules: Rules) -> list[dict[str, Any]]:
    """The rules asked by a program, the same answers that a page keeps.

    Raises:
        RuleBroken: other questions take too long. UnknownCode, RuleBroken: as `plays`.
    """
    asked = plays(found, key, rules)
    token = _Question(place, found.level, partners, key, rules).token()
    answers: list[dict[str, Any]] = rule_jobs.answered(token, lambda aside: {"answers": _played(asked, aside)})[
        "answers"
    ]
    return answers


def _played(asked: list[Play], aside: Aside) -> list[dict[str, Any]]:
    return [rule_told(play(aside.watch(play.title, at, len(asked)))) for at, play in enumerate(asked, 1)]


def _own(found: Cooperation, key: str) -> dict[str, Any]:
    """The flows at distances of one's own."""
    line = next(line for line in found.lines if line.good.key == key)
    rows = [
        {"giver_name": row["giver_name"], "receiver_name": row["receiver_name"], "distance_km": row["distance_km"],
         "amount": queries.amount(good(key), row["quantity"])}
        for row in found.flows(key).head(MOST_ROWS).to_dicts()
    ]  # fmt: skip
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


def _shown(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with its table in words."""
    names, held = measures(), answer["rows"][:MOST_ROWS]
    columns = [name for name in (held[0] if held else ()) if not name.endswith("code")]
    rows = [[_cell(name, row[name], row, names) for name in columns] for row in held]
    return {"answer": answer, "columns": [names[name] for name in columns], "rows": rows}


def _cell(name: str, value: Any, row: dict[str, Any], names: dict[str, str]) -> str:
    if isinstance(value, str):
        return good(value).label if name == "good" else names.get(value, value)
    is_share = name.endswith("share") or str(row.get("measure", "")).endswith("share")
    return percent(value, 1) if is_share else number(value, 0 if abs(value) >= 100 or value == round(value) else 1)
