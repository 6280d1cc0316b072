"""The text of a patch: what stands around its diffs, and texts that cannot be read."""

import re
from collections.abc import Mapping

import pytest

from hybridgym.patches import apply_patch
from hybridgym.refusals import MAX_PATCH_BYTES, MAX_PATCH_FILES, Refusal
from hybridgym.task import File
from sample_patches import GIT, HUNK, TEN, TREE, X_EDITED, created, edited, patched

MAIL = (
    b"From 3f786850e387550fdab836ed7e6dc881de23001b Mon Sep 17 00:00:00 2001\nFrom: A <a@example.com>\n"
    b"Date: Sat, 1 Jan 2000 00:00:00 +0000\nSubject: [PATCH] Two\n\n- a point\n+ another\n---\n x.py | 2 +-\n"
    b" 1 file changed, 1 insertion(+), 1 deletion(-)\n\n" + edited(git=GIT) + b"-- \n2.39.5\n\n"
)

ACCEPTED = [
    pytest.param(b"", {}, id="empty"),
    pytest.param(b" \n\n\t\n", {}, id="blank"),
    pytest.param(
        edited(b"a/x.py\t2024-01-01 10:00:00.123456789 +0100", b"b/x.py\t2024-01-01 10:00:01 +0100"),
        X_EDITED,
        id="timestamps",
    ),
    pytest.param(
        edited(b"x.py 2024-01-01 10:00:00 +0100", b"x.py 2024-01-01 10:00:01 +0100"), X_EDITED, id="blank-time"
    ),
    pytest.param(b"diff -ru old/x.py new/x.py\n" + edited(b"old/x.py", b"new/x.py"), X_EDITED, id="diff-command-line"),
    pytest.param(b"Index: x.py\n" + b"=" * 67 + b"\n" + edited(b"x.py", b"x.py"), X_EDITED, id="svn"),
    pytest.param(edited(git=GIT)[:-1], X_EDITED, id="no-final-newline"),
    pytest.param(MAIL, X_EDITED, id="mail"),
    pytest.param(MAIL.rstrip(), X_EDITED, id="mail-stripped"),
    pytest.param(b"Here is my patch:\n\n- it is short\n```diff\n" + edited() + b"```\nDone.\n", X_EDITED, id="prose"),
    pytest.param(edited().replace(b"@@ -1,3 +1,3 @@", b"@@ -1,3 +1,3 @@ def f():"), X_EDITED, id="hunk-heading"),
    pytest.param(
        b"--- a/x.py\n+++ b/x.py\n@@ -3 +3,2 @@\n three\n+four\n",
        {"x.py": File(b"one\ntwo\nthree\nfour\n")},
        id="counts-left-out",
    ),
    pytest.param(
        b"--- a/latin\n+++ b/latin\n@@ -1 +1,2 @@\n caf\xe9\n+th\xe9\n",
        {"latin": File(b"caf\xe9\nth\xe9\n")},
        id="not-UTF-8",
    ),
    pytest.param(
        b"--- a/sql\n+++ b/sql\n@@ -1,2 +1,2 @@\n--- one\n-++ two\n+-- ONE\n+++ TWO\n",
        {"sql": File(b"-- ONE\n++ TWO\n")},
        id="content-like-headers",
    ),
    pytest.param(
        b"--- a/ten\n+++ b/ten\n@@ -1,2 +1,3 @@\n 1\n+\x0c\r+++ b/y\xe2\x80\xa8@@ -1 +1 @@\n 2\n",
        {"ten": File(TEN.replace(b"2\n", b"\x0c\r+++ b/y\xe2\x80\xa8@@ -1 +1 @@\n2\n", 1))},
        id="only-newlines-split",
    ),
    pytest.param(
        b"--- a/end\n+++ b/end\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n",
        {"end": File(b"one\ntwo\n")},
        id="newline-added",
    ),
    pytest.param(
        b"--- a/x.py\n+++ b/x.py\n@@ -2,2 +2,2 @@\n two\n-three\n+three\n\\ Kein Zeilenumbruch am Dateiende.\n",
        {"x.py": File(b"one\ntwo\nthree")},
        id="newline-removed",
    ),
    pytest.param(
        b"--- a/end\n+++ b/end\n@@ -1,2 +1,3 @@\n+zero\n one\n two\n\\ No newline at end of file",
        {"end": File(b"zero\none\ntwo")},
        id="newline-missing-in-both",
    ),
    pytest.param(
        b"--- a/stanzas\n+++ b/stanzas\n@@ -1,4 +1,5 @@\n+# f\n def f():\n\n\n\n",
        {"stanzas": File(b"# f\ndef f():\n\n\n\n")},
        id="blank-context-stripped",
    ),
    pytest.param(
        b"--- a/stanzas\n+++ b/stanzas\n@@ -1,4 +1,5 @@\n+# f\n def f():",
        {"stanzas": File(b"# f\ndef f():\n\n\n\n")},
        id="blank-context-stripped-from-the-end",
    ),
    pytest.param(MAIL + MAIL.replace(b"-two\n+TWO", b"-TWO\n+two"), {}, id="mails-joined-cancel-out"),
    pytest.param(
        b"--- old/n\t1970-01-01 01:00:00.000000000 +0100\n+++ new/n\t2024-01-01 10:00:00.1 +0100\n@@ -0,0 +1 @@\n+x\n",
        {"n": File(b"x\n")},
        id="new-file-diff-N",
    ),
    pytest.param(
        b"--- old/run\t2024-01-01 10:00:00 +0000\n+++ new/run\t1970-01-01 00:00:00.000 +0000\n@@ -1 +0,0 @@\n-one\n",
        {"run": None},
        id="deleted-diff-N",
    ),
    pytest.param(b"diff --git a/x.py b/x.py\n", {}, id="touched-file"),
    pytest.param(
        b"diff --git a/x.py b/x.py\ndiff --git a/ten b/ten\n--- a/ten\n+++ b/ten\n@@ -1,3 +1,3 @@\n 1\n-2\n+II\n 3\n",
        {"ten": File(TEN.replace(b"2\n", b"II\n"))},
        id="touched-file-before-another",
    ),
]


