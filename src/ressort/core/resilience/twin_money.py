"""What purses allow and how they are settled, in plain arrays."""

import numpy as np

from ressort.core.economy import Floats
from ressort.core.resilience.calendar import Purses


def set_apart(purses: Purses, euro_purse: Floats, apart: Floats, wanted: Floats, t: int) -> Floats:
    """Euros set apart this morning: what is frozen more, less what is let go and what is drawn."""
    now = purses.frozen[t]
    before = purses.frozen[t - 1] if t > 0 else np.zeros_like(now)
    more = np.divide(now - before, 1 - before, out=np.zeros_like(now), where=now > before)
    kept = np.divide(now, before, out=np.ones_like(now), where=now < before)
    apart = apart * kept + np.maximum(euro_purse - apart, 0.0) * more
    drawn = np.minimum(apart, (1 - purses.withheld[t]) * wanted.sum(0) * purses.price[t])
    return np.where(purses.held, apart - drawn, 0.0)


def afforded(
    wanted: Floats, purses: Purses, free_euro: Floats, local_purse: Floats, t: int
) -> tuple[Floats, Floats, Floats]:
    """What the purses allow: local currency first where it is accepted, then euro; final demand and the shares paid in each."""
    price = purses.price[t]
    could = (purses.accepted * wanted).sum(0) * price
    cost = wanted.sum(0) * price
    local = np.divide(np.minimum(local_purse, could), could, out=np.zeros_like(could), where=could > 0)
    in_euro = cost - local * could
    purse = np.maximum(free_euro, 0.0)
    euro = np.minimum(1.0, np.divide(purse, in_euro, out=np.ones_like(purse), where=in_euro > 0))
    local, euro = np.where(purses.held, local, 0.0), np.where(purses.held, euro, 1.0)
    share = purses.accepted * local
    return wanted * (share + (1 - share) * euro), local, euro


def settled(
    purses: Purses,
    held: tuple[Floats, Floats, Floats],
    made: Floats,
    delivered: Floats,
    paid: tuple[Floats, Floats],
    t: int,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Purses of the evening (euro, local, euros set apart), and income, transfers, spending, demurrage: the identity is held to the cent."""
    (local, euro), (euro_purse, local_purse, apart) = paid, held
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
