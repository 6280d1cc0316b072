import re
from pathlib import Path

import pytest

from hybridgym.errors import ManifestError, UsageError
from hybridgym.manifest import load_manifest
from hybridgym.specs import Release, RepoSpec, SourceKind, spec_of, without_secrets

ROOT = Path(__file__).parent.parent
INTEGRITY = f"sha512-{'/+' * 42}AA=="
SHA256 = "ca9853ad459e787e2192211578cc907e7594e294c7ccc834310722b41b9ca6de"


def write(folder: Path, text: str) -> Path:
    path = folder / "repos.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str) -> list[str]:
    """Return the lines of the error, without the file's name."""
    path = write(folder, text)
    with pytest.raises(ManifestError) as error:
        load_manifest(path)
    lines = str(error.value).splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    return [line.removeprefix(f"{path}:") for line in lines]


def test_every_kind_of_entry(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"""
defaults:
  exclude: [docs/**]
  tags: [small]
repositories:
  - pypi: Click==8.1.7
    sha256: {SHA256.upper()}
    created_at: 2023-08-17T19:29:10+02:00
    upstream: pallets/click
  - npm: "@me/Demo@1.0.0-rc.1"
    integrity: {INTEGRITY}
    tags: []
  - git: https://example.org/owner/name.git
    rev: 3.10
    subdirectory: packages/core/
    license: mit or apache-2.0
    tags: []
  - {{git: mirrors/x.bundle, rev: main}}
  - directory: ../x
    repo: me/x
    include: ["**/*.py"]
    exclude: []
""",
    )
    assert load_manifest(path) == (
        RepoSpec(
            kind=SourceKind.PYPI,
            location="click",
            revision="8.1.7",
            sha256=SHA256,
            created_at="2023-08-17T17:29:10Z",
            upstream="pallets/click",
            exclude=("docs/**",),
            tags=("small",),
            line=6,
        ),
        RepoSpec(
            kind=SourceKind.NPM,
            location="@me/Demo",
            revision="1.0.0-rc.1",
            integrity=INTEGRITY,
            exclude=("docs/**",),
            line=10,
        ),
        RepoSpec(
            kind=SourceKind.GIT,
            location="https://example.org/owner/name.git",
            revision="3.10",
            subdirectory="packages/core",
            license="MIT OR Apache-2.0",
            exclude=("docs/**",),
            line=13,
        ),
        RepoSpec(
            kind=SourceKind.GIT,
            location=str(tmp_path.resolve() / "mirrors/x.bundle"),
            revision="main",
            exclude=("docs/**",),
            tags=("small",),
            line=18,
        ),
        RepoSpec(
            kind=SourceKind.DIRECTORY,
            location=str(tmp_path.resolve().parent / "x"),
            repo="me/x",
            include=("**/*.py",),
            tags=("small",),
            line=19,
        ),
    )


def test_an_alias_stands_for_what_it_names(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "repositories:\n"
        "- {pypi: a==1, exclude: &generated ['gen/**']}\n"
        "- {pypi: b==1, exclude: *generated}\n",
    )  # fmt: skip
    assert [spec.exclude for spec in load_manifest(path)] == [("gen/**",), ("gen/**",)]


def test_releases_are_sorted_by_version(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"repositories:\n- pypi: a==2\n  releases: [1.9, {{version: 1.10, sha256: {SHA256}}}, 1.1.rc1]\n",
    )
    assert load_manifest(path)[0].releases == (
        Release(version="1.10", sha256=SHA256),
        Release(version="1.9"),
        Release(version="1.1rc1"),
    )


