"""Rules that share: at most so much from one partner, the least covered first, balanced among partners."""

from dataclasses import replace

import numpy as np
import polars as pl

from ressort.core.exchanges import MOST_PARTIES, Watch, balanced_exchange, fair_coverage, optimum, unwatched
from ressort.exchanges.answer import Answer, basin, beside, rule_title
from ressort.exchanges.cooperation import Cooperation
from ressort.exchanges.goods import good
from ressort.exchanges.words import amount
from ressort.language import gettext as _
from ressort.language import number, percent, rounded


def dependence(found: Cooperation, key: str, share: float, watch: Watch = unwatched) -> Answer:
    """The optimum when no partner brings more than a part of any need, beside the one without that rule."""
    one, plan, market = good(key), found.nationals[key].plan, found.nationals[key].market
    other = optimum(replace(market, partner_share=share), watch=watch)
    before, after = (basin(found, key, each) for each in (plan, other))
    words = _(
        "With at most {share} of the need from any one partner: suppliers {after} instead of {before}, {km} km on average instead of {was} km; "
        "{imported} from the rest of the world instead of {had}."
    ).format(
        share=percent(share), after=number(after[0]), before=number(before[0]), km=rounded(after[1]), was=rounded(before[1]),
        imported=amount(one, after[2]), had=amount(one, before[2]),
    )  # fmt: skip
    grows = other.certificate.total / plan.certificate.total - 1 if plan.certificate.total else 0.0
    country = _("Over the country the rule makes the total longer by {share}.").format(share=percent(grows, 1))
    rows = [
        ("suppliers", before[0], after[0]), ("mean_km", before[1], after[1]), ("imported", before[2], after[2]),
        ("largest_partner_share", before[3], after[3]), ("total", plan.certificate.total, other.certificate.total),
    ]  # fmt: skip
    return Answer("most_from_one", rule_title("most_from_one"), "optimum", [words, country], beside(rows))


def fairness(found: Cooperation, key: str, reach_km: float, watch: Watch = unwatched) -> Answer:
    """What is in reach shared with the least covered first, beside the shortest ways first."""
    told, at = fair_coverage(found.nationals[key].market, reach_km, watch), found.at
    if np.isnan(told.fair[at]):
        words = _("Nothing of it is needed here: there is nothing to share.")
        return Answer("fair_km", rule_title("fair_km"), "optimum", [words], beside([]))
    least, most = (float(np.nanmin(values)) for values in (told.fair, told.efficient))
    means = [float(np.nanmean(values)) for values in (told.fair, told.efficient)]
    words = _(
        "Within {km} km and without the rest of the world, the least covered first: {fair} of the need here, instead of {efficient} when the "
        "shortest ways are served first."
    ).format(km=number(reach_km), fair=percent(told.fair[at]), efficient=percent(told.efficient[at]))
    country = _(
        "Over the country the least covered territory gets {least} of its need instead of {most}, as much is served in all, and flows are {longer} longer: "
        "the price of fairness."
    ).format(
        least=percent(least, 1), most=percent(most, 1),
        longer=percent(told.fair_km / told.efficient_km - 1 if told.efficient_km else 0.0, 1),
    )  # fmt: skip
    rows = [
        ("coverage_here_share", float(told.efficient[at]), float(told.fair[at])), ("least_coverage_share", most, least),
        ("mean_coverage_share", means[1], means[0]), ("quantity_km", told.efficient_km, told.fair_km),
    ]  # fmt: skip
    return Answer("fair_km", rule_title("fair_km"), "optimum", [words, country], beside(rows))


def balanced(found: Cooperation, tolerance: float) -> Answer:
    """The exchange of several goods of the most value among the territory and its partners, each pair in balance."""
    others = (found.only if found.only is not None else found.best)[: MOST_PARTIES - 1]
    rows = np.append(np.array([found.at]), others)
    keys = list(found.nationals)
    columns = np.array([found.held.column(key) for key in keys], dtype=np.int64)
    surplus, lack = found.held.surplus[np.ix_(rows, columns)], found.held.lack[np.ix_(rows, columns)]
    told = balanced_exchange(surplus, lack, found.held.needs_of_people[columns] / max(1, found.compared), tolerance)
    places = [found.held.territory(int(row)) for row in rows]
    moves = [
        (places[a].code, places[a].label, places[b].code, places[b].label, keys[p], float(told.flow[a, b, p]))
        for a, b, p in zip(*np.nonzero(told.flow > 1e-6), strict=True)
    ]
    schema = ["giver_code", "giver_name", "receiver_code", "receiver_name", "good", "quantity"]
    frame = pl.DataFrame(moves, schema=schema, orient="row")
    words = _(
        "Among {names}, every pair in balance within {tolerance}: goods that meet the yearly needs of {people} people, on average over those compared, change hands; "
        "the rule of balance keeps {lost} from it."
    ).format(
        names=", ".join(one.label for one in places), tolerance=percent(tolerance), people=rounded(told.volume),
        lost=rounded(told.price_of_balance),
    )  # fmt: skip
    lines = [
        _("{giver} gives {receiver}: {amount} of {good}.").format(
            giver=giver, receiver=receiver, amount=amount(good(key), quantity), good=good(key).label.lower()
        )
        for _g, giver, _r, receiver, key, quantity in moves[:20]
    ]
    return Answer("balance", rule_title("balance"), "optimum", [words, *lines], frame)
