"""Patches applied to trees in memory.

`apply_patch` accepts what `git apply` accepts, and what people and programs send besides: any prefix or none, no
final newline, transport as CRLF, zero context. Where the text could mean two things, or a line of a diff would
have to be skipped, it is refused; so is context that does not match (there is no fuzz).

    patch text  ─ parse_patch ─►  FileDiff, Hunk, Binary  ─ _Application ─►  Change
"""

import io
import re
from collections.abc import Sequence

from hybridgym.binarypatch import binary_content
from hybridgym.patchnames import DEV_NULL, git_candidates, plain_candidates
from hybridgym.patchtext import FileDiff, Hunk, parse_patch
from hybridgym.refusals import (
    MAX_PATCH_BYTES,
    MAX_PATCH_LINES,
    MAX_RESULT_BYTES,
    MAX_SEARCHED_LINES,
    Refusal,
    RefusalError,
    refuse,
    show,
)
from hybridgym.snapshots import blob_id, decode_path, link_problem, parents, path_problem
from hybridgym.task import EXECUTABLE, LINK, REGULAR, Change, File, Tree

_EMPTY_BLOB = blob_id(b"").encode()


def apply_patch(tree: Tree, patch: bytes) -> tuple[Change, ...] | Refusal:
    """Apply a patch in memory and return the paths that differ then, sorted; a blank patch changes nothing.

    A hunk must match all of its context; if it is not where its header says, the nearest place is taken, as git
    does, and the beginning and the end of a file hold it as in git. A hunk without any context must be where it
    says, or at the end of the file. A patch that came with CRLF everywhere is read as if it had not, and as it is
    (for a file that has CRLF itself), and refused if both apply to a file that has CRLF and differ.
    """
    if len(patch) > MAX_PATCH_BYTES or patch.count(b"\n") > MAX_PATCH_LINES:
        return Refusal(f"the patch has more than {MAX_PATCH_BYTES} bytes or {MAX_PATCH_LINES} lines")
    if not patch.strip():
        return ()
    try:
        diffs = parse_patch(patch)
        if not diffs:
            return Refusal("there is no diff in the patch")
        return _Application(tree, diffs).run()
    except RefusalError as refusal:
        return Refusal(str(refusal))


