"""Source distributions of the configured package index: found, downloaded and checked by hash; never built."""

import configparser
import hashlib
import os
import re
import ssl
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import IO, Any, Final

import msgspec
import requests
import truststore
from packaging.version import InvalidVersion, Version
from pypi_simple import (
    PYPI_SIMPLE_ENDPOINT,
    DistributionPackage,
    NoSuchProjectError,
    PyPISimple,
    UnsupportedContentTypeError,
    UnsupportedRepoVersionError,
)
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from hybridgym.entries import MAX_TOTAL_BYTES
from hybridgym.errors import SourceError
from hybridgym.specs import without_secrets
from hybridgym.task import Value

_SUFFIXES: Final = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")
"""The archives that can be read, best first."""

_TIMEOUT: Final = (10.0, 60.0)
"""Seconds to connect, and between two packets."""

_ATTEMPTS: Final = 3
_BLOCK_BYTES: Final = 1 << 18


class Sdist(Value, frozen=True, kw_only=True):
    """A source distribution in the cache."""

    path: Path
    uploaded_at: str
    """ISO 8601 in UTC; empty where the index did not say."""


class _Record(Value, frozen=True, kw_only=True):
    """What the index said of a cached sdist: a later run without the index has to give the same."""

    uploaded_at: str


def fetch_sdist(name: str, version: str, sha256: str, cache_dir: Path) -> Sdist:
    """Return the sdist of `name==version`, from the cache if it is there.

    With a `sha256` the cache alone is enough. Raises SourceError where the index or the sdist cannot be reached,
    or a hash does not fit.
    """
    folder = cache_dir / "sdists"
    cached = _cached(folder, sha256) if sha256 else None
    if cached is not None:
        return cached
    where = f"pypi {name}=={version}"
    endpoint = index_url(os.environ, _pip_configurations())
    try:
        with PyPISimple(endpoint, session=_session()) as client:
            package = _find(client, name, version)
            digest = _agreed_digest(where, package, sha256)
            return _cached(folder, digest) or _download(where, client.s, package, digest, folder)
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


class _VerifyingAdapter(HTTPAdapter):
    """Verifies servers by the certificates that the user configured, else by those of the system."""

    def __init__(self, bundle: str, **options: Any) -> None:
        self._context: ssl.SSLContext = (
            ssl.create_default_context(cafile=bundle) if bundle else truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        )
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        # requests would add its own bundle of authorities to those of the context.
        conn.cert_reqs = "CERT_REQUIRED"


def _session() -> requests.Session:
    variables = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
    bundle = next((os.environ[name] for name in variables if os.environ.get(name)), "")
    retries = Retry(total=_ATTEMPTS, backoff_factor=0.5, status_forcelist=(429, 502, 503, 504), raise_on_status=False)
    session = requests.Session()
    session.headers["User-Agent"] = "hybridgym"
    session.mount(
        "https://", _VerifyingAdapter(bundle or _pip_setting("cert", _pip_configurations()), max_retries=retries)
    )
    session.mount("http://", HTTPAdapter(max_retries=retries))
    return session


def _find(client: PyPISimple, name: str, version: str) -> DistributionPackage:
    page = client.get_project_page(name, timeout=_TIMEOUT)
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


def _download(where: str, session: requests.Session, package: DistributionPackage, digest: str, folder: Path) -> Sdist:
    """Download into the cache under another name, so that a file in the cache is always complete and checked."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="download-", ignore_cleanup_errors=True) as temporary:
        path = Path(temporary) / digest
        headers = {"Accept-Encoding": "identity"}  # a .tar.gz is to stay one
        with session.get(package.url, stream=True, timeout=_TIMEOUT, headers=headers) as response:
            response.raise_for_status()
            with path.open("wb") as file:
                found = _copy(response.iter_content(_BLOCK_BYTES), file, where)
        if found != digest:
            message = f"{where}: sha256 of {package.filename}: expected {digest}, found {found}"
            raise SourceError(message)
        uploaded = package.upload_time
        record = _Record(uploaded_at=f"{uploaded.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if uploaded else "")
        notes = path.with_suffix(".json")
        notes.write_bytes(msgspec.json.encode(record))
        notes.replace(folder / notes.name)
        path.replace(folder / digest)
    return Sdist(path=folder / digest, uploaded_at=record.uploaded_at)


def _copy(blocks: Iterator[bytes], file: IO[bytes], where: str) -> str:
    """Write the blocks and return their sha256; raises SourceError where they do not end."""
    total, digest = 0, hashlib.sha256()
    for block in blocks:
        total += len(block)
        if total > MAX_TOTAL_BYTES:
            message = f"{where}: the sdist is larger than {MAX_TOTAL_BYTES} bytes"
            raise SourceError(message)
        digest.update(block)
        file.write(block)
    return digest.hexdigest()


def _cached(folder: Path, sha256: str) -> Sdist | None:
    """Return a cached sdist whose content still has its hash."""
    path = folder / sha256
    try:
        with path.open("rb") as file:
            intact = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        record = msgspec.json.decode((folder / f"{sha256}.json").read_bytes(), type=_Record)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return Sdist(path=path, uploaded_at=record.uploaded_at) if intact else None
