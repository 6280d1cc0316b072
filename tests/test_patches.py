"""Edits, and patches in every form in which they come, against what git makes of them."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import pygit2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hybridgym.errors import SuiteError, UsageError
from hybridgym.patches import (
    MAX_PATCH_BYTES,
    MAX_PATCH_FILES,
    Refusal,
    apply_edits,
    apply_patch,
    changes,
    invert_edits,
    make_patch,
)
from hybridgym.snapshots import tree_id
from hybridgym.task import EXECUTABLE, LINK, REGULAR, Change, Edit, File, Tree

TEN = b"".join(b"%d\n" % number for number in range(1, 11))
"""A file of ten lines, each its own number."""

TREE: Tree = {
    "b/x.py": File(b"in b\n"),
    "crlf.txt": File(b"one\r\ntwo\r\nthree\r\n"),
    "d/link": File(b"../ten", LINK),
    "empty": File(b""),
    "end": File(b"one\ntwo"),
    "latin": File(b"caf\xe9\n"),
    "my file": File(b"one\n"),
    "repeated": File(b"a\nb\nc\n" * 4),
    "run": File(b"one\n", EXECUTABLE),
    "sql": File(b"-- one\n++ two\n"),
    "stanzas": File(b"def f():\n\n\n\n"),
    "ten": File(TEN),
    "x.py": File(b"one\ntwo\nthree\n"),
    "\u00fc\n.py": File(b"one\n"),
}


def after(tree: Tree, result: tuple[Change, ...] | Refusal) -> dict[str, File]:
    assert not isinstance(result, Refusal), result.reason
    files = dict(tree)
    for change in result:
        assert change.before == tree.get(change.path)
        if change.after is None:
            del files[change.path]
        else:
            files[change.path] = change.after
    return files


def patched(patch: bytes) -> dict[str, File | None]:
    """Return what a patch changes of TREE."""
    result = apply_patch(TREE, patch)
    assert not isinstance(result, Refusal), result.reason
    assert [change.path for change in result] == sorted(change.path for change in result)
    return {change.path: change.after for change in result}


def edited(old: bytes = b"a/x.py", new: bytes = b"b/x.py", git: bytes = b"") -> bytes:
    """Write the patch that makes `two` `TWO` in x.py, under any names."""
    return git + b"--- " + old + b"\n+++ " + new + b"\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n"


X_EDITED = {"x.py": File(b"one\nTWO\nthree\n")}
GIT = b"diff --git a/x.py b/x.py\nindex 4cb29ea..0d6ad5a 100644\n"

MAIL = (
    b"From 3f786850e387550fdab836ed7e6dc881de23001b Mon Sep 17 00:00:00 2001\nFrom: A <a@example.com>\n"
    b"Date: Sat, 1 Jan 2000 00:00:00 +0000\nSubject: [PATCH] Two\n\n- a point\n+ another\n---\n x.py | 2 +-\n"
    b" 1 file changed, 1 insertion(+), 1 deletion(-)\n\n" + edited(git=GIT) + b"-- \n2.39.5\n\n"
)

ACCEPTED = [
    pytest.param(b"", {}, id="empty"),
    pytest.param(b" \n\n\t\n", {}, id="blank"),
    pytest.param(edited(git=GIT), X_EDITED, id="git"),
    pytest.param(edited(b"x.py", b"x.py", b"diff --git x.py x.py\n"), X_EDITED, id="noprefix"),
    pytest.param(edited(b"i/x.py", b"w/x.py", b"diff --git i/x.py w/x.py\n"), X_EDITED, id="mnemonic-i-w"),
    pytest.param(edited(b"c/x.py", b"i/x.py", b"diff --git c/x.py i/x.py\n"), X_EDITED, id="mnemonic-c-i"),
    pytest.param(edited(b"o/x.py", b"w/x.py", b"diff --git o/x.py w/x.py\n"), X_EDITED, id="mnemonic-o-w"),
    pytest.param(edited(), X_EDITED, id="plain"),
    pytest.param(edited(b"x.py", b"x.py"), X_EDITED, id="plain-noprefix"),
    pytest.param(edited(b"./x.py", b"./x.py"), X_EDITED, id="plain-dot"),
    pytest.param(edited(b"x.py.orig", b"x.py"), X_EDITED, id="plain-orig"),
    pytest.param(edited(b"old/x.py", b"new/x.py"), X_EDITED, id="plain-folders"),
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
        b"--- a/b/x.py\n+++ b/b/x.py\n@@ -1 +1 @@\n-in b\n+still\n", {"b/x.py": File(b"still\n")}, id="folder-named-b"
    ),
    pytest.param(
        b"--- b/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-in b\n+still\n", {"b/x.py": File(b"still\n")}, id="noprefix-folder-b"
    ),
    pytest.param(
        b"--- a/x.py\n+++ b/x.py\n@@ -3 +3,2 @@\n three\n+four\n",
        {"x.py": File(b"one\ntwo\nthree\nfour\n")},
        id="counts-left-out",
    ),
    pytest.param(
        b"--- a/my file\t\n+++ b/my file\t\n@@ -1 +1 @@\n-one\n+1\n", {"my file": File(b"1\n")}, id="blank-in-the-name"
    ),
    pytest.param(
        b"diff --git a/my file b/my file\nold mode 100644\nnew mode 100755\n",
        {"my file": File(b"one\n", EXECUTABLE)},
        id="blank-in-the-name-mode-only",
    ),
    pytest.param(
        b'diff --git "a/\\303\\274\\n.py" "b/\\303\\274\\n.py"\n--- "a/\\303\\274\\n.py"\n+++ "b/\\303\\274\\n.py"\n'
        b"@@ -1 +1 @@\n-one\n+1\n",
        {"\u00fc\n.py": File(b"1\n")},
        id="quoted-name",
    ),
    pytest.param(
        b"diff --git a/n\xc3\xbc.py b/n\xc3\xbc.py\nnew file mode 100644\n"
        b"--- /dev/null\n+++ b/n\xc3\xbc.py\n@@ -0,0 +1 @@\n+x\n",
        {"n\u00fc.py": File(b"x\n")},
        id="name-not-quoted",
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
        b"--- a/stanzas\n+++ b/stanzas\n@@ -1,4 +1,5 @@\n+# f\n def f():\n\n\n\n",
        {"stanzas": File(b"# f\ndef f():\n\n\n\n")},
        id="blank-context-stripped",
    ),
    pytest.param(
        b"--- a/stanzas\n+++ b/stanzas\n@@ -1,4 +1,5 @@\n+# f\n def f():",
        {"stanzas": File(b"# f\ndef f():\n\n\n\n")},
        id="blank-context-stripped-from-the-end",
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
    pytest.param(MAIL + MAIL.replace(b"-two\n+TWO", b"-TWO\n+two"), {}, id="mails-joined-cancel-out"),
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
        b"diff --git pkg/n pkg/n\nnew file mode 100644\n--- /dev/null\n+++ pkg/n\n@@ -0,0 +1 @@\n+x\n",
        {"pkg/n": File(b"x\n")},
        id="new-file-noprefix",
    ),
    pytest.param(
        b"diff --git a/n b/n\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n", {"n": File(b"x\n")}, id="new-file-no-mode"
    ),
    pytest.param(b"--- /dev/null\n+++ b/pkg/n\n@@ -0,0 +1 @@\n+x\n", {"pkg/n": File(b"x\n")}, id="new-file-plain"),
    pytest.param(
        b"--- /dev/null\n+++ pkg/n\n@@ -0,0 +1 @@\n+x\n", {"pkg/n": File(b"x\n")}, id="new-file-plain-noprefix"
    ),
    pytest.param(b"--- a/n\n+++ b/n\n@@ -0,0 +1 @@\n+x\n", {"n": File(b"x\n")}, id="new-file-named-on-both-sides"),
    pytest.param(
        b"--- old/n\t1970-01-01 01:00:00.000000000 +0100\n+++ new/n\t2024-01-01 10:00:00.1 +0100\n@@ -0,0 +1 @@\n+x\n",
        {"n": File(b"x\n")},
        id="new-file-diff-N",
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
        b"--- old/run\t2024-01-01 10:00:00 +0000\n+++ new/run\t1970-01-01 00:00:00.000 +0000\n@@ -1 +0,0 @@\n-one\n",
        {"run": None},
        id="deleted-diff-N",
    ),
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
        b"diff --git run sub/ran\nsimilarity index 100%\nrename from run\nrename to sub/ran\n",
        {"run": None, "sub/ran": File(b"one\n", EXECUTABLE)},
        id="rename-noprefix",
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


def created(path: str, mode: bytes = b"100644", content: bytes = b"+x\n") -> bytes:
    name = path.encode()
    return (
        b"diff --git a/%b b/%b\nnew file mode %b\n--- /dev/null\n+++ b/%b\n@@ -0,0 +1 @@\n" % (name, name, mode, name)
    ) + content


def linked(path: str, target: bytes) -> bytes:
    return created(path, b"120000", b"+" + target + b"\n\\ No newline at end of file\n")


HUNK = b"--- a/ten\n+++ b/ten\n"

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
        HUNK + b"@@ -1,2 +1,2 @@\n-1\n+x\n\\ No newline at end of file\n 2\n",
        "last one of a file",
        id="no-newline-inside",
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
        HUNK + b"@@ -1 +1 @@\n\\ No newline at end of file\n-1\n+x\n", "does not follow", id="no-newline-first"
    ),
    pytest.param(
        edited(b"a/crlf.txt", b"b/crlf.txt"), r"expected 'one.n', found 'one.r.n'", id="LF-patch-of-a-CRLF-file"
    ),
    # Headers
    pytest.param(edited(b"a/ten", b"b/ten", GIT), "contradict", id="names-disagree"),
    pytest.param(edited(git=b"diff --git a/x.py b/ten\n"), "contradict", id="rename-without-saying-so"),
    pytest.param(edited(git=b"diff --git x.py\n"), "contradict", id="one-name"),
    pytest.param(edited(git=b"diff --git " + b"a/x " * 2000 + b"\n"), "too long", id="long-header"),
    pytest.param(edited(git=GIT + b"new file mode 100644\n"), "contradict", id="new-but-named-before"),
    pytest.param(b"diff --git a/x.py b/y.py\nrename from x.py\ncopy to y.py\n", "contradict", id="rename-and-copy"),
    pytest.param(b"diff --git a/x.py b/y.py\nrename from x.py\n", "contradict", id="half-a-rename"),
    pytest.param(b"diff --git a/x.py b/z.py\nrename from x.py\nrename to y.py\n", "contradict", id="rename-elsewhere"),
    pytest.param(b"diff --git a/x.py b/x.py\nold mode 100644\nold mode 100644\n", "twice", id="header-line-twice"),
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


# Binary patches, made by git


BINARY = bytes(range(256)) * 8


def binary_patch(repository: "Repository", before: Tree, now: Tree) -> bytes:
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
def test_binary_patches(repository: "Repository", before: Tree, now: Tree) -> None:
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
def test_damaged_binary_patches(repository: "Repository", old: bytes, new: bytes, reason: str) -> None:
    before = {"x": File(b"\0a")}
    patch = re.sub(old, new, binary_patch(repository, before, {"x": File(b"\0b" * 70)}), count=1)
    result = apply_patch(before, patch)
    assert isinstance(result, Refusal)
    assert reason in result.reason


# Against git


class Repository:
    """A real repository in which trees are compared and patches applied, through an index only."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._git("init", "--quiet")
        self._objects = pygit2.Repository(str(directory))

    def diff(self, before: Tree, now: Tree, *options: str) -> bytes:
        return self._git("diff", *options, self._write(before), self._write(now)).stdout

    def apply(self, tree: Tree, patch: bytes, *options: str) -> str | None:
        """Return the id of the tree after `git apply`, or None where git refuses."""
        self._git("read-tree", self._write(tree))
        if patch and self._git("apply", "--cached", *options, "-", data=patch, check=False).returncode:
            return None
        return self._git("write-tree").stdout.decode().strip()

    def _write(self, tree: Tree) -> str:
        index = pygit2.Index()
        for path, file in tree.items():
            index.add(
                pygit2.IndexEntry(path, self._objects.create_blob(file.data), pygit2.enums.FileMode(int(file.mode, 8)))
            )
        return str(index.write_tree(self._objects))

    def _git(self, *arguments: str, data: bytes = b"", check: bool = True) -> "subprocess.CompletedProcess[bytes]":
        environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", *arguments]
        return subprocess.run(
            command, cwd=self._directory, env=environment, input=data, capture_output=True, check=check
        )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    yield Repository(tmp_path_factory.mktemp("repository"))


