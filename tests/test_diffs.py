"""What differs between two trees, and the patches that we write of it."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from hybridgym.diffs import changes, make_patch
from hybridgym.errors import UsageError
from hybridgym.patches import apply_patch
from hybridgym.snapshots import tree_id
from hybridgym.task import EXECUTABLE, LINK, Change, File, Tree
from sample_patches import TEN, after
from sample_repository import Repository, edited_trees


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    yield Repository(tmp_path_factory.mktemp("repository"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees=edited_trees())
def test_our_patches_are_taken_by_git_and_by_us(repository: Repository, trees: tuple[Tree, Tree]) -> None:
    before, now = trees
    patch = make_patch(changes(before, now)).encode()
    assert after(before, apply_patch(before, patch)) == now
    assert repository.apply(before, patch) == tree_id(now)


def test_a_patch_looks_like_one_of_git(repository: Repository) -> None:
    before: Tree = {
        "gone": File(b"x\n"),
        "link": File(b"ten", LINK),
        "my file": File(TEN + TEN),
        "run": File(b"x\n"),
        "\u00fc": File(b"x"),
    }
    now: Tree = {
        "empty": File(b""),
        "link": File(b"ten\n"),
        "my file": File(b"0\n" + TEN + TEN.replace(b"7\n", b"")),
        "run": File(b"x\n", EXECUTABLE),
        "\u00fc": File(b"y\n"),
    }
    by_git = repository.diff(before, now, "--no-renames").decode()
    without_ids = re.sub(r"^index .*\n", "", by_git, flags=re.MULTILINE)
    # What git repeats of the text before a hunk is for the eye only.
    assert make_patch(changes(before, now)) == re.sub(r"^(@@ .* @@).*$", r"\1", without_ids, flags=re.MULTILINE)


def test_far_apart_edits_of_a_long_file_stay_apart() -> None:
    lines = [f"line {number}\n".encode() for number in range(20_000)]
    now = [*lines[:10], b"new\n", *lines[10:19_000], *lines[19_001:]]
    patch = make_patch(changes({"x": File(b"".join(lines))}, {"x": File(b"".join(now))}))
    assert [line for line in patch.splitlines() if line.startswith(("+", "-", "@"))] == [
        "--- a/x",
        "+++ b/x",
        "@@ -8,6 +8,7 @@",
        "+new",
        "@@ -18998,7 +18999,6 @@",
        "-line 19000",
    ]


def test_a_file_written_anew_is_one_hunk() -> None:
    before, now = (
        {"x": File(b"".join(b"%s %d\n" % (word, number) for number in range(2_000)))} for word in (b"a", b"b")
    )
    patch = make_patch(changes(before, now))
    assert patch.count("\n@@ ") == 1
    assert after(before, apply_patch(before, patch.encode())) == now


@pytest.mark.parametrize("data", [b"caf\xe9\n", b"a\0b\n"], ids=["latin-1", "nul"])
def test_a_patch_is_made_of_text_only(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"x\.py"):
        make_patch(changes({"x.py": File(data)}, {"x.py": File(b"x\n")}))


def test_changes_are_sorted_and_complete() -> None:
    before = {"b": File(b"1"), "c": File(b"1"), "a": File(b"1")}
    now = {"d": File(b"1"), "c": File(b"1"), "b": File(b"1", EXECUTABLE)}
    assert changes(before, now) == (
        Change(path="a", before=File(b"1"), after=None),
        Change(path="b", before=File(b"1"), after=File(b"1", EXECUTABLE)),
        Change(path="d", before=None, after=File(b"1")),
    )
    assert changes(before, before) == ()
