"""A nation's table split between some territories, the rest of the nation and the world; nothing is lost on the way.

own sales      a^n · min(1, quotient), never more than a territory makes less what it exports
the rest       surpluses meet needs between territories and the rest of the nation, balanced by RAS, product by product
imports        sold by a last region, the world, which buys exports as a final consumer
"""

from dataclasses import dataclass

import numpy as np

from ressort.core.economy.regional import RAS_ROUNDS, RAS_TOLERANCE, location_quotients, regional_shares, size_factor
from ressort.core.economy.table import Economy, Floats
from ressort.core.errors import NoSolution, RuleBroken

#: a territory may buy from itself beyond its quotient when nobody else can sell or buy: rarely used, never forbidden
LAST_RESORT = 1e-6


@dataclass(frozen=True, eq=False)
class NationalTable:
    """A nation's annual flows by sector, in money. Rows sell, columns buy.

    Args:
        domestic, imported: intermediate flows, (S, S).
        households, others, exports: final demand of domestic products, (S,); others are public bodies and investment.
        households_imported, others_imported: final demand of imported products, (S,).
    """

    sectors: tuple[str, ...]
    domestic: Floats
    imported: Floats
    households: Floats
    others: Floats
    exports: Floats
    households_imported: Floats
    others_imported: Floats

    @property
    def output(self) -> Floats:
        """What each sector makes, (S,)."""
        return np.asarray(self.domestic.sum(1) + self.households + self.others + self.exports)


def split_region(
    nation: NationalTable, jobs: Floats, nation_jobs: Floats, people_share: Floats, names: tuple[str, ...], delta: float = 0.25,
    method: str = "flq",
) -> Economy:  # fmt: skip
    """The economy of K territories, the rest of the nation and the world: K + 2 regions.

    Consumers: households and others of each territory, then of the rest, then exports: 2 (K + 1) + 1.

    Args:
        jobs: jobs of each territory, (K, S); nation_jobs: (S,).
        people_share: share of the nation's inhabitants in each territory, (K,).
        names: names of the K territories, of the rest and of the world, (K + 2,).

    Raises:
        RuleBroken: territories that hold more than the nation; see also `location_quotients`.
    """
    count, sectors = jobs.shape
    output = _outputs(nation, jobs, nation_jobs, names)
    weight = np.vstack([jobs, np.maximum(nation_jobs - jobs.sum(0), 0.0)])
    people = np.append(people_share, 1 - people_share.sum())
    made_share = np.divide(output, nation.output, out=np.zeros_like(output), where=nation.output > 0)
    size = weight.sum(1) / nation_jobs.sum()
    bought = np.divide(nation.domestic, nation.output, out=np.zeros_like(nation.domestic), where=nation.output > 0)
    needs = bought[None] * output[:, None, :]
    final = np.stack([np.outer(people, nation.households), np.outer(size, nation.others)], 2)
    exports = made_share * nation.exports
    own_needs, own_final = np.zeros_like(needs), np.zeros_like(final)
    for k in range(count):
        own_needs[k] = needs[k] * regional_shares(jobs[k], nation_jobs, nation.sectors, delta, method)
        factor = size_factor(jobs[k], nation_jobs, delta) if method == "flq" else 1.0
        quotient = np.minimum(1.0, location_quotients(jobs[k], nation_jobs, nation.sectors) * factor)
        own_final[k] = final[k] * quotient[:, None]
        sold = own_needs[k].sum(1) + own_final[k].sum(1)
        able = np.minimum(
            1.0, np.divide(np.maximum(output[k] - exports[k], 0.0), sold, out=np.ones(sectors), where=sold > 0)
        )
        own_needs[k] *= able[:, None]
        own_final[k] *= able[:, None]
    return _assembled(nation, names, output, exports, (needs, final), (own_needs, own_final), made_share, people, size)


