"""Module specifiers → files of the repository, as bundlers, Node and TypeScript find them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from hybridgym.facts import FileFacts
from hybridgym.resolvers.javascript_config import Configurations, Package, folder_of, folders_above, joined

JAVASCRIPT = (".js", ".mjs", ".cjs", ".jsx")
TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
WRITTEN_FOR = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
"""A TypeScript file imports what its neighbour will be compiled to."""
PACKAGE_NAME = re.compile(r"(?:@[a-z0-9~-][\w.~-]*/)?[a-zA-Z0-9~][\w.~-]*")
MAX_FOLDERS = 4
"""package.json files that lead to each other."""


class Found(NamedTuple):
    """What a module specifier means."""

    path: str = ""
    """A file of the repository."""
    outside: str = ""
    """The package that it names, which is not in the repository; where both are empty, nobody knows."""


class ModulePaths:
    """Where the modules of one repository are."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        self._files = files
        self._all = all_paths
        self._configurations = Configurations(build_files)
        self._known: dict[tuple[str, str, bool], Found] = {}
        self._top = {path.partition("/")[0] for path in files if "/" in path}
        self._folders = {folder for path in files for folder in folders_above(folder_of(path))}

    def find(self, path: str, specifier: str) -> Found:
        """Return what a file means by a specifier."""
        is_typed = path.endswith(TYPESCRIPT)
        key = (folder_of(path), specifier, is_typed)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(path, specifier, is_typed)
        return found

    def _find(self, path: str, specifier: str, is_typed: bool) -> Found:
        if specifier.startswith(("./", "../")) or specifier in (".", ".."):
            return Found(self._file(joined(folder_of(path), specifier), is_typed))
        if specifier.startswith("/") or not specifier or "!" in specifier:
            return Found()
        if specifier.startswith("node:"):
            return Found(outside=specifier.removeprefix("node:"))
        mapped = self._mapped(path, specifier, is_typed)
        if mapped is not None:
            return mapped
        package = self._configurations.package_around(path)
        if specifier.startswith("#"):
            return Found(self._exported(package, specifier, is_typed)) if package is not None else Found()
        match = PACKAGE_NAME.match(specifier)
        if match is None or specifier[match.end() : match.end() + 1] not in ("", "/"):
            return Found()
        name = match[0]
        own = self._configurations.by_name.get(name)
        if own is not None:
            return Found(self._exported(own, "." + specifier[len(name) :], is_typed))
        if self._is_folder_here(path, name, package):
            return Found()
        return Found(outside=specifier)

    def _is_folder_here(self, path: str, name: str, package: Package | None) -> bool:
        """Say whether the first part of a specifier may be a folder of sources that some tool looks into."""
        if package is not None and name in package.dependencies:
            return False
        folder = package.folder if package is not None else ""
        return any(joined(place, name) in self._folders for place in {folder, joined(folder, "src"), ""})

    def _mapped(self, path: str, specifier: str, is_typed: bool) -> Found | None:
        """Return what `paths` or `baseUrl` make of a specifier; None where they say nothing."""
        compiler = self._configurations.compiler(path)
        if compiler is None:
            return None
        for pattern, targets in compiler.paths:
            matched = matching(pattern, specifier)
            if matched is not None:
                for target in targets:
                    found = self._file(target.replace("*", matched, 1), is_typed)
                    if found:
                        return Found(found)
                if pattern != "*":
                    return Found()
        if compiler.has_base:
            found = self._file(joined(compiler.base, specifier), is_typed)
            if found:
                return Found(found)
        return None

    def _exported(self, package: Package, subpath: str, is_typed: bool) -> str:
        """Return the file of a package that a subpath (`.`, `./x`) or an internal name (`#x`) is."""
        for pattern, target in package.exports:
            matched = matching(pattern, subpath)
            if matched is not None:
                return self._file(joined(package.folder, target.replace("*", matched)), is_typed)
        if package.has_exports or subpath.startswith("#"):
            return ""
        if subpath == ".":
            return self._entry(package.folder, is_typed, 0)
        return self._file(joined(package.folder, subpath), is_typed)

    def _entry(self, folder: str, is_typed: bool, depth: int) -> str:
        """Return the file that stands for a folder."""
        package = self._configurations.packages.get(folder)
        for entry in package.entries if package is not None and depth < MAX_FOLDERS else ():
            place = joined(folder, entry)
            found = self._file(place, is_typed, depth + 1) if place != folder else ""
            if found:
                return found
        return self._with_suffix(f"{folder}/index" if folder else "index", is_typed)

    def _file(self, place: str, is_typed: bool, depth: int = 0) -> str:
        """Return the source that a path without or with a suffix is; empty where there is none."""
        if place.startswith(".."):
            return ""
        stem, dot, suffix = place.rpartition(".")
        written = tuple(stem + s for s in WRITTEN_FOR.get(dot + suffix, ()))
        candidates = (*written, place) if is_typed else (place, *written)
        for candidate in candidates:
            if candidate in self._files:
                return candidate
        if place in self._all:
            return ""  # not a source: data, a style sheet, a component of another language
        return self._with_suffix(place, is_typed) or (self._entry(place, is_typed, depth) if place else "")

    def _with_suffix(self, place: str, is_typed: bool) -> str:
        suffixes = (*TYPESCRIPT, *JAVASCRIPT) if is_typed else (*JAVASCRIPT, *TYPESCRIPT)
        for suffix in suffixes:
            if place + suffix in self._files:
                return place + suffix
        return ""


def matching(pattern: str, specifier: str) -> str | None:
    """Return what `*` stands for in a pattern; empty where it has none; None where it does not match."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if pattern == specifier else None
    long_enough = len(specifier) >= len(before) + len(after)
    if long_enough and specifier.startswith(before) and specifier.endswith(after):
        return specifier[len(before) : len(specifier) - len(after)]
    return None
