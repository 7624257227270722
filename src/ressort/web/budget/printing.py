"""Paper ballots: a numbered series for one polling place, as a tagged PDF; each number is what both people key."""

from importlib.resources import files

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.errors import RuleBroken
from ressort.language import money
from ressort.web.budget import queries
from ressort.web.budget.models import Campaign, Idea, PaperBatch
from ressort.web.paper import printed


def ballots(batch: PaperBatch, first: int, count: int, large: bool = False) -> bytes:
    """The ballots numbered from `first` on.

    Args:
        large: large print, on A4 pages instead of A5.

    Raises:
        RuleBroken: no project is put to the vote yet.
    """
    campaign = batch.campaign
    projects = list(campaign.ideas.filter(state=Idea.State.FEASIBLE).order_by("number"))
    if not projects:
        raise RuleBroken("No project is put to the vote yet: there is nothing to print.")
    language, now = get_language() or "fr", timezone.localtime()
    with_points = campaign.ballot == Campaign.Ballot.POINTS
    data = {
        "lang": language, "region": "fr" if language == "fr" else "gb", "year": now.year, "month": now.month, "day": now.day,
        "title": campaign.title, "subtitle": f"{queries.place_of(campaign).label} · {batch.station}", "large": large,
        "rule": _rule(campaign), "points": with_points, "lines": _lines(campaign),
        "series": batch.station, "serials": [f"n° {number}" for number in range(first, first + count)],
        "printed": _("printed on {moment}").format(moment=date_format(now, "SHORT_DATETIME_FORMAT")),
        "header": [_("Points") if with_points else _("Choice"), _("No."), _("Project"), _("Cost")],
        "projects": [[str(one.number), one.title, money(one.cost_cents or 0)] for one in projects],
    }  # fmt: skip
    return printed((files("ressort.web.budget") / "ballot.typ").read_bytes(), data)


def _rule(campaign: Campaign) -> str:
    if campaign.ballot == Campaign.Ballot.POINTS:
        told = _("Share up to {all} points, {each} at most for one project.")
        return told.format(all=campaign.most_points, each=campaign.most_points_each)
    told = _("Choose from {least} to {most} projects.")
    return told.format(least=campaign.least_choices, most=campaign.most_choices)


def _lines(campaign: Campaign) -> list[str]:
    how = (
        _("Write the points of each project that you choose.")
        if campaign.ballot == Campaign.Ballot.POINTS
        else _("Tick the box of each project that you choose.")
    )
    return [how, _("Take a ballot at random: its number serves to key it twice, never to know who voted. Write nothing else: a mark makes it void.")]  # fmt: skip
