"""What patches make of a tree, and the patches that must not be applied to it."""

import re
from collections.abc import Mapping

import pytest

from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.task import EXECUTABLE, LINK, File
from sample_patches import GIT, HUNK, TEN, TREE, X_EDITED, after, created, edited, linked, patched

ACCEPTED = [
    pytest.param(
        b"--- a/crlf.txt\n+++ b/crlf.txt\n@@ -1,3 +1,3 @@\n one\r\n-two\r\n+TWO\r\n three\r\n",
        {"crlf.txt": File(b"one\r\nTWO\r\nthree\r\n")},
        id="crlf-file",
    ),
    pytest.param(edited(git=GIT).replace(b"\n", b"\r\n"), X_EDITED, id="crlf-patch"),
    pytest.param(
        edited(b"a/crlf.txt", b"b/crlf.txt").replace(b"\n", b"\r\n"),
        {"crlf.txt": File(b"one\r\nTWO\r\nthree\r\n")},
        id="crlf-patch-of-crlf-file",
    ),
    pytest.param(
        b"--- a/stanzas\r\n+++ b/stanzas\r\n@@ -1,2 +1,3 @@\r\n+# f\r\n def f():\r\n\r\n",
        {"stanzas": File(b"# f\ndef f():\n\n\n\n")},
        id="crlf-patch-blank-context",
    ),
    pytest.param(
        b"--- /dev/null\r\n+++ b/new\r\n@@ -0,0 +1 @@\r\n+x\r\n", {"new": File(b"x\n")}, id="crlf-patch-new-file"
    ),
    pytest.param(
        b"--- a/ten\n+++ b/ten\n@@ -2 +2 @@\n-2\n+two\n@@ -5,0 +6,2 @@\n+a\n+b\n@@ -8 +9,0 @@\n-8\n",
        {"ten": File(b"1\ntwo\n3\n4\n5\na\nb\n6\n7\n9\n10\n")},
        id="zero-context",
    ),
    pytest.param(
        b"--- a/repeated\n+++ b/repeated\n@@ -7 +7 @@\n-a\n+A\n",
        {"repeated": File(b"a\nb\nc\na\nb\nc\nA\nb\nc\na\nb\nc\n")},
        id="zero-context-exact",
    ),
    pytest.param(
        b"--- a/ten\n+++ b/ten\n@@ -0,0 +1 @@\n+zero\n", {"ten": File(b"zero\n" + TEN)}, id="zero-context-at-the-top"
    ),
    pytest.param(
        b"--- a/ten\n+++ b/ten\n@@ -10,0 +11 @@\n+11\n", {"ten": File(TEN + b"11\n")}, id="zero-context-at-the-end"
    ),
    pytest.param(
        b"--- a/ten\n+++ b/ten\n@@ -2,3 +2,4 @@\n 4\n+x\n 5\n 6\n",
        {"ten": File(TEN.replace(b"4\n", b"4\nx\n"))},
        id="found-further-down",
    ),
    pytest.param(
        b"--- a/ten\n+++ b/ten\n@@ -700,3 +700,4 @@\n 4\n+x\n 5\n 6\n",
        {"ten": File(TEN.replace(b"4\n", b"4\nx\n"))},
        id="found-further-up",
    ),
    pytest.param(
        b"--- a/repeated\n+++ b/repeated\n@@ -6,3 +6,4 @@\n a\n+x\n b\n c\n",
        {"repeated": File(b"a\nb\nc\na\nb\nc\na\nx\nb\nc\na\nb\nc\n")},
        id="nearest-place",
    ),
    pytest.param(
        b"--- a/repeated\n+++ b/repeated\n@@ -2,2 +2,3 @@\n b\n+x\n c\n@@ -2,2 +3,3 @@\n b\n+y\n c\n",
        {"repeated": File(b"a\nb\nx\nc\na\nb\ny\nc\n" + b"a\nb\nc\n" * 2)},
        id="lines-are-taken-once",
    ),
    pytest.param(
        edited() + b"--- a/x.py\n+++ b/x.py\n@@ -1,3 +1,2 @@\n one\n-TWO\n three\n",
        {"x.py": File(b"one\nthree\n")},
        id="same-file-twice",
    ),
    pytest.param(
        b"diff --git a/n b/n\nnew file mode 100755\nindex 0000000..587be6b\n"
        b"--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n",
        {"n": File(b"x\n", EXECUTABLE)},
        id="new-file",
    ),
    pytest.param(
        b"diff --git a/n b/n\nnew file mode 100644\nindex 0000000..e69de29\n", {"n": File(b"")}, id="new-empty-file"
    ),
    pytest.param(
        b"diff --git a/n b/n\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n", {"n": File(b"x\n")}, id="new-file-no-mode"
    ),
    pytest.param(
        b"diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+x.py\n"
        b"\\ No newline at end of file\n",
        {"l": File(b"x.py", LINK)},
        id="new-link",
    ),
    pytest.param(
        b"diff --git a/my file b/my file\ndeleted file mode 100644\n"
        b"--- a/my file\t\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n",
        {"my file": None},
        id="deleted",
    ),
    pytest.param(b"--- a/my file\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n", {"my file": None}, id="deleted-plain"),
    pytest.param(
        b"diff --git a/empty b/empty\ndeleted file mode 100644\nindex e69de29..0000000\n",
        {"empty": None},
        id="deleted-empty",
    ),
    pytest.param(b"--- a/run\n+++ b/run\n@@ -1 +0,0 @@\n-one\n", {"run": File(b"", EXECUTABLE)}, id="emptied"),
    pytest.param(
        b"diff --git a/x.py b/x.py\nold mode 100644\nnew mode 100755\n",
        {"x.py": File(b"one\ntwo\nthree\n", EXECUTABLE)},
        id="mode-only",
    ),
    pytest.param(
        edited(git=b"diff --git a/x.py b/x.py\nold mode 100644\nnew mode 100755\nindex 1..2\n"),
        {"x.py": File(b"one\nTWO\nthree\n", EXECUTABLE)},
        id="mode-and-content",
    ),
    pytest.param(b"diff --git a/run b/run\nold mode 100644\nnew mode 100755\n", {}, id="mode-that-it-has-already"),
    pytest.param(
        b"diff --git a/run b/sub/ran\nsimilarity index 100%\nrename from run\nrename to sub/ran\n",
        {"run": None, "sub/ran": File(b"one\n", EXECUTABLE)},
        id="rename",
    ),
    pytest.param(
        edited(
            b"a/x.py", b"b/y.py", b"diff --git a/x.py b/y.py\nsimilarity index 60%\nrename from x.py\nrename to y.py\n"
        ),
        {"x.py": None, "y.py": File(b"one\nTWO\nthree\n")},
        id="rename-with-hunks",
    ),
    pytest.param(
        b"diff --git a/x.py b/ten\nsimilarity index 100%\nrename from x.py\nrename to ten\n"
        b"diff --git a/ten b/x.py\nsimilarity index 100%\nrename from ten\nrename to x.py\n",
        {"ten": File(b"one\ntwo\nthree\n"), "x.py": File(TEN)},
        id="names-swapped",
    ),
    pytest.param(
        edited() + b"diff --git a/x.py b/y.py\nsimilarity index 100%\nrename from x.py\nrename to y.py\n",
        {"x.py": None, "y.py": File(b"one\nTWO\nthree\n")},
        id="changed-then-renamed",
    ),
    pytest.param(
        b"diff --git a/x.py b/y.py\nrename from x.py\nrename to y.py\n"
        + edited(b"a/y.py", b"b/y.py", b"diff --git a/y.py b/y.py\n"),
        {"x.py": None, "y.py": File(b"one\nTWO\nthree\n")},
        id="renamed-then-changed",
    ),
    pytest.param(
        b"diff --git a/x.py b/y.py\nrename from x.py\nrename to y.py\n"
        b"diff --git a/y.py b/z.py\nrename from y.py\nrename to z.py\n",
        {"x.py": None, "z.py": File(b"one\ntwo\nthree\n")},
        id="renamed-twice",
    ),
    pytest.param(
        b"diff --git a/my file b/your file\nsimilarity index 100%\ncopy from my file\ncopy to your file\n",
        {"your file": File(b"one\n")},
        id="copy",
    ),
    pytest.param(
        edited(git=GIT) + b"diff --git a/x.py b/y.py\nsimilarity index 100%\ncopy from x.py\ncopy to y.py\n",
        X_EDITED | {"y.py": File(b"one\ntwo\nthree\n")},
        id="copy-of-what-was-there-before",
    ),
    pytest.param(
        b"diff --git a/d/link b/d/link\ndeleted file mode 120000\n--- a/d/link\n+++ /dev/null\n@@ -1 +0,0 @@\n-../ten\n"
        b"\\ No newline at end of file\n"
        b"diff --git a/d/link b/d/link\nnew file mode 100644\n--- /dev/null\n+++ b/d/link\n@@ -0,0 +1 @@\n+x\n",
        {"d/link": File(b"x\n")},
        id="link-becomes-file",
    ),
    pytest.param(
        b"--- a/run\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n--- /dev/null\n+++ b/run/x\n@@ -0,0 +1 @@\n+x\n",
        {"run": None, "run/x": File(b"x\n")},
        id="file-becomes-folder",
    ),
]


