"""What holds of the checkers for every answer, not only for those in the corpus."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Sequence

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from checker_corpus import judge, questions, repository, task_named
from hybridgym.diffs import changes, make_patch
from hybridgym.parsing import outline_of
from hybridgym.patches import apply_patch
from hybridgym.resolve import definition_id
from hybridgym.task import File, Status, Tree, Verdict
from hybridgym.tasks import kind_named
from hybridgym.tasks.marks import marked
from sample_repository import Repository

WORDS, SHAPES = "src/textkit/words.py", "src/textkit/shapes.py"
TEXTKIT, LEDGER = repository("textkit"), repository("ledger")
START = {"textkit": TEXTKIT, "ledger": LEDGER}
PYTHON = {
    name: sorted(path for path, file in tree.items() if path.endswith(".py") and file.mode != "120000")
    for name, tree in START.items()
}


def check(name: str, result: Tree) -> Verdict:
    """Check a state of the repository against a task."""
    task, start = task_named(name), START[questions()[name].repo]
    return kind_named(task.task_kind).check(task, start, changes(start, result))


def with_file(tree: Tree, path: str, data: bytes) -> Tree:
    return {**tree, path: File(data, tree[path].mode)}


# Answers made of pieces

UNDOCUMENTED = {
    "wrap": (WORDS, "def wrap(text, width=LIMIT):\n", "    "),
    "guard": (WORDS, "def guard(text):\n", "    "),
    "slug": (WORDS, "def slug(text):\n", "    "),
    "last": (WORDS, "def last(words):\n", "    "),
    "Circle": (SHAPES, "class Circle(Shape):\n", "    "),
    "scale": (SHAPES, "def scale(shape, by):\n", "    "),
    "dedent": ("src/textkit/tabbed.py", "def dedent(lines):\n", "\t"),
}
"""Definitions whose body begins on the next line."""


def literal_of(text: str, quote: str, prefix: str) -> str:
    text = text.replace("\\", "" if prefix == "r" else "\\\\").replace(quote[0], "")
    return f"{prefix}{quote}{text}{quote}"


LITERALS = st.builds(
    literal_of,
    st.builds("Say {}{}what it does{}.".format, *[st.text("ab #;:()\n\té⚠", max_size=12)] * 3),
    st.sampled_from(['"""', "'''"]),
    st.sampled_from(["", "r", "u"]),
)


def documented(tree: Tree, name: str, literal: str, blank: str = "") -> Tree:
    path, head, indentation = UNDOCUMENTED[name]
    text = tree[path].data.decode()
    assert text.count(head) == 1
    return with_file(tree, path, text.replace(head, f"{head}{blank}{indentation}{literal}\n{blank}").encode())


@given(LITERALS, st.sampled_from(["", "\n", "   \n", "\n\n"]))
def test_any_documentation_of_the_target_solves(literal: str, blank: str) -> None:
    verdict = check("wrap", documented(TEXTKIT, "wrap", literal, blank))
    assert verdict.resolved, verdict.reason


@given(st.sets(st.sampled_from(sorted(UNDOCUMENTED))), LITERALS)
def test_the_reward_of_localization_is_the_f1_of_what_was_documented(names: set[str], literal: str) -> None:
    tree = TEXTKIT
    for name in sorted(names):
        tree = documented(tree, name, literal)
    right = len(names & {"wrap", "guard", "last"})
    extra = len(names) - right
    verdict = check("three", tree)
    f1 = 2 * right / (2 * right + extra + 3 - right) if right and extra <= 3 else 0
    assert abs(verdict.reward - f1) < 1e-4
    assert verdict.resolved == (right == 3 and not extra)


@given(st.sets(st.sampled_from(["wrap", "guard", "last"])), st.sampled_from(["Circle", "dedent", "scale", "slug"]))
def test_documentation_of_what_is_no_target_never_raises_the_reward(names: set[str], other: str) -> None:
    tree = TEXTKIT
    for name in sorted(names):
        tree = documented(tree, name, "'Say something.'")
    without, more = check("three", tree), check("three", documented(tree, other, "'Say something.'"))
    assert more.reward <= without.reward
    assert not more.resolved


DEFINITIONS = [
    definition_id(path, definition)
    for path in PYTHON["ledger"]
    for definition in outline_of("python", LEDGER[path].data).definitions
]


@given(st.sets(st.sampled_from(DEFINITIONS)), st.sampled_from(["settle", "show", "apply", "verify", "migrate"]))
def test_the_reward_of_dependency_search_is_the_f1_of_what_was_marked(ids: set[str], name: str) -> None:
    wanted = set(questions()[name].wanted)
    verdict = check(name, marked(LEDGER, sorted(ids), questions()[name].marker))
    f1 = 2 * len(ids & wanted) / (len(ids) + len(wanted))
    assert abs(verdict.reward - f1) < 1e-4
    assert verdict.resolved == (ids == wanted)