LINES = st.sampled_from(["a\n", "b\n", "\n", "c\r\n", " x\n", "-- y\n", "++ z\n", "\u00e9\n", "@@ -1 +1 @@\n"])
TEXTS = st.builds(
    lambda lines, whole: "".join(lines).encode() if whole else "".join(lines).rstrip("\n").encode(),
    st.lists(LINES, max_size=14),
    st.booleans(),
)
PATHS = st.sampled_from(["f", "g h", "d/x", "d/\u00e9", "d/sub/y", 'q"t', "b/a/f", "tab\tx"])
FILES = st.one_of(
    st.builds(File, TEXTS, st.sampled_from([REGULAR, EXECUTABLE])),
    st.sampled_from([File(b"target", LINK), File(b"other", LINK)]),
)
TREES = st.dictionaries(PATHS, FILES, max_size=4)
BINARIES = st.binary(min_size=1, max_size=60).map(lambda data: File(b"\0" + data))


@st.composite
def edited_trees(draw: st.DrawFn) -> tuple[Tree, Tree]:
    """Draw a tree, and the same with lines, files, modes and places changed."""
    before = draw(TREES)
    now = dict(before)
    for path, file in before.items():
        act = draw(st.sampled_from(["keep", "lines", "lines", "mode", "delete", "move", "copy"]))
        if act == "lines" and file.mode != LINK:
            lines = file.data.split(b"\n")
            place = draw(st.integers(0, len(lines)))
            lines[place : place + draw(st.integers(0, 2))] = draw(st.lists(LINES, max_size=2).map(join))
            now[path] = File(b"\n".join(lines), file.mode)
        elif act == "mode" and file.mode != LINK:
            now[path] = File(file.data, EXECUTABLE if file.mode == REGULAR else REGULAR)
        elif act in ("delete", "move"):
            del now[path]
        if act in ("move", "copy"):
            now[draw(PATHS)] = file
    if draw(st.booleans()):
        now |= draw(st.dictionaries(PATHS, FILES, max_size=2))
    return before, now


