"""The tree of modules of each crate: which file or inline block a module is, and what stands above it."""

from collections.abc import Mapping
from posixpath import normpath
from typing import NamedTuple

from hybridgym.facts import Binding, BindingKind, FileFacts, ScopeKind
from hybridgym.resolvers.rust_crates import NEWEST_EDITION, Crate

MAX_DEPTH = 64
MAX_PLACES = 4
"""A file that more modules than these include is nobody's in particular."""


class Module(NamedTuple):
    """A module of a crate."""

    number: int
    path: str
    scope: int
    parent: int
    """Number of the module above it, or -1."""
    root: int
    """Number of the module at the root of its crate."""
    crate: Crate
    folder: str
    """Where the files of the modules it declares lie."""


class Modules:
    """All modules of a repository."""

    def __init__(self, files: Mapping[str, FileFacts], crates: list[Crate]) -> None:
        self._files = files
        self.all: list[Module] = []
        self.children: dict[tuple[int, str], list[int]] = {}
        """Modules by the number of the module above them and their name; -1 where a file is missing or uncertain."""
        self.at: dict[tuple[str, int], list[int]] = {}
        """Modules by file and scope."""
        self.roots: dict[str, int] = {}
        """Modules at the roots of crates, by file."""
        self._declared = {path: _declarations(facts) for path, facts in files.items()}
        for crate in crates:
            if crate.root in files:
                self._root(crate)
        for path in files:
            if (path, 0) not in self.at and path.endswith(("/lib.rs", "/main.rs")):
                self._root(Crate(path, NEWEST_EDITION, {}, False))
        for path in files:
            if (path, 0) not in self.at:
                self._root(Crate(path, NEWEST_EDITION, {}, False))

    def around(self, path: str, scope: int) -> list[int]:
        """Return the modules that a scope belongs to."""
        scopes = self._files[path].scopes
        while scope >= 0 and scopes[scope].kind is not ScopeKind.MODULE:
            scope = scopes[scope].parent
        return self.at.get((path, scope), [])

    def is_within(self, inner: int, outer: int) -> bool:
        """Say whether a module is another one, or lies in it."""
        while inner >= 0:
            if inner == outer:
                return True
            inner = self.all[inner].parent
        return False

    def _root(self, crate: Crate) -> None:
        folder = crate.root.rpartition("/")[0]
        pending = [self._add(crate.root, 0, -1, crate, folder)]
        while pending:
            module = self.all[pending.pop()]
            for binding in self._declared[module.path].get(module.scope, ()):
                child = self._child(module, binding)
                self.children.setdefault((module.number, binding.name), []).append(child)
                if child >= 0:
                    pending.append(child)
        self.roots[crate.root] = self.at[crate.root, 0][-1]

    def _add(self, path: str, scope: int, parent: int, crate: Crate, folder: str) -> int:
        number = len(self.all)
        root = self.all[parent].root if parent >= 0 else number
        self.all.append(Module(number, path, scope, parent, root, crate, folder))
        self.at.setdefault((path, scope), []).append(number)
        return number

    def _child(self, module: Module, binding: Binding) -> int:
        if self._depth(module) > MAX_DEPTH:
            return -1
        name, written = binding.name, binding.annotation
        if binding.index >= 0:  # in place
            folder = _join(module.folder, written or name)
            return self._add(module.path, binding.index, module.number, module.crate, folder)
        if written:
            beside = module.path.rpartition("/")[0] if module.scope == 0 else module.folder
            candidates = [_join(beside, written)]
        else:
            candidates = [_join(module.folder, f"{name}.rs"), _join(module.folder, f"{name}/mod.rs")]
        there = [path for path in candidates if path in self._files]
        if len(there) != 1 or len(self.at.get((there[0], 0), ())) >= MAX_PLACES:
            return -1
        path = there[0]
        own = path.rpartition("/")[0]
        if not written and not path.endswith("/mod.rs"):
            own = _join(own, name)
        return self._add(path, 0, module.number, module.crate, own)

    def _depth(self, module: Module) -> int:
        depth = 0
        while module.parent >= 0 and depth <= MAX_DEPTH:
            module, depth = self.all[module.parent], depth + 1
        return depth


def _declarations(facts: FileFacts) -> dict[int, list[Binding]]:
    found: dict[int, list[Binding]] = {}
    for binding in facts.bindings:
        if binding.kind is BindingKind.OTHER and binding.value in ("mod", "pub mod"):
            found.setdefault(binding.scope, []).append(binding)
    return found


def _join(folder: str, path: str) -> str:
    return normpath(f"{folder}/{path}" if folder else path)
