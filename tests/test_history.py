from collections.abc import Iterator
from pathlib import Path

import pytest

from git_project import Project
from hybridgym.entries import MAX_FILE_BYTES
from hybridgym.errors import SourceError
from hybridgym.fixes import PRESETS, fixes_of
from hybridgym.history import DAMAGED, TOO_MANY_CHANGES, Commit, History, history_of
from hybridgym.source import load_source
from hybridgym.specs import Release, RepoSpec, SourceKind
from hybridgym.task import EXECUTABLE, LINK, REGULAR
from package_index import Index, sdist_of, served

MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and ..."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def history(project: Project, cache: Path, **options: object) -> History:
    found = history_of(project.spec(**options), cache)
    assert found is not None
    return found


def commits(project: Project, cache: Path, **options: object) -> dict[str, Commit]:
    return {commit.id: commit for commit in history(project, cache, **options).commits()}


def paths(commit: Commit) -> list[str]:
    return [change.path for change in commit.changes]


class TestWalk:
    def test_what_a_commit_says(self, project: Project, cache: Path) -> None:
        first = project.commit("One", a_py="a = 1\n", b__c_py="")
        second = project.commit("Two\n\nMore of it.\n", a_py="a = 2\n")
        found = list(history(project, cache).commits())
        assert [commit.id for commit in found] == [second, first]
        assert found[0].message == "Two\n\nMore of it.\n"
        assert (found[0].parent, found[0].parents, found[1].parents) == (first, (first,), ())
        assert (found[1].created_at, found[0].created_at) == ("2020-09-13T12:26:40Z", "2020-09-13T13:26:40Z")
        assert paths(found[1]) == ["a.py", "b/c.py"]
        (change,) = found[0].changes
        assert change.before is not None and change.after is not None
        assert change.after.id == project.git("rev-parse", "HEAD:a.py")
        assert (change.before.mode, change.before.size) == (REGULAR, 6)

    def test_a_commit_by_its_id(self, project: Project, cache: Path) -> None:
        for number in range(3):
            project.commit(a_py=f"a = {number}\n")
        found = history(project, cache)
        assert [found.commit(commit.id) for commit in found.commits()] == list(found.commits())
        with pytest.raises(SourceError, match="missing"):
            found.commit("0" * 40)

    def test_merges_are_marked_and_have_no_changes(self, project: Project, cache: Path) -> None:
        first = project.commit(a_py="")
        project.git("checkout", "--quiet", "-b", "side")
        side = project.commit(side_py="")
        project.git("checkout", "--quiet", "main")
        main = project.commit(main_py="")
        merge = project.record("merge", "--quiet", "--no-ff", "-m", "Merge", "side")
        found = commits(project, cache)
        assert list(found) == [merge, main, side, first]
        assert found[merge].parents == (main, side)
        assert [commit.is_merge for commit in found.values()] == [True, False, False, False]
        assert found[merge].changes == ()

    def test_children_come_before_parents_whatever_the_dates_say(self, project: Project, cache: Path) -> None:
        names = []
        for number in (5, 3, 9, 1):
            project.commits = number
            names.append(project.commit(f"{number}", a_py=f"a = {number}\n"))
        assert list(commits(project, cache)) == names[::-1]

    def test_every_way_a_path_can_change(self, project: Project, cache: Path) -> None:
        project.commit(gone_py="gone", mode_py="mode", moved_py="moved", kind="kind", folder="file")
        project.git("mv", "moved.py", "new.py")
        (project.folder / "mode.py").chmod(0o755)
        (project.folder / "kind").unlink()
        (project.folder / "kind").symlink_to("new.py")
        (project.folder / "folder").unlink()
        tip = project.commit(gone_py=None, folder__inside_py="inside")
        found = {
            c.path: (c.before and c.before.mode, c.after and c.after.mode) for c in commits(project, cache)[tip].changes
        }
        assert found == {
            "folder": (REGULAR, None),
            "folder/inside.py": (None, REGULAR),
            "gone.py": (REGULAR, None),
            "kind": (REGULAR, LINK),
            "mode.py": (REGULAR, EXECUTABLE),
            "moved.py": (REGULAR, None),
            "new.py": (None, REGULAR),
        }

    def test_globs_and_folder_choose_changes_as_they_choose_files(self, project: Project, cache: Path) -> None:
        project.commit(outside_py="", core__a_py="", core__data_md="", core__tests__t_py="")
        tip = project.commit(outside_py="1", core__a_py="1", core__data_md="1", core__tests__t_py="1")
        chosen = {"subdirectory": "core", "include": ("**/*.py",), "exclude": ("tests/**",)}
        found = history(project, cache, **chosen)
        assert paths(next(found.commits())) == ["a.py"]
        assert list(found.source(tip).files) == ["a.py"]

    def test_a_folder_that_is_younger_than_the_repository(self, project: Project, cache: Path) -> None:
        first = project.commit(a_py="")
        tip = project.commit(core__b_py="")
        found = commits(project, cache, subdirectory="core")
        assert (paths(found[tip]), paths(found[first])) == (["b.py"], [])

    def test_only_what_leads_to_the_revision(self, project: Project, cache: Path) -> None:
        first = project.commit(a_py="")
        project.git("checkout", "--quiet", "-b", "later")
        project.commit(b_py="")
        assert list(commits(project, cache)) == [first]


