"""Django's PostgreSQL, but for how an idle connection is found alive."""
