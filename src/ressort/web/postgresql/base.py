"""Django's way to PostgreSQL, which does not ask the server whether it lives before each request.

A server that stops, restarts or is killed closes its connections: an idle one on which nothing came is alive.
"""

import select

from django.db.backends.postgresql.base import DatabaseWrapper as Standard


class DatabaseWrapper(Standard):
    """The connection of a thread."""

    def is_usable(self) -> bool:
        """Whether the connection can serve: it is idle and the server said nothing, else the server is asked."""
        if self.errors_occurred or not self._is_quiet():
            return bool(super().is_usable())
        return True

    def _is_quiet(self) -> bool:
        """Whether nothing came on the connection: neither a word nor the end."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0)
