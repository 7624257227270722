"""What the server does by itself for the association: it keeps the daily totals of the ledger, from which books and clocks are read."""

from django.apps import AppConfig


class AssociationConfig(AppConfig):
    """Adds the totals to the chores of the ledger's keeper."""

    name = "ressort.web.association"

    def ready(self) -> None:
        from ressort.web.association import inviting, totals
        from ressort.web.currency import keeper
        from ressort.web.people import invitations

        if totals.renew not in keeper.CHORES:
            keeper.CHORES.append(totals.renew)
        invitations.OFFERS["post"] = inviting.OFFER
