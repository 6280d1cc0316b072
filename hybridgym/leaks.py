"""Copies of an answer in an environment: the project itself, a file of it, or the code of a target.

Submissions are graded, and agents work, with everything that an environment has: what is copied from there is no work
of theirs. Examples that are real: another release of the project that a dependency brings, tomli in the standard
library, six in what vendors it.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name

LEAST_LINES: Final = 3
"""Of code, not counting lines without letters: shorter functions are written by many."""


def copy_in(folders: Sequence[Path], project: str, files: Sequence[bytes], functions: Sequence[bytes]) -> str:
    """Return where a copy lies, and of what; empty where there is none.

    `project` is a distribution's name; `files` are the contents of the files in which targets lie; `functions` are
    the targets' bodies. Indentation and blank lines are not compared.
    """
    wanted = [_Code(body) for body in functions]
    own = canonicalize_name(project)
    for folder in folders:
        for info in sorted(folder.rglob("*-info")):
            if canonicalize_name(info.name.partition("-")[0]) == own:
                return f"{info.name}: a release of the project"
        for path in _sources(folder):
            try:
                data = path.read_bytes()
            except OSError:
                continue
            place = path.relative_to(folder)
            if data in files and data.strip():
                return f"{place}: the file of a target"
            if any(code.is_in(data) for code in wanted):
                return f"{place}: the code of a target"
    return ""


class _Code:
    """Code that is looked for."""

    def __init__(self, text: bytes) -> None:
        self._lines = _lines(text)
        said = [line for line in self._lines if re.search(rb"\w", line)]
        self._longest = max(said, key=len, default=b"")
        self._is_telling = len(said) >= LEAST_LINES

    def is_in(self, data: bytes) -> bool:
        """Say whether a file has these lines, one after the other."""
        # Most files do not have the longest, and need not be taken apart.
        if not self._is_telling or self._longest not in data:
            return False
        return b"\n%b\n" % b"\n".join(self._lines) in b"\n%b\n" % b"\n".join(_lines(data))


def _lines(text: bytes) -> list[bytes]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _sources(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*.py")) if path.is_file())
