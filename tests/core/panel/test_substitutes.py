"""Substitutes: named by the same number as the panel, checked by a stranger, called without breaking a quota."""

import json
from collections import Counter
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.errors import InputError
from ressort.core.panel import Announcement, canonical, draw, fairest, first_fit, freeze, merged, number_panels
from ressort.core.panel.replacement import substitutes
from ressort.panel import Question, sealed
from ressort.verifiers import panel_draw
from tests.core.panel.pools import made

POOL, QUOTAS = made(30, 6, (2, 3), seed=17)
LOTTERY = fairest(merged(POOL, QUOTAS, 6))
PANELS = number_panels(LOTTERY, 100)
WORDS = Announcement(title="Panel", source="dés", software="r", reserves=6)
DRAWN = draw(freeze(POOL, QUOTAS, LOTTERY, PANELS, WORDS, bytes(32)), {"source": "digits", "digits": "41"})


@given(st.integers(0, 99), st.integers(0, 40))
def test_ours_and_the_verifier_name_the_same_people(number: int, count: int) -> None:
    seal = DRAWN["commitment"]["panels_root"]
    named = substitutes(PANELS.panels, number, seal, count)
    assert named == panel_draw.substitutes(PANELS.panels, number, seal)[:count]
    assert len(named) == len(set(named)) and not set(named) & set(PANELS.panels[number])


def test_over_all_numbers_the_first_substitutes_are_drawn_by_the_lottery_itself() -> None:
    size = len(PANELS.panels[0])
    following = Counter(who for number in range(100) for who in PANELS.panels[(number + 1) % 100])
    assert [following[place + 1] for place in range(len(POOL))] == list(PANELS.counts)
    for number in range(100):
        behind = set(PANELS.panels[(number + 1) % 100]) - set(PANELS.panels[number])
        assert set(substitutes(PANELS.panels, number, "x", size)[: len(behind)]) == behind


def test_a_forged_substitute_is_found_out() -> None:
    assert list(panel_draw.steps(canonical(DRAWN)))[-1] == "tirage" and len(DRAWN["reserves"]) == 6
    forged = json.loads(canonical(DRAWN))
    forged["reserves"].reverse()
    del forged["sha256"]
    forged["sha256"] = sha256(canonical(forged)).hexdigest()
    with pytest.raises(ValueError, match="suppléants"):
        list(panel_draw.steps(canonical(forged)))


def test_a_transcript_of_before_substitutes_still_holds() -> None:
    old = {name: value for name, value in DRAWN.items() if name not in ("reserves", "sha256", "commitment_sha256")}
    old["commitment"] = {name: value for name, value in old["commitment"].items() if name != "reserves"}
    old["commitment_sha256"] = sha256(canonical(old["commitment"])).hexdigest()
    old["sha256"] = sha256(canonical(old)).hexdigest()
    assert list(panel_draw.steps(canonical(old)))[-1] == "tirage"


def test_whoever_takes_a_seat_keeps_the_panel_within_its_quotas() -> None:
    seated = list(DRAWN["result"])
    answers = dict(zip(POOL.numbers, POOL.answers, strict=True))
    for leaver in tuple(seated):
        found = first_fit(POOL, QUOTAS, seated, leaver, DRAWN["reserves"])
        if found is None:
            continue
        seated[seated.index(leaver)] = found
        held = Counter(pair for who in seated for pair in zip(POOL.criteria, answers[who], strict=True))
        assert all(quota.least <= held[quota.criterion, quota.value] <= quota.most for quota in QUOTAS)
    assert seated != DRAWN["result"], "at least one substitute fits"


def test_nobody_is_called_above_a_quota_or_into_a_full_household() -> None:
    leaver, *others = DRAWN["result"]
    answers = dict(zip(POOL.numbers, POOL.answers, strict=True))
    tight = [replace(q, least=n, most=n) for q in QUOTAS for n in [sum(answers[w][POOL.criteria.index(q.criterion)] == q.value for w in DRAWN["result"])]]  # fmt: skip
    found = first_fit(POOL, tight, DRAWN["result"], leaver, [who for who in POOL.numbers if who not in others])
    assert found is None or answers[found] == answers[leaver]
    homes = replace(POOL, households=("same",) * len(POOL))
    assert first_fit(homes, QUOTAS, DRAWN["result"], leaver, DRAWN["reserves"], 1) is None


def test_less_than_no_substitute_is_refused() -> None:
    question = Question(POOL, tuple(QUOTAS), merged(POOL, QUOTAS, 6))
    assert len(sealed(question, LOTTERY, panels=10)["panels"]) == 10
    with pytest.raises(InputError):
        sealed(question, LOTTERY, reserves=-1)
