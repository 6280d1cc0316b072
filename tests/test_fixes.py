from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from git_project import Project
from hybridgym.fixes import PRESETS, Fix, fix_of, fixes_of, screened
from hybridgym.history import Commit, History, history_of

CLASS = '''\
"""A shelf."""

import os

LIMIT = 10


class Shelf:
    """Keeps things."""

    size = 3

    def __init__(self, things):
        self.things = things

    @property
    def full(self):
        """Whether nothing more fits."""
        return len(self.things) >= self.size

    def put(self, thing):
        def fits(thing):
            return thing is not None

        if fits(thing):  # None is no thing
            self.things.append(thing)


def empty(path):
    return not os.listdir(path)
'''
R2E_GYM = PRESETS["r2e-gym"]

Texts = Mapping[str, str | bytes | None]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def history(project: Project, cache: Path) -> History:
    found = history_of(project.spec(), cache)
    assert found is not None
    return found


def newest(project: Project, cache: Path) -> tuple[History, Commit]:
    found = history(project, cache)
    return found, next(found.commits())


def judged(project: Project, cache: Path, before: Texts, after: Texts, message: str = "Change") -> Fix | str:
    project.write(before)
    project.commit_all("Before")
    project.write(after)
    project.commit_all(message)
    found, commit = newest(project, cache)
    return fix_of(found, commit, R2E_GYM, cache)


def changed(text: str, *replacements: tuple[str, str]) -> str:
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text


def test_what_a_fix_says(project: Project, cache: Path) -> None:
    project.write({"shelf.py": CLASS, "NEWS.md": "", "tests/data.txt": ""})
    parent = project.commit_all("Before")
    edited = changed(CLASS, (">= self.size", "> self.size"), ("LIMIT = 10", "LIMIT = 11"))
    added = edited + "\n\ndef full(path):\n    return not empty(path)\n"
    project.write({"shelf.py": added, "NEWS.md": "Fixed.\n", "tests/data.txt": "1\n", "tests/test_shelf.py": "x = 1\n"})
    tip = project.commit_all("Count right\n")
    found, commit = newest(project, cache)
    fix = fix_of(found, commit, R2E_GYM, cache)
    assert isinstance(fix, Fix)
    assert (fix.commit, fix.parent, fix.message, fix.created_at) == (tip, parent, "Count right\n", commit.created_at)
    assert (fix.sources, fix.others) == (("shelf.py",), ("NEWS.md",))
    assert fix.tests == ("tests/data.txt", "tests/test_shelf.py")
    assert (fix.added, fix.edited, fix.deleted) == (("shelf.py::full",), ("shelf.py::Shelf.full",), ())
    assert fix.module_level
    assert fix.lines == 4 + 4 + 1
    diff = project.git("diff", "--no-renames", "HEAD~", "--", "shelf.py", "NEWS.md").splitlines(keepends=True)
    without_index = "".join(line for line in diff if not line.startswith("index "))
    assert fix.characters == len(without_index) + 1 - hunk_titles(diff)


def hunk_titles(diff: list[str]) -> int:
    """Count what git writes behind the ranges of a hunk."""
    return sum(len(line.rstrip("\n").rpartition("@@")[2]) for line in diff if line.startswith("@@"))


EDITS = [
    pytest.param([("thing is not None", "thing")], ["Shelf.put.fits"], False, id="an inner function alone"),
    pytest.param([("if fits(thing)", "if not fits(thing)")], ["Shelf.put"], False, id="what is around one"),
    pytest.param([("size = 3", "size = 4")], ["Shelf"], False, id="the body of a class"),
    pytest.param([("@property", "@cached")], ["Shelf.full"], False, id="a decorator"),
    pytest.param([("things):", "things=()):")], ["Shelf.__init__"], False, id="a parameter"),
    pytest.param([("class Shelf:", "class Shelf(list):")], ["Shelf"], False, id="a base"),
    pytest.param([("not os", "  os"), ("size = 3", "size = 2")], ["Shelf", "empty"], False, id="two of them"),
    pytest.param([("\n\n    @prop", "\n        self.n = 0\n\n    @prop")], ["Shelf.__init__"], False, id="a line more"),
    pytest.param([("os.listdir(path)", "os.listdir( path ) or 1")], ["empty"], False, id="code and layout"),
    pytest.param([("LIMIT = 10", "LIMIT = 11"), ("not os", "os")], ["empty"], True, id="outside of definitions too"),
]


