"""What purses allow and how they are settled, in plain arrays."""

import numpy as np

from ressort.core.economy import Floats
from ressort.core.resilience.calendar import Purses


def afforded(
    wanted: Floats, purses: Purses, euro_purse: Floats, local_purse: Floats, t: int
) -> tuple[Floats, Floats, Floats]:
    """What the purses allow: local currency first where it is accepted, then euro; final demand and the shares paid in each."""
    price = purses.price[t]
    could = (purses.accepted * wanted).sum(0) * price
    cost = wanted.sum(0) * price
    local = np.divide(np.minimum(local_purse, could), could, out=np.zeros_like(could), where=could > 0)
    in_euro = cost - local * could
    purse = euro_purse * (1 - purses.frozen[t])
    euro = np.minimum(1.0, np.divide(purse, in_euro, out=np.ones_like(purse), where=in_euro > 0))
    local, euro = np.where(purses.held, local, 0.0), np.where(purses.held, euro, 1.0)
    share = purses.accepted * local
    return wanted * (share + (1 - share) * euro), local, euro


def settled(
    purses: Purses,
    euro_purse: Floats,
    local_purse: Floats,
    made: Floats,
    delivered: Floats,
    paid: tuple[Floats, Floats],
    t: int,
) -> tuple[Floats, Floats, Floats]:
    """Purses of the evening, and income, transfers, spending, demurrage: the identity is held to the cent."""
    local, euro = paid
    share = purses.accepted * local
    whole = share + (1 - share) * euro
    of_local = np.divide(share, whole, out=np.zeros_like(share), where=whole > 0)
    spent_local = (delivered * of_local).sum(0) * purses.price[t] * purses.held
    spent_euro = delivered.sum(0) * purses.price[t] * purses.held - spent_local
    wages = made @ purses.wages * purses.held
    transfers = purses.transfers * purses.transfers_kept[t] * purses.held
    transfers = transfers + np.maximum(purses.floor - wages - transfers, 0.0) * purses.held
    # frozen euros are not exchanged: they stay euros, and the local purse lives on what comes back
    kept = purses.local_transfers * purses.frozen[t] * purses.held
    issued, back = purses.local_transfers * purses.held - kept, purses.recirculated_share * spent_local
    transfers = transfers + kept
    fade = purses.demurrage_share * local_purse * purses.held
    euro_purse = euro_purse + wages + transfers - spent_euro
    local_purse = local_purse + issued + back - spent_local - fade
    told = np.array([
        (euro_purse * purses.held).sum(), (local_purse * purses.held).sum(), wages.sum() + back.sum(),
        transfers.sum() + issued.sum(), (spent_euro + spent_local).sum(), fade.sum(),
    ])  # fmt: skip
    return euro_purse, local_purse, told
