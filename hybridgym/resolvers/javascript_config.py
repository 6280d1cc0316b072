"""What package.json and tsconfig.json say of a repository; read, never run."""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])', re.DOTALL)
MAX_BYTES = 1_000_000
MAX_EXTENDS = 8
"""Files that one configuration is made of."""
CONDITIONS = ("source", "import", "module", "node", "require", "default")
"""Which of several entries of `exports` is taken: what is nearest to the sources first."""
ENTRY_FIELDS = ("source", "module", "main")
MAX_CONDITIONS = 6


class Paths(NamedTuple):
    """Where a configuration looks for modules that are not relative."""

    base: str
    """Folder that `baseUrl` names; empty text is the repository's."""
    has_base: bool
    paths: tuple[tuple[str, tuple[str, ...]], ...]
    """Pattern → files or folders, relative to the repository; the most specific pattern first."""


class Package(NamedTuple):
    """What a package.json says."""

    folder: str
    name: str
    entries: tuple[str, ...]
    """Files that stand for the package itself, in the order in which they are tried; relative to the folder."""
    exports: tuple[tuple[str, str], ...]
    """Subpath (`.`, `./x`, `./x/*`) or internal name (`#x`) → file, relative to the folder."""
    has_exports: bool
    dependencies: frozenset[str]


def read_json(data: bytes) -> Any:
    """Return what JSON with comments and trailing commas says; None where it is none."""
    if len(data) > MAX_BYTES:
        return None
    try:
        text = data.decode("utf-8-sig")
        text = TOKEN.sub(lambda m: m[0] if m[0].startswith('"') else " ", text)
        return json.loads(TRAILING_COMMA.sub(lambda m: m[1] or "", text))
    except (ValueError, RecursionError):
        return None


def joined(folder: str, path: str) -> str:
    """Return a path relative to the repository; `..` at the front is outside of it."""
    whole = posixpath.normpath(posixpath.join(folder, path))
    return "" if whole == "." else whole


def folder_of(path: str) -> str:
    """Return the folder that a file lies in."""
    return path.rpartition("/")[0]


def folders_above(folder: str) -> Iterator[str]:
    """Yield a folder and all around it, the repository's last."""
    while folder:
        yield folder
        folder = folder_of(folder)
    yield ""


class Configurations:
    """The configurations of one repository, by the folder that they hold in."""

    def __init__(self, build_files: Mapping[str, bytes]) -> None:
        self._files = build_files
        self._compilers: dict[str, Paths | None] = {}
        self.packages: dict[str, Package] = {}
        """By folder."""
        for path, data in build_files.items():
            if path.rpartition("/")[2] == "package.json":
                package = package_of(folder_of(path), read_json(data))
                if package is not None:
                    self.packages[package.folder] = package
        self.by_name: dict[str, Package] = {}
        """Packages of the repository that can be imported by name."""
        for folder in sorted(self.packages, key=lambda f: (f.count("/"), f)):
            package = self.packages[folder]
            if package.name and "node_modules" not in folder.split("/"):
                self.by_name.setdefault(package.name, package)

    def package_around(self, path: str) -> Package | None:
        """Return the nearest package that a file belongs to."""
        return next((p for f in folders_above(folder_of(path)) if (p := self.packages.get(f))), None)

    def compiler(self, path: str) -> Paths | None:
        """Return the nearest compiler configuration above a file."""
        for folder in folders_above(folder_of(path)):
            for name in ("tsconfig.json", "jsconfig.json"):
                place = f"{folder}/{name}" if folder else name
                if place in self._files:
                    if place not in self._compilers:
                        self._compilers[place] = self._paths_of(place)
                    return self._compilers[place]
        return None

    def _paths_of(self, place: str) -> Paths | None:
        options = self._options(place, 0)
        if "baseUrl" not in options and "paths" not in options:
            return None
        base = options.get("baseUrl", options.get("pathsBase", ""))
        found = []
        for pattern, targets in options.get("paths", {}).items():
            if isinstance(targets, list):
                found.append((pattern, tuple(joined(base, t) for t in targets if isinstance(t, str))))
        found.sort(key=lambda item: (-len(item[0].partition("*")[0]), item[0]))
        return Paths(base, "baseUrl" in options, tuple(found))

    def _options(self, place: str, depth: int) -> dict[str, Any]:
        """Return `baseUrl` and `paths`, and where `paths` begin, with what is inherited."""
        content = read_json(self._files.get(place, b""))
        if not isinstance(content, dict) or depth > MAX_EXTENDS:
            return {}
        folder = folder_of(place)
        found: dict[str, Any] = {}
        inherited = content.get("extends", [])
        for name in inherited if isinstance(inherited, list) else [inherited]:
            if isinstance(name, str) and name.startswith("."):
                path = joined(folder, name)
                path = path if path in self._files else f"{path}.json"
                found.update(self._options(path, depth + 1))
        own = content.get("compilerOptions", {})
        if isinstance(own, dict):
            if isinstance(own.get("baseUrl"), str):
                found["baseUrl"] = joined(folder, own["baseUrl"])
            if isinstance(own.get("paths"), dict):
                found["paths"], found["pathsBase"] = own["paths"], folder
        references = content.get("references", [])
        if "paths" not in found and isinstance(references, list) and depth < 1:  # a file that only lists others
            for reference in references[:20]:
                path = joined(folder, str(reference.get("path", ""))) if isinstance(reference, dict) else ""
                if path.endswith(".json"):
                    found = {**self._options(path, depth + 1), **found}
        return found


def package_of(folder: str, content: Any) -> Package | None:
    """Return what a package.json says."""
    if not isinstance(content, dict):
        return None
    exports: list[tuple[str, str]] = []
    given = content.get("exports")
    if isinstance(given, dict) and any(str(key).startswith(".") for key in given):
        exports.extend((str(key), found) for key, value in given.items() if (found := chosen(value)))
    elif given is not None and (found := chosen(given)):
        exports.append((".", found))
    internal = content.get("imports")
    if isinstance(internal, dict):
        exports.extend((str(key), found) for key, value in internal.items() if (found := chosen(value)))
    entries = [content[field] for field in ENTRY_FIELDS if isinstance(content.get(field), str)]
    name = content.get("name")
    dependencies = {
        str(dependency)
        for field in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
        if isinstance(listed := content.get(field), dict)
        for dependency in listed
    }
    return Package(
        folder=folder,
        name=name if isinstance(name, str) else "",
        entries=tuple(entries),
        exports=tuple(sorted(exports, key=lambda item: (-len(item[0]), item[0]))),
        has_exports=given is not None,
        dependencies=frozenset(dependencies),
    )


def chosen(value: Any, depth: int = 0) -> str:
    """Return the file that an entry of `exports` names; empty where there is none."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return (
            next((found for item in value if (found := chosen(item, depth + 1))), "") if depth < MAX_CONDITIONS else ""
        )
    if isinstance(value, dict) and depth < MAX_CONDITIONS:
        return next((found for key in CONDITIONS if key in value and (found := chosen(value[key], depth + 1))), "")
    return ""
