"""A package index on this machine."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class Index:
    """A folder, served, and the requests it got."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests: list[str] = []
        self.page_type = "text/html"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/simple"

    def add(self, filename: str, data: bytes, fragment: str = "", project: str = "demo") -> str:
        """Publish a file; returns its sha256, which is what its link says unless told otherwise."""
        sha256 = hashlib.sha256(data).hexdigest()
        page = self.folder / "simple" / project / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        link = f'<a href="../../files/{filename}{fragment or f"#sha256={sha256}"}">{filename}</a>\n'
        page.write_text((page.read_text() if page.exists() else "<!DOCTYPE html>\n") + link)
        (self.folder / "files").mkdir(exist_ok=True)
        (self.folder / "files" / filename).write_bytes(data)
        return sha256


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, index: Index, *args: object) -> None:
        self.index = index
        super().__init__(*args, directory=str(index.folder))  # type: ignore[arg-type]

    def guess_type(self, path: object) -> str:
        return self.index.page_type if str(path).endswith("index.html") else "application/octet-stream"

    def log_message(self, format: str, *args: object) -> None:
        self.index.requests.append(self.path)


@contextmanager
def served(folder: Path) -> Iterator[Index]:
    """Serve a folder as long as the context lasts."""
    index = Index(folder)
    with index.server:
        thread = Thread(target=index.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield index
        index.server.shutdown()
        thread.join()


def sdist_of(name: str, version: str, files: Mapping[str, str]) -> bytes:
    """Pack files below `name-version/`."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, text in files.items():
            info = tarfile.TarInfo(f"{name}-{version}/{path}")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return gzip.compress(stream.getvalue(), mtime=0)