class TestStates:
    def test_a_state_is_what_the_source_of_that_commit_is(self, project: Project, cache: Path) -> None:
        first = project.commit(a_py="a = 1\n", LICENSE=MIT)
        project.commit(a_py="a = 2\n", setup_py="raise SystemExit\n")
        found = history(project, cache, created_at="2030-01-01T00:00:00Z", tags=("x",)).source(first)
        same = RepoSpec(kind=SourceKind.GIT, location=str(project.folder), revision=first, tags=("x",))
        assert found == load_source(same, cache)
        assert (found.base_commit, found.created_at, found.license) == (first, "2020-09-13T12:26:40Z", "MIT")

    def test_the_content_of_a_change(self, project: Project, cache: Path) -> None:
        project.commit(a_py="a = 1\n")
        project.commit(a_py="a = 2\n")
        found = history(project, cache)
        (change,) = next(found.commits()).changes
        assert change.before is not None and change.after is not None
        assert (found.blob(change.before.id), found.blob(change.after.id)) == (b"a = 1\n", b"a = 2\n")

    def test_the_whole_history_is_mirrored(self, project: Project, cache: Path) -> None:
        names = [project.commit(a_py=f"a = {number}\n") for number in range(5)]
        found = history(project, cache)
        (project.folder / ".git").rename(project.folder / "gone")
        assert [found.source(name).files["a.py"].data for name in names] == [b"a = %d\n" % n for n in range(5)]

    @pytest.mark.parametrize("kind", [SourceKind.NPM, SourceKind.DIRECTORY, SourceKind.PYPI])
    def test_other_sources_have_none(self, kind: SourceKind, cache: Path, tmp_path: Path) -> None:
        assert history_of(RepoSpec(kind=kind, location=str(tmp_path), revision="1"), cache) is None


