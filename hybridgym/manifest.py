"""repos.yaml → RepoSpec: where a repository is and how it is to be read.

`defaults:` holds options that an entry may replace; `repositories:` holds one mapping per repository, which
says where it is by exactly one of `pypi`, `npm`, `git` (with `rev`) and `directory`. Local paths are relative to the
file's folder. Every mistake of a file is reported at once.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

from packaging.version import Version
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hybridgym.errors import ManifestError
from hybridgym.specs import (
    ENVIRONMENT_ITEMS,
    ENVIRONMENT_VALUES,
    ITEMS,
    RELEASE_VALUES,
    VALUES,
    EnvironmentSettings,
    MistakeError,
    Release,
    RepoSpec,
    SourceKind,
    git_location,
    local_path,
    npm_package,
    requirement,
)

T = TypeVar("T")


_IN_DEFAULTS: Final = ("include", "exclude", "license", "tags")
_ONLY_WITH: Final = {
    "rev": SourceKind.GIT,
    "sha256": SourceKind.PYPI,
    "releases": SourceKind.PYPI,
    "integrity": SourceKind.NPM,
}
_PACKAGES: Final = {SourceKind.PYPI: requirement, SourceKind.NPM: npm_package}
_ENTRY_KEYS: Final = (*SourceKind, *VALUES, *ITEMS, "releases", "environment")
_ENVIRONMENT_KEYS: Final = (*ENVIRONMENT_VALUES, *ENVIRONMENT_ITEMS)

_MAX_VALUES: Final = 100_000
"""Of a file, what an alias stands for counted each time: aliases in a loop of a few lines make billions."""

_AS_WRITTEN: Final = ("rev", "sha256", "created_at", "python", "releases", "version")
"""Keys whose value is a text even where YAML takes it for a number or a date: `rev: 3.10`."""


def load_manifest(path: Path) -> tuple[RepoSpec, ...]:
    """Read repos.yaml; raises ManifestError with a line per mistake: `FILE:LINE: KEY: expected …, found …`."""
    reader = _ManifestReader(path.parent)
    try:
        specs = reader.read(path.read_bytes())
    except OSError as error:
        message = f"{path}: expected a file, found: {error.strerror}"
        raise ManifestError(message) from error
    if reader.mistakes:
        raise ManifestError("\n".join(f"{path}:{line}: {text}" for line, text in sorted(reader.mistakes)))
    return specs


class _TooManyValuesError(Exception):
    """The file holds more than _MAX_VALUES."""


class _ManifestReader:
    """Reads one file and collects its mistakes; an alias is read as what it stands for."""

    def __init__(self, base: Path) -> None:
        self.mistakes: set[tuple[int, str]] = set()
        self._base = base
        self._defaults: dict[str, Any] = {}
        self._values = 0

    def read(self, data: bytes) -> tuple[RepoSpec, ...]:
        root = self._compose(data)
        try:
            return () if root is None else self._document(root)
        except _TooManyValuesError:
            self.mistakes = {(1, f"file: expected at most {_MAX_VALUES} values, found more")}
            return ()

    def _document(self, root: Node) -> tuple[RepoSpec, ...]:
        pairs = self._pairs(root, "", ("defaults", "repositories"))
        if "defaults" in pairs:
            self._defaults = self._options(self._pairs(pairs["defaults"], "defaults", _IN_DEFAULTS), "defaults")
        entries = pairs.get("repositories")
        if entries is None:
            if isinstance(root, MappingNode):
                self._add(root, "repositories", "a list of repositories", "none")
            return ()
        return tuple(self._entries(entries))

    def _compose(self, data: bytes) -> Node | None:
        try:
            root: Node | None = YAML(typ="safe", pure=True).compose(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.mistakes.add((line, f"file: expected UTF-8, found the byte 0x{data[error.start]:02x}"))
        except RecursionError:
            self.mistakes.add((1, "file: expected a list of repositories, found YAML that is nested too deeply"))
        except YAMLError as error:
            mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
            problem = error.problem if isinstance(error, MarkedYAMLError) else str(error).partition("\n")[0]
            self.mistakes.add((mark.line + 1 if mark else 1, f"file: expected valid YAML, found: {problem}"))
        else:
            if root is None:
                self.mistakes.add((1, "file: expected a mapping with repositories, found nothing"))
            return root
        return None

    def _entries(self, node: Node) -> Iterator[RepoSpec]:
        if not isinstance(node, SequenceNode) or not node.value:
            self._add(node, "repositories", "a list of at least one repository")
            return
        lines: dict[tuple[str, ...], int] = {}
        for index, item in enumerate(self._counted(node)):
            spec = self._entry(item, f"repositories[{index}]")
            if spec is None:
                continue
            identity = (spec.kind, spec.location, spec.revision, spec.subdirectory)
            if identity in lines:
                found = f"that of line {lines[identity]} again"
                self._add(item, f"repositories[{index}]", "every repository once", found)
            lines.setdefault(identity, spec.line)
            yield spec

    def _entry(self, node: Node, where: str) -> RepoSpec | None:
        if not isinstance(node, MappingNode):
            self._add(node, where, "a mapping such as {pypi: click==8.1.7}")
            return None
        pairs = self._pairs(node, where, _ENTRY_KEYS)
        kinds = [kind for kind in SourceKind if kind in pairs]
        if len(kinds) != 1:
            self._add(node, where, "exactly one of pypi, npm, git and directory", " and ".join(kinds) or "none of them")
        for key, kind in _ONLY_WITH.items():
            if key in pairs and kinds and kind not in kinds:
                self._add(pairs[key], f"{where}.{key}", f"no {key} without {kind}", kinds[0])
        places = [self._place(kind, pairs, node, where) for kind in kinds]
        options = self._defaults | self._options(pairs, where)
        newest = places[0][1] if kinds == [SourceKind.PYPI] and places[0] is not None else ""
        if "releases" in pairs:
            options["releases"] = self._releases(pairs["releases"], f"{where}.releases", newest)
        if len(places) != 1 or places[0] is None:
            return None
        location, revision = places[0]
        return RepoSpec(kind=kinds[0], location=location, revision=revision, line=_line(node), **options)

    def _place(self, kind: SourceKind, pairs: Mapping[str, Node], node: Node, where: str) -> tuple[str, str] | None:
        """Return the location and revision of an entry, or None where they are wrong."""
        if kind in _PACKAGES:
            return self._parsed(pairs[kind], f"{where}.{kind}", _PACKAGES[kind])
        parse = local_path if kind is SourceKind.DIRECTORY else git_location
        location = self._parsed(pairs[kind], f"{where}.{kind}", lambda text: parse(text, self._base))
        revision: str | None = ""
        if kind is SourceKind.GIT and "rev" in pairs:
            revision = self._parsed(pairs["rev"], f"{where}.rev", VALUES["rev"])
        elif kind is SourceKind.GIT:
            self._add(node, f"{where}.rev", "a branch, tag or commit", "none")
        return None if location is None or revision is None else (location, revision)

    def _options(self, pairs: Mapping[str, Node], where: str) -> dict[str, Any]:
        options: dict[str, Any] = {}
        for key, node in pairs.items():
            if key in ITEMS:
                options[key] = self._list(node, f"{where}.{key}", ITEMS[key])
            elif key in VALUES and key != "rev":
                options[key] = self._parsed(node, f"{where}.{key}", VALUES[key])
            elif key == "environment":
                options[key] = self._environment(node, f"{where}.{key}")
        return {key: value for key, value in options.items() if value is not None}

    def _releases(self, node: Node, where: str, newest: str) -> tuple[Release, ...]:
        """Read the versions of a package that are older than the one that the entry names, if that is known."""
        if not isinstance(node, SequenceNode):
            self._add(node, where, "a list of versions")
            return ()
        found: dict[Version, Release] = {}
        for index, item in enumerate(self._counted(node)):
            release = self._release(item, place := f"{where}[{index}]")
            if release is None:
                continue
            version = Version(release.version)
            if newest and version >= Version(newest):
                self._add(item, place, f"a version before {newest}, which the entry names", release.version)
            if version in found:
                self._add(item, place, "every version once", f"{release.version} again")
            found[version] = release
        return tuple(found[version] for version in sorted(found, reverse=True))

    def _release(self, node: Node, where: str) -> Release | None:
        if not isinstance(node, MappingNode):
            version = self._parsed(node, where, RELEASE_VALUES["version"])
            return None if version is None else Release(version=version)
        pairs = self._pairs(node, where, tuple(RELEASE_VALUES))
        values = {key: self._parsed(value, f"{where}.{key}", RELEASE_VALUES[key]) for key, value in pairs.items()}
        if "version" not in pairs:
            self._add(node, f"{where}.version", "a version (PEP 440), such as 8.1.7", "none")
        known = {key: value for key, value in values.items() if value is not None}
        return Release(**known) if "version" in known else None

    def _environment(self, node: Node, where: str) -> EnvironmentSettings:
        settings: dict[str, Any] = {}
        for key, value in self._pairs(node, where, _ENVIRONMENT_KEYS).items():
            if key in ENVIRONMENT_ITEMS:
                settings[key] = self._list(value, f"{where}.{key}", ENVIRONMENT_ITEMS[key])
            else:
                settings[key] = self._parsed(value, f"{where}.{key}", ENVIRONMENT_VALUES[key])
        return EnvironmentSettings(**settings)

    def _list(self, node: Node, where: str, parse: Callable[[str], str]) -> tuple[str, ...]:
        if not isinstance(node, SequenceNode):
            self._add(node, where, "a list of texts")
            return ()
        items = [self._parsed(item, f"{where}[{index}]", parse) for index, item in enumerate(self._counted(node))]
        return tuple(item for item in items if item is not None)

    def _parsed(self, node: Node, where: str, parse: Callable[[str], T]) -> T | None:
        if not isinstance(node, ScalarNode) or not _is_text(node, where.rpartition(".")[2].partition("[")[0]):
            self._add(node, where, "a text")
            return None
        try:
            return parse(node.value)
        except MistakeError as mistake:
            self._add(node, where, str(mistake))
            return None

    def _pairs(self, node: Node, where: str, known: tuple[str, ...]) -> dict[str, Node]:
        """Return the values of a mapping's known keys; report the other keys and those given twice."""
        if not isinstance(node, MappingNode):
            self._add(node, where or "file", f"a mapping with {', '.join(known)}")
            return {}
        pairs: dict[str, Node] = {}
        for key_node, value in self._counted(node):
            key = key_node.value if isinstance(key_node, ScalarNode) else _found(key_node)
            path = f"{where}.{key}".lstrip(".")
            if key not in known:
                self._add(key_node, path, _suggestion(key, known), "an unknown key")
            elif key in pairs:
                self._add(key_node, path, "every key once", f"it on line {_line(pairs[key])} as well")
            else:
                pairs[key] = value
        return pairs

    def _counted(self, node: SequenceNode | MappingNode) -> list[Any]:
        self._values += len(node.value)
        if self._values > _MAX_VALUES:
            raise _TooManyValuesError
        return list(node.value)

    def _add(self, node: Node, key: str, expected: str, found: str = "") -> None:
        self.mistakes.add((_line(node), f"{key}: expected {expected}, found {found or _found(node)}"))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _is_text(node: ScalarNode, key: str) -> bool:
    kind = (node.tag or "").rpartition(":")[2]
    return kind == "str" or (kind in ("int", "float", "timestamp") and key in _AS_WRITTEN)


def _found(node: Node) -> str:
    """Describe a node in a few words, never its content beyond a short text."""
    if isinstance(node, SequenceNode):
        return "a list" if node.value else "an empty list"
    if isinstance(node, MappingNode):
        return "a mapping"
    kind = (node.tag or "").rpartition(":")[2]
    if kind == "null":
        return "nothing"
    text = node.value if len(node.value) <= 60 else f"{node.value[:57]}..."
    return repr(text) if kind == "str" else f"the {kind} {text}"


def _suggestion(key: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(key, known, n=1)
    return close[0] if close else f"one of {', '.join(known)}"
