"""Packages of the npm registry that is configured: their tarballs, checked by hash; nothing is installed or run."""

import base64
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

import msgspec

from hybridgym.downloads import TIMEOUT, BearerToken, Download, Shelf, WrongHashError, session_of
from hybridgym.errors import SourceError
from hybridgym.specs import MistakeError, date_time, without_secrets
from hybridgym.task import Value

if TYPE_CHECKING:
    import requests

_MAX_DOCUMENT_BYTES: Final = 256 << 20
"""Of what a registry says of a package. The largest real ones, of thousands of versions, take some ten megabytes."""

_BLOCK_BYTES: Final = 1 << 18
_SECONDS: Final = 60
"""What npm may take to say how it is configured."""


class _Dist(Value, frozen=True):
    integrity: str | None = None
    """Hashes of the tarball, each as `algorithm-base64`, with spaces between."""
    tarball: str = ""


class _Version(Value, frozen=True):
    dist: _Dist = _Dist()


class _Document(Value, frozen=True):
    """What a registry says of a package; a version is decoded when it is asked for, as others may be malformed."""

    versions: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)
    time: dict[str, Any] = msgspec.field(default_factory=dict)


def fetch_tarball(name: str, version: str, integrity: str, cache_dir: Path) -> Download:
    """Return the tarball of `name@version`, from the cache if it is there.

    With an `integrity` the cache alone is enough. Raises SourceError where the registry or the tarball cannot be
    reached, or a hash does not fit.
    """
    shelf = Shelf(cache_dir / "npm", "sha512")
    cached = shelf.get(_digest(integrity)) if integrity else None
    if cached is not None:
        return cached
    where = f"npm {name}@{version}"
    settings = npm_settings(os.environ)
    registry = _registry(where, name, settings)
    try:
        with session_of(_certificates(settings)) as session:
            client = _Client(where, registry, session, settings)
            document = client.document(name)
            dist = _dist(where, document, version)
            digest = _digest(_agreed_integrity(where, dist, integrity))
            return shelf.get(digest) or client.download(dist.tarball, digest, _time(document, version), shelf)
    except (OSError, ValueError) as error:
        message = (
            f"{where}: cannot be read from the registry {without_secrets(registry)}: {without_secrets(str(error))}"
        )
        raise SourceError(message) from error


