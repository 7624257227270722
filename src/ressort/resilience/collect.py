"""Where a hypothesis that drives the answer could be measured here: what an officer may do about it."""

from ressort.language import gettext as _


def where_to_ask(name: str) -> str:
    """Who could give a local figure for a drawn hypothesis."""
    return {
        "delta": _("fetch the employees by commune (`ressort data sync jobs_commune`), or give a table of one's own"),
        "psi": _("ask the largest users what they do when stocks run low; their continuity plans say it"),
        "restock": _("ask the largest users, and their suppliers, how fast they are delivered"),
        "alpha_max": _("nothing local to measure: keep the range"),
        "purse_days": _("ask the social services, or a survey of households"),
        "reuse": _("ask the association of the currency for its re-use rate"),
        "harvest": _("ask the chamber of agriculture for the harvests of the bad years here"),
        "home": _("a short survey of households, or the shops"),
        "stock": _("ask the largest users and depots here how many days they hold"),
        "essential": _("ask the largest users what still runs without it; their continuity plans say it"),
        "amount": _("a study of this event here (prevention plan, operator of the network, past events); then give it with the question"),
        "duration": _("past events here, the operator of the network, the prefecture"),
        "recovery": _("past events here: insurers, technical services, the operator of the network"),
        "chance": _("past events here: how often one came with the other"),
    }[name.partition(":")[0]]  # fmt: skip
