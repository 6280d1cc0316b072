"""The architecture as setup.cfg states it, and the public names."""

import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import hybridgym

ROOT = Path(__file__).parents[1]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def with_code_added(folder: Path, module: str, code: str) -> Path:
    shutil.copy(ROOT / "setup.cfg", folder)
    shutil.copytree(ROOT / "hybridgym", folder / "hybridgym")
    with (folder / "hybridgym" / f"{module}.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{code}\n")
    return folder


def test_imports_keep_the_contracts() -> None:
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("module", "code", "broken"),
    [
        pytest.param("errors", "import hybridgym.task", "Imports run one way", id="upwards"),
        pytest.param("facts", "import hybridgym.task", "Imports run one way", id="sideways"),
        pytest.param("utils", "", "Imports run one way", id="module that has no place"),
        pytest.param("errors", "import networkx", "A library is known", id="library of another module"),
        pytest.param("task", "def f():\n    import tree_sitter", "A library is known", id="library inside a function"),
    ],
)
def test_a_wrong_import_breaks_a_contract(tmp_path: Path, module: str, code: str, broken: str) -> None:
    run = lint_imports(with_code_added(tmp_path, module, code))
    assert run.returncode == 1
    assert any(broken in line and " BROKEN" in line for line in run.stdout.splitlines()), run.stdout


def test_an_import_for_typing_alone_is_free(tmp_path: Path) -> None:
    code = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import networkx"
    run = lint_imports(with_code_added(tmp_path, "errors", code))
    assert run.returncode == 0, run.stdout


def test_every_module_has_a_place_in_the_architecture_page() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = {path.name for path in (ROOT / "hybridgym").glob("[!_]*.py")}
    packages = {f"{path.parent.name}/" for path in (ROOT / "hybridgym").glob("*/__init__.py")}
    assert [name for name in sorted(modules | packages) if f"`{name}`" not in page] == []


def test_all_is_what_the_package_shows() -> None:
    shown = {
        name
        for name in dir(hybridgym)
        if not name.startswith("_") and not isinstance(getattr(hybridgym, name), ModuleType)
    }
    assert sorted(hybridgym.__all__) == sorted(shown | {"__version__"})


def test_every_public_name_can_be_imported() -> None:
    assert [name for name in hybridgym.__all__ if not hasattr(hybridgym, name)] == []


def test_checking_needs_no_graph_no_templates_and_no_command_line() -> None:
    """A reward function imports this in every worker."""
    code = "import sys; from hybridgym import load_suite; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"click", "jinja2", "networkx", "rich"} & set(run.stdout.split())
