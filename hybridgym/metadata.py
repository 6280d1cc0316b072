"""What a project's own files say about it: licence names, classifiers and links. Nothing is executed."""

import configparser
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from xml.parsers import expat

import msgspec
from packaging.metadata import parse_email

from hybridgym.task import Value

_ECOSYSTEMS: Final = (
    ("PKG-INFO", "pyproject.toml", "setup.cfg"),
    ("Cargo.toml",),
    ("go.mod",),
    ("pom.xml",),
    ("package.json",),
)
"""The files that say what a project is. Within an ecosystem, what was published comes before what was configured."""

METADATA_FILES: Final = tuple(name for names in _ECOSYSTEMS for name in names)

LICENSE_FILE: Final = re.compile(r"(?i)(un)?licen[cs]es?([.-].*)?|copying([.-].*)?|copyright([.-].*)?")
"""Names of files at the root of a project that hold a licence."""

_CODE_HOSTS: Final = re.compile(
    r"(?i)(www\.)?(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitea\.com|git\.sr\.ht)"
)
_NOT_OWNERS: Final = frozenset({"sponsors", "orgs", "users", "about", "features", "marketplace", "apps", "topics"})
_SOURCE_LABELS: Final = ("source", "sourcecode", "repository", "code", "github", "gitlab", "homepage")

_POM_LICENSE: Final = ("project", "licenses", "license", "name")
_POM_LINKS: Final = (
    ("project", "scm", "url"),
    ("project", "scm", "connection"),
    ("project", "scm", "developerConnection"),
    ("project", "url"),
)


MAX_DOTS: Final = 200_000_000
"""In TOML: the sum of the squares of the dots of each line. To read a key takes as long as the square of its parts."""


class Metadata(Value, frozen=True, kw_only=True):
    """The statements of one ecosystem's files about a project, in the order in which they are to be believed."""

    licenses: tuple[str, ...] = ()
    """As written: SPDX expressions, names or whole texts."""
    classifiers: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """Label and URL."""


def read_toml(text: str) -> dict[str, Any]:
    """Return the content of a TOML file; nothing where it is none, or has a line that takes very long to read."""
    if sum(line.count(".") ** 2 for line in text.splitlines()) > MAX_DOTS:
        return {}
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def read_metadata(files: Mapping[str, bytes], published: str = "") -> tuple[Metadata, ...]:
    """Read the METADATA_FILES among `files` (name → bytes), by ecosystem; a file that cannot be parsed says nothing.

    Where `published` is the file of a release, its ecosystem alone is read: the others' files are those of tools.
    """
    return tuple(
        _read_ecosystem({name: files[name] for name in names if name in files}, published)
        for names in _ECOSYSTEMS
        if any(name in files for name in names) and (not published or published in names)
    )


def _read_ecosystem(files: Mapping[str, bytes], published: str) -> Metadata:
    found = [_READERS[name](data.decode("utf-8-sig", "replace")) for name, data in files.items()]
    stated = [license for part in found for license in part.licenses if license.strip()]
    if "package.json" in files and not published:
        # `npm init` writes ISC, unasked, into what is often no more than a list of tools.
        stated = [license for license in stated if license != "ISC"]
    return Metadata(
        licenses=tuple(stated),
        classifiers=next((part.classifiers for part in found if part.classifiers), ()),
        links=tuple(link for part in found for link in part.links),
    )


def upstream_of(statements: Iterable[Metadata]) -> str:
    """Return "owner/name" of the project on a code host, or an empty string.

    Links that are labelled as the source come first, then the homepage, then the others.
    """

    def rank(link: tuple[str, str]) -> int:
        label = re.sub(r"[^a-z]", "", link[0].lower())
        return _SOURCE_LABELS.index(label) if label in _SOURCE_LABELS else len(_SOURCE_LABELS)

    candidates = (owner_and_name(url) for part in statements for _, url in sorted(part.links, key=rank))
    return next((found for found in candidates if found), "")


def owner_and_name(url: str) -> str:
    """Return "owner/name" of a link into a well-known code host, or an empty string.

    A link may be written as git does: `git@github.com:owner/name.git`.
    """
    url = re.sub(r"^(?:[\w.-]+@)?([\w.-]+):(?=[^/\d])", r"ssh://\1/", url.strip())
    try:
        parts = urlsplit(url)
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
    document = read_toml(text)
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


