"""Where a repository is and how it is to be read: RepoSpec, and the rules for each of its values.

A SOURCE of the command line and an entry of repos.yaml follow the same rules.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from hybridgym.errors import UsageError
from hybridgym.globs import GlobError, compile_glob
from hybridgym.licenses import spdx_expression
from hybridgym.metadata import is_owner_and_name
from hybridgym.task import Value


class MistakeError(UsageError):
    """A text is not what it should be; the message goes on after "expected"."""


class SourceKind(StrEnum):
    """Where a repository comes from."""

    PYPI = "pypi"
    NPM = "npm"
    GIT = "git"
    DIRECTORY = "directory"


class EnvironmentSettings(Value, frozen=True, kw_only=True):
    """What replaces what is found out of how a repository is installed and tested; None where nothing does."""

    python: str | None = None
    """Such as `3.11`."""
    requirements: tuple[str, ...] | None = None
    """PEP 508; of the project."""
    test_requirements: tuple[str, ...] | None = None
    constraints: tuple[str, ...] | None = None
    """PEP 508; versions of whatever these need, instead of those of lock files."""
    roots: tuple[str, ...] | None = None
    """Folders from which the project is imported; `.` is the top."""
    test_roots: tuple[str, ...] | None = None
    """Folders and files of its tests."""


AS_FOUND: Final = EnvironmentSettings()
"""Nothing set by hand."""


class Release(Value, frozen=True, kw_only=True):
    """A version of a package."""

    version: str
    sha256: str = ""
    """Of its sdist, lower-case hexadecimal."""


class RepoSpec(Value, frozen=True, kw_only=True):
    """One repository to read, as asked for."""

    kind: SourceKind
    location: str
    """Normalised name (pypi), name (npm), URL or absolute path (git), absolute path (directory)."""
    revision: str = ""
    """Version (pypi, npm), branch, tag or commit (git), empty (directory)."""
    include: tuple[str, ...] = ()
    """Globs over POSIX paths below `subdirectory`; empty for all files."""
    exclude: tuple[str, ...] = ()
    subdirectory: str = ""
    """POSIX path of the folder at which the tree is rooted; empty for the top."""
    license: str = ""
    """SPDX expression that replaces what the repository says."""
    tags: tuple[str, ...] = ()
    repo: str = ""
    """`owner/name` that replaces the one derived from the location."""
    upstream: str = ""
    """`owner/name` on the project's code host, where the source does not say it."""
    sha256: str = ""
    """Of the sdist (pypi), lower-case hexadecimal."""
    releases: tuple[Release, ...] = ()
    """Older versions (pypi), which make its history; the newest first."""
    integrity: str = ""
    """Of the tarball (npm), as registries and lock files write it: `sha512-` and base64."""
    created_at: str = ""
    """ISO 8601 in UTC; replaces what the commit, the index or the registry says."""
    environment: EnvironmentSettings = AS_FOUND
    line: int = 0
    """1-based line of repos.yaml; 0 where the spec comes from elsewhere."""


def spec_of(text: str, base: Path) -> RepoSpec:
    """Read a SOURCE: `name==version`, `npm:name@version`, `URL@REV`, `path@REV` or a folder.

    Local paths are relative to `base`. Every kind may be written in front (`pypi:`, `git:`, `directory:`), and only
    `npm:` has to be. Raises UsageError.
    """
    kind, place = _kind_and_place(text, base)
    try:
        if kind is SourceKind.DIRECTORY:
            return RepoSpec(kind=kind, location=local_path(place, base))
        if kind is SourceKind.PYPI:
            location, revision = requirement(place)
        elif kind is SourceKind.NPM:
            location, revision = npm_package(place)
        else:
            place, revision = _split_revision(place)
            revision = _revision(revision)
            location = git_location(place, base)
        return RepoSpec(kind=kind, location=location, revision=revision)
    except MistakeError as mistake:
        message = f"source {text!r}: expected {mistake}"
        raise UsageError(message) from mistake


def _kind_and_place(text: str, base: Path) -> tuple[SourceKind, str]:
    for kind in SourceKind:
        place = text.removeprefix(f"{kind}:")
        if place != text and not place.startswith("//"):
            return kind, place
    if text and (base / text).is_dir():
        return SourceKind.DIRECTORY, text
    if not _is_remote(text) and "==" in text:
        return SourceKind.PYPI, text
    if _is_remote(text) or "@" in text or (text and (base / text).is_file()):
        return SourceKind.GIT, text
    message = (
        f"source {text!r}: expected name==version, npm:name@version, URL@REV, path@REV or a folder, "
        "found no such folder"
    )
    raise UsageError(message)


def _split_revision(text: str) -> tuple[str, str]:
    """Split `place@REV`; an `@` in front of a URL's host or of an `user@host:path` is not the separator."""
    host = re.match(r"[a-z][a-z0-9+.-]*://[^/]*|[^/@:]+@[^/:]+:", text)
    at = text.rfind("@", host.end() if host else 0)
    if at <= 0 or at == len(text) - 1:
        message = "a revision at the end, such as @v1.0 or @main, found none"
        raise MistakeError(message)
    return text[:at], text[at + 1 :]


def _is_remote(text: str) -> bool:
    """Say whether git takes a text as a URL or as `host:path`, and not as a local path."""
    return "://" in text or re.match(r"[^/:]+:", text) is not None


def without_secrets(text: str) -> str:
    """Remove user names and passwords from the URLs in a text."""
    return re.sub(r"(?<=://)[^/\s@]+@", "", text)


