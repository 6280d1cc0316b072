import hashlib
import os
import socket
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from hybridgym.entries import MAX_FILE_BYTES
from hybridgym.errors import SourceError
from hybridgym.source import Source, load_source
from hybridgym.specs import RepoSpec, SourceKind, spec_of
from hybridgym.task import EXECUTABLE, LINK, REGULAR, File

MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and ..."


def git(folder: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=os.environ | environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "--all", "--force")
    date = "2024-02-29T12:00:00+05:00"
    git(folder, "commit", "--quiet", "-m", message, GIT_COMMITTER_DATE=date, GIT_AUTHOR_DATE="2020-01-01T00:00:00Z")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A git repository of one commit, on the branch `main` and tagged `v1`."""
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "LICENSE").write_text(MIT)
    (folder / "src/a.py").write_text("a = 1\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, "one")
    git(folder, "tag", "v1")
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def read(cache: Path, source: str, base: Path = Path()) -> Source:
    return load_source(spec_of(source, base), cache)


class TestGit:
    def test_a_commit_as_a_source(self, project: Path, cache: Path) -> None:
        source = read(cache, f"{project}@v1")
        assert source == Source(
            repo="local/project",
            upstream="",
            base_commit=git(project, "rev-parse", "HEAD"),
            tree_id=git(project, "rev-parse", "HEAD^{tree}"),
            license="MIT",
            created_at="2024-02-29T07:00:00Z",
            files={"LICENSE": File(MIT.encode()), "src/a.py": File(b"a = 1\n")},
            skipped={},
            rejections=(),
            tags=(),
        )

    def test_every_form_of_revision(self, project: Path, cache: Path) -> None:
        first = git(project, "rev-parse", "HEAD")
        (project / "b.py").touch()
        second = commit(project, "two")
        git(project, "tag", "--annotate", "v2", "-m", "two")
        git(project, "branch", "feature/x", first)
        expected = {"v1": first, "v2": second, "main": second, "feature/x": first, first: first, second[:8]: second}
        assert {revision: read(cache, f"{project}@{revision}").base_commit for revision in expected} == expected

    def test_a_branch_is_asked_for_again_and_a_sha_is_not(self, project: Path, cache: Path) -> None:
        first = read(cache, f"{project}@main").base_commit
        (project / "b.py").touch()
        second = commit(project, "two")
        assert read(cache, f"{project}@main").base_commit == second
        project.rename(project.with_name("gone"))
        assert read(cache, f"{project}@{first}").base_commit == first
        with pytest.raises(SourceError, match="cannot be fetched"):
            read(cache, f"{project}@main")

    def test_a_bundle(self, project: Path, cache: Path, tmp_path: Path) -> None:
        git(project, "bundle", "create", "--quiet", str(tmp_path / "x y.bundle"), "--all")
        source = read(cache, "x y.bundle@v1", tmp_path)
        assert (source.repo, sorted(source.files)) == ("local/x-y", ["LICENSE", "src/a.py"])

    def test_modes_links_and_names(self, project: Path, cache: Path) -> None:
        (project / "run me.sh").write_text("#!/bin/sh\n")
        (project / "run me.sh").chmod(0o755)
        (project / "ünïcode.py").write_bytes(b"\xff broken (\r\n")
        (project / "src/inside").symlink_to("../LICENSE")
        (project / "src/outside").symlink_to("../../secret")
        (project / "absolute").symlink_to("/etc/passwd")
        (project / os.fsdecode(b"caf\xe9.py")).touch()
        (project / "data.bin").write_bytes(bytes(MAX_FILE_BYTES + 1))
        commit(project, "two")
        source = read(cache, f"{project}@main")
        assert source.files["run me.sh"].mode == EXECUTABLE
        assert source.files["ünïcode.py"] == File(b"\xff broken (\r\n", REGULAR)
        assert source.files["src/inside"] == File(b"../LICENSE", LINK)
        assert list(source.files) == sorted(source.files)
        assert source.skipped == {"link leaves the tree": 2, "path is not UTF-8": 1, "too large": 1}
        assert {(rejection.subject, rejection.reason) for rejection in source.rejections} == {
            ("absolute", "link leaves the tree"),
            ("src/outside", "link leaves the tree"),
            ("caf\\udce9.py", "path is not UTF-8"),
            ("data.bin", "too large"),
        }

    def test_submodules_are_counted(self, project: Path, cache: Path) -> None:
        git(project, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/sub")
        git(project, "commit", "--quiet", "-m", "two")
        source = read(cache, f"{project}@main")
        assert source.skipped == {"submodule": 1}
        assert source.tree_id == read(cache, f"{project}@v1").tree_id

    def test_filters_and_attributes_are_not_applied(self, project: Path, cache: Path, tmp_path: Path) -> None:
        (project / ".gitattributes").write_text("*.py text eol=crlf filter=evil ident\n*.txt export-ignore\n")
        (project / "b.py").write_bytes(b"# $Id$\n")
        (project / "c.txt").touch()
        commit(project, "two")
        git(project, "config", "filter.evil.smudge", f"touch {tmp_path / 'ran'}")
        source = read(cache, f"{project}@main")
        assert source.files["b.py"].data == b"# $Id$\n"
        assert "c.txt" in source.files
        assert not (tmp_path / "ran").exists()

    @pytest.mark.parametrize(
        ("source", "message"),
        [
            pytest.param("{project}@v9", "no commit 'v9'", id="missing-tag"),
            pytest.param("{project}@" + "1" * 40, "no commit '1111", id="missing-sha"),
            pytest.param("{project}@main:LICENSE", "no commit 'main:LICENSE'", id="a-file"),
            pytest.param("{project}/nowhere@v1", "cannot be cloned: .*does not exist", id="no-repository"),
            pytest.param("{project}/LICENSE@v1", "cannot be cloned", id="no-bundle"),
            pytest.param("http://127.0.0.1:9/o/n@v1", "cannot be cloned", id="unreachable"),
        ],
    )
    def test_what_cannot_be_read(self, project: Path, cache: Path, source: str, message: str) -> None:
        with pytest.raises(SourceError, match=message):
            read(cache, source.format(project=project))

    @pytest.mark.parametrize("url", ["ext::touch {ran}", "--upload-pack=touch {ran}", "fd::17"])
    def test_no_url_runs_a_command(self, cache: Path, tmp_path: Path, url: str) -> None:
        ran = tmp_path / "ran"
        spec = RepoSpec(kind=SourceKind.GIT, location=url.format(ran=ran), revision="main")
        with pytest.raises(SourceError):
            load_source(spec, cache)
        assert not ran.exists()

    def test_a_damaged_object(self, project: Path, cache: Path) -> None:
        load_source(RepoSpec(kind=SourceKind.GIT, location=str(project), revision="v1"), cache)
        [mirror] = (cache / "git").iterdir()
        [pack] = (mirror / "objects/pack").glob("*.pack")
        pack.chmod(0o644)
        # Header and checksum stay, so that the pack is not taken for an unfinished one and fetched again.
        data = pack.read_bytes()
        pack.write_bytes(data[:12] + bytes(len(data) - 32) + data[-20:])
        with pytest.raises(SourceError, match="git"):
            read(cache, f"{project}@{git(project, 'rev-parse', 'v1')}")

    def test_a_cache_that_cannot_be_written(self, project: Path, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(SourceError, match=r"git .*project: .*Not a directory"):
            read(tmp_path / "file", f"{project}@v1")

    def test_a_surrounding_git_does_not_interfere(
        self, project: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_DIR", "/nowhere")
        monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
        assert "src/a.py" in read(cache, f"{project}@v1").files

    def test_a_tree_without_end(self, project: Path, cache: Path) -> None:
        """Ten levels of ten names each are ten objects and ten thousand million files."""
        tree = git(project, "rev-parse", "HEAD^{tree}")
        for _ in range(10):
            lines = "".join(f"040000 tree {tree}\t{name}\n" for name in "abcdefghij")
            done = subprocess.run(
                ["git", "mktree"], cwd=project, input=lines, check=True, capture_output=True, text=True
            )
            tree = done.stdout.strip()
        git(project, "tag", "bomb", git(project, "commit-tree", "-m", "bomb", tree))
        with pytest.raises(SourceError, match="more than 200000 files"):
            read(cache, f"{project}@bomb")

    def test_several_readers_of_one_cache(self, project: Path, cache: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            first = set(pool.map(lambda _: read(cache, f"{project}@main").base_commit, range(8)))
            (project / "b.py").touch()
            second = commit(project, "two")
            assert set(pool.map(lambda _: read(cache, f"{project}@main").base_commit, range(8))) == {second}
        assert len(first) == 1
        assert len(list((cache / "git").iterdir())) == 1

    @pytest.mark.parametrize(
        ("url", "repo", "upstream"),
        [
            pytest.param("https://github.com/pallets/click.git", "pallets/click", "pallets/click", id="github"),
            pytest.param("git@github.com:pallets/click.git", "pallets/click", "pallets/click", id="short-ssh"),
            pytest.param("ssh://git@example.org:22/pallets/click", "pallets/click", "pallets/click", id="other-host"),
            pytest.param("https://gitlab.com/group/part/name", "part/name", "part/name", id="groups"),
        ],
    )
    def test_the_name_of_a_remote_repository(
        self,
        project: Path,
        cache: Path,
        tmp_path: Path,
        url: str,
        repo: str,
        upstream: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        # The user's own git configuration says where the URL really is.
        config = tmp_path / "gitconfig"
        config.write_text(f'[url "{project}"]\n\tinsteadOf = {url}\n')
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
        source = load_source(RepoSpec(kind=SourceKind.GIT, location=url, revision="v1"), cache)
        assert (source.repo, source.upstream) == (repo, upstream)


class TestDirectory:
    def test_a_folder_as_a_source(self, project: Path, cache: Path) -> None:
        (project / "src/__pycache__").mkdir()
        (project / "src/__pycache__/a.cpython-311.pyc").touch()
        (project / "src/b.pyc").touch()
        (project / "inside").symlink_to("src/a.py")
        (project / "loop").symlink_to(".")
        (project / "outside").symlink_to("../secret")
        (project / "run").write_text("#!/bin/sh\n")
        (project / "run").chmod(0o755)
        (project / os.fsdecode(b"caf\xe9.py")).touch()
        os.mkfifo(project / "pipe")
        source = read(cache, str(project))
        assert source.files == {
            "LICENSE": File(MIT.encode()),
            "inside": File(b"src/a.py", LINK),
            "loop": File(b".", LINK),
            "run": File(b"#!/bin/sh\n", EXECUTABLE),
            "src/a.py": File(b"a = 1\n"),
        }
        assert source.skipped == {
            "compiled Python": 2,
            "device or pipe": 1,
            "link leaves the tree": 1,
            "path is not UTF-8": 1,
        }
        assert source.base_commit == source.tree_id
        assert (source.repo, source.license, source.created_at) == ("local/project", "MIT", "")

    def test_git_s_own_files_are_no_part_of_it(self, project: Path, cache: Path) -> None:
        (project / "vendor").mkdir()
        (project / "vendor/.git").write_text("gitdir: ../.git/modules/vendor\n")
        source = read(cache, str(project))
        assert source.tree_id == git(project, "rev-parse", "HEAD^{tree}")
        assert source.skipped == {}

    def test_sockets(self, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "project"
        folder.mkdir()
        (folder / "a.py").touch()
        monkeypatch.chdir(folder)  # the name of a socket has to be short
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("s")
            assert read(cache, ".").skipped == {"device or pipe": 1}

    @pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
    def test_what_is_unreadable(self, project: Path, cache: Path) -> None:
        (project / "src").chmod(0)
        (project / "b.py").touch(mode=0)
        source = read(cache, str(project))
        (project / "src").chmod(0o755)
        assert source.skipped == {"unreadable": 2}
        assert [rejection.subject for rejection in source.rejections] == ["b.py", "src"]

    def test_the_same_bytes_give_the_same_tree(self, project: Path, cache: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        git(tmp_path, "clone", "--quiet", str(project), str(copy))
        assert read(cache, str(copy)).tree_id == read(cache, f"{project}@v1").tree_id

    def test_a_folder_that_does_not_exist(self, tmp_path: Path, cache: Path) -> None:
        with pytest.raises(SourceError, match="no such folder"):
            load_source(RepoSpec(kind=SourceKind.DIRECTORY, location=str(tmp_path / "x")), cache)

    def test_a_folder_without_files(self, tmp_path: Path, cache: Path) -> None:
        (tmp_path / "x").mkdir()
        with pytest.raises(SourceError, match="no file is left: it is empty"):
            read(cache, "x", tmp_path)


def sdist_of(folder: Path, archive: Path) -> str:
    """Pack a folder as an sdist does; returns the sha256."""
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder, "project-1.0", filter=lambda member: None if member.name.endswith("/.git") else member)
    return hashlib.sha256(archive.read_bytes()).hexdigest()


class TestEveryKind:
    """One rule for all kinds: the same content is the same source."""

    @pytest.fixture(params=list(SourceKind))
    def spec(self, request: pytest.FixtureRequest, project: Path, cache: Path, tmp_path: Path) -> RepoSpec:
        (project / "docs").mkdir()
        (project / "docs/conf.py").touch()
        (project / "docs/up").symlink_to("../src/a.py")
        (project / "pkg/core").mkdir(parents=True)
        (project / "pkg/core/b.py").touch()
        (project / "pkg/core/up").symlink_to("../../LICENSE")
        (project / "pkg/core/setup.cfg").write_text("[metadata]\nlicense = ISC\nurl = https://github.com/me/core\n")
        commit(project, "two")
        if request.param is SourceKind.GIT:
            return RepoSpec(kind=SourceKind.GIT, location=str(project), revision="main")
        if request.param is SourceKind.DIRECTORY:
            return RepoSpec(kind=SourceKind.DIRECTORY, location=str(project))
        sha256 = sdist_of(project, tmp_path / "project.tar.gz")
        (cache / "sdists").mkdir(parents=True)
        (tmp_path / "project.tar.gz").rename(cache / "sdists" / sha256)
        (cache / "sdists" / f"{sha256}.json").write_text('{"uploaded_at": ""}')
        return RepoSpec(kind=SourceKind.PYPI, location="project", revision="1.0", sha256=sha256)

    def test_globs(self, spec: RepoSpec, cache: Path) -> None:
        chosen = msgspec.structs.replace(spec, include=("**/*.py",), exclude=("docs/**",))
        source = load_source(chosen, cache)
        assert list(source.files) == ["pkg/core/b.py", "src/a.py"]
        assert source.skipped == {"excluded": 5}
        assert source.license == "MIT"  # read from a file that is not chosen

    def test_a_subdirectory_is_the_root(self, spec: RepoSpec, cache: Path) -> None:
        source = load_source(msgspec.structs.replace(spec, subdirectory="pkg/core", exclude=("*.cfg",)), cache)
        assert list(source.files) == ["b.py"]
        assert source.skipped == {"excluded": 1, "link leaves the tree": 1}
        assert (source.license, source.upstream) == ("ISC", "me/core")

    def test_overrides(self, spec: RepoSpec, cache: Path) -> None:
        overrides = {
            "license": "0BSD",
            "repo": "me/mine",
            "upstream": "you/yours",
            "created_at": "2024-01-01T00:00:00Z",
            "tags": ("a", "b"),
        }
        source = load_source(msgspec.structs.replace(spec, **overrides), cache)
        assert {name: getattr(source, name) for name in overrides} == overrides

    def test_a_subdirectory_that_does_not_exist(self, spec: RepoSpec, cache: Path) -> None:
        with pytest.raises(SourceError, match="no file is left below nowhere"):
            load_source(msgspec.structs.replace(spec, subdirectory="nowhere"), cache)

    def test_the_tree_is_the_same(self, spec: RepoSpec, cache: Path, project: Path) -> None:
        assert load_source(spec, cache).tree_id == git(project, "rev-parse", "HEAD^{tree}")