def join(lines: list[str]) -> list[bytes]:
    return [line.rstrip("\n").encode() for line in lines]


FORMS = [
    pytest.param((), (), id="default"),
    pytest.param(("-U1",), (), id="U1"),
    pytest.param(("-U0",), ("--unidiff-zero",), id="U0"),
    pytest.param(("-U20", "--patience"), (), id="U20"),
    pytest.param(("--no-prefix",), ("-p0",), id="noprefix"),
    pytest.param(("--src-prefix=i/", "--dst-prefix=w/"), (), id="mnemonic"),
    pytest.param(("-M20%", "-C20%", "--find-copies-harder"), (), id="renames-and-copies"),
]
AGAINST_GIT = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(("options", "apply_options"), FORMS)
@AGAINST_GIT
@given(trees=edited_trees(), data=st.data())
def test_a_diff_by_git_makes_what_git_makes(
    repository: Repository,
    options: tuple[str, ...],
    apply_options: tuple[str, ...],
    trees: tuple[Tree, Tree],
    data: st.DataObject,
) -> None:
    before, now = trees
    if data.draw(st.booleans()):
        now = {**now, "binary": data.draw(BINARIES)}
    patch = repository.diff(before, now, "--binary", *options)
    assert after(before, apply_patch(before, patch)) == now
    assert repository.apply(before, patch, *apply_options) == tree_id(now)


