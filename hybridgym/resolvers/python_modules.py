"""Where Python's imports lead: dotted names to files of the repository, or out of it."""

from collections.abc import Iterable
from enum import Enum

from hybridgym.resolvers.python_names import STDLIB

SOURCE_FOLDERS = ("src", "lib")
NATIVE_SUFFIXES = (".pyx", ".pxd", ".so", ".pyd", ".c", ".cpp", ".pyi")


class Missing(Enum):
    """Why an import leads to no file."""

    EXTERNAL = "external"
    """Nothing in the repository has the top-level name."""
    UNKNOWN = "unknown"
    """The package is here, the module is not: generated, compiled, or one of several candidates."""


class Modules:
    """The importable modules of a repository. A folder without files of its own is a namespace package."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._files = set(paths)
        self._folders = {"."}
        for folder in sorted({_folder(p) for p in self._files}):
            while folder not in self._folders:
                self._folders.add(folder)
                folder = _folder(folder)
        self._roots = self._find_roots()
        self._found: dict[tuple[str, str], str | Missing] = {}

    def absolute(self, name: str, importer: str) -> str | Missing:
        """Return the file (or the folder of a namespace package) that `import name` in a file reaches."""
        key = (name, _folder(importer))
        if key not in self._found:
            self._found[key] = self._search(name, importer)
        return self._found[key]

    def relative(self, name: str, level: int, importer: str) -> str | Missing:
        """Return what `from <level dots><name> import …` reaches."""
        folder = _folder(importer)
        for _ in range(level - 1):
            if folder == ".":
                return Missing.UNKNOWN
            folder = _folder(folder)
        return self.child(folder, name) if name else self.package(folder) or Missing.UNKNOWN

    def child(self, folder: str, name: str) -> str | Missing:
        """Return the module `name` (dotted) below a folder."""
        base = _below(folder, name.replace(".", "/"))
        return self._module_at(base) or Missing.UNKNOWN

    def submodule(self, module: str, name: str) -> str | None:
        """Return the submodule of a package's file or folder, or None."""
        folder = module if module in self._folders else _folder(module)
        if module not in self._folders and module != _below(folder, "__init__.py"):
            return None
        return self._module_at(_below(folder, name))

    def package(self, folder: str) -> str | None:
        """Return the file that is a package's own module, or the folder itself where it has none."""
        init = _below(folder, "__init__.py")
        if init in self._files:
            return init
        return folder if folder in self._folders else None

    def is_native(self, module: str, name: str, all_paths: set[str]) -> bool:
        """Say whether a name below a package exists as a compiled or stub-only module."""
        base = _below(_folder(module), name)
        return any(base + suffix in all_paths for suffix in NATIVE_SUFFIXES)

    def _module_at(self, base: str) -> str | None:
        # a package wins over a module of the same name (importlib's FileFinder)
        package = self.package(base)
        if package is not None and package != base:
            return package
        if f"{base}.py" in self._files:
            return f"{base}.py"
        return package

    def _find_roots(self) -> list[str]:
        """Return the folders that may stand on the import path, shallowest first."""
        roots = {"."} | {f for f in SOURCE_FOLDERS if f in self._folders}
        for path in self._files:
            folder = _folder(path)
            if folder != "." and path == _below(folder, "__init__.py"):
                parent = _folder(folder)
                if _below(parent, "__init__.py") not in self._files:
                    roots.add(parent)
        return sorted(roots, key=lambda r: (0 if r == "." else r.count("/") + 1, r))

    def _search(self, name: str, importer: str) -> str | Missing:
        top = name.partition(".")[0]
        candidates = [r for r in self._script_roots(importer) + self._roots if self._has(r, top)]
        if not candidates:
            return Missing.EXTERNAL
        ancestors = [r for r in candidates if r == "." or importer.startswith(r + "/")]
        if top in STDLIB and not ancestors:
            return Missing.EXTERNAL
        root = max(ancestors, key=len) if ancestors else candidates[0]
        if not ancestors and len({_below(r, top) for r in candidates}) > 1:
            shallow = [r for r in candidates if r.count("/") == candidates[0].count("/")]
            if len(shallow) > 1:
                return Missing.UNKNOWN
        if top in STDLIB:  # which of the two is found first depends on how the program is started
            return Missing.EXTERNAL if self._is_namespace(root, top) else Missing.UNKNOWN
        return self.child(root, name)

    def _script_roots(self, importer: str) -> list[str]:
        """A file outside any package finds its neighbours, as a script or by pytest's rootdir/conftest rules."""
        folder = _folder(importer)
        return [] if _below(folder, "__init__.py") in self._files else [folder]

    def _has(self, root: str, top: str) -> bool:
        return self._module_at(_below(root, top)) is not None

    def _is_namespace(self, root: str, top: str) -> bool:
        found = self._module_at(_below(root, top))
        return found is not None and not found.endswith(".py")


def _folder(path: str) -> str:
    """Return the folder of a file or folder; `.` is the repository's own."""
    return path.rpartition("/")[0] or "."


def _below(folder: str, name: str) -> str:
    """Return the path of what lies in a folder."""
    return name if folder == "." else f"{folder}/{name}"