def _outputs(nation: NationalTable, jobs: Floats, nation_jobs: Floats, names: tuple[str, ...]) -> Floats:
    """Output of each territory and of the rest, in proportion to jobs, (K + 1, S)."""
    share = np.divide(jobs, nation_jobs, out=np.zeros_like(jobs), where=nation_jobs > 0)
    for s in np.flatnonzero(share.sum(0) > 1 + 1e-9):
        raise RuleBroken(
            "{names} hold more jobs of {sector} than the nation ({share} of them): check the two sources.",
            names=list(names[:-2]), sector=nation.sectors[s], share=float(share.sum(0)[s]),
        )  # fmt: skip
    return np.vstack([share, np.maximum(1 - share.sum(0), 0.0)]) * nation.output


def _assembled(
    nation: NationalTable, names: tuple[str, ...], output: Floats, exports: Floats, wanted: tuple[Floats, Floats],
    own: tuple[Floats, Floats], made_share: Floats, people: Floats, size: Floats,
) -> Economy:  # fmt: skip
    places, sectors = output.shape
    needs, final = wanted
    surplus = np.maximum(output - exports - own[0].sum(2) - own[1].sum(2), 0.0)
    lacking, lacking_final = needs - own[0], final - own[1]
    lack = lacking.sum(2) + lacking_final.sum(2)
    regions, consumers = places + 1, 2 * places + 1
    flows = np.zeros((regions, sectors, regions, sectors))
    sold = np.zeros((regions, sectors, consumers))
    shares = _met(surplus.T, lack.T, nation.sectors)
    for i in range(sectors):
        share = shares[i]
        for k in range(places):
            flows[:places, i, k] = share[:, k, None] * lacking[k, i][None, :]
            sold[:places, i, 2 * k : 2 * k + 2] = share[:, k, None] * lacking_final[k, i][None, :]
            flows[k, i, k] += own[0][k, i]
            sold[k, i, 2 * k : 2 * k + 2] += own[1][k, i]
    sold[:places, :, -1] = exports
    imported = np.divide(nation.imported, nation.output, out=np.zeros_like(nation.imported), where=nation.output > 0)
    for k in range(places):
        flows[places, :, k] = imported * output[k][None, :]
        sold[places, :, 2 * k] = people[k] * nation.households_imported
        sold[places, :, 2 * k + 1] = size[k] * nation.others_imported
    n = regions * sectors
    intermediate, final_sold = flows.reshape(n, n), sold.reshape(n, consumers)
    who = tuple(f"{name}:{kind}" for name in names[:-1] for kind in ("households", "others"))
    return Economy(
        names, nation.sectors, (*who, "exports"), intermediate, final_sold, intermediate.sum(1) + final_sold.sum(1)
    )


def _met(surplus: Floats, lack: Floats, sectors: tuple[str, ...]) -> Floats:
    """Share of what each place lacks of each product that each place sells it, (S, places, places); columns sum to 1.

    RAS on all products at once: rows are surpluses, columns lacks; a territory sells to itself in the last resort only.
    """
    count, places = surplus.shape
    inside = np.arange(places - 1)
    flows = surplus[:, :, None] * lack[:, None, :]
    flows[:, inside, inside] *= LAST_RESORT
    sums = surplus.sum(1)
    rows = surplus * np.divide(lack.sum(1), sums, out=np.ones(count), where=sums > 0)[:, None]
    whole = np.maximum(lack.sum(1), 1e-300)
    for _ in range(RAS_ROUNDS):
        flows *= _ratio(rows, flows.sum(2))[:, :, None]
        flows *= _ratio(lack, flows.sum(1))[:, None, :]
        gaps = np.abs(flows.sum(2) - rows).max(1) / whole
        if gaps.max() <= RAS_TOLERANCE:
            return np.divide(
                flows, lack[:, None, :], out=np.tile(np.eye(places), (count, 1, 1)), where=lack[:, None, :] > 0
            )
    raise NoSolution(
        "What is sold and bought of {sector} between the territories cannot be balanced: check its jobs.",
        sector=sectors[int(gaps.argmax())],
    )


def _ratio(wanted: Floats, sums: Floats) -> Floats:
    return np.divide(wanted, sums, out=np.zeros_like(wanted), where=sums > 0)
