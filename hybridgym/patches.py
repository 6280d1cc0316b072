"""Edits, differences and patches, on trees in memory: the only place that knows diffs.

`apply_patch` accepts what `git apply` accepts, and what people and programs send besides: any prefix or none, no
final newline, transport as CRLF, zero context. Where the text could mean two things, or a line of a diff would
have to be skipped, it is refused; so is context that does not match (there is no fuzz).

    patch text  ─ _Parser ─►  _FileDiff, _Hunk, _Binary  ─ _Application ─►  Change
"""

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NoReturn

import msgspec

from hybridgym.errors import SuiteError, UsageError
from hybridgym.snapshots import blob_id, decode_path, encode_path, link_problem, parents, path_problem
from hybridgym.task import EXECUTABLE, LINK, REGULAR, Change, Edit, File, Tree, Value

MAX_PATCH_BYTES = 10_000_000
MAX_PATCH_LINES = 1_000_000
MAX_PATCH_FILES = 1_000
"""Sections of a patch, where one file may have several."""
MAX_PATCH_HUNKS = 20_000
MAX_RESULT_BYTES = 200_000_000
"""Of all files that a patch produces, taken together."""
MAX_SEARCHED_LINES = 5_000_000
"""Lines compared to find hunks that are not where their headers say."""

_CONTEXT = 3
"""Lines of context that `make_patch` writes, as git does."""
_MAX_DIFFERENCES = 400
"""Lines taken away and added, above which `make_patch` replaces a stretch of a file as a whole."""
_MAX_STRIPPED_LINES = 3
"""Blank context lines that may be missing at the end of a patch that was stripped."""
_MAX_HEADER_BYTES = 5_000

_DEV_NULL = b"/dev/null"
_EMPTY_BLOB = blob_id(b"").encode()
_PREFIXES = (b"a", b"b", b"i", b"w", b"c", b"o")
"""What git puts before paths: by default, and with `diff.mnemonicPrefix`."""


class Refusal(Value, frozen=True):
    """Why a patch or a workspace cannot be taken, in words a person can act on."""

    reason: str


# Edits


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


# Differences of trees, and patches made of them


