"""Lock files of a repository → the versions that its own people install: read, never run.

    uv.lock, poetry.lock, pdm.lock, pylock.toml (PEP 751), Pipfile.lock; else requirement files in which all is pinned

The first of these that names versions counts. What comes from elsewhere than an index (repositories, URLs, folders,
versions with a local part such as `+cpu`) is left out, and so are names with several versions that no markers tell
apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import msgspec
from packaging.markers import InvalidMarker, Marker
from packaging.utils import canonicalize_name, is_normalized_name
from packaging.version import Version

from hybridgym.environments.statements import read_requirements, requirement_of
from hybridgym.metadata import read_toml
from hybridgym.task import Value

MAX_BYTES: Final = 8_000_000
MAX_PACKAGES: Final = 5_000
MAX_FILES: Final = 50
"""Of requirements."""
PINNED_FILES: Final = re.compile(
    r"(?i)(?:(?:requirements?|tests?|constraints?)/)?[\w.-]*(?:requirements?|constraints?)[\w.-]*\.txt"
    r"|requirements?/[\w.-]+\.txt"
)
NOT_FOR_TESTS: Final = re.compile(r"(?i)docs?\b|sphinx|readthedocs|rtd|example|bench")
_ELSEWHERE: Final = frozenset(
    ("git", "hg", "svn", "bzr", "vcs", "url", "path", "directory", "file", "archive", "editable", "virtual")
)
"""What the formats call a source that is no index, as a key or as the value of `type`."""
_MARKERS: Final = ("marker", "markers", "resolution-markers")


class Pins(Value, frozen=True, kw_only=True):
    """What lock files name."""

    file: str
    """Where it stands; several names, if requirement files are meant; empty where there is none."""
    lines: tuple[str, ...]
    """`name==version`, and a marker where a name has several; sorted."""
    left_out: tuple[str, ...] = ()
    """Names whose version cannot be told, and files that are too large."""


Pin = tuple[str, str, str]
"""Name, version, and in which environments: a marker, or empty for all."""


def read_locks(files: Mapping[str, bytes], first: Sequence[re.Pattern[str]] = ()) -> Pins:
    """Return the versions that a repository's lock files name.

    Where requirement files disagree, one is believed whose path an earlier pattern of `first` matches.
    """
    too_large = []
    for name, read in _LOCKS.items():
        data = files.get(name, b"")
        pins = list(islice(read(data.decode("utf-8", "replace")), MAX_PACKAGES + 1)) if len(data) <= MAX_BYTES else None
        if pins is None or len(pins) > MAX_PACKAGES:
            too_large.append(name)
        elif found := _merged(name, pins, too_large):
            return found
    paths = sorted((p for p in files if _may_pin(p, files[p])), key=lambda p: (_rank(p, first), p))
    pinned = {p: pins for p in paths[:MAX_FILES] if (pins := _pinned(p, files))}
    believed: dict[str, tuple[int, list[Pin]]] = {}
    for path, pins in pinned.items():
        for pin in pins:
            rank, listed = believed.setdefault(canonicalize_name(pin[0]), (_rank(path, first), []))
            if rank == _rank(path, first):
                listed.append(pin)
    chosen = [pin for _, listed in believed.values() for pin in listed]
    return _merged(", ".join(sorted(pinned)), chosen, too_large) or Pins(file="", lines=(), left_out=tuple(too_large))


def _merged(file: str, pins: Iterable[Pin], left_out: Iterable[str]) -> Pins | None:
    """Return what pins come to; None where they name no version that can be had."""
    by_name: dict[str, dict[str, set[str]]] = {}
    for name, version, marker in pins:
        by_name.setdefault(canonicalize_name(name), {}).setdefault(_published(version), set()).add(marker)
    lines, unclear = [], list(left_out)
    for name, versions in sorted(by_name.items()):
        if not is_normalized_name(name) or "" in versions:
            unclear.append(name)
        elif len(versions) == 1:
            lines.append(f"{name}=={next(iter(versions))}")
        elif any("" in markers for markers in versions.values()):
            unclear.append(name)
        else:
            lines += [f"{name}=={v} ; {' or '.join(sorted(versions[v]))}" for v in sorted(versions)]
    return Pins(file=file, lines=tuple(lines), left_out=tuple(unclear)) if lines else None


def _published(version: str) -> str:
    """Return a version that an index can have, or nothing: one with a local part is somebody's own."""
    try:
        found = Version(version)
    except ValueError:  # Also where a number has more digits than Python reads.
        return ""
    return "" if found.local else str(found)


def _toml_lock(text: str) -> Iterator[Pin]:
    """Read what poetry, pdm, uv and PEP 751 write: a list of tables with name, version and source."""
    content = read_toml(text)
    listed = content.get("package", content.get("packages"))
    for package in listed if isinstance(listed, list) else ():
        if not isinstance(package, dict):
            continue
        name, version, source = package.get("name"), package.get("version"), package.get("source")
        # Poetry writes `type`, and the URL of an index beside it; the others name the source by its key.
        origin = {source["type"]} if isinstance(source, dict) and _is_text(source.get("type")) else source or ()
        names = {*package, *(origin if isinstance(origin, (dict, set)) else ())}
        if isinstance(name, str) and isinstance(version, str) and not names & _ELSEWHERE:
            yield name, version, _marker(package)


def _marker(package: Mapping[str, Any]) -> str:
    """Return in which environments an entry counts; empty where it does not say, or not as one marker."""
    for key in _MARKERS:
        value = package.get(key)
        listed = value if isinstance(value, list) else [value]
        try:
            parts = [str(Marker(part)) for part in listed if isinstance(part, str)]
        except (InvalidMarker, RecursionError):
            return ""
        if parts and len(parts) == len(listed):
            return f"({' or '.join(f'({part})' for part in parts)})"
    return ""


def _pipfile_lock(text: str) -> Iterator[Pin]:
    try:
        content = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, RecursionError):
        return
    for group in ("default", "develop"):
        listed = content.get(group) if isinstance(content, dict) else None
        for name, package in listed.items() if isinstance(listed, dict) else ():
            version = package.get("version") if isinstance(package, dict) else None
            if isinstance(version, str) and version.startswith("==") and not _ELSEWHERE & {*package}:
                yield name, version.lstrip("="), ""


def _pinned(path: str, files: Mapping[str, bytes]) -> list[Pin]:
    """Return what a requirements file names if it gives every package one version, else nothing."""
    pins: list[Pin] = []
    for line in read_requirements(path, files):
        requirement = requirement_of(line)
        if requirement is None or requirement.url:
            continue
        [specifier, *others] = [*requirement.specifier] or [None]
        if (
            len(pins) == MAX_PACKAGES
            or specifier is None
            or others
            or specifier.operator != "=="
            or specifier.version.endswith("*")
        ):
            return []
        pins.append((requirement.name, specifier.version, f"({requirement.marker})" if requirement.marker else ""))
    return pins


def _rank(path: str, first: Sequence[re.Pattern[str]]) -> int:
    return next((n for n, pattern in enumerate(first) if pattern.fullmatch(path)), len(first))


def _may_pin(path: str, data: bytes) -> bool:
    return bool(PINNED_FILES.fullmatch(path)) and not NOT_FOR_TESTS.search(path) and len(data) <= MAX_BYTES


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_LOCKS: Final = {
    "uv.lock": _toml_lock,
    "poetry.lock": _toml_lock,
    "pdm.lock": _toml_lock,
    "pylock.toml": _toml_lock,
    "Pipfile.lock": _pipfile_lock,
}
