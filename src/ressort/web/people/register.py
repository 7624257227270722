"""What the site keeps about people: one entry per model, read by the privacy page and by a test.

A personal field that is not declared here fails the tests.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Processing:
    """Why some personal fields are kept, on which legal ground, for how long, and who sees them."""

    model: str
    fields: tuple[str, ...]
    purpose: Text
    ground: Text
    kept: Text
    seen_by: Text


REGISTER = (
    Processing(
        "people.Person",
        ("email", "name", "language", "password", "last_login", "created_at"),
        _("Let people sign in and be recognised"),
        _("mission of public interest of the authority that opened the account"),
        _("until the account is deleted"),
        _("the person, the administrators of the same territories, the operator"),
    ),
    Processing(
        "people.Grant",
        ("person", "granted_by"),
        _("Know who may act for a territory, and who allowed it"),
        _("mission of public interest of the authority that opened the account"),
        _("until the right is withdrawn or the account deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "diagnosis.OwnTable",
        ("provided_by",),
        _("Tell where the figures provided by a territory come from"),
        _("mission of public interest of the authority that opened the account"),
        _("until the table is erased or the account deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "people.Entry",
        ("who",),
        _("Trace what was done, for security"),
        _("legitimate interest in the security of the site"),
        _("twelve months"),
        _("the person, the operator"),
    ),
)