@pytest.mark.parametrize(("replacements", "edited", "module_level"), EDITS)
def test_edited_definitions(
    project: Project, cache: Path, replacements: list[tuple[str, str]], edited: list[str], module_level: bool
) -> None:
    fix = judged(project, cache, {"shelf.py": CLASS}, {"shelf.py": changed(CLASS, *replacements)})
    assert isinstance(fix, Fix)
    assert [name.removeprefix("shelf.py::") for name in fix.edited] == edited
    assert (fix.added, fix.deleted, fix.module_level) == ((), (), module_level)


FORMATTING = [
    pytest.param([("# None is no thing", "# nothing")], id="a comment"),
    pytest.param(
        [('"""Whether nothing more fits."""\n', '"""Full?\n\n        Or not.\n        """\n')], id="documentation"
    ),
    pytest.param([('        """Whether nothing more fits."""\n', "")], id="documentation taken away"),
    pytest.param([('"""A shelf."""', '"""Shelves."""')], id="documentation of the module"),
    pytest.param([("(path)\n", "(\n        path,\n    )\n")], id="a call on several lines"),
    pytest.param([("return not os.listdir(path)", "return (not os.listdir(path))")], id="parentheses"),
    pytest.param([("\n\n\ndef", "\n\n\n\n\ndef")], id="blank lines"),
    pytest.param([("LIMIT = 10", "LIMIT =  10  # ten")], id="layout outside of definitions"),
    pytest.param([("size = 3\n", "size = 3\n    pass\n")], id="a filler"),
]


@pytest.mark.parametrize("replacements", FORMATTING)
def test_formatting(project: Project, cache: Path, replacements: list[tuple[str, str]]) -> None:
    after = changed(CLASS, *replacements)
    assert judged(project, cache, {"shelf.py": CLASS}, {"shelf.py": after}) == "formatting only"


def test_quotes_are_formatting(project: Project, cache: Path) -> None:
    before, after = "def f():\n    return 'a', u'b', b'c'\n", 'def f():\n    return "a", "b", b"c"\n'
    assert judged(project, cache, {"a.py": before}, {"a.py": after}) == "formatting only"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a[1]", "a[1,]", id="the item of a tuple"),
        pytest.param("(a)", "(a,)", id="a tuple"),
        pytest.param("a(b, c)", "a((b, c))", id="one argument"),
        pytest.param("a - b - c", "a - (b - c)", id="the order of operations"),
        pytest.param("a < b < c", "(a < b) < c", id="a chain of comparisons"),
        pytest.param("'a'", "b'a'", id="bytes"),
        pytest.param("r'a'", "f'a'", id="a format"),
        pytest.param("a()", "a", id="a call"),
    ],
)
def test_what_looks_like_formatting_and_is_none(project: Project, cache: Path, before: str, after: str) -> None:
    text = "def f(a, b, c):\n    return {}\n"
    fix = judged(project, cache, {"a.py": text.format(before)}, {"a.py": text.format(after)})
    assert isinstance(fix, Fix)
    assert fix.edited == ("a.py::f",)


def test_another_string_is_not(project: Project, cache: Path) -> None:
    fix = judged(project, cache, {"a.py": "def f():\n    return 'a b'\n"}, {"a.py": "def f():\n    return 'a  b'\n"})
    assert isinstance(fix, Fix)
    assert fix.edited == ("a.py::f",)


def test_indentation_is_code(project: Project, cache: Path) -> None:
    before = "def f(a):\n    if a:\n        a()\n    a.b()\n"
    fix = judged(project, cache, {"a.py": before}, {"a.py": before.replace("    a.b", "        a.b")})
    assert isinstance(fix, Fix)
    assert fix.edited == ("a.py::f",)