def _read_cargo(text: str) -> Metadata:
    document = read_toml(text)
    own = {key: value for key, value in _table(document, "package").items() if isinstance(value, str)}
    package = _table(document, "workspace", "package") | own
    stated = package.get("license")
    return Metadata(
        # Before SPDX expressions, Cargo wrote "MIT/Apache-2.0" for a choice.
        licenses=(re.sub(r"\s*/\s*", " OR ", stated),) if isinstance(stated, str) else (),
        links=_links(package, ("repository", "homepage")),
    )


def _read_go_mod(text: str) -> Metadata:
    module = re.search(r'(?m)^module[ \t]+"?([^\s"]+)', text)
    return Metadata(links=(("source", f"https://{module[1]}"),) if module else ())


def _read_package_json(text: str) -> Metadata:
    try:
        package = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return Metadata()
    package = _table(package)
    repository = _table(package, "repository").get("url") or package.get("repository")
    if isinstance(repository, str):
        hosts = {"": "github.com", "github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}
        short = re.fullmatch(r"(?:(github|gitlab|bitbucket):)?([\w.-]+/[\w.-]+)", repository)
        repository = f"https://{hosts[short[1] or '']}/{short[2]}" if short else repository
    return Metadata(
        licenses=_npm_licenses(package),
        links=_links({**package, "repository": repository}, ("repository", "homepage")),
    )


def _npm_licenses(package: Mapping[str, Any]) -> tuple[str, ...]:
    stated = package.get("license")
    if stated is None:
        stated = package.get("licenses")
    # Old packages have objects, and where there are several of them, one may be chosen.
    choices = stated if isinstance(stated, list) else [stated]
    names = _strings([_table(choice).get("type", choice) for choice in choices])
    return (" OR ".join(names),) if len(names) == len(choices) else ()


def _read_pom(text: str) -> Metadata:
    pom = _Pom()
    try:
        pom.parser.Parse(text.encode(), True)
    except (expat.ExpatError, _DoctypeError):
        return Metadata()
    names = pom.texts(_POM_LICENSE)
    urls = [re.sub(r"^scm:\w+:", "", url.strip()) for place in _POM_LINKS for url in pom.texts(place)]
    return Metadata(
        # Several names do not say whether all of them apply or one is to be chosen.
        licenses=tuple(names) if len(names) == 1 else (),
        links=tuple(("source", url) for url in urls),
    )


class _DoctypeError(Exception):
    """An XML file declares a document type: no pom.xml needs one, and its entities could be bombs."""


class _Pom:
    """The texts of the elements of a pom.xml that are wanted; others cost no memory."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._path: list[str] = []
        self._below = 0
        self._parts: dict[tuple[str, ...], list[list[str]]] = {place: [] for place in (_POM_LICENSE, *_POM_LINKS)}
        self._open: list[str] | None = None

    def texts(self, place: tuple[str, ...]) -> list[str]:
        return ["".join(parts) for parts in self._parts[place]]

    def _doctype(self, *_: object) -> None:
        raise _DoctypeError

    def _start(self, name: str, _: object) -> None:
        self._open = None
        if self._below or len(self._path) == len(_POM_LICENSE):
            self._below += 1
            return
        self._path.append(name.rpartition(" ")[2])
        found = self._parts.get(tuple(self._path))
        if found is not None:
            self._open = []
            found.append(self._open)

    def _end(self, _: str) -> None:
        self._open = None
        if self._below:
            self._below -= 1
        else:
            self._path.pop()

    def _text(self, text: str) -> None:
        if self._open is not None:
            self._open.append(text)


def _links(table: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((key, table[key]) for key in keys if isinstance(table.get(key), str))


def _table(value: Any, *keys: str) -> dict[str, Any]:
    """Follow keys through nested tables; whatever is not a table counts as an empty one."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


_READERS: Final = {
    "PKG-INFO": _read_pkg_info,
    "pyproject.toml": _read_pyproject,
    "setup.cfg": _read_setup_cfg,
    "Cargo.toml": _read_cargo,
    "go.mod": _read_go_mod,
    "pom.xml": _read_pom,
    "package.json": _read_package_json,
}