def entry(text: str) -> str:
    return f"repositories:\n- {{{text}}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", ["1: file: expected a mapping with repositories, found nothing"], id="empty-file"),
        pytest.param("[]", ["1: file: expected a mapping with defaults, repositories, found an empty list"], id="list"),
        pytest.param("defaults: {}", ["1: repositories: expected a list of repositories, found none"], id="no-list"),
        pytest.param(
            "repositories: []",
            ["1: repositories: expected a list of at least one repository, found an empty list"],
            id="empty-list",
        ),
        pytest.param(
            "repositories:\n  click: 1",
            ["2: repositories: expected a list of at least one repository, found a mapping"],
            id="mapping-for-list",
        ),
        pytest.param(
            "repositories:\n- click==8.1.7",
            ["2: repositories[0]: expected a mapping such as {pypi: click==8.1.7}, found 'click==8.1.7'"],
            id="text-for-entry",
        ),
        pytest.param(
            "repositorys: [{pypi: a==1}]\nrepositories: [{pypi: a==1}]",
            ["1: repositorys: expected repositories, found an unknown key"],
            id="misspelt-top-key",
        ),
        pytest.param(
            entry("pypi: a==1, exclud: [x]"),
            ["2: repositories[0].exclud: expected exclude, found an unknown key"],
            id="misspelt-key",
        ),
        pytest.param(
            "defaults: {sha256: x}\nrepositories: [{pypi: a==1}]",
            ["1: defaults.sha256: expected one of include, exclude, license, tags, found an unknown key"],
            id="not-a-default",
        ),
        pytest.param(
            entry("git: https://h/o/n"),
            ["2: repositories[0].rev: expected a branch, tag or commit, found none"],
            id="no-rev",
        ),
        pytest.param(
            entry("git: x, rev: [1]"), ["2: repositories[0].rev: expected a text, found a list"], id="rev-is-a-list"
        ),
        pytest.param(
            entry("git: x, rev: null"), ["2: repositories[0].rev: expected a text, found nothing"], id="rev-is-null"
        ),
        pytest.param(
            entry("git: x, rev: '-x'"),
            ["2: repositories[0].rev: expected a branch, tag or commit, found '-x'"],
            id="rev-is-an-option",
        ),
        pytest.param(
            entry("git: --upload-pack=x, rev: main"),
            ["2: repositories[0].git: expected a URL or a path that does not start with '-', found '--upload-pack=x'"],
            id="url-is-an-option",
        ),
        pytest.param(
            entry("git: x, rev: main, pypi: a==1"),
            ["2: repositories[0]: expected exactly one of pypi, npm, git and directory, found pypi and git"],
            id="two-kinds",
        ),
        pytest.param(
            entry("tags: [x]"),
            ["2: repositories[0]: expected exactly one of pypi, npm, git and directory, found none of them"],
            id="no-kind",
        ),
        pytest.param(
            entry("pypi: a==1, rev: main"),
            ["2: repositories[0].rev: expected no rev without git, found pypi"],
            id="rev-of-an-sdist",
        ),
        pytest.param(
            entry("directory: ., sha256: " + SHA256),
            ["2: repositories[0].sha256: expected no sha256 without pypi, found directory"],
            id="hash-of-a-directory",
        ),
        pytest.param(
            entry("npm: a@1.0.0, sha256: " + SHA256),
            ["2: repositories[0].sha256: expected no sha256 without pypi, found npm"],
            id="hash-of-another-kind",
        ),
        pytest.param(
            entry("pypi: a==1, integrity: " + INTEGRITY),
            ["2: repositories[0].integrity: expected no integrity without npm, found pypi"],
            id="integrity-of-another-kind",
        ),
        pytest.param(
            entry("npm: a@1.0.0, releases: [0.1.0]"),
            ["2: repositories[0].releases: expected no releases without pypi, found npm"],
            id="releases-of-another-kind",
        ),
        pytest.param(
            entry("pypi: a==1.9, releases: 1.8"),
            ["2: repositories[0].releases: expected a list of versions, found the float 1.8"],
            id="releases-no-list",
        ),
        pytest.param(
            entry("pypi: a==1.9, releases: [1.8, latest, {sha256: 12}, {version: 1.7, hash: x}, 1.8.0, '1.10', []]"),
            [
                "2: repositories[0].releases[1]: expected a version (PEP 440), such as 8.1.7, found 'latest'",
                "2: repositories[0].releases[2].sha256: expected 64 hexadecimal digits, found the int 12",
                "2: repositories[0].releases[2].version: expected a version (PEP 440), such as 8.1.7, found none",
                "2: repositories[0].releases[3].hash: expected one of version, sha256, found an unknown key",
                "2: repositories[0].releases[4]: expected every version once, found 1.8.0 again",
                "2: repositories[0].releases[5]: expected a version before 1.9, which the entry names, found 1.10",
                "2: repositories[0].releases[6]: expected a text, found an empty list",
            ],
            id="releases",
        ),
        pytest.param(
            entry("directory: 3"), ["2: repositories[0].directory: expected a text, found the int 3"], id="number"
        ),
        pytest.param(
            entry("pypi: a==1, tags: x"), ["2: repositories[0].tags: expected a list of texts, found 'x'"], id="no-list"
        ),
        pytest.param(
            entry("pypi: a==1, tags: [x, true]"),
            ["2: repositories[0].tags[1]: expected a text, found the bool true"],
            id="list-item",
        ),
        pytest.param(
            entry("pypi: a==1, include: ['/x', '[']"),
            [
                "2: repositories[0].include[0]: expected a glob relative to the repository, without a leading /, "
                "found '/x'",
                "2: repositories[0].include[1]: expected a character set that is closed, such as [a-z], found '['",
            ],
            id="globs",
        ),
        pytest.param(
            entry("pypi: a==1, license: BSD"),
            ["2: repositories[0].license: expected an SPDX expression, such as MIT or Apache-2.0 OR BSD-3-Clause, "
             "found 'BSD'"],
            id="license",
        ),
        pytest.param(
            entry("pypi: a==1, subdirectory: ../x"),
            ["2: repositories[0].subdirectory: expected a folder inside the repository, such as packages/core, "
             "found '../x'"],
            id="subdirectory",
        ),
        pytest.param(
            entry("pypi: a==1, upstream: click"),
            ["2: repositories[0].upstream: expected owner/name, found 'click'"],
            id="upstream",
        ),
        pytest.param(
            entry("pypi: a==1, sha256: 12ab"),
            ["2: repositories[0].sha256: expected 64 hexadecimal digits, found '12ab'"],
            id="sha256",
        ),
        pytest.param(
            entry("npm: a@1.0.0, integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
            ["2: repositories[0].integrity: expected sha512- and 88 characters of base64, as in a lock file, "
             "found 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk='"],
            id="integrity-of-an-old-kind",
        ),
        pytest.param(
            entry("npm: a@1.0.0, integrity: sha512-AAAA"),
            ["2: repositories[0].integrity: expected sha512- and 88 characters of base64, as in a lock file, "
             "found 'sha512-AAAA'"],
            id="integrity-too-short",
        ),
        pytest.param(
            entry("pypi: a==1, created_at: yesterday"),
            ["2: repositories[0].created_at: expected an ISO 8601 date-time, such as 2023-08-17T17:29:10Z, "
             "found 'yesterday'"],
            id="date",
        ),
        pytest.param(
            "repositories:\n- pypi: a==1\n  tags: [x]\n  tags: [y]\n",
            ["4: repositories[0].tags: expected every key once, found it on line 3 as well"],
            id="duplicate-key",
        ),
        pytest.param(
            "repositories:\n- pypi: My.Name==1.0\n- pypi: my-name==1.0\n",
            ["3: repositories[1]: expected every repository once, found that of line 2 again"],
            id="duplicate-entry",
        ),
        pytest.param(
            "x: &base {pypi: a==1}\nrepositories:\n- {<<: *base}\n",
            [
                "1: x: expected one of defaults, repositories, found an unknown key",
                "3: repositories[0].<<: expected one of pypi, npm, git, directory, rev, subdirectory, license, repo, "
                "upstream, sha256, integrity, created_at, include, exclude, tags, releases, environment, "
                "found an unknown key",
                "3: repositories[0]: expected exactly one of pypi, npm, git and directory, found none of them",
            ],
            id="merge-key",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_line_key_expected_and_found(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert sorted(mistakes(tmp_path, text)) == sorted(expected)


@pytest.mark.parametrize(
    "requirement",
    ["click", "click==", "==1.0", "click>=8", "click==8.*", "click[x]==8", "a b==1", "click==8==9", "../x==1"],
)
def test_what_is_not_name_and_version(tmp_path: Path, requirement: str) -> None:
    [line] = mistakes(tmp_path, f"repositories: [{{pypi: '{requirement}'}}]")
    assert line == (
        f"1: repositories[0].pypi: expected name==version, such as click==8.1.7, found '{requirement}'"
    )  # fmt: skip


@pytest.mark.parametrize(
    "package",
    ["demo", "demo@", "demo@1", "demo@^1.0.0", "demo@latest", "demo==1.0.0", "@me@1.0.0", "@me/x/y@1.0.0",
     "../x@1.0.0", ".x@1.0.0", "@../x@1.0.0", "a b@1.0.0", "demo@1.0.0+x", "demo@v1.0.0", "@1.0.0"],
)  # fmt: skip
def test_what_is_no_npm_package_and_version(tmp_path: Path, package: str) -> None:
    [line] = mistakes(tmp_path, f"repositories: [{{npm: '{package}'}}]")
    assert line == (
        "1: repositories[0].npm: expected name@version, such as commander@12.1.0 or @scope/name@1.0.0, "
        f"found '{package}'"
    )


def test_all_mistakes_are_reported_at_once_in_the_file_s_order(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        """
defaults:
  colour: red
repositories:
  - pypi: click
    license: none
  - git: https://example.org/o/n
  - pypi: fine==1
  - directory: x
    pypi: y==1
    includes: []
""",
    )
    assert [line.split(": expected")[0] for line in found] == [
        "3: defaults.colour",
        "5: repositories[0].pypi",
        "6: repositories[0].license",
        "7: repositories[1].rev",
        "9: repositories[3]",
        "11: repositories[3].includes",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("repositories:\n- {pypi: a==1\n- x", 3, id="unclosed"),
        pytest.param("repositories:\n\t- x", 2, id="tab"),
        pytest.param("a: *missing", 1, id="unknown-alias"),
        pytest.param("repositories: []\n---\nrepositories: []", 2, id="two-documents"),
        pytest.param("repositories: \x07", 1, id="control-character"),
        pytest.param("[" * 1_000, 1, id="deep"),
    ],
)
def test_broken_yaml_is_one_mistake_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    [found] = mistakes(tmp_path, text)
    assert found.startswith(f"{line}: file: expected ")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "repos.yaml"
    path.write_bytes(b"repositories:\n- pypi: caf\xe9==1\n")
    with pytest.raises(ManifestError, match=r"repos\.yaml:2: file: expected UTF-8, found the byte 0xe9"):
        load_manifest(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"repos\.yaml: expected a file, found: No such file"):
        load_manifest(tmp_path / "repos.yaml")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "a0: &a0 [x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
            + "repositories: *a29\n",
            id="lists-of-lists",
        ),
        pytest.param(
            f"x: &x [{', '.join(['y'] * 2_000)}]\n"
            f"repositories: [{', '.join(f'{{pypi: a==1, tags: *x, upstream: {n}}}' for n in range(2_000))}]\n",
            id="long-list-many-times",
        ),
        pytest.param("repositories: &r [*r, *r]\n", id="itself"),
    ],
)
def test_aliases_do_not_explode(tmp_path: Path, text: str) -> None:
    assert len(mistakes(tmp_path, text)) < 100