@pytest.mark.parametrize(("patch", "files"), ACCEPTED)
def test_accepted(patch: bytes, files: Mapping[str, File | None]) -> None:
    assert patched(patch) == files


REFUSED = [
    pytest.param(b"I changed x.py.\n", "no diff", id="prose"),
    pytest.param(
        b"*** Begin Patch\n*** Update File: x.py\n-two\n+TWO\n*** End Patch\n", "no diff", id="another-format"
    ),
    pytest.param(b"x" * (MAX_PATCH_BYTES + 1), "more than 10000000 bytes", id="huge"),
    pytest.param(b"\n" * 1_000_001 + b"x", "1000000 lines", id="many-lines"),
    pytest.param(
        b"".join(created(f"n{number}") for number in range(MAX_PATCH_FILES + 1)),
        "more than 1000 files",
        id="many-files",
    ),
    pytest.param(edited()[: edited().index(b"+TWO")], "counts", id="cut-off-before-the-addition"),
    pytest.param(edited().replace(b"-1,3", b"-1,4"), "counts", id="more-lines-counted"),
    pytest.param(edited().replace(b"-1,3 +1,3", b"-1,2 +1,2"), "counts fewer", id="fewer-lines-counted"),
    pytest.param(edited() + b"+four\n", "counts fewer", id="line-after-the-hunk"),
    pytest.param(edited() + b"\n\n-- \n+four\n", "counts fewer", id="line-after-blank-lines"),
    pytest.param(edited().replace(b" three", b"three"), "counts", id="mark-lost"),
    pytest.param(edited().replace(b"@@ -1,3 +1,3 @@", b"@@ ... @@"), "belongs to a diff", id="hunk-without-numbers"),
    pytest.param(edited() + b"@@ whatever @@\n", "header of a hunk", id="second-hunk-without-numbers"),
    pytest.param(edited(git=GIT) + b"@@ -9999999999 +1 @@\n-x\n", "header of a hunk", id="numbers-too-long"),
    pytest.param(HUNK + b"@@ -1,2 +1,2 @@\n 1\n 2\n", "changes nothing", id="hunk-without-change"),
    pytest.param(HUNK, "belongs to a diff", id="names-without-hunk"),
    pytest.param(GIT + HUNK.replace(b"ten", b"x.py"), "expected a hunk", id="git-names-without-hunk"),
    pytest.param(b"@@ -1 +1 @@\n-1\n+2\n", "belongs to a diff", id="hunk-without-names"),
    pytest.param(
        HUNK + b"@@ -1,2 +1,2 @@\n-1\n+x\n\\ No newline at end of file\n 2\n",
        "last one of a file",
        id="no-newline-inside",
    ),
    pytest.param(
        HUNK + b"@@ -1 +1 @@\n\\ No newline at end of file\n-1\n+x\n", "does not follow", id="no-newline-first"
    ),
    pytest.param(edited(git=b"diff --git " + b"a/x " * 2000 + b"\n"), "too long", id="long-header"),
    pytest.param(b"diff --git a/x.py b/x.py\nold mode 100644\nold mode 100644\n", "twice", id="header-line-twice"),
    pytest.param(edited() + b"rename from x.py\nrename to y.py\n", "belongs to a diff", id="stray-rename"),
    pytest.param(edited() + b"new file mode 100644\n", "belongs to a diff", id="stray-mode"),
    pytest.param(
        b"diff --cc x.py\nindex 1,2..3\n--- a/x.py\n+++ b/x.py\n@@@ -1,1 -1,1 +1,1 @@@\n", "belongs", id="combined"
    ),
    pytest.param(
        b"*** a/x.py\n--- b/x.py\n***************\n*** 1,3 ****\n! two\n", "belongs to a diff", id="context-diff"
    ),
    pytest.param(
        b"diff --git a/x.py b/x.py\nindex 1234567..89abcde 100644\nBinary files a/x.py and b/x.py differ\n",
        "does not hold the content",
        id="binary-without-data",
    ),
]


@pytest.mark.parametrize(("patch", "reason"), REFUSED)
def test_refused(patch: bytes, reason: str) -> None:
    result = apply_patch(TREE, patch)
    assert isinstance(result, Refusal)
    assert re.search(reason, result.reason), result.reason