def changes(before: Tree, after: Tree) -> tuple[Change, ...]:
    """Return the paths at which two trees differ, sorted."""
    return tuple(
        Change(path=path, before=before.get(path), after=after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    )


def make_patch(changes: Sequence[Change]) -> str:
    """Write changes as `git diff` does, without `index` lines.

    Raises UsageError for content that is not UTF-8 text.
    """
    return "".join(section for change in changes for section in _sections(change))


def _sections(change: Change) -> Iterator[str]:
    before, after = change.before, change.after
    if before is not None and after is not None and _file_type(before.mode) != _file_type(after.mode):
        # git writes a change of the type as a deletion and a creation.
        yield _section(change.path, before, None)
        yield _section(change.path, None, after)
    else:
        yield _section(change.path, before, after)


def _section(path: str, before: File | None, after: File | None) -> str:
    old_name, new_name = _quote(b"a/" + encode_path(path)), _quote(b"b/" + encode_path(path))
    header = [f"diff --git {old_name} {new_name}\n"]
    if before is None and after is not None:
        header.append(f"new file mode {after.mode}\n")
    elif after is None and before is not None:
        header.append(f"deleted file mode {before.mode}\n")
    elif before and after and before.mode != after.mode:
        header += [f"old mode {before.mode}\n", f"new mode {after.mode}\n"]
    old, new = _lines_of_text(path, before), _lines_of_text(path, after)
    if old == new:
        return "".join(header)
    # git marks the end of a name with blanks in it by a tab.
    old_line = f"{old_name}\t" if " " in old_name else old_name
    new_line = f"{new_name}\t" if " " in new_name else new_name
    header.append(f"--- {old_line if before else '/dev/null'}\n+++ {new_line if after else '/dev/null'}\n")
    return "".join([*header, *_hunk_texts(old, new)])


def _lines_of_text(path: str, file: File | None) -> list[bytes]:
    data = file.data if file else b""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        message = f"{path}: a patch can only be made of UTF-8 text: {error}"
        raise UsageError(message) from error
    if b"\0" in data:
        message = f"{path}: a patch can only be made of text, and the file has a NUL byte"
        raise UsageError(message)
    return _lines(data)


def _lines(data: bytes) -> list[bytes]:
    """Split at \\n alone, ends kept."""
    return io.BytesIO(data).readlines()


def _quote(name: bytes) -> str:
    """Write a name as git does: in quotes, in C's notation, if a byte of it asks for that."""
    text = "".join(_ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in name)
    return f'"{text}"' if text.encode() != name else text


def _hunk_texts(old: list[bytes], new: list[bytes]) -> Iterator[str]:
    for group in _hunk_groups(_differences(old, new)):
        (first, _, first_new, _), (_, last, _, last_new) = group[0], group[-1]
        start, end = max(first - _CONTEXT, 0), min(last + _CONTEXT, len(old))
        new_start, new_end = first_new - (first - start), last_new + (end - last)
        yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n"
        done = start
        for old_start, old_end, from_new, to_new in group:
            yield from _marked(" ", old[done:old_start])
            yield from _marked("-", old[old_start:old_end])
            yield from _marked("+", new[from_new:to_new])
            done = old_end
        yield from _marked(" ", old[done:end])


def _marked(mark: str, lines: list[bytes]) -> Iterator[str]:
    for line in lines:
        text = line.decode()
        yield f"{mark}{text}" if text.endswith("\n") else f"{mark}{text}\n\\ No newline at end of file\n"


def _range(start: int, end: int) -> str:
    """Write lines [start, end) for the header of a hunk: an empty range is named by the line before it."""
    count = end - start
    first = start + 1 if count else start
    return str(first) if count == 1 else f"{first},{count}"


_Difference = tuple[int, int, int, int]
"""Lines [start, end) of the old file are lines [start, end) of the new one."""


def _hunk_groups(differences: list[_Difference]) -> list[list[_Difference]]:
    """Put differences together whose context would touch."""
    groups = [[difference] for difference in differences[:1]]
    for previous, difference in pairwise(differences):
        if difference[0] - previous[1] <= 2 * _CONTEXT:
            groups[-1].append(difference)
        else:
            groups.append([difference])
    return groups


def _differences(old: list[bytes], new: list[bytes]) -> list[_Difference]:
    """Find a shortest edit script (Myers, "An O(ND) Difference Algorithm", 1986, section 3), as ranges in order.

    Time grows with the number of differences, not with the size of the file: runs of equal lines are compared as
    slices. Past _MAX_DIFFERENCES the whole stretch between the first and last difference is one range.
    """
    prefix = _common(old, 0, new, 0)
    suffix = _common(old[prefix:][::-1], 0, new[prefix:][::-1], 0)
    a, b = old[prefix : len(old) - suffix], new[prefix : len(new) - suffix]
    script: list[_Difference] = []
    for x, next_x, y, next_y in _steps(a, b):
        start, end, new_start, new_end = x + prefix, next_x + prefix, y + prefix, next_y + prefix
        if script and script[-1][1] == start and script[-1][3] == new_start:
            script[-1] = (script[-1][0], end, script[-1][2], new_end)
        else:
            script.append((start, end, new_start, new_end))
    return script


def _steps(a: list[bytes], b: list[bytes]) -> list[_Difference]:
    """Return the steps of an edit script, each a line taken away or added, or one step for everything."""
    if not a or not b:
        return [(0, len(a), 0, len(b))] if a or b else []
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for count in range(min(len(a) + len(b), _MAX_DIFFERENCES) + 1):
        trace.append(dict(furthest))
        for k in range(-count, count + 1, 2):
            down = k == -count or (k != count and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            # Diagonals that leave the square are followed no further.
            if 0 <= x <= len(a) and 0 <= x - k <= len(b):
                x += _common(a, x, b, x - k)
            furthest[k] = x
            if x >= len(a) and x - k >= len(b):
                return _trace_back(trace, len(a), len(b))
    return [(0, len(a), 0, len(b))]


def _trace_back(trace: list[dict[int, int]], x: int, y: int) -> list[_Difference]:
    steps: list[_Difference] = []
    for count in range(len(trace) - 1, 0, -1):
        furthest, k = trace[count], x - y
        down = k == -count or (k != count and furthest[k - 1] < furthest[k + 1])
        previous_k = k + 1 if down else k - 1
        x, y = furthest[previous_k], furthest[previous_k] - previous_k
        steps.append((x, x, y, y + 1) if down else (x, x + 1, y, y))
    return steps[::-1]


def _common(a: list[bytes], x: int, b: list[bytes], y: int) -> int:
    """Count the equal lines from a[x] and b[y] on, in slices that grow and shrink: most of the work is C's."""
    limit = min(len(a) - x, len(b) - y)
    done, size = 0, 1
    while size:
        size = min(size, limit - done)
        if a[x + done : x + done + size] == b[y + done : y + done + size]:
            done += size
            size = size * 2 if done < limit else 0
        else:
            size //= 2
    return done


# Patches: the text


_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_UNESCAPES = {escape[1:].encode(): bytes([byte]) for byte, escape in _ESCAPES.items()}
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-3][0-7]{2})')
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_HUNK_HEADER = re.compile(rb"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@.*")
_EXTENDED_HEADER = re.compile(
    rb"(old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to"
    rb"|similarity index|dissimilarity index|index) (.*)"
)
_IDS = re.compile(rb"([0-9a-f]+)\.\.([0-9a-f]+)(?: ([0-7]+))?")
_BINARY_HEADER = re.compile(rb"(literal|delta) (\d{1,10})")
_TIMESTAMP = re.compile(rb"\s+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) [+-]\d{4}\s*$")
_EPOCH = re.compile(rb"(?:1970-01-01|1969-12-31) \d\d:\d0:00(?:\.0+)?")
"""The time that `diff -N` gives to a file that is not there, in any time zone."""
_STRAY = re.compile(
    rb"@@@* |diff --(?:cc|combined) |(?:old|new|deleted file|new file) mode \d{6}|index [0-9a-f]+\.\.[0-9a-f]+"
    rb"|(?:dis)?similarity index \d|GIT binary patch$|(?:literal|delta) \d+$|Binary files .* differ$|\*{15}$"
    rb"|(?:rename|copy) from .*\n(?:rename|copy) to |--- .*\n\+\+\+ ",
    re.MULTILINE,
)
"""Lines that only a diff has: between diffs they mean that one of them would be skipped."""


