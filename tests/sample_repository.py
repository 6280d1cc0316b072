"""Git's own differences and patches of trees, and trees to compare: what we make is held against it."""

import os
import subprocess
from pathlib import Path

import pygit2
from hypothesis import strategies as st

from hybridgym.task import EXECUTABLE, LINK, REGULAR, File, Tree


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
