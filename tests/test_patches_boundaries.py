"""Patches at the edge of what is taken: each row holds one condition of the application in its place."""

import re
from collections.abc import Mapping

import pytest

from hybridgym.patches import apply_patch
from hybridgym.refusals import MAX_PATCH_BYTES, Refusal
from hybridgym.snapshots import blob_id
from hybridgym.task import File
from sample_patches import HUNK, TEN, TREE, X_EDITED, created, edited, patched

ABC = b"a\nb\nc\n"
LAST_FIRST = b"@@ -10,3 +10,4 @@\n a\n+x\n b\n c\n@@ -1,3 +1,4 @@\n a\n+y\n b\n c\n"

# Content of a file, hunks of it, and what they make of it or why they are refused.
PLACES = [
    pytest.param(
        ABC * 4,
        b"@@ -4,3 +4,4 @@\n a\n+x\n b\n c\n@@ -5,3 +6,4 @@\n b\n c\n+y\n a\n",
        ABC + b"a\nx\nb\nc\na\nb\nc\ny\na\nb\nc\n",
        id="context-is-taken-once",
    ),
    pytest.param(
        ABC * 4 + b"end\n",
        LAST_FIRST,
        b"a\ny\nb\nc\n" + ABC * 2 + b"a\nx\nb\nc\nend\n",
        id="later-hunk-further-up",
    ),
    pytest.param(
        ABC * 4 + b"end\n",
        LAST_FIRST + b"@@ -12,2 +14,3 @@\n c\n+z\n end\n",
        "does not match",
        id="taken-lines-stay-taken-below-a-later-hunk",
    ),
    pytest.param(
        b"0\na\nb\n1\n2\na\nb\n3\n",
        b"@@ -4,2 +4,3 @@\n a\n+x\n b\n",
        b"0\na\nb\n1\n2\na\nx\nb\n3\n",
        id="of-two-nearest-places-the-lower",
    ),
    pytest.param(
        TEN,
        b"@@ -2,3 +2,4 @@\n 8\n+x\n 9\n 10\n",
        TEN.replace(b"8\n", b"8\nx\n"),
        id="found-at-the-last-place",
    ),
    pytest.param(TEN, b"@@ -1,2 +3,3 @@\n 3\n+x\n 4\n", "does not match", id="old-side-at-the-beginning"),
    pytest.param(TEN, b"@@ -1,2 +1,3 @@\n 9\n+x\n 10\n", "does not match", id="beginning-found-at-the-end"),
    pytest.param(TEN, b"@@ -1 +0 @@\n-1\n+x\n", TEN.replace(b"1\n", b"x\n", 1), id="new-side-counted-from-zero"),
    pytest.param(b"", b"@@ -3,0 +4 @@\n+x\n", b"x\n", id="addition-to-nothing-at-another-line"),
    pytest.param(
        TEN,
        b"@@ -2 +2 @@\n-2\n+two\n@@ -5,3 +5,4 @@\n 5\n+x\n 6\n 7\n",
        TEN.replace(b"2\n", b"two\n").replace(b"5\n", b"5\nx\n"),
        id="one-hunk-without-context",
    ),
    pytest.param(
        TEN,
        b"@@ -2 +2 @@\n-2\n+two\n@@ -4,2 +4,3 @@\n 4\n 5\n+x\n",
        "beginning or the end",
        id="half-a-context-beside-none",
    ),
    pytest.param(
        TEN,
        b"@@ -2 +2 @@\n-2\n+two\n@@ -1,2 +6,3 @@\n+x\n 6\n 7\n",
        "does not match",
        id="lower-half-of-a-context-beside-none",
    ),
    pytest.param(TEN, b"@@ -0,2 +0,3 @@\n 2\n+x\n 3\n", "line 1: expected '2", id="old-side-counted-from-zero"),
    pytest.param(TEN, b"@@ -10,2 +10,1 @@\n 10\n-11\n", "found 'the end of the file'", id="longer-than-the-file"),
    pytest.param(b"1\n2\n3\n4", b"@@ -1,2 +1,2 @@\n-1\n+x\n 2\n", b"x\n2\n3\n4", id="far-from-an-end-without-newline"),
    pytest.param(
        TEN, b"@@ -1 +1 @@\n-1\n+x\n\\ No newline at end of file\n", "before another", id="no-newline-in-the-first-line"
    ),
    pytest.param(b"one\ntwo\n", b"@@ -2 +2 @@\n-two\n+TWO\r\n", b"one\nTWO\r\n", id="CR-that-the-patch-adds"),
]


@pytest.mark.parametrize(("before", "hunks", "result"), PLACES)
def test_place(before: bytes, hunks: bytes, result: bytes | str) -> None:
    changes = apply_patch({"f": File(before)}, b"--- a/f\n+++ b/f\n" + hunks)
    if isinstance(result, str):
        assert isinstance(changes, Refusal)
        assert re.search(result, changes.reason), changes.reason
    else:
        assert not isinstance(changes, Refusal), changes.reason
        assert [change.after for change in changes] == [File(result)]


@pytest.mark.parametrize(
    ("hunk", "expected"),
    [
        pytest.param(b"@@ -3 +3 @@\r\n-a\r\n+A\r\n", b"a\r\nb\nA\nb\r\n", id="fits-without-CR"),
        pytest.param(b"@@ -3 +3 @@\r\n-a\n+A\n", b"a\r\nb\nA\nb\r\n", id="CRLF-in-the-header-only"),
    ],
)
def test_a_crlf_patch_of_a_file_with_both_line_ends(hunk: bytes, expected: bytes) -> None:
    changes = apply_patch({"f": File(b"a\r\nb\na\nb\r\n")}, b"--- a/f\r\n+++ b/f\r\n" + hunk)
    assert not isinstance(changes, Refusal), changes.reason
    assert [change.after for change in changes] == [File(expected)]


