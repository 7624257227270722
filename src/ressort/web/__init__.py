"""People: the Django project, one app per domain.

    wsgi → middleware (limits, faults) → urls → views ┬→ actions (one thing a person can do, one transaction)
                                                      └→ queries (reads) → reference → core

Most pages read the reference only and need no database: they stay up when PostgreSQL is down.
"""
