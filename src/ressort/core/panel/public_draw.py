"""A draw that a stranger can check: what is sealed before, how the public number chooses, what is published after.

    rows of volunteers ──salted hash──> leaves ──┐
    numbered panels ─────────────hash──> leaves ─┼─ roots ─> commitment ─hash─> read out before the dice are thrown
    quotas, seats, source of chance ─────────────┘
    dice ─> number of a panel ─> result, reserves    the transcript holds all of it, and its own hash

Hashes are SHA-256. A leaf is hashed after a byte 0, a node after a byte 1; an odd node goes up as it is. Objects are
hashed as JSON with sorted keys, no spaces, UTF-8.
"""

import csv
import hmac
import io
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ressort.core.errors import InputError, RuleBroken
from ressort.core.panel.lottery import Lottery
from ressort.core.panel.numbered import NumberedPanels
from ressort.core.panel.pool import Pool
from ressort.core.panel.quotas import Quota
from ressort.core.panel.replacement import substitutes

FROZEN = "ressort-panel-frozen-1"
DRAWN = "ressort-panel-drawn-1"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is read out before the draw.

    Args:
        title: of the panel. source: what will give the number, and when, in words.
        chance: the same for programs: {"source": "digits"}, {"source": "drand", "round": 1234} or {"source": "seed"}.
        seated, gone: public numbers, for a draw of replacements.
        reserves: how many substitutes the same number names, in order.
    """

    title: str
    source: str
    software: str
    chance: Json = field(default_factory=lambda: {"source": "digits"})
    rule: str = "leximin"
    household_limit: int | None = None
    seated: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    reserves: int = 0


def canonical(value: object) -> bytes:
    """The one way to write a value as JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def row_text(number: int, answers: Sequence[str], household: int) -> str:
    """A volunteer as one CSV line: public number, rank of its household (0 alone), answers.

    >>> row_text(12, ["Femme", "16-24"], 0)
    '12,0,Femme,16-24'
    """
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="").writerow([number, household, *answers])
    return target.getvalue()


def household_ranks(pool: Pool) -> list[int]:
    """For each volunteer, the rank of its household among those of several people; 0 for the others."""
    sizes = Counter(home for home in pool.households if home)
    shared = list(dict.fromkeys(home for home in pool.households if sizes.get(home, 0) > 1))
    rank = {home: place for place, home in enumerate(shared, 1)}
    return [rank.get(home, 0) for home in pool.households] if pool.households else [0] * len(pool)


def salt(secret: bytes, number: int) -> str:
    """The salt of a volunteer, from the secret of the draw: what keeps its row from being guessed."""
    return hmac.new(secret, f"salt {number}".encode(), sha256).hexdigest()


def leaf(content: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + content).digest()


