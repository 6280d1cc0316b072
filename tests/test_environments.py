"""Environments are made of wheels, once for each lock, by the real uv; nothing of a project or a dependency runs."""

import hashlib
import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from hybridgym.environments import Environment, start_state
from hybridgym.environments.building import Installed, install
from hybridgym.environments.interpreters import Interpreter, interpreters
from hybridgym.environments.start_state import project_folder
from hybridgym.environments.store import Store
from hybridgym.errors import UsageError
from hybridgym.pipeline import parse
from hybridgym.source import load_source
from hybridgym.specs import EnvironmentSettings, spec_of
from hybridgym.task import WORKSPACE, Rejection
from wheels import write_wheel

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
PROJECT = {
    "pyproject.toml": f'[project]\nname = "tea"\nversion = "2.1"\nrequires-python = ">=3"\n'
    f'classifiers = ["Programming Language :: Python :: {HERE}"]\ndependencies = ["kettle>=1"]\n'
    '[project.entry-points.brew]\ngreen = "tea:green"\n',
    "src/tea/__init__.py": "import kettle\n\n\ndef green():\n    return kettle.boil()\n",
    "tests/test_tea.py": "import tea\n\n\ndef test_green():\n    assert tea.green() == 100\n",
}


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of distributions that stands for the package index; uv's cache is empty."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name, text in (("kettle", "def boil():\n    return 100\n"), ("pytest", ""), ("mug", "")):
        write_wheel(folder, name, "1.0", text)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    return folder


def sdist(folder: Path, name: str, setup: str) -> None:
    with tarfile.open(folder / f"{name}-1.0.tar.gz", "w:gz") as archive:
        for path, text in (("setup.py", setup), ("PKG-INFO", f"Metadata-Version: 1.0\nName: {name}\nVersion: 1.0\n")):
            member = tarfile.TarInfo(f"{name}-1.0/{path}")
            member.size = len(text)
            archive.addfile(member, BytesIO(text.encode()))


def installed(
    tmp_path: Path, files: dict[str, str], settings: EnvironmentSettings | None = None
) -> Installed | Rejection:
    folder = tmp_path / f"project-{hashlib.sha256(repr(files).encode()).hexdigest()[:8]}"
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    source = load_source(spec_of(str(folder), Path.cwd()), tmp_path / "cache")
    python = Interpreter(
        version=HERE, full_version=".".join(map(str, sys.version_info[:3])), path=os.path.realpath(sys.executable)
    )
    chosen = settings or EnvironmentSettings()
    return install(source, parse(source), Store(tmp_path / "store"), {HERE: python}, chosen)


def made(tmp_path: Path, files: dict[str, str], settings: EnvironmentSettings | None = None) -> Installed:
    found = installed(tmp_path, files, settings)
    assert isinstance(found, Installed), found
    return found


def test_an_environment_holds_dependencies_and_not_the_project(index: Path, tmp_path: Path) -> None:
    found = made(tmp_path, PROJECT)
    python = tmp_path / "store" / found.environment.id / "bin/python"
    ran = subprocess.run([python, "-c", "import kettle; print(kettle.boil())"], capture_output=True, text=True)
    assert ran.stdout == "100\n"
    assert subprocess.run([python, "-c", "import tea"], capture_output=True).returncode == 1
    assert [d.value for d in found.decisions if d.field == "roots"] == ["src"]


def test_a_project_has_metadata_and_entry_points_without_being_installed(index: Path, tmp_path: Path) -> None:
    found = made(tmp_path, PROJECT)
    project = found.project
    project_folder(project.name, project.version, project.entry_points, project.roots, tmp_path / "folder")
    program = "import importlib.metadata as m\nprint(m.version('tea'), [e.value for e in m.entry_points(group='brew')])"
    variables = {"PYTHONPATH": str(tmp_path / "folder")}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=variables)
    assert ran.stdout == "2.1 ['tea:green']\n", ran.stderr
    assert (tmp_path / "folder" / "roots.pth").read_text() == "/testbed/src\n"


def test_a_task_lies_where_its_tests_are_run() -> None:
    """The program of images stands for itself and cannot ask where that is."""
    assert start_state.WORKSPACE == WORKSPACE
    assert f"WORKDIR {WORKSPACE}\n" in Environment().dockerfile()


