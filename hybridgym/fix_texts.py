"""What is said of a fix: the names that its tests ask for, and the texts that a language model writes of it."""

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from hybridgym.diffs import changes as changes_between
from hybridgym.diffs import make_patch
from hybridgym.llm import Model, NoAnswer
from hybridgym.spoilers import Secrets, words_of_code
from hybridgym.task import Tree
from hybridgym.tasks.bug_reports import BugReport
from hybridgym.testruns import Report
from hybridgym.writing import MAX_TESTS, Call, FailingTest, FixFacts, written_issue, written_tests

MAX_EXAMPLES: Final = 3
"""Tests of the same code that a language model is shown to write others like them."""


def new_names(old: Tree, right: Tree) -> frozenset[str]:
    """Return the words of changed files that no source file had before."""
    changed = [change.after for change in changes_between(old, right) if change.after is not None]
    now = {name for file in changed for name in _words(file.data)}
    return frozenset(now - {name for path, file in old.items() if path.endswith(".py") for name in _words(file.data)})


def names_in_test(files: Tree, test: str) -> frozenset[str]:
    """Return the identifiers in a test function, and those that its module imports."""
    module, found = _function(files, test)
    imports = [node for node in module if isinstance(node, ast.Import | ast.ImportFrom)]
    return frozenset(name for node in (*imports, *found) for name in _identifiers(node))


def issue_of(
    model: Model,
    project: str,
    old: Tree,
    right: Tree,
    tests: Tree,
    reports: Sequence[BugReport],
    failing: Sequence[str],
    before: Report,
) -> str | NoAnswer:
    """Ask a language model for the issue that somebody would have opened before a fix.

    `tests` is the state after with its tests, `failing` are ids without parameters, `before` says what became of them.
    """
    gold = changes_between(old, right)
    shown = [FailingTest(body=text_of(tests, test), output=_said(before, test)) for test in failing[:MAX_TESTS]]
    facts = FixFacts(
        project=project,
        diff=make_patch(gold),
        calls=tuple(Call(script=r.script, expected=r.expected, observed=r.observed) for r in reports),
        tests=tuple(shown),
    )
    secrets = Secrets(gold=gold, paths=tuple(change.path for change in gold), tests=tuple(sorted(before.results)))
    return written_issue(model, facts, old, secrets)


def tests_of_fix(
    model: Model, project: str, old: Tree, right: Tree, examples: Sequence[str]
) -> tuple[str, ...] | NoAnswer:
    """Ask a language model for tests of a fix; `examples` are tests of the state before, ids without parameters."""
    texts = tuple(text for test in examples[:MAX_EXAMPLES] if (text := text_of(old, test)))
    diff = make_patch(changes_between(old, right))
    return written_tests(model, FixFacts(project=project, diff=diff, examples=texts))


def text_of(files: Tree, test: str) -> str:
    """Return the text of a test function; empty where it cannot be read."""
    _, found = _function(files, test)
    return "\n".join(ast.unparse(node) for node in found)


def _function(files: Tree, test: str) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """Return the statements of a test's module, and the function among them."""
    path, _, rest = test.partition("[")[0].partition("::")
    try:
        module = ast.parse(files[path].data).body
    except (SyntaxError, ValueError, KeyError, RecursionError):
        return [], []
    nodes, found = module, list[ast.stmt]()
    for name in rest.split("::"):
        found = [node for node in nodes if getattr(node, "name", "") == name]
        nodes = [inner for node in found for inner in getattr(node, "body", [])]
    return module, found


def _identifiers(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        for field in ("id", "attr", "arg", "name"):
            value = getattr(inner, field, None)
            if isinstance(value, str):
                yield from value.split(".")


def _words(data: bytes) -> frozenset[str]:
    return words_of_code(data.decode(errors="replace"))


def _said(before: Report, test: str) -> str:
    """Return what the runner says of a test, of the first of its parameters that fails."""
    messages = (r.message for name, r in before.results.items() if name.partition("[")[0] == test and r.message)
    return next(messages, "")