class _RefusalError(Exception):
    """Ends the work on a patch; `apply_patch` makes a Refusal of it."""


def _refuse(reason: str) -> NoReturn:
    raise _RefusalError(reason)


class _Hunk(msgspec.Struct, frozen=True):
    """One hunk as it stands in the patch; positions are 1-based."""

    line: int
    old_start: int
    new_start: int
    body: list[tuple[bytes, bytes]]
    """Mark (blank, `-` or `+`) and content of each line, the content with its \\n if it has one."""

    def lines(self, without: bytes, bare: bool) -> list[bytes]:
        """Return the lines of one side: those not marked `without`; `bare` takes the CR of transport away."""
        return [_bare(content) if bare else content for mark, content in self.body if mark != without]

    @property
    def leading(self) -> int:
        """Number of context lines before the first change."""
        return next(index for index, (mark, _) in enumerate(self.body) if mark != b" ")

    @property
    def trailing(self) -> int:
        """Number of context lines after the last change."""
        return next(index for index, (mark, _) in enumerate(reversed(self.body)) if mark != b" ")


class _Binary(msgspec.Struct, frozen=True):
    """The new content of a binary file, or what makes it of the old one."""

    delta: bool
    data: bytes


class _FileDiff(msgspec.Struct):
    """What a patch says of one file, as written."""

    line: int
    crlf: bool
    """Its header lines end in CRLF: perhaps the whole patch was written so on its way."""
    header: bytes | None = None
    """What follows `diff --git `; None for a plain diff."""
    extended: dict[bytes, bytes] = {}
    old: bytes | None = None
    """The name after `--- `, unquoted."""
    new: bytes | None = None
    hunks: list[_Hunk] = []
    binary: _Binary | None = None

    @property
    def creates(self) -> bool:
        """Whether there is no file before."""
        return b"new file mode" in self.extended or self.old == _DEV_NULL

    @property
    def deletes(self) -> bool:
        """Whether there is no file after."""
        return b"deleted file mode" in self.extended or self.new == _DEV_NULL

    @property
    def moved(self) -> tuple[bytes, bytes] | None:
        """Old and new path of a rename or copy."""
        for word in (b"rename", b"copy"):
            old, new = self.extended.get(word + b" from"), self.extended.get(word + b" to")
            if old is not None and new is not None:
                return _name(old), _name(new)
        return None

    @property
    def copies(self) -> bool:
        """Whether the old file stays."""
        return b"copy to" in self.extended


