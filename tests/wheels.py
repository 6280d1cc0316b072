"""A folder of wheels that stands for a package index, so that environments are made without a network."""

import os
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

import pytest

from hybridgym.errors import MissingDependencyError, RunError
from hybridgym.runtimes.sandbox import Sandbox

FOR_PYTEST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")


def write_wheel(
    folder: Path,
    name: str,
    version: str,
    text: str,
    requires: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
) -> None:
    """Write a distribution of one module, and what else lies beside that."""
    needed = "".join(f"Requires-Dist: {line}\n" for line in requires)
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, content in {f"{name}.py": text, **(more or {})}.items():
            archive.writestr(path, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def repack(folder: Path, name: str) -> None:
    """Write the wheel that an installed distribution came from."""
    found = distribution(name)
    normalized = name.replace("-", "_")
    with zipfile.ZipFile(folder / f"{normalized}-{found.version}-py3-none-any.whl", "w") as archive:
        for file in found.files or ():
            if ".." not in file.parts and file.suffix != ".pyc" and file.name not in ("RECORD", "REQUESTED"):
                archive.write(str(file.locate()), str(file))
        archive.writestr(f"{normalized}-{found.version}.dist-info/RECORD", "")


@contextmanager
def offline(folder: Path, project: Mapping[str, str]) -> Iterator[Path]:
    """Give a folder with a project, where uv finds pytest and the cache is its own; skip where no sandbox can be."""
    try:
        Sandbox().prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(f"no sandbox: {error}")
    (folder / "index").mkdir()
    for name in FOR_PYTEST:
        repack(folder / "index", name)
    for path, text in project.items():
        (folder / "project" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "project" / path).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UV_OFFLINE", "1")
        patch.setenv("UV_FIND_LINKS", str(folder / "index"))
        patch.setenv("UV_CACHE_DIR", str(folder / "uv"))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("HYBRIDGYM_PYTHONS", os.path.realpath(sys.executable))
        yield folder
