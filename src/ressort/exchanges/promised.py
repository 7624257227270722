"""The optimum when agreements are kept: what they promise moves first, whatever it costs; what that changes, for both and for the country."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ressort.core.errors import InputError, UnknownCode
from ressort.core.exchanges import Promise, Watch, optimum, unwatched
from ressort.exchanges.answer import Answer, basin, beside, rule_title
from ressort.exchanges.cooperation import Cooperation
from ressort.exchanges.goods import Good, good
from ressort.exchanges.words import amount
from ressort.language import gettext as _
from ressort.language import number, rounded, unit
from ressort.language import quantity as as_share
from ressort.reference.territories import territories

#: `200067262>200067254=5000`, several with a semicolon between
WRITTEN = re.compile(r"^\s*(?P<giver>[\w:]{2,20})\s*>\s*(?P<receiver>[\w:]{2,20})\s*=\s*(?P<quantity>\d+(?:[.,]\d+)?)\s*$")  # fmt: skip
MOST = 50
#: totals closer than that are the same
SAME_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Promised:
    """What an agreement promises of a good each year: codes of the level, the good's unit."""

    giver: str
    receiver: str
    quantity: float


def read_promises(text: str) -> tuple[Promised, ...]:
    """Promises as people write them: `200067262>200067254=5000; …`.

    Raises:
        InputError: one that does not read so, or too many.
    """
    parts = [one for one in text.split(";") if one.strip()]
    if len(parts) > MOST:
        raise InputError("{most} promises are played at most, not {count}.", most=MOST, count=len(parts))
    found = []
    for part in parts:
        read = WRITTEN.match(part)
        if read is None:
            raise InputError(
                "{text} is not a promise: write GIVER>RECEIVER=QUANTITY, as in 200067262>200067254=5000.", text=part.strip()[:60]
            )  # fmt: skip
        quantity = float(read["quantity"].replace(",", "."))
        found.append(Promised(read["giver"].upper(), read["receiver"].upper(), quantity))
    return tuple(found)


def kept(found: Cooperation, key: str, promises: Sequence[Promised], watch: Watch = unwatched) -> Answer:
    """The market with what agreements promise of a good, beside the optimum without.

    Raises:
        UnknownCode: a code that is not of the level. NoSolution: a promise beyond what its giver has or its receiver needs.
    """
    one, held, column = good(key), found.held, found.held.column(key)
    ends = [(_at(found, promise.giver), _at(found, promise.receiver)) for promise in promises]
    arcs = tuple(
        Promise(giver, receiver, promise.quantity) for (giver, receiver), promise in zip(ends, promises, strict=True)
    )
    market, plan = found.nationals[key].market, found.nationals[key].plan
    names = tuple(held.territory(at).label if at in {end for pair in ends for end in pair} else "" for at in range(len(held.rows)))  # fmt: skip
    other = optimum(replace(market, promises=arcs, names=names), watch=watch)
    given, received = np.zeros(len(held.rows)), np.zeros(len(held.rows))
    for arc in arcs:
        given[arc.giver] += arc.quantity
        received[arc.receiver] += arc.quantity
    weighed = [
        _weighed(one, (held.territory(arc.giver).label, held.territory(arc.receiver).label), arc.quantity,
                 (given[arc.giver], float(held.surplus[arc.giver, column])), (received[arc.receiver], float(held.lack[arc.receiver, column])))
        for arc in arcs
    ]  # fmt: skip
    before, after = (basin(found, key, each) for each in (plan, other))
    longer = other.certificate.total - plan.certificate.total
    if longer <= SAME_SHARE * plan.certificate.total:
        words = _("The shortest flows of the country can keep this promise: it costs no distance.")
    else:
        words = _(
            "With this promise kept, what is needed here comes from {km} km on average instead of {was} km; over the country the flows take {more} {unit} × km "
            "more than the shortest ones: the distance that the agreement costs."
        ).format(km=number(after[1], 1), was=number(before[1], 1), more=rounded(longer), unit=unit(one.unit))  # fmt: skip
    rows = [
        ("suppliers", before[0], after[0]), ("mean_km", before[1], after[1]), ("imported", before[2], after[2]),
        ("largest_partner_share", before[3], after[3]), ("total", plan.certificate.total, other.certificate.total),
    ]  # fmt: skip
    return Answer("promise", rule_title("promise"), "optimum", [*weighed, words], beside(rows))


def _at(found: Cooperation, code: str) -> int:
    """The place of a code among the territories of the level."""
    kind, _colon, name = code.rpartition(":")
    key = f"{found.level}:{name}"
    is_there = kind in ("", found.level) and territories().has(key)
    rows = np.flatnonzero(found.held.rows == territories().row(key)) if is_there else np.array([])
    if not len(rows) or int(rows[0]) in found.held.own:
        raise UnknownCode("{name} is not among the territories of the level {level}.", name=code, level=found.level)
    return int(rows[0])


def _weighed(
    one: Good, names: tuple[str, str], quantity: float, given: tuple[float, float], received: tuple[float, float]
) -> str:
    """What a promise is beside what its giver has left over and what its receiver lacks, shared with the other promises of either.

    Args:
        given: all that the giver promises, and its surplus; received: all that the receiver is promised, and its lack.
    """
    giver, receiver = names
    (total, surplus), (promised, lack) = given, received
    parts = [_("{giver} gives {receiver} {amount} a year.").format(giver=giver, receiver=receiver, amount=amount(one, quantity))]  # fmt: skip
    if total > quantity:
        parts.append(_("With its other promises, it gives {total}.").format(total=amount(one, total)))
    if surplus <= 0 or total > surplus:
        parts.append(
            _("It has {surplus} left over: beyond that it would have to buy for itself.").format(
                surplus=amount(one, surplus)
            )
        )
    else:
        parts.append(_("That is {share} of what it has left over.").format(share=as_share(total / surplus, "share")))
    if promised > quantity:
        parts.append(_("{receiver} is promised {total} in all.").format(receiver=receiver, total=amount(one, promised)))
    if lack <= 0 or promised > lack:
        parts.append(_("{receiver} lacks {lack} only.").format(receiver=receiver, lack=amount(one, lack)))
    else:
        parts.append(_("That meets {share} of what {receiver} lacks.").format(share=as_share(promised / lack, "share"), receiver=receiver))  # fmt: skip
    return " ".join(parts)