@pytest.mark.parametrize(
    ("text", "kind", "location", "revision"),
    [
        pytest.param("pypi:click==8.1.7", SourceKind.PYPI, "click", "8.1.7", id="pypi"),
        pytest.param("More_Itertools==10.5.0", SourceKind.PYPI, "more-itertools", "10.5.0", id="requirement"),
        pytest.param("npm:commander@12.1.0", SourceKind.NPM, "commander", "12.1.0", id="npm"),
        pytest.param("npm:@me/demo@1.0.0-rc.1", SourceKind.NPM, "@me/demo", "1.0.0-rc.1", id="npm-scope"),
        pytest.param("git:https://h/o/n@v1", SourceKind.GIT, "https://h/o/n", "v1", id="git"),
        pytest.param("https://h/o/n.git@main", SourceKind.GIT, "https://h/o/n.git", "main", id="url"),
        pytest.param("https://me@h/o/n@feature/x", SourceKind.GIT, "https://me@h/o/n", "feature/x", id="user"),
        pytest.param("ssh://git@h:22/o/n@v1", SourceKind.GIT, "ssh://git@h:22/o/n", "v1", id="ssh"),
        pytest.param("git://h/o/n@v1", SourceKind.GIT, "git://h/o/n", "v1", id="git-protocol"),
        pytest.param("git@h:o/n@v1", SourceKind.GIT, "git@h:o/n", "v1", id="short-ssh"),
        pytest.param("file:///x/y@v1", SourceKind.GIT, "file:///x/y", "v1", id="file-url"),
        pytest.param("x.bundle@v1", SourceKind.GIT, "{base}/x.bundle", "v1", id="bundle"),
        pytest.param("folder@v1", SourceKind.GIT, "{base}/folder", "v1", id="local-git"),
        pytest.param("folder", SourceKind.DIRECTORY, "{base}/folder", "", id="directory"),
        pytest.param("./folder/../folder", SourceKind.DIRECTORY, "{base}/folder", "", id="untidy-directory"),
        pytest.param("at@sign", SourceKind.DIRECTORY, "{base}/at@sign", "", id="directory-with-an-at"),
        pytest.param("directory:at@sign", SourceKind.DIRECTORY, "{base}/at@sign", "", id="directory-by-name"),
    ],
)
def test_a_source_of_the_command_line(
    tmp_path: Path, text: str, kind: SourceKind, location: str, revision: str
) -> None:
    base = tmp_path.resolve()
    (base / "folder").mkdir()
    (base / "at@sign").mkdir()
    (base / "x.bundle").touch()
    assert spec_of(text, base) == RepoSpec(kind=kind, location=location.format(base=base), revision=revision)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "expected name==version, npm:name@version, URL@REV, path@REV or a folder", id="empty"),
        pytest.param(
            "nowhere", "expected name==version, npm:name@version, URL@REV, path@REV or a folder", id="no-such-folder"
        ),
        pytest.param("https://h/o/n", "expected a revision at the end", id="url-without-revision"),
        pytest.param("https://me@h/o/n", "expected a revision at the end", id="user-is-no-revision"),
        pytest.param("git@h:o/n", "expected a revision at the end", id="short-ssh-without-revision"),
        pytest.param("x.bundle", "expected a revision at the end", id="bundle-without-revision"),
        pytest.param("x.bundle@", "expected a revision at the end", id="empty-revision"),
        pytest.param("pypi:click", "expected name==version", id="no-version"),
        pytest.param("npm:commander", "expected name@version, such as commander@12.1.0", id="npm-without-version"),
        pytest.param("git:--upload-pack=x@v1", "expected a URL or a path that does not start with", id="option"),
    ],
)
def test_a_wrong_source_of_the_command_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.bundle").touch()
    with pytest.raises(UsageError, match=message):
        spec_of(text, tmp_path)