def git_location(text: str, base: Path) -> str:
    """Return a URL as it is and a local path as an absolute one; raises MistakeError."""
    if not text or text.startswith("-"):
        message = "a URL or a path that does not start with '-'"
        raise MistakeError(message)
    return text if _is_remote(text) else local_path(text, base)


def local_path(text: str, base: Path) -> str:
    """Return a path as an absolute one; raises MistakeError."""
    if not text or "\0" in text:
        message = "a path"
        raise MistakeError(message)
    return str((base / text).resolve())


def requirement(text: str) -> tuple[str, str]:
    """Return the normalised name and version of `name==version`; raises MistakeError."""
    name, _, version = (part.strip() for part in text.partition("=="))
    expected = "name==version, such as click==8.1.7"
    if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", name) is None:
        raise MistakeError(expected)
    try:
        return canonicalize_name(name), str(Version(version))
    except InvalidVersion as error:
        raise MistakeError(expected) from error


_NPM_PART: Final = r"[A-Za-z0-9~_-][A-Za-z0-9~._-]*"
_NPM_NAME: Final = re.compile(rf"(@{_NPM_PART}/)?{_NPM_PART}")
_NPM_VERSION: Final = re.compile(r"\d{1,20}\.\d{1,20}\.\d{1,20}(-[0-9A-Za-z.-]{1,200})?", re.ASCII)


def npm_package(text: str) -> tuple[str, str]:
    """Return the name and version of `name@version` or `@scope/name@version`; raises MistakeError."""
    name, _, version = text.strip().rpartition("@")
    if _NPM_NAME.fullmatch(name) is None or _NPM_VERSION.fullmatch(version) is None:
        message = "name@version, such as commander@12.1.0 or @scope/name@1.0.0"
        raise MistakeError(message)
    return name, version


def _revision(text: str) -> str:
    if not text or text.startswith("-") or re.search(r"[\0-\x20\x7f]", text):
        message = "a branch, tag or commit"
        raise MistakeError(message)
    return text


def _glob(text: str) -> str:
    try:
        compile_glob(text)
    except GlobError as error:
        raise MistakeError(str(error)) from error
    return text


def _tag(text: str) -> str:
    if not text.strip():
        message = "a tag that is not empty"
        raise MistakeError(message)
    return text


def _subdirectory(text: str) -> str:
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if text.startswith("/") or "\\" in text or "\0" in text or ".." in parts or not parts:
        message = "a folder inside the repository, such as packages/core"
        raise MistakeError(message)
    return "/".join(parts)


def _python_version(text: str) -> str:
    if re.fullmatch(r"3\.\d{1,2}", text) is None:
        message = "a version such as 3.11"
        raise MistakeError(message)
    return text


def _requirement(text: str) -> str:
    try:
        found = Requirement(text)
    except InvalidRequirement as error:
        message = "a requirement (PEP 508), such as attrs>=23"
        raise MistakeError(message) from error
    if found.url is not None:
        message = "a requirement that an index can meet, without a URL"
        raise MistakeError(message)
    return str(found)


def _root(text: str) -> str:
    return "" if text == "." else _subdirectory(text)


def _license_expression(text: str) -> str:
    expression = spdx_expression(text)
    if expression is None:
        message = "an SPDX expression, such as MIT or Apache-2.0 OR BSD-3-Clause"
        raise MistakeError(message)
    return expression


def _owner_and_name(text: str) -> str:
    if not is_owner_and_name(text):
        message = "owner/name"
        raise MistakeError(message)
    return text


def _version(text: str) -> str:
    try:
        return str(Version(text))
    except InvalidVersion as error:
        message = "a version (PEP 440), such as 8.1.7"
        raise MistakeError(message) from error


def _sha256(text: str) -> str:
    if re.fullmatch(r"[0-9a-fA-F]{64}", text) is None:
        message = "64 hexadecimal digits"
        raise MistakeError(message)
    return text.lower()


def _integrity(text: str) -> str:
    algorithm, _, encoded = text.partition("-")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm != "sha512" or len(digest) != 64:
        message = "sha512- and 88 characters of base64, as in a lock file"
        raise MistakeError(message)
    return f"sha512-{base64.b64encode(digest).decode()}"


def date_time(text: str) -> str:
    """Return an ISO 8601 date-time in UTC; raises MistakeError."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = "an ISO 8601 date-time, such as 2023-08-17T17:29:10Z"
        raise MistakeError(message) from error
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


VALUES: Final[Mapping[str, Callable[[str], str]]] = {
    "rev": _revision,
    "subdirectory": _subdirectory,
    "license": _license_expression,
    "repo": _owner_and_name,
    "upstream": _owner_and_name,
    "sha256": _sha256,
    "integrity": _integrity,
    "created_at": date_time,
}
"""How the text of a key is checked and normalised; each raises MistakeError."""

ITEMS: Final[Mapping[str, Callable[[str], str]]] = {"include": _glob, "exclude": _glob, "tags": _tag}
"""The same for the items of a key that holds a list."""

RELEASE_VALUES: Final[Mapping[str, Callable[[str], str]]] = {"version": _version, "sha256": _sha256}
"""The same for an item of the key `releases`, which may be the version alone."""

ENVIRONMENT_VALUES: Final[Mapping[str, Callable[[str], str]]] = {"python": _python_version}
ENVIRONMENT_ITEMS: Final[Mapping[str, Callable[[str], str]]] = {
    "requirements": _requirement,
    "test_requirements": _requirement,
    "constraints": _requirement,
    "roots": _root,
    "test_roots": _root,
}
"""The same below the key `environment`."""
