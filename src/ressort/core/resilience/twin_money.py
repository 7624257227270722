"""What purses allow and how they are settled, in plain arrays."""

import numpy as np

from ressort.core.economy import Floats
from ressort.core.resilience.calendar import Purses


def set_apart(purses: Purses, euro_purse: Floats, apart: Floats, t: int) -> Floats:
    """Euros set apart this morning: what is frozen more, less what is let go."""
    now = purses.frozen[t]
    before = purses.frozen[t - 1] if t > 0 else np.zeros_like(now)
    more = np.divide(now - before, 1 - before, out=np.zeros_like(now), where=now > before)
    kept = np.divide(now, before, out=np.ones_like(now), where=now < before)
    apart = apart * kept + np.maximum(euro_purse - apart, 0.0) * more
    return np.where(purses.held, apart, 0.0)


def afforded(
    wanted: Floats, purses: Purses, held: tuple[Floats, Floats, Floats], t: int
) -> tuple[Floats, Floats, tuple[Floats, Floats, Floats]]:
    """What the purses (euro, local, euros set apart) allow; what is left set apart once the day's euros are drawn; the shares paid.

    Local currency first where it is accepted, bills by what is set apart, then the euros that are free.
    """
    (euro_purse, local_purse, apart), price = held, purses.price[t]
    could = (purses.accepted * wanted).sum(0) * price
    local = np.divide(np.minimum(local_purse, could), could, out=np.zeros_like(could), where=could > 0)
    bills = (purses.billed[:, None] * (1 - purses.accepted * local) * wanted).sum(0) * price
    debit = np.minimum(1.0, np.divide(apart, bills, out=np.zeros_like(bills), where=bills > 0))
    in_euro = wanted.sum(0) * price - local * could - debit * bills
    apart = apart - np.minimum(np.maximum(apart - debit * bills, 0.0), (1 - purses.withheld[t]) * in_euro)
    free = np.maximum(euro_purse - apart, 0.0)
    euro = np.minimum(1.0, np.divide(free, in_euro, out=np.ones_like(free), where=in_euro > 0))
    local, euro, debit = (np.where(purses.held, one, none) for one, none in ((local, 0.0), (euro, 1.0), (debit, 0.0)))
    share = purses.accepted * local
    return wanted * (share + (1 - share) * _in_euro(purses, debit, euro)), apart, (local, euro, debit)


def _in_euro(purses: Purses, debit: Floats, euro: Floats) -> Floats:
    """Share of the euros of each sale that is paid, (n, Q): a bill by what is set apart, and the rest as all else."""
    billed = purses.billed[:, None] * debit
    return np.asarray(billed + (1 - billed) * euro)


def settled(
    purses: Purses,
    held: tuple[Floats, Floats, Floats],
    made: Floats,
    delivered: Floats,
    paid: tuple[Floats, Floats, Floats],
    t: int,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Purses of the evening (euro, local, euros set apart), and income, transfers, spending, demurrage: the identity is held to the cent."""
    (local, euro, debit), (euro_purse, local_purse, apart) = paid, held
    share = purses.accepted * local
    whole = share + (1 - share) * _in_euro(purses, debit, euro)
    of_local = np.divide(share, whole, out=np.zeros_like(share), where=whole > 0)
    by_debit = (1 - share) * purses.billed[:, None] * debit
    of_bills = np.divide(by_debit, whole, out=np.zeros_like(share), where=whole > 0)
    apart = apart - (delivered * of_bills).sum(0) * purses.price[t]
    spent_local = (delivered * of_local).sum(0) * purses.price[t] * purses.held
    spent_euro = delivered.sum(0) * purses.price[t] * purses.held - spent_local
    wages = made @ purses.wages * purses.held
    transfers = purses.transfers * purses.transfers_kept[t] * purses.held
    transfers = transfers + np.maximum(purses.floor - wages - transfers, 0.0) * purses.held
    # frozen euros are not exchanged: they stay euros, and the local purse lives on what comes back
    kept = purses.local_transfers * purses.frozen[t] * purses.held
    issued, back = purses.local_transfers * purses.held - kept, purses.recirculated_share * spent_local
    apart = apart + purses.frozen[t] * (wages + transfers) + kept
    transfers = transfers + kept
    fade = purses.demurrage_share * local_purse * purses.held
    euro_purse = euro_purse + wages + transfers - spent_euro
    local_purse = local_purse + issued + back - spent_local - fade
    told = np.array([
        (euro_purse * purses.held).sum(), (local_purse * purses.held).sum(), wages.sum() + back.sum(),
        transfers.sum() + issued.sum(), (spent_euro + spent_local).sum(), fade.sum(),
    ])  # fmt: skip
    return euro_purse, local_purse, np.clip(apart, 0.0, np.maximum(euro_purse, 0.0)), told