@pytest.mark.parametrize(("patch", "files"), ACCEPTED)
def test_accepted(patch: bytes, files: Mapping[str, File | None]) -> None:
    assert patched(patch) == files


REFUSED = [
    # Paths
    pytest.param(edited(b"/x.py", b"/x.py"), "absolute", id="absolute"),
    pytest.param(edited(b"a//x.py", b"b//x.py"), "absolute", id="absolute-behind-a-prefix"),
    pytest.param(edited(b"../x.py", b"../x.py"), r"'\.\.'", id="parent"),
    pytest.param(edited(b"a/../x.py", b"b/../x.py"), r"'\.\.'", id="parent-behind-a-prefix"),
    pytest.param(created("d/../../n"), r"'\.\.'", id="parent-inside"),
    pytest.param(created(".git/config"), "git keeps", id="git"),
    pytest.param(created("sub/.Git/hooks/pre-commit"), "git keeps", id="git-in-capitals"),
    pytest.param(edited(b".git/x.py", b".git/x.py"), "git keeps", id="git-as-prefix"),
    pytest.param(created("n\0x"), "NUL", id="nul"),
    pytest.param(edited(b'"a/x\\000.py"', b'"b/x\\000.py"'), "NUL", id="nul-quoted"),
    pytest.param(created("d/link/n"), "a file .or a link. and a folder", id="through-a-link"),
    pytest.param(created("x.py/n"), "a file .or a link. and a folder", id="through-a-file"),
    pytest.param(created("d"), "a file .or a link. and a folder", id="over-a-folder"),
    pytest.param(created("x.py"), "exists", id="create-existing"),
    pytest.param(created("n") + created("n"), "exists", id="create-twice"),
    pytest.param(edited(b"a/nowhere.py", b"b/nowhere.py"), "no such file", id="missing-file"),
    pytest.param(b"diff --git a/nowhere.py b/nowhere.py\n", "no such file", id="missing-file-touched"),
    pytest.param(b"diff --git a/n b/m\nrename from n\nrename to m\n", "no file n to rename", id="missing-file-renamed"),
    pytest.param(b"diff --git a/x.py b/ten\nrename from x.py\nrename to ten\n", "exists", id="rename-over-a-file"),
    pytest.param(b"diff --git a/x.py b/ten\ncopy from x.py\ncopy to ten\n", "exists", id="copy-over-a-file"),
    pytest.param(linked("l", b"/etc/passwd"), "absolute", id="link-absolute"),
    pytest.param(linked("l", b"../x"), "outside", id="link-out"),
    pytest.param(
        b"diff --git a/d/link b/d/link\n--- a/d/link\n+++ b/d/link\n@@ -1 +1 @@\n"
        b"-../ten\n\\ No newline at end of file\n"
        b"+../../ten\n\\ No newline at end of file\n",
        "outside",
        id="link-changed-to-lead-out",
    ),
    pytest.param(
        b"diff --git a/d/link b/l\nsimilarity index 100%\nrename from d/link\nrename to l\n",
        "outside",
        id="link-moved-out",
    ),
    # Modes
    pytest.param(created("n", b"160000"), "160000", id="submodule"),
    pytest.param(created("n", b"040000"), "040000", id="folder"),
    pytest.param(created("n", b"banana"), "banana", id="mode-garbage"),
    pytest.param(
        b"diff --git a/x.py b/x.py\nold mode 100644\nnew mode 120000\n", "deletion and a creation", id="type-change"
    ),
    pytest.param(b"diff --git a/x.py b/x.py\nold mode 120000\nnew mode 120000\n", "has mode 100644", id="wrong-type"),
    pytest.param(b"diff --git a/x.py b/x.py\nnew mode 100755\n", "contradicts", id="half-a-mode-change"),
    # Hunks
    pytest.param(edited().replace(b" one", b" eins"), "line 1: expected 'eins.n', found 'one", id="context"),
    pytest.param(edited().replace(b"-two", b"-zwei"), "line 2: expected 'zwei", id="removed-line"),
    pytest.param(edited().replace(b"\n three", b" \n three "), "line 3: expected 'three ", id="blank-at-the-end"),
    pytest.param(edited()[:-7], "line 3: expected", id="cut-off"),
    pytest.param(HUNK + b"@@ -1,2 +1,3 @@\n 2\n+x\n 3\n", "does not match", id="not-at-the-beginning"),
    pytest.param(HUNK + b"@@ -3,2 +3,3 @@\n 3\n 4\n+x\n", "beginning or the end", id="not-at-the-end"),
    pytest.param(
        HUNK + b"@@ -8,2 +8,3 @@\n 8\n+x\n 9\n@@ -8,2 +8,3 @@\n 8\n+y\n 9\n", "does not match", id="overlapping-hunks"
    ),
    pytest.param(HUNK + b"@@ -2 +2 @@\n-3\n+x\n", "line 2: expected", id="zero-context-at-another-line"),
    pytest.param(HUNK + b"@@ -40,0 +41 @@\n+x\n", "does not match", id="zero-context-beyond-the-end"),
    pytest.param(
        b"diff --git a/ten b/ten\nindex 4cb29ea..0d6ad5a 100644\n" + HUNK + b"@@ -1 +1 @@\n-1\n+x\n",
        "does not match",
        id="whole-file-of-other-content",
    ),
    pytest.param(
        HUNK + b"@@ -2 +2 @@\n-2\n+x\n\\ No newline at end of file\n", "before another", id="no-newline-mid-file"
    ),
    pytest.param(
        b"--- a/end\n+++ b/end\n@@ -2,0 +3 @@\n+three\n", "before another", id="addition-after-a-line-without-newline"
    ),
    pytest.param(
        b"--- a/end\n+++ b/end\n@@ -1,2 +1,3 @@\n one\n two\n+three\n",
        "expected 'two.n', found 'two'",
        id="newline-not-there",
    ),
    pytest.param(
        edited(b"a/crlf.txt", b"b/crlf.txt"), r"expected 'one.n', found 'one.r.n'", id="LF-patch-of-a-CRLF-file"
    ),
    # Headers
    pytest.param(edited(git=GIT + b"new file mode 100644\n"), "contradict", id="new-but-named-before"),
    pytest.param(GIT, "neither hunks nor binary data", id="content-missing"),
    pytest.param(
        b"diff --git a/n b/n\nnew file mode 100644\nindex 0000000..587be6b\n", "neither hunks", id="new-content-missing"
    ),
    pytest.param(
        b"diff --git a/x.py b/x.py\ndeleted file mode 100644\n", "leave some", id="deleted-without-its-content"
    ),
    pytest.param(
        b"--- a/x.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n",
        "does not match|leave some",
        id="deleted-other-content",
    ),
    pytest.param(b"--- /dev/null\n+++ /dev/null\n@@ -0,0 +1 @@\n+x\n", "contradicts", id="no-name"),
    # Transport
    pytest.param(
        b"--- a/mixed\r\n+++ b/mixed\r\n@@ -3,3 +3,3 @@\r\n a\r\n-b\r\n+B\r\n c\r\n",
        "no such file",
        id="crlf-missing-file",
    ),
]


