"""How a project is installed and tested, read from files in all the ways that projects write them."""

from textwrap import dedent
from typing import Any

import pytest

from hybridgym.environments.project import Project, read_project
from hybridgym.languages.python import Python
from hybridgym.parsing import parse_file
from hybridgym.specs import EnvironmentSettings

HERE = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")


def project_of(files: dict[str, str], created_at: str = "2024-12-01T12:00:00Z", **settings: Any) -> Project:
    data = {path: dedent(text).encode() for path, text in files.items()}
    facts = {path: parse_file(Python, content) for path, content in data.items() if path.endswith(".py")}
    return read_project(data, facts, created_at, HERE, EnvironmentSettings(**settings))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"pyproject.toml": '[project]\nname = "p"\ndependencies = ["click>=8", "attrs"]\n'},
            ("attrs", "click>=8", "pytest"),
            id="pep-621",
        ),
        pytest.param(
            {
                "pyproject.toml": (
                    '[tool.poetry]\nname = "p"\n[tool.poetry.dependencies]\npython = "^3.8"\nrich = "^13.1"\n'
                )
            },
            ("pytest", "rich>=13.1,<14"),
            id="poetry-caret",
        ),
        pytest.param(
            {
                "pyproject.toml": (
                    '[tool.poetry]\nname = "p"\n[tool.poetry.dependencies]\ntoml = "~0.9"\nx = {git = "u"}\n'
                )
            },
            ("pytest", "toml>=0.9,<0.10"),
            id="poetry-tilde-and-git",
        ),
        pytest.param(
            {"setup.cfg": "[options]\ninstall_requires =\n    click  # for the command line\n    attrs>=20\n"},
            ("attrs>=20", "click", "pytest"),
            id="setup-cfg",
        ),
        pytest.param(
            {"setup.py": 'BASE = ["click"]\nsetup(name="p", install_requires=BASE + ["attrs"])\n'},
            ("attrs", "click", "pytest"),
            id="setup-py-sum-of-names",
        ),
        pytest.param(
            {
                "setup.py": 'setup(install_requires=open("requirements.txt").read().split())\n',
                "requirements.txt": "click==8.1  # pinned\n-r more.txt\n--index-url https://x\n-e .\n",
                "more.txt": "attrs\n",
            },
            ("attrs", "click==8.1", "pytest"),
            id="requirements-where-setup-py-computes",
        ),
        pytest.param(
            {
                "setup.py": "setup(install_requires=read())\n",
                "PKG-INFO": "Metadata-Version: 2.1\nName: p\nRequires-Dist: click\nRequires-Dist: x; extra == 'dev'\n",
            },
            ("click", "pytest"),
            id="published-where-setup-py-computes",
        ),
        pytest.param({"p.py": ""}, ("pytest",), id="nothing"),
        pytest.param({"pyproject.toml": "not toml ["}, ("pytest",), id="damaged"),
    ],
)
def test_what_a_project_needs(files: dict[str, str], expected: tuple[str, ...]) -> None:
    assert project_of(files).requirements == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "pyproject.toml": (
                    '[dependency-groups]\ntest = ["hypothesis", {include-group = "base"}]\nbase = ["mock"]\n'
                )
            },
            ("hypothesis", "mock"),
            id="groups-that-include",
        ),
        pytest.param(
            {
                "pyproject.toml": (
                    '[dependency-groups]\na = [{include-group = "test"}]\ntest = ["mock", {include-group = "a"}]'
                )
            },
            ("mock",),
            id="groups-in-a-circle",
        ),
        pytest.param(
            {
                "pyproject.toml": (
                    '[project]\nname = "p"\n[project.optional-dependencies]\ntests = ["mock"]\ndev = ["black"]\n'
                )
            },
            ("mock",),
            id="tests-before-dev",
        ),
        pytest.param(
            {"pyproject.toml": '[tool.poetry]\nname = "p"\n[tool.poetry.group.dev.dependencies]\nmock = "*"\n'},
            ("mock",),
            id="poetry-dev",
        ),
        pytest.param({"setup.py": 'setup(extras_require={"test": ["mock"]})\n'}, ("mock",), id="setup-py-extras"),
        pytest.param({"requirements/tests.txt": "mock\n"}, ("mock",), id="requirements-folder"),
        pytest.param({"test-requirements.txt": "mock\n"}, ("mock",), id="requirements-file"),
        pytest.param(
            {"requirements-dev.txt": "-r requirements-test.txt\n", "requirements-test.txt": "mock\n"},
            ("mock",),
            id="test-before-dev-file",
        ),
        pytest.param(
            {"tox.ini": "[tox]\nenvlist = py38\n[testenv]\ndeps =\n    mock\n    lint: flake8\n"}, ("mock",), id="tox"
        ),
        pytest.param(
            {"requirements-test.txt": "mock\ngit+https://x/y\n./local\n"}, ("mock",), id="urls-and-paths-left-out"
        ),
        pytest.param(
            {"pyproject.toml": '[project]\nname="My.P"\n[dependency-groups]\ntest = ["my-p[extra]", "mock"]\n'},
            ("mock",),
            id="the-project-itself",
        ),
    ],
)
def test_what_its_tests_need(files: dict[str, str], expected: tuple[str, ...]) -> None:
    assert project_of(files).wanted == expected


