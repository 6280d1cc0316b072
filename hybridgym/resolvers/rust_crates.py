"""The crates of a repository: where Cargo.toml files put their roots, and what names other crates have in them."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any, NamedTuple

from hybridgym.metadata import read_toml

OUTSIDE = ""
"""The root of a crate that lies outside of the repository."""
FOLDERS = ("src/bin", "examples", "tests", "benches")
"""Where Cargo finds crates by itself."""
DEPENDENCIES = ("dependencies", "dev-dependencies", "build-dependencies")
STANDARD = frozenset({"std", "core", "alloc", "proc_macro", "test"})
NEWEST_EDITION = 2021


class Crate(NamedTuple):
    """A root file and what Cargo.toml says of it."""

    root: str
    edition: int
    names: Mapping[str, str]
    """Names of other crates: the root of each, or OUTSIDE; None where it cannot be said."""
    is_known: bool
    """Whether a Cargo.toml names it: then all outside crates it uses are named there."""


def crates_of(paths: set[str], build_files: Mapping[str, bytes]) -> list[Crate]:
    """Return the crates that Cargo.toml files describe, by root file."""
    tables = {path: _table(data) for path, data in sorted(build_files.items()) if path.endswith("Cargo.toml")}
    packages = {_folder(path): table for path, table in tables.items() if isinstance(table.get("package"), dict)}
    libraries = {folder: _library(folder, table, paths) for folder, table in packages.items()}
    found: dict[str, Crate] = {}
    for folder, table in packages.items():
        workspace = _workspace(folder, tables)
        edition = _edition(table["package"], workspace)
        names = dict(_dependencies(folder, table, workspace, packages, libraries))
        name, root = libraries[folder]
        for other in _roots(folder, table, paths):
            if other != root:
                found.setdefault(other, Crate(other, edition, {**names, **({name: root} if root else {})}, True))
        if root:
            found[root] = Crate(root, edition, {**names, name: root}, True)
    return [found[root] for root in sorted(found)]


def _table(data: bytes) -> dict[str, Any]:
    try:
        return read_toml(data.decode("utf-8"))
    except UnicodeDecodeError:
        return {}


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _join(folder: str, path: object) -> str:
    return normpath(f"{folder}/{path}" if folder else str(path)) if isinstance(path, str) else ""


def _dict(table: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = table.get(name)
    return value if isinstance(value, dict) else {}


def crate_name(name: object) -> str:
    """Return the name of a package as code writes it."""
    return str(name).replace("-", "_")


def _library(folder: str, table: Mapping[str, Any], paths: set[str]) -> tuple[str, str]:
    """Return name and root of a package's library; the root is empty where it has none."""
    library = _dict(table, "lib")
    name = crate_name(library.get("name", _dict(table, "package").get("name", "")))
    root = _join(folder, library.get("path", "src/lib.rs"))
    return name, root if root in paths else ""


def _workspace(folder: str, tables: Mapping[str, Mapping[str, Any]]) -> tuple[str, Mapping[str, Any]]:
    """Return folder and table of the workspace that a package belongs to."""
    while True:
        table = tables.get(f"{folder}/Cargo.toml" if folder else "Cargo.toml", {})
        if "workspace" in table:
            return folder, _dict(table, "workspace")
        if not folder:
            return "", {}
        folder = _folder(folder)


def _edition(package: Mapping[str, Any], workspace: tuple[str, Mapping[str, Any]]) -> int:
    written = package.get("edition", 2015)
    if isinstance(written, dict):
        written = _dict(workspace[1], "package").get("edition", 2015)
    return int(written) if str(written).isdigit() else NEWEST_EDITION


def _roots(folder: str, table: Mapping[str, Any], paths: set[str]) -> Iterator[str]:
    """Yield the roots of the crates of a package other than its library."""
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in ("src/main.rs", "build.rs") if f"{prefix}{name}" in paths)
    for section in ("bin", "example", "test", "bench"):
        listed = table.get(section)
        for entry in listed if isinstance(listed, list) else ():
            root = _join(folder, entry.get("path")) if isinstance(entry, dict) else ""
            if root in paths:
                yield root
    places = {f"{prefix}{name}" for name in FOLDERS}
    for path in sorted(paths):
        place = PurePosixPath(path)
        if place.suffix != ".rs":
            continue
        if str(place.parent) in places or (place.name == "main.rs" and str(place.parent.parent) in places):
            yield path


def _dependencies(
    folder: str,
    table: Mapping[str, Any],
    workspace: tuple[str, Mapping[str, Any]],
    packages: Mapping[str, Mapping[str, Any]],
    libraries: Mapping[str, tuple[str, str]],
) -> Iterator[tuple[str, str]]:
    """Yield the names that a package gives to other crates, with their roots."""
    targets = [t for t in _dict(table, "target").values() if isinstance(t, dict)]
    shared = _dict(workspace[1], "dependencies")
    for section in (s for t in (table, *targets) for kind in DEPENDENCIES for s in (_dict(t, kind),)):
        for name, written in section.items():
            place, entry = folder, written
            if isinstance(entry, dict) and entry.get("workspace") is True:
                place, entry = workspace[0], shared.get(name, "")
            if not isinstance(entry, dict) or "path" not in entry:
                yield crate_name(name), OUTSIDE
                continue
            there = _join(place, entry["path"])
            there = "" if there == "." else there
            if there not in packages:
                yield crate_name(name), OUTSIDE
                continue
            own, root = libraries[there]
            is_renamed = "package" in entry
            yield (crate_name(name) if is_renamed else own), root