@pytest.mark.parametrize(("patch", "reason"), REFUSED)
def test_refused(patch: bytes, reason: str) -> None:
    result = apply_patch(TREE, patch)
    assert isinstance(result, Refusal)
    assert re.search(reason, result.reason), result.reason


def test_a_crlf_patch_that_fits_twice_is_refused() -> None:
    tree = {"mixed": File(b"a\r\nb\na\nb\r\n")}
    patch = b"--- a/mixed\r\n+++ b/mixed\r\n@@ -1 +1 @@\r\n-a\r\n+A\r\n"
    assert after(tree, apply_patch(tree, patch)) == {"mixed": File(b"A\r\nb\na\nb\r\n")}
    # An addition without context does not say which line ends it wants.
    patch = b"--- a/mixed\r\n+++ b/mixed\r\n@@ -1,0 +2 @@\r\n+A\r\n"
    result = apply_patch(tree, patch)
    assert isinstance(result, Refusal)
    assert "with and without" in result.reason


def test_refusals_say_where_in_the_patch_and_which_file() -> None:
    result = apply_patch(TREE, edited() + edited(b"a/ten", b"b/ten"))
    assert isinstance(result, Refusal)
    assert result.reason == (
        "patch line 8, ten: the hunk at patch line 10 does not match the file; line 1: expected 'one\\n', found '1\\n'"
    )


def test_a_refused_diff_leaves_nothing_of_the_others() -> None:
    assert isinstance(apply_patch(TREE, edited() + edited()), Refusal)