def root(leaves: Sequence[bytes]) -> str:
    """The root of a Merkle tree."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0].hex()


def sealed_rows(pool: Pool, secret: bytes) -> list[Json]:
    """What observers may be given: each row with its salt. It holds answers: not for everyone."""
    ranks = household_ranks(pool)
    return [
        {"number": number, "row": row_text(number, answers, rank), "salt": salt(secret, number)}
        for number, answers, rank in zip(pool.numbers, pool.answers, ranks, strict=True)
    ]


def freeze(
    pool: Pool,
    quotas: Sequence[Quota],
    lottery: Lottery,
    panels: NumberedPanels,
    announcement: Announcement,
    secret: bytes,
    *,
    disclose: bool = False,
) -> Json:
    """The document published before the draw; its `commitment_sha256` is what to read out.

    Args:
        panels: numbers of people, as `number_panels` gives them: places in `pool`, counted from 1.
        secret: 32 random bytes, kept until the panel ends.
        disclose: publish the rows and their salts, so that anyone can check the quotas of every panel.
    """
    numbers = pool.numbers
    listed = [sorted(numbers[place - 1] for place in panel) for panel in panels.panels]
    rows = sealed_rows(pool, secret)
    people = [leaf(f"{row['salt']},{row['row']}".encode()).hex() for row in rows]
    commitment = {
        "title": announcement.title,
        "source": announcement.source,
        "chance": announcement.chance,
        "software": announcement.software,
        "rule": announcement.rule,
        "seats": lottery.types.seats,
        "quotas": [[q.criterion, q.value, q.least, q.most] for q in quotas],
        "household_limit": announcement.household_limit,
        "seated": sorted(announcement.seated),
        "gone": sorted(announcement.gone),
        "reserves": announcement.reserves,
        "people": len(pool),
        "people_root": root([bytes.fromhex(one) for one in people]),
        "panels": len(listed),
        "panels_root": panels_root(listed),
    }
    document: Json = {
        "format": FROZEN,
        "commitment": commitment,
        "commitment_sha256": sha256(canonical(commitment)).hexdigest(),
        "people": [[number, mark] for number, mark in zip(numbers, people, strict=True)],
        "panels": listed,
        "counts": [[number, int(count)] for number, count in zip(numbers, panels.counts, strict=True)],
    }
    if disclose:
        document["rows"] = rows
    return _closed(document)


def panels_root(panels: Sequence[Sequence[int]]) -> str:
    """The root of the numbered panels."""
    return root([leaf(f"{place}:{','.join(map(str, panel))}".encode()) for place, panel in enumerate(panels)])


def draw(frozen: Mapping[str, Any], chance: Mapping[str, Any]) -> Json:
    """The transcript: the frozen document, what chance gave, the panel of that number and its substitutes.

    Args:
        chance: {"source": "digits", "digits": "417"}, {"source": "drand", "round": 1, "randomness": "…",
            "signature": "…"} or {"source": "seed", "seed": "…"} (which proves nothing to the public).

    Raises:
        InputError: digits that are no number of a panel, a beacon value that is not one.
        RuleBroken: a document that was not frozen, or was drawn already; another source than the one announced.
    """
    if frozen.get("format") != FROZEN:
        raise RuleBroken("This draw has already been made, or was never frozen: freeze first, draw once.")
    announced = frozen["commitment"]["chance"]
    if not announced.items() <= chance.items():
        raise RuleBroken(
            "The source of chance announced is {announced}; another one cannot be taken.",
            announced=f"{announced['source']} {announced.get('round', '')}".strip(),
        )
    promised, panels = frozen["commitment"], frozen["panels"]
    number = chosen_number(chance, int(promised["panels"]), str(promised["panels_root"]))
    document = {key: value for key, value in frozen.items() if key != "sha256"}
    document |= {
        "format": DRAWN,
        "chance": dict(chance),
        "panel_number": number,
        "result": list(panels[number]),
        "reserves": substitutes(panels, number, str(promised["panels_root"]), int(promised.get("reserves", 0))),
    }
    return _closed(document)


def chosen_number(chance: Mapping[str, Any], panels: int, seal: str) -> int:
    """The number of the panel that chance chose.

    >>> chosen_number({"source": "digits", "digits": "041"}, 1000, "")
    41
    """
    source = chance.get("source")
    if source == "digits":
        return _from_digits(str(chance.get("digits", "")), panels)
    if source == "drand":
        return _from_key(_randomness(chance), panels, seal, "panel")
    if source == "seed":
        return _from_key(sha256(str(chance.get("seed", "")).encode()).digest(), panels, seal, "panel")
    raise InputError("“{source}” is no known source of chance: digits, drand or seed.", source=str(source))


def _from_digits(digits: str, panels: int) -> int:
    width = len(str(panels - 1))
    if not (digits.isascii() and digits.isdigit() and len(digits) == width):
        raise InputError("The dice give {width} digits; “{given}” is not that.", width=width, given=digits)
    if int(digits) >= panels:
        raise InputError(
            "No panel bears the number {given}: there are {panels}, from 0. Throw all the dice again, as announced.",
            given=digits,
            panels=panels,
        )
    return int(digits)


def _randomness(chance: Mapping[str, Any]) -> bytes:
    try:
        randomness = bytes.fromhex(str(chance.get("randomness", "")))
        signature = bytes.fromhex(str(chance.get("signature", "") or ""))
    except ValueError as error:
        raise InputError("The value of the beacon is not hexadecimal: copy it whole.") from error
    if len(randomness) != 32:
        raise InputError("The value of the beacon has {given} bytes instead of 32.", given=len(randomness))
    if signature and sha256(signature).digest() != randomness:
        raise InputError("The value of the beacon is not the hash of its signature: copy both again.")
    return randomness


def _from_key(key: bytes, panels: int, seal: str, purpose: str) -> int:
    """The first of the key's 64-bit numbers that is under the last multiple of `panels`, modulo `panels`."""
    fair = (1 << 64) // panels * panels
    counter = 0
    while True:
        stream = hmac.new(key, f"{seal}\0{purpose}\0{counter}".encode(), sha256).digest()
        for start in range(0, 32, 8):
            number = int.from_bytes(stream[start : start + 8], "big")
            if number < fair:
                return number % panels
        counter += 1


def people_of(transcript: Mapping[str, Any]) -> Collection[int]:
    """The public numbers drawn."""
    return list(transcript["result"])


def _closed(document: Json) -> Json:
    return document | {"sha256": sha256(canonical(document)).hexdigest()}