def test_projects_with_one_lock_share_an_environment(index: Path, tmp_path: Path) -> None:
    first = made(tmp_path, PROJECT)
    second = made(tmp_path, {**PROJECT, "src/tea/__init__.py": "import kettle\n"})
    other = made(tmp_path, {**PROJECT, "requirements-test.txt": "mug\n"})
    assert (first.environment.created, second.environment.created) == (True, False)
    assert first.environment.id == second.environment.id != other.environment.id


def test_nothing_is_built_to_find_out_what_it_needs(index: Path, tmp_path: Path) -> None:
    canary = tmp_path / "ran"
    sdist(index, "steep", f"open({str(canary)!r}, 'w').close()\nimport setuptools\nsetuptools.setup(name='steep')\n")
    files = {**PROJECT, "pyproject.toml": PROJECT["pyproject.toml"].replace("kettle>=1", "steep")}
    found = installed(tmp_path, files)
    assert isinstance(found, Rejection)
    assert found.reason == "no set of wheels meets its requirements"
    assert "uv pip compile" in found.detail
    assert "steep" in found.detail
    assert not canary.exists()


def test_what_tests_would_like_is_left_out_where_it_cannot_be_had(index: Path, tmp_path: Path) -> None:
    found = made(tmp_path, {**PROJECT, "requirements-test.txt": "mug\nsaucer\n"})
    left_out = [d.value for d in found.decisions if d.field == "left out of the environment"]
    assert left_out == ["saucer"]
    assert (tmp_path / "store" / found.environment.id / f"lib/python{HERE}/site-packages/mug.py").exists()


@pytest.mark.parametrize(
    ("files", "settings", "reason"),
    [
        pytest.param({"README": ""}, {}, "no Python in it", id="no-python"),
        pytest.param({"tea.py": ""}, {}, "it has no tests", id="no-tests"),
        pytest.param(PROJECT, {"python": "3.99"}, "no interpreter of its Python", id="no-interpreter"),
        pytest.param({**PROJECT, "src/tea/fast.pyx": ""}, {}, "it has to be compiled", id="compiled"),
    ],
)
def test_a_repository_without_an_environment_has_a_reason(
    index: Path, tmp_path: Path, files: dict[str, str], settings: dict[str, str], reason: str
) -> None:
    found = installed(tmp_path, files, msgspec.convert(settings, EnvironmentSettings))
    assert isinstance(found, Rejection)
    assert (found.reason, found.stage) == (reason, "environment")


def test_a_release_of_the_project_that_others_need_stays_out(index: Path, tmp_path: Path) -> None:
    write_wheel(index, "tea", "1.9", "def green():\n    return 0\n")
    write_wheel(index, "teahouse", "1.0", "import tea\n", requires=("tea",))
    found = made(tmp_path, {**PROJECT, "requirements-test.txt": "teahouse\n"})
    packages = tmp_path / "store" / found.environment.id / f"lib/python{HERE}/site-packages"
    assert (packages / "teahouse.py").exists()
    assert not (packages / "tea.py").exists()


def test_what_pytest_runs_with_is_not_tested_with_pytest(index: Path, tmp_path: Path) -> None:
    write_wheel(index, "pytest", "2.0", "import tea\n", requires=("tea",))
    write_wheel(index, "tea", "1.9", "")
    found = installed(tmp_path, PROJECT)
    assert isinstance(found, Rejection)
    assert found.reason == "pytest runs with it"


def test_environments_that_nothing_used_are_deleted(index: Path, tmp_path: Path) -> None:
    found = made(tmp_path, PROJECT)
    store = Store(tmp_path / "store")
    assert store.prune(1) == []
    assert [e.id for e in store.all()] == [found.environment.id]
    assert store.prune(0) == [found.environment.id]
    assert store.all() == []
    assert made(tmp_path, PROJECT).environment.created


def test_an_interpreter_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "python").write_text("#!/bin/sh\necho hello\n", encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setenv("HYBRIDGYM_PYTHONS", str(tmp_path / "python"))
    with pytest.raises(UsageError, match=f"HYBRIDGYM_PYTHONS: expected the path of a CPython.*{tmp_path}"):
        interpreters()


def test_interpreters_are_those_that_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYBRIDGYM_PYTHONS", sys.executable)
    found = interpreters()[HERE]
    assert (found.version, Path(found.path).is_file()) == (HERE, True)