@AGAINST_GIT
@given(trees=edited_trees(), other=edited_trees())
def test_on_another_tree_a_diff_applies_where_git_applies_it(
    repository: Repository, trees: tuple[Tree, Tree], other: tuple[Tree, Tree]
) -> None:
    patch = repository.diff(*trees, "--binary")
    tree = {**other[0], **dict(list(trees[0].items())[:2])}
    result = apply_patch(tree, patch)
    expected = repository.apply(tree, patch)
    assert (None if isinstance(result, Refusal) else tree_id(after(tree, result))) == expected


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees=edited_trees())
def test_our_patches_are_taken_by_git_and_by_us(repository: Repository, trees: tuple[Tree, Tree]) -> None:
    before, now = trees
    patch = make_patch(changes(before, now)).encode()
    assert after(before, apply_patch(before, patch)) == now
    assert repository.apply(before, patch) == tree_id(now)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_crash(patch: bytes) -> None:
    result = apply_patch(TREE, patch)
    assert isinstance(result, Refusal) or result == ()


SEED_PATCHES = b"".join(param.values[0] for param in ACCEPTED if isinstance(param.values[0], bytes))


@given(st.data())
def test_damaged_patches_never_crash(data: st.DataObject) -> None:
    lines = SEED_PATCHES.split(b"\n")
    start = data.draw(st.integers(0, len(lines) - 1))
    piece = lines[start : start + data.draw(st.integers(1, 40))]
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(piece)))
        piece[place : place + data.draw(st.integers(0, 2))] = data.draw(
            st.lists(st.one_of(st.sampled_from(lines), st.binary(max_size=12)), max_size=2)
        )
    apply_patch(TREE, b"\n".join(piece))