def test_secrets_are_taken_out_of_messages() -> None:
    text = "cannot reach https://me:secret@host/simple/, see http://host/@x"
    assert without_secrets(text) == "cannot reach https://host/simple/, see http://host/@x"


def test_the_default_list() -> None:
    specs = load_manifest(ROOT / "repos.yaml")
    names = {spec.location for spec in specs}
    assert len(names) == len(specs) >= 34
    assert {spec.kind for spec in specs} == {SourceKind.PYPI, SourceKind.NPM}
    assert all((spec.sha256 or spec.integrity) and spec.created_at for spec in specs)
    swe_bench = {"astropy", "django", "flask", "matplotlib", "pylint", "pytest", "requests"}
    assert not names & (swe_bench | {"scikit-learn", "seaborn", "sphinx", "sympy", "xarray"})


def test_the_list_of_other_languages_is_pinned_and_another_one() -> None:
    specs = load_manifest(ROOT / "repos-languages.yaml")
    assert {spec.kind for spec in specs} == {SourceKind.NPM, SourceKind.GIT}
    assert all(
        spec.integrity if spec.kind is SourceKind.NPM else re.fullmatch("[0-9a-f]{40}", spec.revision) for spec in specs
    )
    assert not {spec.location for spec in specs} & {spec.location for spec in load_manifest(ROOT / "repos.yaml")}
