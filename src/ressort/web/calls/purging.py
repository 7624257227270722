"""Erasing what has no reason to be kept any more."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ressort.web.calls import files
from ressort.web.calls.models import Application, Attachment
from ressort.web.people.actions import note

DRAFTS_KEPT = timedelta(days=183)
#: a file being written now has no row yet: only older ones are orphans
ORPHANS_KEPT = timedelta(days=1)


@transaction.atomic
def purge() -> tuple[int, int]:
    """Erases drafts and withdrawn files of calls closed for six months, and bytes without a row; tells how many of each."""
    now = timezone.now()
    old = Application.objects.filter(
        status__in=[Application.Status.DRAFT, Application.Status.WITHDRAWN],
        call__closes_at__lt=now - DRAFTS_KEPT,
        reviews__isnull=True,
    )
    count = old.count()
    old.delete()
    note(None, "purge_calls", f"{count} applications")
    kept = set(Attachment.objects.values_list("stored_as", flat=True))
    home = files.folder()
    orphans = [
        path
        for path in (home.iterdir() if home.is_dir() else ())
        if path.name not in kept and path.stat().st_mtime < (now - ORPHANS_KEPT).timestamp()
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return count, len(orphans)