@pytest.mark.parametrize(
    ("text", "created_at", "expected"),
    [
        pytest.param('requires-python = ">=3.8"', "2024-12-01T00:00:00Z", "3.12", id="settled-not-newest"),
        pytest.param('requires-python = ">=3.8"', "2025-04-08T00:00:00Z", "3.13", id="half-a-year-later"),
        pytest.param('requires-python = ">=3.8,<3.10"', "2024-12-01T00:00:00Z", "3.9", id="upper-bound"),
        pytest.param('requires-python = ">=3.7"', "2021-01-01T00:00:00Z", "3.8", id="of-its-time"),
        pytest.param('requires-python = ">=3.13"', "2024-12-01T00:00:00Z", "3.13", id="nothing-settled"),
        pytest.param('requires-python = ">=3.14"', "2024-12-01T00:00:00Z", "", id="none-here"),
        pytest.param('requires-python = ">=3.8.1"', "2024-12-01T00:00:00Z", "3.12", id="patch-version"),
        pytest.param('classifiers = ["Programming Language :: Python :: 3.10"]', "", "3.10", id="classifier"),
        pytest.param('requires-python = "no version"', "2024-12-01T00:00:00Z", "3.12", id="damaged"),
    ],
)
def test_the_python_that_is_chosen(text: str, created_at: str, expected: str) -> None:
    assert project_of({"pyproject.toml": f'[project]\nname = "p"\n{text}\n'}, created_at).python == expected


@pytest.mark.parametrize(
    ("files", "roots", "tests"),
    [
        pytest.param({"p/__init__.py": "", "tests/test_p.py": ""}, ("",), ("tests",), id="flat"),
        pytest.param({"src/p/__init__.py": "", "test/test_p.py": ""}, ("src",), ("test",), id="src"),
        pytest.param({"src/__init__.py": "", "p_test.py": ""}, ("",), ("p_test.py",), id="src-is-a-package"),
        pytest.param(
            {"setup.cfg": "[options]\npackage_dir =\n    = code\n", "code/p.py": "", "p/tests/test_p.py": ""},
            ("code",),
            ("p/tests",),
            id="stated-root",
        ),
        pytest.param(
            {"pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["checks"]\n', "checks/test_p.py": ""},
            ("",),
            ("checks",),
            id="stated-tests",
        ),
    ],
)
def test_where_packages_and_tests_lie(files: dict[str, str], roots: tuple[str, ...], tests: tuple[str, ...]) -> None:
    project = project_of(files)
    assert (project.roots, project.test_roots) == (roots, tests)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        pytest.param({"setup.py": "setup(ext_modules=[Extension('a', ['a.c'])])"}, "setup.py has ext_modules", id="c"),
        pytest.param(
            {"pyproject.toml": '[build-system]\nbuild-backend = "maturin"\n'}, "builds with maturin", id="rust"
        ),
        pytest.param({"p/__init__.py": "", "p/fast.pyx": ""}, "p/fast.pyx has to be compiled", id="cython"),
        pytest.param({"p/__init__.py": "", "examples/fast.pyx": ""}, "", id="cython-in-an-example"),
    ],
)
def test_a_project_that_needs_a_compiler_is_told(files: dict[str, str], problem: str) -> None:
    found = project_of(files).problem
    assert problem in found if problem else not found


