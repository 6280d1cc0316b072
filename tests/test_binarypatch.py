"""Binary patches, made by git."""

import re
from collections.abc import Iterator

import pytest

from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.task import EXECUTABLE, File, Tree
from sample_patches import after
from sample_repository import Repository

BINARY = bytes(range(256)) * 8


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    yield Repository(tmp_path_factory.mktemp("repository"))


def binary_patch(repository: Repository, before: Tree, now: Tree) -> bytes:
    patch = repository.diff(before, now, "--binary")
    assert b"GIT binary patch" in patch
    return patch


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param({"x": File(BINARY)}, {"x": File(BINARY[:900] + b"\0new" + BINARY[900:])}, id="delta"),
        pytest.param({"x": File(b"\0a")}, {"x": File(b"\0b" * 70)}, id="literal"),
        pytest.param({}, {"x": File(BINARY, EXECUTABLE)}, id="new"),
        pytest.param({"x": File(BINARY)}, {}, id="deleted"),
        pytest.param({"x": File(BINARY)}, {"y/z": File(BINARY + b"end")}, id="renamed"),
    ],
)
def test_binary_patches(repository: Repository, before: Tree, now: Tree) -> None:
    patch = binary_patch(repository, before, now)
    assert after(before, apply_patch(before, patch)) == now
    assert after(before, apply_patch(before, patch.replace(b"\n", b"\r\n"))) == now
    assert after(before, apply_patch(before, patch.rstrip())) == now


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(rb"index \w+", b"index 1234567", "in full", id="short-id"),
        pytest.param(rb"index \w+", b"index " + b"1" * 40, "is for content", id="other-content"),
        pytest.param(rb"\.\.\w+", b".." + b"1" * 40, "does not make", id="other-result"),
        pytest.param(rb"literal \d+", b"literal 3", "size", id="other-size"),
        pytest.param(rb"literal \d+", b"literal 9999999999", "more than", id="bomb"),
        pytest.param(rb"literal", b"banana", "expected the size", id="other-kind"),
        pytest.param(rb"\n[A-z](\S{10})", rb"\nB\1", "length", id="line-length"),
        pytest.param(rb"\n[A-z]\S{10}", b"\nzc~~~~~~~~~", "damaged", id="line-content"),
    ],
)
def test_damaged_binary_patches(repository: Repository, old: bytes, new: bytes, reason: str) -> None:
    before = {"x": File(b"\0a")}
    patch = re.sub(old, new, binary_patch(repository, before, {"x": File(b"\0b" * 70)}), count=1)
    result = apply_patch(before, patch)
    assert isinstance(result, Refusal)
    assert reason in result.reason
