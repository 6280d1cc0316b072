"""The names in the headers of diffs: with any prefix or none, quoted or not, and names that contradict each other."""

import re
from collections.abc import Mapping

import pytest

from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.task import EXECUTABLE, File
from sample_patches import GIT, TREE, X_EDITED, edited, patched

ACCEPTED = [
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
        b"--- a/b/x.py\n+++ b/b/x.py\n@@ -1 +1 @@\n-in b\n+still\n", {"b/x.py": File(b"still\n")}, id="folder-named-b"
    ),
    pytest.param(
        b"--- b/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-in b\n+still\n", {"b/x.py": File(b"still\n")}, id="noprefix-folder-b"
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
        b"diff --git pkg/n pkg/n\nnew file mode 100644\n--- /dev/null\n+++ pkg/n\n@@ -0,0 +1 @@\n+x\n",
        {"pkg/n": File(b"x\n")},
        id="new-file-noprefix",
    ),
    pytest.param(b"--- /dev/null\n+++ b/pkg/n\n@@ -0,0 +1 @@\n+x\n", {"pkg/n": File(b"x\n")}, id="new-file-plain"),
    pytest.param(
        b"--- /dev/null\n+++ pkg/n\n@@ -0,0 +1 @@\n+x\n", {"pkg/n": File(b"x\n")}, id="new-file-plain-noprefix"
    ),
    pytest.param(b"--- a/n\n+++ b/n\n@@ -0,0 +1 @@\n+x\n", {"n": File(b"x\n")}, id="new-file-named-on-both-sides"),
    pytest.param(
        b"diff --git run sub/ran\nsimilarity index 100%\nrename from run\nrename to sub/ran\n",
        {"run": None, "sub/ran": File(b"one\n", EXECUTABLE)},
        id="rename-noprefix",
    ),
]


@pytest.mark.parametrize(("patch", "files"), ACCEPTED)
def test_accepted(patch: bytes, files: Mapping[str, File | None]) -> None:
    assert patched(patch) == files


REFUSED = [
    pytest.param(edited(b"a/ten", b"b/ten", GIT), "contradict", id="names-disagree"),
    pytest.param(edited(git=b"diff --git a/x.py b/ten\n"), "contradict", id="rename-without-saying-so"),
    pytest.param(edited(git=b"diff --git x.py\n"), "contradict", id="one-name"),
    pytest.param(b"diff --git a/x.py b/y.py\nrename from x.py\ncopy to y.py\n", "contradict", id="rename-and-copy"),
    pytest.param(b"diff --git a/x.py b/y.py\nrename from x.py\n", "contradict", id="half-a-rename"),
    pytest.param(b"diff --git a/x.py b/z.py\nrename from x.py\nrename to y.py\n", "contradict", id="rename-elsewhere"),
]


@pytest.mark.parametrize(("patch", "reason"), REFUSED)
def test_refused(patch: bytes, reason: str) -> None:
    result = apply_patch(TREE, patch)
    assert isinstance(result, Refusal)
    assert re.search(reason, result.reason), result.reason