def npm_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return how npm is configured for the user: npm's variables, then the user's .npmrc."""
    variables = {
        _setting_name(name): value
        for name, value in sorted(environment.items())
        if re.match(r"(?i)npm_config_.", name) and value
    }
    path = Path(variables.get("userconfig") or Path(environment.get("HOME", "/")) / ".npmrc")
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        text = ""
    return _read_npmrc(text, environment) | variables


def _setting_name(variable: str) -> str:
    key = variable[len("npm_config_") :]
    return key if key.startswith("//") else re.sub(r"(?<!^)_", "-", key).lower()


def _read_npmrc(text: str, environment: Mapping[str, str]) -> dict[str, str]:
    settings = {}
    for line in text.splitlines():
        if line.lstrip().startswith("["):  # a section is nothing that npm reads
            break
        key, equals, value = line.partition("=")
        if equals and not key.lstrip().startswith((";", "#")):
            settings[_expanded(key.strip(), environment)] = _expanded(_unquoted(value.strip()), environment)
    return settings


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return re.split(r"[;#]", value, maxsplit=1)[0].strip()


def _expanded(text: str, environment: Mapping[str, str]) -> str:
    """Replace `${NAME}` by the variable; one that is not set stays as it is."""
    return re.sub(r"\$\{([^${}]+)\}", lambda found: environment.get(found[1], found[0]), text)


def _registry(where: str, name: str, settings: Mapping[str, str]) -> str:
    """Return the registry of a package, without the slash at its end."""
    scope = name.partition("/")[0] if name.startswith("@") else ""
    found = settings.get(f"{scope}:registry", "") if scope else ""
    found = found or settings.get("registry", "") or _asked_of_npm("registry")
    if not found.startswith(("http://", "https://")):
        message = (
            f"{where}: registry: expected the URL of one in npm_config_registry, .npmrc or npm's own configuration, "
            f"found {without_secrets(repr(found)) if found else 'none'}"
        )
        raise SourceError(message)
    return found.rstrip("/")


def _asked_of_npm(key: str) -> str:
    """Return what npm takes where the user says nothing; empty where npm is not installed."""
    try:
        done = subprocess.run(
            ["npm", "config", "get", key], cwd="/", capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return done.stdout.strip()


def _certificates(settings: Mapping[str, str]) -> str:
    variables = (os.environ.get(name, "") for name in ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"))
    return settings.get("cafile", "") or next(filter(None, variables), "")


class _Client:
    """Asks one registry for one package."""

    def __init__(self, where: str, registry: str, session: "requests.Session", settings: Mapping[str, str]) -> None:
        self._where = where
        self._registry = registry
        self._session = session
        self._settings = settings

    def document(self, name: str) -> _Document:
        url = f"{self._registry}/{name.replace('/', '%2F')}"
        headers = {"Accept": "application/json"}
        data = bytearray()
        with self._session.get(url, stream=True, timeout=TIMEOUT, headers=headers, auth=self._token(url)) as response:
            if response.status_code == 404:
                message = f"{self._where}: the registry {without_secrets(self._registry)} has no package {name}"
                raise SourceError(message)
            response.raise_for_status()
            for block in response.iter_content(_BLOCK_BYTES):
                data += block
                if len(data) > _MAX_DOCUMENT_BYTES:
                    message = f"{self._where}: the registry's answer is larger than {_MAX_DOCUMENT_BYTES} bytes"
                    raise SourceError(message)
        document: _Document = _decoded(self._where, bytes(data), _Document)
        return document

    def download(self, tarball: str, digest: str, uploaded_at: str, shelf: Shelf) -> Download:
        url = urljoin(f"{self._registry}/", tarball)
        name = urlsplit(url).path.rpartition("/")[2]
        try:
            return shelf.download(self._session, url, digest, uploaded_at, self._token(url))
        except WrongHashError as error:
            message = f"{self._where}: integrity of {name}: expected {_shown(digest)}, found {_shown(error.found)}"
            raise SourceError(message) from error
        except SourceError as error:
            message = f"{self._where}: {name}: {error}"
            raise SourceError(message) from error

    def _token(self, url: str) -> BearerToken | None:
        """Return the token that .npmrc has for the longest beginning of a URL: `//host/path/:_authToken`."""
        parts = urlsplit(url)
        folders = parts.path.split("/")
        for depth in range(len(folders), 0, -1):
            key = f"//{parts.netloc.rpartition('@')[2]}{'/'.join(folders[:depth])}/:_authToken"
            token = self._settings.get(key, "")
            if token and not re.fullmatch(r"[!-~]+", token):
                # Sent, it would come back in the text of an error.
                message = f"{self._where}: {key}: expected letters, digits and signs of ASCII, found others"
                raise SourceError(message)
            if token:
                return BearerToken(token)
        return None


def _decoded(where: str, data: bytes | msgspec.Raw, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        message = f"{where}: the registry's answer is not that of an npm registry: {error}"
        raise SourceError(message) from error


def _dist(where: str, document: _Document, version: str) -> _Dist:
    if version not in document.versions:
        message = f"{where}: the registry has no version {version}"
        raise SourceError(message)
    dist: _Dist = _decoded(where, document.versions[version], _Version).dist
    if not dist.tarball:
        message = f"{where}: the registry names no tarball"
        raise SourceError(message)
    return dist


def _agreed_integrity(where: str, dist: _Dist, integrity: str) -> str:
    found = [text.partition("?")[0] for text in (dist.integrity or "").split() if text.startswith("sha512-")]
    if not found and not integrity:
        message = f"{where}: the registry gives no sha512 for the tarball; write integrity into the entry"
        raise SourceError(message)
    if found and integrity and integrity not in found:
        message = f"{where}: integrity of the tarball: expected {integrity}, found {' '.join(found)} in the registry"
        raise SourceError(message)
    return integrity or found[0]


def _digest(integrity: str) -> str:
    """Return an integrity as hexadecimal; raises ValueError where it is no sha512."""
    digest = base64.b64decode(integrity.removeprefix("sha512-"), validate=True).hex()
    if len(digest) != 128:
        message = f"{integrity} is no sha512"
        raise ValueError(message)
    return digest


def _time(document: _Document, version: str) -> str:
    try:
        return date_time(str(document.time.get(version, "")))
    except MistakeError:
        return ""


def _shown(digest: str) -> str:
    return f"sha512-{base64.b64encode(bytes.fromhex(digest)).decode()}"