def test_a_definition_that_moves_into_a_block_is_the_same(project: Project, cache: Path) -> None:
    before = "import sys\n\n\n@sys.x\ndef f(a):\n    return a\n\n\ndef g():\n    return 1\n"
    after = "import sys\n\nif sys.y:\n\n    @sys.x\n    def f(a):\n        return a\n\n\ndef g():\n    return 2\n"
    fix = judged(project, cache, {"a.py": before}, {"a.py": after})
    assert isinstance(fix, Fix)
    assert (fix.edited, fix.module_level) == (("a.py::g",), True)


def test_definitions_of_one_name_are_told_apart(project: Project, cache: Path) -> None:
    before = "try:\n    def f(): return 1\nexcept E:\n    def f(): return 2\n"
    fix = judged(project, cache, {"a.py": before}, {"a.py": before.replace("2", "3")})
    assert isinstance(fix, Fix)
    assert fix.edited == ("a.py::f#2",)


def many(function: str, numbers: range) -> str:
    return "\n".join(function.format(number) for number in numbers)


F = "def f{0}():\n    return {0}\n"
G = "def f{0}():\n    return -{0}\n"
NO_FIXES = [
    pytest.param({"a.md": "a"}, {"a.md": "b"}, "no source file", id="documentation alone"),
    pytest.param({"tests/a.py": "a = 1"}, {"tests/a.py": "a = 2"}, "no source file", id="tests alone"),
    pytest.param({"docs/conf.py": "a = 1"}, {"docs/conf.py": "a = 2"}, "no source file", id="examples alone"),
    pytest.param({"a.py": "a"}, {}, "no changes", id="nothing"),
    pytest.param(
        {"_vendor/a.py": F.format(1)}, {"_vendor/a.py": G.format(1)}, "vendored or generated files only", id="vendored"
    ),
    pytest.param(
        {"a.py": "# Generated by x\n" + F.format(1)},
        {"a.py": "# Generated by x\n" + G.format(1)},
        "vendored or generated files",
        id="made",
    ),
    pytest.param({}, {f"{n}.py": "def f(): pass\n" for n in range(5)}, "too many files", id="five files"),
    pytest.param({"a.py": ""}, {"a.py": "x = 1\n" * 200}, "too many lines", id="200 lines"),
    pytest.param({"a.py": ""}, {"a.py": "x = 1\n" * 9000}, "too many characters", id="thousands of lines"),
    pytest.param({"a.py": ""}, {"a.py": ("x" * 300 + "\n") * 40}, "too many characters", id="12,000 characters"),
    pytest.param({"a.py": F.format(1)}, {"a.py": "f1 = 2\n"}, "deleted definitions", id="one deleted"),
    pytest.param({"a.py": F.format(1)}, {"a.py": None}, "deleted definitions", id="a file deleted"),
    pytest.param({"a.py": F.format(1)}, {"a.py": None, "b.py": F.format(1)}, "deleted definitions", id="renamed"),
    pytest.param({"a.py": ""}, {"a.py": many(F, range(2))}, "added definitions", id="two added"),
    pytest.param({"a.py": ""}, {"a.py": F.format(1)}, "edited definitions", id="none edited"),
    pytest.param({"a.py": "a = 1\n"}, {"a.py": "a = 2\n"}, "edited definitions", id="module level alone"),
    pytest.param(
        {"a.py": many(F, range(1, 6))}, {"a.py": many(G, range(1, 6))}, "edited definitions", id="five edited"
    ),
    pytest.param(
        {"a.py": F.format(1)},
        {"a.py": G.format(1) + many("x{0} = 1\n", range(7))},
        "statements outside of definitions",
        id="seven statements",
    ),
    pytest.param(
        {"a.py": "__version__ = '1.2'\n"}, {"a.py": "__version__ = '1.3.dev0'\n"}, "version bump", id="a version"
    ),
    pytest.param(
        {"setup.py": "setup(\n    version='1.2b1',\n)\n", "NEWS": ""},
        {"setup.py": "setup(\n    version='1.2',\n)\n", "NEWS": "1.2"},
        "version bump",
        id="a version in a call",
    ),
    pytest.param({"a.py": F.format(1)}, {"a.py": "def f1(:\n"}, "syntax errors", id="no Python any more"),
    pytest.param(
        {"a.py": F.format(1)}, {"a.py": b"def f1():\n    return '\xe9'\n"}, "files that are no text", id="Latin-1"
    ),
    pytest.param(
        {"a.py": F.format(1)}, {"a.py": G.format(1), "b.png": b"\x89PNG\0"}, "files that are no text", id="PNG"
    ),
]


