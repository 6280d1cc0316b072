"""verifiers: an installable package whose taskset is the suite."""

import re
import shutil
from pathlib import Path
from typing import ClassVar, Final

import hybridgym
from hybridgym.errors import UsageError
from hybridgym.exporters.base import NOT_OURS, Export, Exporter
from hybridgym.rows import row_files
from hybridgym.suite import ENVIRONMENTS, INFO, REJECTIONS, SOURCES
from hybridgym.task import ValidatedTask, Value
from hybridgym.tasks import TASK_KINDS

_PARTS: Final = (INFO, REJECTIONS, SOURCES, ENVIRONMENTS)
_TASKSET: Final = Path(__file__).with_name("taskset.py")
_PROJECT: Final = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "{distribution}"
version = "{version}"
description = "Skill tasks for coding agents, with their checkers"
requires-python = ">=3.11"
dependencies = ["hybridgym{extra}=={version}", "verifiers>=0.4,<0.5"]

[tool.setuptools]
packages = ["{package}"]

[tool.setuptools.package-data]
{package} = ["suite/**/*"]
"""


class VerifiersOptions(Value, frozen=True, kw_only=True):
    """What can be set."""

    package: str = "hybridgym_tasks"
    """Name of the package, and of the taskset."""


class Verifiers(Exporter):
    """Writes pyproject.toml and a package with the taskset and the suite."""

    name: ClassVar[str] = "verifiers"
    options: ClassVar[type[Value]] = VerifiersOptions

    def refusal(self, row: ValidatedTask, is_graded_by_tests: bool) -> str:
        """Refuse kinds whose checkers are elsewhere."""
        return "" if row.task_kind in TASK_KINDS else NOT_OURS

    def write(self, export: Export) -> None:
        """Write a package with a copy of the suite."""
        package = export.options.package
        if not re.fullmatch(r"[a-z][a-z0-9_]*", package):
            message = f"verifiers: package: expected the name of a Python package, found {package!r}"
            raise UsageError(message)
        extra = ""
        for task in export.tasks():
            if export.is_graded_by_tests(task.row):
                extra = "[environments]"
            # Read here, so that a suite that lacks sources or is damaged gives no package.
            assert task.source is not None
            export.keep(task.row)
        folder = export.folder / package
        folder.mkdir()
        shutil.copyfile(_TASKSET, folder / "__init__.py")
        for place in (*row_files(export.suite.folder), *(export.suite.folder / name for name in _PARTS)):
            copy = shutil.copytree if place.is_dir() else shutil.copyfile
            (folder / "suite").mkdir(exist_ok=True)
            copy(place, folder / "suite" / place.name)
        distribution, version = package.replace("_", "-"), hybridgym.__version__
        project = _PROJECT.format(distribution=distribution, package=package, version=version, extra=extra)
        (export.folder / "pyproject.toml").write_text(project, encoding="utf-8")