class _Parser:
    """Reads a patch from top to bottom; what is no diff may stand before, between and after."""

    def __init__(self, patch: bytes) -> None:
        self._lines = patch.split(b"\n")
        if not self._lines[-1]:
            self._lines.pop()
        self._at = self._hunk_count = self._inflated = 0

    def parse(self) -> list[_FileDiff]:
        """Return the diffs in order."""
        diffs: list[_FileDiff] = []
        after_diff = False
        while self._at < len(self._lines):
            if self._peek().startswith(b"diff --git "):
                diffs.append(self._git_diff())
            elif self._starts_plain_diff():
                diffs.append(self._plain_diff())
            else:
                after_diff = self._skip_text(after_diff)
                continue
            after_diff = True
            if len(diffs) > MAX_PATCH_FILES:
                self._refuse(f"the patch has more than {MAX_PATCH_FILES} files")
        return diffs

    def _refuse(self, reason: str) -> NoReturn:
        _refuse(f"patch line {self._at + 1}: {reason}")

    def _peek(self, ahead: int = 0) -> bytes:
        """Return a line without its end, or nothing after the last one."""
        at = self._at + ahead
        return self._lines[at].removesuffix(b"\r") if at < len(self._lines) else b""

    def _skip_text(self, after_diff: bool) -> bool:
        """Step over a line that is no diff; return whether the next one still follows a diff directly."""
        line = self._peek()
        if _STRAY.match(line + b"\n" + self._peek(1)):
            self._refuse(f"{_show(line)} belongs to a diff, but no diff that can be read")
        # Blank lines and the mark of a mail's signature do not end a diff: `+x` after them may be a line of it.
        between = not line.strip() or line in (b"--", b"-- ")
        if after_diff and not between and line[:1] in (b" ", b"+", b"-", b"\\") and line != b"---":
            self._refuse(f"{_show(line)} stands after the end of the hunk: its header counts fewer lines")
        self._at += 1
        return after_diff and between

    def _starts_plain_diff(self) -> bool:
        return (
            self._peek().startswith(b"--- ")
            and self._peek(1).startswith(b"+++ ")
            and _HUNK_HEADER.fullmatch(self._peek(2)) is not None
        )

    def _git_diff(self) -> _FileDiff:
        diff = _FileDiff(self._at + 1, self._ends_in_cr(), self._peek().removeprefix(b"diff --git "))
        if len(diff.header or b"") > _MAX_HEADER_BYTES:
            self._refuse("the names are too long")
        self._at += 1
        while match := _EXTENDED_HEADER.fullmatch(re.sub(rb"^rename (?:old|new) ", _rename_word, self._peek())):
            if match[1] in diff.extended:
                self._refuse(f"{_show(self._peek())} stands twice in one header")
            diff.extended[match[1]] = match[2]
            self._at += 1
        if self._peek().startswith(b"--- ") and self._peek(1).startswith(b"+++ "):
            self._read_names(diff)
            if not self._peek().startswith(b"@@ "):
                self._refuse(f"expected a hunk, found {_show(self._peek())}")
        if self._peek().startswith(b"Binary files "):
            self._refuse("the patch does not hold the content of this binary file (git diff --binary does)")
        if self._peek() == b"GIT binary patch":
            diff.binary = self._binary()
        else:
            diff.hunks = self._hunks(diff.crlf)
        return diff

    def _plain_diff(self) -> _FileDiff:
        diff = _FileDiff(self._at + 1, self._ends_in_cr())
        old_time, new_time = (_TIMESTAMP.search(self._peek(ahead)) for ahead in (0, 1))
        self._read_names(diff)
        diff.hunks = self._hunks(diff.crlf)
        # `diff -N` names a file that is not there by the name it would have, and dates it to the epoch.
        if old_time and _EPOCH.fullmatch(old_time[1]) and not any(hunk.old_start for hunk in diff.hunks):
            diff.extended[b"new file mode"] = REGULAR.encode()
        elif new_time and _EPOCH.fullmatch(new_time[1]) and not any(hunk.new_start for hunk in diff.hunks):
            diff.extended[b"deleted file mode"] = REGULAR.encode()
        return diff

    def _ends_in_cr(self) -> bool:
        return self._lines[self._at].endswith(b"\r")

    def _read_names(self, diff: _FileDiff) -> None:
        names = [self._peek(ahead)[4:] for ahead in (0, 1)]
        if max(map(len, names)) > _MAX_HEADER_BYTES:
            self._refuse("the names are too long")
        if diff.header is None:
            names = [name if name.startswith(b'"') else _TIMESTAMP.sub(b"", name) for name in names]
        diff.old, diff.new = map(_name, names)
        self._at += 2

    def _hunks(self, crlf: bool) -> list[_Hunk]:
        hunks: list[_Hunk] = []
        while self._peek().startswith(b"@@ "):
            hunks.append(self._hunk(crlf))
        return hunks

    def _hunk(self, crlf: bool) -> _Hunk:
        line = self._at + 1
        self._hunk_count += 1
        if self._hunk_count > MAX_PATCH_HUNKS:
            self._refuse(f"the patch has more than {MAX_PATCH_HUNKS} hunks")
        match = _HUNK_HEADER.fullmatch(self._peek())
        if match is None:
            self._refuse(f"expected the header of a hunk such as @@ -1,4 +1,5 @@, found {_show(self._peek())}")
        old_start, old_count, new_start, new_count = (1 if group is None else int(group) for group in match.groups())
        self._at += 1
        body = self._hunk_body(old_count, new_count, crlf)
        if not any(mark != b" " for mark, _ in body):
            self._refuse("the hunk before this line changes nothing")
        for unmarked in (b"+", b"-"):
            side = [content for mark, content in body if mark != unmarked]
            if any(not content.endswith(b"\n") for content in side[:-1]):
                self._refuse("a line without a newline can only be the last one of a file")
        return _Hunk(line, old_start, new_start, body)

    def _hunk_body(self, old_left: int, new_left: int, crlf: bool) -> list[tuple[bytes, bytes]]:
        body: list[tuple[bytes, bytes]] = []
        while old_left or new_left:
            if self._at == len(self._lines) and 0 < old_left == new_left <= _MAX_STRIPPED_LINES:
                # Whoever strips a patch takes blank context lines away from its end.
                return body + [(b" ", b"\n")] * old_left
            if self._marks_missing_newline():
                self._take_newline(body)
                continue
            line = self._lines[self._at] if self._at < len(self._lines) else b"end of the patch"
            mark, content = line[:1], line[1:]
            if not mark or (crlf and line == b"\r"):
                # An editor took the blank of an empty context line away.
                mark, content = b" ", line
            old_left -= mark in b" -"
            new_left -= mark in b" +"
            if mark not in b" -+" or old_left < 0 or new_left < 0:
                self._refuse(f"{_show(line)} does not fit the number of lines that the hunk's header counts")
            body.append((mark, content + b"\n"))
            self._at += 1
        if self._marks_missing_newline():
            self._take_newline(body)
        return body

    def _marks_missing_newline(self) -> bool:
        # The words after `\ ` depend on the language of the diff program; git asks for this many.
        return self._peek().startswith(b"\\ ") and len(self._peek()) >= 11

    def _take_newline(self, body: list[tuple[bytes, bytes]]) -> None:
        if not body or not body[-1][1].endswith(b"\n"):
            self._refuse(f"{_show(self._peek())} does not follow a line")
        mark, content = body[-1]
        body[-1] = mark, content[:-1]
        self._at += 1

    def _binary(self) -> _Binary:
        """Read a binary patch; the second part that git writes, which takes it back, must only be well-formed."""
        self._at += 1
        binary = self._binary_part()
        if _BINARY_HEADER.fullmatch(self._peek()):
            self._binary_part()
        return binary

    def _binary_part(self) -> _Binary:
        match = _BINARY_HEADER.fullmatch(self._peek())
        if match is None:
            self._refuse(f"expected the size of a binary patch, found {_show(self._peek())}")
        self._inflated += int(match[2])
        if self._inflated > MAX_RESULT_BYTES:
            self._refuse(f"the patch holds more than {MAX_RESULT_BYTES} bytes of binary content")
        self._at += 1
        packed = bytearray()
        while text := self._peek():
            packed += self._base85(text)
            self._at += 1
        self._at += 1
        inflater = zlib.decompressobj()
        try:
            data = inflater.decompress(bytes(packed), int(match[2]) + 1)
        except zlib.error as error:
            self._refuse(f"damaged binary patch: {error}")
        if len(data) != int(match[2]) or not inflater.eof:
            self._refuse("the binary patch does not have the size that it states")
        return _Binary(match[1] == b"delta", data)

    def _base85(self, text: bytes) -> bytes:
        """Decode one line: a letter for the number of bytes (A to Z are 1 to 26, a to z follow), groups of five."""
        size = text[0] - (64 if text[:1].isupper() else 70)
        try:
            data = base64.b85decode(text[1:])
        except ValueError as error:
            self._refuse(f"damaged binary patch: {error}")
        if not text[:1].isalpha() or len(text) % 5 != 1 or not 0 <= len(data) - size < 4:
            self._refuse("damaged binary patch: a line does not have the length that it states")
        return data[:size]