@given(st.sets(st.sampled_from(DEFINITIONS), max_size=6), st.sampled_from(DEFINITIONS))
def test_a_mark_on_what_is_no_dependency_never_raises_the_reward(ids: set[str], other: str) -> None:
    question = questions()["settle"]
    assume(other not in question.wanted and other not in ids)
    without = check("settle", marked(LEDGER, sorted(ids), question.marker))
    more = check("settle", marked(LEDGER, sorted({*ids, other}), question.marker))
    assert more.reward <= without.reward
    assert not more.resolved


LINES = [(path, row) for path in PYTHON["ledger"] for row in range(LEDGER[path].data.count(b"\n") + 1)]


@settings(max_examples=400)
@given(st.sampled_from(LINES), st.sampled_from(["", " ", "\t", "        "]), st.sampled_from(["", " ", "\t", "\r"]))
def test_a_marker_on_any_line_counts_only_directly_above_the_dependency(
    line: tuple[str, int], before: str, behind: str
) -> None:
    path, row = line
    lines = LEDGER[path].data.split(b"\n")
    lines.insert(row, f"{before}{questions()['shown'].marker}{behind}".encode())
    verdict = check("shown", with_file(LEDGER, path, b"\n".join(lines)))
    above_show = path == "ledger/main.py" and lines[row + 1] == b"def show(amount):"
    assert verdict.resolved == above_show
    assert verdict.reward == float(above_show)


# Edits of code

GOLD = {
    "wrap": documented(TEXTKIT, "wrap", '"""Break the text into lines."""'),
    "settle": marked(LEDGER, questions()["settle"].wanted, questions()["settle"].marker),
}


