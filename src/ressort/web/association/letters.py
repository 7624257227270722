"""Letters to members. A mail server that fails stops no collection: the page of the member says the same."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ressort.language import money
from ressort.web.association import queries
from ressort.web.association.models import Collection

log = logging.getLogger(__name__)


def announce(collection: Collection, code: str) -> tuple[int, int]:
    """Tells each member what will be collected and when; how many were told, and how many must be told otherwise."""
    rules, rows = queries.rules(collection.currency), list(collection.debits.all())
    named = queries.named(one.account for one in rows)
    words = _("On {day}, {name} will collect {amount} from your bank account, under the mandate {mandate} (creditor {ics}): {purpose}.")  # fmt: skip
    made = []
    for one in rows:
        wallet = named.get(one.account)
        if wallet is None or wallet.owner is None or not wallet.owner.email:
            continue
        text = words.format(
            day=date_format(collection.on), name=rules.association, amount=money(one.amount_cents), mandate=one.mandate_reference,
            ics=rules.creditor_identifier, purpose=collection.get_purpose_display(),
        )  # fmt: skip
        subject = _("Direct debit of {day} – {code}").format(day=date_format(collection.on), code=code)
        made.append(EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [wallet.owner.email]))
    try:
        sent = get_connection().send_messages(made) or 0
    except OSError as error:
        log.warning("%s letters of direct debits could not be sent: %s", len(made), error)
        sent = 0
    return sent, len(rows) - sent