@pytest.mark.parametrize(("before", "after", "reason"), NO_FIXES)
def test_no_fixes(project: Project, cache: Path, before: Texts, after: Texts, reason: str) -> None:
    assert judged(project, cache, before, after) == reason


@pytest.mark.parametrize(
    "message",
    [
        'Revert "Use f"\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567.\n',
        "Undo it\n\nThis reverts commit 0123456.\n",
        "revert r123",
        "Backed out changeset 12\n",
    ],
)
def test_reverts(project: Project, cache: Path, message: str) -> None:
    assert judged(project, cache, {"a.py": F.format(1)}, {"a.py": G.format(1)}, message) == "revert"


def test_a_revert_that_is_only_spoken_of(project: Project, cache: Path) -> None:
    message = "Let users revert their changes\n\nTo revert was not possible.\n"
    assert isinstance(judged(project, cache, {"a.py": F.format(1)}, {"a.py": G.format(1)}, message), Fix)


def test_a_version_that_is_compared_is_a_fix(project: Project, cache: Path) -> None:
    text = "def f(version):\n    return version > {}\n"
    fix = judged(project, cache, {"a.py": text.format("old")}, {"a.py": text.format("new")})
    assert isinstance(fix, Fix)


def test_modes_alone_are_no_fix(project: Project, cache: Path) -> None:
    project.commit(a_py=F)
    (project.folder / "a.py").chmod(0o755)
    project.commit_all()
    found, commit = newest(project, cache)
    assert fix_of(found, commit, R2E_GYM, cache) == "modes only"


def test_first_commits_and_merges(project: Project, cache: Path) -> None:
    project.commit(a_py=F.format(1))
    project.git("checkout", "--quiet", "-b", "side")
    side = project.commit(a_py=G.format(1))
    project.git("checkout", "--quiet", "main")
    project.commit(b_md="")
    project.record("merge", "--quiet", "--no-ff", "-m", "Merge", "side")
    found = history(project, cache)
    results = [
        (c.id, fix if isinstance(fix, str) else "fix") for c, fix in fixes_of(found, found.commits(), R2E_GYM, None)
    ]
    assert [reason for _, reason in results] == ["merge", "no source file", "fix", "no parent"]
    assert dict(results)[side] == "fix"


def test_what_stands_in_an_added_function_counts_with_it(project: Project, cache: Path) -> None:
    after = G.format(1) + "\n\ndef outer():\n    def inner():\n        return 1\n    return inner\n"
    fix = judged(project, cache, {"a.py": F.format(1)}, {"a.py": after})
    assert isinstance(fix, Fix)
    assert fix.added == ("a.py::outer", "a.py::outer.inner")


@pytest.mark.parametrize(
    ("knob", "value", "reason"),
    [
        ("max_files", 1, "too many files"),
        ("max_lines", 4, "too many lines"),
        ("max_characters", 200, "too many characters"),
        ("max_added", 0, "added definitions"),
        ("max_edited", 1, "edited definitions"),
        ("min_edited", 3, "edited definitions"),
        ("max_statements", 0, "statements outside of definitions"),
    ],
)
def test_every_filter_is_a_knob(project: Project, cache: Path, knob: str, value: int, reason: str) -> None:
    project.write({"a.py": many(F, range(1, 3)), "b.md": ""})
    project.commit_all()
    project.write({"a.py": "x = 1\n" + many(G, range(1, 4)), "b.md": "Fixed.\n"})
    project.commit_all()
    found, commit = newest(project, cache)
    assert isinstance(fix_of(found, commit, R2E_GYM, cache), Fix)
    assert fix_of(found, commit, replace(R2E_GYM, **{knob: value}), cache) == reason


def test_the_paper_takes_smaller_fixes(project: Project, cache: Path) -> None:
    text = "def f():\n    return [\n" + "        1,\n" * 110 + "    ]\n"
    project.commit(a_py="def f():\n    return []\n")
    project.commit(a_py=text)
    found, commit = newest(project, cache)
    assert isinstance(fix_of(found, commit, R2E_GYM, cache), Fix)
    assert fix_of(found, commit, PRESETS["r2e-gym-paper"], cache) == "too many lines"


