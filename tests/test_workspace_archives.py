"""workspace.read_archive: archives of folders that an agent worked in, made by tar and by people who mean harm."""

import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hybridgym.refusals import Refusal
from hybridgym.task import EXECUTABLE, LINK, File, Tree
from hybridgym.workspace import lay_out, read_archive, read_changes

TREE: Tree = {
    "link": File(b"src/a.py", LINK),
    "run": File(b"#!/bin/sh\n", EXECUTABLE),
    "src/a.py": File(b"A = 1\n"),
    "src/b.py": File(b"B = 1\n"),
}


def packed(folder: Path) -> bytes:
    return subprocess.run(["tar", "-cf", "-", "-C", folder, "."], capture_output=True, check=True).stdout


def a_day_of_work(folder: Path) -> None:
    (folder / "src" / "a.py").write_bytes(b"A = 2\n")
    (folder / "src" / "b.py").unlink()
    (folder / "run").chmod(0o644)
    (folder / "new").mkdir()
    (folder / "new" / "c\xe9\udcff.py").write_bytes(b"")
    (folder / "new" / "same.py").hardlink_to(folder / "src" / "a.py")
    (folder / "outside").symlink_to("/etc")
    (folder / "src" / "__pycache__").mkdir()
    (folder / "src" / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"\0")
    (folder / ".git" / "config").write_text("[core]\n")


@pytest.mark.parametrize(
    "work", [pytest.param(lambda folder: None, id="nothing"), pytest.param(a_day_of_work, id="much")]
)
def test_an_archive_says_what_the_folder_says(tmp_path: Path, work: Callable[[Path], None]) -> None:
    lay_out(TREE, tmp_path / "testbed")
    work(tmp_path / "testbed")
    assert read_archive(TREE, packed(tmp_path / "testbed")) == read_changes(TREE, tmp_path / "testbed")


def entry(
    name: str, kind: bytes = tarfile.REGTYPE, target: str = "", data: bytes = b""
) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, target, len(data)
    return member, data


def written(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for member, data in entries:
            archive.addfile(member, io.BytesIO(data))
    return content.getvalue()


@pytest.mark.parametrize(
    "archive",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(b"\x1f\x8b compressed", id="no archive"),
        pytest.param(written(entry("src/a.py", data=b"A = 1\n"))[:700], id="cut off"),
        pytest.param(written(entry("../up.py")), id="above"),
        pytest.param(written(entry("/tmp/root.py")), id="absolute"),
        pytest.param(written(entry("pipe", tarfile.FIFOTYPE)), id="pipe"),
        pytest.param(written(entry("disk", tarfile.BLKTYPE)), id="device"),
        pytest.param(written(entry("a", tarfile.LNKTYPE, "/etc/passwd")), id="hard link to this machine"),
        pytest.param(written(entry("a", tarfile.LNKTYPE, "a")), id="hard link to itself"),
        pytest.param(written(entry("a", data=b"1"), entry("a", data=b"2")), id="twice"),
        pytest.param(written(entry("a", data=b"1"), entry("a/b", data=b"2")), id="file and folder"),
        pytest.param(
            written(entry("a", data=b"x" * 10**6), *(entry(f"b{n}", tarfile.LNKTYPE, "a") for n in range(300))),
            id="bomb",
        ),
    ],
)
def test_what_cannot_be_a_folder_is_refused(archive: bytes) -> None:
    assert isinstance(read_archive(TREE, archive), Refusal)


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    archive = written(entry("way", tarfile.SYMTYPE, str(tmp_path)), entry("way/here.py", data=b"1"))
    assert isinstance(read_archive(TREE, archive), Refusal)
    assert list(tmp_path.iterdir()) == []
