"""Two trees → what differs between them, and the patch that git would write of it."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from hybridgym.errors import UsageError
from hybridgym.patchnames import quote
from hybridgym.snapshots import encode_path
from hybridgym.task import LINK, Change, Edit, File, Tree

_CONTEXT = 3
"""Lines of context that `make_patch` writes, as git does."""
_MAX_DIFFERENCES = 400
"""Lines taken away and added, above which `make_patch` replaces a stretch of a file as a whole."""


def changes(before: Tree, after: Tree) -> tuple[Change, ...]:
    """Return the paths at which two trees differ, sorted."""
    return tuple(
        Change(path=path, before=before.get(path), after=after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    )


def with_changes(tree: Tree, changes: Sequence[Change]) -> Tree:
    """Return a tree with changes made."""
    files: dict[str, File] = dict(tree)
    for change in changes:
        if change.after is None:
            files.pop(change.path, None)
        else:
            files[change.path] = change.after
    return dict(sorted(files.items()))


def edits_between(path: str, before: bytes, after: bytes) -> tuple[Edit, ...]:
    """Return one edit for each hunk that git would write of two states of a text file; content has to be UTF-8."""
    old, new = io.BytesIO(before).readlines(), io.BytesIO(after).readlines()
    starts = [0, *accumulate(map(len, old))]
    edits = []
    for group in _hunk_groups(_differences(old, new)):
        (first, _, first_new, _), (_, last, _, last_new) = group[0], group[-1]
        start, end = starts[first], starts[last]
        text = b"".join(new[first_new:last_new]).decode()
        digest = hashlib.sha256(before[start:end]).hexdigest()
        edits.append(Edit(path=path, start=start, end=end, old_sha256=digest, new=text))
    return tuple(edits)


def make_patch(changes: Sequence[Change]) -> str:
    """Write changes as `git diff` does, without `index` lines.

    Raises UsageError for content that is not UTF-8 text.
    """
    return "".join(section for change in changes for section in _sections(change))


def _sections(change: Change) -> Iterator[str]:
    before, after = change.before, change.after
    if before is not None and after is not None and (before.mode == LINK) != (after.mode == LINK):
        # git writes a change of the type as a deletion and a creation.
        yield _section(change.path, before, None)
        yield _section(change.path, None, after)
    else:
        yield _section(change.path, before, after)


def _section(path: str, before: File | None, after: File | None) -> str:
    old_name, new_name = quote(b"a/" + encode_path(path)), quote(b"b/" + encode_path(path))
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
    # These split at \n alone.
    return io.BytesIO(data).readlines()


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
