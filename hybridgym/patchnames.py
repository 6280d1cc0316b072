"""The names in the headers of diffs: how they are quoted, and which paths they can mean."""

import re
from collections.abc import Iterator

DEV_NULL = b"/dev/null"

_PREFIXES = (b"a", b"b", b"i", b"w", b"c", b"o")
"""What git puts before paths: by default, and with `diff.mnemonicPrefix`."""
_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_UNESCAPES = {escape[1:].encode(): bytes([byte]) for byte, escape in _ESCAPES.items()}
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-3][0-7]{2})')
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')


def quote(name: bytes) -> str:
    """Write a name as git does: in quotes, in C's notation, if a byte of it asks for that."""
    text = "".join(_ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in name)
    return f'"{text}"' if text.encode() != name else text


def read_name(text: bytes) -> bytes:
    """Read a name of a header: quoted, or up to a tab."""
    match = _QUOTED.match(text)
    return _unquote(match[1]) if match else text.partition(b"\t")[0]


def _unquote(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda match: _UNESCAPES.get(match[1]) or bytes([int(match[1], 8)]), text)


def _header_pairs(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the ways to read the two names of a `diff --git` line, whose names may hold blanks."""
    if match := _QUOTED.match(header):
        yield _unquote(match[1]), read_name(header[match.end() :].removeprefix(b" "))
    elif header.endswith(b'"') and b' "' in header:
        old, _, new = header.partition(b" ")
        while not new.startswith(b'"'):
            word, _, new = new.partition(b" ")
            old += b" " + word
        yield old, read_name(new)
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
    return name in (None, DEV_NULL, path) or _cut(name or b"") == path


def _shared_paths(old: bytes, new: bytes) -> list[bytes]:
    """Return what two names can mean as one path, the likelier first.

    Names that are equal as written have no prefixes: git never gives both sides the same.
    """
    paths = [old, _cut(old)] if old == new else [_cut(old)] if _cut(old) == _cut(new) else []
    return [path for path in paths if path]


def git_candidates(
    header: bytes, names: tuple[bytes | None, bytes | None], moved: tuple[bytes, bytes] | None
) -> list[tuple[bytes, bytes]]:
    """Return the pairs of old and new path that all lines of a git header agree on.

    `header` is what follows `diff --git `, `names` what follows `--- ` and `+++ `, and `moved` the paths of a rename
    or copy.
    """
    pairs = _header_pairs(header)
    if moved:
        old, new = moved
        agreed = any(_fits(left, old) and _fits(right, new) for left, right in pairs)
        candidates = [(old, new)] if agreed else []
    else:
        candidates = [(path, path) for left, right in pairs for path in _shared_paths(left, right)]
    return [(old, new) for old, new in candidates if old and new and _fits(names[0], old) and _fits(names[1], new)]


def plain_candidates(old: bytes, new: bytes) -> list[tuple[bytes, bytes]]:
    """Return what the names of a plain diff can mean."""
    if DEV_NULL in (old, new):
        only = new if old == DEV_NULL else old
        paths = [_cut(only), only] if only.partition(b"/")[0] in _PREFIXES else [only, _cut(only)]
    else:
        # As git: of x.py and x.py.orig the shorter, of other names the second.
        name = old if new.startswith(old) else new
        paths = _shared_paths(old, new) or [_cut(name), name]
    return [(path, path) for path in paths if path]
