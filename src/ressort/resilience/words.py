"""Names of branches, measures and principles, as people read them."""

from ressort.language import current_language, percent
from ressort.language import gettext as _
from ressort.reference.national_economy import labels
from ressort.resilience.ground import LEVEL


def branch_label(code: str) -> str:
    """A branch of A38 as people read it."""
    return labels(LEVEL, current_language()).get(code, code)


def principle_label(name: str) -> str:
    """One of the six principles of CEREMA's compass, as people read it."""
    return {
        "governance": _("strategy and governance"),
        "solidarity": _("cohesion and solidarity"),
        "anticipation": _("anticipation and knowledge"),
        "learning": _("adaptation and innovation"),
        "robustness": _("robustness and continuity"),
        "sobriety": _("sobriety and essential needs"),
    }[name]


def metric_label(name: str) -> str:
    """A metric of the whole curve as people read it."""
    return {
        "low": _("Robustness: lowest point"),
        "low_5_days": _("Lowest mean of five days"),
        "lost_days": _("Loss of functionality, in days of full service"),
        "back_95": _("Day of lasting return above 95 %"),
        "back_99": _("Day of lasting return above 99 %"),
        "level": _("New level: mean of the last 30 days"),
        "least_low": _("Lowest point of the least served need"),
        "least_lost_days": _("Loss of the least served need, in days"),
        "person_days": _("Person-days of full service lost"),
        "output_lost_days": _("Output lost here, in days of output"),
    }[name]


def chance(share: float) -> str:
    """A part of the runs: what happened in some is never told as 0 %, what failed in some never as 100 %."""
    if 0 < share < 0.01:
        return _("less than 1 %")
    return percent(min(share, 0.99) if share < 1 else share)
