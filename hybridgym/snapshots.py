"""Trees as bytes: git's ids of them, the archive that travels with a suite, and what a tree may hold.

A start state is a git repository of one commit. Everything in that commit is fixed but the tree, so its id can
be computed without git.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterable, Mapping, Sequence

import zstandard

from hybridgym.errors import SuiteError
from hybridgym.task import EXECUTABLE, LINK, REGULAR, File, Tree

AUTHOR_NAME = "hybridgym"
AUTHOR_EMAIL = "hybridgym@localhost"
COMMIT_TIME = 946_684_800
"""2000-01-01T00:00:00Z in seconds since the epoch; the offset is +0000."""
COMMIT_MESSAGE = "Start\n"

COMPRESSION_LEVEL = 10
"""Of Zstandard, whose output at one level may differ between its versions: the tree id identifies a snapshot."""
MAX_UNPACKED_BYTES = 2**31
"""What a snapshot may unpack to, headers of the archive included."""

_FOLDER_MODE = b"40000"
DAMAGED = (zstandard.ZstdError, tarfile.TarError, ValueError, ArithmeticError, EOFError, LookupError, RecursionError)
"""What reading a damaged archive raises: tarfile lets more than its own errors through."""
_PERMISSIONS = {REGULAR: 0o644, EXECUTABLE: 0o755, LINK: 0o777}


def tree_id(tree: Tree) -> str:
    """Compute the SHA-1 that git gives to a tree.

    Raises SuiteError where a path is both a file and a folder.
    """
    entries = [(encode_path(path).split(b"/"), file) for path, file in tree.items()]
    return _folder_id(sorted(entries, key=lambda entry: entry[0]), 0).hex()


def commit_id(tree_id: str) -> str:
    """Compute the SHA-1 of the one commit of a start state with this tree."""
    who = f"{AUTHOR_NAME} <{AUTHOR_EMAIL}> {COMMIT_TIME} +0000"
    text = f"tree {tree_id}\nauthor {who}\ncommitter {who}\n\n{COMMIT_MESSAGE}"
    return _object_id(b"commit", text.encode()).hex()


def blob_id(data: bytes) -> str:
    """Compute the SHA-1 that git gives to a file's content."""
    return _object_id(b"blob", data).hex()


def encode_path(path: str) -> bytes:
    """Write a path as git stores it: UTF-8, other bytes as `surrogateescape` keeps them."""
    return path.encode("utf-8", "surrogateescape")


def decode_path(path: bytes) -> str:
    """Read a path as git stores it; the inverse of `encode_path`."""
    return path.decode("utf-8", "surrogateescape")


def path_problem(path: str) -> str | None:
    """Say why a path cannot be part of a tree, or return None.

    Case, trailing dots and blanks and the short name `git~1` are looked through, because some file systems do.
    """
    if not path or "\0" in path:
        return "it is empty or has a NUL byte"
    if path.startswith("/"):
        return "it is absolute"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return f"it has a component {part!r}"
        if part.rstrip(". ").casefold() in (".git", "git~1"):
            return f"it has a component {part!r}, which git keeps for itself"
    return None


def link_problem(path: str, target: bytes) -> str | None:
    """Say why a link at `path` could lead out of the tree, or return None.

    `..` is only taken at the beginning of a target: after a name that is itself a link, it leads elsewhere than
    the text says.
    """
    if not target or b"\0" in target:
        return "its target is empty or has a NUL byte"
    if target.startswith(b"/"):
        return "its target is absolute"
    parts = [part for part in decode_path(target).split("/") if part not in ("", ".")]
    up = next((index for index, part in enumerate(parts) if part != ".."), len(parts))
    if up > path.count("/"):
        return "its target lies outside of the tree"
    rest = "/".join(parts[up:])
    problem = path_problem(rest) if rest else None
    return f"its target cannot be taken: {problem}" if problem else None


def check_tree(tree: Tree) -> None:
    """Raise SuiteError for a tree that cannot be laid out, or that reaches out of itself: which path, and why."""
    for path, file in tree.items():
        problem = path_problem(path) or _file_problem(path, file)
        if problem is None and any(parent in tree for parent in parents(path)):
            problem = "it lies below a file or a link"
        if problem:
            message = f"{path!r} cannot be part of a tree: {problem}"
            raise SuiteError(message)