def tokens_of(source: str) -> list[tuple[int, int]]:
    """Return where the tokens of a file begin and end, but for documentation and layout."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    layout = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    strings = {
        (node.body[0].lineno, node.body[0].col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if ast.get_docstring(node) is not None
    }
    return [
        (starts[token.start[0] - 1] + token.start[1], starts[token.end[0] - 1] + token.end[1])
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in layout and token.start not in strings
    ]


FILES = [("wrap", WORDS), ("wrap", SHAPES), ("settle", "ledger/main.py"), ("settle", "ledger/money.py")]
SOURCES = {path: GOLD[name][path].data.decode() for name, path in FILES}
TOKENS = {path: tokens_of(source) for path, source in SOURCES.items()}
EDITS: dict[str, Callable[[str], str]] = {
    "deleted": lambda token: "",
    "doubled": lambda token: f"{token} {token}",
    "in parentheses": lambda token: f"({token})",
    "negated": lambda token: f"not {token}",
    "renamed": lambda token: f"{token}x",
    "a comment": lambda token: f"{token} #",
    "a number": lambda token: "1",
    "a string": lambda token: '"x"',
    "pass": lambda token: "pass",
    "a semicolon and a call": lambda token: f"{token}; exit()",
    "commented out": lambda token: f"# {token}",
}


@settings(max_examples=500)
@given(st.sampled_from(FILES), st.data(), st.sampled_from(sorted(EDITS)))
def test_a_token_of_code_that_was_edited_is_refused(file: tuple[str, str], data: st.DataObject, how: str) -> None:
    name, path = file
    start, end = data.draw(st.sampled_from(TOKENS[path]))
    source = SOURCES[path]
    token = source[start:end]
    edited = source[:start] + EDITS[how](token) + source[end:]
    # A string in the place of a body's only `pass` is documentation.
    assume(edited != source and (token, how) != ("pass", "a string"))
    verdict = check(name, with_file(GOLD[name], path, edited.encode()))
    assert (verdict.status, verdict.reward) == (Status.TAMPERED, 0), verdict.reason


def code(source: str | bytes) -> str | None:
    try:
        return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError):
        return None


@settings(max_examples=500)
@given(
    st.sampled_from(FILES),
    st.data(),
    st.sampled_from(["delete", "double", "up", "deeper", "shallower", "tab", "join", "comment out"]),
)
def test_a_line_of_code_that_was_edited_is_refused(file: tuple[str, str], data: st.DataObject, how: str) -> None:
    name, path = file
    lines = SOURCES[path].splitlines(keepends=True)
    row = data.draw(st.integers(1, len(lines) - 1))
    line = lines[row]
    match how:
        case "delete":
            del lines[row]
        case "double":
            lines.insert(row, line)
        case "up":
            lines[row - 1], lines[row] = lines[row], lines[row - 1]
        case "join":
            lines[row] = line.rstrip("\n") + " "
        case _:
            lines[row] = {"deeper": "    ", "shallower": "", "tab": "\t", "comment out": "# "}[how] + (
                line[4:] if how == "shallower" else line
            )
    edited = "".join(lines)
    assume(edited != SOURCES[path] and code(edited) != code(SOURCES[path]))
    verdict = check(name, with_file(GOLD[name], path, edited.encode()))
    assert not verdict.resolved
    # A string, or a comment that is a marker, may have gone without the code.
    assert verdict.status is Status.TAMPERED or code_without_strings(edited) == code_without_strings(SOURCES[path])


def code_without_strings(source: str) -> str | None:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [s for s in node.body if not isinstance(s, ast.Expr) or not isinstance(s.value, ast.Constant)]
    return ast.dump(tree)


@given(st.sampled_from(sorted(set(TEXTKIT) - {WORDS})), st.binary(min_size=1, max_size=8))
def test_bytes_put_anywhere_into_another_file_never_leave_an_answer_resolved(path: str, more: bytes) -> None:
    data = TEXTKIT[path].data
    for place in (0, len(data) // 2, len(data)):
        edited = data[:place] + more + data[place:]
        verdict = check("wrap", with_file(GOLD["wrap"], path, edited))
        layout = path.endswith(".py") and code(edited) == code(data)
        assert not verdict.resolved or layout, verdict.reason


# Forms of patches


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(tmp_path_factory.mktemp("git"))


def one_file_sections(patch: bytes) -> list[bytes]:
    return [section for section in re.split(rb"(?m)^(?=diff --git )", patch) if section]


@settings(max_examples=60)
@given(
    name=st.sampled_from(["settle", "two_files", "show", "three"]),
    names=st.sets(st.sampled_from(["wrap", "guard", "last", "slug", "Circle"]), min_size=1),
    ids=st.sets(st.sampled_from(DEFINITIONS), min_size=1, max_size=6),
    context=st.sampled_from(["-U0", "-U1", "-U3", "-U9", "-W"]),
    form=st.sampled_from([(), ("--no-prefix",), ("--src-prefix=i/", "--dst-prefix=w/"), ("--full-index",), ("-R",)]),
    reverse=st.booleans(),
    transport=st.sampled_from(["\n", "\r\n"]),
    strip=st.booleans(),
)
def test_the_verdict_does_not_depend_on_the_form_of_the_patch(
    git: Repository,
    name: str,
    names: set[str],
    ids: set[str],
    context: str,
    form: Sequence[str],
    reverse: bool,
    transport: str,
    strip: bool,
) -> None:
    start = START[questions()[name].repo]
    result = start
    if questions()[name].repo == "textkit":
        for each in sorted(names):
            result = documented(result, each, "'Say something.'")
    else:
        result = marked(start, sorted(ids), questions()[name].marker)
    there_and_back = (result, start) if form == ("-R",) else (start, result)
    patch = git.diff(*there_and_back, context, *form)
    sections = one_file_sections(patch)
    patch = b"".join(sections[::-1] if reverse else sections)
    changed = [change.path for change in changes(start, result)]
    if transport == "\r\n":
        assume(not any(b"\r" in start[path].data for path in changed))
        patch = patch.replace(b"\n", b"\r\n")
    elif strip:
        patch = patch.strip()
    assert judge(name, patch) == check(name, result)


@settings(max_examples=300)
@given(st.binary(max_size=300))
@example(b"diff --git a/\xff b/\xff\nnew file mode 100644\n")
@example(b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\xff\n+\xfe\n")
def test_arbitrary_bytes_as_a_patch_get_a_verdict(patch: bytes) -> None:
    for name in ("wrap", "settle"):
        verdict = judge(name, patch)
        assert not verdict.resolved
        assert verdict.status is not Status.ERROR


PATCH = make_patch(changes(TEXTKIT, GOLD["wrap"])).encode()


@settings(max_examples=400)
@given(st.integers(0, len(PATCH) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_a_patch_with_damage_never_solves_by_changing_code(place: int, piece: bytes, gone: int) -> None:
    damaged = PATCH[:place] + piece + PATCH[place + gone :]
    verdict = judge("wrap", damaged)
    if verdict.resolved:
        result = apply_patch(TEXTKIT, damaged)
        assert isinstance(result, tuple)
        assert [change.path for change in result] == [WORDS]
        after = result[0].after
        assert after is not None
        assert code_without_strings(after.data.decode()) == code_without_strings(TEXTKIT[WORDS].data.decode())
