"""The checkers against the corpus of patches that have to be refused, and of those that have to be accepted."""

import ast
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from checker_corpus import Case, cases, judge, questions, repository, task_named
from hybridgym.languages import language_of
from hybridgym.languages.python import Python
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.task import LINK, REGULAR, File, Status, Tree
from hybridgym.tasks import kind_named
from hybridgym.workspace import lay_out, read_changes
from second_reader import code_tokens

ROWS = [pytest.param(case, id=case.id) for case in cases()]
SEARCHES = [pytest.param(c, id=c.id) for c in cases() if questions()[c.task].kind == "dependency_search"]
RIGHT = [pytest.param(case, id=case.id) for case in cases() if case.status is Status.RESOLVED]


@pytest.mark.parametrize("case", ROWS)
def test_verdict(case: Case) -> None:
    verdict = judge(case.task, case.patch)
    assert (verdict.status, verdict.reason) == (case.status, verdict.reason), case.why
    assert verdict.reward == pytest.approx(case.reward, abs=1e-4), case.why
    assert verdict.reason
    assert msgspec.json.decode(msgspec.json.encode(verdict), type=type(verdict)) == verdict


@pytest.mark.parametrize("case", SEARCHES)
def test_the_rows_of_an_answer_only_save_time(case: Case) -> None:
    task, start = task_named(case.task), repository(questions()[case.task].repo)
    changes = apply_patch(start, case.patch)
    if not isinstance(changes, Refusal):
        without = msgspec.structs.replace(task, answer={k: v for k, v in task.answer.items() if k != "rows"})
        kind = kind_named(task.task_kind)
        assert kind.check(without, start, changes) == kind.check(task, start, changes)


def test_the_corpus_is_large_and_about_half_of_it_deserves_a_reward() -> None:
    assert len({case.id for case in cases()}) == len(cases()) >= 220
    rewarded = sum(case.reward > 0 for case in cases())
    assert 0.4 < rewarded / len(cases()) < 0.6
    kinds = Counter(questions()[case.task].kind for case in cases())
    assert min(kinds.values()) > 100
    assert {case.task for case in cases()} == set(questions())


@pytest.mark.parametrize("language", ["go", "java", "javascript", "python", "rust", "typescript"])
def test_the_corpus_has_enough_cases_of_each_language(language: str) -> None:
    own = [(questions()[c.task].kind, c) for c in cases() if questions()[c.task].spoken_language == language]
    assert 0.4 < sum(case.reward > 0 for _, case in own) / len(own) < 0.6
    assert min(Counter(kind for kind, _ in own).values()) >= 30


def code_of(path: str, data: bytes) -> str | list[str]:
    """Return what Python itself, or for other languages a second reader, makes of a file, without documentation."""
    language = language_of(path)
    assert language is not None
    if language is not Python:
        return [token.text for token in code_tokens(language.name, data.decode())]
    tree = ast.parse(data)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if ast.get_docstring(node, clean=False) is not None:
                del node.body[0]
            if [type(statement) for statement in node.body] == [ast.Pass]:
                node.body.clear()
    return ast.dump(tree)


# An escape that Python warns of is no error.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
@pytest.mark.parametrize("case", RIGHT)
def test_what_is_accepted_is_the_same_program(case: Case) -> None:
    """Holds the corpus, not the checkers, against other readers."""
    changes = apply_patch(repository(questions()[case.task].repo), case.patch)
    assert not isinstance(changes, Refusal)
    assert {change.path for change in changes} == {i.partition("::")[0] for i in questions()[case.task].wanted}
    for change in changes:
        assert change.before is not None and change.after is not None
        assert change.before.mode == change.after.mode
        assert code_of(change.path, change.before.data) == code_of(change.path, change.after.data)


# Bytecode in a cache is left out of a folder; in a patch, where somebody put it on purpose, it is a new file.
APPLICABLE = [
    pytest.param(case, id=case.id)
    for case in cases()
    if case.status is not Status.DOES_NOT_APPLY and b"__pycache__" not in case.patch
]


@pytest.mark.parametrize("case", APPLICABLE[::16])
def test_a_folder_with_the_patch_applied_gets_the_same_verdict(case: Case, tmp_path: Path) -> None:
    task, start = task_named(case.task), repository(questions()[case.task].repo)
    changes = apply_patch(start, case.patch)
    assert not isinstance(changes, Refusal)
    folder = tmp_path / "testbed"
    lay_out(start, folder)
    for change in changes:
        write(folder / change.path, change.after)
    in_folder = read_changes(start, folder)
    assert not isinstance(in_folder, Refusal)
    assert kind_named(task.task_kind).check(task, start, in_folder) == judge(case.task, case.patch)


def write(place: Path, file: File | None) -> None:
    place.unlink(missing_ok=True)
    if file is None:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if file.mode == LINK:
        place.symlink_to(file.data.decode())
    else:
        place.write_bytes(file.data)
        place.chmod(0o644 if file.mode == REGULAR else 0o755)


START: Tree = repository("textkit")
MARK = b"# this function/class is called by the shown function\n"


def hunk(path: str, lines: bytes, at: int) -> bytes:
    """Write a patch that puts lines behind line `at` of a file."""
    name, added = path.encode(), lines.splitlines(keepends=True)
    head = b"--- a/%b\n+++ b/%b\n@@ -%d,0 +%d,%d @@\n" % (name, name, at, at + 1, len(added))
    return head + b"".join(b"+" + line for line in added)


# Texts for which a parser, a pattern or a list takes time or space that grows faster than they do.
HUGE = {
    "comments": b"    # c\n" * 60_000,
    "continued lines": b'    "Break it." ' + b"\\\n" * 60_000 + b"\n",
    "blank lines in a string": b'    """Break it.' + b"\n" * 150_000 + b'"""\n',
    "parts": b"    (" + b"'ab cd' " * 20_000 + b")\n",
    "parentheses": b"    " + b"(" * 50_000 + b"'Break it.'" + b")" * 50_000 + b"\n",
    "nested brackets": b"    x = " + b"[" * 50_000 + b"]" * 50_000 + b"\n",
    "switches": b'    """Break it. ' + b"# flake8: isort: # coding: " * 6_000 + b'"""\n',
    "a long string": b'    """Break it. ' + b"word " * 1_500_000 + b'"""\n',
    "unterminated strings": b"    '''\n" * 20_001,
    "blocks": b"".join(b" " * (4 + level) + b"if x:\n" for level in range(500)),
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE.keys())
def test_a_huge_text_is_judged_and_not_waited_for(text: bytes) -> None:
    place = START["src/textkit/words.py"].data.split(b"\n").index(b"def wrap(text, width=LIMIT):") + 1
    assert judge("wrap", hunk("src/textkit/words.py", text, place)).status is not Status.ERROR


def test_a_huge_comment_for_which_a_grammar_needs_minutes_is_not_read() -> None:
    text = b"/** " + b"/*" * 45_000 + b"*/" * 45_000 + b" */\n"
    assert judge("ts_window", hunk("src/window.tsx", text, 2)).status is Status.TAMPERED


def test_a_huge_number_of_markers_is_judged_with_a_short_reason() -> None:
    few = judge("shown", hunk("ledger/main.py", MARK * 10_000, 3))
    assert (few.status, few.reward, len(few.reason) < 3_000) == (Status.UNRESOLVED, 0, True)
    assert judge("shown", hunk("ledger/main.py", MARK * 10_001, 3)).status is Status.TAMPERED
