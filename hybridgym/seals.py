"""What an agent could find besides the start state: other commits, the answer, its tests, the suite, a network.

This file is also run by itself, where an agent would work, without hybridgym: it needs Python 3.8 and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

MOST = 20
"""Problems that are told of one place."""
LARGEST_FILE = 20_000_000
"""Bytes of a file, or a member of an archive, that is looked into."""
MOST_UNPACKED = 300_000_000
"""Bytes of an archive's members together."""

KINDS = (
    ("refs/heads/", "another branch"),
    ("refs/tags/", "a tag"),
    ("refs/remotes/", "a branch of a remote"),
    ("refs/stash", "a stash"),
    ("refs/notes/", "a note"),
    ("refs/", "another reference"),
    ("packed-refs", "packed references"),
    ("logs/", "a reflog"),
    ("objects/pack/", "a pack of objects"),
    ("objects/info/", "objects that lie elsewhere"),
    ("hooks/", "a hook"),
    ("FETCH_HEAD", "what was fetched"),
    ("ORIG_HEAD", "another commit's name"),
    ("modules/", "another repository"),
    ("worktrees/", "another workspace"),
)
"""What begins with a path below `.git` → what that is."""
SETTINGS = frozenset(
    ("repositoryformatversion", "filemode", "bare", "logallrefupdates", "ignorecase", "precomposeunicode", "symlinks")
)
"""Of `core`, which `git init` writes. All others are somebody's."""
OWN = ("HEAD", "config", "index", "info/attributes", "refs/heads/main")
"""What a new repository with one commit has."""
OBJECT = re.compile(r"objects/([0-9a-f]{2})/([0-9a-f]{38})")
NAMED = re.compile(r"tasks(-\d{5}-of-\d{5})?\.jsonl|[0-9a-f]{40}\.tar\.zst")
"""Files of a suite: rows and sources."""
RELEASE = re.compile(r"(?P<name>.+?)-\d[^/]*(\.whl|\.zip|\.egg|\.tar\.\w+|\.tgz|-info)")
ARCHIVES = (".zip", ".whl", ".egg", ".pyz", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")
SUITE_OF_THE_BUILD = Path("/suite")
PROJECT = "/hybridgym/project"
"""Has what an installer would have written of the project, so that it can be imported from the workspace."""
RELEASED = "a release of the project"
NOWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses that nobody has (RFC 5737, RFC 3849): that there is a way to them needs a network."""
QUESTION = b"\x2a\x2a\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01"
"""Asks a name server for those of the root (RFC 1035)."""
PATIENCE = 1.0
"""Seconds for an answer of a network."""


# The repository


def of_repository(workspace: Path, commit: str) -> list[str]:
    """Say what a workspace has besides one commit on `main` and that commit's files."""
    git = workspace / ".git"
    if git.is_symlink() or not git.is_dir():
        return [f"{git}: no repository"]
    objects: dict[str, bytes] = {}
    problems = []
    for place in _files_below(git):
        path = place.relative_to(git).as_posix()
        found = OBJECT.fullmatch(path)
        if place.is_symlink():
            problems.append(f"{place}: a link")
        elif found:
            kind, problem = _object(place, "".join(found.groups()))
            objects["".join(found.groups())] = kind
            problems += [f"{place}: {problem}"] if problem else []
        elif path not in OWN:
            kinds = (what for start, what in KINDS if path.startswith(start))
            problems.append(f"{_said(place)}: {next(kinds, 'not of a new repository')}")
    problems += _settings(git / "config")
    for name, expected in (("HEAD", "ref: refs/heads/main"), ("refs/heads/main", commit)):
        said = _text(git / name)
        if said != expected:
            problems.append(f"{git / name}: expected {expected}, found {said or 'nothing'}")
    files, reached, broken = _reached(objects, commit)
    problems += [f"{git}: {problem}" for problem in broken]
    problems += [f"{git}: object {name} is not of the commit" for name in sorted({*objects} - reached)]
    return problems[:MOST] + list(islice(_other_files(workspace, files), MOST))


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield all that is no folder, links too."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for place in sorted(Path(parent, name) for name in [*names, *folders]):
            if place.is_symlink() or not place.is_dir():
                yield place


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _settings(config: Path) -> list[str]:
    """Say which settings `git init` does not write."""
    section, problems = "", []
    for line in map(str.strip, _text(config).splitlines()):
        key = line.partition("=")[0].strip().lower()
        if line.startswith("["):
            section = line.lower()
            if section != "[core]":
                problems.append(f"{config}: {line}")
        elif key and section == "[core]" and key not in SETTINGS:
            problems.append(f"{config}: core.{key}")
    return problems


def _object(path: Path, name: str) -> tuple[bytes, str]:
    """Return the content of an object, but for that of a file, and what is wrong with it."""
    try:
        stream = zlib.decompressobj()
        data = stream.decompress(path.read_bytes())
    except (OSError, zlib.error) as error:
        return b"", f"cannot be read: {error}"
    if stream.unused_data or hashlib.sha1(data).hexdigest() != name:
        return b"", "something else than the object of that name"
    return (b"" if data.startswith(b"blob ") else data), ""


def _reached(objects: Mapping[str, bytes], commit: str) -> tuple[dict[str, tuple[str, str]], set[str], list[str]]:
    """Return the files of a commit (path → mode and object), all objects that it needs, and what is wrong."""
    head, _, text = objects.get(commit, b"").partition(b"\0")
    if not head.startswith(b"commit "):
        return {}, {commit}, [f"there is no commit {commit}"]
    fields = text.partition(b"\n\n")[0].split(b"\n")
    problems = ["the commit has parents"] if any(field.startswith(b"parent ") for field in fields) else []
    files: dict[str, tuple[str, str]] = {}
    reached = {commit}
    waiting = [("", fields[0].partition(b" ")[2].decode("ascii", "replace"))]
    while waiting:
        folder, name = waiting.pop()
        reached.add(name)
        if name not in objects:
            problems.append(f"object {name} is missing")
            continue
        rest = objects[name].partition(b"\0")[2]
        while rest:
            entry, _, rest = rest.partition(b"\0")
            mode, _, part = entry.partition(b" ")
            inner, rest = rest[:20].hex(), rest[20:]
            path = folder + os.fsdecode(part)
            if mode == b"40000":
                waiting.append((f"{path}/", inner))
            else:
                files[path] = mode.decode("ascii", "replace"), inner
                if inner not in objects:
                    problems.append(f"object {inner} is missing")
                reached.add(inner)
    return files, reached, problems


def _other_files(workspace: Path, files: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Say which files of a workspace are not those of its commit."""
    seen = set()
    for place in _files_below(workspace):
        path = place.relative_to(workspace).as_posix()
        if path.startswith(".git/"):
            continue
        seen.add(path)
        if path not in files:
            yield f"{_said(place)}: not a file of the commit"
        elif _as_git_has_it(place) != files[path]:
            yield f"{_said(place)}: not as the commit has it"
    for path in sorted({*files} - seen):
        yield f"{_said(workspace / path)}: missing"


def _as_git_has_it(place: Path) -> tuple[str, str]:
    if place.is_symlink():
        mode, data = "120000", os.fsencode(os.readlink(place))  # noqa: PTH115  # Python 3.8
    elif place.is_file():
        mode, data = ("100755" if place.stat().st_mode & 0o100 else "100644"), place.read_bytes()
    else:
        return "", ""
    return mode, hashlib.sha1(b"blob %d\0%b" % (len(data), data)).hexdigest()


# Files elsewhere


class Wanted:
    """What must not be found."""

    def __init__(
        self,
        project: str = "",
        blocks: Iterable[bytes] = (),
        files: Iterable[str] = (),
        tests: Mapping[str, Sequence[str]] | None = None,
        marks: Iterable[str] = (),
    ) -> None:
        """`project` is a distribution; `blocks` are lines one after the other, of the answer and of its tests.

        `files` are SHA-256 of whole files; `tests` are names of functions by the name of their file, without suffix;
        `marks` are ids of tasks and commits.
        """
        self.project = _normalized(project)
        self.blocks: dict[bytes, list[list[bytes]]] = {}
        for block in map(lines_of, blocks):
            self.blocks.setdefault(max(block, key=len), []).append(block)
        self.files = frozenset(files)
        self.tests = {file: sorted(names) for file, names in (tests or {}).items()}
        self.marks = sorted(marks)
        hashes = [mark for mark in self.marks if re.fullmatch(r"[0-9a-f]{40}", mark)]
        self.objects = {mark: bytes.fromhex(mark) for mark in hashes}

    def in_file(self, name: str, data: bytes) -> str:
        """Say what a file has of it; `name` is the file's, without its folder."""
        if self.files and hashlib.sha256(data).hexdigest() in self.files:
            return "a file of the answer"
        for mark in self.marks:
            if mark.encode() in data:
                return f"it says {mark}"
        if name.endswith(".idx"):
            for mark, raw in self.objects.items():
                if raw in data:
                    return f"commit {mark}"
        lines = lines_of(data) if self.blocks and b"\0" not in data[:8192] else []
        if self._has_block(lines):
            return "lines of the answer or of its tests"
        tests = self.tests.get(name.partition(".")[0], ())
        # Many files are called test_utils.py, and have a test of what is basic.
        is_of_them = name.endswith(".pyc") or any(line in self.blocks for line in lines)
        if tests and is_of_them and all(test.encode() in data for test in tests):
            return f"the test {tests[0]}"
        return ""

    def in_name(self, place: Path) -> str:
        """Say what the name of a file or folder tells."""
        if NAMED.fullmatch(place.name):
            return "a file of the suite"
        if place.parent.name + place.name in self.objects:
            return "a commit that has the answer"
        release = RELEASE.fullmatch(place.name)
        if release and self.project and _normalized(release["name"]) == self.project:
            return RELEASED
        return ""

    def _has_block(self, lines: Sequence[bytes]) -> bool:
        for number, line in enumerate(lines):
            for block in self.blocks.get(line, ()):
                start = number - block.index(line)
                if start >= 0 and lines[start : start + len(block)] == block:
                    return True
        return False


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines that are not blank, without their indentation."""
    return [line for line in map(bytes.strip, data.split(b"\n")) if line]


def _normalized(name: str) -> str:
    """Return a distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of_files(folders: Sequence[Path], without: Sequence[str], wanted: Wanted) -> list[str]:
    """Say what lies below folders, but for some below them, that is wanted; archives are looked into."""
    return list(islice(_found(folders, without, wanted), MOST))


def _found(folders: Sequence[Path], without: Sequence[str], wanted: Wanted) -> Iterator[str]:
    if SUITE_OF_THE_BUILD.exists():
        yield f"{SUITE_OF_THE_BUILD}: a folder of the build"
    for folder in folders:
        for parent, inner, names in os.walk(folder):
            inner[:] = sorted(name for name in inner if str(Path(parent, name)) not in without)
            for name in sorted([*inner, *names]):
                place = Path(parent, name)
                problem = wanted.in_name(place)
                if parent == PROJECT and problem == RELEASED:
                    problem = ""
                problem = problem or _in_file(place, wanted)
                if problem:
                    yield f"{_said(place)}: {problem}"


def _in_file(place: Path, wanted: Wanted) -> str:
    with suppress(OSError):  # Who cannot read it learns nothing of it.
        if place.is_symlink() or not place.is_file():
            return ""
        if place.stat().st_size <= LARGEST_FILE and not _is_compiled(place):
            problem = wanted.in_file(place.name, place.read_bytes())
            if problem:
                return problem
        if place.name.endswith(ARCHIVES):
            for member, data in _members(place):
                inner = Path(member)
                problem = wanted.in_name(inner) or wanted.in_file(inner.name, data)
                if problem:
                    return f"{member}: {problem}"
    return ""


def _is_compiled(place: Path) -> bool:
    """Say whether a file is bytecode of a source that lies where it belongs, and is looked into itself."""
    return place.suffix == ".pyc" and (place.parent.parent / f"{place.name.partition('.')[0]}.py").is_file()


def _members(place: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive, as far as it can be read."""
    left = MOST_UNPACKED
    with suppress(zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, ValueError, RuntimeError, OSError):
        if zipfile.is_zipfile(place):
            with zipfile.ZipFile(place) as archive:
                for member in archive.infolist():
                    left -= member.file_size
                    if left < 0:
                        return
                    if member.file_size <= LARGEST_FILE and not member.is_dir():
                        yield member.filename, archive.read(member)
            return
        with tarfile.open(place) as tar:
            for entry in tar:
                left -= entry.size
                if left < 0:
                    return
                content = tar.extractfile(entry) if entry.isreg() and entry.size <= LARGEST_FILE else None
                if content is not None:
                    yield entry.name, content.read()


def of_variables(variables: Mapping[str, str], wanted: Wanted) -> list[str]:
    """Say which environment variables tell something."""
    secret = [*wanted.marks, *(name for names in wanted.tests.values() for name in names)]
    return [
        f"environment variable {name}: it says {said}"
        for name, value in sorted(variables.items())
        for said in secret
        if said in value
    ]


# The network


def of_network(addresses: Iterable[tuple[str, int]]) -> list[str]:
    """Say how somebody outside can be reached; somebody listens at the addresses."""
    problems = []
    for family, nobody in NOWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((nobody, 9))
            problems.append(f"network: there is a route to {nobody}")
    for address in addresses:
        with suppress(OSError), socket.create_connection(address, PATIENCE):
            problems.append(f"network: {address[0]} port {address[1]} can be reached")
    for line in _text(Path("/etc/resolv.conf")).splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver" and _answers(words[1]):
            problems.append(f"network: name server {words[1]} answers")
    return problems


def _answers(server: str) -> bool:
    with suppress(OSError):
        kind = socket.AF_INET6 if ":" in server else socket.AF_INET
        with socket.socket(kind, socket.SOCK_DGRAM) as probe:
            probe.settimeout(PATIENCE)
            probe.connect((server, 53))
            probe.send(QUESTION)
            return bool(probe.recv(512))
    return False


def _said(path: Path) -> str:
    """Return a path as text that can be printed, whatever its bytes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def main() -> None:
    """Read what is looked for from standard input, look for it, and print what was found."""
    told: dict[str, Any] = json.load(sys.stdin)
    wanted = Wanted(**{**told["wanted"], "blocks": [block.encode("latin-1") for block in told["wanted"]["blocks"]]})
    print(
        json.dumps(
            [
                *of_repository(Path(told["workspace"]), told["commit"]),
                *of_files([Path(folder) for folder in told["folders"]], told["without"], wanted),
                *of_variables(os.environ, wanted),
                *of_network([(host, port) for host, port in told["addresses"]]),
            ]
        )
    )


if __name__ == "__main__":
    main()
