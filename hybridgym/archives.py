"""Archives → entries, member by member in memory: nothing of an archive is ever written to a disk."""

import bz2
import gzip
import io
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from hybridgym.entries import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, Entry, unusable
from hybridgym.errors import SourceError
from hybridgym.task import EXECUTABLE, LINK, REGULAR

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_HEADER_BYTES: Final = 4 << 20
"""What the headers of one tar member may take; real ones take a few kilobytes."""

_BLOCK_BYTES: Final = 1 << 18

_BROKEN: Final = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
# tarfile and zipfile let these through for headers that make no sense, passwords and unknown compressions.
_NONSENSE: Final = (ValueError, OverflowError, RuntimeError, NotImplementedError, IndexError, KeyError)


def read_archive(path: Path, max_members: int = MAX_FILES) -> list[Entry]:
    """Return the members of a .zip or of a .tar.gz, .tar.bz2 or .tar.xz, told apart by their content.

    A member that a later one of the same name replaces is an entry with a problem. Raises SourceError for a
    broken archive, and where its members exceed the limits on files or bytes.
    """
    budget = _Budget(max_members)
    try:
        with path.open("rb") as file:
            magic = file.read(6)
            file.seek(0)
            if magic.startswith(b"PK"):
                return list(_without_replaced(_zip_members(file, budget)))
            for signature, open_stream in _STREAMS.items():
                if magic.startswith(signature):
                    return list(_without_replaced(_tar_members(open_stream(file), budget)))
    except (*_BROKEN, *_NONSENSE) as error:
        message = f"{path.name}: broken archive: {error}"
        raise SourceError(message) from error
    message = f"{path.name}: neither a zip nor a compressed tar archive"
    raise SourceError(message)


def top_folder(entries: list[Entry]) -> str:
    """Return the one folder that holds every entry with a usable path; empty where there is no such folder."""
    tops = {entry.path.partition("/")[::2] for entry in entries if not unusable(entry.path)[0]}
    names = {name for name, _ in tops}
    return names.pop() if len(names) == 1 and all(rest for _, rest in tops) else ""


class _Meter(io.RawIOBase):
    """A stream that refuses to hand out more than it was granted: headers are read in full before they are judged."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._left = _HEADER_BYTES

    def grant(self, size: int) -> None:
        """Allow the content of the current member and the headers of the next one."""
        self._left = size + _HEADER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        count = self._stream.readinto(buffer)
        self._left -= count
        if self._left < 0:
            message = "a header of several megabytes"
            raise tarfile.ReadError(message)
        return count


class _Budget:
    """Counts members and their unpacked bytes, kept or not: those left out have to be unpacked as well."""

    def __init__(self, max_members: int) -> None:
        self._max_members = max_members
        self._members = 0
        self._bytes = 0

    def spend(self, size: int) -> None:
        self._members += 1
        self._bytes += max(size, 0)
        if self._members > self._max_members or self._bytes > MAX_TOTAL_BYTES:
            message = f"more than {self._max_members} members or {MAX_TOTAL_BYTES} bytes when unpacked"
            raise tarfile.ReadError(message)


def _tar_members(stream: io.BufferedIOBase, budget: _Budget) -> Iterator[Entry]:
    meter = _Meter(stream)
    files: dict[str, Entry] = {}
    with tarfile.open(
        mode="r|", fileobj=meter, bufsize=_BLOCK_BYTES, encoding="utf-8", errors="surrogateescape"
    ) as archive:
        for member in archive:
            meter.grant(member.size + _BLOCK_BYTES)
            budget.spend(member.size)
            if member.isdir():
                continue
            entry = _tar_entry(archive, member, files)
            if member.isreg():
                files[entry.path] = entry
            yield entry


def _tar_entry(archive: tarfile.TarFile, member: tarfile.TarInfo, files: dict[str, Entry]) -> Entry:
    path = _plain_path(member.name)
    if member.issym():
        target = member.linkname.encode("utf-8", "surrogateescape")
        return Entry(path=path, mode=LINK, size=len(target), read=partial(bytes, target))
    if member.islnk():
        target_entry = files.get(_plain_path(member.linkname))
        if target_entry is None:
            return Entry(path=path, problem="hard link to no file of the archive")
        return Entry(path=path, mode=target_entry.mode, size=target_entry.size, read=target_entry.read)
    if not member.isreg():
        return Entry(path=path, problem="device or pipe")
    mode = EXECUTABLE if member.mode & stat.S_IXUSR else REGULAR
    if member.size > MAX_FILE_BYTES:
        return Entry(path=path, mode=mode, size=member.size)
    content = archive.extractfile(member)
    data = content.read() if content else b""
    if len(data) != member.size:
        message = f"{path}: the archive ends within it"
        raise tarfile.ReadError(message)
    return Entry(path=path, mode=mode, size=len(data), read=partial(bytes, data))


def _zip_members(file: IO[bytes], budget: _Budget) -> Iterator[Entry]:
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            budget.spend(member.file_size)
            if not member.is_dir():
                yield _zip_entry(archive, member)


def _zip_entry(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Entry:
    path = _plain_path(member.orig_filename)  # `filename` is cut at a NUL
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFLNK):
        return Entry(path=path, problem="device or pipe")
    if member.file_size > MAX_FILE_BYTES:
        return Entry(path=path, size=member.file_size)
    data = archive.read(member)
    executable = bool((member.external_attr >> 16) & stat.S_IXUSR)
    mode = LINK if kind == stat.S_IFLNK else EXECUTABLE if executable else REGULAR
    return Entry(path=path, mode=mode, size=len(data), read=partial(bytes, data))


def _without_replaced(members: Iterator[Entry]) -> Iterator[Entry]:
    entries = list(members)
    last = {entry.path: index for index, entry in enumerate(entries)}
    for index, entry in enumerate(entries):
        replaced = last[entry.path] != index
        yield Entry(path=entry.path, problem="replaced by a later member") if replaced else entry


def _plain_path(name: str) -> str:
    """Drop `./` and doubled slashes, as unpacking would; what is absolute stays absolute, to be refused."""
    return re.sub(r"(?<=/)(\.?/)+|^(\./+)+", "", name)


_STREAMS: Final[dict[bytes, Callable[[IO[bytes]], io.BufferedIOBase]]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
}
