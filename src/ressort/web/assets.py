"""Front-end files that installed packages bring: nothing of theirs is copied into our tree, nothing is fetched.

django_htmx    htmx 2
leaflet        the map library, without its Django tags
ninja          the description of the API, to read and to try
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_LEAFLET_IMAGES = ("layers.png", "layers-2x.png", "marker-icon.png", "marker-icon-2x.png", "marker-shadow.png")
#: package → folder inside it, files under it
FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "django_htmx": ("static", ("django_htmx/htmx-2.min.js",)),
    "leaflet": (
        "static",
        ("leaflet/leaflet.js", "leaflet/leaflet.css", *(f"leaflet/images/{name}" for name in _LEAFLET_IMAGES)),
    ),
    "ninja": ("static", ("ninja/swagger-ui-bundle.js", "ninja/swagger-ui-init.js", "ninja/swagger-ui.css")),
}
_DISTRIBUTIONS = (
    "ressort",
    "django-htmx",
    "django-leaflet",
    "django-ninja",
    "django-allauth",
    "whitenoise",
)


def vintage() -> str:
    """A short key that changes whenever a static file may have changed."""
    ours = sorted(Path(__file__).parent.glob("**/static/**/*.*"))
    stamps = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in ours]
    releases = [f"{name} {version(name)}" for name in _DISTRIBUTIONS]
    return hashlib.sha256("\n".join(stamps + releases).encode()).hexdigest()[:12]


class Storage(CompressedManifestStaticFilesStorage):
    """Names that hold the content, compressed copies; source maps, which nobody is served, are not looked for."""

    patterns = tuple(
        (files, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for files, rules in CompressedManifestStaticFilesStorage.patterns
    )


class PackagedFilesFinder(BaseFinder):
    """The few files we use out of installed packages, for `collectstatic` and the test server."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        for folder, name in _all_files():
            if name == path:
                return [str(folder / name)] if find_all else str(folder / name)
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for folder, name in _all_files():
            yield name, FileSystemStorage(location=folder)


def _all_files() -> Iterator[tuple[Path, str]]:
    for package, (inside, names) in FILES.items():
        for name in names:
            yield _package_folder(package) / inside, name


@cache
def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None, f"{package} is a dependency"
    assert spec.origin is not None, f"{package} is a package with a file of its own"
    return Path(spec.origin).parent
