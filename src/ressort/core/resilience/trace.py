"""The first bottleneck and why: up to the node that the event hit, down to the needs that fall."""

from dataclasses import dataclass

import numpy as np

from ressort.core.economy import Economy, Floats
from ressort.core.resilience.plan import Plan
from ressort.core.resilience.twin import BY_CAPACITY, Track

MOST_STEPS = 6
#: an industry counts as stopped short when it makes less than this share of what it wished
SHORT = 1 - 1e-6
CONCENTRATED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain: on `day`, `industry` is limited by `product`, of which `supplier_share` comes from `supplier`.

    Args:
        day: first day of the limit.
        industry: `region/sector` that is limited.
        product: the input that lacks, or "" for the node that the event hit.
        ratio: share of what it wished to make that is left.
        supplier: the largest supplier that is itself short, "" for none.
        supplier_share: share of this input that comes through it.
        fill: share of its demand that this supplier delivers that day.
        since_day: first day on which this supplier was short.
    """

    day: int
    industry: str
    product: str
    ratio: float
    supplier: str
    supplier_share: float
    fill: float
    since_day: int


def first_bottleneck(
    track: Track,
    plan: Plan,
    economy: Economy,
    inside: np.ndarray | None = None,
    below_share: float = SHORT,
    served: Floats | None = None,
) -> list[Link]:
    """The chain from the first industry stopped by an input up to the node that the event hit; empty when no input ever limits.

    Args:
        track: a run with its trace.
        inside: industries among which the first bottleneck is looked for, (n,); all by default.
        served: share of each product that its network delivers in each region, (T, S, R): a network that fails more than the
            suppliers do ends the chain.
        below_share: an industry counts when less than this share of what it wished is left.
    """
    by_input = (track.label >= 0) & (track.ratio < below_share)
    if inside is not None:
        by_input = by_input & inside[None, :]
    days = np.flatnonzero(by_input.any(1))
    if not len(days):
        return []
    day = int(days[0])
    candidates = np.flatnonzero(by_input[day])
    products = track.label[day, candidates]
    buyers = candidates < plan.technical.shape[1]
    candidates, products = candidates[buyers], products[buyers]
    loss = plan.technical[products, candidates] * plan.output[candidates] * (1 - track.ratio[day, candidates])
    industry = int(candidates[loss.argmax()])
    return _up(track, plan, economy, day, industry, served if served is not None and len(served) else None)


def _up(track: Track, plan: Plan, economy: Economy, day: int, industry: int, served: Floats | None) -> list[Link]:
    chain: list[Link] = []
    seen: set[int] = set()
    while len(chain) < MOST_STEPS and industry not in seen:
        seen.add(industry)
        product = int(track.label[day, industry])
        if product < 0 or industry >= plan.technical.shape[1]:
            chain.append(_end(track, economy, day, industry))
            break
        supplier, share = _short_supplier(track, plan, day, industry, product)
        if served is not None and _network_fails(track, plan, served, day, industry, product):
            supplier = -1
        if supplier < 0:
            chain.append(
                Link(
                    day,
                    economy.industries[industry],
                    economy.sectors[product],
                    float(track.ratio[day, industry]),
                    "",
                    0.0,
                    1.0,
                    -1,
                )
            )
            break
        since = _since(track, supplier, day)
        chain.append(
            Link(
                day=day,
                industry=economy.industries[industry],
                product=economy.sectors[product],
                ratio=float(track.ratio[day, industry]),
                supplier=economy.industries[supplier],
                supplier_share=share,
                fill=float(track.fill[day, supplier]),
                since_day=since,
            )
        )
        day, industry = _worst_between(track, supplier, since, day), supplier
    return chain


def _end(track: Track, economy: Economy, day: int, industry: int) -> Link:
    return Link(
        day,
        economy.industries[industry],
        "",
        float(track.ratio[day, industry]),
        "",
        0.0,
        float(track.fill[day, industry]),
        day,
    )


def _short_supplier(track: Track, plan: Plan, day: int, industry: int, product: int) -> tuple[int, float]:
    """The supplier of a product whose shortfall weighs most on an industry, by share × what it did not deliver up to that day."""
    products, regions, _ = plan.flows.shape
    shares = plan.flows[product, :, industry] / max(plan.flows[product, :, industry].sum(), 1e-300)
    sellers = np.arange(regions) * products + product
    start = max(0, day - 60)
    missed = (1 - np.minimum(track.fill[start : day + 1][:, sellers], 1.0)).sum(0) * shares
    if missed.max() <= 1e-9:
        return -1, 0.0
    best = int(missed.argmax())
    return int(sellers[best]), float(shares[best])


def _network_fails(track: Track, plan: Plan, served: Floats, day: int, industry: int, product: int) -> bool:
    """True when the network of a product takes more from an industry than its suppliers do."""
    products, regions, _ = plan.flows.shape
    flows = plan.flows[product, :, industry]
    shares = flows / max(flows.sum(), 1e-300)
    missed = (1 - np.minimum(track.fill[day, np.arange(regions) * products + product], 1.0)) @ shares
    return bool(1 - served[day, product, industry // products] > missed)


def _since(track: Track, supplier: int, day: int) -> int:
    short = np.flatnonzero(track.fill[: day + 1, supplier] < SHORT)
    return int(short[0]) if len(short) else day


def _worst_between(track: Track, supplier: int, since: int, day: int) -> int:
    """The first day, from `since`, on which something limits the supplier: where its own cause is read."""
    limited = np.flatnonzero(track.label[since : day + 1, supplier] != -1)
    return since + int(limited[0]) if len(limited) else day


def hit_by_event(link: Link, track: Track, economy: Economy) -> bool:
    """True when the chain ends on a node short of capacity: the one that the event hit."""
    i = economy.industries.index(link.industry)
    return bool(track.label[link.day, i] == BY_CAPACITY)