def parents(path: str) -> Iterable[str]:
    """Yield the folders above a path, the nearest first, without the root."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def pack(tree: Tree) -> bytes:
    """Write a tree as a compressed archive: the same bytes for the same tree.

    Raises SuiteError for a tree that `unpack` would refuse.
    """
    return zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress(archive(tree))


def archive(tree: Tree) -> bytes:
    """Write a tree as an archive that is not compressed; raises as `pack` does."""
    check_tree(tree)
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8") as tar:
        for path, file in sorted(tree.items()):
            tar.addfile(_member(path, file), io.BytesIO(file.data))
    return content.getvalue()


def unpack(data: bytes) -> Tree:
    """Read a tree from a compressed archive; nothing is written anywhere.

    Raises SuiteError for anything that `pack` does not write: other kinds of members, paths and links that leave
    the tree, more than MAX_UNPACKED_BYTES, damaged data.
    """
    try:
        content = io.BytesIO(_decompress(data))
        with tarfile.open(fileobj=content, mode="r:", encoding="utf-8") as tar:
            tree = _read(tar)
    except DAMAGED as error:
        message = f"damaged snapshot: {error}"
        raise SuiteError(message) from error
    check_tree(tree)
    return tree


def _folder_id(entries: Sequence[tuple[list[bytes], File]], depth: int) -> bytes:
    """Hash the folder that all (sorted) entries share: their first `depth` components."""
    children: list[tuple[bytes, bytes]] = []
    first = 0
    while first < len(entries):
        name = entries[first][0][depth]
        last = first + 1
        while last < len(entries) and entries[last][0][depth] == name:
            last += 1
        children.append(_child(entries[first:last], depth, name))
        first = last
    return _object_id(b"tree", b"".join(line for _, line in sorted(children)))


def _child(entries: Sequence[tuple[list[bytes], File]], depth: int, name: bytes) -> tuple[bytes, bytes]:
    """Return the sort key and the line of one name in a folder; git sorts a folder as if its name ended in `/`."""
    parts, file = entries[0]
    if len(parts) > depth + 1:
        return name + b"/", _FOLDER_MODE + b" " + name + b"\0" + _folder_id(entries, depth + 1)
    if len(entries) > 1:
        message = f"{decode_path(b'/'.join(parts))!r} is both a file and a folder"
        raise SuiteError(message)
    return name, file.mode.encode() + b" " + name + b"\0" + _object_id(b"blob", file.data)


def _object_id(kind: bytes, data: bytes) -> bytes:
    return hashlib.sha1(b"%b %d\0%b" % (kind, len(data), data), usedforsecurity=False).digest()


def _file_problem(path: str, file: File) -> str | None:
    if file.mode not in _PERMISSIONS:
        return f"its mode is {file.mode}"
    return link_problem(path, file.data) if file.mode == LINK else None


def _member(path: str, file: File) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.mode = _PERMISSIONS[file.mode]
    member.mtime = COMMIT_TIME
    if file.mode == LINK:
        member.type = tarfile.SYMTYPE
        member.linkname = decode_path(file.data)
    else:
        member.size = len(file.data)
    return member


def _decompress(data: bytes) -> bytes:
    # The size is checked before the memory is taken: the frame says it, and decompressing verifies it.
    size = zstandard.get_frame_parameters(data).content_size
    if size in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR) or size > MAX_UNPACKED_BYTES:
        message = f"a snapshot of an unknown size or of more than {MAX_UNPACKED_BYTES} bytes"
        raise SuiteError(message)
    return zstandard.ZstdDecompressor().decompress(data, allow_extra_data=False)


def _read(tar: tarfile.TarFile) -> dict[str, File]:
    files: dict[str, File] = {}
    for member in tar:
        path = member.name
        if path in files:
            message = f"{path!r} is twice in the snapshot"
            raise SuiteError(message)
        if member.issym():
            files[path] = File(encode_path(member.linkname), LINK)
            continue
        content = tar.extractfile(member) if member.isreg() and not member.issparse() else None
        if content is None:
            message = f"{path!r} in the snapshot is neither a file nor a symbolic link"
            raise SuiteError(message)
        files[path] = File(content.read(), EXECUTABLE if member.mode & 0o100 else REGULAR)
    return dict(sorted(files.items()))


class TreeHasher:
    """Tree ids of one tree with a few files replaced: only the folders above them are hashed again."""

    def __init__(self, tree: Tree) -> None:
        self._folders: dict[str, dict[str, tuple[bytes, bytes]]] = {"": {}}
        for path, file in tree.items():
            parent, _, name = path.rpartition("/")
            self._folder(parent)[name] = (file.mode.encode(), _object_id(b"blob", file.data))
        for folder in sorted(self._folders, key=lambda f: -f.count("/") if f else 1):
            if folder:
                parent, _, name = folder.rpartition("/")
                self._folders[parent][name] = (_FOLDER_MODE, _entries_id(self._folders[folder]))

    def with_files(self, replaced: Mapping[str, File]) -> str:
        """Return the id of the tree in which some existing files have another content or mode."""
        touched: dict[str, dict[str, tuple[bytes, bytes]]] = {"": dict(self._folders[""])}
        for path, file in replaced.items():
            parent, _, name = path.rpartition("/")
            for folder in (*parents(path), parent):
                touched.setdefault(folder, dict(self._folders[folder]))
            touched[parent][name] = (file.mode.encode(), _object_id(b"blob", file.data))
        for folder in sorted(touched, key=lambda f: -f.count("/") if f else 1):
            if folder:
                parent, _, name = folder.rpartition("/")
                touched[parent][name] = (_FOLDER_MODE, _entries_id(touched[folder]))
        return _entries_id(touched[""]).hex()

    def _folder(self, folder: str) -> dict[str, tuple[bytes, bytes]]:
        if folder not in self._folders:
            self._folders[folder] = {}
            self._folder(folder.rpartition("/")[0])
        return self._folders[folder]


def _entries_id(entries: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    def order(item: tuple[str, tuple[bytes, bytes]]) -> bytes:
        # git sorts a folder as if its name ended in a slash
        return encode_path(item[0]) + (b"/" if item[1][0] == _FOLDER_MODE else b"")

    content = b"".join(m + b" " + encode_path(n) + b"\0" + i for n, (m, i) in sorted(entries.items(), key=order))
    return _object_id(b"tree", content)
