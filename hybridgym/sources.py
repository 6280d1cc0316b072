"""The snapshots of a suite: sources/<tree id>.tar.zst → trees, a bounded number of bytes of them kept."""

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from hybridgym.errors import SuiteError
from hybridgym.snapshots import tree_id, unpack
from hybridgym.task import Tree

MAX_KEPT_BYTES = 512 * 2**20
"""Content kept in memory; the snapshot asked for last is kept whatever its size."""


class Sources:
    """Reads and verifies snapshots; threads may share one."""

    def __init__(self, folder: Path, max_kept_bytes: int = MAX_KEPT_BYTES) -> None:
        self._folder = folder
        self._max = max_kept_bytes
        self._kept: OrderedDict[str, tuple[Tree, int]] = OrderedDict()
        self._lock = Lock()

    def tree(self, name: str) -> Tree:
        """Return the tree of an id; raises SuiteError where the suite does not have it undamaged."""
        with self._lock:
            if name not in self._kept:
                tree = self._read(name)
                self._kept[name] = tree, sum(len(file.data) for file in tree.values())
                self._forget()
            self._kept.move_to_end(name)
            return self._kept[name][0]

    def _forget(self) -> None:
        while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self._max:
            self._kept.popitem(last=False)

    def _read(self, name: str) -> Tree:
        path = self._folder / f"{name}.tar.zst"
        try:
            tree = unpack(path.read_bytes())
        except FileNotFoundError:
            message = f"{path}: no such file; a suite that was written without its sources cannot be checked"
            raise SuiteError(message) from None
        if (found := tree_id(tree)) != name:
            message = f"{path}: damaged: expected the tree {name}, found {found}"
            raise SuiteError(message)
        return tree
