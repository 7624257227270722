"""A clock that tests move."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

HOUR = timedelta(hours=1)


class Later:
    """The clock of the draw, moved forward."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> Any:
        return timezone.now() + self.by

    def localtime(self, moment: Any) -> Any:
        return timezone.localtime(moment)
