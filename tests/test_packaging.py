"""What is published: the sdist holds a working checkout, the wheel (built from it) everything that runs."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest

import hybridgym

ROOT = Path(__file__).parents[1]
PUBLISHED = (
    *("CHANGELOG.md", "LICENSE", "MANIFEST.in", "Makefile", "README.md", "mkdocs.yml", "pyproject.toml"),
    *("repos.yaml", "setup.cfg"),
    *(".ci", "docs", "hybridgym", "task_templates", "tests"),
)


def files_below(folder: Path) -> set[str]:
    """Paths relative to the folder's parent, without what Python caches."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder.parent).as_posix() for path in paths}


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build in a copy: setuptools puts into a wheel what an earlier build left lying in the folder."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in PUBLISHED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy)
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(copy)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return out


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    (path,) = distributions.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return BytesParser().parsebytes(archive.read(name))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of a fresh environment that has the wheel, and borrows what the wheel requires."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    programs = environment / "bin"
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return programs


def run_outside(folder: Path, *command: str | Path) -> str:
    """Run a program where the checkout cannot be imported from; return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    assert sorted(files_below(ROOT / "hybridgym") - packed) == []


def test_wheel_holds_every_template(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    templates = {f"hybridgym/{path}" for path in files_below(ROOT / "task_templates")}
    assert sorted(templates - packed) == []


def test_wheel_holds_nothing_but_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}
    assert folders == {"hybridgym", f"hybridgym-{hybridgym.__version__}.dist-info"}


@pytest.mark.parametrize("folder", [".ci", "docs", "task_templates", "tests"])
def test_sdist_holds_a_working_checkout(distributions: Path, folder: str) -> None:
    (path,) = distributions.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    assert sorted(files_below(ROOT / folder) - packed) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("Version", hybridgym.__version__, id="version"),
        pytest.param("License-Expression", "MIT", id="licence"),
        pytest.param("Requires-Python", ">=3.11", id="python"),
        pytest.param("Description-Content-Type", "text/markdown", id="readme"),
    ],
)
def test_metadata(metadata: Message, field: str, value: str) -> None:
    assert metadata[field] == value


def test_grammars_are_required_exactly(metadata: Message) -> None:
    required = [line for line in metadata.get_all("Requires-Dist", []) if line.startswith("tree-sitter")]
    assert required
    assert [line for line in required if "==" not in line] == []


def test_installed_package_is_found_with_its_templates(installed: Path, tmp_path: Path) -> None:
    code = "import pathlib, hybridgym; print(pathlib.Path(hybridgym.__file__).parent)"
    package = Path(run_outside(tmp_path, installed / "python", "-c", code).strip())
    assert package.is_relative_to(installed.parent)
    assert (package / "task_templates").is_dir()


def test_installed_command_runs(installed: Path, tmp_path: Path) -> None:
    assert "generate" in run_outside(tmp_path, installed / "hybridgym", "--help")
