"""The fairest lottery (LEXIMIN) on pools of growing difficulty, beside the limit asked and the best-known library.

The peer's own LEXIMIN asks for a commercial solver; its MAXIMIN, on the same HiGHS, has the same lowest chance by definition,
and stops before the second lowest. Its run on the largest pools takes many minutes: ask for it with --full.
Process time, since other work may share the machine.
"""

import json
import sys
import time

import _peers
import _timing
import numpy as np

from ressort.core.panel import Lottery, Pool, Quota, criteria_of, fairest, merged, number_panels

PEER = "sortition-algorithms==0.12.15"
PEER_SCRIPT = """
import json, sys, time
from sortition_algorithms import Settings, read_in_features, read_in_people
from sortition_algorithms.committee_generation import find_distribution_maximin
case = json.load(open(sys.argv[1]))
features, _, _ = read_in_features(case["quota_columns"], case["quotas"], case["seats"])
settings = Settings(id_column="id", columns_to_keep=[])
people, _ = read_in_people(case["columns"], case["people"], features, settings)
start = time.process_time()
panels, weights, _ = find_distribution_maximin(features, people, case["seats"], [])
spent = time.process_time() - start
chances = {person["id"]: 0.0 for person in case["people"]}
for panel, weight in zip(panels, weights):
    for person in panel:
        chances[str(person)] += weight
print(json.dumps([spent, min(chances.values())]))
"""
#: volunteers, seats, values of each criterion, room around a hidden panel's counts, limit in seconds, peer always run
CASES = (
    (2000, 200, (2, 2), 2, 0.1, False),
    (150, 22, (2, 6, 4, 5), 1, 2.0, True),
    (240, 30, (2, 6, 4, 5, 3, 3), 0, 30.0, True),
    (600, 40, (2, 6, 4, 5, 3, 3), 1, 60.0, False),
    (600, 40, (2, 6, 4, 5, 3, 3), 0, 60.0, False),
)


def pool_of(
    count: int, seats: int, values: tuple[int, ...], room: int, seed: int = 1
) -> tuple[Pool, tuple[Quota, ...]]:
    """Volunteers whose answers are unequally common, and quotas around what a panel of more even people holds."""
    dice = np.random.default_rng(seed)
    shares = [dice.dirichlet(np.full(many, 4.0)) for many in values]
    answers = np.column_stack([dice.choice(len(share), count, p=share) for share in shares])
    rare = np.prod([1 / share[answers[:, c]] for c, share in enumerate(shares)], axis=0) ** 0.4
    hidden = answers[dice.choice(count, seats, replace=False, p=rare / rare.sum())]
    quotas = tuple(
        Quota(f"c{c}", f"v{v}", max(0, held - room), held + room)
        for c, many in enumerate(values)
        for v in range(many)
        for held in [int((hidden[:, c] == v).sum())]
    )
    people = tuple(tuple(f"v{v}" for v in person) for person in answers)
    return Pool(criteria_of(quotas), tuple(str(i + 1) for i in range(count)), people), quotas


def ours(pool: Pool, quotas: tuple[Quota, ...], seats: int) -> tuple[float, Lottery]:
    start = time.process_time()
    lottery = fairest(merged(pool, quotas, seats))
    return time.process_time() - start, lottery


def peer(pool: Pool, quotas: tuple[Quota, ...], seats: int) -> tuple[float, float]:
    """Seconds and lowest chance of the peer on the same pool."""
    case = {
        "seats": seats,
        "quota_columns": ["feature", "value", "min", "max"],
        "quotas": [{"feature": q.criterion, "value": q.value, "min": str(q.least), "max": str(q.most)} for q in quotas],
        "columns": ["id", *pool.criteria],
        "people": [
            {"id": key} | dict(zip(pool.criteria, answers, strict=True))
            for key, answers in zip(pool.ids, pool.answers, strict=True)
        ],
    }
    path = _peers.FOLDER / f"panel_{len(pool)}_{seats}.json"
    path.write_text(json.dumps(case), "utf-8")
    spent, lowest = json.loads(_peers.run(_peers.python_with(PEER), PEER_SCRIPT, str(path)).splitlines()[-1])
    return spent, lowest


def main() -> None:
    """Each case: our LEXIMIN against its limit, then against the peer's MAXIMIN; then the thousand numbered panels."""
    _timing.machine()
    ours(*pool_of(60, 10, (2, 3), 1), 10)
    for count, seats, values, room, limit_s, always in CASES:
        pool, quotas = pool_of(count, seats, values, room)
        spent, lottery = ours(pool, quotas, seats)
        what = f"LEXIMIN {count} → {seats}, {len(values)} criteria, room {room}, {len(lottery.types)} types"
        _timing.tell(what, spent, "limit asked", limit_s, "s")
        again = ours(pool, quotas, seats)[1]
        assert (again.panels == lottery.panels).all(), "not reproducible"
        assert (again.weights == lottery.weights).all(), "not reproducible"
        assert lottery.gap_share < 1e-7, lottery.gap_share
        if always or "--full" in sys.argv:
            theirs, lowest = peer(pool, quotas, seats)
            _timing.tell(what, spent, "sortition-algorithms, MAXIMIN", theirs, "s")
            _timing.tell(
                "  lowest chance, in thousandths", 1000 * lottery.chances.min(), "the peer's", 1000 * lowest, ""
            )
            assert lottery.chances.min() >= lowest - 1e-6
        start = time.process_time()
        number_panels(lottery)
        _timing.tell("  its 1,000 numbered panels", time.process_time() - start, "the lottery itself", spent, "s")


if __name__ == "__main__":
    main()