def test_what_tests_import_is_optional_and_only_where_it_is_known_whose_it_is() -> None:
    """The name of a module is no reason to install what somebody published under it."""
    tests = (
        "import hypothesis, yaml, p, os, somebodys_package\nfrom . import helper\n@pytest.mark.asyncio\ndef f(): ...\n"
    )
    project = project_of({"p/__init__.py": "", "tests/test_p.py": tests})
    assert project.optional == ("hypothesis", "pytest-asyncio", "pyyaml")


def test_entry_points_are_kept() -> None:
    text = (
        '[project]\nname = "p"\n[project.scripts]\nrun = "p:main"\n[project.entry-points.pytest11]\nplug = "p.plug"\n'
    )
    expected = {"console_scripts": {"run": "p:main"}, "pytest11": {"plug": "p.plug"}}
    assert project_of({"pyproject.toml": text}).entry_points == expected


def test_every_decision_says_what_it_follows_from() -> None:
    decisions = project_of({"pyproject.toml": '[project]\nname = "p"\ndependencies = ["click"]\n'}).decisions
    assert {"requirements", "python", "roots", "test requirements"} <= {d.field for d in decisions}
    assert next(d.reason for d in decisions if d.field == "requirements") == "pyproject.toml"
    assert all(d.reason for d in decisions)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("python", "3.9"),
        ("requirements", ("attrs",)),
        ("roots", ("lib",)),
        ("test_roots", ("checks",)),
    ],
)
def test_what_is_set_by_hand_replaces_what_is_found(field: str, value: Any) -> None:
    files = {"pyproject.toml": '[project]\nname = "p"\ndependencies = ["rich"]\n', "p.py": "", "tests/test_p.py": ""}
    project = project_of(files, **{field: value})
    found = getattr(project, field)
    assert found == (("attrs", "pytest") if field == "requirements" else value)
    assert [d.reason for d in project.decisions if d.field == field.replace("_", " ")] == ["repos.yaml"]


def test_requirements_of_tests_set_by_hand() -> None:
    project = project_of({"p.py": "", "requirements-test.txt": "mock\n"}, test_requirements=("hypothesis",))
    assert project.wanted == ("hypothesis",)


@pytest.mark.parametrize(
    "workflow",
    [
        pytest.param("      matrix:\n        python-version: ['3.8', '3.10']\n", id="list-in-line"),
        pytest.param("      matrix:\n        python-version:\n        - '3.8'\n        - '3.10'\n", id="list-below"),
        pytest.param("    env:\n      PYTHON_VERSION: 3.10\n", id="variable"),
        pytest.param('    - uses: actions/setup-python@v5\n      with: {python-version: "3.10"}\n', id="step"),
    ],
)
def test_a_python_that_ci_names_is_known_to_the_project(workflow: str) -> None:
    files = {"setup.py": "from setuptools import setup\nsetup(name='p')\n", "p.py": ""}
    assert project_of(files).python == "3.12"
    assert project_of({**files, ".github/workflows/tests.yml": workflow}).python == "3.10"
