"""Lay out the start state of one task of a suite as a git repository of one commit.

    python3 start_state.py SUITE INSTANCE_ID DIRECTORY [PROJECT]

PROJECT is a new folder for what an installer would have written of the project, where its tests can be run.
This file travels with a suite and runs while an image is built, where there is no hybridgym: it needs Python 3.8,
git and, before Python 3.14, libzstd. Nothing of the repository is executed.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

COMMIT = {"NAME": "hybridgym", "EMAIL": "hybridgym@localhost", "DATE": "@946684800 +0000"}
"""Author and committer. With MESSAGE they are what hybridgym computed the row's start_commit from."""
MESSAGE = b"Start\n"

WORKSPACE = "/testbed"
"""Where a task's files lie when its tests run."""

ATTRIBUTES = b"* -text -ident -filter -working-tree-encoding !diff\n"
"""Overrides a repository's own .gitattributes, so that commits and diffs hold the bytes of the files."""


class Entry(NamedTuple):
    """A file or a link."""

    data: bytes
    mode: str
    """As git writes it: 100644, 100755 or 120000."""


def main(suite: Path, instance_id: str, directory: Path, project: Path | None = None) -> None:
    """Write the start state; ends the process with a message where it is not the one the row names."""
    row = find_row(suite, instance_id)
    entries = unpack(suite / "sources" / f"{row['source']}.tar.zst")
    edits = sorted(row["start_edits"], key=itemgetter("path", "start", "end"))
    # From the back, so that positions keep their meaning.
    for edit in edits[::-1]:
        entries[edit["path"]] = apply(edit, entries[edit["path"]])
    commit = lay_out(entries, directory)
    if commit != row["start_commit"]:
        sys.exit(f"{instance_id}: the start state is commit {commit}, expected {row['start_commit']}")
    if project is not None:
        setup = row["answer"]["setup"]
        project_folder(setup["name"], setup["version"], setup["entry_points"], setup["roots"], project)


def find_row(suite: Path, instance_id: str) -> dict[str, Any]:
    """Return the row of a task; `suite` has them in tasks.jsonl or in tasks-00000-of-000NN.jsonl and so on."""
    for rows in sorted(suite.glob("tasks*.jsonl")):
        with rows.open(encoding="utf-8") as lines:
            for line in lines:
                row: dict[str, Any] = json.loads(line) if instance_id in line else {}
                if row.get("instance_id") == instance_id:
                    return row
    return sys.exit(f"{suite}: no task {instance_id!r}")


def unpack(archive: Path) -> dict[str, Entry]:
    """Read a snapshot into memory; refuses what could be written outside of a folder."""
    entries = {}
    with tarfile.open(fileobj=io.BytesIO(decompress(archive.read_bytes())), encoding="utf-8") as members:
        for member in members:
            if member.name.startswith("/") or {"", ".", "..", ".git"} & set(member.name.lower().split("/")):
                sys.exit(f"{archive}: unsafe path {member.name!r}")
            if member.issym():
                entries[member.name] = Entry(member.linkname.encode("utf-8", "surrogateescape"), "120000")
            else:
                content = members.extractfile(member)
                if content is None:
                    sys.exit(f"{archive}: {member.name!r} is neither a file nor a link")
                entries[member.name] = Entry(content.read(), "100755" if member.mode & 0o100 else "100644")
    return entries


def apply(edit: dict[str, Any], entry: Entry) -> Entry:
    """Replace one range of bytes; ranges after it must have been replaced before."""
    start, end = edit["start"], edit["end"]
    if hashlib.sha256(entry.data[start:end]).hexdigest() != edit["old_sha256"]:
        sys.exit(f"{edit['path']}: bytes {start} to {end} are not what the edit replaces")
    return entry._replace(data=entry.data[:start] + edit["new"].encode() + entry.data[end:])


def lay_out(entries: dict[str, Entry], directory: Path) -> str:
    """Write files and their one commit, on the branch `main`, into a new folder; return the commit's id."""
    directory.mkdir(parents=True)
    git(directory, "init", "--quiet", "--template=", "--initial-branch=main")
    (directory / ".git" / "info").mkdir()
    (directory / ".git" / "info" / "attributes").write_bytes(ATTRIBUTES)
    # Links come last: no file is then written through one.
    for path, entry in sorted(entries.items(), key=lambda item: (item[1].mode == "120000", item[0])):
        write(directory / path, entry)
    git(directory, "add", "--all", "--force")
    commit = git(directory, "commit-tree", git(directory, "write-tree"), "-F", "-", text=MESSAGE)
    git(directory, "-c", "core.logAllRefUpdates=false", "update-ref", "HEAD", commit)
    return commit


def write(path: Path, entry: Entry) -> None:
    """Write one file or link, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if entry.mode == "120000":
        path.symlink_to(os.fsdecode(entry.data))
    else:
        path.write_bytes(entry.data)
        path.chmod(int(entry.mode[-3:], 8))


def git(directory: Path, *arguments: str, text: bytes = b"") -> str:
    """Run git without the user's and the machine's settings; return what it prints."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in COMMIT.items()},
    }
    command = ["git", "-C", str(directory), *arguments]
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, env=environment, check=True)
    return done.stdout.decode().strip()


def project_folder(
    name: str,
    version: str,
    entry_points: Mapping[str, Mapping[str, str]],
    package_roots: Sequence[str],
    folder: Path,
) -> None:
    """Write what an installer would say of a project: metadata, entry points, and where its packages lie."""
    info = folder / f"{re.sub(r'[^A-Za-z0-9]+', '_', name)}-{re.sub(r'[^A-Za-z0-9.+!]+', '_', version)}.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {one_line(name)}\nVersion: {one_line(version)}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "INSTALLER").write_text("hybridgym\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(entry_points_text(entry_points), encoding="utf-8")
    roots = [one_line(f"{WORKSPACE}/{root}").rstrip("/") for root in package_roots]
    (folder / "roots.pth").write_text("".join(f"{root}\n" for root in roots), encoding="utf-8")


def entry_points_text(groups: Mapping[str, Mapping[str, str]]) -> str:
    """Return the content of entry_points.txt."""
    lines = []
    for group, points in sorted(groups.items()):
        lines.append(f"[{group}]")
        lines += [one_line(f"{name} = {target}") for name, target in sorted(points.items())]
    return "".join(f"{line}\n" for line in lines)


def one_line(text: str) -> str:
    """Return a text of somebody's as one line."""
    return " ".join(text.split())


if sys.version_info >= (3, 14):
    from compression.zstd import decompress
else:

    def decompress(data: bytes) -> bytes:
        """Decompress one zstd frame that states its size."""
        library = ctypes.CDLL("libzstd.so.1")
        library.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
        library.ZSTD_decompress.restype = ctypes.c_size_t
        library.ZSTD_decompress.argtypes = [ctypes.c_char_p, ctypes.c_size_t] * 2
        size = library.ZSTD_getFrameContentSize(data, ctypes.c_size_t(len(data)))
        if size >= 2**64 - 2:  # ZSTD_CONTENTSIZE_UNKNOWN and ZSTD_CONTENTSIZE_ERROR
            sys.exit("the snapshot is not one zstd frame of known size")
        content = ctypes.create_string_buffer(size)
        if library.ZSTD_decompress(content, size, data, len(data)) != size:
            sys.exit("the snapshot is damaged")
        return content.raw


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], *map(Path, sys.argv[3:]))