def _rename_word(match: re.Match[bytes]) -> bytes:
    """Write git's older words for a rename in today's way."""
    return b"rename from " if match[0] == b"rename old " else b"rename to "


def _bare(content: bytes) -> bytes:
    """Take the CR away that transport put before the end of a line."""
    return content[:-2] + b"\n" if content.endswith(b"\r\n") else content.removesuffix(b"\r")


def _show(line: bytes) -> str:
    text = line[:60].decode(errors="replace")
    return repr(text + "…" if len(line) > 60 else text)


def _name(text: bytes) -> bytes:
    """Read a name of a header: quoted, or up to a tab."""
    match = _QUOTED.match(text)
    return _unquote(match[1]) if match else text.partition(b"\t")[0]


def _unquote(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda match: _UNESCAPES.get(match[1]) or bytes([int(match[1], 8)]), text)


# Patches: which files they mean


def _header_pairs(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the ways to read the two names of a `diff --git` line, whose names may hold blanks."""
    if match := _QUOTED.match(header):
        yield _unquote(match[1]), _name(header[match.end() :].removeprefix(b" "))
    elif header.endswith(b'"') and b' "' in header:
        old, _, new = header.partition(b" ")
        while not new.startswith(b'"'):
            word, _, new = new.partition(b" ")
            old += b" " + word
        yield old, _name(new)
    else:
        middle = len(header) // 2
        blanks = (index for index, byte in enumerate(header) if byte == 32)
        for index in sorted(blanks, key=lambda index: abs(index - middle)):
            yield header[:index], header[index + 1 :]


def _cut(name: bytes) -> bytes:
    """Take the first folder away, as `git apply -p1` does."""
    return name.partition(b"/")[2]


def _fits(name: bytes | None, path: bytes) -> bool:
    """Say whether a name of a header, with or without a prefix, is that of `path`."""
    return name in (None, _DEV_NULL, path) or _cut(name or b"") == path


def _shared_paths(old: bytes, new: bytes) -> list[bytes]:
    """Return what two names can mean as one path, the likelier first.

    Names that are equal as written have no prefixes: git never gives both sides the same.
    """
    paths = [old, _cut(old)] if old == new else [_cut(old)] if _cut(old) == _cut(new) else []
    return [path for path in paths if path]


def _git_candidates(diff: _FileDiff, header: bytes) -> list[tuple[bytes, bytes]]:
    """Return the pairs of old and new path that all lines of a git header agree on."""
    pairs = _header_pairs(header)
    if diff.moved:
        old, new = diff.moved
        agreed = any(_fits(left, old) and _fits(right, new) for left, right in pairs)
        candidates = [(old, new)] if agreed else []
    else:
        candidates = [(path, path) for left, right in pairs for path in _shared_paths(left, right)]
    return [(old, new) for old, new in candidates if old and new and _fits(diff.old, old) and _fits(diff.new, new)]


def _plain_candidates(old: bytes, new: bytes) -> list[tuple[bytes, bytes]]:
    """Return what the names of a plain diff can mean."""
    if _DEV_NULL in (old, new):
        only = new if old == _DEV_NULL else old
        paths = [_cut(only), only] if only.partition(b"/")[0] in _PREFIXES else [only, _cut(only)]
    else:
        # As git: of x.py and x.py.orig the shorter, of other names the second.
        name = old if new.startswith(old) else new
        paths = _shared_paths(old, new) or [_cut(name), name]
    return [(path, path) for path in paths if path]


# Patches: applying them


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
        diffs = _Parser(patch).parse()
        if not diffs:
            return Refusal("there is no diff in the patch")
        return _Application(tree, diffs).run()
    except _RefusalError as refusal:
        return Refusal(str(refusal))


class _Application:
    """The files that a patch has touched so far, over a tree."""

    def __init__(self, tree: Tree, diffs: Sequence[_FileDiff]) -> None:
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
            except _RefusalError as refusal:
                _refuse(f"patch line {diff.line}, {new}: {refusal}")
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

    def _paths(self, diff: _FileDiff) -> tuple[str, str]:
        """Return the old and the new path that a diff means, preferring files that exist."""
        if diff.header is None:
            pairs = _plain_candidates(diff.old or b"", diff.new or b"")
        else:
            pairs = _git_candidates(diff, diff.header)
        where = f"patch line {diff.line}"
        if not pairs:
            _refuse(f"{where}: the names in the header of this diff are missing or contradict each other")
        # No reading of a name may be hostile, even if another one would be taken.
        for name in (name for pair in (*pairs, (diff.old, diff.new)) for name in pair):
            if name is not None and name != _DEV_NULL and (problem := _name_problem(name)):
                _refuse(f"{where}: {_show(name)} cannot be the path of a file: {problem}")
        decoded = [(_decoded(old), _decoded(new)) for old, new in pairs]
        old, new = next((pair for pair in decoded if not diff.creates and self._get(pair[0])), decoded[0])
        return old, new

    def _apply(self, diff: _FileDiff, old: str, new: str) -> None:
        _check_header(diff)
        if diff.moved:
            self._move(diff, old, new)
        elif diff.creates or self._creates_silently(diff, new):
            self._create(diff, new)
        else:
            before = self._get(old)
            if before is None:
                _refuse("there is no such file")
            after = self._changed(diff, before)
            if diff.deletes and after.data:
                _refuse("the diff deletes the file, but its hunks leave some of it")
            self._touched[old] = None if diff.deletes else after
            if not diff.deletes:
                self._edited.add(old)

    def _creates_silently(self, diff: _FileDiff, path: str) -> bool:
        """Say whether a plain diff adds to nothing a file that is not there."""
        return diff.header is None and self._get(path) is None and not any(hunk.old_start for hunk in diff.hunks)

    def _create(self, diff: _FileDiff, path: str) -> None:
        if not self._is_free(path):
            _refuse("the diff creates a file that exists")
        mode = diff.extended.get(b"new file mode", REGULAR.encode())
        self._touched[path] = File(self._content(diff, b""), _mode(mode))

    def _move(self, diff: _FileDiff, old: str, new: str) -> None:
        """Rename or copy; in one `git diff` all of them start from the tree, whatever their order."""
        if not self._is_free(new):
            _refuse("the diff renames or copies to a file that exists")
        from_tree = old in self._tree and (diff.copies or old not in self._edited)
        before = self._tree[old] if from_tree else self._get(old)
        if before is None:
            _refuse(f"there is no file {old} to rename or copy")
        after = self._changed(diff, before)
        # The place may already hold another file that was renamed to it.
        if not diff.copies and (not from_tree or old not in self._touched):
            self._touched[old] = None
        self._touched[new] = after

    def _changed(self, diff: _FileDiff, before: File) -> File:
        _check_type(diff, before)
        return File(self._content(diff, before.data), _new_mode(diff, before))

    def _content(self, diff: _FileDiff, data: bytes) -> bytes:
        """Return what a diff makes of the content of a file."""
        if diff.binary:
            content = _binary_content(diff, diff.binary, data)
        elif diff.crlf and diff.hunks:
            content = self._content_through_crlf(diff, data)
        else:
            content = self._patched(diff, data, bare=False)
        self._produced += len(content)
        if self._produced > MAX_RESULT_BYTES:
            _refuse(f"the patch makes more than {MAX_RESULT_BYTES} bytes")
        return content

    def _content_through_crlf(self, diff: _FileDiff, data: bytes) -> bytes:
        try:
            bare = self._patched(diff, data, bare=True)
        except _RefusalError:
            return self._patched(diff, data, bare=False)
        if b"\r\n" not in data:
            return bare
        try:
            kept = self._patched(diff, data, bare=False)
        except _RefusalError:
            return bare
        if kept != bare:
            _refuse("the patch has CRLF everywhere, and it applies with and without: send it with LF")
        return bare

    def _patched(self, diff: _FileDiff, data: bytes, bare: bool) -> bytes:
        lines = _lines(data)
        exact = _may_lack_context(diff, data)
        # git never lets a hunk match lines that an earlier one has touched.
        taken = bytearray(len(lines))
        for hunk in diff.hunks:
            old, new = hunk.lines(b"+", bare), hunk.lines(b"-", bare)
            at = self._place(hunk, old, lines, taken, exact)
            if at is None:
                _refuse(_mismatch(hunk, old, lines))
            lines[at : at + len(old)] = new
            taken[at : at + len(old)] = b"\1" * len(new)
            seam = lines[max(at - 1, 0) : at + len(new)]
            if not all(line.endswith(b"\n") for line in (seam if at + len(new) < len(lines) else seam[:-1])):
                _refuse(f"the hunk at patch line {hunk.line} puts a line without a newline before another line")
        return b"".join(lines)

    def _place(self, hunk: _Hunk, old: list[bytes], lines: list[bytes], taken: bytearray, exact: bool) -> int | None:
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
            _refuse("too many hunks are not where their headers say")
        return found

    def _check_result(self, result: Sequence[Change]) -> None:
        """Refuse files below files, and links that leave the tree."""
        for change in result:
            if change.after and change.after.mode == LINK and (problem := link_problem(change.path, change.after.data)):
                _refuse(f"{change.path}: the patch makes a link that cannot be taken: {problem}")
        created = [change.path for change in result if change.before is None]
        if not created:
            return
        paths = {path for path, file in {**self._tree, **self._touched}.items() if file}
        folders = {parent for path in paths for parent in parents(path)}
        for path in created:
            if path in folders or not paths.isdisjoint(parents(path)):
                _refuse(f"{path}: the patch needs one path to be a file (or a link) and a folder")


def _name_problem(name: bytes) -> str | None:
    return "it is absolute" if name.startswith(b"/") else path_problem(_decoded(name))


def _decoded(name: bytes) -> str:
    """Read a path of a patch; as for git, `./x` and `d//x` are `x` and `d/x`."""
    return "/".join(part for part in decode_path(name).split("/") if part not in ("", "."))


def _check_header(diff: _FileDiff) -> None:
    """Refuse headers that say two things, or promise a content that does not follow."""
    old_gone, new_gone = diff.old == _DEV_NULL, diff.new == _DEV_NULL
    moves = sum(word in diff.extended for word in (b"rename from", b"rename to", b"copy from", b"copy to"))
    if (
        diff.creates + diff.deletes + bool(moves) > 1
        or (moves and (moves != 2 or diff.moved is None))
        or (b"old mode" in diff.extended) != (b"new mode" in diff.extended)
        or (diff.old is not None and (diff.creates, diff.deletes) != (old_gone, new_gone) and diff.header is not None)
    ):
        _refuse("the header of the diff contradicts itself")
    if diff.hunks or diff.binary:
        return
    match = _IDS.fullmatch(diff.extended.get(b"index", b""))
    if match is None:
        return
    created_empty = diff.creates and _EMPTY_BLOB.startswith(match[2])
    deleted_empty = diff.deletes and _EMPTY_BLOB.startswith(match[1])
    if match[1] != match[2] and not created_empty and not deleted_empty:
        _refuse("the header announces other content, but neither hunks nor binary data follow")


def _check_type(diff: _FileDiff, before: File) -> None:
    """Refuse a diff of a file that takes it for a link, or the reverse."""
    ids = _IDS.fullmatch(diff.extended.get(b"index", b""))
    stated = [diff.extended.get(b"old mode"), diff.extended.get(b"deleted file mode"), ids and ids[3]]
    for mode in filter(None, stated):
        if _file_type(_mode(mode)) != _file_type(before.mode):
            _refuse(f"the diff is of a file with mode {mode.decode()}, but the file has mode {before.mode}")


def _may_lack_context(diff: _FileDiff, data: bytes) -> bool:
    """Say whether a hunk without context may mean the line that it names (`-U0`), whatever stands around it.

    Otherwise it means, as for git, that there is nothing around it. A diff that identifies the content that it is
    for, and is applied to other content, is not taken so far.
    """
    if all(hunk.leading or hunk.trailing for hunk in diff.hunks):
        return False
    match = _IDS.fullmatch(diff.extended.get(b"index", b""))
    return match is None or blob_id(data).encode().startswith(match[1])


def _new_mode(diff: _FileDiff, before: File) -> str:
    mode = diff.extended.get(b"new mode")
    after = before.mode if mode is None else _mode(mode)
    if _file_type(after) != _file_type(before.mode):
        _refuse("a file can only become a link, or a link a file, by a deletion and a creation")
    return after


def _mode(text: bytes) -> str:
    """Read a mode as git does: of the permissions only the owner's executable bit is kept."""
    value = int(text, 8) if re.fullmatch(rb"[0-7]{5,6}", text) else 0
    if value & 0o170000 == 0o100000:
        return EXECUTABLE if value & 0o100 else REGULAR
    if value == 0o120000:
        return LINK
    _refuse(f"mode {text[:20].decode(errors='replace')} is neither that of a file nor that of a link")


def _file_type(mode: str) -> str:
    return LINK if mode == LINK else REGULAR


def _mismatch(hunk: _Hunk, old: list[bytes], lines: list[bytes]) -> str:
    """Say where a hunk that fits nowhere differs from the place that it names."""
    where = f"the hunk at patch line {hunk.line} does not match the file"
    for row, expected in enumerate(old, max(hunk.old_start, 1)):
        found = lines[row - 1] if row <= len(lines) else b"the end of the file"
        if found != expected:
            return f"{where}; line {row}: expected {_show(expected)}, found {_show(found)}"
    return f"{where}: what it says of the beginning or the end of the file, or the order of hunks, is wrong"


# Patches: binary content


def _binary_content(diff: _FileDiff, binary: _Binary, data: bytes) -> bytes:
    """Apply a binary patch between the contents that its header identifies, as git does."""
    match = _IDS.fullmatch(diff.extended.get(b"index", b""))
    if match is None or len(match[1]) != 40 or len(match[2]) != 40:
        _refuse("a binary patch needs an index line with both ids in full (git diff --binary)")
    old_id = b"0" * 40 if diff.creates else blob_id(data).encode()
    if match[1] != old_id:
        _refuse(f"the binary patch is for content {match[1].decode()}, but the file has {old_id.decode()}")
    content = _undelta(data, binary.data) if binary.delta else binary.data
    if (b"0" * 40 if diff.deletes else blob_id(content).encode()) != match[2]:
        _refuse("the binary patch does not make the content that its header identifies")
    return content


def _undelta(old: bytes, delta: bytes) -> bytes:
    """Make content from old content and git's delta of it (gitformat-pack, "Deltified representation")."""
    try:
        old_size, at = _size(delta, 0)
        new_size, at = _size(delta, at)
        new = bytearray()
        while at < len(delta):
            command = delta[at]
            at += 1
            if command & 0x80:
                start, at = _sparse_number(delta, at, command & 0x0F, 4)
                count, at = _sparse_number(delta, at, command >> 4 & 0x07, 3)
                piece, size = old[start : start + (count or 0x10000)], count or 0x10000
            else:
                piece, size, at = delta[at : at + command], command, at + command
            new += piece
            if not size or len(piece) != size or len(new) > min(new_size, MAX_RESULT_BYTES):
                _refuse("damaged binary delta")
    except IndexError:
        _refuse("damaged binary delta")
    if len(old) != old_size or len(new) != new_size:
        _refuse("damaged binary delta")
    return bytes(new)


def _size(delta: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first, and return it with the position after it."""
    value = shift = 0
    while True:
        byte = delta[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at


def _sparse_number(delta: bytes, at: int, present: int, width: int) -> tuple[int, int]:
    """Read a number of which only the bytes with a bit in `present` are there."""
    value = 0
    for index in range(width):
        if present >> index & 1:
            value |= delta[at] << 8 * index
            at += 1
    return value, at
