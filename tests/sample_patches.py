"""A tree, and patches of it: what the tests of patches share."""

from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.task import EXECUTABLE, LINK, Change, File, Tree

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
HUNK = b"--- a/ten\n+++ b/ten\n"


def created(path: str, mode: bytes = b"100644", content: bytes = b"+x\n") -> bytes:
    name = path.encode()
    return (
        b"diff --git a/%b b/%b\nnew file mode %b\n--- /dev/null\n+++ b/%b\n@@ -0,0 +1 @@\n" % (name, name, mode, name)
    ) + content


def linked(path: str, target: bytes) -> bytes:
    return created(path, b"120000", b"+" + target + b"\n\\ No newline at end of file\n")
