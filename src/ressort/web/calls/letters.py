"""Letters to applicants. A mail server that fails loses no draft and no decision: the page of each file says the same."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ressort.web.calls.models import Application, Call, Decision

log = logging.getLogger(__name__)


def links(request: HttpRequest, email: str, found: Sequence[tuple[Application, str]]) -> None:
    """The secret links of the files of an address."""
    lines = [
        f"{application.reference} {application.title}\n{request.build_absolute_uri(reverse('calls:application', args=[token]))}"
        for application, token in found
    ]
    words = _(
        "Whoever has this link can open and change the file. Keep it, and share it only with those who write with you."
    )
    subject = _("Your file: {call}").format(call=_line(found[0][0].call.title))
    _send([EmailMessage(subject, "\n\n".join([*lines, words]), settings.DEFAULT_FROM_EMAIL, [email])])


def decided(call: Call, decisions: Sequence[Decision]) -> None:
    """Tells each applicant that a decision was taken; the decision itself is on the page of the file."""
    words = _(
        "The authority took a decision on your file {reference}. It is on the page of your file, with its motive: open it by the link you were sent."
    )
    subject = _("A decision on your file: {call}").format(call=_line(call.title))
    _send(
        [
            EmailMessage(
                subject,
                words.format(reference=one.application.reference),
                settings.DEFAULT_FROM_EMAIL,
                [one.application.email],
            )
            for one in decisions
        ]
    )


def _line(text: str) -> str:
    """A text that fits the subject of a letter, which holds one line."""
    return " ".join(text.split())


def _send(letters: list[EmailMessage]) -> None:
    try:
        get_connection().send_messages(letters)
    except OSError as error:
        log.warning("%s letters of calls could not be sent: %s", len(letters), error)
