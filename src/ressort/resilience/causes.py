"""The links of the causal chain in words: what stops, what it lacks, through whom, or which network is cut."""

from ressort.core.resilience import Link
from ressort.language import gettext as _
from ressort.language import part, percent
from ressort.reference.national_economy import branches
from ressort.resilience.ground import LEVEL
from ressort.resilience.places import named
from ressort.resilience.stress import Stress
from ressort.resilience.words import branch_label


def why(stress: Stress, link: Link) -> str:
    """One link of the chain in words."""
    place, _sign, code = link.industry.rpartition("/")
    where = "" if place == stress.ground.name else f" ({named(place, stress.ground)})"
    stopped, lacks = branch_label(code) + where, branch_label(link.product) if link.product else ""
    if not link.product:
        return _("{supplier} too is short of capacity since day {day}: the event hit it.").format(
            supplier=stopped, day=link.day
        )
    if link.supplier:
        from_place, _sign, supplier = link.supplier.rpartition("/")
        return _(
            "{stopped} is left with {ratio} of what it would make; it lacks {lacking}, of which {share} comes through {supplier} ({place}), "
            "which delivers {fill} since day {since}."
        ).format(
            stopped=stopped, ratio=part(link.ratio), lacking=lacks, share=percent(link.supplier_share), supplier=branch_label(supplier),
            place=named(from_place, stress.ground), fill=part(link.fill), since=link.since_day,
        )  # fmt: skip
    if _network_is_cut(stress, link):
        return _(
            "{stopped} is left with {ratio} of what it would make: the network of {lacking} is cut by the event."
        ).format(stopped=stopped, ratio=part(link.ratio), lacking=lacks)
    if _is_same_day(stress, link):
        return _("{stopped} is left with {ratio} of what it would make: {lacking}, which nobody keeps, does not all come that day.").format(
            stopped=stopped, ratio=part(link.ratio), lacking=lacks
        )  # fmt: skip
    return _("{stopped} is left with {ratio} of what it would make: what it keeps of {lacking} is used up.").format(
        stopped=stopped, ratio=part(link.ratio), lacking=lacks
    )


def _is_same_day(stress: Stress, link: Link) -> bool:
    run = stress.told.run
    return run is not None and bool(run.plan.same_day[branches(LEVEL).index(link.product)])


def _network_is_cut(stress: Stress, link: Link) -> bool:
    run = stress.told.run
    if run is None or not len(run.calendar.served):
        return False
    region = run.economy.regions.index(link.industry.rpartition("/")[0])
    return bool(run.calendar.served[link.day, branches(LEVEL).index(link.product), region] < 1)
