"""Copies of an answer in an environment: the project itself, a file of it, or the code of a target.

Submissions are graded, and agents work, with everything that an environment has: what is copied from there is no work
of theirs. Examples that are real: another release of the project that a dependency brings, tomli in the standard
library, six in what vendors it.

This file is also run by itself in an image, which has no hybridgym: it needs Python 3.8 and nothing else.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

LEAST_LINES = 3
"""Of code, not counting lines without letters: shorter functions are written by many."""
LEAST_FUNCTIONS = 5
"""That are found, before a project counts as copied; fewer cost the tasks that are about them."""
LARGEST_FILE = 20_000_000
"""Bytes of a file that is looked into."""
NOT_OF_THE_IMAGE = ("/dev", "/hybridgym/project", "/proc", "/run", "/sys", "/testbed")
"""What a running container has besides the files of its image."""


def copy_in(
    folders: Sequence[Path],
    project: str,
    files: Sequence[bytes],
    functions: Sequence[bytes],
    without: Sequence[str] = (),
) -> str:
    """Return where a copy lies, and of what; empty where there is none.

    `project` is a distribution's name; `files` are the contents of the files in which targets lie; `functions` are
    the targets' bodies. Indentation and blank lines are not compared. Nothing below the folders `without` is looked at.
    """
    wanted = [_Code(body) for body in functions]
    for folder in folders:
        if release := _release_in(folder, project, without):
            return release
        for place, data in _sources(folder, without):
            if data in files and data.strip():
                return f"{place}: the file of a target"
            if any(code.is_in(data) for code in wanted):
                return f"{place}: the code of a target"
    return ""


def project_in(folders: Sequence[Path], project: str, functions: Mapping[str, Sequence[bytes]]) -> str:
    """Return where a release of a project lies, or a copy of most of it; empty where there is none.

    `functions` are the bodies of its functions by the name of the file that they lie in, without its folder: whoever
    vendors a project leaves that as it is.
    """
    telling = {name: [c for c in map(_Code, bodies) if c.is_telling] for name, bodies in functions.items()}
    total = sum(map(len, telling.values()))
    for folder in folders:
        if release := _release_in(folder, project, ()):
            return release
        found: set[tuple[str, int]] = set()
        places: dict[Path, int] = {}
        for place, data in _sources(folder, ()):
            name = place.name
            here = {(name, number) for number, code in enumerate(telling.get(name, ())) if code.is_in(data)}
            places[place] = len(here - found)
            found |= here
        if len(found) >= LEAST_FUNCTIONS and 2 * len(found) >= total:
            most = max(places, key=lambda place: places[place])
            return f"{most}: {len(found)} of the project's {total} functions are there or beside it"
    return ""


class _Code:
    """Code that is looked for."""

    def __init__(self, text: bytes) -> None:
        self._lines = _lines(text)
        said = [line for line in self._lines if re.search(rb"\w", line)]
        self._longest = max(said, key=len, default=b"")
        self.is_telling = len(said) >= LEAST_LINES

    def is_in(self, data: bytes) -> bool:
        """Say whether a file has these lines, one after the other."""
        # Most files do not have the longest, and need not be taken apart.
        if not self.is_telling or self._longest not in data:
            return False
        return b"\n%b\n" % b"\n".join(self._lines) in b"\n%b\n" % b"\n".join(_lines(data))


def _lines(text: bytes) -> list[bytes]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _release_in(folder: Path, project: str, without: Sequence[str]) -> str:
    """Return the metadata that an installer left of a project."""
    for _, names, _ in _walked(folder, without):
        for name in names:
            if name.endswith("-info") and _normalized(name.partition("-")[0]) == _normalized(project):
                return f"{name}: a release of the project"
    return ""


def _normalized(name: str) -> str:
    """Return a distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _sources(folder: Path, without: Sequence[str]) -> Iterator[tuple[Path, bytes]]:
    """Yield the Python files below a folder, by their path in it."""
    for parent, _, names in _walked(folder, without):
        for path in (parent / name for name in names if name.endswith(".py")):
            try:
                if path.is_file() and path.stat().st_size <= LARGEST_FILE:
                    yield path.relative_to(folder), path.read_bytes()
            except OSError:
                continue


def _walked(folder: Path, without: Sequence[str]) -> Iterator[tuple[Path, list[str], list[str]]]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if str(Path(parent, name)) not in without)
        yield Path(parent), folders, sorted(files)


def main() -> None:
    """Read what is looked for from standard input, look for it in all of the image, and say where it is."""
    wanted = json.load(sys.stdin)
    files, functions = ([text.encode("latin-1") for text in wanted[key]] for key in ("files", "functions"))
    print(json.dumps(copy_in([Path("/")], wanted["project"], files, functions, NOT_OF_THE_IMAGE)))


if __name__ == "__main__":
    main()
