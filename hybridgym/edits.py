"""Edits of a tree in memory: making them, and taking them back."""

import hashlib
from collections.abc import Sequence

from hybridgym.errors import SuiteError
from hybridgym.task import Edit, File, Tree


def apply_edits(tree: Tree, edits: Sequence[Edit]) -> Tree:
    """Make the edits, whose positions all refer to the given tree.

    Insertions at one place are made in the order given. Raises SuiteError where a path is missing, replaced bytes
    are not those that the edit names, or edits overlap.
    """
    result = dict(tree)
    for path, group in _edits_by_path(edits).items():
        file = _edited_file(tree, path)
        pieces: list[bytes] = []
        done = 0
        for edit in group:
            pieces += [file.data[done : edit.start], _new_bytes(edit)]
            _replaced(file, edit, done)
            done = edit.end
        result[path] = File(b"".join([*pieces, file.data[done:]]), file.mode)
    return result


def invert_edits(tree: Tree, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits that take `apply_edits(tree, edits)` back to `tree`.

    Raises SuiteError as `apply_edits` does, and where replaced bytes are not UTF-8.
    """
    inverse: list[Edit] = []
    for path, group in _edits_by_path(edits).items():
        file = _edited_file(tree, path)
        shift = done = 0
        for edit in group:
            old, new = _replaced(file, edit, done), _new_bytes(edit)
            done, start = edit.end, edit.start + shift
            shift += len(new) - len(old)
            inverse.append(
                Edit(path=path, start=start, end=start + len(new), old_sha256=_sha256(new), new=_text(old, path))
            )
    return tuple(inverse)


def _edits_by_path(edits: Sequence[Edit]) -> dict[str, list[Edit]]:
    groups: dict[str, list[Edit]] = {}
    for edit in sorted(edits, key=lambda edit: (edit.path, edit.start, edit.end)):
        groups.setdefault(edit.path, []).append(edit)
    return groups


def _edited_file(tree: Tree, path: str) -> File:
    if path not in tree:
        message = f"{path}: an edit names a file that the source does not have"
        raise SuiteError(message)
    return tree[path]


def _replaced(file: File, edit: Edit, done: int) -> bytes:
    """Return the bytes that an edit replaces; everything before `done` is taken."""
    where = f"{edit.path}, bytes {edit.start} to {edit.end}"
    if not done <= edit.start <= edit.end <= len(file.data):
        message = f"{where}: the edit overlaps another or lies outside of the file"
        raise SuiteError(message)
    old = file.data[edit.start : edit.end]
    if _sha256(old) != edit.old_sha256:
        message = f"{where}: expected bytes with sha256 {edit.old_sha256}, found {_sha256(old)}"
        raise SuiteError(message)
    return old


def _new_bytes(edit: Edit) -> bytes:
    try:
        return edit.new.encode()
    except UnicodeEncodeError as error:
        message = f"{edit.path}: the new text of an edit is not Unicode: {error}"
        raise SuiteError(message) from error


def _text(data: bytes, path: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        message = f"{path}: the text replaced by an edit is not UTF-8: {error}"
        raise SuiteError(message) from error


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
