"""Snapshots: git's ids of a tree, and an archive that cannot write outside of it."""

import io
import os
import subprocess
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from hybridgym.errors import SuiteError
from hybridgym.snapshots import (
    MAX_UNPACKED_BYTES,
    blob_id,
    check_tree,
    commit_id,
    link_problem,
    pack,
    path_problem,
    tree_id,
    unpack,
)
from hybridgym.task import EXECUTABLE, LINK, REGULAR, File, Tree

TREE: Tree = {
    "a-b": File(b"sorts before the folder a"),
    "a.c": File(b""),
    "a/x": File(b"\0\xff", EXECUTABLE),
    "a/b/" + "long" * 60: File(b"deep"),
    "a0": File(b"a.c", LINK),
    "\u00fc \U0001f40d/\udcff": File(b"../a/x", LINK),
    "z": File(b"x" * 100_000),
}


def write(tree: Tree, directory: Path) -> None:
    for path, file in tree.items():
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.mode == LINK:
            place.symlink_to(os.fsdecode(file.data))
        else:
            place.write_bytes(file.data)
            place.chmod(0o755 if file.mode == EXECUTABLE else 0o644)


@pytest.mark.parametrize("tree", [pytest.param(TREE, id="mixed"), pytest.param({}, id="empty")])
def test_ids_are_those_of_git(tmp_path: Path, tree: Tree) -> None:
    write(tree, tmp_path)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (
                ("NAME", "hybridgym"),
                ("EMAIL", "hybridgym@localhost"),
                ("DATE", "2000-01-01T00:00:00Z"),
            )
        },
    }

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=tmp_path, env=environment, capture_output=True, check=True)
        return done.stdout.decode().strip()

    git("init", "-q")
    git("add", "--all")
    assert git("write-tree") == tree_id(tree)
    assert git("commit-tree", "-m", "Start", tree_id(tree)) == commit_id(tree_id(tree))


def test_known_ids() -> None:
    # The ids that every git repository knows.
    assert blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert tree_id({}) == "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def test_order_of_insertion_does_not_matter() -> None:
    turned = dict(sorted(TREE.items(), reverse=True))
    assert tree_id(turned) == tree_id(TREE)
    assert pack(turned) == pack(TREE)


def test_a_path_is_no_file_and_folder_at_once() -> None:
    with pytest.raises(SuiteError, match="'a' is both"):
        tree_id({"a": File(b""), "a/b": File(b"")})


def test_unpack_takes_pack_back() -> None:
    assert unpack(pack(TREE)) == TREE
    assert list(unpack(pack(TREE))) == sorted(TREE)
    assert unpack(pack({})) == {}


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=120).filter(
    lambda name: path_problem(name) is None
)
FILES = st.builds(File, st.binary(max_size=50), st.sampled_from([REGULAR, EXECUTABLE]))


@given(st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), FILES, max_size=5))
def test_any_tree_survives(tree: Tree) -> None:
    try:
        check_tree(tree)
    except SuiteError:
        return
    assert unpack(pack(tree)) == tree


@given(st.data())
def test_damage_is_an_error_and_nothing_else(data: st.DataObject) -> None:
    archive = bytearray(
        zstandard.ZstdDecompressor().decompress(pack({"a": File(b"x"), "\u00fc" * 80: File(b"a", LINK)}))
    )
    for place in data.draw(st.lists(st.integers(0, len(archive) - 1), min_size=1, max_size=4)):
        archive[place] = data.draw(st.integers(0, 255))
    with suppress(SuiteError):
        unpack(zstandard.compress(bytes(archive)))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_an_error(data: bytes) -> None:
    with pytest.raises(SuiteError):
        unpack(data)