# Patches of ours


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


# Edits


def edit(start: int, end: int, old: bytes, new: str, path: str = "x.py") -> Edit:
    return Edit(path=path, start=start, end=end, old_sha256=sha256(old).hexdigest(), new=new)


def test_edits_refer_to_the_tree_as_it_was() -> None:
    edits = [
        edit(8, 13, b"three", "3"),
        edit(0, 3, b"one", "\u00fc"),
        edit(4, 4, b"", "zwei = "),
        edit(0, 4, b"one\n", "", "my file"),
    ]
    result = apply_edits(TREE, edits)
    assert result["x.py"] == File("\u00fc\nzwei = two\n3\n".encode())
    assert result["my file"] == File(b"")
    assert {path for path in TREE if result[path] != TREE[path]} == {"x.py", "my file"}
    assert TREE["x.py"] == File(b"one\ntwo\nthree\n")


def test_edits_keep_the_mode() -> None:
    assert apply_edits(TREE, [edit(0, 3, b"one", "two", "run")])["run"] == File(b"two\n", EXECUTABLE)


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        pytest.param([edit(0, 3, b"one", "x", "nowhere")], "nowhere", id="path"),
        pytest.param([edit(0, 3, b"two", "x")], "sha256", id="other-bytes"),
        pytest.param([edit(0, 3, b"one", "x"), edit(2, 5, b"e\nt", "y")], "overlaps", id="overlap"),
        pytest.param([edit(0, 3, b"one", "x"), edit(0, 3, b"one", "x")], "overlaps", id="twice"),
        pytest.param([edit(14, 15, b"", "x")], "outside", id="beyond-the-end"),
        pytest.param([edit(3, 1, b"", "x")], "outside", id="backwards"),
        pytest.param([edit(-1, 0, b"", "x")], "outside", id="negative"),
        pytest.param([edit(0, 3, b"one", "\ud800")], "not Unicode", id="surrogate"),
    ],
)
@pytest.mark.parametrize("act", [apply_edits, invert_edits])
def test_edits_that_do_not_fit(
    act: Callable[[Tree, Sequence[Edit]], object], edits: Sequence[Edit], reason: str
) -> None:
    with pytest.raises(SuiteError, match=reason):
        act(TREE, edits)


def test_text_that_is_not_utf8_cannot_be_put_back_by_an_edit() -> None:
    with pytest.raises(SuiteError, match="latin"):
        invert_edits(TREE, [edit(3, 4, b"\xe9", "e", "latin")])


@given(st.data())
def test_inverted_edits_take_edits_back(data: st.DataObject) -> None:
    content = data.draw(st.text("ab\n", max_size=12)).encode()
    tree = {"f": File(content)}
    count = 2 * data.draw(st.integers(0, 3))
    places = sorted(data.draw(st.lists(st.integers(0, len(content)), min_size=count, max_size=count)))
    edits = [
        edit(start, end, content[start:end], data.draw(st.text("x\u00fc\n", max_size=3)), "f")
        for start, end in zip(places[::2], places[1::2], strict=True)
    ]
    result = apply_edits(tree, edits)
    assert apply_edits(result, invert_edits(tree, edits)) == tree
