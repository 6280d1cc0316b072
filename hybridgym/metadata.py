"""What a Python project's own files say about it: licence names, classifiers and links. Nothing is executed."""

import configparser
import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from packaging.metadata import parse_email

from hybridgym.task import Value

METADATA_FILES: Final = ("PKG-INFO", "pyproject.toml", "setup.cfg")
"""Read in this order: what was published comes before what was configured."""

LICENSE_FILE: Final = re.compile(r"(?i)(un)?licen[cs]es?([.-].*)?|copying([.-].*)?|copyright([.-].*)?")
"""Names of files at the root of a project that hold a licence."""

_CODE_HOSTS: Final = re.compile(
    r"(?i)(www\.)?(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitea\.com|git\.sr\.ht)"
)
_NOT_OWNERS: Final = frozenset({"sponsors", "orgs", "users", "about", "features", "marketplace", "apps", "topics"})
_SOURCE_LABELS: Final = ("source", "sourcecode", "repository", "code", "github", "gitlab", "homepage")


class Metadata(Value, frozen=True, kw_only=True):
    """The statements of a project about itself, in the order in which they are to be believed."""

    licenses: tuple[str, ...] = ()
    """As written: SPDX expressions, names or whole texts."""
    classifiers: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """Label and URL."""


def read_metadata(files: Mapping[str, bytes]) -> Metadata:
    """Read the METADATA_FILES among `files` (name → bytes); a file that cannot be parsed says nothing."""
    found = [_READERS[name](files[name].decode("utf-8", "replace")) for name in METADATA_FILES if name in files]
    return Metadata(
        licenses=tuple(stated for part in found for stated in part.licenses if stated.strip()),
        classifiers=next((part.classifiers for part in found if part.classifiers), ()),
        links=tuple(link for part in found for link in part.links),
    )


def upstream_of(metadata: Metadata) -> str:
    """Return "owner/name" of the project on a code host, or an empty string.

    Links that are labelled as the source come first, then the homepage, then the others.
    """

    def rank(link: tuple[str, str]) -> int:
        label = re.sub(r"[^a-z]", "", link[0].lower())
        return _SOURCE_LABELS.index(label) if label in _SOURCE_LABELS else len(_SOURCE_LABELS)

    candidates = (owner_and_name(url) for _, url in sorted(metadata.links, key=rank))
    return next((found for found in candidates if found), "")


def owner_and_name(url: str) -> str:
    """Return "owner/name" of a link into a well-known code host, or an empty string."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return ""
    path = [part for part in parts.path.split("/") if part]
    if len(path) < 2 or not _CODE_HOSTS.fullmatch(host) or path[0].lower() in _NOT_OWNERS:
        return ""
    owner, name = path[0].lstrip("~"), path[1].removesuffix(".git")
    return f"{owner}/{name}" if is_owner_and_name(f"{owner}/{name}") else ""


def is_owner_and_name(text: str) -> bool:
    """Say whether a text has the form "owner/name"."""
    return re.fullmatch(r"(?!\.+/)[\w.-]+/(?!\.+$)[\w.-]+", text, re.ASCII) is not None


def _read_pkg_info(text: str) -> Metadata:
    raw, _ = parse_email(text)
    links = list(raw.get("project_urls", {}).items())
    links += [("homepage", raw.get("home_page", "")), ("download", raw.get("download_url", ""))]
    return Metadata(
        licenses=(raw.get("license_expression", ""), raw.get("license", "")),
        classifiers=tuple(raw.get("classifiers", ())),
        links=tuple(links),
    )


def _read_pyproject(text: str) -> Metadata:
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return Metadata()
    project = _table(document, "project")
    poetry = _table(document, "tool", "poetry")
    declared = project.get("license")
    links = [*_table(project, "urls").items(), *_table(poetry, "urls").items()]
    links += [(key, poetry.get(key)) for key in ("repository", "homepage")]
    return Metadata(
        licenses=_strings([declared, _table(project, "license").get("text"), poetry.get("license")]),
        classifiers=_strings(project.get("classifiers")) or _strings(poetry.get("classifiers")),
        links=tuple((label, url) for label, url in links if isinstance(url, str)),
    )


def _read_setup_cfg(text: str) -> Metadata:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return Metadata()
    section = parser["metadata"] if parser.has_section("metadata") else {}
    pairs = (line.partition("=") for line in section.get("project_urls", "").splitlines())
    links = [(label.strip(), url.strip()) for label, _, url in pairs if url]
    return Metadata(
        licenses=(section.get("license", ""),),
        classifiers=tuple(section.get("classifiers", "").split("\n")),
        links=(*links, ("homepage", section.get("url", ""))),
    )


def _table(value: Any, *keys: str) -> dict[str, Any]:
    """Follow keys through nested tables; whatever is not a table counts as an empty one."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


_READERS: Final = {"PKG-INFO": _read_pkg_info, "pyproject.toml": _read_pyproject, "setup.cfg": _read_setup_cfg}
