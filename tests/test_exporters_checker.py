"""exporters/checker.py: what goes into images in which hybridgym grades."""

import json
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from io import BytesIO
from pathlib import Path

import pytest

from hybridgym.errors import UsageError
from hybridgym.exporters.checker import checker_code, checker_requirements, checker_wheels
from hybridgym.tasks import TASK_KINDS

PROGRAM = """
import json, sys
import hybridgym.check_one, hybridgym.runtimes.container, hybridgym.testbeds
from hybridgym.tasks import TASK_KINDS, kind_named
for name in TASK_KINDS:
    kind_named(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_the_code_grades_with_what_is_said_to_be_required(tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(checker_code())) as archive:
        archive.extractall(tmp_path / "code")
    known = packages_distributions()
    before = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path / "code", env={}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout)) - {name.partition(".")[0] for name in before.stdout.split()}
    # A library takes typing_extensions where it is installed, and does without.
    needed = {known[name][0] for name in loaded & known.keys()} - {"hybridgym", "typing_extensions"}
    named = {line.partition("==")[0] for line in checker_requirements().splitlines()}
    assert {name.lower().replace("_", "-") for name in needed} == named


def test_wheels_are_those_of_the_requirements(tmp_path: Path) -> None:
    for name in ("one-1.0-py3-none-any.whl", "one-1.1-py3-none-any.whl", "two_parts-2-cp311-cp311-linux_x86_64.whl"):
        (tmp_path / name).touch()
    found = checker_wheels(tmp_path, "one==1.0\ntwo-parts==2\n")
    assert [path.name for path in found] == ["one-1.0-py3-none-any.whl", "two_parts-2-cp311-cp311-linux_x86_64.whl"]
    with pytest.raises(UsageError, match="expected a wheel of three==3, found none"):
        checker_wheels(tmp_path, "three==3\n")


def test_the_code_holds_all_kinds_and_no_template() -> None:
    with zipfile.ZipFile(BytesIO(checker_code())) as archive:
        names = set(archive.namelist())
    assert {f"hybridgym/tasks/{kind}.py" for kind in TASK_KINDS} <= names
    assert not any("task_templates" in name for name in names)