class _Application:
    """The files that a patch has touched so far, over a tree."""

    def __init__(self, tree: Tree, diffs: Sequence[FileDiff]) -> None:
        self._tree = tree
        self._diffs = diffs
        self._touched: dict[str, File | None] = {}
        self._edited: set[str] = set()
        """Paths changed in place: a later rename of one takes the result, not the file of the tree."""
        self._leaving = {decode_path(diff.moved[0]) for diff in diffs if diff.moved and not diff.copies}
        """Paths that are renamed away somewhere in the patch, so that another file may take their place."""
        self._produced = self._searched = 0

    def run(self) -> tuple[Change, ...]:
        """Apply every diff and return what differs from the tree."""
        for diff in self._diffs:
            old, new = self._paths(diff)
            try:
                self._apply(diff, old, new)
            except RefusalError as refusal:
                refuse(f"patch line {diff.line}, {new}: {refusal}")
        result = tuple(
            Change(path=path, before=self._tree.get(path), after=after)
            for path, after in sorted(self._touched.items())
            if after != self._tree.get(path)
        )
        self._check_result(result)
        return result

    def _get(self, path: str) -> File | None:
        return self._touched[path] if path in self._touched else self._tree.get(path)

    def _is_free(self, path: str) -> bool:
        """Say whether a file can be put here: nothing is, or a file that the patch is going to rename."""
        return self._get(path) is None or (path in self._leaving and path not in self._touched)

    def _paths(self, diff: FileDiff) -> tuple[str, str]:
        """Return the old and the new path that a diff means, preferring files that exist."""
        if diff.header is None:
            pairs = plain_candidates(diff.old or b"", diff.new or b"")
        else:
            pairs = git_candidates(diff.header, (diff.old, diff.new), diff.moved)
        where = f"patch line {diff.line}"
        if not pairs:
            refuse(f"{where}: the names in the header of this diff are missing or contradict each other")
        # No reading of a name may be hostile, even if another one would be taken.
        for name in (name for pair in (*pairs, (diff.old, diff.new)) for name in pair):
            if name is not None and name != DEV_NULL and (problem := _name_problem(name)):
                refuse(f"{where}: {show(name)} cannot be the path of a file: {problem}")
        decoded = [(_decoded(old), _decoded(new)) for old, new in pairs]
        old, new = next((pair for pair in decoded if not diff.creates and self._get(pair[0])), decoded[0])
        return old, new

    def _apply(self, diff: FileDiff, old: str, new: str) -> None:
        _check_header(diff)
        if diff.moved:
            self._move(diff, old, new)
        elif diff.creates or self._creates_silently(diff, new):
            self._create(diff, new)
        else:
            before = self._get(old)
            if before is None:
                refuse("there is no such file")
            after = self._changed(diff, before)
            if diff.deletes and after.data:
                refuse("the diff deletes the file, but its hunks leave some of it")
            self._touched[old] = None if diff.deletes else after
            if not diff.deletes:
                self._edited.add(old)

    def _creates_silently(self, diff: FileDiff, path: str) -> bool:
        """Say whether a plain diff adds to nothing a file that is not there."""
        return diff.header is None and self._get(path) is None and not any(hunk.old_start for hunk in diff.hunks)

    def _create(self, diff: FileDiff, path: str) -> None:
        if not self._is_free(path):
            refuse("the diff creates a file that exists")
        mode = diff.extended.get(b"new file mode", REGULAR.encode())
        self._touched[path] = File(self._content(diff, b""), _mode(mode))

    def _move(self, diff: FileDiff, old: str, new: str) -> None:
        """Rename or copy; in one `git diff` all of them start from the tree, whatever their order."""
        if not self._is_free(new):
            refuse("the diff renames or copies to a file that exists")
        from_tree = old in self._tree and (diff.copies or old not in self._edited)
        before = self._tree[old] if from_tree else self._get(old)
        if before is None:
            refuse(f"there is no file {old} to rename or copy")
        after = self._changed(diff, before)
        # The place may already hold another file that was renamed to it.
        if not diff.copies and (not from_tree or old not in self._touched):
            self._touched[old] = None
        self._touched[new] = after

    def _changed(self, diff: FileDiff, before: File) -> File:
        _check_type(diff, before)
        return File(self._content(diff, before.data), _new_mode(diff, before))

    def _content(self, diff: FileDiff, data: bytes) -> bytes:
        """Return what a diff makes of the content of a file."""
        if diff.binary:
            content = binary_content(diff, diff.binary, data)
        elif diff.crlf and diff.hunks:
            content = self._content_through_crlf(diff, data)
        else:
            content = self._patched(diff, data, bare=False)
        self._produced += len(content)
        if self._produced > MAX_RESULT_BYTES:
            refuse(f"the patch makes more than {MAX_RESULT_BYTES} bytes")
        return content

    def _content_through_crlf(self, diff: FileDiff, data: bytes) -> bytes:
        try:
            bare = self._patched(diff, data, bare=True)
        except RefusalError:
            return self._patched(diff, data, bare=False)
        if b"\r\n" not in data:
            return bare
        try:
            kept = self._patched(diff, data, bare=False)
        except RefusalError:
            return bare
        if kept != bare:
            refuse("the patch has CRLF everywhere, and it applies with and without: send it with LF")
        return bare

    def _patched(self, diff: FileDiff, data: bytes, bare: bool) -> bytes:
        lines = io.BytesIO(data).readlines()
        exact = _may_lack_context(diff, data)
        # git never lets a hunk match lines that an earlier one has touched.
        taken = bytearray(len(lines))
        for hunk in diff.hunks:
            old, new = hunk.lines(b"+", bare), hunk.lines(b"-", bare)
            at = self._place(hunk, old, lines, taken, exact)
            if at is None:
                refuse(_mismatch(hunk, old, lines))
            lines[at : at + len(old)] = new
            taken[at : at + len(old)] = b"\1" * len(new)
            seam = lines[max(at - 1, 0) : at + len(new)]
            if not all(line.endswith(b"\n") for line in (seam if at + len(new) < len(lines) else seam[:-1])):
                refuse(f"the hunk at patch line {hunk.line} puts a line without a newline before another line")
        return b"".join(lines)

    def _place(self, hunk: Hunk, old: list[bytes], lines: list[bytes], taken: bytearray, exact: bool) -> int | None:
        """Return the index of the first line that a hunk replaces (as `find_pos` of git's apply.c).

        A hunk without any context is where it says, if `exact`; otherwise it is the whole file, or its end.
        """
        last = len(lines) - len(old)
        # Without new lines the header names the line before.
        guess = hunk.new_start - (1 if hunk.new_start and any(mark != b"-" for mark, _ in hunk.body) else 0)
        at_start, at_end = hunk.old_start <= 1, not hunk.trailing

        def fits(at: int) -> bool:
            return lines[at : at + len(old)] == old and not any(taken[at : at + len(old)])

        guessed = exact if not (hunk.leading or hunk.trailing) else not (at_start or at_end)
        if guessed and 0 <= guess <= last and fits(guess):
            return guess
        if not old and lines:
            return None
        candidates = [0, last] if at_start or at_end else self._starts(old, lines, last)
        possible = (at for at in candidates if at >= 0 and (not at_start or at == 0) and (not at_end or at == last))
        return min(filter(fits, possible), key=lambda at: (abs(at - guess), at < guess), default=None)

    def _starts(self, old: list[bytes], lines: list[bytes], last: int) -> list[int]:
        """Return where a hunk could begin, judging by its first line."""
        first = old[0]
        found = [at for at, line in enumerate(lines[: max(last + 1, 0)]) if line == first]
        self._searched += len(lines) + len(found) * len(old)
        if self._searched > MAX_SEARCHED_LINES:
            refuse("too many hunks are not where their headers say")
        return found

    def _check_result(self, result: Sequence[Change]) -> None:
        """Refuse files below files, and links that leave the tree."""
        for change in result:
            if change.after and change.after.mode == LINK and (problem := link_problem(change.path, change.after.data)):
                refuse(f"{change.path}: the patch makes a link that cannot be taken: {problem}")
        created = [change.path for change in result if change.before is None]
        if not created:
            return
        paths = {path for path, file in {**self._tree, **self._touched}.items() if file}
        folders = {parent for path in paths for parent in parents(path)}
        for path in created:
            if path in folders or not paths.isdisjoint(parents(path)):
                refuse(f"{path}: the patch needs one path to be a file (or a link) and a folder")


