"""Binary patches: the content that git's literals and deltas make of the content before."""

from hybridgym.patchtext import Binary, FileDiff
from hybridgym.refusals import MAX_RESULT_BYTES, refuse
from hybridgym.snapshots import blob_id


def binary_content(diff: FileDiff, binary: Binary, data: bytes) -> bytes:
    """Apply a binary patch between the contents that its header identifies, as git does."""
    ids = diff.ids
    if ids is None or len(ids[0]) != 40 or len(ids[1]) != 40:
        refuse("a binary patch needs an index line with both ids in full (git diff --binary)")
    stated_old, stated_new, _ = ids
    old_id = b"0" * 40 if diff.creates else blob_id(data).encode()
    if stated_old != old_id:
        refuse(f"the binary patch is for content {stated_old.decode()}, but the file has {old_id.decode()}")
    content = _undelta(data, binary.data) if binary.delta else binary.data
    if (b"0" * 40 if diff.deletes else blob_id(content).encode()) != stated_new:
        refuse("the binary patch does not make the content that its header identifies")
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
                refuse("damaged binary delta")
    except IndexError:
        refuse("damaged binary delta")
    if len(old) != old_size or len(new) != new_size:
        refuse("damaged binary delta")
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