class TestHostile:
    def test_messages_and_paths_that_are_not_utf_8(self, project: Project, cache: Path) -> None:
        tree = project.git("hash-object", "-w", "--stdin", data=b"x = 1\n")
        made = project.git(
            "mktree", "-z", data=b"100644 blob %b\tcaf\xe9.py\x00100644 blob %b\tx.py\0" % ((tree.encode(),) * 2)
        )
        raw = b"tree %b\nauthor a <a> 1 +0000\ncommitter a <a> 99999999999999999 +0000\n\ncaf\xe9\n" % made.encode()
        name = project.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", data=raw)
        project.git("update-ref", "refs/heads/main", name)
        (found,) = commits(project, cache).values()
        assert (found.message, found.created_at, paths(found)) == ("caf\xe9\n", "", ["x.py"])

    def test_a_missing_object_costs_its_commits_alone(self, project: Project, cache: Path) -> None:
        first = project.commit(a_py="", b__c_py="")
        second = project.commit(b__c_py="1")
        third = project.commit(a_py="1")
        lost = project.git("rev-parse", f"{second}:b")
        commits(project, cache)
        mirror = next((cache / "git").glob("*.git"))
        project.unpack(mirror)
        (mirror / "objects" / lost[:2] / lost[2:]).unlink()
        found = commits(project, cache)
        assert {name: found[name].problem for name in (first, second, third)} == {first: "", second: DAMAGED, third: ""}
        assert paths(found[third]) == ["a.py"]

    def test_a_tree_without_end(self, project: Project, cache: Path) -> None:
        entry = project.git("hash-object", "-w", "--stdin", data=b"").encode()
        kind = b"100644 blob"
        for _ in range(12):
            tree = b"".join(b"%b %b\t%d\n" % (kind, entry, number) for number in range(10))
            entry, kind = project.git("mktree", data=tree).encode(), b"040000 tree"
        name = project.git("commit-tree", "-m", "Bomb", entry.decode())
        project.git("update-ref", "refs/heads/main", name)
        (found,) = commits(project, cache).values()
        assert (found.problem, found.changes) == (TOO_MANY_CHANGES, ())

    def test_thousands_of_parents(self, project: Project, cache: Path) -> None:
        tip = project.commit(a_py="")
        tree = project.git("rev-parse", "HEAD^{tree}")
        stream = b"".join(b"commit refs/heads/p%d\ncommitter a <a> %d +0000\ndata 0\n\n" % (n, n) for n in range(2000))
        project.git("fast-import", "--quiet", data=stream)
        parents = project.git("for-each-ref", "--format=%(objectname)", "refs/heads/p*").split()
        head = f"tree {tree}\n" + "".join(f"parent {name}\n" for name in [*parents, tip, tip])
        merge = project.git(
            "hash-object", "-t", "commit", "-w", "--stdin",
            data=f"{head}author a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nAll\n".encode(),
        )  # fmt: skip
        project.git("update-ref", "refs/heads/main", merge)
        found = commits(project, cache)
        assert len(found) == 2002
        assert next(iter(found)) == merge and found[merge].is_merge

    def test_a_blob_that_is_too_large(self, project: Project, cache: Path) -> None:
        project.commit(a_py="a" * (MAX_FILE_BYTES + 1))
        found = history(project, cache)
        (change,) = next(found.commits()).changes
        assert change.after is not None and change.after.size == MAX_FILE_BYTES + 1
        with pytest.raises(SourceError, match="more than"):
            found.blob(change.after.id)

    def test_a_shallow_repository(self, project: Project, tmp_path: Path, cache: Path) -> None:
        names = [project.commit(a_py=f"a = {number}\n") for number in range(4)]
        shallow = Project(tmp_path / "shallow")
        shallow.git("fetch", "--quiet", "--depth=2", f"file://{project.folder}", "main:main", "--update-head-ok")
        found = commits(shallow, cache)
        assert list(found) == names[:1:-1]
        assert [commit.parents for commit in found.values()] == [(names[2],), ()]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    (tmp_path / "index").mkdir()
    with served(tmp_path / "index") as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield index


CODE = "def f():\n    return {}\n"


