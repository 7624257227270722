"""What the currencies kept here tell the rest of the site: measures of a territory, and the re-use rate for the stress test."""

from django.apps import AppConfig


class CurrencyConfig(AppConfig):
    """Adds the measures of currencies to the diagnosis and to the stress test: the loop closes there."""

    name = "ressort.web.currency"

    def ready(self) -> None:
        from ressort.web.currency import closing, own_data, seats
        from ressort.web.diagnosis import beside as diagnosis
        from ressort.web.people import invitations, queries
        from ressort.web.resilience import beside as resilience

        invitations.OFFERS["seat"] = seats.OFFER
        queries.MORE["local_currencies"] = own_data.of_person
        for functions, one in ((diagnosis.PANELS, closing.panels), (resilience.REUSE, closing.reuse)):
            if one not in functions:
                functions.append(one)  # type: ignore[attr-defined]