def renamed(old: str, new: str, word: str = "rename") -> bytes:
    return f"diff --git a/{old} b/{new}\n{word} from {old}\n{word} to {new}\n".encode()


# The file is no link.
DELETED = (
    b"diff --git a/x.py b/x.py\ndeleted file mode 120000\n--- a/x.py\n+++ /dev/null\n"
    b"@@ -1,3 +0,0 @@\n-one\n-two\n-three\n"
)
ACCEPTED = [
    pytest.param(
        b"diff --git a/ten b/ten\nindex %b..0d6ad5a 100644\n" % blob_id(TEN)[:7].encode()
        + HUNK
        + b"@@ -2 +2 @@\n-2\n+two\n",
        {"ten": File(TEN.replace(b"2\n", b"two\n"))},
        id="without-context-for-this-content",
    ),
    pytest.param(edited(b"p/x.py", b"p/x.py"), X_EDITED, id="equal-names-with-a-prefix"),
    pytest.param(
        b"--- /dev/null\n+++ p/x.py\n@@ -0,0 +1 @@\n+x\n", {"p/x.py": File(b"x\n")}, id="new-file-named-like-another"
    ),
    pytest.param(b"diff --git a/x.py b/x.py\nindex 4cb29ea..4cb29ea 100644\n", {}, id="same-id-no-content"),
    pytest.param(created("n", b"100655"), {"n": File(b"x\n")}, id="executable-for-others-only"),
    pytest.param(b"--- /dev/null\n+++ b/p//n\n@@ -0,0 +1 @@\n+x\n", {"p/n": File(b"x\n")}, id="two-slashes"),
    pytest.param(
        DELETED.replace(b"120000", b"100644") + renamed("x.py", "y.py"),
        {"x.py": None, "y.py": File(b"one\ntwo\nthree\n")},
        id="deleted-then-renamed",
    ),
]


@pytest.mark.parametrize(("patch", "files"), ACCEPTED)
def test_accepted(patch: bytes, files: Mapping[str, File | None]) -> None:
    assert patched(patch) == files


REFUSED = [
    pytest.param(b"x" * MAX_PATCH_BYTES, "no diff", id="as-long-as-allowed"),
    pytest.param(
        b"--- a/new\n+++ b/new\n@@ -0,0 +1 @@\n+x\n@@ -1,0 +2 @@\n+y\n", "no such file", id="half-a-silent-creation"
    ),
    pytest.param(
        renamed("x.py", "y.py") + renamed("ten", "x.py") + created("x.py"), "exists", id="place-taken-by-a-rename"
    ),
    pytest.param(
        renamed("x.py", "y.py", "copy") + renamed("ten", "x.py"), "exists", id="place-of-a-file-that-was-copied"
    ),
    pytest.param(
        b"diff --git a/x.py b/x.py\nindex 4cb29ea..e69de29 100644\n", "neither hunks", id="emptied-without-hunks"
    ),
    pytest.param(
        b"diff --git a/empty b/empty\nindex e69de29..0d6ad5a 100644\n", "neither hunks", id="filled-without-hunks"
    ),
    pytest.param(
        b"diff --git a/x.py b/x.py\ndeleted file mode 100644\nindex 4cb29ea..0000000\n",
        "neither hunks",
        id="deleted-without-hunks",
    ),
    pytest.param(renamed("x.py", "y.py") + b"new file mode 100644\n", "contradicts", id="renamed-and-new"),
    pytest.param(renamed("x.py", "y.py") + b"copy from x.py\ncopy to y.py\n", "contradicts", id="renamed-and-copied"),
    pytest.param(
        b"diff --git a/x.py b/x.py\nrename from x.py\ncopy to x.py\n", "contradicts", id="half-renamed-half-copied"
    ),
    pytest.param(
        DELETED,
        "has mode 100644",
        id="deleted-as-a-link",
    ),
]


@pytest.mark.parametrize(("patch", "reason"), REFUSED)
def test_refused(patch: bytes, reason: str) -> None:
    result = apply_patch(TREE, patch)
    assert isinstance(result, Refusal)
    assert re.search(reason, result.reason), result.reason


def test_what_all_diffs_make_is_limited_together() -> None:
    tree = {"0": File(b"x" * 20_000_000)}
    renames = [renamed(str(number), str(number + 1)) for number in range(11)]
    assert not isinstance(apply_patch(tree, b"".join(renames[:10])), Refusal)
    result = apply_patch(tree, b"".join(renames))
    assert isinstance(result, Refusal)
    assert "more than 200000000 bytes" in result.reason


def test_the_search_for_all_hunks_is_limited_together() -> None:
    tree = {"f": File(b"\n" * 900_000 + b"".join(b"%d\nend\n" % number for number in range(6)))}
    hunks = [b"@@ -9,2 +9,3 @@\n %d\n+x\n end\n" % number for number in range(6)]
    head = b"--- a/f\n+++ b/f\n"
    assert not isinstance(apply_patch(tree, head + b"".join(hunks[:5])), Refusal)
    result = apply_patch(tree, head + b"".join(hunks))
    assert isinstance(result, Refusal)
    assert "too many hunks" in result.reason