def _name_problem(name: bytes) -> str | None:
    return "it is absolute" if name.startswith(b"/") else path_problem(_decoded(name))


def _decoded(name: bytes) -> str:
    """Read a path of a patch; as for git, `./x` and `d//x` are `x` and `d/x`."""
    return "/".join(part for part in decode_path(name).split("/") if part not in ("", "."))


def _check_header(diff: FileDiff) -> None:
    """Refuse headers that say two things, or promise a content that does not follow."""
    old_gone, new_gone = diff.old == DEV_NULL, diff.new == DEV_NULL
    moves = sum(word in diff.extended for word in (b"rename from", b"rename to", b"copy from", b"copy to"))
    if (
        diff.creates + diff.deletes + bool(moves) > 1
        or (moves and (moves != 2 or diff.moved is None))
        or (b"old mode" in diff.extended) != (b"new mode" in diff.extended)
        or (diff.old is not None and (diff.creates, diff.deletes) != (old_gone, new_gone) and diff.header is not None)
    ):
        refuse("the header of the diff contradicts itself")
    if diff.hunks or diff.binary:
        return
    if diff.ids is None:
        return
    old_id, new_id, _ = diff.ids
    created_empty = diff.creates and _EMPTY_BLOB.startswith(new_id)
    deleted_empty = diff.deletes and _EMPTY_BLOB.startswith(old_id)
    if old_id != new_id and not created_empty and not deleted_empty:
        refuse("the header announces other content, but neither hunks nor binary data follow")


def _check_type(diff: FileDiff, before: File) -> None:
    """Refuse a diff of a file that takes it for a link, or the reverse."""
    stated = [diff.extended.get(b"old mode"), diff.extended.get(b"deleted file mode"), diff.ids and diff.ids[2]]
    for mode in filter(None, stated):
        if (_mode(mode) == LINK) != (before.mode == LINK):
            refuse(f"the diff is of a file with mode {mode.decode()}, but the file has mode {before.mode}")


def _may_lack_context(diff: FileDiff, data: bytes) -> bool:
    """Say whether a hunk without context may mean the line that it names (`-U0`), whatever stands around it.

    Otherwise it means, as for git, that there is nothing around it. A diff that identifies the content that it is
    for, and is applied to other content, is not taken so far.
    """
    if all(hunk.leading or hunk.trailing for hunk in diff.hunks):
        return False
    return diff.ids is None or blob_id(data).encode().startswith(diff.ids[0])


def _new_mode(diff: FileDiff, before: File) -> str:
    mode = diff.extended.get(b"new mode")
    after = before.mode if mode is None else _mode(mode)
    if (after == LINK) != (before.mode == LINK):
        refuse("a file can only become a link, or a link a file, by a deletion and a creation")
    return after


def _mode(text: bytes) -> str:
    """Read a mode as git does: of the permissions only the owner's executable bit is kept."""
    value = int(text, 8) if re.fullmatch(rb"[0-7]{5,6}", text) else 0
    if value & 0o170000 == 0o100000:
        return EXECUTABLE if value & 0o100 else REGULAR
    if value != 0o120000:
        refuse(f"mode {text[:20].decode(errors='replace')} is neither that of a file nor that of a link")
    return LINK


def _mismatch(hunk: Hunk, old: list[bytes], lines: list[bytes]) -> str:
    """Say where a hunk that fits nowhere differs from the place that it names."""
    where = f"the hunk at patch line {hunk.line} does not match the file"
    for row, expected in enumerate(old, max(hunk.old_start, 1)):
        found = lines[row - 1] if row <= len(lines) else b"the end of the file"
        if found != expected:
            return f"{where}; line {row}: expected {show(expected)}, found {show(found)}"
    return f"{where}: what it says of the beginning or the end of the file, or the order of hunks, is wrong"