class TestReleases:
    def releases(self, index: Index, cache: Path, *releases: tuple[str, dict[str, str]], **options: object) -> History:
        """Publish releases, of which the last is the entry's own."""
        hashes = {
            version: index.add(f"demo-{version}.tar.gz", sdist_of("demo", version, files))
            for version, files in releases
        }
        *older, newest = hashes
        found = history_of(
            RepoSpec(
                kind=SourceKind.PYPI,
                location="demo",
                revision=newest,
                releases=tuple(Release(version=version, sha256=hashes[version]) for version in older),
                **options,  # type: ignore[arg-type]
            ),
            cache,
        )
        assert found is not None
        return found

    def test_consecutive_releases_are_commits(self, index: Index, cache: Path) -> None:
        found = self.releases(
            index,
            cache,
            ("1.0", {"a.py": CODE.format(1), "b.py": "", "PKG-INFO": ""}),
            ("1.9", {"a.py": CODE.format(2), "b.py": "", "PKG-INFO": ""}),
            ("1.10", {"a.py": CODE.format(2), "c.py": "", "PKG-INFO": ""}),
        )
        commits = list(found.commits())
        assert [commit.message for commit in commits] == ["Release 1.10\n", "Release 1.9\n", "Release 1.0\n"]
        assert [commit.parent for commit in commits] == [commits[1].id, commits[2].id, ""]
        assert [paths(commit) for commit in commits] == [["b.py", "c.py"], ["a.py"], ["PKG-INFO", "a.py", "b.py"]]
        assert [found.commit(commit.id) for commit in commits] == commits
        (change,) = commits[1].changes
        assert change.before is not None and change.after is not None
        contents = [found.blob(change.before.id), found.blob(change.after.id)]
        assert contents == [CODE.format(1).encode(), CODE.format(2).encode()]

    def test_a_state_is_the_source_of_that_release(self, index: Index, cache: Path) -> None:
        found = self.releases(
            index, cache, ("1.0", {"a.py": "1", "b.md": ""}), ("1.1", {"a.py": "2", "b.md": ""}), include=("*.py",)
        )
        first = list(found.commits())[-1]
        spec = RepoSpec(kind=SourceKind.PYPI, location="demo", revision="1.0", include=("*.py",))
        assert found.source(first.id) == load_source(spec, cache)
        assert first.id == found.source(first.id).tree_id == found.source(first.id).base_commit

    def test_a_release_that_changes_nothing_is_none(self, index: Index, cache: Path) -> None:
        found = self.releases(index, cache, ("1.0", {"a.py": "1"}), ("1.1", {"a.py": "1"}), ("1.2", {"a.py": "2"}))
        commits = list(found.commits())
        assert [commit.message for commit in commits] == ["Release 1.2\n", "Release 1.0\n"]
        assert commits[0].parent == commits[1].id

    def test_a_release_that_takes_one_back(self, index: Index, cache: Path) -> None:
        states = [("1.0", {"a.py": "1"}), ("1.1", {"a.py": "2"}), ("1.2", {"a.py": "1"}), ("1.3", {"a.py": "3"})]
        found = self.releases(index, cache, *states)
        commits = {commit.message: commit for commit in found.commits()}
        assert list(commits) == ["Release 1.3\n", "Release 1.1\n", "Release 1.0\n"]
        assert commits["Release 1.3\n"].parent == commits["Release 1.1\n"].parent == commits["Release 1.0\n"].id

    def test_fixes_between_releases(self, index: Index, cache: Path) -> None:
        found = self.releases(index, cache, *((f"1.{n}", {"a.py": CODE.format(n)}) for n in range(4)))
        fixes = [fix for _, fix in fixes_of(found, found.commits(), PRESETS["r2e-gym"], cache)]
        assert [fix if isinstance(fix, str) else fix.edited for fix in fixes] == [("a.py::f",)] * 3 + ["no parent"]

    def test_a_release_that_the_index_does_not_have(self, index: Index, cache: Path) -> None:
        index.add("demo-1.1.tar.gz", sdist_of("demo", "1.1", {"a.py": ""}))
        spec = RepoSpec(kind=SourceKind.PYPI, location="demo", revision="1.1", releases=(Release(version="1.0"),))
        found = history_of(spec, cache)
        assert found is not None
        with pytest.raises(SourceError, match=r"demo==1\.0: the index has no sdist of this version"):
            list(found.commits())
