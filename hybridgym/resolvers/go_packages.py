"""The packages of a repository of Go: which files they have, and what import paths mean."""

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import PurePosixPath
from posixpath import normpath
from typing import NamedTuple

from hybridgym.facts import Binding, BindingKind, FileFacts

MODULE = re.compile(r"(?m)^[ \t]*module[ \t]+[\"`]?([^\s\"`]+)")
REPLACEMENT = re.compile(
    r"(?m)^[ \t]*(?:replace[ \t]+)?\"?([^\s\"()]+)\"?(?:[ \t]+v\S+)?[ \t]*"
    r"=>[ \t]*\"?(\.{1,2}(?:/[^\s\"]*)?)\"?[ \t]*\r?$"
)
FOLDER = re.compile(r"(?m)^[ \t]*(?:use[ \t]+)?\"?(\.{1,2}(?:/[^\s\"]*)?)\"?[ \t]*(?://.*)?$")
COMMENT = re.compile(r"//[^\n]*")
VERSION = re.compile(r"v\d+")
IGNORED = re.compile(r"\bignore\b")


class Declared(NamedTuple):
    """One declaration of a name of a package."""

    path: str
    binding: Binding


class Package:
    """The files of one folder with one package clause."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self.name = name
        self.paths: list[str] = []
        self.names: dict[str, list[Declared]] = {}
        """What its files declare outside of functions."""

    def add(self, path: str, facts: FileFacts) -> None:
        """Add a file."""
        self.paths.append(path)
        for binding in facts.bindings:
            if binding.scope == 0 and binding.kind is not BindingKind.IMPORT:
                self.names.setdefault(binding.name, []).append(Declared(path, binding))

    def declared(self, name: str, path: str) -> list[Declared]:
        """Return the declarations of a name that a file may mean; those of the file itself win.

        Several files may declare it under build constraints of which one holds.
        """
        found = self.names.get(name, [])
        own = [d for d in found if d.path == path]
        if own:
            return own
        is_test = path.endswith("_test.go")
        return [d for d in found if is_test or not d.path.endswith("_test.go")]


class Module(NamedTuple):
    """What a `go.mod` says."""

    path: str
    root: str
    """Its folder; empty for the repository's."""
    replaced: dict[str, str]
    """Import path → folder of the repository."""


class Imported(NamedTuple):
    """What an import path means."""

    package: str = ""
    """Id of a package of the repository."""
    outside: bool = False
    """It lies outside of the repository; neither: nobody says."""


