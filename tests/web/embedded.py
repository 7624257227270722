"""What the web and browser tests share: a data folder of their own, and its embedded PostgreSQL, started once."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="ressort-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)


def configure() -> None:
    """Points Django at a fresh data folder; what is built from the reference is shared with other runs."""
    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        return
    from ressort.reference import data_folder

    built = data_folder() / "build"
    built.mkdir(parents=True, exist_ok=True)
    (HOME / "build").symlink_to(built.resolve())
    os.environ |= {
        "RESSORT_HOME": str(HOME),
        "RESSORT_RATE_LIMIT": "0",
        "DJANGO_SETTINGS_MODULE": "ressort.web.settings",
        # Playwright runs an event loop in the thread of the test
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STATIC_ROOT.mkdir(parents=True)
    django.setup()


@contextmanager
def server() -> Iterator[None]:
    """The embedded server, without waiting for the disk."""
    import psycopg

    from ressort.web import database

    with database.running():
        with psycopg.connect(database.embedded_url("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield
