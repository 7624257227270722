"""`python -m ressort.web manage purge_calls`: erases drafts never handed in, and attached files that nothing refers to."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ressort.web.calls.purging import purge


class Command(BaseCommand):
    """Erases what has no reason to be kept any more."""

    help = "Erase drafts of calls closed for six months, and attached files that nothing refers to."

    def handle(self, *args: Any, **options: Any) -> None:
        drafts, files = purge()
        self.stdout.write(
            _("Drafts of calls erased: {drafts}; attached files erased: {files}").format(drafts=drafts, files=files)
        )