class Packages:
    """All packages of a repository, by id."""

    def __init__(self, files: Mapping[str, FileFacts], build_files: Mapping[str, bytes]) -> None:
        self.by_id: dict[str, Package] = {}
        self._id_of: dict[str, str] = {}
        self._build_files = build_files
        self._imported: dict[tuple[str, str], Imported] = {}
        for path, facts in files.items():
            folder = str(PurePosixPath(path).parent)
            name = flag(facts, "package=")
            package = f"{folder}:{name}"
            if IGNORED.search(flag(facts, "constraint=")):
                package += f":{path}"  # a program of its own, whatever stands beside it
            self._id_of[path] = package
            self.by_id.setdefault(package, Package(folder, name)).add(path, facts)

    def of(self, path: str) -> Package:
        """Return the package of a file."""
        return self.by_id[self._id_of[path]]

    def id_of(self, path: str) -> str:
        """Return the id of the package of a file."""
        return self._id_of[path]

    def imported(self, path: str, module: str) -> Imported:
        """Return what an import path means in a file."""
        folder = self.of(path).folder
        found = self._imported.get((folder, module))
        if found is None:
            found = self._imported[folder, module] = self._meant(folder, module)
        return found

    def _meant(self, folder: str, module: str) -> Imported:
        root = self._module_around(folder)
        vendored = self._vendored(folder, module)
        if vendored:
            return vendored
        if root is None:
            return self._without_module(module)
        for old, new in root.replaced.items():
            if below(module, old):
                return self._in_folder(joined(new, module[len(old) + 1 :]))
        found = next((m for m in self._modules_by_path if below(module, m.path)), None)
        if found is None:
            return self._standard(module)
        if found.root != root.root and not {found.root, root.root} <= self._used_together(root.root):
            return Imported()  # it is another version of it that would be taken
        return self._in_folder(joined(found.root, module[len(found.path) + 1 :]))

    def _standard(self, module: str) -> Imported:
        """Return what no module of the repository has, unless the repository is that of the standard library."""
        root = next((m.root for m in self._modules_by_path if m.path == "std"), None)
        return Imported(outside=True) if root is None else self._in_folder(joined(root, module))

    def _in_folder(self, folder: str) -> Imported:
        """Return the package of a folder that others may import."""
        found = self._folders.get(folder, [])
        if len(found) > 1:
            found = [i for i in found if self.by_id[i].name != "main"]
        return Imported(found[0]) if len(found) == 1 else Imported(outside=not found)

    def _vendored(self, folder: str, module: str) -> Imported | None:
        """Return the package of the nearest `vendor` folder that has it."""
        if not self._has_vendor:
            return None
        around = PurePosixPath(folder)
        for place in (around, *around.parents):
            found = self._in_folder(joined(str(place), f"vendor/{module}"))
            if found.package:
                return found
        return None

    def _without_module(self, module: str) -> Imported:
        """Return what is known of an import path where no `go.mod` says where paths begin."""
        parts = module.split("/")
        if "." not in parts[0]:
            return Imported(outside=True)
        last = parts[-2] if VERSION.fullmatch(parts[-1]) and len(parts) > 1 else parts[-1]
        return Imported(outside=last not in self._last_names and parts[-1] not in self._last_names)

    @cached_property
    def _last_names(self) -> frozenset[str]:
        """Names that the packages of the repository or their folders have."""
        folders = (PurePosixPath(package.folder).name for package in self.by_id.values())
        return frozenset(folders) | {package.name for package in self.by_id.values()}

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        """For each folder, the packages that others may import."""
        found: dict[str, list[str]] = {}
        for package, about in self.by_id.items():
            of_tests = all(path.endswith("_test.go") for path in about.paths)
            if package.count(":") == 1 and not of_tests:
                found.setdefault(about.folder, []).append(package)
        return found

    @cached_property
    def _has_vendor(self) -> bool:
        return any("vendor" in PurePosixPath(folder).parts for folder in self._folders)

    @cached_property
    def _modules(self) -> dict[str, Module]:
        """Modules by their folders."""
        found = {}
        for path, data in sorted(self._build_files.items()):
            place = PurePosixPath(path)
            text = data.decode("utf-8", "replace")
            named = MODULE.search(text)
            if place.name == "go.mod" and named:
                root = str(place.parent)
                text = COMMENT.sub("", text)
                replaced = {old: joined(root, new) for old, new in REPLACEMENT.findall(text)}
                found[root] = Module(named[1], root, dict(sorted(replaced.items(), key=lambda i: -len(i[0]))))
        return found

    @cached_property
    def _modules_by_path(self) -> list[Module]:
        return sorted(self._modules.values(), key=lambda m: (-len(m.path), m.root))

    def _module_around(self, folder: str) -> Module | None:
        place = PurePosixPath(folder)
        return next((self._modules[str(p)] for p in (place, *place.parents) if str(p) in self._modules), None)

    def _used_together(self, root: str) -> frozenset[str]:
        """Return the folders of the modules that a `go.work` uses together with one."""
        for folders in self._workspaces:
            if root in folders:
                return folders
        return frozenset()

    @cached_property
    def _workspaces(self) -> list[frozenset[str]]:
        found = []
        for path, data in sorted(self._build_files.items()):
            place = PurePosixPath(path)
            if place.name == "go.work":
                text = COMMENT.sub("", data.decode("utf-8", "replace"))
                found.append(frozenset(joined(str(place.parent), folder) for folder in FOLDER.findall(text)))
        return found


def flag(facts: FileFacts, name: str) -> str:
    """Return what a file's flag of a name says."""
    return next((f.removeprefix(name) for f in facts.flags if f.startswith(name)), "")


def below(module: str, root: str) -> bool:
    """Say whether an import path is a module's or lies below it."""
    return module == root or module.startswith(f"{root}/")


def joined(folder: str, rest: str) -> str:
    """Return a folder below another one; `.` is the repository's."""
    return normpath(f"{folder}/{rest}")
