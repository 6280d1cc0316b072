import bz2
import contextlib
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridgym.archives import read_archive, top_folder
from hybridgym.entries import MAX_FILE_BYTES, collect
from hybridgym.errors import SourceError
from hybridgym.task import EXECUTABLE, LINK, REGULAR, File


def member(name: str, data: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


def tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def kept(folder: Path, data: bytes, root: str = "x") -> dict[str, File]:
    path = folder / "archive"
    path.write_bytes(data)
    return dict(collect(read_archive(path), repo="local/x", root=root).files)


def skipped(folder: Path, data: bytes) -> dict[str, int]:
    path = folder / "archive"
    path.write_bytes(data)
    return collect(read_archive(path), repo="local/x").skipped


@pytest.mark.parametrize(
    "compress",
    [
        pytest.param(gzip.compress, id="gz"),
        pytest.param(bz2.compress, id="bz2"),
        pytest.param(lzma.compress, id="xz"),
    ],
)
def test_tar_archives(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    data = tar(
        member("x", type=tarfile.DIRTYPE),
        member("x/a.py", b"a = 1\n"),
        member("./x//ü b.py", b"b = 1\n"),
        member("x/run", b"#!/bin/sh\n", mode=0o755),
        member("x/link", type=tarfile.SYMTYPE, linkname="a.py"),
        member("x/hard", type=tarfile.LNKTYPE, linkname="x/run"),
    )
    assert kept(tmp_path, compress(data)) == {
        "a.py": File(b"a = 1\n"),
        "hard": File(b"#!/bin/sh\n", EXECUTABLE),
        "link": File(b"a.py", LINK),
        "run": File(b"#!/bin/sh\n", EXECUTABLE),
        "ü b.py": File(b"b = 1\n"),
    }


def test_zip_archives(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("x")
        for name, data, mode in (
            ("x/a.py", b"a = 1\n", stat.S_IFREG | 0o644),
            ("x/run", b"#!/bin/sh\n", stat.S_IFREG | 0o755),
            ("x/link", b"a.py", stat.S_IFLNK | 0o777),
            ("x/ü.py", b"", 0),
            ("x/../../out", b"", 0),
        ):
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, data)
    assert kept(tmp_path, stream.getvalue()) == {
        "a.py": File(b"a = 1\n", REGULAR),
        "link": File(b"a.py", LINK),
        "run": File(b"#!/bin/sh\n", EXECUTABLE),
        "ü.py": File(b"", REGULAR),
    }


@pytest.mark.parametrize(
    ("hostile", "reason"),
    [
        pytest.param(member("/etc/passwd"), "unsafe path", id="absolute"),
        pytest.param(member("x/../../out"), "unsafe path", id="dots"),
        pytest.param(member("x/a\\b"), "unsafe path", id="backslash"),
        pytest.param(member("x/.git/config"), "unsafe path", id="git"),
        pytest.param(member("x/.GIT/hooks/post-checkout"), "unsafe path", id="git-in-other-case"),
        pytest.param(member("x/\udcff"), "path is not UTF-8", id="not-utf-8"),
        pytest.param(member("x/" + "y" * 300), "path is too long", id="long-name"),
        pytest.param(member("x" + "/y" * 1_000), "path is too long", id="deep"),
        pytest.param(member("x/dev", type=tarfile.CHRTYPE), "device or pipe", id="device"),
        pytest.param(member("x/pipe", type=tarfile.FIFOTYPE), "device or pipe", id="pipe"),
        pytest.param(
            member("x/l", type=tarfile.LNKTYPE, linkname="/etc/passwd"),
            "hard link to no file of the archive",
            id="hard-link-out",
        ),
        pytest.param(
            member("x/l", type=tarfile.LNKTYPE, linkname="x/later"),
            "hard link to no file of the archive",
            id="hard-link-to-nothing",
        ),
        pytest.param(member("x/l", type=tarfile.SYMTYPE, linkname="/etc"), "link leaves the tree", id="absolute-link"),
        pytest.param(
            member("x/l", type=tarfile.SYMTYPE, linkname="../../etc"), "link leaves the tree", id="link-upwards"
        ),
        pytest.param(member("x/l", type=tarfile.SYMTYPE, linkname="d/../../.."), "link leaves the tree", id="winding"),
        pytest.param(member("x/l", type=tarfile.SYMTYPE, linkname=".git/hooks"), "link leaves the tree", id="into-git"),
        pytest.param(member("x/a.py/b.py"), "inside a file", id="file-inside-a-file"),
        pytest.param(member("x/a.py", b"again"), "replaced by a later member", id="duplicate"),
        pytest.param(member("x/big", bytes(MAX_FILE_BYTES + 1)), "too large", id="large"),
    ],
)
def test_a_hostile_member_is_left_out_with_its_reason(
    tmp_path: Path, hostile: tuple[tarfile.TarInfo, bytes], reason: str
) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", encoding="utf-8", errors="surrogateescape") as archive:
        for info, data in (member("x/a.py"), hostile, member("x/z.py")):
            archive.addfile(info, io.BytesIO(data))
    assert skipped(tmp_path, gzip.compress(stream.getvalue())) == {reason: 1}


def test_a_nul_in_a_zip_s_name(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x/a.pyN.txt", b"")
    assert skipped(tmp_path, stream.getvalue().replace(b"a.pyN", b"a.py\0")) == {"unsafe path": 1}


def test_links_that_lead_out_through_one_another(tmp_path: Path) -> None:
    data = tar(
        member("x/d/e/up", type=tarfile.SYMTYPE, linkname="../.."),
        member("x/d/e/out", type=tarfile.SYMTYPE, linkname="up/../.."),
    )
    assert sorted(kept(tmp_path, gzip.compress(data))) == ["d/e/up"]


def test_the_last_of_several_members_of_one_name_counts(tmp_path: Path) -> None:
    data = tar(member("x/a.py", b"first"), member("x/b.py"), member("./x/a.py", b"last"))
    assert kept(tmp_path, gzip.compress(data))["a.py"] == File(b"last")


def test_rejections_name_the_member(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    path.write_bytes(gzip.compress(tar(member("x/a.py"), member("x/.git/config"))))
    [rejection] = collect(read_archive(path), repo="pypi/x", root="x").rejections
    assert (rejection.repo, rejection.stage, rejection.subject) == ("pypi/x", "file", "x/.git/config")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["x/a", "x/b/c"], "x", id="one-folder"),
        pytest.param(["x/a", "y/a"], "", id="two-folders"),
        pytest.param(["x/a", "x"], "", id="file-of-the-same-name"),
        pytest.param(["x/a", "b"], "", id="file-beside"),
        pytest.param(["x/a", "/etc/passwd"], "x", id="hostile-paths-do-not-count"),
        pytest.param([], "", id="empty"),
    ],
)
def test_the_top_folder(tmp_path: Path, names: list[str], expected: str) -> None:
    path = tmp_path / "archive"
    path.write_bytes(gzip.compress(tar(*map(member, names))))
    assert top_folder(read_archive(path)) == expected


def pax_header(size: int) -> bytes:
    info = tarfile.TarInfo("x")
    info.type = tarfile.XHDTYPE
    info.size = size
    return info.tobuf(tarfile.USTAR_FORMAT) + bytes(size)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "neither a zip nor", id="empty"),
        pytest.param(b"#!/bin/sh\n", "neither a zip nor", id="something-else"),
        pytest.param(gzip.compress(tar(member("x/a", b"a" * 5_000)))[:60], "broken archive", id="cut-off"),
        pytest.param(gzip.compress(tar(member("x/a", b"a" * 5_000))[:3_000]), "broken archive", id="cut-off-inside"),
        pytest.param(gzip.compress(b"no tar" * 1_000), "broken archive", id="no-tar"),
        pytest.param(b"PK\x03\x04 no zip", "broken archive", id="no-zip"),
        pytest.param(gzip.compress(pax_header(64 << 20), 1), "header of several megabytes", id="header-bomb"),
    ],
)
def test_a_broken_archive_is_an_error(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        kept(tmp_path, data)


def test_an_archive_that_claims_to_be_huge(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x/big")
    info.size = 3 << 30
    with pytest.raises(SourceError, match="bytes when unpacked"):
        kept(tmp_path, gzip.compress(info.tobuf()))


def test_an_archive_of_too_many_members(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    path.write_bytes(gzip.compress(tar(*(member(name, type=tarfile.DIRTYPE) for name in "abcd"))))
    assert read_archive(path, max_members=4) == []
    with pytest.raises(SourceError, match="more than 3 members"):
        read_archive(path, max_members=3)


@given(position=st.integers(0, 3_000), byte=st.integers(0, 255), end=st.integers(0, 4_000))
def test_a_damaged_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, position: int, byte: int, end: int
) -> None:
    data = bytearray(tar(member("x/a.py", b"a"), member("x/l", type=tarfile.SYMTYPE, linkname="a.py"))[:end])
    data[position : position + 1] = bytes([byte])
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(gzip.compress(bytes(data), 1))
    with contextlib.suppress(SourceError):
        for path_kept in collect(read_archive(path), repo="local/x").files:
            assert not {"", ".", "..", ".git"} & set(path_kept.split("/"))