def test_paths_and_sizes_alone(project: Project, cache: Path) -> None:
    project.commit(a_py=F, b_md="")
    project.commit("No fix in its lines, which nobody has read", a_py=f"{F}# comment\n", b_md="", tests__a_py="")
    _, commit = newest(project, cache)
    found = screened(commit, R2E_GYM)
    assert not isinstance(found, str)
    assert [change.path for change in found.sources] == ["a.py"]
    assert [change.path for change in found.tests] == ["tests/a.py"]


def test_the_same_with_a_cache_without_one_and_one_commit_at_a_time(project: Project, cache: Path) -> None:
    texts = [
        CLASS,
        changed(CLASS, ("not os", "os")),
        changed(CLASS, ("size = 3", "size = 4")),
        CLASS,
        "def f(:\n",
        "x = 1\n",
    ]
    for text in texts:
        project.commit(shelf_py=text)
    found = history(project, cache)
    commits = list(found.commits())
    fresh = list(fixes_of(found, commits, R2E_GYM, None))
    assert sum(isinstance(fix, Fix) for _, fix in fresh) == 3
    assert list(fixes_of(found, commits, R2E_GYM, cache)) == fresh
    assert list(fixes_of(found, commits, R2E_GYM, cache)) == fresh
    assert [(commit, fix_of(found, commit, R2E_GYM, cache)) for commit in commits] == fresh
    (cache / "facts.sqlite").write_bytes(b"damaged")
    assert list(fixes_of(found, commits, R2E_GYM, cache)) == fresh


def test_a_damaged_blob_costs_its_commits_alone(project: Project, cache: Path) -> None:
    project.commit(a_py=F.format(1))
    project.commit(a_py=G.format(1))
    project.commit(b_py=F.format(2))
    project.commit(b_py=G.format(2))
    found = history(project, cache)
    commits = list(found.commits())
    lost = commits[2].changes[0].after
    assert lost is not None
    project.unpack(next((cache / "git").glob("*.git")))
    (next((cache / "git").glob("*.git")) / "objects" / lost.id[:2] / lost.id[2:]).unlink()
    reasons = [
        fix if isinstance(fix, str) else "fix" for _, fix in fixes_of(history(project, cache), commits, R2E_GYM, None)
    ]
    assert reasons == ["fix", "edited definitions", "damaged or missing objects", "no parent"]


OTHER_LANGUAGES = [
    pytest.param("a.go", "package a\n\nfunc F() int {\n\treturn 1\n}\n", "return 1", "return 2", "F", id="go"),
    pytest.param("a.c", "int f(void)\n{\n  return 1;\n}\n", "return 1", "return 2", "f", id="c"),
    pytest.param("a.rs", "fn f() -> i32 {\n    1\n}\n", "    1", "    2", "f", id="rust"),
    pytest.param("A.java", "class A {\n  int f() {\n    return 1;\n  }\n}\n", "return 1", "return 2", "A.f", id="java"),
    pytest.param("a.js", "class A {\n  f() {\n    return 1;\n  }\n}\n", "return 1", "return 2", "A.f", id="javascript"),
    pytest.param(
        "a.ts", "export function f(): number {\n  return 1;\n}\n", "return 1", "return 2", "f", id="typescript"
    ),
]


@pytest.mark.parametrize(("path", "text", "old", "new", "name"), OTHER_LANGUAGES)
def test_other_languages(project: Project, cache: Path, path: str, text: str, old: str, new: str, name: str) -> None:
    fix = judged(project, cache, {path: text}, {path: changed(text, (old, new))})
    assert isinstance(fix, Fix)
    assert (fix.edited, fix.module_level) == ((f"{path}::{name}",), False)


@pytest.mark.parametrize(("path", "text", "old", "new", "name"), OTHER_LANGUAGES)
def test_formatting_in_other_languages(
    project: Project, cache: Path, path: str, text: str, old: str, new: str, name: str
) -> None:
    after = changed(text, (old, f"// {new}\n   {old}"))
    assert judged(project, cache, {path: text}, {path: after}) == "formatting only"