def archive_of(*members: tuple[str, bytes, bytes, str]) -> bytes:
    """Write an archive of (name, type, content, link target), as hostile as wanted."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, kind, content, target in members:
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, len(content), target
            tar.addfile(member, io.BytesIO(content))
    return zstandard.compress(stream.getvalue())


def file_named(name: str) -> bytes:
    return archive_of((name, tarfile.REGTYPE, b"x", ""))


def link_to(target: str, name: str = "sub/link") -> bytes:
    return archive_of((name, tarfile.SYMTYPE, b"", target))


def of_kind(kind: bytes) -> bytes:
    return archive_of(("x", tarfile.REGTYPE, b"", ""), ("y", kind, b"", "x"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(file_named("/etc/passwd"), "absolute", id="absolute"),
        pytest.param(file_named("../x"), r"'\.\.'", id="parent"),
        pytest.param(file_named("a/../../x"), r"'\.\.'", id="parent-inside"),
        pytest.param(file_named("./x"), r"'\.'", id="dot"),
        pytest.param(file_named("a//x"), "''", id="empty-component"),
        pytest.param(file_named(".git/hooks/post-checkout"), "git keeps", id="git"),
        pytest.param(file_named("sub/.GIT/config"), "git keeps", id="git-in-capitals"),
        pytest.param(file_named(".git./config"), "git keeps", id="git-with-a-dot"),
        pytest.param(file_named("GIT~1/config"), "git keeps", id="git-short-name"),
        pytest.param(link_to("/etc"), "absolute", id="absolute-link"),
        pytest.param(link_to("../../x"), "outside", id="link-out"),
        pytest.param(link_to("a/../../../x"), r"'\.\.'", id="link-out-on-a-detour"),
        pytest.param(link_to("../.git/config"), "git keeps", id="link-to-git"),
        pytest.param(link_to(""), "empty", id="empty-link"),
        pytest.param(
            archive_of(("l", tarfile.SYMTYPE, b"", "a"), ("l/x", tarfile.REGTYPE, b"", "")), "below", id="below-a-link"
        ),
        pytest.param(
            archive_of(("f", tarfile.REGTYPE, b"", ""), ("f/x", tarfile.REGTYPE, b"", "")), "below", id="below-a-file"
        ),
        pytest.param(
            archive_of(("x", tarfile.REGTYPE, b"1", ""), ("x", tarfile.REGTYPE, b"2", "")), "twice", id="twice"
        ),
        pytest.param(of_kind(tarfile.LNKTYPE), "neither", id="hard-link"),
        pytest.param(of_kind(tarfile.CHRTYPE), "neither", id="device"),
        pytest.param(of_kind(tarfile.FIFOTYPE), "neither", id="fifo"),
        pytest.param(of_kind(tarfile.DIRTYPE), "neither", id="folder"),
        pytest.param(b"no snapshot", "damaged", id="no-archive"),
        pytest.param(pack(TREE)[:-20], "damaged", id="cut-off"),
        pytest.param(pack(TREE) + b"x", "damaged", id="something-after"),
        pytest.param(zstandard.compress(b"x" * 2000), "damaged", id="no-tar-inside"),
    ],
)
def test_what_pack_does_not_write_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SuiteError, match=reason):
        unpack(data)


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    # The frame says 4 GiB; nothing of that size has to exist for it.
    size = MAX_UNPACKED_BYTES * 2
    bomb = b"\x28\xb5\x2f\xfd" + b"\xe0" + size.to_bytes(8, "little") + b"\x01\0\0"
    with pytest.raises(SuiteError, match="more than"):
        unpack(bomb)


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param({"../x": File(b"")}, id="path"),
        pytest.param({"x": File(b"..", LINK)}, id="link"),
        pytest.param({"x": File(b"", "160000")}, id="submodule"),
        pytest.param({"x": File(b""), "x/y": File(b"")}, id="file-and-folder"),
    ],
)
def test_pack_refuses_what_unpack_would(tree: Tree) -> None:
    with pytest.raises(SuiteError):
        pack(tree)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("link", b"file"),
        ("link", b"./a//b/"),
        ("a/b/link", b"../../file"),
        ("a/link", b".."),
        ("link", b"."),
        ("link", b"..."),
        ("link", b"\xff"),
    ],
)
def test_links_inside_of_the_tree_are_taken(path: str, target: bytes) -> None:
    assert link_problem(path, target) is None
