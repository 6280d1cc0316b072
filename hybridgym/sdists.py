"""Source distributions of the configured package index: found, downloaded and checked by hash; never built."""

import configparser
import os
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.version import InvalidVersion, Version
from pypi_simple import (
    PYPI_SIMPLE_ENDPOINT,
    DistributionPackage,
    NoSuchProjectError,
    PyPISimple,
    UnsupportedContentTypeError,
    UnsupportedRepoVersionError,
)

from hybridgym.downloads import TIMEOUT, Download, Shelf, WrongHashError, session_of
from hybridgym.errors import SourceError
from hybridgym.specs import without_secrets

if TYPE_CHECKING:
    import requests

_SUFFIXES: Final = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")
"""The archives that can be read, best first."""


def fetch_sdist(name: str, version: str, sha256: str, cache_dir: Path) -> Download:
    """Return the sdist of `name==version`, from the cache if it is there.

    With a `sha256` the cache alone is enough. Raises SourceError where the index or the sdist cannot be reached,
    or a hash does not fit.
    """
    shelf = Shelf(cache_dir / "sdists", "sha256")
    cached = shelf.get(sha256) if sha256 else None
    if cached is not None:
        return cached
    where = f"pypi {name}=={version}"
    endpoint = index_url(os.environ, _pip_configurations())
    try:
        with PyPISimple(endpoint, session=_session()) as client:
            package = _find(client, name, version)
            digest = _agreed_digest(where, package, sha256)
            return shelf.get(digest) or _download(where, client, package, digest, shelf)
    except NoSuchProjectError as error:
        message = f"{where}: the index {without_secrets(endpoint)} has no project {name}"
        raise SourceError(message) from error
    except (OSError, UnsupportedContentTypeError, UnsupportedRepoVersionError, ValueError) as error:
        message = f"{where}: cannot be read from the index {without_secrets(endpoint)}: {without_secrets(str(error))}"
        raise SourceError(message) from error


def index_url(environment: Mapping[str, str], configurations: Iterator[Path]) -> str:
    """Return the simple API that pip or uv would ask: their variables first, then pip's configuration files."""
    for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if environment.get(variable):
            # uv allows a name in front, as in `internal=https://…`
            return re.sub(r"^[\w.-]+=(?=[a-z]+://)", "", environment[variable])
    return _pip_setting("index-url", configurations) or PYPI_SIMPLE_ENDPOINT


def _pip_configurations() -> Iterator[Path]:
    """Yield pip's configuration files, the one that decides first."""
    chosen = os.environ.get("PIP_CONFIG_FILE")
    if chosen:
        yield Path(chosen)
        if chosen == os.devnull:
            return
    home = Path(os.environ.get("HOME", "/"))
    user = [Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip", home / ".pip"]
    system = [Path(folder) / "pip" for folder in os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")]
    for folder in (Path(sys.prefix), *user, Path("/etc"), *system):
        yield folder / "pip.conf"


def _pip_setting(key: str, configurations: Iterator[Path]) -> str:
    for path in configurations:
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue
        for section in ("download", "install", "global"):
            for name in (key, key.replace("-", "_")):
                if value := parser.get(section, name, fallback=""):
                    return value
    return ""


def _session() -> "requests.Session":
    variables = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
    bundle = next((os.environ[name] for name in variables if os.environ.get(name)), "")
    return session_of(bundle or _pip_setting("cert", _pip_configurations()))


def _find(client: PyPISimple, name: str, version: str) -> DistributionPackage:
    page = client.get_project_page(name, timeout=TIMEOUT)
    found = [p for p in page.packages if p.filename.endswith(_SUFFIXES) and _has_version(p, version)]
    if not found:
        message = f"pypi {name}=={version}: the index has no sdist of this version"
        raise SourceError(message)
    return min(found, key=lambda p: [not p.filename.endswith(suffix) for suffix in _SUFFIXES])


def _has_version(package: DistributionPackage, version: str) -> bool:
    try:
        return package.package_type == "sdist" and Version(package.version or "") == Version(version)
    except InvalidVersion:
        return False


def _agreed_digest(where: str, package: DistributionPackage, sha256: str) -> str:
    digest = package.digests.get("sha256", "").lower()
    if not digest and not sha256:
        message = f"{where}: the index gives no sha256 for {package.filename}; write it into the entry"
        raise SourceError(message)
    if digest and sha256 and digest != sha256:
        message = f"{where}: sha256 of {package.filename}: expected {sha256}, found {digest} in the index"
        raise SourceError(message)
    return sha256 or digest


def _download(where: str, client: PyPISimple, package: DistributionPackage, digest: str, shelf: Shelf) -> Download:
    uploaded = package.upload_time
    uploaded_at = f"{uploaded.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if uploaded else ""
    try:
        return shelf.download(client.s, package.url, digest, uploaded_at)
    except WrongHashError as error:
        message = f"{where}: sha256 of {package.filename}: expected {digest}, found {error.found}"
        raise SourceError(message) from error
    except SourceError as error:
        message = f"{where}: {package.filename}: {error}"
        raise SourceError(message) from error
