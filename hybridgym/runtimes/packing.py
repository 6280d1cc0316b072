"""Folders as archives, which is how an engine takes them."""

import io
import posixpath
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hybridgym.runtimes.base import USER_ID
from hybridgym.task import WORKSPACE


@contextmanager
def packed(folder: Path) -> Iterator[IO[bytes]]:
    """Give an archive of what a folder holds: files, folders and links, all of which are the command's."""
    with tempfile.TemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            archive.add(folder, arcname=".", filter=_for_the_command)
        yield file


def _for_the_command(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    entry.uid = entry.gid = USER_ID
    entry.uname = entry.gname = ""
    entry.mode &= 0o777
    if entry.issym():
        leads_to = posixpath.normpath(posixpath.join(WORKSPACE, posixpath.dirname(entry.name), entry.linkname))
        if not leads_to.startswith(f"{WORKSPACE}/"):
            entry.linkname = leads_to  # The engine takes no archive with a link that leaves it step by step.
    return entry if entry.isreg() or entry.isdir() or entry.issym() or entry.islnk() else None


def empty_folder(name: str) -> bytes:
    """Return an archive of one empty folder."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, 0o700, USER_ID, USER_ID
        archive.addfile(entry)
    return file.getvalue()
