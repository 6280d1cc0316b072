"""Archives of package registries: downloaded once into the cache, and never used but with the hash they should have."""

import hashlib
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import msgspec
import requests
import truststore
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.util import Retry

from hybridgym.entries import MAX_TOTAL_BYTES
from hybridgym.errors import SourceError
from hybridgym.task import Value

TIMEOUT: Final = (10.0, 60.0)
"""Seconds to connect, and between two packets."""

_ATTEMPTS: Final = 3
_BLOCK_BYTES: Final = 1 << 18


class Download(Value, frozen=True, kw_only=True):
    """An archive in the cache."""

    path: Path
    uploaded_at: str
    """ISO 8601 in UTC; empty where the registry did not say."""


class WrongHashError(SourceError):
    """What was downloaded has the hash `found` (hexadecimal)."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class BearerToken(AuthBase):
    """A token that is sent with a request, and not on to another host that a server redirects to."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Authorize a request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Record(Value, frozen=True, kw_only=True):
    """What the registry said of a cached archive: a later run without the registry has to give the same."""

    uploaded_at: str


class Shelf:
    """A folder of the cache that holds archives by their hash; several processes may share it."""

    def __init__(self, folder: Path, algorithm: str) -> None:
        self._folder = folder
        self._algorithm = algorithm

    def get(self, digest: str) -> Download | None:
        """Return a cached archive whose content still has its hash (hexadecimal)."""
        path = self._folder / digest
        try:
            with path.open("rb") as file:
                intact = hashlib.file_digest(file, self._algorithm).hexdigest() == digest
            record = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=_Record)
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        return Download(path=path, uploaded_at=record.uploaded_at) if intact else None

    def download(
        self, session: requests.Session, url: str, digest: str, uploaded_at: str, auth: AuthBase | None = None
    ) -> Download:
        """Download an archive under another name, so that a file in the cache is always complete and checked.

        Raises WrongHashError, another SourceError where the archive does not end, and OSError or ValueError where
        it cannot be had.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix="download-", ignore_cleanup_errors=True) as temporary:
            path = Path(temporary) / digest
            headers = {"Accept-Encoding": "identity"}  # a .tar.gz is to stay one
            with session.get(url, stream=True, timeout=TIMEOUT, headers=headers, auth=auth) as response:
                response.raise_for_status()
                with path.open("wb") as file:
                    found = self._copy(response.iter_content(_BLOCK_BYTES), file)
            if found != digest:
                raise WrongHashError(found)
            notes = path.with_suffix(".json")
            notes.write_bytes(msgspec.json.encode(_Record(uploaded_at=uploaded_at)))
            notes.replace(self._folder / notes.name)
            path.replace(self._folder / digest)
        return Download(path=self._folder / digest, uploaded_at=uploaded_at)

    def _copy(self, blocks: Iterator[bytes], file: IO[bytes]) -> str:
        """Write the blocks and return their hash; raises SourceError where they do not end."""
        total, digest = 0, hashlib.new(self._algorithm)
        for block in blocks:
            total += len(block)
            if total > MAX_TOTAL_BYTES:
                message = f"the archive is larger than {MAX_TOTAL_BYTES} bytes"
                raise SourceError(message)
            digest.update(block)
            file.write(block)
        return digest.hexdigest()


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


def session_of(bundle: str, attempts: int = _ATTEMPTS) -> requests.Session:
    """Return a session that trusts the certificates of a file, or those of the system where it is empty.

    `attempts` are made beside the first one where a server is busy or does not answer.
    Raises OSError where the file cannot be read.
    """
    retries = Retry(total=attempts, backoff_factor=0.5, status_forcelist=(429, 502, 503, 504), raise_on_status=False)
    session = requests.Session()
    session.headers["User-Agent"] = "hybridgym"
    session.mount("https://", _VerifyingAdapter(bundle, max_retries=retries))
    session.mount("http://", HTTPAdapter(max_retries=retries))
    return session
