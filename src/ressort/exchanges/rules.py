"""Other rules than least distance, for one territory and one good: each an answer with its sentences and its table.

rules asked ─▶ most part from one partner · shared fairly · a supplier fails · a drought · an agreement kept
               └────────────── the market played again, beside the optimum ──────────────────────────────┘
               flows as they may be today (estimated, apart) · balanced among partners (several goods at once)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ressort.core.errors import InputError, NoSolution, RuleBroken, UnknownCode
from ressort.core.exchanges import Watch, unwatched
from ressort.exchanges.answer import Answer, rule_title
from ressort.exchanges.cooperation import Cooperation
from ressort.exchanges.fair_rules import balanced, dependence, fairness
from ressort.exchanges.goods import good
from ressort.exchanges.promised import Promised, kept, read_promises
from ressort.exchanges.shaken import goods_shocks, shaken
from ressort.exchanges.what_ifs import RADIATION, drought, failing, present
from ressort.language import told

#: above that many territories a rule that plays the market many times, or every pair at once, takes too long
MOST_TERRITORIES = 4_000
NAMES = ("most_from_one", "fair_km", "shock", "present", "balance", "promise")


@dataclass(frozen=True, slots=True)
class Rules:
    """What to ask beside the optimum.

    Args:
        most_from_one_share: most part of a need taken from any one partner, above 0 up to 1.
        fair_km: distance within which to share what there is, the least covered first.
        shock: of the library: `supplier_failure` (each supplier fails in turn), `drought` (the worst harvest observed), or another that
            lowers supplies, by the part of a year that it takes.
        present: `radiation`, or the observed mean distance in kilometres that gravity is fitted to.
        balance_share: tolerance of a balanced exchange of several goods with the partners, 0–1.
        promises: what agreements promise of the good each year, see `read_promises`.
    """

    most_from_one_share: float | None = None
    fair_km: float | None = None
    shock: str = ""
    present: str = ""
    balance_share: float | None = None
    promises: tuple[Promised, ...] = ()

    @classmethod
    def of(cls, words: Mapping[str, str]) -> "Rules":
        """The rules written in words: the names of `NAMES`, empty for none.

        Raises:
            RuleBroken: a number out of its range. UnknownCode: a shock without figures on goods. InputError: a promise that does not read so.
        """
        shock = words.get("shock", "").strip()
        if shock and shock not in goods_shocks():
            raise UnknownCode("{name} is not a shock with figures on goods; choose among {choices}.", name=shock, choices=goods_shocks())  # fmt: skip
        present = words.get("present", "").strip()
        if present and present != RADIATION:
            _between(present, "present", 1.0, 20_000.0)
        return cls(
            _between(words.get("most_from_one", ""), "most_from_one", 0.01, 1.0),
            _between(words.get("fair_km", ""), "fair_km", 1.0, 5_000.0),
            shock,
            present,
            _between(words.get("balance", ""), "balance", 0.0, 1.0),
            read_promises(words.get("promise", "")),
        )

    @property
    def any(self) -> bool:
        """Whether something is asked."""
        return self != Rules()


@dataclass(frozen=True, eq=False)
class Play:
    """A rule to compute: its name, its title, and the answer, or the reason why there is none, for whoever calls it with a watch."""

    rule: str
    answer: Callable[[Watch], Answer]

    @property
    def title(self) -> str:
        """What people call the rule."""
        return rule_title(self.rule)

    def __call__(self, watch: Watch) -> Answer:
        watch(0, float("nan"))  # a rule of an instant is heard too
        try:
            return self.answer(watch)
        except NoSolution as error:
            return Answer(self.rule, self.title, "none", [told(error)], pl.DataFrame())


def require_one_good(rules: Rules, keys: Sequence[str]) -> None:
    """Refuses promises asked of several goods: a quantity promised is of one.

    Raises:
        InputError: which of these goods is promised is not said.
    """
    if rules.promises and len(keys) > 1:
        raise InputError("Say which good is promised, one of {choices}.", choices=list(keys))


def plays(found: Cooperation, key: str, rules: Rules) -> list[Play]:
    """What to compute for each rule asked, one after the other, for one good.

    Raises:
        UnknownCode: a good that the cooperation does not hold. RuleBroken: a level of too many territories, nothing known there.
    """
    if key not in found.nationals:
        raise UnknownCode("{name} is not a good known here; the goods are {choices}.", name=key, choices=list(found.nationals))  # fmt: skip
    if rules.any and len(found.held.rows) > MOST_TERRITORIES:
        raise RuleBroken(
            "Other rules are played among at most {most} territories; this level has {count}. Choose a larger level.",
            most=MOST_TERRITORIES,
            count=len(found.held.rows),
        )
    if rules.any and not found.nationals[key].market.known[found.at]:
        raise RuleBroken(
            "Nothing is known of {good} in {name}: no rule can be played there.",
            good=good(key).label,
            name=found.territory.label,
        )
    share, reach_km, tolerance = rules.most_from_one_share, rules.fair_km, rules.balance_share
    asked: list[tuple[str, bool, Callable[[Watch], Answer]]] = [
        ("most_from_one", share is not None, lambda watch: dependence(found, key, share or 0.0, watch)),
        ("fair_km", reach_km is not None, lambda watch: fairness(found, key, reach_km or 0.0, watch)),
        ("shock", bool(rules.shock), lambda watch: _shaken(found, key, rules.shock, watch)),
        ("promise", bool(rules.promises), lambda watch: kept(found, key, rules.promises, watch)),
        ("present", bool(rules.present), lambda watch: present(found, key, rules.present, watch)),
        ("balance", tolerance is not None, lambda _watch: balanced(found, tolerance or 0.0)),
    ]
    return [Play(rule, answer) for rule, is_asked, answer in asked if is_asked]


def answers(found: Cooperation, key: str, rules: Rules, watch: Watch = unwatched) -> list[Answer]:
    """The answer of each rule asked, for one good; `watch` is called at each step, and what it raises stops all.

    Raises:
        UnknownCode, RuleBroken: as `plays`. RuleBroken: a rule that cannot be played.
    """
    return [play(watch) for play in plays(found, key, rules)]


def _shaken(found: Cooperation, key: str, name: str, watch: Watch) -> Answer:
    apart = {"supplier_failure": failing, "drought": drought}
    return apart[name](found, key, watch) if name in apart else shaken(found, key, name, watch)


def _between(text: str, name: str, least: float, most: float) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise RuleBroken("{name} lies between {least} and {most}, not {value}.", name=name, least=least, most=most, value=text)  # fmt: skip
    return value
