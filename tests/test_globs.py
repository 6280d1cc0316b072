import pytest

from hybridgym.globs import GlobError, compile_glob


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        pytest.param("*.py", "a.py", True, id="star"),
        pytest.param("*.py", "src/a.py", False, id="star-stays-in-its-folder"),
        pytest.param("**/*.py", "a.py", True, id="folders-may-be-none"),
        pytest.param("**/*.py", "src/deep/a.py", True, id="folders-may-be-several"),
        pytest.param("src/**", "src/deep/a.py", True, id="everything-below"),
        pytest.param("src/**", "src", False, id="below-is-not-the-folder"),
        pytest.param("src/**", "src2/a.py", False, id="below-is-not-a-prefix"),
        pytest.param("src/**/test/*.py", "src/test/a.py", True, id="folders-in-the-middle"),
        pytest.param("**/**/a.py", "x/a.py", True, id="repeated-folders"),
        pytest.param("a?.py", "ab.py", True, id="one-character"),
        pytest.param("a?b", "a/b", False, id="one-character-is-no-slash"),
        pytest.param("[a-c].py", "b.py", True, id="set"),
        pytest.param("[!a-c].py", "b.py", False, id="negated-set"),
        pytest.param("a[!b]c", "a/c", False, id="negated-set-is-no-slash"),
        pytest.param("[]].py", "].py", True, id="set-of-a-bracket"),
        pytest.param("[^a].py", "^.py", True, id="caret-is-itself"),
        pytest.param("a.py", "aXpy", False, id="dot-is-itself"),
        pytest.param("(a|b)+.py", "(a|b)+.py", True, id="no-regular-expression"),
        pytest.param("*", "two\nlines", True, id="newline"),
        pytest.param("docs/ü *.md", "docs/ü x.md", True, id="unicode-and-space"),
    ],
)
def test_glob_matches_whole_paths(glob: str, path: str, matches: bool) -> None:
    assert bool(compile_glob(glob).fullmatch(path)) is matches


@pytest.mark.parametrize(
    "glob",
    [
        pytest.param("", id="empty"),
        pytest.param("/src/*.py", id="absolute"),
        pytest.param("src/", id="folder"),
        pytest.param("../*.py", id="outside"),
        pytest.param("./a.py", id="dot"),
        pytest.param("a//b", id="doubled-slash"),
        pytest.param("a\\b", id="backslash"),
        pytest.param("[abc", id="open-set"),
        pytest.param("[]", id="empty-set"),
        pytest.param("[z-a]", id="backwards-range"),
        pytest.param("**.py", id="stars-in-a-name"),
        pytest.param("a**/b", id="stars-after-a-name"),
    ],
)
def test_bad_globs_are_refused(glob: str) -> None:
    with pytest.raises(GlobError):
        compile_glob(glob)
